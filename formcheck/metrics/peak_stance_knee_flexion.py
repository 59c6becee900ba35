"""Peak knee flexion in stance: how far the knee gives under load."""

from __future__ import annotations

from formcheck.metrics.summary import Curve, near_side
from formcheck.records import Measurement, Recording, Stride


def measure(recording: Recording) -> list[Measurement]:
    """Degrees, near knee, largest in the first 70 % of contact (later the knee folds again for the swing)."""
    knee = Curve(recording.signals, f"knee_flexion_{recording.signals.near_side}_deg")

    def peak(stride: Stride) -> float:
        return float(knee.span(stride.contact_s, stride.contact_s + 0.7 * (stride.toe_off_s - stride.contact_s)).max())

    return near_side(recording, "peak_stance_knee_flexion_deg", "deg", peak)
