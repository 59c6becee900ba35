"""The runners: markers, plate events and, from both, the true value of every measure.

Read from ``<parent of this project>/shared/truth/running``; the environment variable ``FORMCHECK_TRUTH`` names another
``truth`` folder. Nothing here copies them.
"""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.interpolate import CubicSpline

from formcheck.records import FloatArray
from formcheck.skeleton import SIDES, Side, other

HELD_OUT = ("RBDS020", "RBDS022", "RBDS024", "RBDS028")
"""A third of the runners, fixed: nothing may be chosen on them."""
PELVIS_GAPS = ("RBDS016",)
"""Has gaps in its pelvis markers: a tuning runner for events, not used for anything else."""
JOINTS = {"HJC": "hip", "knee": "knee", "ankle": "ankle", "heel": "heel", "toe": "foot_index"}
MAX_STRIDE_S = 1.2


@dataclass(frozen=True)
class TrueStride:
    """One stride by the plates, seconds from the start of the trial."""

    contact_s: float
    toe_off_s: float
    next_contact_s: float
    other_contact_s: float


@dataclass(frozen=True)
class Trial:
    """One runner at one speed."""

    runner: str
    speed_mps: float
    height_cm: float
    time_s: FloatArray
    joints_m: dict[tuple[Side, str], FloatArray]
    """(n, 3): X forward, Y up, Z to the runner's right."""
    angles_deg: dict[tuple[Side, str], FloatArray]
    """thigh knee behind +, shank ankle ahead +, knee flexion +, foot toes up + with quiet standing as zero."""
    contacts: dict[Side, FloatArray]
    toe_offs: dict[Side, FloatArray]

    @property
    def held_out(self) -> bool:
        """True for the runners on whom nothing may be tuned."""
        return self.runner in HELD_OUT

    @property
    def has_pelvis(self) -> bool:
        """True where the hips were seen throughout."""
        return self.runner not in PELVIS_GAPS

    @property
    def midhip_m(self) -> FloatArray:
        """(n, 3) middle of the hip joint centres."""
        return (self.joints_m["left", "hip"] + self.joints_m["right", "hip"]) / 2

    def leg_m(self, side: Side) -> float:
        """Hip to knee to ankle."""
        hip, knee, ankle = (self.joints_m[side, joint] for joint in ("hip", "knee", "ankle"))
        thigh, shank = np.linalg.norm(hip - knee, axis=1), np.linalg.norm(knee - ankle, axis=1)
        return float(np.median(thigh) + np.median(shank))

    def strides(self, side: Side) -> list[TrueStride]:
        """Strides the plates saw whole."""
        found = []
        for contact, following in pairwise(self.contacts[side]):
            lifts = self.toe_offs[side][(self.toe_offs[side] > contact) & (self.toe_offs[side] < following)]
            others = self.contacts[other(side)]
            others = others[(others > contact) & (others < following)]
            if following - contact < MAX_STRIDE_S and len(lifts) == 1 and len(others) == 1:
                found.append(TrueStride(contact, float(lifts[0]), following, float(others[0])))
        return found

    def measures(self, side: Side, from_s: float, to_s: float) -> dict[str, float]:
        """The true value of every measure of that side: median over the strides between two times."""
        curves = self._curves(side)
        strides = [s for s in self.strides(side) if from_s <= s.contact_s and s.next_contact_s <= to_s]
        rows = [_stride_values(stride, curves) for stride in strides]
        values = {name: float(np.median([row[name] for row in rows])) for name in rows[0]}
        values["cadence_spm"] = 120.0 / float(np.mean([s.next_contact_s - s.contact_s for s in strides]))
        values["overstride_pct_leg"] *= 100.0 / self.leg_m(side)
        values["vertical_oscillation_pct_leg"] = values["vertical_oscillation_cm"] / self.leg_m(side)
        return values

    def _curves(self, side: Side) -> dict[str, CubicSpline]:
        tracks = {name: self.angles_deg[side, name] for name in ("thigh", "shank", "knee", "foot")}
        tracks["ahead"] = self.joints_m[side, "ankle"][:, 0] - self.midhip_m[:, 0]
        tracks["height"] = self.midhip_m[:, 1]
        return {name: CubicSpline(self.time_s, track) for name, track in tracks.items()}


