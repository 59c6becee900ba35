"""Share of the own range of arching that the push-off uses."""

from __future__ import annotations

import math
from dataclasses import replace

from formcheck.metrics.at_rest.held_against import of_back
from formcheck.metrics.push_off import midstance_s
from formcheck.metrics.summary import error_sd_of, not_measurable
from formcheck.records import BackAtRest, Measurement, Note, Recording
from formcheck.skeleton import SIDES

METRIC, UNIT = "lumbar_range_used_pct", "pct"


def measure(recording: Recording) -> list[Measurement]:
    """Percent of the way between the back flattened and arched on purpose, gone from midstance to push-off.

    Both are told from the same outline of the same body, so that whatever a degree of outline is worth on it falls out.
    """
    back = recording.signals.back
    if back is not None and back.at_rest is not None and back.at_rest.most_arched_deg is None:
        return [not_measurable(METRIC, UNIT, side, Note("nobody_arched")) for side in SIDES]
    rows = of_back(
        recording,
        METRIC,
        UNIT,
        lambda stride, lumbar, rest: (
            100.0 * (lumbar(stride.toe_off_s) - lumbar(midstance_s(recording.signals, stride))) / range_deg(rest)
        ),
    )
    return [row if row.value is None else _with_error(row, recording) for row in rows]


def range_deg(rest: BackAtRest) -> float:
    """From flattest to most arched; NaN where nobody arched."""
    if rest.most_arched_deg is None or rest.flattest_deg is None:
        return math.nan
    return rest.most_arched_deg - rest.flattest_deg


def _with_error(row: Measurement, recording: Recording) -> Measurement:
    """Its uncertainty, from those of the change and of the range: a small range makes the share unsure."""
    assert recording.signals.back is not None
    assert recording.signals.back.at_rest is not None
    assert isinstance(row.value, float)
    whole = range_deg(recording.signals.back.at_rest)
    change_sd = 100.0 * error_sd_of("lumbar_extension_change_deg", recording.signals) / whole
    range_sd = row.value * error_sd_of(METRIC, recording.signals) / 100.0
    return replace(row, uncertainty=1.96 * math.hypot(change_sd, range_sd))
