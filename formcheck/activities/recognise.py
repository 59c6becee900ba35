"""What a person does in a clip, and from which side it is seen.

Runners and walkers are told by their legs swinging in turn; everything else by the table on each exercise's card
(``card.py``): which series stay within which intervals most of the time, and how far others move meanwhile. Each guess
can be explained by listing its conditions (``explained``). Where no card fits nothing is guessed, and where two fit
nearly as well both are told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from formcheck.activities.card import ActivityCard, Interval, in_position, load_activity_cards, series_of
from formcheck.activities.exercise import uncut
from formcheck.activities.turning import across_of
from formcheck.exercise_signals import build_exercise_signals, jump_share
from formcheck.frontal import strides_hz
from formcheck.geometry import length
from formcheck.legs import sort_legs
from formcheck.records import BoolArray, InputError, PoseTrack, Signals, View
from formcheck.repetitions import bridged
from formcheck.skeleton import INDEX, SIDES
from formcheck.view import view_of

UPRIGHT_DEG = 40.0
SLOWEST_STRIDE_HZ = 0.55
"""Legs that swing in turn more slowly belong to exercises (or to slow motion, which has to be told)."""
FEET_APART_LEG, FEET_TOGETHER_LEG, MIN_PASSES = 0.3, 0.12, 4
"""Ankles along the picture, in legs; getting into a position takes a step or two."""
STANDING_LEG = 0.6
"""Who stands or walks has the hips so many legs above the lower foot; who sits on the floor has not."""
NEARLY = 0.12
"""A second guess whose share of the time in position is within this of the first's is told too."""
BRIDGED_S = 0.5
FOLDED = 1.7
"""Longest over shortest trunk against the leg, as seen: who bends so far toward the camera, some 50 deg, does not run.
Rendered runners reach 1.2, a single-leg deadlift from the front 2.9."""
UNSTEADY_SHARE = 0.195
"""Limbs that jump in more of the looks than this leave any guess unsure. Clamshells seen straight from the feet, where
the network draws squats and deadlifts, jump in 0.20 to 0.71; rendered squats and deadlifts in up to 0.19."""
SIDE_BELOW = 0.5
"""Shoulders across the trunk over its length: what is narrower is seen from the side."""


@dataclass(frozen=True)
class Recognised:
    """An activity by its name, and a view."""

    activity: str
    view: View
    sure: bool = True
    instead: tuple[str, ...] = ()
    """What else it could be; with nothing else and yet unsure, the body was not followed steadily."""


@dataclass(frozen=True)
class Condition:
    """One line of the reasons for or against an exercise."""

    what: str
    found: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        return self.low <= self.found <= self.high


def recognised(pose: PoseTrack, activity: str = "auto", view: View | None = None) -> Recognised:
    """What the user said, and for the rest what the pose looks like.

    Raises InputError ``activity_unknown`` where nothing fits and ``picture_turned`` for a runner who lies in the air.
    """
    if activity != "auto":
        return Recognised(activity, view or _view_for(pose, activity))
    if lies_on_its_side(pose):
        raise InputError("picture_turned")
    guesses = guessed(pose)
    if guesses:
        first = guesses[0][0]
        near = tuple(name for name, share in guesses[1:] if share > guesses[0][1] - NEARLY)
        steady = jump_share(pose) < UNSTEADY_SHARE
        return Recognised(first, view or _view_for(pose, first), sure=steady and not near, instead=near)
    if _may_run(pose):
        return Recognised("running", view or _view_for(pose, "running"))
    raise InputError("activity_unknown")


def guessed(pose: PoseTrack) -> list[tuple[str, float]]:
    """Exercises whose card fits, each with the share of the time in its position; best first. None for runners."""
    shots = []
    for shot in uncut(pose):
        try:
            shots.append((build_exercise_signals(shot), across_share(shot)))
        except InputError:
            continue
    if not shots or runs_or_walks(pose) or legs_pass_each_other(pose):
        return []
    if any(runs_or_walks(shot) for shot in uncut(pose)):  # tells what an edited clip is about
        return []
    found: dict[str, float] = {}
    for card in load_activity_cards().values():
        for signals, across in shots:
            for conditions in explained(signals, card, across):
                if all(condition.holds for condition in conditions):
                    found[card.activity] = max(found.get(card.activity, 0.0), conditions[0].found)
    return sorted(found.items(), key=lambda item: -item[1])


def explained(signals: Signals, card: ActivityCard, across: float) -> list[list[Condition]]:
    """Every condition of a card with what was found, the share of the time in position first; once for each view that
    looks different.
    """
    seen = np.isfinite(signals.series["trunk_lean_deg"])
    ready = bridged(in_position(signals, card.position), signals.time_s, BRIDGED_S)
    share = float((ready & seen).sum() / max(seen.sum(), 1))
    conditions = [
        Condition("share of the time in position", share, card.min_share, 1.0),
        Condition("time in position, s", float(ready.sum() / signals.rate_hz), card.min_position_s, np.inf),
    ]
    views = [(card.across, card.moves), *([card.across_view] if card.across_view else [])]
    found = []
    for wide, moves in views:
        seen_as = [Condition("shoulders across trunk", across, *wide)] if wide else []
        moved = [_moved(signals, ready, name, interval) for name, interval in moves.items()]
        found.append([*conditions, *seen_as, *moved])
    return found


