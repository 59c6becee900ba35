"""What is written plays everywhere, keeps its times and colours, and leaves nothing behind when it fails."""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from made_clips import (
    CORNERS,
    UNEVEN_MS,
    all_frames,
    code_of,
    corner_names,
    corner_picture,
    number_in,
    numbered_clip,
    numbered_picture,
)

from formcheck.video import VideoWriter, probe, read_frames


def top_level_boxes(path: Path) -> list[bytes]:
    data, at, names = path.read_bytes(), 0, []
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        names.append(name)
        at += size
    return names


@pytest.mark.parametrize("preset", ["ultrafast", "veryfast"])
def test_written_clip_plays_everywhere_and_keeps_its_times(tmp_path: Path, preset: str) -> None:
    path = tmp_path / "out.mp4"
    with VideoWriter(path, 64, 48, preset=preset) as writer:
        for index, ms in enumerate(UNEVEN_MS):
            writer.write(numbered_picture(index), ms / 1000)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
    boxes = top_level_boxes(path)
    assert boxes.index(b"moov") < boxes.index(b"mdat")
    frames = all_frames(path)
    np.testing.assert_allclose([f.time_s for f in frames], np.array(UNEVEN_MS) / 1000, atol=1e-4)
    assert [number_in(f.image) for f in frames] == list(range(20))
    assert probe(path).duration_s == pytest.approx(0.95, abs=0.04)  # within a frame


def test_copied_clip_lasts_as_long_as_its_source(tmp_path: Path) -> None:
    source = numbered_clip(tmp_path / "source.mp4", n=50, rate=25)
    reader = read_frames(source)
    with VideoWriter(tmp_path / "copy.mp4", 64, 48) as writer:
        for frame in reader:
            writer.write(frame.image, frame.time_s)
    copy = probe(tmp_path / "copy.mp4")
    assert copy.duration_s == pytest.approx(reader.info.duration_s, abs=1 / 25)
    assert copy.n_frames == 50


@pytest.mark.parametrize(("width", "height"), [(65, 48), (64, 47), (71, 45), (64, 48)])
def test_odd_sizes_grow_by_a_pixel(tmp_path: Path, width: int, height: int) -> None:
    with VideoWriter(tmp_path / "odd.mp4", width, height) as writer:
        for index in range(3):
            writer.write(corner_picture(width, height), index / 30)
    image = next(read_frames(tmp_path / "odd.mp4")).image
    assert image.shape == (height + height % 2, width + width % 2, 3)
    assert corner_names(image) == list(CORNERS)


def test_colours_survive_writing(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "c.mp4", 96, 64, quantizer=10) as writer:
        for index in range(3):
            writer.write(corner_picture(96, 64), index / 30)
    image = next(read_frames(tmp_path / "c.mp4")).image.astype(int)
    for (y, x), colour in zip([(16, 24), (16, 72), (48, 24), (48, 72)], CORNERS.values(), strict=True):
        assert np.abs(image[y, x] - colour).max() <= 6


def test_one_frame_and_repeated_times(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "one.mp4", 64, 48, frame_rate_hz=25) as writer:
        writer.write(numbered_picture(7), 0.0)
    assert probe(tmp_path / "one.mp4").duration_s == pytest.approx(0.04, abs=0.001)
    with VideoWriter(tmp_path / "same.mp4", 64, 48) as writer:
        for time_s in (0.0, 0.1, 0.1, 0.05, 0.2):
            writer.write(numbered_picture(7), time_s)
    assert probe(tmp_path / "same.mp4").n_frames == 5


def write_and_fail(path: Path) -> None:
    with VideoWriter(path, 64, 48) as writer:
        writer.write(numbered_picture(0), 0.0)
        raise KeyboardInterrupt


def test_nothing_is_left_behind_on_an_exception(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_and_fail(tmp_path / "out.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_writing_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "out.mp4").write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        write_and_fail(tmp_path / "out.mp4")
    assert (tmp_path / "out.mp4").read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def write_nothing(path: Path) -> None:
    with VideoWriter(path, 64, 48):
        pass


def test_an_empty_clip_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    assert code_of(lambda: write_nothing(tmp_path / "out.mp4")) == "too_few_frames"
    assert list(tmp_path.iterdir()) == []


def test_wrong_shape_is_told(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "out.mp4", 64, 48) as writer:
        with pytest.raises(ValueError, match="video is"):
            writer.write(np.zeros((64, 48, 3), np.uint8), 0.0)
        writer.write(numbered_picture(0), 0.0)


# ------------------------------------------------------------------------------------------------ memory


def resident_mb() -> float:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_memory_stays_flat_over_two_thousand_frames(tmp_path: Path) -> None:
    path = tmp_path / "long.mp4"
    picture = corner_picture(320, 240)
    with VideoWriter(path, 320, 240) as writer:
        for index in range(2000):
            writer.write(picture, index / 60)
    copy = VideoWriter(tmp_path / "copy.mp4", 320, 240)
    seen = []
    with copy:
        for frame in read_frames(path):
            copy.write(frame.image, frame.time_s)
            if frame.index % 100 == 99:
                seen.append(resident_mb())
    assert frame.index == 1999
    # 1,900 frames kept would be 438 MB.
    assert max(seen[2:]) - seen[1] < 15


def test_leaving_early_closes_the_file(tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / "a.mp4")
    with read_frames(path) as reader:
        next(reader)
    assert list(reader) == []
    path.unlink()
