"""What people do in front of the camera: one module says what to find, its card how to film it.

An activity's module has one public function, ``examine(pose, subject) -> Examined``, which is told the view as well
where its card has several, and in running the person at rest and whether the numbers are known; ``examine`` here
chooses among them. The metrics' cards say in which activities each is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module

from formcheck.activities.at_rest import recognised_in_motion, standing_for
from formcheck.activities.card import load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.recognise import legs_pass_each_other, runs_or_walks
from formcheck.records import InputError, Note, PoseTrack, Standing, Subject, View

MODULES: Mapping[tuple[str, View], str] = {
    ("running", "side"): "running_side",
    ("running", "rear"): "running_rear",
    ("running", "front"): "running_front",
    ("running", "oblique"): "running_oblique",
    **{(name, view): name for name, card in load_activity_cards().items() for view in card.views},
}
"""The module for each activity and view; an exercise's is named as its card."""

ACTIVITIES: tuple[str, ...] = tuple(dict.fromkeys(activity for activity, _ in MODULES))


def examine(
    pose: PoseTrack,
    subject: Subject,
    activity: str = "auto",
    view: View | None = None,
    standing: Sequence[Standing] = (),
    known: bool = False,
) -> Examined:
    """What was found in one clip; ``activity`` and ``view`` are recognised where the user did not say.

    ``standing`` is from clips given for it, each of some view; without one the clip itself is searched. ``known``: the
    numbers of a runner were kept on an earlier day, so they are not measured again, and whoever walks is not refused.

    Raises InputError ``not_side_view`` for a view of which that activity cannot be measured, and whatever the
    activity's own module raises.
    """
    seen, moving = recognised_in_motion(pose, activity, view)
    module = MODULES.get((seen.activity, seen.view))
    if module is None:
        raise InputError("not_side_view", view=seen.view)
    do: Callable[..., Examined] = import_module(f"{__name__}.{module}").examine
    if seen.activity == "running":
        at_rest, notes = standing_for(pose, seen.view, standing)
        found = _running(do, moving, subject, at_rest, told=activity == "running", known=known)
        return replace(found, warnings=(*notes, *found.warnings), standing=at_rest)
    card = load_activity_cards()[seen.activity]
    found = do(pose, subject, *((seen.view,) if len(card.views) > 1 else ()))
    if seen.sure:
        return found
    others = Note("activity_unsure", {"instead": ", ".join(seen.instead)})
    return replace(found, warnings=(others if seen.instead else Note("activity_unsteady"), *found.warnings))


def _running(
    do: Callable[..., Examined],
    pose: PoseTrack,
    subject: Subject,
    at_rest: Standing | None,
    told: bool,
    known: bool,
) -> Examined:
    """The running in a clip; where nobody said that it is running and it is not, nobody knows what it is."""
    try:
        return do(pose, subject, at_rest, known)
    except InputError as error:
        if (
            not told
            and error.code in ("not_running", "too_short")
            and not (runs_or_walks(pose) or legs_pass_each_other(pose))
        ):
            raise InputError("activity_unknown") from error
        raise
