"""The lines that matter in an exercise: where they run in a picture, and how each is judged at a moment.

Looks things up in the records; measures nothing. Green, amber and red are the levels of the findings: for a repetition
that of its own value of the metric which judges the line, for a hold that of the line at this moment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from formcheck.activities.card import Part, load_activity_cards
from formcheck.annotate.brush import Color, stack
from formcheck.annotate.timeline import Pose, series_at
from formcheck.cards import Lang, load_cards
from formcheck.exercise_signals import planted_side
from formcheck.findings import SEVERITY, judge
from formcheck.metrics.exercise.in_hold import PIKE_PCT, SAG_PCT
from formcheck.records import Analysis, FloatArray, Hold, Level, Measurement, Repetition
from formcheck.skeleton import SIDES, Side, index_of, other
from formcheck.texts import format_number

COLOR_OF: Mapping[Level, Color] = {
    "good": (0, 158, 115),
    "watch": (240, 170, 20),
    "act": (224, 60, 30),
    "unknown": (200, 200, 200),
}
SHAPE_OF: Mapping[Level, str] = {"good": "●", "watch": "▲", "act": "■", "unknown": "○"}
SAME_TOP_S = 0.05
LAST_PICTURES_S = 0.15
"""A hold that the clip cuts lasts over its first and last pictures, although not all are looked at for the body."""
WELL_UNDER_WAY = 0.5
"""A repetition's lines are judged from this share of the way out to this share of the way back: at rest the line says
nothing."""


@dataclass(frozen=True)
class Drawn:
    """One line in one picture."""

    strokes: tuple[FloatArray, ...]
    """Each (k, 2) pixels."""
    level: Level
    words: str
    """The number beside it; "" none."""
    at: FloatArray
    """(2,) where the number belongs; NaN where that is not seen."""
    name: str = ""
    """What the number is; "" where it is the angle that is drawn."""
    is_plumb: bool = False
    is_beside: bool = False
    """Its number stands beside the body."""


class Lines:
    """Prepared once for a clip, looked up for each frame."""

    def __init__(self, analysis: Analysis, lang: Lang) -> None:
        self._analysis, self._lang = analysis, lang
        self._parts = load_activity_cards()[analysis.activity].parts(analysis.view)
        self._near = analysis.signals.near_side
        self._planted = planted_side(analysis.signals.series) or self._near
        self._on_knees = "plank_on_knees" in {note.code for note in analysis.warnings}
        self._level = {id(rep): self._worst(rep) for rep in analysis.reps}

    def level_of(self, rep: Repetition) -> Level:
        """The worst level of a repetition's lines."""
        return self._level[id(rep)]

    def level_at(self, time_s: float) -> Level:
        """The worst level of the lines at a moment; "unknown" between repetitions and holds."""
        rep, hold = self._under_way(time_s)
        if rep is not None:
            return self.level_of(rep) if _well_under_way(rep, time_s) else "unknown"
        levels = [self._judged(part, None, hold, time_s) for part in self._parts] if hold is not None else []
        return _worst(levels)

    def at(self, pose: Pose, time_s: float) -> list[Drawn]:
        """Every line that can be seen at a moment, the most telling last, on top."""
        rep, hold = self._under_way(time_s)
        rep = rep if rep is not None and _well_under_way(rep, time_s) else None
        side = rep.side if rep is not None else hold.side if hold is not None else None
        found = []
        for part in self._parts:
            strokes, at = self._strokes(part, pose, side)
            level = self._judged(part, rep, hold, time_s)
            if strokes:
                words = self._words(part, rep, hold, time_s, level)
                name = self._name(part) if words else ""
                found.append(Drawn(strokes, level, words, at, name, part.of == "plumb", part.beside))
        return found[::-1]

    def named(self) -> list[list[tuple[str, str]]]:
        """Name and words of every number that is named at some time, of each line that ever has one."""
        found = []
        for part in (part for part in self._parts if self._name(part)):
            reps, holds = self._analysis.reps, self._analysis.holds
            words = {self._words(part, rep, None, rep.top_s, self._judged(part, rep, None, rep.top_s)) for rep in reps}
            words |= {self._words(part, None, h, h.start_s, self._judged(part, None, h, h.start_s)) for h in holds}
            words -= {""}
            if words:
                found.append([(self._name(part), word) for word in sorted(words)])
        return found

    def _name(self, part: Part) -> str:
        """What a line's number is; "" where it is the angle that is drawn, or nothing."""
        if part.shows or not part.judged_by:
            return ""
        return re.split(r" ?[（(]", load_cards()[part.judged_by].name.get(self._lang))[0]

    # --- where -----------------------------------------------------------------------------------------

    def _strokes(self, part: Part, pose: Pose, side: Side | None) -> tuple[tuple[FloatArray, ...], FloatArray]:
        """The strokes of a part, and where its number belongs."""
        if part.of == "plumb":
            return _plumb(pose, pose.joint(self._near, "ankle") if self._analysis.view == "side" else None)
        if part.of == "across":
            both = stack([pose.joint(which, part.joints[0]) for which in SIDES])
            return ((both,), both[0]) if np.isfinite(both).all() else ((), both[0])  # beside the body, not on it
        if part.of == "open":
            left, middle, right = part.joints
            # each limb from its own joint: the angle between them in the picture is not the one that is measured
            ends = zip(SIDES, (left, right), strict=True)
            limbs = tuple(stack([pose.joint(which, middle), pose.joint(which, end)]) for which, end in ends)
            return (limbs if np.isfinite(limbs).all() else ()), pose.middle(middle)
        sides: tuple[Side | None, ...] = (None,) if part.of == "middle" else self._sides(part, side)
        strokes = [stroke for which in sides for stroke in _limb(self._joints(part), pose, which)]
        return tuple(strokes), _joint(pose, sides[0], part.at or self._joints(part)[0])

    def _sides(self, part: Part, side: Side | None) -> tuple[Side, ...]:
        if part.of == "each":
            return SIDES
        if part.of == "planted":
            return (self._planted,)
        if part.of == "near" or side is None:
            return (self._near,)
        return (other(side) if part.of == "free" else side,)

    def _joints(self, part: Part) -> tuple[str, ...]:
        return (*part.joints[:-1], "knee") if self._on_knees else part.joints

    # --- how good --------------------------------------------------------------------------------------

    def _under_way(self, time_s: float) -> tuple[Repetition | None, Hold | None]:
        for rep in self._analysis.reps:
            start = rep.start_s if np.isfinite(rep.start_s) else -np.inf
            end = rep.end_s if np.isfinite(rep.end_s) else np.inf
            if start <= time_s <= end:
                return rep, None
        holds = [hold for hold in self._analysis.holds if is_during(hold, time_s)]
        return None, holds[0] if holds else None

    def _measured(self, metric: str, side: Side | None) -> Measurement | None:
        if not self._analysis.findings:  # ruled out by the person's answers: nothing is judged
            return None
        rows = [m for m in self._analysis.measurements if m.metric == metric and isinstance(m.value, float)]
        return next((m for m in rows if m.side == side), next((m for m in rows if None in (m.side, side)), None))

    def _value(self, measured: Measurement, rep: Repetition | None) -> float | None:
        """A repetition's own number; of a hold the clip's."""
        if rep is None:
            return measured.value if isinstance(measured.value, float) else None
        for value, time_s in zip(measured.values, measured.times_s, strict=False):
            if abs(time_s - rep.top_s) < SAME_TOP_S and np.isfinite(value):
                return value
        return None

    def _judged(self, part: Part, rep: Repetition | None, hold: Hold | None, time_s: float) -> Level:
        card = load_cards().get(part.judged_by)
        if card is None or card.range is None or (rep is None and hold is None):
            return "unknown"
        measured = self._measured(card.metric, (rep or hold).side)  # type: ignore[union-attr]
        if measured is None or measured.uncertainty is None:
            return "unknown"
        dip = series_at(self._analysis.signals, "dip_pct", time_s)
        line = series_at(self._analysis.signals, "curve_deg", time_s)
        if hold is not None and np.isfinite(dip + line):
            level: Level = "act" if dip > SAG_PCT else "watch" if dip < -PIKE_PCT else judge(line, 0.0, card.range)[0]
            return _as_sure(level, measured)
        value = self._value(measured, rep)
        if value is None:
            return "unknown"
        return _as_sure(judge(value, measured.uncertainty, card.range)[0], measured)

    def _worst(self, rep: Repetition) -> Level:
        return _worst([self._judged(part, rep, None, rep.top_s) for part in self._parts])

    def _is_lost(self, part: Part) -> bool:
        """Whether the number that judges the line could not be measured: then the line has none beside it either."""
        rows = [m for m in self._analysis.measurements if m.metric == part.judged_by]
        return bool(rows) and all(m.value is None for m in rows)

    def _words(self, part: Part, rep: Repetition | None, hold: Hold | None, time_s: float, level: Level) -> str:
        """The number beside a line: the first line and those beside the body always have one, others as the trouble."""
        if part.shows and self._is_lost(part):
            return ""
        if part.shows:
            value = series_at(self._analysis.signals, part.shows, time_s)
            return f"{abs(value):.0f}°" if np.isfinite(value) else ""
        if part is not self._parts[0] and not part.beside and level != "act":
            return ""
        if not part.judged_by or (rep is None and hold is None):
            return ""
        measured = self._measured(part.judged_by, (rep or hold).side)  # type: ignore[union-attr]
        own = None if measured is None else self._value(measured, rep)
        return "" if own is None else format_number(own, load_cards()[part.judged_by], self._lang)


