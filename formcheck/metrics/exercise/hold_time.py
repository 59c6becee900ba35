"""Hold time: how long the position was held."""

from __future__ import annotations

from formcheck.metrics.by_repetition import longest, of_reps, single
from formcheck.records import Measurement, Note, Recording

METRIC, UNIT = "hold_time_s", "s"


def measure(recording: Recording) -> list[Measurement]:
    """Seconds of the longest hold; of exercises with repetitions the median time at the top of those held."""
    hold = longest(recording.holds)
    if hold is not None:
        found = single(recording, METRIC, UNIT, hold.end_s - hold.start_s, (hold.start_s + hold.end_s) / 2)
        return [found if hold.complete else _cut(found)]
    row = of_reps(recording, METRIC, UNIT, lambda rep: rep.hold_end_s - rep.hold_start_s)
    return [row] if row.value is not None else []


def _cut(found: Measurement) -> Measurement:
    """The clip began or ended within it: it lasted at least so long."""
    return Measurement(
        **{**found.__dict__, "reason": Note("hold_cut_off")},
    )
