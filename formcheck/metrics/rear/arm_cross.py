"""Whether a hand swings across the middle of the body."""

from __future__ import annotations

from formcheck.metrics.rear.across import of_strides
from formcheck.metrics.summary import Curve
from formcheck.records import Measurement, Recording
from formcheck.skeleton import SIDES


def measure(recording: Recording) -> list[Measurement]:
    """Per cent of leg length for each arm: farthest the wrist gets across mid-hip's plumb line in a stride.

    Negative: it stays on its own side. From behind the trunk hides the hand there, and the network guesses.
    """
    across = {side: Curve(recording.signals, f"wrist_across_{side}_leg") for side in SIDES}
    return [
        of_strides(
            recording,
            "arm_cross_pct_leg",
            "pct",
            side,
            recording.strides,
            lambda s, curve=across[side]: 100.0 * float(curve.span(s.contact_s, s.next_contact_s).max()),  # type: ignore[misc]
        )
        for side in SIDES
    ]
