"""What people do in front of the camera: one module says what to find, its card how to film it.

An activity's module has one public function, ``examine(pose, subject) -> Examined``, which is told the view as well
where its card has several; ``examine`` here chooses among them. The metrics' cards say in which
activities each is measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module

from formcheck.activities.card import load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.recognise import recognised
from formcheck.records import InputError, Note, PoseTrack, Subject, View

MODULES: Mapping[tuple[str, View], str] = {
    ("running", "side"): "running_side",
    ("running", "rear"): "running_rear",
    ("running", "front"): "running_front",
    ("running", "oblique"): "running_oblique",
    **{(name, view): name for name, card in load_activity_cards().items() for view in card.views},
}
"""The module for each activity and view; an exercise's is named as its card."""

ACTIVITIES: tuple[str, ...] = tuple(dict.fromkeys(activity for activity, _ in MODULES))


def examine(pose: PoseTrack, subject: Subject, activity: str = "auto", view: View | None = None) -> Examined:
    """What was found in one clip; ``activity`` and ``view`` are recognised where the user did not say.

    Raises InputError ``not_side_view`` for a view of which that activity cannot be measured, and whatever the
    activity's own module raises.
    """
    seen = recognised(pose, activity, view)
    module = MODULES.get((seen.activity, seen.view))
    if module is None:
        raise InputError("not_side_view", view=seen.view)
    card = load_activity_cards().get(seen.activity)
    which = (seen.view,) if card is not None and len(card.views) > 1 else ()
    found: Examined = import_module(f"{__name__}.{module}").examine(pose, subject, *which)
    if seen.sure:
        return found
    return replace(found, warnings=(Note("activity_unsure", {"instead": ", ".join(seen.instead)}), *found.warnings))
