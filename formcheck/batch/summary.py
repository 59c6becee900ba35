"""``batch.json`` and ``batch.csv``: what became of each clip, with its numbers, in one file for all.

``batch.json`` is written anew after every clip, so that the next call can go on from there.
"""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from formcheck.batch.plan import Entry
from formcheck.records import InputError

SCHEMA = 1
JSON_NAME, CSV_NAME = "batch.json", "batch.csv"
_KEPT = ("metric", "side", "unit", "value", "uncertainty", "n", "status")

Json = dict[str, Any]


def read_entries(out: Path, folder: Path) -> dict[str, Entry]:
    """The entries of an earlier call by clip; none where there is no readable summary.

    Raises InputError ``other_batch`` when the results there are those of another folder.
    """
    try:
        found = json.loads((out / JSON_NAME).read_text(encoding="utf-8"))
        names = Entry.__dataclass_fields__
        entries = [Entry(**{name: clip[name] for name in names}) for clip in found["clips"]]
        made_from = str(found["folder"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    if made_from != str(folder.resolve()):
        raise InputError("other_batch", folder=made_from)
    return {entry.clip: entry for entry in entries}


def write_json(out: Path, folder: Path, entries: Iterable[Entry]) -> None:
    """Write ``batch.json``, whole or not at all."""
    clips = [asdict(entry) | contents_of(out, entry) for entry in entries]
    content = {"schema": SCHEMA, "folder": str(folder.resolve()), "clips": clips}
    _write_whole(out / JSON_NAME, json.dumps(content, indent=1) + "\n")


def write_csv(out: Path, entries: Iterable[Entry]) -> None:
    """Write ``batch.csv``: a row for each clip, two columns for each number that any clip has; blank where none is."""
    rows, columns = [], dict.fromkeys(("clip", "folder", "state", "error", "time_s", "activity", "view"))
    for entry in entries:
        row: Json = {name: getattr(entry, name) for name in columns if hasattr(entry, name)}
        row["time_s"] = round(entry.time_s, 1)
        told = contents_of(out, entry)
        row |= {name: told[name] for name in ("activity", "view")} | _cells(told["measurements"])
        rows.append(row)
    columns |= dict.fromkeys(name for row in rows for name in row)
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.DictWriter(file, list(columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        file.seek(0)
        _write_whole(out / CSV_NAME, file.read())


def contents_of(out: Path, entry: Entry) -> Json:
    """What the clip's ``analysis.json`` says: ``activity``, ``view`` and ``measurements`` without their single values.

    None and no measurements for a clip that failed. Each file is read once for as long as it stays the same: the
    summary is written after every clip, of all clips.
    """
    if entry.state != "failed":
        path = out / entry.folder / "analysis.json"
        with suppress(OSError, ValueError):
            return _contents(path, path.stat().st_mtime_ns)
    return {"activity": None, "view": None, "measurements": []}


@cache
def _contents(path: Path, mtime_ns: int) -> Json:
    """``mtime_ns`` is not read: it is when the file was written."""
    found = json.loads(path.read_text(encoding="utf-8"))
    measurements = [{name: measurement[name] for name in _KEPT} for measurement in found["measurements"]]
    return {"activity": found["activity"], "view": found["view"], "measurements": measurements}


def _cells(measurements: Iterable[Mapping[str, Any]]) -> Json:
    cells: Json = {}
    for measurement in measurements:
        side = "" if measurement["side"] is None else f"_{measurement['side']}"
        name = f"{measurement['metric']}{side}"
        cells[name] = measurement["value"]
        if not isinstance(measurement["value"], str):
            cells[f"{name}_uncertainty"] = measurement["uncertainty"]
    return cells


def _write_whole(path: Path, content: str) -> None:
    aside = path.with_name(f".{path.name}.new")
    try:
        aside.write_text(content, encoding="utf-8", errors="replace", newline="\n")
        os.replace(aside, path)
    except OSError as error:
        raise InputError("cannot_write_output", path=str(path), why=error.strerror or "") from error
