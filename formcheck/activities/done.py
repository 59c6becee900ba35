"""What a clip says was done of an exercise, as a line of the exercise log."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.activities.danger import pages_done
from formcheck.records import Analysis


@dataclass(frozen=True)
class Done:
    """What a clip says was done of an exercise, for the exercise log."""

    exercise: str
    """The id of guidance/exercises.toml."""
    reps: int | None
    seconds: int | None
    """Of the longest hold, where it is held rather than repeated."""
    hurt: bool


def exercise_done(analysis: Analysis) -> Done | None:
    """The clip as a line of the exercise log; None for running, self-tests, and what has no page of its own."""
    pages = pages_done(analysis.activity, [note.code for note in analysis.warnings])
    if len(pages) != 1 or pages[0].kind == "explained":
        return None
    reps = sum(rep.complete for rep in analysis.reps) or None
    held_s = max((hold.end_s - hold.start_s for hold in analysis.holds), default=0.0)
    seconds = None if reps or held_s < 1.0 else round(held_s)
    if reps is None and seconds is None:
        return None
    return Done(pages[0].id, reps, seconds, bool(analysis.subject.pain))
