"""Share of the push-off's backward thigh swing against the trunk that the back gives."""

from __future__ import annotations

from formcheck.metrics.push_off import ValueOfStride, at_push_off, change_of
from formcheck.records import Measurement, Recording, Signals, Stride

LEAST_SWING_DEG = 15.0
"""Of a smaller swing no share can be told."""


def measure(recording: Recording) -> list[Measurement]:
    """Percent: lumbar extension gained from midstance to push-off, of the thigh's swing against the trunk.

    That swing is hip extension plus lumbar extension; a trunk that pitches has no part in it.
    """
    return at_push_off(recording, "lumbar_share_pct", "pct", _share_from)


def _share_from(signals: Signals) -> ValueOfStride:
    bend = change_of(signals, "lumbar_extension_deg")
    thigh, lean = change_of(signals, "thigh_{side}_deg"), change_of(signals, "trunk_lean_deg")

    def share(stride: Stride) -> float:
        whole = thigh(stride) - lean(stride)
        return 100.0 * bend(stride) / whole if whole >= LEAST_SWING_DEG else float("nan")

    return share
