"""Share of the own range of arching that the push-off uses."""

from __future__ import annotations

import math
from dataclasses import replace

from formcheck.metrics.at_rest.held_against import ValueAtRest, of_back, value_from
from formcheck.metrics.push_off import by_halves, halves_sd, midstance_s
from formcheck.metrics.summary import Curve, error_sd_of, not_measurable
from formcheck.records import BackAtRest, Measurement, Note, Recording, Stride
from formcheck.skeleton import SIDES

METRIC, UNIT = "lumbar_range_used_pct", "pct"


def measure(recording: Recording) -> list[Measurement]:
    """Percent of the way between the back flattened and arched on purpose, gone from midstance to push-off.

    Both are told from the same outline of the same body, so that whatever a degree of outline is worth on it falls out.
    """
    back = recording.signals.back
    if back is not None and back.at_rest is not None and back.at_rest.most_arched_deg is None:
        return [not_measurable(METRIC, UNIT, side, Note("nobody_arched")) for side in SIDES]

    def gone_pct(stride: Stride, lumbar: Curve, rest: BackAtRest) -> float:
        gone = lumbar(stride.toe_off_s) - lumbar(midstance_s(recording.signals, stride))
        return 100.0 * gone / range_deg(rest)

    rows = of_back(recording, METRIC, UNIT, gone_pct)
    return [row if row.value is None else _with_error(row, recording, gone_pct) for row in rows]


def range_deg(rest: BackAtRest) -> float:
    """From flattest to most arched; NaN where nobody arched."""
    if rest.most_arched_deg is None or rest.flattest_deg is None:
        return math.nan
    return rest.most_arched_deg - rest.flattest_deg


def _with_error(row: Measurement, recording: Recording, gone_pct: ValueAtRest) -> Measurement:
    """Its uncertainty, from those of the change and of the range: a small range makes the share unsure."""
    assert recording.signals.back is not None
    assert recording.signals.back.at_rest is not None
    assert isinstance(row.value, float)
    rest = recording.signals.back.at_rest
    whole = range_deg(rest)
    change_sd = 100.0 * error_sd_of("lumbar_extension_change_deg", recording.signals) / whole
    range_sd = row.value * error_sd_of(METRIC, recording.signals) / 100.0
    apart_sd = halves_sd(recording, row.side, by_halves(recording, value_from(gone_pct, rest)))
    return replace(row, uncertainty=1.96 * math.hypot(change_sd, range_sd, apart_sd))
