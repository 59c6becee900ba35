"""What two analyses of the same person differ in, and whether that is more than the error of measuring.

What the uncertainty of a difference is made of: both numbers' own 95 % half-widths, added as squares,

    uncertainty = sqrt(before.uncertainty ** 2 + after.uncertainty ** 2)

Each holds the scatter from stride to stride and the error of measuring as it differs from clip to clip and from person
to person (``metrics/summary.py``). Two clips of one person in the same clothes, filmed from the same place, share a
part of the latter, and it would fall out of their difference. How large that part is has not been measured, so nothing
is taken off: the uncertainty is an upper limit, and a small true change may stay hidden. It does not hold what a person
does differently from one day to the next, or at another speed.

"Changed" is what is beyond its uncertainty after the intervals were widened so that all of them together are right 95
times in 100 (Bonferroni); "perhaps" is beyond its own 95 % interval only, or rests on a number that is less sure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from scipy.special import ndtri

from formcheck.activities.variants import variant_of
from formcheck.cards import load_cards
from formcheck.exercise_sides import sides_of
from formcheck.records import Analysis, Level, Measurement, Note
from formcheck.skeleton import Side
from formcheck.sureness import is_only_wide

Change = Literal["changed", "perhaps", "same", "unknown"]
CHANGES: tuple[Change, ...] = ("changed", "perhaps", "same", "unknown")
"""In the order in which they are told."""
SURELY = 0.95
FASTER_MPS = 0.1
"""Belt speeds that differ by more are two speeds."""
_OTHER_RATE = 1.5


@dataclass(frozen=True)
class Difference:
    """One metric before and after."""

    metric: str
    unit: str
    before: Measurement
    after: Measurement
    value: float | None
    """After less before; None for classes and where one of them is missing."""
    uncertainty: float | None
    """Half-width of its 95 % interval, before widening."""
    change: Change
    levels: tuple[Level | None, Level | None] = (None, None)
    """How either was judged; None for what has no range."""

    @property
    def sides(self) -> tuple[Side | None, Side | None]:
        """Of whom; not the same where one clip is from the left and one from the right."""
        return self.before.side, self.after.side


def differences(before: Analysis, after: Analysis) -> tuple[Difference, ...]:
    """One for each metric and side measured in at least one of the clips, what changed first, then as on the cards."""
    pairs = _pairs(before, after)
    levels = [{(f.metric, f.side): f.level for f in analysis.findings} for analysis in (before, after)]
    n_numbers = sum(_is_number(a) and _is_number(b) for a, b in pairs)
    wider = float(ndtri(1 - 0.025 / max(n_numbers, 1)) / ndtri(0.975))
    found = [_difference(a, b, wider, (_level(a, levels[0]), _level(b, levels[1]))) for a, b in pairs]
    cards = load_cards()
    order = {metric: place for place, metric in enumerate(cards)}
    return tuple(sorted(found, key=lambda d: (CHANGES.index(d.change), order.get(d.metric, len(order)))))


def notes(before: Analysis, after: Analysis) -> tuple[Note, ...]:
    """What else differs between the clips, and so may be behind a difference."""
    said = (_sides_notes, _ways_notes, _speed_notes, _camera_notes)
    return tuple(note for notes_of in said for note in notes_of(before, after))


def _ways_notes(before: Analysis, after: Analysis) -> list[Note]:
    """That a gentle hip lift is held against a full one, or a plank on the knees against one on the toes."""
    first, second = (variant_of({note.code for note in analysis.warnings}) for analysis in (before, after))
    return [Note("compare_ways_differ")] if first and second and first != second else []


def _speed_notes(before: Analysis, after: Analysis) -> list[Note]:
    if "running" not in (before.activity, after.activity):
        return []
    first, second = before.subject.belt_speed_mps, after.subject.belt_speed_mps
    if first is None or second is None:
        return [Note("compare_speed_unknown")]
    if abs(first - second) > FASTER_MPS:
        return [Note("compare_speed_differs", {"before": first, "after": second})]
    return []


def _camera_notes(before: Analysis, after: Analysis) -> list[Note]:
    found = []
    if before.signals.near_side != after.signals.near_side and before.view == "side":
        found.append(Note("compare_sides_differ"))
    if before.subject.height_cm != after.subject.height_cm:
        found.append(Note("compare_height_differs"))
    rates = before.video.frame_rate_hz, after.video.frame_rate_hz
    if max(rates) > _OTHER_RATE * min(rates):
        found.append(Note("compare_rate_differs", {"before": round(rates[0]), "after": round(rates[1])}))
    if before.pose.finder.partition(":")[0] != after.pose.finder.partition(":")[0]:
        found.append(Note("compare_pose_differs"))
    return found


# ------------------------------------------------------------------------------------------------------ pairing

_Key = tuple[str, Side | None]


def _pairs(before: Analysis, after: Analysis) -> list[tuple[Measurement, Measurement]]:
    """The same metric of the same side; where the clips are of opposite sides, each with its own (``_whose``)."""
    first, second = _by_side(before.measurements), _by_side(after.measurements)
    pairs = [(m, second[key]) for key, m in first.items() if key in second and (_is_known(m) or _is_known(second[key]))]
    of = _whose(before, after)
    if of[0] == of[1]:
        return pairs
    met = [(m, second[key]) for key, m in first.items() if key in second and _is_known(m) and _is_known(second[key])]
    told = {m.metric for m, _ in met}
    across = [
        (first[metric, of[0]], second[metric, of[1]])
        for metric in dict.fromkeys(metric for metric, side in first if side is not None)
        if metric not in told and (metric, of[0]) in first and (metric, of[1]) in second
    ]
    return [*met, *(pair for pair in across if _is_known(pair[0]) or _is_known(pair[1]))]


def _whose(before: Analysis, after: Analysis) -> tuple[Side, Side]:
    """Which side either clip is of: the one that exercises, where it is one only; else the one near the camera."""
    done = sides_of(before), sides_of(after)
    if all(len(sides) == 1 for sides in done):
        (first,), (second,) = done
        return first, second
    return before.signals.near_side, after.signals.near_side


def _sides_notes(before: Analysis, after: Analysis) -> list[Note]:
    """That one clip is of the left leg and the other of the right: that is no change from before to after."""
    done = sides_of(before), sides_of(after)
    return [Note("compare_legs_differ")] if all(len(sides) == 1 for sides in done) and done[0] != done[1] else []


def _by_side(measurements: Iterable[Measurement]) -> dict[_Key, Measurement]:
    return {(m.metric, m.side): m for m in measurements}


def _is_known(m: Measurement) -> bool:
    return m.value is not None and m.status != "not_measurable"


def _is_number(m: Measurement) -> bool:
    value = m.value
    known = _is_known(m) and isinstance(value, int | float) and math.isfinite(value)
    return known and m.uncertainty is not None and math.isfinite(m.uncertainty)


def _level(m: Measurement, levels: Mapping[_Key, Level]) -> Level | None:
    return levels.get((m.metric, m.side))


# ----------------------------------------------------------------------------------------------------- deciding


def _difference(
    before: Measurement, after: Measurement, wider: float, levels: tuple[Level | None, Level | None]
) -> Difference:
    value, uncertainty = None, None
    change: Change = "unknown"
    if _is_number(before) and _is_number(after):
        value = float(after.value or 0.0) - float(before.value or 0.0)
        uncertainty = math.hypot(before.uncertainty or 0.0, after.uncertainty or 0.0)
        change = _change(abs(value), uncertainty, wider)
    elif isinstance(before.value, str) and isinstance(after.value, str):
        change = _class_change(before, after)
    if change == "changed" and any(m.status == "low_confidence" and not is_only_wide(m) for m in (before, after)):
        change = "perhaps"
    return Difference(before.metric, before.unit, before, after, value, uncertainty, change, levels)


def _change(size: float, uncertainty: float, wider: float) -> Change:
    if size > wider * uncertainty:
        return "changed"
    return "perhaps" if size > uncertainty else "same"


def _class_change(before: Measurement, after: Measurement) -> Change:
    """By how likely it is that the two clips are not of one class, each taken for itself."""
    if not (before.probabilities and after.probabilities):
        return "unknown"
    differ = 1.0 - sum(p * after.probabilities.get(name, 0.0) for name, p in before.probabilities.items())
    if before.value == after.value:
        return "same"
    return "changed" if differ >= SURELY else "perhaps"


def of_change(found: Sequence[Difference], *changes: Change) -> list[Difference]:
    """Those that changed so, in their order."""
    return [difference for difference in found if difference.change in changes]
