"""The bench: real runs in processes of their own, and the model for more cores than there are."""

from __future__ import annotations

import json
import os
import struct
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from conftest import write_clip
from hypothesis import given
from hypothesis import strategies as st
from test_cli import Called, assert_refused, formcheck

from formcheck.bench import Run, _summed_up, modelled_s
from formcheck.bench.child import peak_mb
from formcheck.pose.bare_loop import bare_loop, upright_pictures
from formcheck.texts import text
from formcheck.video import read_frames

PROMISED = {"ratio", "bare_s", "whole_s", "peak_mb", "bare_peak_mb", "real_time_factor", "n_frames", "stages", "cores"}
STAGES = {"start_up", "pose", "measures", "drawing", "report"}


class TestRuns:
    def test_it_measures_both_and_where_the_time_went(self, tiny_clip: Path) -> None:
        result = formcheck("bench", tiny_clip, "--json", "--pose", "fast")
        assert result.returncode == 0, result.stderr
        assert result.stderr == ""
        found = json.loads(result.stdout)
        assert found.keys() >= PROMISED
        assert found["n_frames"] == 105
        assert found["ratio"] == pytest.approx(found["whole_s"] / found["bare_s"])
        assert found["real_time_factor"] == pytest.approx(found["whole_s"] / 3.5, rel=0.02)
        assert found["stages"].keys() == STAGES
        assert sum(found["stages"].values()) == pytest.approx(found["whole_s"], abs=0.1)
        assert found["pose"] == "fast"
        assert found["ratios"] == [pytest.approx(found["ratio"])]
        assert 0 <= found["busy_share"] < 1
        assert len(found["load"]) == 2
        # drawing, encoding and their libraries come on top of the network's memory and work
        assert found["peak_mb"] > found["bare_peak_mb"] > 100
        assert found["cpu_s"] > found["bare_cpu_s"] > 0.5

    @pytest.mark.slow
    @pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system cannot limit the cores")
    @pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="needs two cores")
    def test_fewer_cores_and_a_model_for_more(self, tiny_clip: Path) -> None:
        found = json.loads(formcheck("bench", tiny_clip, "--json", "--pose", "fast", "--cores", "1,2").stdout)
        assert [run["cores"] for run in found["scaling"]] == [1, 2]
        assert found["cores"] == 2
        one, two = found["scaling"]
        assert one["whole_s"] > two["whole_s"]
        assert found["modelled"]["cores"] == 8
        shown = formcheck("bench", tiny_clip, "--pose", "fast", "--cores", "1,2").stdout
        assert "not measured" in " ".join(shown.split())

    @pytest.mark.slow
    def test_profiles_are_run_in_turns_and_told_beside_each_other(self, tiny_clip: Path) -> None:
        found = json.loads(formcheck("bench", tiny_clip, "--json", "--pose", "fast,balanced", "--repeat", "2").stdout)
        fast, balanced = found["profiles"]
        assert (fast["pose"], balanced["pose"], found["pose"]) == ("fast", "balanced", "fast")
        assert fast["bare_s"] == balanced["bare_s"]
        assert fast["ratio"] == found["ratio"]
        for numbers in found["profiles"]:
            assert numbers["ratio"] == pytest.approx(numbers["whole_s"] / numbers["bare_s"])
            assert len(numbers["ratios"]) == 2
        shown = formcheck("bench", tiny_clip, "--pose", "fast,balanced", COLUMNS="140").stdout
        heading = next(line for line in shown.splitlines() if text("bench_measured", "en") in line)
        assert heading.split()[-2:] == ["fast", "balanced"]

    @pytest.mark.slow
    def test_the_table(self, tiny_clip: Path) -> None:
        shown = formcheck("bench", tiny_clip, "--pose", "fast", "--lang", "ja", COLUMNS="120").stdout
        for code in ("bench_bare", "bench_whole", "bench_peak", "stage_start_up", "stage_drawing"):
            assert text(code, "ja") in shown


class TestSummingUp:
    @given(st.lists(st.floats(1, 100), min_size=4, max_size=4), st.lists(st.floats(1, 100), min_size=3, max_size=3))
    def test_other_work_that_makes_runs_longer_changes_nothing(self, bare_s: list[float], whole_s: list[float]) -> None:
        """The shortest of each counts, whatever the others were; each repetition against its own neighbours."""
        bare, whole = [run(s) for s in bare_s], [run(s) for s in whole_s]
        found = _summed_up("fast", 2, bare, whole, None)
        assert found.ratio == min(whole_s) / min(bare_s)
        assert found.stages["pose"] == min(whole_s)
        assert len(found.ratios) == 3
        assert min(found.ratios) <= max(whole_s) / min(bare_s)
        slower = _summed_up("fast", 2, [*bare, run(2 * max(bare_s))], [*whole, run(2 * max(whole_s))], None)
        assert slower.ratio == found.ratio

    @given(st.floats(1, 100), st.floats(0.1, 200))
    def test_waiting_is_what_the_clock_had_beyond_the_work(self, time_s: float, cpu_s: float) -> None:
        found = _summed_up("fast", 2, [run(time_s, cpu_s)] * 2, [run(time_s)], None)
        assert found.busy_share == pytest.approx(max(0.0, (time_s - cpu_s) / time_s))


