"""Behind the page: how it is started, jobs that stop and keep apart, and nothing of a visitor stays."""

from __future__ import annotations

import ast
import gc
import io
import os
import re
import stat
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from ui_work import at_once, failing, until, until_stopped, wait_for

import formcheck
from formcheck.analysis import OnPreview, OnProgress, Progress, ShouldStop
from formcheck.records import InputError
from formcheck.texts import codes
from formcheck.ui import app_path, streamlit_arguments
from formcheck.ui.job import Job, Line, Outcome
from formcheck.ui.samples import Sample, samples
from formcheck.ui.sweeping import sweep
from formcheck.ui.visit import MOST_RESULTS, PREFIX, Clip, Visit, shown

ROOT = Path(__file__).parent.parent
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


# ----------------------------------------------------------------------------------------------- how it is opened


def test_the_flags_say_what_the_settings_file_says() -> None:
    sections = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    written = {f"{section}.{name}": value for section, entries in sections.items() for name, value in entries.items()}
    flags = dict(flag.removeprefix("--").split("=", 1) for flag in streamlit_arguments())
    assert flags == {name: str(v).lower() if isinstance(v, bool) else str(v) for name, v in written.items()}
    assert flags["server.address"] == "127.0.0.1"
    assert flags["browser.gatherUsageStats"] == "false"


def test_streamlit_is_loaded_by_the_page_only() -> None:
    assert app_path().is_file()
    code = "import sys, formcheck.ui, formcheck.ui.job, formcheck.ui.samples; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_only_this_folder_imports_streamlit() -> None:
    package = Path(formcheck.__path__[0])
    importers = {
        path.relative_to(package).parts[0]
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Import) and any(name.name.split(".")[0] == "streamlit" for name in node.names))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "streamlit")
    }
    assert importers == {"ui"}


class TestSamples:
    def test_every_clip_is_listed_by_name(self, tmp_path: Path) -> None:
        for name in ("b_clip.mp4", "a_clip.mp4", "SOURCES.md"):
            (tmp_path / name).touch()
        found = samples((tmp_path / "absent", tmp_path))
        assert [sample.name("en") for sample in found] == ["A clip", "B clip"]

    def test_known_clips_have_a_name_in_both_languages(self) -> None:
        known = Sample(Path("runner_right_good.mp4"))
        assert JAPANESE.search(known.name("ja"))
        assert not JAPANESE.search(known.name("en"))

    def test_without_clips_there_are_none(self, tmp_path: Path) -> None:
        assert samples((tmp_path,)) == ()


# ------------------------------------------------------------------------------------------------------------ jobs


class TestJob:
    def test_stop_takes_effect_at_once_and_leaves_nothing(self, tmp_path: Path) -> None:
        upload = tmp_path / "upload.mp4"
        upload.touch()
        job = Job(until_stopped, tmp_path / "run", Line(1), (upload,)).start()
        look = wait_for(job, "running")
        assert (job.folder / "half.mp4").exists() or look.stage is None
        job.stop()
        assert job.look().phase == "stopped"
        assert job.wait(1.0)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("error", "code"), [(InputError("too_dark"), "too_dark"), (ZeroDivisionError(), "ui_unexpected")]
    )
    def test_an_error_is_told_and_leaves_nothing(self, tmp_path: Path, error: Exception, code: str) -> None:
        job = Job(failing(error), tmp_path / "run", Line(1)).start()
        look = wait_for(job, "failed")
        assert look.error is not None
        assert look.error.code == code
        assert code in codes()
        assert not job.folder.exists()

    def test_a_result_keeps_its_folder_for_its_owner_only(self, tmp_path: Path) -> None:
        job = Job(at_once("a"), tmp_path / "run", Line(1)).start()
        assert wait_for(job, "done").outcome is not None
        assert (job.folder / "analysis.json").read_text() == "a"
        assert stat.S_IMODE(job.folder.stat().st_mode) == 0o700

    def test_progress_never_exceeds_its_bounds_and_begins_at_zero(self, tmp_path: Path) -> None:
        told = threading.Event()

        def drawing(folder: Path, on_progress: OnProgress, should_stop: ShouldStop, on_preview: OnPreview) -> Outcome:
            on_progress(Progress("drawing", 0.64))
            told.set()
            return until_stopped(folder, lambda _: None, should_stop, on_preview)

        job = Job(drawing, tmp_path / "run", Line(1)).start()
        assert told.wait(5)
        assert job.look().share == 0.0
        job.stop()
        assert job.wait(1.0)

    def test_they_wait_their_turn_in_the_order_they_came(self, tmp_path: Path) -> None:
        line = Line(1)
        jobs = []
        for number in range(3):
            jobs.append(Job(until_stopped, tmp_path / str(number), line).start())
            time.sleep(0.05)
        assert [job.look().phase for job in jobs] == ["running", "waiting", "waiting"]
        assert [job.look().ahead for job in jobs] == [0, 1, 2]
        jobs[0].stop()
        wait_for(jobs[1], "running")
        assert jobs[2].look().ahead == 1
        for job in jobs:
            job.stop()
        assert all(job.wait(1.0) for job in jobs)

    def test_stopped_while_waiting(self, tmp_path: Path) -> None:
        line = Line(1)
        first, second = (Job(until_stopped, tmp_path / name, line).start() for name in "ab")
        wait_for(first, "running")
        second.stop()
        assert second.wait(1.0)
        assert first.look().busy
        first.stop()
        assert first.wait(1.0)


