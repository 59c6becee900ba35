"""Two clips in step: which moment of the second belongs to which moment of the first.

::

    before   |C------T......c....t......|C-----T.....            C contact, T toe-off of the leg that is followed,
              |       \\      \\   \\       |                        c, t the other leg's
    after    |C--------T....c...t.....|C-------T....

Moments of the same kind are laid on one another and everything between them is stretched evenly, so that a slow and a
fast runner are in the same phase of the stride all the time. Repetitions of an exercise go from start to top to end,
holds from start to end. Nothing is measured here: a stretched clip is to look at.

Strides come from the longest stretch of each clip in which none is missing; the first of the one goes with the first of
the other. Which leg is followed: the near one of both clips, so that a clip from the left goes with one from the right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from formcheck.records import Analysis, Event, FloatArray, Stride
from formcheck.skeleton import Side, other

_ALIKE_S = 1e-6


@dataclass(frozen=True)
class Cycle:
    """One stride, repetition or hold."""

    start_s: float
    end_s: float
    marks_s: Mapping[str, float] = field(default_factory=dict)
    """Moments inside it, by name, in time order: "toe_off", "other_contact", "other_toe_off", "top"."""

    @property
    def length_s(self) -> float:
        """Start to end."""
        return self.end_s - self.start_s


@dataclass(frozen=True)
class InStep:
    """The moments of two clips that belong together, in seconds of real time."""

    sides: tuple[Side | None, Side | None]
    """The leg that is followed in either clip; None where there are no strides."""
    cycles: tuple[tuple[Cycle, Cycle], ...]
    """As many of both, in time order."""
    before_s: FloatArray
    """(k,) strictly increasing."""
    after_s: FloatArray
    """(k,) never decreasing: the moment of the second clip that goes with each of ``before_s``."""

    def after_at(self, before_s: float) -> float:
        """The second clip's time for a time of the first; its own ends beyond the cycles."""
        return float(np.interp(before_s, self.before_s, self.after_s))

    def at(self, before_s: float) -> tuple[Cycle, Cycle] | None:
        """The cycle of either clip that goes on at a time of the first; None between two and outside."""
        return next((pair for pair in self.cycles if pair[0].start_s <= before_s < pair[0].end_s), None)


def in_step(before: Analysis, after: Analysis) -> InStep | None:
    """How to play two clips of the same activity in step; None where one has no stride, repetition or hold."""
    sides = _sides(before, after)
    firsts, seconds = cycles_of(before, sides[0]), cycles_of(after, sides[1])
    pairs = tuple(_same_marks(a, b) for a, b in zip(firsts, seconds, strict=False))
    if not pairs:
        return None
    knots = [knot for pair in pairs for knot in _knots(*pair)]
    kept = [knots[0]]
    for knot in knots[1:]:
        if knot[0] > kept[-1][0] + _ALIKE_S:
            kept.append((knot[0], max(knot[1], kept[-1][1])))
    times = np.array(kept)
    return InStep(sides, pairs, times[:, 0], times[:, 1])


def cycles_of(analysis: Analysis, side: Side | None) -> tuple[Cycle, ...]:
    """Strides of ``side`` without a gap between them; of an exercise its repetitions, else its holds."""
    if analysis.strides:
        return tuple(_stride_cycle(stride, analysis.events) for stride in _longest_run(analysis.strides, side))
    return _between(analysis.events, "rep_start", "rep_end") or _between(analysis.events, "hold_start", "hold_end")


def _sides(before: Analysis, after: Analysis) -> tuple[Side | None, Side | None]:
    if not (before.strides and after.strides):
        return None, None
    sides = before.signals.near_side, after.signals.near_side
    if all(_longest_run(analysis.strides, side) for analysis, side in zip((before, after), sides, strict=True)):
        return sides
    return other(sides[0]), other(sides[1])


def _longest_run(strides: Iterable[Stride], side: Side | None) -> list[Stride]:
    """Clean strides of one foot that follow one another, in the longest stretch there is."""
    runs: list[list[Stride]] = [[]]
    for stride in sorted((s for s in strides if s.side == side and s.clean), key=lambda s: s.contact_s):
        if runs[-1] and abs(stride.contact_s - runs[-1][-1].next_contact_s) > _ALIKE_S:
            runs.append([])
        runs[-1].append(stride)
    return max(runs, key=lambda run: run[-1].next_contact_s - run[0].contact_s if run else 0.0)


def _stride_cycle(stride: Stride, events: Iterable[Event]) -> Cycle:
    inside = [e for e in events if e.side == other(stride.side) and stride.contact_s < e.time_s < stride.next_contact_s]
    marks = {"toe_off": stride.toe_off_s}
    for kind in ("contact", "toe_off"):
        times = [e.time_s for e in inside if e.kind == kind]
        if len(times) == 1:
            marks[f"other_{kind}"] = times[0]
    return Cycle(stride.contact_s, stride.next_contact_s, _in_order(marks))


def _between(events: Sequence[Event], first: str, last: str) -> tuple[Cycle, ...]:
    """From each ``first`` to the ``last`` that follows it before the next one."""
    ordered = sorted(events, key=lambda e: e.time_s)
    ends = [e for e in ordered if e.kind in (first, last)]
    pairs = [(a.time_s, b.time_s) for a, b in pairwise(ends) if (a.kind, b.kind) == (first, last)]
    return tuple(Cycle(start, end, _tops(ordered, start, end)) for start, end in pairs if end > start)


def _tops(events: Iterable[Event], start_s: float, end_s: float) -> dict[str, float]:
    tops = [e.time_s for e in events if e.kind == "rep_top" and start_s < e.time_s < end_s]
    return {"top": tops[0]} if tops else {}


def _in_order(marks: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(marks.items(), key=lambda mark: mark[1]))


def _same_marks(before: Cycle, after: Cycle) -> tuple[Cycle, Cycle]:
    """Both with the marks only that both have, and that come in the same order."""
    shared: list[str] = []
    last = -np.inf
    for name in before.marks_s:
        if name in after.marks_s and after.marks_s[name] > last:
            shared.append(name)
            last = after.marks_s[name]
    first, second = (
        Cycle(cycle.start_s, cycle.end_s, {name: cycle.marks_s[name] for name in shared}) for cycle in (before, after)
    )
    return first, second


def _knots(before: Cycle, after: Cycle) -> list[tuple[float, float]]:
    inner = [(before.marks_s[name], after.marks_s[name]) for name in before.marks_s]
    return [(before.start_s, after.start_s), *inner, (before.end_s, after.end_s)]
