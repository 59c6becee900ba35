"""What several tests share: real clips, nothing mocked."""

from __future__ import annotations

import os

# before NumPy is loaded: its matrices here are small, and threads that wait for one another cost five times the work
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import subprocess
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import settings

from formcheck.analysis import Options, analyze_video, write_results
from formcheck.cli import run
from formcheck.records import Analysis

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "sample_videos" / "runner_right_good.mp4"

# No sample is analysed beside what is being tested; the one test of it asks for it.
os.environ.setdefault("FORMCHECK_EXAMPLE", "no")

# A busy machine is no reason to fail: time limits of single examples only measure how busy it is.
settings.register_profile("formcheck", deadline=None)
settings.load_profile("formcheck")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In CI a browser test has a second try, told in the summary; by hand none: a failure is looked at."""
    if os.environ.get("CI"):
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(autouse=True)
def no_history_of_this_machine(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may see, or add to, what the one who runs it has kept."""
    monkeypatch.setenv("FORMCHECK_DATA", str(tmp_path_factory.mktemp("data") / "formcheck"))
    monkeypatch.delenv("FORMCHECK_DATABASE_URL", raising=False)


def write_clip(path: Path, pictures: list[npt.NDArray[np.uint8]], frame_rate_hz: int = 30) -> Path:
    """An H.264 clip of RGB pictures with even sizes."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=frame_rate_hz, options={"preset": "ultrafast"})
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, frame_rate_hz)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.fixture
def called_here(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command line in this process, in English: for its words and exit codes, without a second for every start."""
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")

    def call(*arguments: object) -> subprocess.CompletedProcess[str]:
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        said = capfd.readouterr()
        return subprocess.CompletedProcess(arguments, code, said.out, said.err)

    return call


@pytest.fixture(scope="session")
def sample_video() -> Path:
    """The sample that README analyses."""
    if not SAMPLE.is_file():
        pytest.skip("the sample videos have not been rendered")
    return SAMPLE


@pytest.fixture(scope="session")
def short_sample(sample_video: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its first five seconds at half the size: enough strides, and soon analysed."""
    with av.open(str(sample_video)) as container:
        frames = [f for f in container.decode(video=0) if f.time is not None and f.time < 5.0]
        pictures = [f.reformat(f.width // 2, f.height // 2, format="rgb24").to_ndarray() for f in frames]
    return write_clip(tmp_path_factory.mktemp("clips") / "short.mp4", pictures, frame_rate_hz=60)


@pytest.fixture(scope="session")
def tiny_clip(sample_video: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its first three and a half seconds, half the size, 105 frames: just enough to be analysed."""
    with av.open(str(sample_video)) as container:
        frames = [f for f in container.decode(video=0) if f.time is not None and f.time < 3.5][::2]
        pictures = [f.reformat(f.width // 2, f.height // 2, format="rgb24").to_ndarray() for f in frames]
    return write_clip(tmp_path_factory.mktemp("clips") / "tiny.mp4", pictures)


@pytest.fixture(scope="session")
def tiny_results(tiny_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Analysis, Path]:
    """What it comes to: the analysis of a real search for the body, and its folder."""
    analysis = analyze_video(tiny_clip, Options(pose="fast", height_cm=166.0))
    return analysis, write_results(analysis, tiny_clip, tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="session")
def empty_room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds in which nobody is to be seen: drifting colours."""
    across = np.linspace(0, 160, 320)[None, :, None] + np.linspace(0, 60, 240)[:, None, None]
    drifting = [np.clip(across + np.array([n % 30, 20, 40]), 0, 255).astype(np.uint8) for n in range(90)]
    return write_clip(tmp_path_factory.mktemp("clips") / "empty_room.mp4", drifting)


def busyness() -> float:
    """How many times slower than alone this machine computes right now: 1 when it is quiet."""
    began_s, cpu_s = time.monotonic(), time.thread_time()
    while time.thread_time() - cpu_s < 0.2:
        sum(range(1000))
    return max(1.0, (time.monotonic() - began_s) / (time.thread_time() - cpu_s))
