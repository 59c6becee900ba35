"""Many clips at once: real processes, a real Dask cluster on this machine, real deaths."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_cli import OUTPUTS, Called, assert_refused, environment, formcheck

from formcheck.analysis import Options
from formcheck.batch.plan import Clip, Entry, clips_in, fingerprint, folder_names, still_good
from formcheck.batch.summary import CSV_NAME, JSON_NAME
from formcheck.records import Answers
from formcheck.texts import text

FAST = ("--pose", "fast")
SUMMARY = {JSON_NAME, CSV_NAME}


def names_in(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def entries_of(out: Path) -> dict[str, dict[str, object]]:
    found = json.loads((out / JSON_NAME).read_text(encoding="utf-8"))
    return {clip["clip"]: clip for clip in found["clips"]}


@pytest.fixture(scope="module")
def clips(tiny_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    (folder / "anna").mkdir()
    shutil.copy(tiny_clip, folder / "anna" / "[bold]=run 走.MP4")
    shutil.copy(tiny_clip, folder / "run.mp4")
    (folder / "run.mov").write_text("not a clip")
    (folder / "notes.txt").write_text("172 steps/min")
    (folder / ".hidden.mp4").touch()
    return folder


@pytest.fixture(scope="module")
def out(clips: Path) -> Path:
    return clips / "results"  # inside: its clips are not to be analysed the next time


@pytest.fixture(scope="module")
def first(clips: Path, out: Path) -> subprocess.CompletedProcess[str]:
    return formcheck("batch", clips, "--out", out, *FAST, COLUMNS="120")


class TestWholeFolder:
    """One batch with everything in it, looked at from all sides, and then once more."""

    def test_one_failure_does_not_stop_the_rest(self, first: subprocess.CompletedProcess[str], out: Path) -> None:
        assert first.returncode == 2
        (line,) = first.stderr.splitlines()
        assert line == f"formcheck: run.mov: {text('not_a_video', 'en')}"
        assert names_in(out) == SUMMARY | {"anna_[bold]=run 走", "run_2"}
        assert names_in(out / "run_2") == names_in(out / "anna_[bold]=run 走") == OUTPUTS

    def test_it_says_what_it_does_and_what_came_of_it(self, first: subprocess.CompletedProcess[str], out: Path) -> None:
        assert first.stdout.count(text("batch_left_alone", "en", n=1)) == 1
        assert text("batch_done", "en", written=2, kept=0, failed=1, summary=out / CSV_NAME) in first.stdout
        assert "anna/[bold]=run 走.MP4" in first.stdout
        assert "±" in first.stdout

    def test_summary_has_the_numbers_of_the_folders(self, first: subprocess.CompletedProcess[str], out: Path) -> None:
        whole = json.loads((out / "run_2" / "analysis.json").read_text(encoding="utf-8"))
        (cadence,) = [m for m in whole["measurements"] if m["metric"] == "cadence_spm"]
        with (out / CSV_NAME).open(encoding="utf-8", newline="") as file:
            rows = {row["clip"]: row for row in csv.DictReader(file)}
        assert list(rows) == ["anna/[bold]=run 走.MP4", "run.mov", "run.mp4"]
        assert float(rows["run.mp4"]["cadence_spm"]) == cadence["value"]
        assert float(rows["run.mp4"]["cadence_spm_uncertainty"]) == cadence["uncertainty"]
        assert (rows["run.mov"]["state"], rows["run.mov"]["error"]) == ("failed", "not_a_video")
        assert rows["run.mov"]["cadence_spm"] == rows["run.mov"]["activity"] == ""
        assert (rows["run.mp4"]["activity"], rows["run.mp4"]["view"]) == ("running", "side")
        (kept,) = [m for m in entries_of(out)["run.mp4"]["measurements"] if m["metric"] == "cadence_spm"]  # type: ignore[attr-defined]
        assert kept["value"] == cadence["value"]

    def test_again_only_the_failed_one_is_tried(
        self, first: subprocess.CompletedProcess[str], clips: Path, out: Path
    ) -> None:
        before = (out / "run_2" / "analysis.json").stat().st_mtime_ns
        again = formcheck("batch", clips, "--out", out, *FAST)
        assert again.returncode == 2
        assert text("batch_done", "en", written=0, kept=2, failed=1, summary=out / CSV_NAME) in again.stdout
        assert (out / "run_2" / "analysis.json").stat().st_mtime_ns == before
        (clips / "run.mov").unlink()
        done = formcheck("batch", clips, "--out", out, *FAST, "--lang", "en")
        assert (done.returncode, done.stderr) == (0, "")
        assert set(entries_of(out)) == {"anna/[bold]=run 走.MP4", "run.mp4"}


class TestWhatIsKept:
    """A folder is kept when it is whole, and made of this file with these options."""

    @pytest.fixture
    def case(self, tmp_path: Path) -> tuple[Clip, Entry, Path]:
        folder = tmp_path / "run"
        folder.mkdir()
        for name in OUTPUTS:
            (folder / name).touch()
        made = (folder / "analysis.json").stat().st_mtime_ns
        clip = Clip("run.mp4", tmp_path / "run.mp4", 1000, 5)
        return clip, Entry("run.mp4", "run", "written", 1000, 5, fingerprint(Options()), 1.0, made), tmp_path

    def test_unchanged(self, case: tuple[Clip, Entry, Path]) -> None:
        clip, entry, out = case
        assert still_good(clip, entry, fingerprint(Options()), out)
        assert still_good(clip, entry, fingerprint(Options(workers=3)), out)

    @pytest.mark.parametrize("changed", [{"size_bytes": 1001}, {"mtime_ns": 6}])
    def test_another_file(self, case: tuple[Clip, Entry, Path], changed: dict[str, int]) -> None:
        clip, entry, out = case
        assert not still_good(replace(clip, **changed), entry, fingerprint(Options()), out)

    @pytest.mark.parametrize("options", [Options(height_cm=170), Options(pose="fast"), Options(lang="ja")])
    def test_other_options(self, case: tuple[Clip, Entry, Path], options: Options) -> None:
        clip, entry, out = case
        assert not still_good(clip, entry, fingerprint(options), out)

    def test_other_answers_which_are_not_kept(self, case: tuple[Clip, Entry, Path]) -> None:
        clip, entry, out = case
        told = [Options(answers=Answers({"pain_place": frozenset(place)})) for place in (["knee"], ["knee", "hip"])]
        prints = [fingerprint(options) for options in told]
        assert "knee" not in json.dumps(prints)
        assert still_good(clip, replace(entry, options=prints[1]), prints[1], out)
        assert not still_good(clip, replace(entry, options=prints[0]), prints[1], out)
        assert not still_good(clip, entry, prints[1], out)

    @pytest.mark.parametrize("name", sorted(OUTPUTS))
    def test_something_is_gone(self, case: tuple[Clip, Entry, Path], name: str) -> None:
        clip, entry, out = case
        (out / "run" / name).unlink()
        assert not still_good(clip, entry, fingerprint(Options()), out)

    def test_written_by_somebody_else_since(self, case: tuple[Clip, Entry, Path]) -> None:
        clip, entry, out = case
        os.utime(out / "run" / "analysis.json", ns=(7, 7))
        assert not still_good(clip, entry, fingerprint(Options()), out)

    def test_failed_or_never_seen(self, case: tuple[Clip, Entry, Path]) -> None:
        clip, entry, out = case
        assert not still_good(clip, replace(entry, state="failed"), fingerprint(Options()), out)
        assert not still_good(clip, None, fingerprint(Options()), out)


class TestNames:
    @staticmethod
    def clip(name: str) -> Clip:
        return Clip(name, Path("/clips") / name, 1, 1)

    @given(st.lists(st.text("aA./ ", min_size=1, max_size=6).map(lambda s: f"{s}.mp4"), unique=True, max_size=12))
    def test_every_clip_has_its_own_folder_and_keeps_it(self, names: list[str]) -> None:
        clips = [self.clip(name) for name in names]
        given_names = folder_names(clips, {})
        assert len({name.casefold() for name in given_names.values()}) == len(clips)
        assert not any("/" in name for name in given_names.values())
        earlier = {c: Entry(c, f, "written", 1, 1, {}) for c, f in given_names.items()}
        more = [self.clip("0.mp4"), *clips]
        assert given_names.items() <= folder_names(more, earlier).items()

    def test_sub_folders_are_in_the_name(self) -> None:
        named = folder_names([self.clip("anna/run.mp4"), self.clip("run.mov"), self.clip("run.mp4")], {})
        assert named == {"anna/run.mp4": "anna_run", "run.mov": "run", "run.mp4": "run_2"}


class TestFolder:
    def test_results_and_hidden_files_are_no_clips(self, tmp_path: Path) -> None:
        for name in ("a.MOV", ".b.mp4", "earlier/annotated.mp4", "earlier/analysis.json", ".c/d.mp4", "out/e.mp4"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).touch()
        clips, n_others = clips_in(tmp_path, tmp_path / "out")
        assert [clip.name for clip in clips] == ["a.MOV"]
        assert n_others == 0

    def test_results_beside_the_clips(self, tmp_path: Path) -> None:
        (tmp_path / "a.mp4").touch()
        (tmp_path / JSON_NAME).touch()
        assert [clip.name for clip in clips_in(tmp_path, tmp_path)[0]] == ["a.mp4"]


class TestRefusals:
    def test_no_such_folder(self, called_here: Called, tmp_path: Path) -> None:
        gone = tmp_path / "gone"
        result = called_here("batch", gone, "--out", tmp_path / "out")
        assert_refused(result, text("no_such_folder", "en", path=gone))
        assert names_in(tmp_path) == set()

    def test_a_folder_without_clips(self, called_here: Called, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").touch()
        assert_refused(called_here("batch", tmp_path, "--out", tmp_path / "out"), text("no_clips", "en", path=tmp_path))
        assert names_in(tmp_path) == {"notes.txt"}

    def test_results_of_another_folder_are_left_alone(self, tmp_path: Path) -> None:
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "a.mp4").write_text("not a clip")
        out = tmp_path / "out"
        assert formcheck("batch", tmp_path / "one", "--out", out).returncode == 2
        before = (out / JSON_NAME).read_bytes()
        result = formcheck("batch", tmp_path / "two", "--out", out)
        assert_refused(result, text("other_batch", "en", folder=tmp_path / "one"))
        assert (out / JSON_NAME).read_bytes() == before

    def test_an_option_that_makes_no_sense_is_said_once(self, called_here: Called, tmp_path: Path) -> None:
        for name in ("a.mp4", "b.mp4"):
            (tmp_path / name).touch()
        result = called_here("batch", tmp_path, "--out", tmp_path / "out", "--height-cm", 5)
        assert result.returncode == 2
        assert len(result.stderr.splitlines()) == 1
        assert "--height-cm" in result.stderr
        assert not (tmp_path / "out").exists()

    @pytest.mark.slow
    def test_a_scheduler_that_is_not_there(self, called_here: Called, tmp_path: Path) -> None:
        pytest.importorskip("distributed")
        (tmp_path / "a.mp4").touch()
        nobody = "tcp://127.0.0.1:9"
        result = called_here("batch", tmp_path, "--out", tmp_path / "out", "--scheduler", nobody)
        assert_refused(result, text("no_scheduler", "en", address=nobody))

    def test_without_dask_it_says_what_to_install(self, tmp_path: Path) -> None:
        (tmp_path / "a.mp4").touch()
        arguments = ["batch", str(tmp_path), "--out", str(tmp_path / "out"), "--scheduler", "tcp://127.0.0.1:9"]
        # None in sys.modules is what Python itself takes for "not installed"
        code = (
            f"import sys; sys.modules['distributed'] = None; from formcheck.cli import run; sys.exit(run({arguments}))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment())
        assert_refused(done, "pip install 'formcheck[cluster]'")


@pytest.fixture
def two_clips(sample_video: Path, tmp_path: Path) -> Path:
    """Long enough to be interrupted."""
    folder = tmp_path / "clips"
    folder.mkdir()
    for name in ("a.mp4", "b.mp4"):
        shutil.copy(sample_video, folder / name)
    return folder


def start(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "formcheck", "batch", *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment(), start_new_session=True)


def command_of(process: psutil.Process) -> str:
    """Its command line; nothing of a process that has just ended."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def workers_at(out: Path, parent: int, n: int) -> list[psutil.Process]:
    """The processes that do the work, once ``n`` clips have been begun."""
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        if len(list(out.glob(".formcheck-*/*/share"))) >= n:
            found = psutil.Process(parent).children(recursive=True)
            return [child for child in found if "spawn_main" in command_of(child)]
        time.sleep(0.05)
    raise AssertionError("nobody has begun")


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
class TestStopping:
    @pytest.mark.parametrize("group", [True, False], ids=["Ctrl-C", "SIGTERM"])
    def test_a_signal_stops_all_and_nothing_is_left(self, two_clips: Path, tmp_path: Path, group: bool) -> None:
        out = tmp_path / "out"
        with start(two_clips, "--out", out, *FAST) as process:
            workers = workers_at(out, process.pid, 2)
            if group:
                os.killpg(process.pid, signal.SIGINT)  # as a terminal does: everybody hears it
            else:
                process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=120) == 130
            assert process.stderr is not None
            assert process.stderr.read() == f"formcheck: {text('stopped', 'en')}\n"
        assert not out.exists()
        assert not any(worker.is_running() for worker in workers)

    @pytest.mark.slow
    def test_workers_do_not_outlive_the_first_process(self, two_clips: Path, tmp_path: Path) -> None:
        out = tmp_path / "out"
        with start(two_clips, "--out", out, *FAST) as process:
            workers = workers_at(out, process.pid, 2)
            process.kill()
        assert psutil.wait_procs(workers, timeout=120)[1] == []
        assert list(out.rglob("*.mp4")) == []

    @pytest.mark.slow
    def test_a_worker_that_dies_is_replaced(self, two_clips: Path, tmp_path: Path) -> None:
        out = tmp_path / "out"
        with start(two_clips, "--out", out, *FAST) as process:
            workers_at(out, process.pid, 2)[0].kill()
            process.communicate(timeout=600)
            assert process.returncode == 0
        assert names_in(out) == SUMMARY | {"a", "b"}

    @pytest.mark.slow
    def test_a_clip_that_kills_twice_is_given_up(self, two_clips: Path, tmp_path: Path) -> None:
        (two_clips / "b.mp4").unlink()
        out = tmp_path / "out"
        with start(two_clips, "--out", out, *FAST) as process:
            for attempt in (1, 2):
                while not list(out.glob(f".formcheck-*/0/attempt_{attempt}")):
                    time.sleep(0.05)
                for worker in workers_at(out, process.pid, 1):
                    worker.kill()
            _, complaint = process.communicate(timeout=600)
        assert process.returncode == 2
        assert text("worker_died", "en") in complaint
        assert names_in(out) == SUMMARY


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A real scheduler and two worker processes, on this machine only."""
    distributed = pytest.importorskip("distributed")
    settings = {"host": "127.0.0.1", "processes": True, "dashboard_address": None, "worker_dashboard_address": None}
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, **settings) as cluster:
        yield cluster.scheduler_address


CANNOT_BEGIN = """
import multiprocessing, sys
from pathlib import Path
if multiprocessing.current_process().name != "MainProcess":
    sys.exit(3)
