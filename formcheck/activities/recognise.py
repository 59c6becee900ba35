"""What a person does in a clip, and from which side it is seen."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.records import PoseTrack, View
from formcheck.view import view_of


@dataclass(frozen=True)
class Recognised:
    """An activity by its name, and a view."""

    activity: str
    view: View


def recognised(pose: PoseTrack, activity: str = "auto", view: View | None = None) -> Recognised:
    """What the user said, and for the rest what the pose looks like."""
    seen = view or view_of(pose)
    return Recognised("running" if activity == "auto" else activity, "side" if seen == "unknown" else seen)