def is_during(hold: Hold, time_s: float) -> bool:
    """Whether a moment is within a hold; one that the clip cuts lasts to the clip's ends."""
    beyond = 0.0 if hold.complete else LAST_PICTURES_S
    return hold.start_s - beyond <= time_s <= hold.end_s + beyond


def _worst(levels: list[Level]) -> Level:
    return min(levels, key=SEVERITY.index, default="unknown")


def _as_sure(level: Level, measured: Measurement) -> Level:
    """No number that is less sure is called clearly outside."""
    return "watch" if level == "act" and measured.status == "low_confidence" else level


def _well_under_way(rep: Repetition, time_s: float) -> bool:
    start = rep.start_s if np.isfinite(rep.start_s) else rep.top_s
    end = rep.end_s if np.isfinite(rep.end_s) else rep.top_s
    return rep.top_s - WELL_UNDER_WAY * (rep.top_s - start) <= time_s <= rep.top_s + WELL_UNDER_WAY * (end - rep.top_s)


def _limb(joints: tuple[str, ...], pose: Pose, side: Side | None) -> list[FloatArray]:
    """Strokes between the gaps in ``joints``; none that is not wholly seen."""
    runs = [list(run) for pen, run in groupby(joints, key=bool) if pen]
    strokes = [stack([_joint(pose, side, joint) for joint in run]) for run in runs]
    return [stroke for stroke in strokes if np.isfinite(stroke).all()]


def _joint(pose: Pose, side: Side | None, joint: str) -> FloatArray:
    return pose.middle(joint) if side is None else pose.xy_px[index_of(side, joint)]


def _plumb(pose: Pose, ankle: FloatArray | None) -> tuple[tuple[FloatArray, ...], FloatArray]:
    """Straight up from the ankle, or from between the ankles, to above the head."""
    foot = pose.middle("ankle") if ankle is None else ankle
    ears = pose.middle("ear")
    high = foot[1] - ears[1]
    line = stack([foot, foot - np.array([0.0, 1.1 * high])])
    return ((line,) if np.isfinite(line).all() and high > 0 else ()), foot