def run(time_s: float, cpu_s: float = 1.0) -> Run:
    return Run(time_s, cpu_s, 100.0, 240, 8.0, {"pose": time_s})


class TestRefusals:
    def test_not_a_clip(self, called_here: Called, tmp_path: Path) -> None:
        clip = tmp_path / "notes.mp4"
        clip.write_text("cadence 172\n" * 200)
        assert_refused(called_here("bench", clip), text("not_a_video", "en"))

    @pytest.mark.parametrize("cores", ["0", "1,x", "", "100000"])
    def test_cores_that_are_not_there(self, called_here: Called, tmp_path: Path, cores: str) -> None:
        assert_refused(called_here("bench", tmp_path / "any.mp4", "--cores", cores), "--cores")

    def test_unknown_network(self, called_here: Called, tmp_path: Path) -> None:
        assert_refused(called_here("bench", tmp_path / "any.mp4", "--pose", "best"), "--pose")


class TestBareLoop:
    def test_it_sees_the_runner_in_every_frame(self, tiny_clip: Path) -> None:
        kept = bare_loop(tiny_clip)
        assert [len(people) for people in kept] == [1] * 105
        assert all(len(people[0]) == 33 for people in kept)
        nose, ankle = kept[50][0][0], kept[50][0][28]
        assert 0 < nose.y < ankle.y < 1

    @pytest.mark.parametrize(
        "matrix", [(1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0)], ids=["0", "90", "180", "270"]
    )
    def test_its_pictures_are_upright(self, tmp_path: Path, matrix: tuple[int, int, int, int]) -> None:
        """As a phone turns them, and as the reader that all else uses turns them."""
        across = np.linspace(0, 250, 96, dtype=np.uint8)[None, :, None]
        clip = turned(write_clip(tmp_path / "turned.mp4", [across + np.zeros((64, 1, 3), np.uint8)] * 3), *matrix)
        with read_frames(clip) as frames:
            expected = [(round(1000 * frame.time_s), frame.image.astype(int)) for frame in frames]
        found = list(upright_pictures(clip))
        assert [time_ms for time_ms, _ in found] == [time_ms for time_ms, _ in expected]
        for (_, picture), (_, image) in zip(found, expected, strict=True):
            assert picture.shape == image.shape
            assert np.abs(picture - image).max() <= 3


def turned(clip: Path, a: int, b: int, c: int, d: int) -> Path:
    """The clip with another display matrix in its track header, 16.16 fixed point, as phones write it."""
    content = bytearray(clip.read_bytes())
    at = content.index(b"tkhd") + 44
    struct.pack_into(">9i", content, at, a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30)
    clip.write_bytes(content)
    return clip


class TestPeakMemory:
    @pytest.mark.skipif(sys.platform == "win32", reason="Windows is not asked")
    def test_it_sees_what_was_used(self) -> None:
        before = peak_mb()
        assert before is not None
        filled = np.ones(60_000_000 + int(before * 1e6), np.uint8)
        after = peak_mb()
        assert after is not None
        assert after - before > 50
        assert filled[-1] == 1


class TestModel:
    @given(st.floats(0, 100), st.floats(0.1, 100), st.integers(1, 64))
    def test_it_finds_what_amdahls_law_made(self, serial_s: float, parallel_s: float, cores: int) -> None:
        measured = {n: serial_s + parallel_s / n for n in (1, 2)}
        assert modelled_s(measured, cores) == pytest.approx(serial_s + parallel_s / cores, rel=1e-6)

    @given(st.floats(0.1, 100), st.floats(0.1, 100), st.floats(0.1, 100))
    def test_more_cores_never_cost_time_and_never_give_more_than_they_are(
        self, one_s: float, two_s: float, four_s: float
    ) -> None:
        measured = {1: one_s, 2: two_s, 4: four_s}
        at = [modelled_s(measured, n) for n in (1, 2, 4, 8, 16)]
        assert all(a >= b > 0 for a, b in pairwise(at))
        assert all(2 * b >= a * (1 - 1e-9) for a, b in pairwise(at))

    def test_one_point_makes_no_line(self) -> None:
        with pytest.raises(ValueError, match="two"):
            modelled_s({2: 1.0}, 8)
