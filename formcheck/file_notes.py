"""What a reader should know about the file of a clip before its numbers."""

from __future__ import annotations

from formcheck.records import Note, PoseTrack, VideoFacts

REPEATS_BELOW = 0.95
"""Of the file's rate: where its pictures differ less often than this, some repeat others (``video/repeats.py``)."""


def repeats_pictures(facts: VideoFacts, pose: PoseTrack) -> bool:
    """Whether fewer pictures were filmed than the file shows."""
    return pose.frame_rate_hz is not None and pose.frame_rate_hz < REPEATS_BELOW * facts.frame_rate_hz


def file_notes(facts: VideoFacts, pose: PoseTrack, blur_face: bool) -> list[Note]:
    """Notes on repeated pictures, uneven times, slow motion that was undone, and faces that are hidden."""
    rates = {"rate": facts.frame_rate_hz, "different": pose.frame_rate_hz or facts.frame_rate_hz}
    repeated = Note("repeated_pictures", {name: round(hz / facts.slow_motion) for name, hz in rates.items()})
    doubts = [
        (repeats_pictures(facts, pose), repeated),
        (facts.variable_frame_rate, Note("variable_frame_rate")),
        (facts.slow_motion != 1.0, Note("slow_motion_undone", {"factor": facts.slow_motion})),
        (blur_face, Note("faces_hidden")),
    ]
    return [note for true, note in doubts if true]
