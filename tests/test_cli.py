"""The command line as users meet it: real processes, their exit codes, and what they leave behind."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from conftest import write_clip

from formcheck.cards import LANGS
from formcheck.cli.options import choices
from formcheck.cli.showing import LEVEL_MARKS
from formcheck.cli.words import error_text, spoken_language
from formcheck.records import InputError
from formcheck.texts import text

OUTPUTS = {"analysis.json", "annotated.mp4", "report.html", "signals.csv", "events.csv", "pose.npz", "frames"}
HEAVY = ("cv2", "av", "mediapipe", "scipy", "plotly", "streamlit", "distributed", "formcheck.analysis")
Called = Callable[..., subprocess.CompletedProcess[str]]
LANGUAGE = ("LANG", "LC_ALL", "LC_MESSAGES")


def environment(**more: str) -> dict[str, str]:
    """This process's own, in English unless said otherwise."""
    plain = {name: value for name, value in os.environ.items() if name not in LANGUAGE}
    return plain | {"LANG": "C.UTF-8", "PYTHONIOENCODING": "utf-8"} | more


def formcheck(*arguments: object, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "formcheck", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env=environment(**env), timeout=900, check=False
    )


def unbroken(shown: str) -> str:
    """Without the spaces and line breaks that help is laid out with."""
    return "".join(shown.split())


def assert_refused(result: subprocess.CompletedProcess[str], *saying: str) -> None:
    """Exit code 2 and one line, which holds every text of ``saying``."""
    assert result.returncode == 2, result.stderr
    lines = result.stderr.splitlines()
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("formcheck: ")
    for words in saying:
        assert words in lines[0]
    assert result.stdout == ""


