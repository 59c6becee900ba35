"""Which part of a clip shows the person at rest, and which one what they do."""

from __future__ import annotations

from collections.abc import Sequence

from formcheck.activities.recognise import Recognised, recognised, runs_or_walks
from formcheck.records import Note, PoseTrack, Standing, View
from formcheck.standing import find_standing, without_standing


def recognised_in_motion(pose: PoseTrack, activity: str, view: View | None) -> tuple[Recognised, PoseTrack]:
    """What is done and the part of the clip that shows it: runners' quiet standing is not part of their running.

    Whoever walks up and then stands for longer has come to stand. Raises InputError as ``recognised``.
    """
    moving = without_standing(pose)
    longer = _span_s(moving) > _span_s(pose) / 2
    runs = activity == "running" or (activity == "auto" and longer and moving is not pose and runs_or_walks(moving))
    if runs:
        return recognised(moving, activity, view), moving
    return recognised(pose, activity, view), pose


def standing_for(pose: PoseTrack, view: View, given: Sequence[Standing]) -> tuple[Standing | None, tuple[Note, ...]]:
    """The person at rest from that view: of a clip that was given, else of the clip itself; and what to tell."""
    for standing in given:
        if standing.view == view:
            return standing, ()
    notes = tuple(Note("standing_other_view", {"clip": s.clip or ""}) for s in given)
    own = find_standing(pose)
    return (own if own is not None and own.view == view else None), notes


def _span_s(pose: PoseTrack) -> float:
    return float(pose.time_s[-1] - pose.time_s[0])
