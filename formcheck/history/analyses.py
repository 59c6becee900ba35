"""Analyses of a person: what is kept of each, and its clip where that was asked for."""

from __future__ import annotations

import os
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, undefer

from formcheck.history.database import History
from formcheck.history.place import Place
from formcheck.history.sides import measurements_of
from formcheck.history.tables import NAME_LENGTH, KeptAnalysis, Number, Person, new_key
from formcheck.records import InputError

_DAY_S = 86400.0


@dataclass(frozen=True)
class ToKeep:
    """What is to be kept of one analysis."""

    content: Mapping[str, Any]
    """Of its ``analysis.json``."""
    filmed_on: date
    answers: Mapping[str, Any] | None = None
    pose: bytes | None = None
    """Of its ``pose.npz``."""
    files: Mapping[str, Path] | None = None
    """The clip and its pictures by the names they are to have; None keeps no picture of anybody."""


def keep(history: History, owner: str, person_id: str, what: ToKeep) -> KeptAnalysis:
    """Keep an analysis. All of it is there afterwards, or nothing.

    The files come first and the row last: only the row makes them count, and what a killed process left is swept.
    Raises InputError ``no_such_person_kept`` or, where the disk is full, ``history_unreachable``.
    """
    from formcheck.history.people import find

    key = new_key()
    try:
        if what.files:
            take_files(history.place, key, what.files)
        with history.writing() as session:
            kept = _row(key, find(session, owner, person_id), what)
            session.add(kept)
            session.flush()
            session.add_all(numbers_of(key, what.content))
        return kept
    except BaseException:
        remove_clips(history.place, [key])
        raise


def listed(session: Session, person: Person) -> list[KeptAnalysis]:
    """A person's analyses, the newest first; content and pose are only loaded when asked for."""
    mine = select(KeptAnalysis).where(KeptAnalysis.person_id == person.id)
    return list(session.scalars(mine.order_by(KeptAnalysis.filmed_on.desc(), KeptAnalysis.kept_at.desc())))


def finding_levels(session: Session, person: Person) -> dict[str, Counter[str]]:
    """How many findings of each level a person's analyses have, by the analysis's id."""
    rows = session.execute(
        select(KeptAnalysis.id, KeptAnalysis.content["findings"]).where(KeptAnalysis.person_id == person.id)
    )
    return {id_: Counter(finding["level"] for finding in found or ()) for id_, found in rows}


def find(session: Session, person: Person, analysis_id: str) -> KeptAnalysis:
    """One analysis of this person, with everything. Raises InputError ``no_such_analysis_kept``."""
    everything = select(KeptAnalysis).options(
        undefer(KeptAnalysis.content), undefer(KeptAnalysis.answers), undefer(KeptAnalysis.pose)
    )
    found = session.scalar(everything.where(KeptAnalysis.person_id == person.id, KeptAnalysis.id == analysis_id))
    if found is None:
        raise InputError("no_such_analysis_kept", name=analysis_id)
    return found


def delete_analysis(history: History, owner: str, person_id: str, analysis_id: str) -> None:
    """Delete one analysis and its clip. Raises InputError as ``find`` and ``people.find`` do."""
    from formcheck.history.people import find as find_person

    with history.writing() as session:
        kept = find(session, find_person(session, owner, person_id), analysis_id)
        session.execute(delete(KeptAnalysis).where(KeptAnalysis.id == kept.id))
    remove_clips(history.place, [analysis_id])
    history.scrub()


def clip_folder(place: Place, analysis: KeptAnalysis) -> Path | None:
    """Where the kept clip and its pictures are; None where none was kept."""
    folder = place.clips / analysis.id
    return folder if analysis.has_clip and folder.is_dir() else None


def numbers_of(analysis_id: str, content: Mapping[str, Any]) -> list[Number]:
    """The rows of an analysis's numbers, an exercise's by the side exercised; classes and missing numbers have none."""
    return [
        Number(
            analysis_id=analysis_id,
            metric=m.metric,
            side=m.side or "",
            unit=m.unit,
            value=float(m.value),
            uncertainty=m.uncertainty,
            status=m.status,
            n=m.n,
        )
        for m in measurements_of(content)
        if isinstance(m.value, int | float)
    ]


def _row(key: str, person: Person, what: ToKeep) -> KeptAnalysis:
    return KeptAnalysis(
        id=key,
        person_id=person.id,
        name=str(what.content["video"]["name"])[:NAME_LENGTH],
        filmed_on=what.filmed_on,
        activity=what.content["activity"],
        content=dict(what.content),
        answers=None if what.answers is None else dict(what.answers),
        pose=what.pose,
        has_clip=bool(what.files),
    )


# -------------------------------------------------------------------------------------------------------- clips


def take_files(place: Place, key: str, files: Mapping[str, Path]) -> None:
    """Copy the files into a folder that has its name only once they are all on the disk."""
    place.clips.mkdir(mode=0o700, exist_ok=True)
    working = place.clips / f".{key}"
    working.mkdir(mode=0o700)
    try:
        for name, source in files.items():
            target = working / name
            target.parent.mkdir(mode=0o700, exist_ok=True)
            with source.open("rb") as reading, target.open("xb") as writing:
                shutil.copyfileobj(reading, writing)
                writing.flush()
                os.fsync(writing.fileno())
        working.rename(place.clips / key)
    except OSError as error:
        shutil.rmtree(working, ignore_errors=True)
        raise InputError("history_unreachable", why=error.strerror or "") from error


def remove_clips(place: Place, analysis_ids: Iterable[str]) -> None:
    """Remove the files of these analyses."""
    for key in analysis_ids:
        shutil.rmtree(place.clips / key, ignore_errors=True)


def sweep(history: History) -> None:
    """Remove files that no row counts and that are older than a day: a process was killed while it saved."""
    if not history.place.clips.is_dir():
        return
    with history.reading() as session:
        known = set(session.scalars(select(KeptAnalysis.id)))
    for folder in history.place.clips.iterdir():
        if folder.name not in known and time.time() - folder.lstat().st_mtime > _DAY_S:
            shutil.rmtree(folder, ignore_errors=True)
