"""What every exercise's module shares: from signals to counted, timed, measured and pictured repetitions and holds.

An exercise's module has ``examine(pose, subject)``, which calls ``examine_exercise`` with a ``find`` of its own:
where in these signals are repetitions and holds?
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from formcheck.activities.back_bend import with_back_bend
from formcheck.activities.back_shape import TOLD_OF, is_square, with_back_shape
from formcheck.activities.card import TRAVEL, ActivityCard, in_position, load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.feet_seen import without_unseen_feet
from formcheck.activities.turning import turns_s
from formcheck.back_bends import KINDS
from formcheck.cards import Range, load_cards
from formcheck.exercise_signals import build_exercise_signals, trunk_length_px, with_series
from formcheck.metrics import measure_all
from formcheck.records import (
    Back,
    BoolArray,
    Event,
    Hold,
    InputError,
    KeyMoment,
    Measurement,
    MomentKind,
    Note,
    PoseTrack,
    Recording,
    Repetition,
    Signals,
    Subject,
    View,
)
from formcheck.repetitions import Swing, events_of, repetitions
from formcheck.skeleton import Side

MIN_SHOT_S = 1.5
FEW_FOUND = 0.9
SMALL_TRUNK_PX = 60.0
MOST_TOPS = 8
"""Repetitions of a long set that get a picture."""
SAME_TOP_S = 0.05
SETTLED_TRUNKS_PER_S = 0.22
"""Hips and shoulders slower than this are held; getting into a plank is three times as fast."""


@dataclass(frozen=True)
class Found:
    """Repetitions and holds of one exercise in one clip."""

    reps: tuple[Repetition, ...] = ()
    holds: tuple[Hold, ...] = ()
    notes: tuple[Note, ...] = ()
    badness: Callable[[Repetition], float] | None = None
    """How far a repetition is from good form, for choosing the best and the worst to look at; None: by its range."""
    worst_s: float | None = None
    """The worst moment of a hold."""
    may_be_empty: bool = False
    """Nothing found is an answer: the exercise is there, but it cannot be measured."""
    signals: Signals | None = None
    """With further series, where ``find`` made some."""


Find = Callable[[Signals], Found]


def examine_exercise(pose: PoseTrack, subject: Subject, activity: str, view: View, find: Find) -> Examined:
    """Signals, events, measurements and moments of one exercise.

    Raises InputError ``no_repetitions`` where neither a repetition nor a hold was found, and those of
    ``build_exercise_signals``.
    """
    signals, found, cut = _best_shot(pose, find)
    if not (found.reps or found.holds or found.may_be_empty):
        raise InputError("no_repetitions", activity=activity)
    events: tuple[Event, ...] = events_of(found.reps, found.holds)
    card = load_activity_cards()[activity]
    signals = found.signals or signals
    if view == "side":
        signals = _with_back(signals, pose, activity, found)
    if card.curve.endswith("_deg"):
        signals = with_series(signals, curve_deg=signals.series[card.curve])
    recording = Recording(signals, events, (), subject, activity, view, found.reps, found.holds)
    measurements, feet = without_unseen_feet(measure_all(recording), recording, pose, found.notes)
    return Examined(
        activity=activity,
        view=view,
        signals=signals,
        events=events,
        measurements=measurements,
        key_moments=key_moments(signals, found, card, far_off_of(measurements, card, view)),
        warnings=(*found.notes, *feet, *_notes(signals, pose, found, cut)),
        reps=found.reps,
        holds=found.holds,
    )


def repetitions_of(
    signals: Signals, card: ActivityCard, min_range: float, sign: float = 1.0, side: Side | None = None
) -> tuple[Repetition, ...]:
    """Repetitions of the card's curve (times ``sign``) while in the card's position."""
    curve = sign * signals.series[card.curve]
    return repetitions(signals.time_s, curve, Swing(min_range), in_position(signals, card.position), side)


def settled(signals: Signals, trunks_per_s: float = SETTLED_TRUNKS_PER_S) -> BoolArray:
    """(m,) True while hips and shoulders keep still."""
    fast = np.zeros(len(signals.time_s))
    for joint in ("hip", "shoulder"):
        speed = [np.gradient(signals.series[f"{joint}_{axis}_trunk"], signals.time_s) for axis in "xy"]
        fast = np.maximum(fast, np.hypot(*speed))
    return np.asarray(fast < trunks_per_s)


# ------------------------------------------------------------------------------------------------------- parts


def _best_shot(pose: PoseTrack, find: Find) -> tuple[Signals, Found, bool]:
    """Signals and what was found in the uncut shot with most of it; whether the clip has cuts."""
    best: tuple[Signals, Found] | None = None
    problem = InputError("no_person")
    shots = uncut(pose)
    for shot in shots:
        try:
            signals = build_exercise_signals(shot)
            found = find(signals)
        except InputError as error:
            problem = error
            continue
        if best is None or _worth(found) > _worth(best[1]):
            best = signals, found
    if best is None:
        raise problem
    return *best, len(shots) > 1


def uncut(pose: PoseTrack) -> list[PoseTrack]:
    """The clip's shots between its cuts, and turns of the person, that are long enough; the whole clip without any."""
    changes = sorted((*pose.cuts_s, *turns_s(pose)))
    if not changes:
        return [pose]
    edges = [0.0, *changes, float(pose.time_s[-1]) + 1e-6]
    spans = [(a, b) for a, b in pairwise(edges) if b - a >= MIN_SHOT_S]
    return [pose.between(a, b) for a, b in spans] or [pose]


