"""Numbers that say less than they seem to: they stay, and are said to be less sure.

Their error is larger than what they are used for, which is on the card:

* with a range, to tell inside from outside. It can as long as the uncertainty is no larger than half of the range, or
  than a range's one border is large, or than the number's distance from the border;
* without a range, to tell how much there is. It can as long as the uncertainty is no larger than the number, or than
  the card's ``sure_within``, where about zero is an answer too.

Or they changed within the clip, as where somebody shows poor form and then good: the middle stands for no part of it.
The strides or repetitions are cut into as many as ``MOST_PARTS`` equal stretches, whose medians then differ by far more
than the error and than strides scatter. Of the bench's 36 rendered runners, none of whom changes, no number is so; of
pure noise fewer than 1 in 100 would pass the second limit alone.

House rules; they change no value and no uncertainty. The first changes no finding ("good" and "act" need more than it
asks for already); a number that changed is "good" only where all parts of the clip are (``findings.py``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from formcheck.cards import LANGS, Card, Range
from formcheck.records import Measurement, Note
from formcheck.texts import format_number

BEYOND_RANGE, BEYOND_VALUE = "error_beyond_range", "error_beyond_value"
"""The reasons given for a large error."""
CHANGED, CLIP_CHANGED = "changed_in_clip", "form_changed"
"""The reason given for a number, and the note about a clip that has such numbers."""
PART_STRIDES, LEAST_PARTS, MOST_PARTS = 4, 3, 6
CHANGE_ERRORS, CHANGE_SDS, CHANGE_SHARE = 1.5, 5.0, 0.05
"""How far medians must be apart: in uncertainties, in standard errors of a median, and against the number itself (a
cadence is known to less than it varies by)."""
_MEDIAN_ERROR = math.sqrt(math.pi / 2)
"""Standard error of a median against that of a mean, of normal values."""


def weighed(measurements: Sequence[Measurement], cards: Mapping[str, Card]) -> tuple[Measurement, ...]:
    """The same measurements, those that say too little at "low_confidence"; other doubts keep their reason."""
    return tuple(_weighed(m, cards[m.metric]) if m.metric in cards else m for m in measurements)


def changed_notes(measurements: Sequence[Measurement]) -> tuple[Note, ...]:
    """What to say about a clip with numbers that changed within it; nothing where there are none."""
    changed = any(m.reason is not None and m.reason.code == CHANGED for m in measurements)
    return (Note(CLIP_CHANGED),) if changed else ()


def ends_within(measurement: Measurement) -> tuple[float, ...]:
    """What a number that was said to have changed within the clip changed between; nothing of any other."""
    if measurement.reason is None or measurement.reason.code != CHANGED:
        return ()
    return tuple(float(measurement.reason.details[end]) for end in ("low", "high"))


def _changed(ends: tuple[float, float], card: Card) -> Note:
    """The reason: both ends in the card's unit, and as they are said in each language."""
    details: dict[str, str | float] = {}
    for name, end in zip(("low", "high"), ends, strict=True):
        details |= {name: end, **{f"{name}_said_{lang}": format_number(end, card, lang) for lang in LANGS}}
    return Note(CHANGED, details)


def change_within(measurement: Measurement) -> tuple[float, float] | None:
    """Smallest and largest median of the clip's parts, where the number changed within it; None where it did not."""
    values, value, uncertainty = np.array(measurement.values), measurement.value, measurement.uncertainty
    values = values[np.isfinite(values)]
    n_parts = min(MOST_PARTS, len(values) // PART_STRIDES)
    if n_parts < LEAST_PARTS or not isinstance(value, int | float) or uncertainty is None:
        return None
    parts = np.array_split(values, n_parts)
    medians = [float(np.median(part)) for part in parts]
    scatter = math.sqrt(sum(float(((part - part.mean()) ** 2).sum()) for part in parts) / (len(values) - n_parts))
    error = _MEDIAN_ERROR * scatter / math.sqrt(len(values) / n_parts)
    least = max(CHANGE_ERRORS * uncertainty, CHANGE_SDS * error, CHANGE_SHARE * abs(value))
    return (min(medians), max(medians)) if max(medians) - min(medians) > least else None


def of_repeated_pictures(measurements: Iterable[Measurement]) -> tuple[Measurement, ...]:
    """Those of a runner whose clip repeats pictures: cadence is a mean of many strides, all else hangs on moments."""
    reason = Note("repeated_pictures_reason")
    return tuple(
        m if m.status != "ok" or m.metric == "cadence_spm" else replace(m, status="low_confidence", reason=reason)
        for m in measurements
    )


def is_only_wide(measurement: Measurement) -> bool:
    """Whether nothing but the size of its error speaks against it, so that a large difference still counts."""
    return measurement.reason is not None and measurement.reason.code in (BEYOND_RANGE, BEYOND_VALUE)


def useful_within(value: float, card: Card) -> float:
    """The largest half-width of the 95 % interval with which ``value`` still serves, both in the card's unit."""
    if card.range is None:
        return max(abs(value), card.sure_within)
    return max(abs(card.range.margin(value)), _room(card.range))


def _room(range_: Range) -> float:
    """How far from all of its borders a value can be: half of it between two borders, up to zero from one."""
    if range_.low is not None and range_.high is not None:
        return (range_.high - range_.low) / 2
    return abs(range_.low or range_.high or 0.0)


def _weighed(measurement: Measurement, card: Card) -> Measurement:
    value, uncertainty = measurement.value, measurement.uncertainty
    if measurement.status != "ok" or not isinstance(value, int | float) or uncertainty is None:
        return measurement
    if (ends := change_within(measurement)) is not None:
        return replace(measurement, status="low_confidence", reason=_changed(ends, card))
    if not uncertainty > useful_within(value, card) or math.isnan(value):
        return measurement
    return replace(
        measurement, status="low_confidence", reason=Note(BEYOND_VALUE if card.range is None else BEYOND_RANGE)
    )