class TestHelp:
    def test_it_tells_how_to_film(self) -> None:
        result = formcheck("analyze", "--help", COLUMNS="200")
        assert result.returncode == 0
        for words in (
            "tripod",
            "hip height",
            "3 to 5 m",
            "square on",
            "60 frames",
            "close-fitting",
            "15 seconds",
            "feet",
        ):
            assert words in result.stdout
        for option in ("--out", "--activity", "--view", "--height-cm", "--belt-speed-mps", "--slow-motion", "--lang"):
            assert option in result.stdout
        assert "--pose" in result.stdout
        assert "--person" in result.stdout

    def test_without_a_command_it_helps(self) -> None:
        assert formcheck().stdout == formcheck("--help").stdout
        assert formcheck().returncode == 0

    @pytest.mark.parametrize("asked", [{"LANG": "ja_JP.UTF-8"}, {"LC_ALL": "ja_JP.eucJP"}])
    def test_it_speaks_the_language_of_the_environment(self, asked: dict[str, str]) -> None:
        assert text("film_tripod", "ja") in formcheck("--help", **asked).stdout

    def test_it_speaks_the_language_asked_for(self) -> None:
        result = formcheck("analyze", "--lang", "ja", "--help")
        assert text("cli_help_out", "ja") in result.stdout

    def test_the_page_is_asked_for_a_language_like_everything_else(self) -> None:
        for lang in LANGS:
            result = formcheck("app", "--help", "--lang", lang)
            assert result.returncode == 0
            assert text("cli_help_lang", lang)[:20] in result.stdout

    def test_every_parameter_has_its_sentence_in_both_languages(self) -> None:
        shown = {lang: formcheck("analyze", "--help", f"--lang={lang}").stdout for lang in LANGS}
        for name in (
            "videos",
            "out",
            "activity",
            "view",
            "height_cm",
            "belt_speed_mps",
            "slow_motion",
            "pose",
            "person",
        ):
            for lang in LANGS:
                assert unbroken(text(f"cli_help_{name}", lang)) in unbroken(shown[lang])

    @pytest.mark.parametrize("command", ["", "analyze", "batch", "bench", "list"])
    def test_it_loads_nothing_heavy(self, command: str) -> None:
        arguments = [*command.split(), "--help"]
        code = (
            f"import sys\nfrom formcheck.cli import run\nassert run({arguments!r}) == 0\n"
            f"loaded = sorted(set({HEAVY!r}) & set(sys.modules))\nassert not loaded, loaded\n"
        )
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, env=environment())

    def test_it_comes_at_once(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Under half a second on a quiet machine; the limit leaves room for whatever else the machine does."""
        spent_s = []
        for _ in range(3):
            start_s = time.perf_counter()
            assert formcheck("--help").returncode == 0
            spent_s.append(time.perf_counter() - start_s)
            if min(spent_s) < 0.5:
                break
        with capsys.disabled():
            print(f" formcheck --help: {min(spent_s):.2f} s", end="")
        assert min(spent_s) < 1.0

    @pytest.mark.parametrize("option", ["pose", "view"])
    def test_it_names_the_choices_there_are(self, option: str) -> None:
        """Written out in the help, which must not load the analysis to look them up."""
        shown = formcheck("analyze", "--help", COLUMNS="200").stdout
        assert re.search(rf"--{option} +{re.escape('|'.join(choices(option)))} ", shown)


class TestRefusals:
    """The first and the one with nobody in it as real processes, the others in this one."""

    def test_a_text_file_called_mp4(self, tmp_path: Path) -> None:
        clip = tmp_path / "notes.mp4"
        clip.write_text("cadence 172\n" * 200)
        assert_refused(formcheck("analyze", clip, "--out", tmp_path / "out"), str(clip), text("not_a_video", "en"))
        assert not (tmp_path / "out").exists()

    def test_a_folder_called_mp4(self, called_here: Called, tmp_path: Path) -> None:
        (tmp_path / "clips.mp4").mkdir()
        result = called_here("analyze", tmp_path / "clips.mp4", "--out", tmp_path / "out")
        assert_refused(result, text("is_a_folder", "en"), "formcheck batch")
        assert not (tmp_path / "out").exists()

    @pytest.mark.skipif(sys.platform == "win32", reason="no such names there")
    @pytest.mark.parametrize("name", ["two\nlines 🏃.mp4", "\x1b[31mred \"'<b>.mp4", "last\u2028line.mp4", "-dash.mp4"])
    def test_a_name_of_whatever_characters_is_one_line(self, called_here: Called, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_text("no clip")
        result = called_here("analyze", tmp_path / name, "--out", tmp_path / "out")
        assert_refused(result, text("not_a_video", "en"))
        assert result.stderr[:-1].isprintable()

    def test_an_empty_file(self, called_here: Called, tmp_path: Path) -> None:
        clip = tmp_path / "empty.mp4"
        clip.touch()
        assert_refused(called_here("analyze", clip, "--out", tmp_path / "out"), text("empty_file", "en"))
        assert not (tmp_path / "out").exists()

    def test_a_missing_file_in_japanese(self, called_here: Called, tmp_path: Path) -> None:
        result = called_here("analyze", tmp_path / "no.mp4", "--out", tmp_path / "out", "--lang", "ja")
        assert_refused(result, text("file_missing", "ja"))
        assert not (tmp_path / "out").exists()

    def test_one_frame(self, called_here: Called, tmp_path: Path) -> None:
        clip = write_clip(tmp_path / "one.mp4", [np.full((240, 320, 3), 90, np.uint8)])
        assert_refused(called_here("analyze", clip, "--out", tmp_path / "out"), text("too_few_frames", "en"))
        assert not (tmp_path / "out").exists()

    def test_nobody_in_the_clip(self, tmp_path: Path, empty_room: Path) -> None:
        """Also shows that MediaPipe, which has looked at every frame, has said nothing."""
        out = tmp_path / "out"
        out.mkdir()
        assert_refused(formcheck("analyze", empty_room, "--out", out), text("no_person", "en"))
        assert list(out.iterdir()) == []

    def test_a_folder_that_cannot_be_written(self, called_here: Called, tmp_path: Path, empty_room: Path) -> None:
        (tmp_path / "file").touch()
        out = tmp_path / "file" / "out"
        assert_refused(called_here("analyze", empty_room, "--out", out), str(out), text("cannot_write_output", "en"))

    @pytest.mark.parametrize(
        ("options", "saying"),
        [
            (["--height-cm", "5"], "(--height-cm: 5). Please choose from 80 to 250."),
            (["--height-cm", "tall"], "--height-cm"),
            (["--height-cm", "nan"], "--height-cm"),
            (["--belt-speed-mps", "-3"], "--belt-speed-mps"),
            (["--slow-motion", "0"], "--slow-motion"),
            (["--person", "0"], "--person"),
            (["--person", "me"], "--person"),
            (["--view", "above"], "--view"),
            (["--pose", "best"], "--pose"),
            (["--lang", "fr"], "'--lang': 'fr' is not one of"),
            (["--activity", "swimming"], "formcheck list activities"),
            (["--no-such-option"], "--no-such-option"),
            (["--keep-clip"], "--keep-for"),
            (["--filmed-on", "2026-05-04"], "--keep-for"),
            (["--answers", "none.yaml"], "none.yaml"),
        ],
    )
    def test_options_that_make_no_sense(
        self, called_here: Called, tmp_path: Path, empty_room: Path, options: list[str], saying: str
    ) -> None:
        assert_refused(called_here("analyze", empty_room, empty_room, "--out", tmp_path / "out", *options), saying)
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize("arguments", [["analyze"], ["analyze", "a.mp4"], ["list"], ["list", "shoes"], ["walk"]])
    def test_a_call_that_is_not_complete(self, called_here: Called, arguments: list[str]) -> None:
        assert_refused(called_here(*arguments), "formcheck --help")

    def test_one_clip_is_not_joined_with_itself(self, called_here: Called, tmp_path: Path, empty_room: Path) -> None:
        result = called_here("analyze", empty_room, "--together", "--out", tmp_path / "out")
        assert_refused(result, text("together_needs_two", "en"))
        assert not (tmp_path / "out").exists()

    def test_of_two_clips_to_compare_the_line_names_the_bad_one(self, called_here: Called, tmp_path: Path) -> None:
        (tmp_path / "before.mp4").write_text("no clip")
        result = called_here("compare", tmp_path / "before.mp4", tmp_path / "after.mp4", "--out", tmp_path / "out")
        assert_refused(result, f"{tmp_path / 'before.mp4'}: {text('not_a_video', 'en')}")
        assert not (tmp_path / "out").exists()

    def test_each_bad_clip_has_its_line(self, called_here: Called, tmp_path: Path) -> None:
        (tmp_path / "a.mp4").touch()
        (tmp_path / "b.mp4").write_text("not a clip")
        result = called_here("analyze", tmp_path / "a.mp4", tmp_path / "b.mp4", "--out", tmp_path / "out")
        assert result.returncode == 2
        first, second = result.stderr.splitlines()
        assert "a.mp4" in first
        assert "b.mp4" in second
        assert not (tmp_path / "out").exists()


class TestAnalyze:
    def test_good_clips_are_written_whatever_the_others_are(self, tmp_path: Path, tiny_clip: Path) -> None:
        """Two clips of one name beside a broken one: two folders, one line, exit code 2, nothing else."""
        (tmp_path / "again").mkdir()
        twin = shutil.copy(tiny_clip, tmp_path / "again" / tiny_clip.name)
        broken = tmp_path / "broken.mp4"
        broken.write_text("not a clip")
        out = tmp_path / "deep" / "out"
        result = formcheck("analyze", tiny_clip, broken, twin, "--out", out, "--height-cm", 166, "--pose", "fast")
        assert result.returncode == 2
        assert len(result.stderr.splitlines()) == 1, result.stderr
        assert "broken.mp4" in result.stderr
        assert {folder.name for folder in out.iterdir()} == {"tiny", "tiny_2"}
        for folder in out.iterdir():
            assert {entry.name for entry in folder.iterdir()} == OUTPUTS
        self.assert_tells(result.stdout, out / "tiny")

    def assert_tells(self, said: str, folder: Path) -> None:
        found = json.loads((folder / "analysis.json").read_text(encoding="utf-8"))
        assert text("cli_written", "en", folder=folder) in said
        assert "±" in said
        assert "steps/min" in said
        assert text("disclaimer", "en").split()[0] in said
        levels = {finding["level"] for finding in found["findings"]} - {"unknown"}
        for level in levels:
            assert f"{LEVEL_MARKS[level]} {text(f'level_{level}', 'en').split()[0]}" in said

    @pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_signal_stops_it_and_nothing_is_left(
        self, tmp_path: Path, sample_video: Path, number: signal.Signals
    ) -> None:
        stopped_while(text("stage_pose", "en"), number, sample_video, tmp_path / "out")

    @pytest.mark.slow
    @pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
    def test_a_signal_while_files_are_written(self, tmp_path: Path, sample_video: Path) -> None:
        stopped_while(text("stage_drawing", "en"), signal.SIGINT, sample_video, tmp_path / "out")

    @pytest.mark.slow
    @pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
    def test_nothing_leaves_the_machine(self, tmp_path: Path, empty_room: Path) -> None:
        """Not even a question for an address, and whatever the user's own proxy settings are."""
        trace = tmp_path / "trace"
        watched = ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmmsg,sendmsg", "-o", str(trace)]
        command = [*watched, sys.executable, "-m", "formcheck", "analyze", str(empty_room), "--out", str(tmp_path)]
        subprocess.run(command, check=False, capture_output=True, env=environment(NO_PROXY="*", no_proxy="*"))
        addresses = re.findall(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"', trace.read_text())
        assert {v4 or v6 for v4, v6 in addresses} <= {"127.0.0.1", "::1"}


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_command_without_a_bar_says_that_it_was_stopped(tmp_path: Path, sample_video: Path) -> None:
    command = [sys.executable, "-m", "formcheck", "compare", sample_video, sample_video, "--out", tmp_path / "out"]
    with subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    ) as process:
        while "mediapipe" not in Path(f"/proc/{process.pid}/maps").read_text():
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        said, complained = process.communicate(timeout=60)
    assert (process.returncode, said, complained) == (130, "", f"formcheck: {text('stopped', 'en')}\n")
    assert not (tmp_path / "out").exists()


def stopped_while(stage: str, number: signal.Signals, video: Path, out: Path) -> None:
    """Send the signal as soon as the bar on a terminal says ``stage``; checks exit code, words and leftovers."""
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "formcheck", "analyze", str(video), "--out", str(out)]
    env = environment(TERM="xterm", COLUMNS="100")
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs, env=env) as process:
        os.close(theirs)
        shown, sent = "", False
        while piece := read_some(ours):
            shown += piece
            if not sent and re.search(rf"{re.escape(stage)}.*\d+%", shown):
                process.send_signal(number)
                sent = True
        assert process.wait(timeout=60) == 130
    os.close(ours)
    assert sent
    assert text("stopped", "en") in shown
    assert "Traceback" not in shown
    assert not out.exists()


