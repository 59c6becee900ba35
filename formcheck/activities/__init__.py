"""What people do in front of the camera: one module says what to find, its card how to film it.

An activity's module has one public function, ``examine(pose, subject) -> Examined``; ``examine`` here chooses among
them. The metrics' cards say in which activities each is measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module

from formcheck.activities.examined import Examined
from formcheck.activities.recognise import recognised
from formcheck.records import InputError, Note, PoseTrack, Subject, View

MODULES: Mapping[tuple[str, View], str] = {
    ("running", "side"): "running_side",
    ("hip_lift", "side"): "hip_lift",
}
"""The module for each activity and view."""

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
    found: Examined = import_module(f"{__name__}.{module}").examine(pose, subject)
    if seen.sure:
        return found
    return replace(found, warnings=(Note("activity_unsure", {"instead": ", ".join(seen.instead)}), *found.warnings))
