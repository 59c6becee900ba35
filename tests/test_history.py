"""What is kept: in a real SQLite file, with real processes that die or write at the same time."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from kept_things import A_JPEG, a_clip_and_its_results, kept_kind_of_analysis
from sqlalchemy import create_engine, event, select
from sqlalchemy import text as sql
from test_running_rear import Across

import formcheck.history
from formcheck.analysis import analyze_pose
from formcheck.history import analyses, people
from formcheck.history.database import HEAD, History, _begin, _prepare, open_history, revision_of, upgrade
from formcheck.history.place import Place, place_of
from formcheck.history.tables import KeptAnalysis, Number, Person, Table
from formcheck.keeping import answers_from, kept_clip, reopened, to_keep, write_again
from formcheck.records import Analysis, InputError, View

LOCAL = people.LOCAL
DAY = date(2026, 5, 4)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "data")


@pytest.fixture
def history(place: Place) -> Iterator[History]:
    with open_history(place) as opened:
        yield opened


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return kept_kind_of_analysis()


def person_in(history: History, name: str = "Aoi", owner: str = LOCAL) -> str:
    with history.writing() as session:
        return people.add(session, owner, name).id


def bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


class TestPlace:
    def test_nothing_is_begun_before_something_is_kept(self, tmp_path: Path) -> None:
        assert not place_of(environment={"FORMCHECK_DATA": str(tmp_path)}).is_begun
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_by_name_is_stronger_than_the_environment(self, tmp_path: Path) -> None:
        said = {"FORMCHECK_DATA": str(tmp_path), "FORMCHECK_DATABASE_URL": "postgresql://host/db"}
        assert place_of(tmp_path / "mine", said) == Place(tmp_path / "mine")
        assert place_of(None, said) == Place(tmp_path, "postgresql+psycopg://host/db")

    def test_only_postgresql_is_a_server(self) -> None:
        with pytest.raises(InputError, match="history_bad_url"):
            place_of(environment={"FORMCHECK_DATABASE_URL": "mysql://host/db"})

    @pytest.mark.skipif(os.name == "nt", reason="there folders have no such rights")
    def test_nobody_else_on_the_machine_can_look_in(self, history: History, place: Place) -> None:
        assert stat.S_IMODE(place.folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(place.file.stat().st_mode) == 0o600

    def test_a_folder_that_cannot_be_is_one_clear_error(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(InputError, match="history_unreachable"):
            open_history(Place(tmp_path / "file"))

    def test_a_file_that_is_no_database_is_left_as_it_is(self, place: Place) -> None:
        place.folder.mkdir()
        place.file.write_bytes(b"dear diary, " * 1000)
        with pytest.raises(InputError, match="history_unreachable"):
            open_history(place)
        assert place.file.read_bytes() == b"dear diary, " * 1000


class TestPeople:
    def test_each_owner_sees_their_own_only(self, history: History) -> None:
        mine, theirs = person_in(history, "Aoi", "a"), person_in(history, "Aoi", "b")
        with history.reading() as session:
            assert [p.id for p in people.listed(session, "a")] == [mine]
            assert people.find(session, "b", "Aoi").id == theirs
            for name in (theirs, "Ben"):
                with pytest.raises(InputError, match="no_such_person_kept"):
                    people.find(session, "a", name)
        with pytest.raises(InputError, match="no_such_person_kept"):
            people.delete_person(history, "a", theirs)

    @pytest.mark.parametrize("name", ["", "   ", "x" * 121, "a\x00b", "a\u202eb"])
    def test_a_name_is_a_name(self, history: History, name: str) -> None:
        with pytest.raises(InputError, match="person_name"):
            person_in(history, name)

    def test_two_of_the_same_name_would_be_mixed_up(self, history: History) -> None:
        person_in(history, "青井  はる")
        with pytest.raises(InputError, match="person_exists"):
            person_in(history, " 青井 はる")

    def test_renamed_and_still_the_same(self, history: History) -> None:
        mine = person_in(history)
        with history.writing() as session:
            person = people.find(session, LOCAL, mine)
            people.rename(session, person, "Aoi")
            people.rename(session, person, "Aoi M.")
        with history.reading() as session:
            assert [p.name for p in people.listed(session, LOCAL)] == ["Aoi M."]


class TestKeeping:
    def test_what_comes_back_is_what_was_kept(self, history: History, analysis: Analysis) -> None:
        mine = person_in(history)
        analyses.keep(history, LOCAL, mine, to_keep(analysis, DAY))
        with history.reading() as session:
            (row,) = analyses.listed(session, people.find(session, LOCAL, mine))
            kept = analyses.find(session, people.find(session, LOCAL, mine), row.id)
        again = reopened(kept)
        for name in ("measurements", "comparisons", "segments", "findings", "key_moments", "warnings", "answers"):
            assert rounded(getattr(again, name)) == rounded(getattr(analysis, name)), name
        assert (again.video, again.subject, again.view) == (analysis.video, analysis.subject, analysis.view)
        assert again.signals.near_side == analysis.signals.near_side

    def test_a_pose_alone_gives_the_numbers_of_the_day_not_those_of_today(
        self, history: History, analysis: Analysis
    ) -> None:
        mine = person_in(history)
        kept = analyses.keep(history, LOCAL, mine, to_keep(analysis, DAY))
        today = analyze_pose(reopened(kept).pose, analysis.video)
        assert {m.metric for m in today.measurements} != {m.metric for m in analysis.measurements}
        assert {m.metric for m in reopened(kept).measurements} == {m.metric for m in analysis.measurements}

    @pytest.mark.parametrize("view", ["rear", "front"])
    def test_who_walked_is_still_opened_though_walking_is_refused_now(
        self, history: History, analysis: Analysis, view: View
    ) -> None:
        walker = Across(view=view, cadence_spm=108.0, bounce_leg=-0.02).pose()
        with pytest.raises(InputError, match="walks"):
            analyze_pose(walker, analysis.video)
        before = replace(analysis, pose=walker, view=view)
        kept = analyses.keep(history, LOCAL, person_in(history), to_keep(before, DAY))
        again = reopened(kept)
        assert rounded(again.measurements) == rounded(analysis.measurements)
        assert again.warnings == analysis.warnings
        assert again.strides

    def test_what_this_version_makes_nothing_of_is_one_clear_error(self, history: History, analysis: Analysis) -> None:
        nobody = replace(analysis.pose, xy_px=np.full_like(analysis.pose.xy_px, np.nan))
        kept = analyses.keep(history, LOCAL, person_in(history), to_keep(replace(analysis, pose=nobody), DAY))
        with pytest.raises(InputError, match="kept_not_opened") as refused:
            reopened(kept)
        assert refused.value.details == {"name": analysis.video.name, "day": DAY.isoformat()}
        damaged = analyses.keep(history, LOCAL, person_in(history, "Ben"), to_keep(analysis, DAY))
        del damaged.content["measurements"]
        with pytest.raises(InputError, match="kept_not_opened"):
            reopened(damaged)

    def test_files_are_written_again_without_a_picture_where_none_was_kept(
        self, history: History, analysis: Analysis, tmp_path: Path
    ) -> None:
        kept = analyses.keep(history, LOCAL, person_in(history), to_keep(analysis, DAY))
        folder = tmp_path / "again"
        folder.mkdir()
        write_again(reopened(kept), analyses.clip_folder(history.place, kept), folder, "ja")
        names = {path.name for path in folder.rglob("*")}
        assert names == {"analysis.json", "signals.csv", "events.csv", "pose.npz", "report.html", "plan.html"}
        assert "data:image/jpeg" not in (folder / "report.html").read_text(encoding="utf-8")
        assert not history.place.clips.exists()

    def test_a_clip_is_kept_only_when_asked_and_comes_back(
        self, history: History, analysis: Analysis, tmp_path: Path
    ) -> None:
        clip, results = a_clip_and_its_results(tmp_path)
        kept = analyses.keep(history, LOCAL, person_in(history), to_keep(analysis, DAY, results, clip))
        folder = analyses.clip_folder(history.place, kept)
        again = kept_clip(folder)
        assert again is not None
        assert again.read_bytes() == b"as filmed"
        out = tmp_path / "again"
        out.mkdir()
        write_again(reopened(kept), folder, out, "en")
        assert (out / "annotated.mp4").read_bytes() == b"annotated"
        assert (out / "frames" / "contact_right.jpg").read_bytes() == A_JPEG
        assert "data:image/jpeg" in (out / "report.html").read_text(encoding="utf-8")

    def test_a_face_that_was_blurred_is_not_kept_as_filmed(
        self, history: History, analysis: Analysis, tmp_path: Path
    ) -> None:
        clip, results = a_clip_and_its_results(tmp_path)
        what = to_keep(replace(analysis, blur_face=True), DAY, results, clip)
        kept = analyses.keep(history, LOCAL, person_in(history), what)
        assert kept_clip(analyses.clip_folder(history.place, kept)) is None
        assert reopened(kept).blur_face
        assert b"as filmed" not in bytes_in(history.place.folder)

    def test_numbers_are_there_for_trends_and_missing_ones_are_not(self, history: History, analysis: Analysis) -> None:
        kept = analyses.keep(history, LOCAL, person_in(history), to_keep(analysis, DAY))
        with history.reading() as session:
            rows = {row.metric: row for row in session.scalars(select(Number).where(Number.analysis_id == kept.id))}
        measured = {m.metric for m in analysis.measurements if isinstance(m.value, float)}
        assert set(rows) == measured
        assert rows["cadence_spm"].uncertainty == pytest.approx(0.6)

    def test_a_disk_that_fails_leaves_nothing(self, history: History, analysis: Analysis, tmp_path: Path) -> None:
        what = replace(to_keep(analysis, DAY), files={"clip.mp4": tmp_path / "gone.mp4"})
        mine = person_in(history)
        with pytest.raises(InputError, match="history_unreachable"):
            analyses.keep(history, LOCAL, mine, what)
        assert list(history.place.clips.iterdir()) == []
        with history.reading() as session:
            assert analyses.listed(session, people.find(session, LOCAL, mine)) == []

    def test_nobody_keeps_anything_for_somebody_elses_person(self, history: History, analysis: Analysis) -> None:
        theirs = person_in(history, "Ben", "b")
        with pytest.raises(InputError, match="no_such_person_kept"):
            analyses.keep(history, "a", theirs, to_keep(analysis, DAY))


class TestDeleting:
    def test_a_person_is_really_gone(self, history: History, analysis: Analysis, tmp_path: Path) -> None:
        mine, other = person_in(history, "Unmistakable Name"), person_in(history, "Ben")
        clip, results = a_clip_and_its_results(tmp_path)
        video = replace(analysis.video, name="unmistakable_clip.mp4")
        what = to_keep(replace(analysis, video=video), DAY, results, clip)
        analyses.keep(history, LOCAL, mine, what)
        analyses.keep(history, LOCAL, other, to_keep(analysis, DAY))
        folder = history.place.folder
        assert b"Unmistakable Name" in bytes_in(folder)
        assert b"unmistakable_clip" in bytes_in(folder)
        people.delete_person(history, LOCAL, mine)
        left = bytes_in(folder)
        for trace in (b"Unmistakable", b"unmistakable", b"as filmed", mine.encode()):
            assert trace not in left, trace
        assert list(history.place.clips.iterdir()) == []
        with history.reading() as session:
            assert [p.name for p in people.listed(session, LOCAL)] == ["Ben"]
            assert len(list(session.scalars(select(KeptAnalysis)))) == 1

    def test_while_somebody_else_reads(self, history: History) -> None:
        mine = person_in(history, "Unmistakable Name")
        with open_history(history.place) as other, other.reading() as session:
            assert people.listed(session, LOCAL)[0].id == mine
            session.rollback()
            people.delete_person(history, LOCAL, mine)
        assert b"Unmistakable" not in bytes_in(history.place.folder)

    def test_one_analysis(self, history: History, analysis: Analysis) -> None:
        mine = person_in(history)
        first, second = (analyses.keep(history, LOCAL, mine, to_keep(analysis, DAY)) for _ in "ab")
        analyses.delete_analysis(history, LOCAL, mine, first.id)
        with history.reading() as session:
            assert [a.id for a in analyses.listed(session, people.find(session, LOCAL, mine))] == [second.id]
            assert {n.analysis_id for n in session.scalars(select(Number))} == {second.id}

    def test_what_a_killed_process_left_is_swept_and_nothing_else(
        self, history: History, analysis: Analysis, tmp_path: Path
    ) -> None:
        clip, results = a_clip_and_its_results(tmp_path)
        kept = analyses.keep(history, LOCAL, person_in(history), to_keep(analysis, DAY, results, clip))
        for name in ("fresh", ".old", "old"):
            (history.place.clips / name).mkdir()
        long_ago = time.time() - 3 * 86400
        for name in (".old", "old", kept.id):
            os.utime(history.place.clips / name, (long_ago, long_ago))
        analyses.sweep(history)
        assert {folder.name for folder in history.place.clips.iterdir()} == {"fresh", kept.id}


SAVER = """
import sys, time
from pathlib import Path
from formcheck.history import people
from formcheck.history.database import open_history
from formcheck.history.place import Place
history = open_history(Place(Path(sys.argv[1])))
number = 0
while True:
    with history.writing() as session:
        for name in "ab":
            people.add(session, people.LOCAL, f"{sys.argv[2]} {number} {name}", "x" * 20_000)
            session.flush()
            print(f"{number}{name}", flush=True)
    print(f"saved {number}", flush=True)
    time.sleep(0.02)
    number += 1
    if number == int(sys.argv[3]):
        break
