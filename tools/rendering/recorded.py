"""Motion of real treadmill runners (optical markers, force plates) for a rendered body. NumPy only.

The runners: Fukuchi R.K., Fukuchi C.A., Duarte M. (2017), PeerJ 5:e3298, data 10.6084/m9.figshare.4543435, CC BY 4.0.
They are no part of this project; ``folder`` says where they are looked for.

Taken over: thigh, shank and foot angles, pelvis tilt, turn and roll, the leg's sideways lean, the mid-hip's path
(scaled by leg length) and the plates' events. The markers know no trunk and no arms: those follow ``Upper``. Segment
proportions differ from the runner's, so the pelvis is shifted a little until the sole rests on the belt (``_planted``).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from .curves import ClampedSpline, smoothstep
from .motion import AngleCurves, RecordedMotion
from .pose import SIDES, Dimensions, Stance, sole_points
from .rotations import Array
from .trunk import resting_lean_deg

RATE_HZ = 150.0
TOE_ROLL_FROM = 0.78
FOOT_AT_REST_SHARE = (0.10, 0.95)
"""Part of stance in which the lowest sole point should run with the belt."""
TUNING_RUNNERS = ("RBDS001", "RBDS04", "RBDS010", "RBDS012", "RBDS014", "RBDS018", "RBDS026")
"""Those of the bench's tuning group."""
SPEEDS_MPS = (2.5, 3.5, 4.5)
STARTS_S = (0.7, 7.5)
"""From when on a trial can be shown."""
EDGE_S = 0.6
"""Motion kept before and after the clip, so that curves and smoothing have neighbours."""


@dataclass(frozen=True)
class Upper:
    """What the markers do not tell: trunk and arms. Degrees; mean forward lean, its range and when, arms as usual."""

    trunk_lean_deg: float = 6.0
    trunk_lean_swing_deg: float = 3.0
    ribs_turn_deg: float = 8.0
    ribs_roll_deg: float = 2.0
    arm_swing_deg: float = 55.0
    arm_middle_deg: float = 18.0
    elbow_deg: float = 92.0


def drawn_upper(rng: np.random.Generator) -> Upper:
    """Trunk and arms as they differ between people."""
    return Upper(
        trunk_lean_deg=float(rng.uniform(2.0, 12.0)),
        trunk_lean_swing_deg=float(rng.uniform(1.5, 7.0)),
        ribs_turn_deg=float(rng.uniform(6.0, 11.0)),
        ribs_roll_deg=float(rng.uniform(1.0, 4.0)),
        arm_swing_deg=float(rng.uniform(42.0, 68.0)),
        elbow_deg=float(rng.uniform(82.0, 102.0)),
    )


@dataclass(frozen=True)
class Recorded:
    """Which runner, how fast (m/s, of the recording), and from when on."""

    runner: str
    speed_mps: float
    start_s: float
    upper: Upper = Upper()

    @property
    def path(self) -> Path:
        """File of the trial."""
        return folder() / f"{self.runner}_T{round(10 * self.speed_mps)}.npz"


def folder() -> Path:
    """Where the runners should be: beside the project, or where FORMCHECK_TRUTH says."""
    named = os.environ.get("FORMCHECK_TRUTH")
    truth = Path(named) if named else Path(__file__).resolve().parents[3] / "shared" / "truth"
    return truth / "running"


def present() -> bool:
    """True where the recordings are on this machine."""
    return any(folder().glob("RBDS*_T*.npz"))


@dataclass(frozen=True)
class _Trial:
    """One trial in the axes used here (X ahead, Y left, Z up), cut to the clip with an edge on both sides."""

    time_s: Array
    stored: dict[str, Array]
    steps: list[Stance]

    def joint(self, side: str, name: str) -> Array:
        """(n, 3) metres."""
        x, up, right = self.stored[f"{side[0].upper()}_{name}_m"].astype(float).T
        return np.column_stack([x, -right, up])

    def angle(self, side: str, name: str) -> Array:
        """Degrees as stored."""
        return self.stored[f"{name}_{side[0].upper()}_deg"].astype(float)

    @property
    def leg_m(self) -> float:
        """Hip to knee to ankle, mean of both legs."""
        return float(np.mean([_leg_m(self, side) for side in SIDES]))


def _leg_m(trial: _Trial, side: str) -> float:
    hip, knee, ankle = (trial.joint(side, name) for name in ("HJC", "knee", "ankle"))
    lengths = (np.linalg.norm(a - b, axis=1) for a, b in ((hip, knee), (knee, ankle)))
    return float(sum(np.median(length) for length in lengths))