def read_some(terminal: int) -> str:
    """What has come since; empty at the end, which Linux reports as an error."""
    try:
        return os.read(terminal, 4096).decode(errors="replace")
    except OSError:
        return ""


class TestList:
    @pytest.mark.parametrize(
        ("what", "saying"),
        [("activities", "running"), ("metrics", "overstride_pct_leg"), ("references", "10.1242/jeb.125500")],
    )
    def test_it_shows_what_was_asked_for(self, what: str, saying: str) -> None:
        result = formcheck("list", what)
        assert result.returncode == 0
        assert result.stderr == ""
        assert saying in result.stdout

    def test_in_japanese(self) -> None:
        assert "ピッチ" in formcheck("list", "metrics", "--lang", "ja").stdout


class TestWords:
    @pytest.mark.parametrize(
        ("arguments", "locale", "spoken"),
        [
            ([], {}, "en"),
            ([], {"LANG": "ja_JP.UTF-8"}, "ja"),
            ([], {"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
            ([], {"LANG": "de_DE.UTF-8", "LC_ALL": ""}, "en"),
            (["--lang", "ja"], {}, "ja"),
            (["--lang=en"], {"LANG": "ja_JP.UTF-8"}, "en"),
            (["--lang"], {}, "en"),
        ],
    )
    def test_language(self, arguments: list[str], locale: dict[str, str], spoken: str) -> None:
        assert spoken_language(arguments, locale) == spoken

    def test_options_are_called_as_they_are_typed(self) -> None:
        error = InputError("bad_option", name="height_cm", value=5)
        assert "--height-cm: 5" in error_text(error, "en")