def _moved(signals: Signals, ready: BoolArray, name: str, interval: Interval) -> Condition:
    values = series_of(signals, name)[ready]
    values = values[np.isfinite(values)]
    span = float(np.ptp(np.percentile(values, [5, 95]))) if len(values) > 2 else 0.0
    return Condition(f"range of {name}", span, *interval)


def runs_or_walks(pose: PoseTrack) -> bool:
    """Upright, and the legs swing in turn at the rate of walking or running."""
    if not _lean_deg(pose) < UPRIGHT_DEG or _folds(pose):
        return False
    rate_hz = sort_legs(pose.time_s, pose.xy_px).stride_rate_hz
    if rate_hz is not None and rate_hz >= SLOWEST_STRIDE_HZ:
        return True
    seen = view_of(pose)
    return seen in ("rear", "front") and (strides_hz(pose, seen) or 0.0) >= SLOWEST_STRIDE_HZ


def lies_on_its_side(pose: PoseTrack) -> bool:
    """Whether somebody runs, but along the picture's height or upside down: it was filmed or saved turned.

    No exercise on the floor is taken for it: their legs do not swing in turn as fast as anybody's who walks.
    """
    if not _lean_deg(pose) > 90.0 - UPRIGHT_DEG:
        return False
    xy = pose.xy_px
    turned = (np.stack([-xy[..., 1], xy[..., 0]], -1), np.stack([xy[..., 1], -xy[..., 0]], -1), -xy)
    return any(runs_or_walks(replace(pose, xy_px=one)) for one in turned)


def legs_pass_each_other(pose: PoseTrack) -> bool:
    """Whether the feet, seen from the side, go far apart and together again and again while the trunk is upright.

    Holds for runners in slow motion and for people who walk about, whichever leg the network calls left.
    """
    at = {name: pose.xy_px[:, i] for name, i in INDEX.items()}
    along = (at["left_shoulder"] + at["right_shoulder"] - at["left_hip"] - at["right_hip"]) / 2
    upright = np.abs(along[:, 0]) < np.tan(np.radians(UPRIGHT_DEG)) * -along[:, 1]
    leg_px = max(float(np.nanmedian(np.linalg.norm(at[f"{s}_hip"] - at[f"{s}_ankle"], axis=1))) for s in SIDES)
    below = np.fmax(*(at[f"{s}_ankle"][:, 1] - at[f"{s}_hip"][:, 1] for s in SIDES))
    upright &= below > STANDING_LEG * leg_px
    apart = np.abs(at["left_ankle"][:, 0] - at["right_ankle"][:, 0])[upright] / max(leg_px, 1.0)
    far = apart[(apart > FEET_APART_LEG) | (apart < FEET_TOGETHER_LEG)] > FEET_APART_LEG
    return int((far[1:] & ~far[:-1]).sum()) >= MIN_PASSES


def _may_run(pose: PoseTrack) -> bool:
    """Upright all the time or hardly seen: the running module says what is wrong with the clip."""
    return not _lean_deg(pose) >= UPRIGHT_DEG and not _folds(pose)


def _folds(pose: PoseTrack) -> bool:
    """The trunk bends toward the camera or away from it again and again, or for long: seen, it grows short.

    It is held against the longer leg of the moment, which a runner who comes nearer leaves as it is.
    """
    at = {name: pose.xy_px[:, i] for name, i in INDEX.items()}
    trunk = length(at["left_shoulder"] + at["right_shoulder"], at["left_hip"] + at["right_hip"]) / 2
    legs = [length(at[f"{s}_hip"], at[f"{s}_knee"]) + length(at[f"{s}_knee"], at[f"{s}_ankle"]) for s in SIDES]
    share = trunk / np.maximum(np.fmax(*legs), 1.0)
    share = share[np.isfinite(share)]
    if not len(share):
        return False
    short, long = np.percentile(share, [10, 90])
    return bool(long > FOLDED * short)


def _lean_deg(pose: PoseTrack) -> float:
    """Median tilt of the trunk from the vertical, unsigned; NaN where nobody was seen."""
    at = {name: pose.xy_px[:, i] for name, i in INDEX.items()}
    along = (at["left_shoulder"] + at["right_shoulder"] - at["left_hip"] - at["right_hip"]) / 2
    tilt = np.degrees(np.arctan2(np.abs(along[:, 0]), -along[:, 1]))
    return float(np.nanmedian(tilt)) if np.isfinite(tilt).any() else float("nan")


# -------------------------------------------------------------------------------------------------------- view


def across_share(pose: PoseTrack) -> float:
    """How wide the shoulders appear across the trunk's own line, over the trunk's length; median over the clip.

    Unlike ``view.view_of`` it holds for people in any position. NaN where nobody was seen.
    """
    share = across_of(pose)
    return float(np.nanmedian(share)) if np.isfinite(share).any() else float("nan")


def _view_for(pose: PoseTrack, activity: str) -> View:
    """The view among those of the activity that the pose looks most like."""
    card = load_activity_cards().get(activity)
    if card is None:
        seen = view_of(pose)
        return "side" if seen == "unknown" else seen
    if len(card.views) == 1 or not np.isfinite(pose.xy_px).any():
        return card.views[0]
    from_side = not across_share(pose) >= SIDE_BELOW
    if from_side and "side" in card.views:
        return "side"
    width = pose.xy_px[:, INDEX["left_shoulder"], 0] - pose.xy_px[:, INDEX["right_shoulder"], 0]
    faces: View = "front" if np.nanmedian(width) > 0 else "rear"
    return faces if faces in card.views else card.views[0]