def _load(source: Recorded, duration_s: float) -> _Trial:
    with np.load(source.path) as file:
        stored = dict(file)
    count = len(stored["R_HJC_m"])
    time = np.arange(count) / float(stored["sampling_rate_hz"]) - source.start_s
    keep = (time > -EDGE_S) & (time < duration_s + EDGE_S)
    cut = {key: value[keep] if np.shape(value)[:1] == (count,) else value for key, value in stored.items()}
    sides = {"L": "left", "R": "right"}
    rows = sorted(zip(stored["contact_s"], stored["toe_off_s"], stored["event_side"], strict=True), key=lambda r: r[0])
    steps = [Stance(sides[str(s)], float(c) - source.start_s, float(o) - source.start_s) for c, o, s in rows]
    if steps[0].contact_s > 0 or steps[-1].toe_off_s < duration_s:
        raise ValueError(f"{source}: the plates do not know every event of the clip")
    return _Trial(time[keep], cut, steps)


def recorded_motion(source: Recorded, body: Dimensions, duration_s: float) -> RecordedMotion:
    """The runner's motion on this body; ``belt_speed_mps`` is the speed at which the rendered feet rest on the belt."""
    trial = _load(source, duration_s)
    wave = _StrideWave(trial.steps)
    curves = _curves(trial, source.upper, wave, body)
    return _planted(RecordedMotion(curves, body, source.speed_mps * body.leg / trial.leg_m, trial.steps))


class _StrideWave:
    """+1 at about left midstance, -1 at about right midstance."""

    def __init__(self, steps: list[Stance]) -> None:
        contacts = np.array([step.contact_s for step in steps])
        rate = 1.0 / np.diff(contacts)
        count = np.arange(len(steps)) + (0 if steps[0].side == "left" else 1)
        self._phase = ClampedSpline(contacts, count.astype(float), rate[0], rate[-1])
        self._first, self._last, self._rate = contacts[0], contacts[-1], (rate[0], rate[-1])

    def phase(self, times: Array) -> Array:
        """Half turns: even at left contacts; straight on beyond the first and last contact."""
        inside = self._phase(np.clip(times, self._first, self._last))
        before, after = np.minimum(times - self._first, 0), np.maximum(times - self._last, 0)
        return inside + before * self._rate[0] + after * self._rate[1]

    def __call__(self, times: Array, late: float = 0.0) -> Array:
        return np.cos(np.pi * (self.phase(times) - 0.35 - late))

    def twice(self, times: Array) -> Array:
        """+1 at about each midstance, -1 at about the middle of flight."""
        return np.cos(2 * np.pi * (self.phase(times) - 0.35))


def _curves(trial: _Trial, upper: Upper, wave: _StrideWave, body: Dimensions) -> AngleCurves:
    time = trial.time_s
    tilt = trial.stored["tilt_deg"].astype(float) - float(trial.stored["static"][0])
    lean = upper.trunk_lean_deg + upper.trunk_lean_swing_deg / 2 * wave.twice(time)
    left_hip, right_hip = trial.joint("left", "HJC"), trial.joint("right", "HJC")
    across, middle = left_hip - right_hip, (left_hip + right_hip) / 2
    middle = (middle - middle.mean(axis=0)) * body.leg / trial.leg_m
    foot = {side: _foot(trial, side) for side in SIDES}
    turn = wave(time, late=0.5)
    back = {"left": wave(time, late=-0.42), "right": -wave(time, late=-0.42)}
    return AngleCurves(
        time_s=time,
        pelvis_m=middle + np.array([0.0, 0.0, body.leg + body.ankle_height]),
        thigh_deg={side: trial.angle(side, "thigh") for side in SIDES},
        shank_deg={side: -trial.angle(side, "shank") for side in SIDES},
        foot_deg=foot,
        toes_deg={side: _toes(foot[side], trial, side) for side in SIDES},
        pelvic_tilt_deg=tilt,
        lumbar_extension_deg=_extension_for(lean - tilt, body),
        upper_arm_deg={side: upper.arm_middle_deg + upper.arm_swing_deg / 2 * back[side] for side in SIDES},
        elbow_deg={side: upper.elbow_deg - 9.0 * back[side] for side in SIDES},
        pelvis_turn_deg=_degrees(-across[:, 0], across[:, 1]),
        pelvis_roll_deg=_degrees(across[:, 2], across[:, 1]),
        ribs_turn_deg=-upper.ribs_turn_deg * turn,
        ribs_roll_deg=-upper.ribs_roll_deg * wave(time),
        side_lean_deg={side: _side_lean(trial, side) for side in SIDES},
    )


def _degrees(y: Array, x: Array) -> Array:
    return np.degrees(np.arctan2(y, x))


def _extension_for(lean_less_tilt_deg: Array, body: Dimensions) -> Array:
    """Lumbar extension at which the trunk leans so much more than the pelvis tilts."""
    extension = np.linspace(-60.0, 60.0, 241)
    lean = resting_lean_deg(extension, body)
    return np.interp(lean_less_tilt_deg, lean[::-1], extension[::-1])