"""


class TestProcesses:
    @pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
    def test_killed_in_the_middle_of_a_save_nothing_saved_before_is_lost(self, place: Place) -> None:
        """The process is killed between the two rows of a save, five times over."""
        told_saved = 0
        for attempt in range(5):
            saver = subprocess.Popen(
                [sys.executable, "-c", SAVER, str(place.folder), str(attempt), "0"], stdout=subprocess.PIPE, text=True
            )
            assert saver.stdout is not None
            for line in saver.stdout:
                told_saved += line.startswith("saved")
                if line.startswith(f"{attempt}a"):  # after as many saves as attempts, the first row of the next
                    os.kill(saver.pid, signal.SIGKILL)
                    break
            told_saved += sum(line.startswith("saved") for line in saver.stdout)
            saver.wait()
            saver.stdout.close()
            with open_history(place) as history, history.reading() as session:
                names = [p.name for p in people.listed(session, LOCAL)]
                assert session.execute(sql("PRAGMA integrity_check")).scalar_one() == "ok"
            assert len(names) >= 2 * told_saved
            assert sorted(n[:-1] for n in names if n.endswith("a")) == sorted(n[:-1] for n in names if n.endswith("b"))
        assert told_saved >= 10

    def test_several_at_once_wait_for_each_other(self, place: Place) -> None:
        """Also for the one that makes the tables: all begin on an empty folder."""
        savers = [
            subprocess.Popen([sys.executable, "-c", SAVER, str(place.folder), str(n), "8"], stdout=subprocess.PIPE)
            for n in range(3)
        ]
        assert [saver.communicate(timeout=120) and saver.returncode for saver in savers] == [0] * 3
        with open_history(place) as history, history.reading() as session:
            assert len(people.listed(session, LOCAL)) == 3 * 8 * 2
            assert session.execute(sql("PRAGMA journal_mode")).scalar_one() == "wal"

    def test_several_make_the_folder_at_once(self, tmp_path: Path) -> None:
        for number in range(20):
            place, begin = Place(tmp_path / f"{number}" / "data"), Barrier(6)

            def open_it(place: Place = place, begin: Barrier = begin) -> bool:
                begin.wait()
                with open_history(place) as history, history.reading() as session:
                    return people.listed(session, LOCAL) == []

            with ThreadPoolExecutor(6) as pool:
                assert all(future.result() for future in [pool.submit(open_it) for _ in range(6)])
            assert stat.S_IMODE(place.folder.stat().st_mode) == 0o700


class TestRevisions:
    def test_the_newest_is_the_one_the_code_expects(self) -> None:
        scripts = ScriptDirectory(str(Path(formcheck.history.__path__[0]) / "migrations"))
        assert scripts.get_current_head() == HEAD
        assert scripts.get_bases() == ["r0001"]

    def test_the_steps_lead_to_the_tables(self, history: History) -> None:
        with history.engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []

    def test_from_the_first_revision_up_with_people_in_it(self, place: Place) -> None:
        place.folder.mkdir()
        engine = create_engine(f"sqlite:///{place.file}")
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        with engine.begin() as connection:
            upgrade(connection, "r0001")
            connection.execute(sql("INSERT INTO people VALUES ('local', '青井', '', '2026-05-04 10:00:00', 'p1')"))
            connection.execute(
                sql(
                    "INSERT INTO analyses VALUES ('p1', 'run.mp4', '2026-05-04', 'running', '{\"schema\": 1}', NULL,"
                    " x'00', 0, '2026-05-04 10:00:00', 'a1')"
                )
            )
            connection.execute(sql("INSERT INTO numbers VALUES ('a1', 'cadence_spm', '', 'spm', 170, 0.6, 'ok', 8)"))
        engine.dispose()
        with open_history(place) as history, history.reading() as session:
            assert revision_of(session.connection()) == HEAD
            person = people.find(session, LOCAL, "青井")
            (kept,) = analyses.listed(session, person)
            assert analyses.find(session, person, kept.id).content == {"schema": 1}
            assert session.scalars(select(Number)).one().value == 170

    def test_a_step_that_fails_changes_nothing(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        place.folder.mkdir()
        with sqlite3.connect(place.file) as plain:
            plain.execute("CREATE TABLE numbers (somebody_elses INTEGER)")  # the last step will find it in its way
        with pytest.raises(InputError, match="history_unreachable"):
            open_history(place)
        with sqlite3.connect(place.file) as plain:
            assert plain.execute("SELECT name FROM sqlite_master").fetchall() == [("numbers",)]

    def test_one_of_a_later_version_is_left_alone(self, place: Place) -> None:
        open_history(place).close()
        with sqlite3.connect(place.file) as plain:
            plain.execute("UPDATE alembic_version SET version_num = 'r9999'")
        with pytest.raises(InputError, match="history_newer"):
            open_history(place)

    def test_alembic_is_loaded_only_where_there_is_something_to_do(self, place: Place) -> None:
        open_history(place).close()
        code = (
            "import sys; from pathlib import Path; from formcheck.history.database import open_history; "
            "from formcheck.history.place import Place; open_history(Place(Path(sys.argv[1]))).close(); "
            "sys.exit('alembic' in sys.modules)"
        )
        assert subprocess.run([sys.executable, "-c", code, str(place.folder)], check=False).returncode == 0


def test_answers_come_back() -> None:
    kept = {"choices": {"place": ["knee"], "signs": []}, "numbers": {"age": 34.0}}
    again = answers_from(kept)
    assert again.choices == {"place": {"knee"}, "signs": frozenset()}
    assert again.numbers == {"age": 34.0}


def test_a_person_is_not_loaded_with_everything(history: History, analysis: Analysis) -> None:
    mine = person_in(history)
    analyses.keep(history, LOCAL, mine, to_keep(analysis, DAY))
    with history.reading() as session:
        (row,) = analyses.listed(session, session.scalars(select(Person)).one())
        assert {"content", "pose", "answers"} & set(row.__dict__) == set()


def rounded(record: object) -> object:
    """A record with its numbers as ``analysis.json`` has them."""
    if isinstance(record, float):
        return pytest.approx(record, abs=6e-5, nan_ok=True)
    if isinstance(record, tuple):
        return tuple(rounded(part) for part in record)
    if hasattr(record, "__dataclass_fields__"):
        return {name: rounded(getattr(record, name)) for name in record.__dataclass_fields__}
    if isinstance(record, dict):
        return {name: rounded(value) for name, value in record.items()}
    return record
