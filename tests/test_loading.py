"""What is loaded, when, and what is not: in fresh interpreters, where nothing is loaded yet."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from formcheck import models
from formcheck.loading import doing_ahead
from formcheck.models import ModelError, checked_bytes, model_bytes, models_folder, read_ahead

WITHOUT = """
import sys
from formcheck.loading import import_mediapipe
import_mediapipe()
from mediapipe.tasks.python import vision
assert vision.PoseLandmarker
print(sorted({name.partition(".")[0] for name in sys.modules} & {"matplotlib", "sounddevice"}))
"""
LATER = """
from formcheck.loading import import_mediapipe
import_mediapipe()
from mediapipe.tasks.python.vision import drawing_utils
print(drawing_utils.plt.Figure.__module__)
import matplotlib.pyplot
print(drawing_utils.plt.Figure is matplotlib.pyplot.Figure, hasattr(drawing_utils.plt, "no_such_thing"))
"""

SIGNAL = """
from formcheck.loading import import_scipy_signal
import_scipy_signal()
import sys, numpy as np
from scipy.signal import find_peaks_cwt, sosfiltfilt
print(sorted({"scipy.stats", "numpy.f2py"} & set(sys.modules)), hasattr(__import__("scipy"), "signal"))
wave = np.sin(np.linspace(0, 30, 300))
print(find_peaks_cwt(wave, np.arange(5, 15)).tolist())
import scipy.stats, numpy.f2py
print(scipy.signal._peak_finding.scoreatpercentile([1, 2, 3], 50), numpy.f2py.__spec__.name, "f2py" in vars(np))
"""
PLAIN = """
import numpy as np
from scipy.signal import find_peaks_cwt
print(find_peaks_cwt(np.sin(np.linspace(0, 30, 300)), np.arange(5, 15)).tolist())
"""


def told_by(program: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_mediapipe_comes_without_what_nobody_here_uses() -> None:
    assert told_by(WITHOUT) == ["[]"]


def test_whoever_uses_it_later_gets_the_real_thing() -> None:
    assert told_by(LATER) == ["matplotlib.figure", "True False"]


def test_filters_come_without_statistics_and_whoever_uses_those_later_gets_the_real_ones() -> None:
    loaded, peaks, later = told_by(SIGNAL)
    assert loaded == "[] True"
    assert [peaks] == told_by(PLAIN)
    assert later == "2.0 numpy.f2py True"


class TestDoingAhead:
    def test_steps_are_taken_until_the_block_ends_and_no_thread_is_left(self) -> None:
        taken: list[int] = []
        third = threading.Event()

        def steps() -> Iterator[object]:
            for n in range(1000):
                taken.append(n)
                if n == 3:
                    third.set()
                yield time.sleep(0.01)

        before = threading.active_count()
        with doing_ahead(steps()):
            assert third.wait(60)
        done = len(taken)
        assert 4 <= done < 1000
        time.sleep(0.05)
        assert len(taken) == done
        assert threading.active_count() == before

    def test_a_step_that_fails_is_left_to_whoever_needs_it(self, capsys: pytest.CaptureFixture[str]) -> None:
        def failing() -> Iterator[object]:
            yield 1
            raise OSError("no such library")

        with doing_ahead(failing()):
            pass
        assert capsys.readouterr().err == ""

    def test_turns_are_as_long_as_before_however_blocks_overlap(self) -> None:
        usual = sys.getswitchinterval()
        first, second = doing_ahead([]), doing_ahead([])
        first.__enter__()
        short = sys.getswitchinterval()
        second.__enter__()
        first.__exit__(None, None, None)
        assert short < usual
        assert sys.getswitchinterval() == pytest.approx(short)
        second.__exit__(None, None, None)
        assert sys.getswitchinterval() == pytest.approx(usual)


class TestReadAhead:
    def test_what_was_read_is_given_once_and_forgotten(self) -> None:
        read_ahead("lite")
        ready = models._ahead[models_folder() / "pose_landmarker_lite.task"]
        assert model_bytes("lite") is ready
        assert models._ahead == {}
        assert model_bytes("lite") == ready

    def test_it_is_for_the_shipped_models_only(self, tmp_path: Path) -> None:
        read_ahead("lite")
        with pytest.raises(ModelError):
            checked_bytes("pose_landmarker_lite.task", tmp_path)
        model_bytes("lite")