def _stride_values(stride: TrueStride, at: dict[str, CubicSpline]) -> dict[str, float]:
    contact, toe_off, end = stride.contact_s, stride.toe_off_s, stride.next_contact_s
    stance = np.linspace(contact, contact + 0.7 * (toe_off - contact), 200)
    swing, whole = np.linspace(toe_off, end, 300), np.linspace(contact, end, 401)
    height = at["height"](whole)
    return {
        "contact_time_s": toe_off - contact,
        "flight_time_s": stride.other_contact_s - toe_off,
        "duty_factor_pct": 100 * (toe_off - contact) / (end - contact),
        "thigh_extension_at_toe_off_deg": float(at["thigh"](toe_off)),
        "peak_thigh_extension_deg": float(at["thigh"](whole).max()),
        "shank_angle_at_contact_deg": float(at["shank"](contact)),
        "knee_flexion_at_contact_deg": float(at["knee"](contact)),
        "foot_angle_at_contact_deg": float(at["foot"](contact)),
        "peak_stance_knee_flexion_deg": float(at["knee"](stance).max()),
        "peak_swing_knee_flexion_deg": float(at["knee"](swing).max()),
        "overstride_pct_leg": float(at["ahead"](contact)),
        "vertical_oscillation_cm": 100 * float(np.ptp(height[:201]) + np.ptp(height[200:])) / 2,
    }


def folder() -> Path:
    """Where the runners should be."""
    named = os.environ.get("FORMCHECK_TRUTH")
    truth = Path(named) if named else Path(__file__).resolve().parents[3] / "shared" / "truth"
    return truth / "running"


def why_absent() -> str | None:
    """What to tell where there is no truth to measure against; None where there is."""
    if any(folder().glob("RBDS*_T*.npz")):
        return None
    return f"no motion-capture truth in {folder()} (set FORMCHECK_TRUTH to the folder that holds running/)"


@cache
def trials() -> tuple[Trial, ...]:
    """Every trial, in order."""
    return tuple(_load(path) for path in sorted(folder().glob("RBDS*_T*.npz")))


@cache
def _heights_cm() -> dict[str, float]:
    with (folder() / "strides.csv").open(encoding="utf-8", newline="") as file:
        return {row["sub"]: float(row["height"]) for row in csv.DictReader(file)}


def _load(path: Path) -> Trial:
    with np.load(path) as file:
        stored = dict(file)
    runner, speed = path.stem.split("_T")
    letter: dict[Side, str] = {"left": "L", "right": "R"}
    standing_foot: dict[Side, float] = {"right": stored["static"][3], "left": stored["static"][4]}
    angles: dict[tuple[Side, str], FloatArray] = {}
    for side in SIDES:
        for name, sign in (("thigh", 1.0), ("shank", -1.0), ("knee", 1.0)):
            angles[side, name] = sign * stored[f"{name}_{letter[side]}_deg"].astype(float)
        angles[side, "foot"] = stored[f"foot_{letter[side]}_deg"].astype(float) - standing_foot[side]
    of_side = {side: stored["event_side"] == letter[side] for side in SIDES}
    return Trial(
        runner=runner,
        speed_mps=float(speed) / 10,
        height_cm=_heights_cm()[runner],
        time_s=np.arange(len(stored["R_HJC_m"])) / float(stored["sampling_rate_hz"]),
        joints_m={
            (side, joint): stored[f"{letter[side]}_{marker}_m"].astype(float)
            for side in SIDES
            for marker, joint in JOINTS.items()
        },
        angles_deg=angles,
        contacts={side: stored["contact_s"][of_side[side]] for side in SIDES},
        toe_offs={side: stored["toe_off_s"][of_side[side]] for side in SIDES},
    )
