"""Running seen at an angle: times hold, angles and lengths do not."""

from __future__ import annotations

from dataclasses import replace

from formcheck.activities import running_side
from formcheck.activities.examined import Examined
from formcheck.records import Measurement, Note, PoseTrack, Standing, Subject

HOLDS = ("cadence_spm", "contact_time_s", "flight_time_s", "duty_factor_pct")
"""Read from when the feet move with the ground, not from how far: turned cameras leave them as they are."""
NEEDS_SQUARE_VIEW = ("_deg", "_ahead_left_pct_leg", "_ahead_right_pct_leg", "_out_left_leg", "_out_right_leg")
"""Ends of the names of such series."""


def examine(pose: PoseTrack, subject: Subject, standing: Standing | None = None, known: bool = False) -> Examined:
    """What ``running_side`` finds, without the numbers that need a square view. Raises as that does.

    Standing is of no use: what is held against it needs a square view.
    """
    return seen_at_an_angle(running_side.examine(pose, subject, known=known))


def seen_at_an_angle(found: Examined) -> Examined:
    """With its times only: neither numbers nor curves of angles and lengths, which pictures and plots would show."""
    series = {name: track for name, track in found.signals.series.items() if not name.endswith(NEEDS_SQUARE_VIEW)}
    return replace(
        found,
        view="oblique",
        signals=replace(found.signals, series=series),
        measurements=tuple(_kept(measurement) for measurement in found.measurements),
        warnings=(Note("oblique_view"), *found.warnings),
    )


def _kept(measurement: Measurement) -> Measurement:
    if measurement.metric not in HOLDS:
        nothing = Measurement(measurement.metric, measurement.side, measurement.unit, None)
        return replace(nothing, status="not_measurable", reason=Note("oblique_view_reason"))
    if measurement.status != "ok" or measurement.metric == "cadence_spm":
        return measurement
    return replace(measurement, status="low_confidence", reason=Note("oblique_view_times"))
