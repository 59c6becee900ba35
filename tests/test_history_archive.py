"""Backup, export and back: everything comes back, nothing of anybody else, and no archive chooses a path."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from kept_things import a_clip_and_its_results, kept_kind_of_analysis

from formcheck.cli import run
from formcheck.history import analyses, diary, people
from formcheck.history.archive import restore, save_archive, write_archive
from formcheck.history.database import History, open_history
from formcheck.history.place import Place, place_of
from formcheck.keeping import reopened, to_keep
from formcheck.records import InputError

LOCAL = people.LOCAL
DAY = date(2026, 5, 4)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with open_history(Place(tmp_path / "data")) as opened:
        yield opened


@pytest.fixture
def whole_person(history: History, tmp_path: Path) -> str:
    """Somebody with one of everything, beside somebody else and another owner's."""
    with history.writing() as session:
        person = people.add(session, LOCAL, "青井 はる")
        people.add(session, LOCAL, "Ben")
        people.add(session, "other", "Client of another")
        diary.write_day(session, person, DAY, before=0, during=2, places=["knee", "calf"], condition=4, note="=SUM(1)")
        diary.write_exercise(session, person, DAY, "draw_in", reps=10, seconds=5, hurt=True)
        diary.write_run(session, person, DAY, 8.25, 50)
        key = person.id
    analysis = kept_kind_of_analysis()
    clip, results = a_clip_and_its_results(tmp_path)
    analyses.keep(history, LOCAL, key, to_keep(analysis, DAY, results, clip))
    analyses.keep(history, LOCAL, key, to_keep(analysis, DAY + timedelta(days=14)))
    return key


def packed(history: History, person_id: str | None = None) -> io.BytesIO:
    file = io.BytesIO()
    write_archive(history, LOCAL, file, person_id)
    file.seek(0)
    return file


def everything_of(history: History, name: str, owner: str = LOCAL) -> dict[str, Any]:
    """What is kept of a person, without the keys, which are new ones everywhere."""
    with history.reading() as session:
        person = people.find(session, owner, name)
        rows = {
            "days": [(d.day, d.before, d.during, d.places, d.condition, d.note) for d in diary.days(session, person)],
            "done": [(e.day, e.exercise, e.reps, e.seconds, e.hurt) for e in diary.exercises(session, person)],
            "runs": [(r.day, r.km, r.minutes) for r in diary.runs(session, person)],
        }
        found = [analyses.find(session, person, row.id) for row in analyses.listed(session, person)]
    files = []
    for kept in found:
        folder = analyses.clip_folder(history.place, kept)
        paths = sorted(folder.rglob("*.*")) if folder else []
        files.append([(path.name, path.read_bytes()) for path in paths])
    said = [(a.filmed_on, a.name, a.activity, a.content, a.answers, a.pose, a.kept_at, a.has_clip) for a in found]
    return {**rows, "analyses": said, "files": files}


def test_everything_comes_back_elsewhere(history: History, whole_person: str, tmp_path: Path) -> None:
    with open_history(Place(tmp_path / "elsewhere")) as other:
        assert restore(other, "somebody", packed(history)) == 2
        before, after = everything_of(history, "青井 はる"), everything_of(other, "青井 はる", "somebody")
        assert after == before
        assert len(before["files"][1]) == 3
        with other.reading() as session:
            person = people.find(session, "somebody", "青井 はる")
            kept = analyses.find(session, person, analyses.listed(session, person)[0].id)
        assert reopened(kept).answers == kept_kind_of_analysis().answers


def test_nobody_who_is_there_is_changed(history: History, whole_person: str) -> None:
    before = everything_of(history, "青井 はる")
    file = packed(history, whole_person)
    for number in (2, 3):
        file.seek(0)
        assert restore(history, LOCAL, file) == 1
        assert everything_of(history, f"青井 はる ({number})")["days"] == before["days"]
    assert everything_of(history, "青井 はる") == before


def test_only_this_owners_people_and_of_an_export_only_this_person(history: History, whole_person: str) -> None:
    with zipfile.ZipFile(packed(history)) as everybody, zipfile.ZipFile(packed(history, whole_person)) as one:
        names = [[p["name"] for p in json.loads(archive.read("people.json"))["people"]] for archive in (everybody, one)]
        assert names == [["Ben", "青井 はる"], ["青井 はる"]]
        assert b"Client of another" not in b"".join(everybody.read(name) for name in everybody.namelist())
    with pytest.raises(InputError, match="no_such_person_kept"):
        write_archive(history, "other", io.BytesIO(), whole_person)


def test_spreadsheets_can_read_it_and_run_nothing_of_it(history: History, whole_person: str) -> None:
    with zipfile.ZipFile(packed(history)) as archive:
        tables = {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            for name in archive.namelist()
            if name.endswith(".csv")
        }
    assert {name: len(rows) for name, rows in tables.items()} == {
        "analyses.csv": 2,
        "numbers.csv": 10,
        "diary.csv": 1,
        "exercises.csv": 1,
        "runs.csv": 1,
    }
    (day,) = tables["diary.csv"]
    assert (day["person"], day["places"], day["note"]) == ("青井 はる", "knee;calf", "'=SUM(1)")
    assert {row["metric"] for row in tables["numbers.csv"]} >= {"cadence_spm", "overstride_pct_leg"}


