"""Backup and export as one ZIP, and back.

    people.json                  every row, for ``restore``
    analyses.csv numbers.csv diary.csv exercises.csv runs.csv    the same for a spreadsheet
    analyses/<id>.json           each analysis.json as it was
    pose/<id>.npz                each pose
    clips/<id>/...               the clips that were kept

An archive is read as carefully as an upload: nothing in it chooses a path, and no small file can fill the disk.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session, undefer

from formcheck.history.analyses import numbers_of, remove_clips, take_files
from formcheck.history.database import History
from formcheck.history.diary import LIMITS, check_numbers
from formcheck.history.tables import DiaryDay, ExerciseDone, KeptAnalysis, Number, Person, Run, Table, new_key
from formcheck.records import InputError

SCHEMA = 1
ROWS = "people.json"
MOST_ROW_BYTES, MOST_FILE_BYTES, MOST_BYTES = 200_000_000, 4_000_000_000, 50_000_000_000
_OF_A_PERSON: dict[str, type[DiaryDay] | type[ExerciseDone] | type[Run]] = {
    "diary": DiaryDay,
    "exercises": ExerciseDone,
    "runs": Run,
}
SCHEMA_OF_ANALYSIS = 1
_NEEDED = {"video", "subject", "quality", "measurements", "comparisons", "findings", "guidance", "made_with"}
_KEY = re.compile(r"[0-9a-f]{32}")
_CLIP = re.compile(r"clips/([0-9a-f]{32})/((?:frames/)?[\w][\w.-]{0,80})")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Json = dict[str, Any]


def write_archive(history: History, owner: str, file: IO[bytes], person_id: str | None = None) -> int:
    """Write everything of one of this owner's people, or of all, and return of how many.

    Raises InputError ``no_such_person_kept``.
    """
    from formcheck.history.people import find, listed

    with history.reading() as session, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        chosen = listed(session, owner) if person_id is None else [find(session, owner, person_id)]
        told = [_person_as_dict(session, person) for person in chosen]
        for person in told:
            for analysis in person["analyses"]:
                _write_analysis(archive, session, history, analysis["id"])
        archive.writestr(ROWS, json.dumps({"schema": SCHEMA, "people": told}, ensure_ascii=False, indent=1))
        for name, rows in _tables(session, told).items():
            archive.writestr(f"{name}.csv", _csv(rows))
    return len(told)


def save_archive(history: History, owner: str, path: Path, person_id: str | None = None) -> int:
    """The same into a file that appears only when it is whole. Raises InputError ``cannot_write_output``."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".formcheck-", delete=False) as file:
            working = Path(file.name)
        try:
            with working.open("wb") as file:
                count = write_archive(history, owner, file, person_id)
                file.flush()
                os.fsync(file.fileno())
            working.replace(path)
        finally:
            working.unlink(missing_ok=True)  # gone where it has taken its name
    except OSError as error:
        raise InputError("cannot_write_output", path=str(path), why=error.strerror or "") from error
    return count


def _person_as_dict(session: Session, person: Person) -> Json:
    mine = {
        name: session.scalars(select(table).where(table.person_id == person.id).order_by(table.day, table.id)).all()
        for name, table in _OF_A_PERSON.items()
    }
    analyses = session.scalars(
        select(KeptAnalysis)
        .where(KeptAnalysis.person_id == person.id)
        .options(undefer(KeptAnalysis.answers))
        .order_by(KeptAnalysis.filmed_on, KeptAnalysis.kept_at)
    )
    told = _row_as_dict(person, "owner")
    told["analyses"] = [_row_as_dict(analysis, "person_id", "content", "pose") for analysis in analyses]
    return told | {name: [_row_as_dict(row, "person_id") for row in rows] for name, rows in mine.items()}


def _row_as_dict(row: Table, *without: str) -> Json:
    columns = [column.key for column in inspect(type(row)).columns if column.key not in without]
    return {name: _plain(getattr(row, name)) for name in columns}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value  # a datetime is a date, too


def _write_analysis(archive: zipfile.ZipFile, session: Session, history: History, key: str) -> None:
    everything = select(KeptAnalysis.content, KeptAnalysis.pose).where(KeptAnalysis.id == key)
    content, pose = session.execute(everything).one()
    archive.writestr(f"analyses/{key}.json", json.dumps(content, ensure_ascii=False, indent=1))
    if pose is not None:
        archive.writestr(zipfile.ZipInfo(f"pose/{key}.npz"), pose)  # packed already
    folder = history.place.clips / key
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        archive.write(path, f"clips/{key}/{path.relative_to(folder).as_posix()}", zipfile.ZIP_STORED)


# ------------------------------------------------------------------------------------------------ for a spreadsheet


def _tables(session: Session, told: Sequence[Json]) -> dict[str, list[Json]]:
    """The rows of each table, each with the name of its person."""
    tables: dict[str, list[Json]] = {name: [] for name in ("analyses", "numbers", *_OF_A_PERSON)}
    for person in told:
        who = {"person": person["name"]}
        for name in ("analyses", *_OF_A_PERSON):
            tables[name] += [who | {k: v for k, v in row.items() if k != "answers"} for row in person[name]]
        for analysis in person["analyses"]:
            numbers = session.scalars(
                select(Number).where(Number.analysis_id == analysis["id"]).order_by(Number.metric, Number.side)
            )
            tables["numbers"] += [who | {"day": analysis["filmed_on"]} | _row_as_dict(number) for number in numbers]
    return tables


