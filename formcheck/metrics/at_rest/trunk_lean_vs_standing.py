"""Trunk lean in running against the same person standing."""

from __future__ import annotations

from formcheck.metrics.at_rest.held_against import median_at_rest_deg
from formcheck.metrics.summary import Curve, whole_body
from formcheck.records import Measurement, Recording

METRIC = "trunk_lean_vs_standing_deg"


def measure(recording: Recording) -> list[Measurement]:
    """Degrees, forward +: mean lean over the stride less that of quiet standing; none where nobody stood."""
    rest_deg = median_at_rest_deg(recording, "trunk_lean_deg")
    if rest_deg is None:
        return []
    lean = Curve(recording.signals, "trunk_lean_deg")
    return whole_body(
        recording, METRIC, "deg", lambda s: float(lean.span(s.contact_s, s.next_contact_s).mean()) - rest_deg
    )
