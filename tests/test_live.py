"""While an analysis of a real clip runs: a picture soon, progress that keeps its word, a stop that ends everything."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from conftest import busyness

from formcheck.analysis import Options, Preview, Progress, analyze_video, write_results
from formcheck.annotate.preview import PREVIEW_SIDE_PX, preview_jpeg
from formcheck.pace import STAGES, _frame_costs_s, learn, plan
from formcheck.records import Stopped
from formcheck.ui.job import Job, Line, Look, Outcome, _Bar, analysis_of


def wait_for_stage(job: Job, stage: str, share: float) -> Look:
    """Until that stage has come, and that share of everything."""
    deadline_s = time.monotonic() + 240
    while (look := job.look()).stage != stage or look.share < share:
        assert look.busy, look
        assert time.monotonic() < deadline_s
        time.sleep(0.01)
    return look


class TestStop:
    @pytest.mark.parametrize(("stage", "share"), [("pose", 0.0), ("pose", 0.3), ("drawing", 0.0)])
    def test_it_takes_effect_within_a_second_and_leaves_nothing(
        self, short_sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str, share: float
    ) -> None:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
        (tmp_path / "temporary").mkdir()
        before = set(threading.enumerate())
        work = analysis_of(short_sample, "short.mp4", Options(pose="fast"))
        job = Job(work, tmp_path / "run", Line(1)).start()
        wait_for_stage(job, stage, share)
        slack = busyness()
        began_s = time.monotonic()
        job.stop()
        assert job.look().phase == "stopped"
        assert job.wait(60)
        took_s = time.monotonic() - began_s
        print(f"stopped while {stage} after {took_s:.2f} s; the machine is {slack:.1f} times slower than when quiet")
        assert took_s < slack * 1.0
        assert not (tmp_path / "run").exists()
        assert list((tmp_path / "temporary").iterdir()) == []
        # networks end their own threads a moment later; ours are named
        assert [thread for thread in set(threading.enumerate()) - before if thread.is_alive()] == []


@pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities of their own on Linux only")
def test_the_page_goes_before_the_analysis(tmp_path: Path) -> None:
    """Whoever analyses, and every thread started for it, waits for whoever answers a visitor."""
    niceness: list[int] = []

    def own() -> None:
        niceness.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    def work(*_: object) -> Outcome:
        own()
        helper = threading.Thread(target=own)
        helper.start()
        helper.join()
        raise Stopped

    own()
    assert Job(work, tmp_path / "run", Line(1)).start().wait(60)
    own()
    before, analysis, helper, after = niceness
    assert before == after < analysis == helper


class TestPreview:
    def test_a_picture_comes_before_anything_else_is_known(self, short_sample: Path) -> None:
        """From the first picture looked at; then a few a second, with the body on them."""
        came: list[tuple[float, Preview]] = []
        began_s = time.monotonic()

        def enough() -> bool:
            return len(came) >= 4

        with pytest.raises(Stopped):
            analyze_video(
                short_sample,
                Options(pose="fast"),
                should_stop=enough,
                on_preview=lambda preview: came.append((time.monotonic() - began_s, preview)),
            )
        print(f"first picture after {came[0][0]:.2f} s, networks' library included where it was not loaded")
        assert len(came[0][1].bodies) == 1
        assert came[0][1].bodies[0].shape == (33, 2)
        assert all(later - earlier > 0.2 for (earlier, _), (later, _) in pairwise(came))

    def test_the_runner_is_drawn_on_a_small_picture(self) -> None:
        grey = np.full((1200, 800, 3), 128, np.uint8)
        body = np.full((33, 2), np.nan, np.float32)
        body[[23, 25, 27]] = [(400, 500), (420, 700), (380, 900)]
        drawn = _decoded(preview_jpeg(grey, [body]))
        assert max(drawn.shape) == PREVIEW_SIDE_PX
        blue = drawn[round(600 * PREVIEW_SIDE_PX / 1200), round(410 * PREVIEW_SIDE_PX / 1200)].astype(int)
        assert np.abs(blue - 128).max() > 60, "the near thigh is drawn at half the way from hip to knee"
        untouched = drawn[30, 30].astype(int)
        assert np.abs(untouched - 128).max() < 8
        assert (grey == 128).all()

    def test_a_small_picture_with_nobody_stays_as_it_is(self) -> None:
        grey = np.full((120, 160, 3), 90, np.uint8)
        drawn = _decoded(preview_jpeg(grey, []))
        assert drawn.shape == grey.shape
        assert np.abs(drawn.astype(int) - 90).max() < 8


def _decoded(jpeg: bytes) -> np.ndarray:
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture)[..., ::-1]


class TestProgress:
    def test_a_plan_goes_from_nought_to_one_without_a_gap(self) -> None:
        told = [plan(600, "balanced").share(stage, within) for stage in STAGES for within in (0.0, 0.5, 1.0)]
        assert told == sorted(told)
        assert (told[0], told[-1]) == (0.0, 1.0)
        assert told[2:9:3] == told[3:10:3]

    def test_what_was_measured_is_planned_next_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from formcheck import pace

        monkeypatch.setattr(pace, "_frame_costs_s", dict(pace._frame_costs_s))
        monkeypatch.setattr(pace, "_learned", set())
        slow = {name: 3 * seconds for name, seconds in plan(1000, "balanced").seconds.items() if name != "pose"}
        learn("pose", "balanced", pace.START_S + 3000 * pace._frame_costs_s["balanced"], 1000)
        expected = plan(1000, "balanced").seconds
        assert {name: expected[name] for name in slow} == pytest.approx(slow)  # type: ignore[index]
        learn("pose", "balanced", 90.0 + pace.START_S, 1000)
        learn("drawing", "balanced", 10.0, 1000)
        seconds = plan(2000, "balanced").seconds
        assert seconds["pose"] == pytest.approx(180.0 + pace.START_S)
        assert seconds["drawing"] == pytest.approx(20.0)
        learn("drawing", "balanced", 50.0, 3)
        assert plan(2000, "balanced").seconds["drawing"] == pytest.approx(20.0)

    def test_recorded_poses_cost_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for stage, cost_s in (("measures", 0.0003), ("drawing", 0.004), ("report", 0.001)):
            monkeypatch.setitem(_frame_costs_s, stage, cost_s)
        assert plan(600, "somebody else's").share("drawing", 0.0) < 0.2

    def test_a_stage_of_unexpected_length_makes_nothing_jump(self) -> None:
        bar = _Bar()
        shown = [
            bar.shown(Progress(stage, share))  # type: ignore[arg-type]
            for stage, share in [("pose", 0.0), ("pose", 0.8), ("drawing", 0.5), ("drawing", 0.75), ("report", 1.0)]
        ]
        assert shown == pytest.approx([0.0, 0.8, 0.8, 0.9, 1.0])

    @pytest.mark.slow
    def test_half_the_bar_is_half_the_time(self, sample_video: Path, tmp_path: Path) -> None:
        """After a first analysis has told what this machine takes. Other work on the machine must stay the same."""
        told: list[tuple[float, float]] = []
        for _ in range(2):
            told.clear()
            began_s = time.monotonic()

            def note(progress: Progress, began_s: float = began_s) -> None:
                told.append((time.monotonic() - began_s, progress.share))

            found = analyze_video(sample_video, on_progress=note)
            write_results(found, sample_video, tmp_path, on_progress=note)
        times, shares = np.array(told).T
        assert (np.diff(shares) >= -0.1).all()
        share_at = np.interp(np.array([0.25, 0.5, 0.75]) * times[-1], times, np.maximum.accumulate(shares))
        print(f"at a quarter, half, three quarters of {times[-1]:.0f} s the bar is at {share_at.round(2)}")
        assert share_at == pytest.approx([0.25, 0.5, 0.75], abs=0.15)