def _csv(rows: Sequence[Json]) -> bytes:
    """With a mark at its beginning by which spreadsheets know UTF-8; no cell is taken for a formula."""
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return ";".join(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


# ------------------------------------------------------------------------------------------------------------- back


def restore(history: History, owner: str, file: IO[bytes]) -> int:
    """Take over everybody in an archive as this owner's people, and return how many; all of it, or nothing.

    Nobody who is there already is changed: whoever has the same name comes as a second one, with a number behind it.
    Raises InputError ``archive_unreadable`` for anything that is not an archive of this or an earlier version.
    """
    taken: list[str] = []
    try:
        with zipfile.ZipFile(file) as archive, tempfile.TemporaryDirectory(prefix="formcheck-restore-") as aside:
            told = _people_in(archive)
            with history.writing() as session:
                for person in told:
                    _take_person(session, history, owner, person, archive, Path(aside), taken)
        return len(told)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, AttributeError, EOFError, RuntimeError) as error:
        remove_clips(history.place, taken)
        raise InputError("archive_unreadable") from error
    except BaseException:
        remove_clips(history.place, taken)
        raise


def _people_in(archive: zipfile.ZipFile) -> list[Json]:
    if sum(info.file_size for info in archive.infolist()) > MOST_BYTES:
        raise ValueError("larger than anything that was ever kept")
    told = json.loads(_read(archive, ROWS))
    if not 1 <= told["schema"] <= SCHEMA or not isinstance(told["people"], list):
        raise ValueError("not an archive of this or an earlier version")
    return list(told["people"])


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > MOST_ROW_BYTES:
        raise ValueError(f"{name} is too large")
    return archive.read(name)


def _take_person(
    session: Session,
    history: History,
    owner: str,
    told: Json,
    archive: zipfile.ZipFile,
    aside: Path,
    taken: list[str],
) -> None:
    from formcheck.history import people

    person = people.add(session, owner, _new_name(session, owner, str(told["name"])), str(told["note"]))
    for name, table in _OF_A_PERSON.items():
        session.add_all(_checked(_row_from(table, row, person_id=person.id)) for row in told[name])
    for row in told["analyses"]:
        old, new = row["id"], new_key()
        if not _KEY.fullmatch(old):
            raise ValueError("no key of ours")
        content = _content(archive, old)
        pose = _read(archive, f"pose/{old}.npz") if f"pose/{old}.npz" in archive.namelist() else None
        files = _unpacked(archive, old, aside)
        if files:
            taken.append(new)
            take_files(history.place, new, files)
        kept = {"id": new, "person_id": person.id, "content": content, "pose": pose, "has_clip": bool(files)}
        session.add(_row_from(KeptAnalysis, row, **kept))
        session.flush()
        session.add_all(numbers_of(new, content))
    session.flush()


def _checked(row: Table) -> Table:
    """The row, if its numbers are such as the page would have taken."""
    check_numbers({name: getattr(row, name) for name in LIMITS if hasattr(row, name)})
    return row


def _content(archive: zipfile.ZipFile, key: str) -> Json:
    content: Json = json.loads(_read(archive, f"analyses/{key}.json"))
    if content["schema"] != SCHEMA_OF_ANALYSIS or not content.keys() >= _NEEDED:
        raise ValueError("not an analysis.json of ours")
    return content


def _new_name(session: Session, owner: str, name: str) -> str:
    from formcheck.history import people

    known = {person.name for person in people.listed(session, owner)}
    number, free = 1, " ".join(name.split())
    while free in known:
        number += 1
        free = f"{' '.join(name.split())[:110]} ({number})"
    return free


def _row_from(table: type[Any], told: Mapping[str, Any], **given: Any) -> Any:
    """A row of what an archive says, each value of the kind its column has; its key is a new one."""
    columns = {column.key: column for column in inspect(table).columns}
    row = {name: _value(columns[name].type.python_type, value) for name, value in told.items() if name in columns}
    row.pop("id", None)
    return table(**(row | given))


def _value(kind: type, value: Any) -> Any:
    if value is None or kind in (dict, list):
        return value
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    if isinstance(value, bool) is not (kind is bool) or not isinstance(value, (int, float) if kind is float else kind):
        raise ValueError(f"{value!r} is not of the kind {kind.__name__}")
    return value


def _unpacked(archive: zipfile.ZipFile, key: str, aside: Path) -> dict[str, Path]:
    """The files of one analysis by name; a name that none of ours has is an error."""
    files: dict[str, Path] = {}
    for info in _members(archive, f"clips/{key}/"):
        found = _CLIP.fullmatch(info.filename)
        if found is None or ".." in found[2] or info.file_size > MOST_FILE_BYTES:
            raise ValueError("a file that was never kept")
        path = aside / new_key()
        with archive.open(info) as packed, path.open("xb") as plain:
            shutil.copyfileobj(packed, plain)
        files[found[2]] = path
    return files


def _members(archive: zipfile.ZipFile, folder: str) -> Iterable[zipfile.ZipInfo]:
    return [info for info in archive.infolist() if info.filename.startswith(folder) and not info.is_dir()]
