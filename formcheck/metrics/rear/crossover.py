"""In how many steps the foot lands across the body's middle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.metrics.rear import foot_from_midline
from formcheck.metrics.summary import error_sd_of, not_measurable
from formcheck.records import Measurement, Note, Recording

METRIC = "crossover_pct"
CANNOT_TELL_PCT = 40.0


def measure(recording: Recording) -> list[Measurement]:
    """Per cent of each foot's steps whose ankle stands across mid-hip's plumb line at midstance.

    The ankle's place is uncertain by the same amount in all steps of a clip: the ± is how much the share changes when
    all steps are moved by that much either way. Not measurable where that could be most steps or hardly any.
    """
    error = 1.96 * error_sd_of(foot_from_midline.METRIC, recording.signals, recording.view)
    return [_share(found, error) for found in foot_from_midline.measure(recording)]


def _share(found: Measurement, error: float) -> Measurement:
    if found.value is None:
        return replace(found, metric=METRIC)
    places = np.array(found.values)
    share, least, most = (100.0 * float(np.mean(places < moved)) for moved in (0.0, -error, error))
    half = max(share - least, most - share, 50.0 / len(places))
    if half > CANNOT_TELL_PCT:
        return not_measurable(METRIC, found.unit, found.side, Note("near_midline"))
    return replace(found, metric=METRIC, value=share, spread=None, uncertainty=half, values=(), times_s=())