from formcheck.analysis import Options
from formcheck.batch import run_batch
print(*(entry.error for entry in run_batch(Path(sys.argv[1]), Path(sys.argv[2]), Options(), 1)))
"""


def test_processes_that_cannot_even_begin_are_given_up(tiny_clip: Path, tmp_path: Path) -> None:
    """As of a script that lets its processes run it once more, or a machine without memory for them."""
    folder, out, script = tmp_path / "clips", tmp_path / "out", tmp_path / "script.py"
    folder.mkdir()
    out.mkdir()
    shutil.copy(tiny_clip, folder / "tiny.mp4")
    script.write_text(CANNOT_BEGIN)
    command = [sys.executable, script, folder, out]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=300, check=True)
    assert done.stdout.split() == ["worker_died"]
    assert names_in(out) == SUMMARY


@pytest.mark.slow
class TestCluster:
    """Everything once more, on a cluster."""

    def test_same_results_as_on_this_machine(self, address: str, tiny_clip: Path, tmp_path: Path) -> None:
        folder, out, here = tmp_path / "clips", tmp_path / "out", tmp_path / "here"
        folder.mkdir()
        shutil.copy(tiny_clip, folder / "tiny.mp4")
        shutil.copy(tiny_clip, folder / "twin.mp4")
        (folder / "bad.mp4").write_text("not a clip")
        done = formcheck("batch", folder, "--out", out, *FAST, "--scheduler", address)
        assert done.returncode == 2, done.stderr
        assert done.stderr == f"formcheck: bad.mp4: {text('not_a_video', 'en')}\n"
        assert names_in(out) == SUMMARY | {"tiny", "twin"}
        assert names_in(out / "twin") == OUTPUTS
        formcheck("analyze", tiny_clip, "--out", here, *FAST)
        found = [json.loads((place / "tiny" / "analysis.json").read_text("utf-8")) for place in (out, here)]
        assert found[0]["measurements"] == found[1]["measurements"]

    def test_a_worker_that_dies_costs_one_more_try(self, address: str, two_clips: Path, tmp_path: Path) -> None:
        distributed = pytest.importorskip("distributed")
        out = tmp_path / "out"
        with distributed.Client(address, set_as_default=False) as client:
            pids = client.run(os.getpid)
        with start(two_clips, "--out", out, *FAST, "--scheduler", address) as process:
            workers_at(out, process.pid, 2)
            os.kill(next(iter(pids.values())), signal.SIGKILL)
            _, complaint = process.communicate(timeout=600)
        assert process.returncode == 0, complaint
        assert names_in(out) == SUMMARY | {"a", "b"}

    def test_stopping_leaves_nothing(self, address: str, two_clips: Path, tmp_path: Path) -> None:
        out = tmp_path / "out"
        with start(two_clips, "--out", out, *FAST, "--scheduler", address) as process:
            workers_at(out, process.pid, 2)
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=120) == 130
        assert not out.exists()

    def test_a_cluster_that_goes_away_is_one_line(self, two_clips: Path, tmp_path: Path) -> None:
        distributed = pytest.importorskip("distributed")
        out, port = tmp_path / "out", free_port()
        address = f"tcp://127.0.0.1:{port}"
        scheduler = dask("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        worker = dask("worker", address, "--nthreads", "1", "--no-dashboard")
        try:
            with distributed.Client(address, timeout=120, set_as_default=False) as client:
                client.wait_for_workers(1, timeout=120)
            with start(two_clips, "--out", out, *FAST, "--scheduler", address) as process:
                workers_at(out, process.pid, 1)
                scheduler.kill()
                _, complaint = process.communicate(timeout=300)
        finally:
            for mine in (worker, scheduler):
                mine.kill()
                mine.wait()
        assert process.returncode == 2
        assert complaint == f"formcheck: {text('cluster_lost', 'en')}\n"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def dask(part: str, *arguments: str) -> subprocess.Popen[bytes]:
    code = f"from distributed.cli.dask_{part} import main; main()"
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment())
