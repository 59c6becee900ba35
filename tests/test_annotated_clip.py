"""The drawing pass on a real clip: what it writes, and that stopping or failing leaves nothing, soon."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from made_clips import corner_picture, cut, encode
from synthetic_analysis import build_analysis

from formcheck.annotated_clip import Picture, write_annotated_clip
from formcheck.records import Analysis, KeyMoment, Stopped
from formcheck.video import probe, read_frames

THREADS = {"decode", "encode"}


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    """Somebody who runs; whether it is the one in the clip does not matter here."""
    return build_analysis()


def running_threads() -> set[str]:
    return THREADS & {thread.name for thread in threading.enumerate()}


def nobody_looks(_time_s: float, _image: npt.NDArray[np.uint8]) -> None:
    pass


@dataclass(frozen=True)
class Made:
    """What one drawing pass gave."""

    folder: Path
    pictures: list[Picture]
    shares: list[float]
    shown: list[tuple[int, ...]]


@pytest.fixture(scope="module")
def made(analysis: Analysis, short_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("drawn")
    shares: list[float] = []
    shown: list[tuple[int, ...]] = []
    pictures = write_annotated_clip(
        analysis, short_sample, folder, "en", shares.append, lambda _time_s, image: shown.append(image.shape)
    )
    return Made(folder, pictures, shares, shown)


def test_the_drawn_clip_keeps_every_frame_and_its_time(made: Made, short_sample: Path) -> None:
    given, drawn = probe(short_sample), probe(made.folder / "annotated.mp4")
    assert drawn.n_frames == given.n_frames == len(made.shares)
    np.testing.assert_allclose(drawn.times.time_s, given.times.time_s, atol=1e-4)
    assert (drawn.width_px, drawn.height_px) == (given.width_px, given.height_px)
    assert made.shown
    assert set(made.shown) == {(drawn.height_px, drawn.width_px, 3)}
    assert not running_threads()


def test_every_key_moment_has_its_still(made: Made, analysis: Analysis) -> None:
    assert [p.moment for p in made.pictures] == sorted(analysis.key_moments, key=lambda moment: moment.time_s)
    assert {path.name for path in (made.folder / "frames").iterdir()} == {p.file_name for p in made.pictures}


def test_no_frame_is_lost_or_doubled_on_its_way(made: Made, short_sample: Path) -> None:
    """Beside the drawing each frame is the clip's own."""
    for given, drawn in zip(read_frames(short_sample), read_frames(made.folder / "annotated.mp4"), strict=True):
        apart = np.abs(given.image[::4, ::4].astype(int) - drawn.image[::4, ::4]).max(axis=2)
        assert np.median(apart) < 12


def test_a_large_clip_is_drawn_smaller_and_its_stills_are_not(analysis: Analysis, tmp_path: Path) -> None:
    large = encode(tmp_path / "large.mp4", [corner_picture(1920, 1080)] * 40, options={"preset": "ultrafast"})
    moment = replace(analysis.key_moments[0], time_s=0.5)
    wide = build_analysis(1920, 1080)
    [picture] = write_annotated_clip(
        replace(wide, key_moments=(moment,)), large, tmp_path, "ja", lambda _: None, nobody_looks
    )
    drawn = probe(tmp_path / "annotated.mp4")
    assert (drawn.width_px, drawn.height_px) == (1280, 720)
    still = cv2.imdecode(np.frombuffer(picture.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert still is not None
    assert still.shape[1] == 1920


class _Stop:
    """Says stop on the n-th report."""

    def __init__(self, after: int, error: type[BaseException] = Stopped) -> None:
        self._left, self._error = after, error
        self.said_s = 0.0

    def __call__(self, _share: float) -> None:
        self._left -= 1
        if self._left == 0:
            self.said_s = time.monotonic()
            raise self._error


@pytest.mark.parametrize("error", [Stopped, KeyboardInterrupt])
@pytest.mark.parametrize("after", [1, 2, 30])
def test_stop_is_heeded_within_a_second_and_leaves_nothing(
    analysis: Analysis, sample_video: Path, tmp_path: Path, after: int, error: type[BaseException]
) -> None:
    stop = _Stop(after, error)
    with pytest.raises(error):
        write_annotated_clip(analysis, sample_video, tmp_path, "ja", stop, nobody_looks)
    assert time.monotonic() - stop.said_s < 1
    assert not running_threads()
    assert [path.name for path in tmp_path.iterdir()] == ["frames"]


@pytest.mark.skipif(sys.platform == "win32", reason="this system does not limit the size of files")
def test_a_full_disk_comes_out_as_it_is(analysis: Analysis, short_sample: Path, tmp_path: Path) -> None:
    """A limit on the size of files fails in the encoder's thread as a full disk does."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(OSError):  # noqa: PT011, each system says it in its own words
            write_annotated_clip(analysis, short_sample, tmp_path, "en", lambda _: None, nobody_looks)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not running_threads()
    assert not list(tmp_path.glob("*.mp4"))


def test_a_still_that_cannot_be_saved_ends_the_threads(analysis: Analysis, short_sample: Path, tmp_path: Path) -> None:
    late = KeyMoment("contact", "right", float(analysis.pose.time_s[20]))

    def take_away(_share: float) -> None:
        if (tmp_path / "frames").exists():
            (tmp_path / "frames").rmdir()

    with pytest.raises(FileNotFoundError):
        write_annotated_clip(
            replace(analysis, key_moments=(late,)), short_sample, tmp_path, "en", take_away, nobody_looks
        )
    assert not running_threads()
    assert list(tmp_path.iterdir()) == []


def test_a_clip_cut_off_half_way_is_drawn_as_far_as_it_goes(made: Made, analysis: Analysis, tmp_path: Path) -> None:
    half = tmp_path / "half.mp4"
    half.write_bytes((made.folder / "annotated.mp4").read_bytes())
    write_annotated_clip(analysis, cut(half, 0.5), tmp_path, "en", lambda _: None, nobody_looks)
    assert 50 < probe(tmp_path / "annotated.mp4").n_frames < len(made.shares)
    assert not running_threads()