# ---------------------------------------------------------------------------------------------------------- visits


@pytest.fixture
def visit() -> Iterator[Visit]:
    one = Visit(Line(2))
    yield one
    one.close()


class TestVisit:
    def test_its_folder_is_private(self, visit: Visit) -> None:
        assert stat.S_IMODE(visit.folder.stat().st_mode) == 0o700

    @pytest.mark.parametrize("name", ["../../../etc/passwd.mp4", "C:\\x\\con.MOV", "a/../b.mp4", "<b>.mp4", "é\n.mp4"])
    def test_a_name_is_never_a_path(self, visit: Visit, name: str) -> None:
        clip = visit.keep(name, io.BytesIO(b"1234"))
        assert clip.path.parent == visit.folder
        assert re.fullmatch(r"[0-9a-f]{16}\.(mp4|mov)", clip.path.name)
        assert clip.path.read_bytes() == b"1234"
        assert not set("/\\\n") & set(clip.shown_name)

    @pytest.mark.parametrize("name", ["clip.exe", "clip", ".mp4", "clip.mp4.html"])
    def test_only_videos_are_kept(self, visit: Visit, name: str) -> None:
        with pytest.raises(InputError, match="not_a_video"):
            visit.keep(name, io.BytesIO(b"1234"))
        assert list(visit.folder.iterdir()) == []

    def test_names_are_shortened(self) -> None:
        assert len(shown("a" * 500 + ".mp4")) <= 80
        assert shown("///") == "clip"

    def test_two_visitors_see_only_their_own(self) -> None:
        mine, yours = Visit(Line(2)), Visit(Line(2))
        for one, name in ((mine, "mine.mp4"), (yours, "yours.mp4")):
            one._start(at_once(name), Clip(Path(name), name, ours=False), ())
        for one, name in ((mine, "mine.mp4"), (yours, "yours.mp4")):
            until(lambda one=one: one.result is not None)
            assert one.result is not None
            assert one.result.outcome.analysis.video.name == name
            assert one.folder in one.result.outcome.folder.parents
        mine.close()
        assert not mine.folder.exists()
        assert yours.folder.exists()
        yours.close()

    def test_the_oldest_result_goes_when_there_are_too_many_and_its_name_stays(self, visit: Visit) -> None:
        for n in range(MOST_RESULTS + 2):
            visit._start(at_once(f"{n}.mp4"), Clip(Path(f"{n}.mp4"), f"{n}.mp4", ours=False), ())
            until(lambda: visit.job is None)
        assert [result.clip.shown_name for result in visit.results] == [f"{n + 2}.mp4" for n in range(MOST_RESULTS)]
        assert visit.result is visit.results[-1]
        assert visit.gone == ["0.mp4", "1.mp4"]
        visit.forget_all()
        assert visit.gone == []

    def test_going_away_stops_the_analysis_and_removes_everything(self, visit: Visit) -> None:
        visit._start(until_stopped, Clip(Path("a.mp4"), "a.mp4", ours=False), ())
        job = visit.job
        assert job is not None
        wait_for(job, "running")
        visit.left(stop_after_s=0.0, remove_after_s=0.1)
        assert job.wait(1.0)
        time.sleep(0.3)
        assert visit.closed
        assert not visit.folder.exists()

    def test_coming_back_in_time_keeps_everything(self, visit: Visit) -> None:
        visit.left(stop_after_s=0.1, remove_after_s=0.1)
        visit.here()
        time.sleep(0.3)
        assert visit.folder.exists()

    def test_forgotten_visits_take_their_folder_along(self) -> None:
        one = Visit(Line(1))
        one._start(until_stopped, Clip(Path("a.mp4"), "a.mp4", ours=False), ())
        folder, job = one.folder, one.job
        assert job is not None
        wait_for(job, "running")
        del one
        gc.collect()
        assert job.wait(1.0)
        assert not folder.exists()

    def test_an_ended_server_leaves_nothing(self, tmp_path: Path) -> None:
        code = "from formcheck.ui.visit import Visit; print(Visit().folder)"
        environment = {**os.environ, "TMPDIR": str(tmp_path)}
        told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert told.stdout.strip().startswith(str(tmp_path))
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.skipif(os.name == "nt", reason="there the age alone decides")
    def test_what_a_killed_server_left_is_swept(self, tmp_path: Path) -> None:
        gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
        dead, alive = int(gone.stdout), os.getpid()
        for name in (f"formcheck-visit-{dead}-a", f"formcheck-visit-{alive}-b", "formcheck-visit-x-c", "other-1-d"):
            (tmp_path / name).mkdir()
        sweep(tmp_path, PREFIX, time.time())
        assert len(list(tmp_path.iterdir())) == 4
        sweep(tmp_path, PREFIX, time.time() + 2 * 86400)
        assert not (tmp_path / f"formcheck-visit-{dead}-a").exists()
        assert len(list(tmp_path.iterdir())) == 3