def test_a_file_appears_whole_or_not_at_all(history: History, whole_person: str, tmp_path: Path) -> None:
    path = tmp_path / "out" / "backup.zip"
    assert save_archive(history, LOCAL, path) == 2
    assert zipfile.ZipFile(path).testzip() is None
    before = path.read_bytes()
    with pytest.raises(InputError, match="no_such_person_kept"):
        save_archive(history, LOCAL, path, "nobody")
    assert [p.name for p in path.parent.iterdir()] == ["backup.zip"]
    assert path.read_bytes() == before
    with pytest.raises(InputError, match="cannot_write_output"):
        save_archive(history, LOCAL, path.parent)
    assert {p.name for p in (*path.parent.iterdir(), *tmp_path.glob(".formcheck-*"))} == {"backup.zip"}


def spoilt(file: io.BytesIO, change: Callable[[str, bytes], tuple[str, bytes]]) -> io.BytesIO:
    """The archive with each file changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(out, "w") as writing:
        for name in archive.namelist():
            writing.writestr(*change(name, archive.read(name)))
    out.seek(0)
    return out


def in_rows(old: str, new: str) -> Callable[[str, bytes], tuple[str, bytes]]:
    def change(name: str, data: bytes) -> tuple[str, bytes]:
        assert name != "people.json" or old.encode() in data
        return name, data.replace(old.encode(), new.encode()) if name == "people.json" else data

    return change


SPOILT: dict[str, Callable[[str, bytes], tuple[str, bytes]]] = {
    "a later version": in_rows('"schema": 1', '"schema": 2'),
    "no number": in_rows('"km": 8.25', '"km": "8.25"'),
    "a pain nobody has": in_rows('"during": 2', '"during": 99'),
    "no day": in_rows('"day": "2026-05-04"', '"day": "yesterday"'),
    "a path that leads away": lambda name, data: (name.replace("/frames/", "/../../"), data),
    "a pose that chooses its path": in_rows('"analyses": [', '"analyses": [{"id": "../../etc"}, '),
    "no analysis": lambda name, data: (name, b"{}" if name.startswith("analyses/") else data),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_archive_is_one_error_and_leaves_nothing(
    history: History, whole_person: str, tmp_path: Path, how: str
) -> None:
    place = Place(tmp_path / "elsewhere")
    with open_history(place) as other:
        with pytest.raises(InputError, match=r"archive_unreadable|diary_number"):
            restore(other, LOCAL, spoilt(packed(history), SPOILT[how]))
        with other.reading() as session:
            assert people.listed(session, LOCAL) == []
    assert not place.clips.exists() or list(place.clips.iterdir()) == []
    assert {path.name for path in tmp_path.iterdir()} == {"data", "elsewhere", "f3a1.MP4", "results"}


@pytest.mark.parametrize("data", [b"", b"dear diary", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_archive_is_one_error(history: History, data: bytes) -> None:
    with pytest.raises(InputError, match="archive_unreadable"):
        restore(history, LOCAL, io.BytesIO(data))


class TestCommandLine:
    def test_from_adding_to_deleting(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        data, backup = str(tmp_path / "mine"), str(tmp_path / "backup.zip")
        for words in (
            ["list"],
            ["add", "Aoi"],
            ["rename", "Aoi", "--to", "Haru"],
            ["backup", "--to", backup],
            ["delete", "Haru", "--yes"],
            ["restore", "--to", backup],
            ["list"],
        ):
            assert run(["people", *words, "--data", data, "--lang", "en"]) == 0, words
        told = capsys.readouterr().out
        assert told.startswith("Nobody is kept here yet.")
        assert told.rstrip().splitlines()[-1].split() == ["Haru", "0", "–"]
        assert not place_of().folder.exists()

    @pytest.mark.parametrize(
        "words", [["add"], ["export", "Aoi"], ["delete", "Nobody", "--yes"], ["restore", "--to", "no.zip"], ["fly"]]
    )
    def test_what_makes_no_sense_is_one_line(self, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["people", *words, "--lang", "en"]) == 2
        assert len(capsys.readouterr().err.strip().splitlines()) == 1

    def test_deleting_asks_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert run(["people", "add", "Aoi"]) == 0
        monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
        assert run(["people", "delete", "Aoi"]) == 130
        with open_history(place_of()) as history, history.reading() as session:
            assert [person.name for person in people.listed(session, LOCAL)] == ["Aoi"]

    def test_an_analysis_is_kept_for_somebody_who_is_there(
        self, tiny_clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        words = [
            "analyze",
            str(tiny_clip),
            "--out",
            str(tmp_path),
            "--pose",
            "fast",
            "--lang",
            "en",
            "--keep-for",
            "Aoi",
        ]
        assert run(words) == 2, "before anything was analysed"
        assert list(tmp_path.iterdir()) == []
        assert run(["people", "add", "Aoi"]) == 0
        assert run([*words, "--filmed-on", "yesterday"]) == 2
        assert run([*words, "--filmed-on", "2026-05-04", "--keep-clip"]) == 0
        assert "Kept for Aoi." in capsys.readouterr().out
        with open_history(place_of()) as history:
            with history.reading() as session:
                person = people.find(session, LOCAL, "Aoi")
                (row,) = analyses.listed(session, person)
                kept = analyses.find(session, person, row.id)
            folder = analyses.clip_folder(history.place, kept)
        written = json.loads((tmp_path / "tiny" / "analysis.json").read_text(encoding="utf-8"))
        assert (kept.filmed_on, kept.content) == (DAY, written)
        assert folder is not None
        assert (folder / "clip.mp4").read_bytes() == tiny_clip.read_bytes()
        assert (folder / "annotated.mp4").read_bytes() == (tmp_path / "tiny" / "annotated.mp4").read_bytes()
