"""Running seen from in front, on a treadmill or coming nearer: what ``running_rear`` does, with the sides mirrored."""

from __future__ import annotations

from formcheck.activities.examined import Examined
from formcheck.activities.running_rear import examine_across
from formcheck.records import PoseTrack, Standing, Subject


def examine(pose: PoseTrack, subject: Subject, standing: Standing | None = None, known: bool = False) -> Examined:
    """As ``running_rear.examine``, with the same errors."""
    return examine_across(pose, subject, "front", standing, known)