def _side_lean(trial: _Trial, side: str) -> Array:
    """The leg plane's turn about X, foot to the left +, within what the rendered body can do without crossing."""
    offset = trial.joint(side, "ankle") - trial.joint(side, "HJC")
    return np.clip(_degrees(offset[:, 1], -offset[:, 2]), -9.0, 9.0)


def _foot(trial: _Trial, side: str) -> Array:
    """Foot pitch, 0 where it lies flat in mid-stance (the markers' own zero is a few degrees off in a shoe)."""
    pitch = trial.angle(side, "foot")
    flat = [_share_of(trial.time_s, step, 0.25, 0.42) for step in trial.steps if step.side == side]
    return pitch - float(np.median(pitch[np.any(flat, axis=0)]))


def _share_of(time: Array, step: Stance, first: float, last: float) -> Array:
    share = (time - step.contact_s) / step.contact_time_s
    return (share >= first) & (share <= last)


def _toes(foot_deg: Array, trial: _Trial, side: str) -> Array:
    """Toes stay flat on the belt while the heel is up; they roll over late and fall back into line after toe-off."""
    flat = np.zeros(len(foot_deg))
    for step in trial.steps:
        if step.side != side:
            continue
        since, share = trial.time_s - step.contact_s, (trial.time_s - step.contact_s) / step.contact_time_s
        rolling = 1 - 0.35 * np.clip((share - TOE_ROLL_FROM) / (1 - TOE_ROLL_FROM), 0, 1) ** 2
        leaving = 1 - smoothstep((trial.time_s - step.toe_off_s) / 0.10)
        flat = np.maximum(flat, smoothstep((since + 0.04) / 0.04) * rolling * leaving)
    return np.where(foot_deg < 0, (1 - flat) * foot_deg, foot_deg)


def _planted(motion: RecordedMotion) -> RecordedMotion:
    """Shift the pelvis so that the stance foot's lowest sole point lies on the belt and runs with it.

    Up and down: exactly in stance, with straight passages in flight, then smoothed over some milliseconds. Forward:
    the belt takes the mean speed of the resting soles; what is left of their slip goes into the pelvis.
    """
    curves = motion.curves
    pelvis = curves.pelvis_m.copy()
    for _ in range(3):
        pelvis[:, 2] -= _sole_height(motion, pelvis)
        motion = _with_pelvis(motion, pelvis)
    speeds = _sole_speed(motion)
    motion.belt_speed_mps = -float(np.nanmedian(speeds))
    slip = np.nan_to_num(speeds + motion.belt_speed_mps)
    shift = np.cumsum(slip) * np.gradient(curves.time_s)
    # Only what comes and goes within a stride: a slow drift would carry the runner off the belt.
    shift -= _smoothed(shift, 0.35, curves.time_s)
    pelvis[:, 0] -= shift
    return _with_pelvis(motion, pelvis)


def _with_pelvis(motion: RecordedMotion, pelvis_m: Array) -> RecordedMotion:
    return replace(motion, curves=replace(motion.curves, pelvis_m=pelvis_m.copy()))


def _soles(motion: RecordedMotion) -> dict[str, Array]:
    return sole_points(motion.pose(motion.curves.time_s), motion.body)


def _stances(motion: RecordedMotion) -> list[tuple[Stance, Array]]:
    """Every stance with the samples that belong to it."""
    time = motion.curves.time_s
    found = [(step, (time >= step.contact_s) & (time <= step.toe_off_s)) for step in motion.steps]
    return [(step, inside) for step, inside in found if inside.sum() > 3]


def _sole_height(motion: RecordedMotion, pelvis: Array) -> Array:
    """How high the stance sole hangs above the belt; between stances straight from one to the next; smoothed."""
    time, points = motion.curves.time_s, _soles(motion)
    known, height = np.zeros(len(time), bool), np.zeros(len(time))
    for step, inside in _stances(motion):
        known |= inside
        height[inside] = points[step.side][inside, :, 2].min(axis=1)
    return _smoothed(np.interp(time, time[known], height[known]), 0.008, time)


def _sole_speed(motion: RecordedMotion) -> Array:
    """Forward speed (m/s) of the lowest sole point where it should rest on the belt; NaN elsewhere."""
    time, points = motion.curves.time_s, _soles(motion)
    out = np.full(len(time), np.nan)
    for step, _ in _stances(motion):
        rest = _share_of(time, step, *FOOT_AT_REST_SHARE)
        lowest = points[step.side][:, :, 2].argmin(axis=1)
        speed = np.gradient(points[step.side][..., 0], time, axis=0)
        out[rest] = np.take_along_axis(speed, lowest[:, None], axis=1)[rest, 0]
    return out


def _smoothed(track: Array, sigma_s: float, time: Array) -> Array:
    """Gaussian smoothing, ends held."""
    sigma = sigma_s / float(np.median(np.diff(time)))
    reach = int(np.ceil(4 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    return np.convolve(np.pad(track, reach, mode="edge"), kernel / kernel.sum(), mode="valid")
