"""Repetitions: how many were done from beginning to end."""

from __future__ import annotations

from formcheck.records import Measurement, Note, Recording


def measure(recording: Recording) -> list[Measurement]:
    """Complete repetitions; those cut by the clip's beginning or end are told in the reason and not counted."""
    whole = [rep for rep in recording.reps if rep.complete]
    if not recording.reps:
        return []
    cut = len(recording.reps) - len(whole)
    reason = Note("rep_cut_off", {"n": cut}) if cut else None
    return [Measurement("reps", None, "count", float(len(whole)), n=len(whole), uncertainty=None, reason=reason)]
