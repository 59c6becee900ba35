"""Where the camera stands and how long a leg is, found less true: ``python -m tests.accuracy.standpoint``.

On motion capture through cameras that are turned, tilted, low and high, and on the rendered clips that have been made.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from formcheck.events import detect_events, strides_of
from formcheck.records import Recording, Signals, Subject
from formcheck.scale import estimated_belt_speed_mps, free_fall_oscillation_cm
from formcheck.signals import build_signals
from formcheck.skeleton import SIDES

from .camera import Filming, film
from .compare import compare
from .rendered import Clip, analysed, clips
from .truth import trials

CAMERAS = (
    Filming(rate_hz=60.0),
    Filming(rate_hz=60.0, yaw_deg=10.0),
    Filming(rate_hz=60.0, yaw_deg=-10.0),
    Filming(rate_hz=60.0, roll_deg=3.0),
    Filming(rate_hz=60.0, camera_height_m=0.4),
    Filming(rate_hz=60.0, camera_height_m=1.5),
)
NEAR_LEG = (
    "peak_thigh_extension_deg",
    "shank_angle_at_contact_deg",
    "overstride_pct_leg",
    "vertical_oscillation_cm",
)
Row = dict[str, float]


def motion_capture(filming: Filming, held_out: bool) -> Row:
    """Bias and RMS error of camera, belt speed and near leg, runners at 3.5 m/s."""
    errors: dict[str, list[float]] = {}
    for number, trial in enumerate(trials()):
        if trial.speed_mps != 3.5 or trial.held_out != held_out:
            continue
        for near in SIDES:
            seen = film(trial, filming, near, 2 * number + (near == "left"))
            signals = build_signals(seen.pose)
            row = _place(signals, filming.yaw_deg, filming.roll_deg)
            row |= _scale(signals, Subject(trial.height_cm, trial.speed_mps))
            for name, value in row.items():
                errors.setdefault(name, []).append(value)
            outcome = compare(seen)
            for name in NEAR_LEG:
                errors.setdefault(name, []).extend(outcome.of(name, near_only=True).tolist())
    return {f"{name} {what}": value for name, found in errors.items() for what, value in _summary(found)}


def _summary(found: list[float]) -> tuple[tuple[str, float], tuple[str, float]]:
    return ("bias", float(np.mean(found))), ("RMS", float(np.sqrt(np.mean(np.square(found)))))


def _place(signals: Signals, yaw_deg: float, roll_deg: float) -> Row:
    tilt = roll_deg if signals.facing == "right" else -roll_deg
    return {"tilt_deg": signals.level_deg - tilt, "yaw_deg": signals.yaw_deg - yaw_deg}


def _scale(signals: Signals, subject: Subject) -> Row:
    """Belt speed in per cent of the true one; no value where it was not found."""
    events = detect_events(signals)
    recording = Recording(signals, events, strides_of(events, signals), subject)
    speed, fall = estimated_belt_speed_mps(recording), free_fall_oscillation_cm(recording)
    row = (
        {} if speed is None or not subject.belt_speed_mps else {"speed_pct": 100 * (speed / subject.belt_speed_mps - 1)}
    )
    return row | ({} if fall is None else {"free_fall_cm": fall})


def rendered(clip: Clip, profile: str = "accurate") -> Row:
    """One clip through the pose network."""
    analysis = analysed(clip, profile)
    camera = clip.truth["made_with"]["camera"]
    row = _place(analysis.signals, camera["yaw_deg"], camera["roll_deg"]) | _scale(analysis.signals, analysis.subject)
    for m in analysis.measurements:
        true = clip.true_value(m.metric, m.side)
        if m.metric == "vertical_oscillation_cm" and isinstance(m.value, float) and isinstance(true, float):
            row["vertical_oscillation_cm"] = m.value - true
    return row


def lines() -> Iterator[str]:
    """What to print."""
    for filming in CAMERAS:
        for held_out in (False, True):
            yield f"{filming}, {'held out' if held_out else 'tuning'}: {_shown(motion_capture(filming, held_out))}"
    for clip in clips("tuning"):
        yield f"{clip.name}: {_shown(rendered(clip))}"


def _shown(row: Row) -> str:
    return "  ".join(f"{name} {value:+.2f}" for name, value in row.items())


if __name__ == "__main__":
    for line in lines():
        print(line, flush=True)
