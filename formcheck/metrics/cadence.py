"""Cadence: steps of both feet in a minute."""

from __future__ import annotations

import numpy as np

from formcheck.metrics.summary import MIN_STRIDES, error_sd_of, not_measurable
from formcheck.records import Measurement, Note, Recording

METRIC, UNIT = "cadence_spm", "spm"


def measure(recording: Recording) -> list[Measurement]:
    """Two steps a stride over the mean stride time of the clean strides of both feet, in steps per minute.

    Each stride's timing error enters the next stride with the other sign, so the error of the mean falls with n, not
    with its root. True for steady running; a clip in which speed changes gives the mean.
    """
    strides = [stride for stride in recording.strides if stride.clean]
    times = np.array([stride.next_contact_s - stride.contact_s for stride in strides])
    if len(times) < MIN_STRIDES:
        return [not_measurable(METRIC, UNIT, None, Note("too_few_strides", {"n": len(times), "needed": MIN_STRIDES}))]
    value = 120.0 / float(times.mean())
    values = 120.0 / times
    event_sd_s = error_sd_of("contact_event_s", recording.signals.frame_rate_hz)
    mean_error_s = np.sqrt(2.0) * event_sd_s / (len(times) / 2)
    return [
        Measurement(
            METRIC,
            None,
            UNIT,
            value,
            spread=float(values.std(ddof=1)),
            n=len(times),
            uncertainty=1.96 * float(np.hypot(value * mean_error_s / times.mean(), error_sd_of(METRIC, 60.0))),
            values=tuple(values.tolist()),
            times_s=tuple(stride.contact_s for stride in strides),
        )
    ]