def _worth(found: Found) -> tuple[int, float]:
    held = sum(hold.end_s - hold.start_s for hold in found.holds)
    return sum(rep.complete for rep in found.reps), held


def _with_back(signals: Signals, pose: PoseTrack, activity: str, found: Found) -> Signals:
    """With what the outline of the back tells in this activity: nothing where the camera is not square."""
    if activity not in TOLD_OF and activity not in KINDS:
        return signals
    if not is_square(pose):
        return replace(signals, back=Back(Note("back_not_square")))
    if activity in TOLD_OF:
        return with_back_shape(signals, pose, activity)
    return with_back_bend(signals, pose, KINDS[activity], found.reps, found.holds)


def key_moments(
    signals: Signals, found: Found, card: ActivityCard, far_off: Callable[[Repetition], float] | None = None
) -> tuple[KeyMoment, ...]:
    """The far end of every repetition, the best and the worst named so, and how the best begins; of a hold its middle
    and its worst moment.

    ``far_off``: how far a repetition's numbers are outside their ranges; what it leaves equal ``found.badness``, or
    how far the movement goes, decides. Without either no repetition is called better or worse. Of a long set some.
    """
    moments = list(_of_holds(found)) if found.holds else []
    whole = list(enumerate((rep for rep in found.reps if rep.complete), start=1))
    whole = whole or [(n, rep) for n, rep in enumerate(found.reps, start=1) if np.isfinite(rep.top_s)]
    if not whole:
        return tuple(moments)
    curve = signals.series[TRAVEL if TRAVEL in signals.series else card.curve]
    badness = found.badness or (lambda rep: -abs(float(np.interp(rep.top_s, signals.time_s, curve))))
    ranked = sorted(whole, key=lambda item: (far_off(item[1]) if far_off else 0.0, badness(item[1])))
    is_judged = len(whole) > 1 and (far_off is not None or found.badness is not None)
    kinds: dict[int, MomentKind] = {ranked[-1][0]: "worst", ranked[0][0]: "best"} if is_judged else {}
    n, best = ranked[0]
    if np.isfinite(best.start_s):
        moments.append(KeyMoment("rep_start", best.side, best.start_s, n))
    chosen = {*kinds, *(whole[k][0] for k in np.linspace(0, len(whole) - 1, MOST_TOPS).round().astype(int))}
    for n, rep in whole:
        if n in chosen:
            moments.append(KeyMoment(kinds.get(n, "rep_top"), rep.side, rep.top_s, n))
    return tuple(moments)


def far_off_of(
    measurements: Sequence[Measurement], card: ActivityCard, view: View
) -> Callable[[Repetition], float] | None:
    """How far a repetition's numbers are outside the ranges of the lines drawn, in uncertainties; None: no range."""
    cards = load_cards()
    rows = []
    for part in card.parts(view):
        range_ = cards[part.judged_by].range if part.judged_by in cards else None
        rows += [
            (m, range_) for m in measurements if range_ is not None and m.metric == part.judged_by and m.uncertainty
        ]
    if not rows:
        return None

    def far_off(rep: Repetition) -> float:
        off = 0.0
        for measured, range_ in rows:
            for value, time_s in zip(measured.values, measured.times_s, strict=False):
                if abs(time_s - rep.top_s) < SAME_TOP_S and np.isfinite(value):
                    off += _outside(value, range_) / (measured.uncertainty or 1.0)
        return off

    return far_off


def _outside(value: float, range_: Range) -> float:
    below = 0.0 if range_.low is None else range_.low - value
    above = 0.0 if range_.high is None else value - range_.high
    return max(below, above, 0.0)


def _of_holds(found: Found) -> list[KeyMoment]:
    longest = max(found.holds, key=lambda hold: hold.end_s - hold.start_s)
    moments = [KeyMoment("hold", longest.side, (longest.start_s + longest.end_s) / 2)]
    if found.worst_s is not None:
        moments.append(KeyMoment("worst", longest.side, found.worst_s))
    return moments


def _notes(signals: Signals, pose: PoseTrack, found: Found, cut: bool) -> list[Note]:
    n_cut = sum(not rep.complete for rep in found.reps)
    at = {"start": round(float(signals.time_s[0]), 1), "end": round(float(signals.time_s[-1]), 1)}
    trunk_px = trunk_length_px(signals.xy_px)
    doubts = [
        (n_cut > 0, Note("rep_cut_off", {"n": n_cut})),
        (cut, Note("edited_clip", at)),
        (pose.n_people > 1, Note("several_people", {"n": pose.n_people, "person": pose.person})),
        (signals.pose_rate < FEW_FOUND, Note("person_rarely_found", {"pct": round(100 * signals.pose_rate)})),
        (signals.camera == "moving", Note("camera_moving")),
        (trunk_px < SMALL_TRUNK_PX, Note("person_small")),
    ]
    return [note for true, note in doubts if true]
