"""Hip extension from midstance to push-off."""

from __future__ import annotations

from formcheck.metrics.push_off import at_push_off, change_of
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees by which the thigh goes back against the pelvis; the pelvis is trunk lean plus lumbar extension."""
    return at_push_off(
        recording, "hip_extension_change_deg", "deg", lambda signals: change_of(signals, "hip_extension_{side}_deg")
    )
