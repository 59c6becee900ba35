"""Lumbar extension from midstance to push-off."""

from __future__ import annotations

from formcheck.metrics.push_off import at_push_off, change_of
from formcheck.records import Measurement, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Degrees by which the back arches more, from its outline (``lumbar.py``); a change, never a posture.

    Left and right are told nearly alike: what differs between them cannot be told from the trunk's turning.
    """
    return at_push_off(
        recording, "lumbar_extension_change_deg", "deg", lambda signals: change_of(signals, "lumbar_extension_deg")
    )
