"""Real clips, encoded here by PyAV, read back upright with true times; and what is no clip is refused.

PyAV cannot set the display matrix in every version we support, so rotated phone clips are made by writing
the matrix into the track header (``tkhd``) of an MP4 by hand, as a phone would.
"""

from __future__ import annotations

import os
import struct
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.records import InputError
from formcheck.video import (
    Frame,
    FrameTimes,
    VideoWriter,
    check_readable,
    probe,
    read_frames,
)
from formcheck.video.times import Clock

Image = npt.NDArray[np.uint8]

RED, GREEN, BLUE, GREY = (220, 30, 30), (30, 200, 30), (30, 30, 220), (120, 120, 120)
CORNERS = {"top left": RED, "top right": GREEN, "bottom left": BLUE, "bottom right": GREY}


# ------------------------------------------------------------------------------------------ making clips


def corner_picture(width: int, height: int) -> Image:
    """Red, green above; blue, grey below."""
    image = np.empty((height, width, 3), np.uint8)
    image[: height // 2, : width // 2] = RED
    image[: height // 2, width // 2 :] = GREEN
    image[height // 2 :, : width // 2] = BLUE
    image[height // 2 :, width // 2 :] = GREY
    return image


def corner_names(image: Image) -> list[str]:
    """Which painted quarter each quarter of the picture shows, row by row."""
    height, width = image.shape[:2]
    spots = [(height // 4, width // 4), (height // 4, width * 3 // 4)]
    spots += [(height * 3 // 4, x) for _, x in spots]
    names = list(CORNERS)
    colours = np.array(list(CORNERS.values()), dtype=float)
    return [names[int(np.abs(colours - image[y, x]).sum(axis=1).argmin())] for y, x in spots]


def numbered_picture(index: int, width: int = 64, height: int = 48) -> Image:
    """Eight bars, black or white: the bits of the frame's index survive any codec."""
    bits = [(index >> bit) & 1 for bit in range(8)]
    row = np.repeat(np.array(bits, np.uint8) * 255, width // 8)
    return np.ascontiguousarray(np.broadcast_to(row[None, :, None], (height, width, 3)))


def number_in(image: Image) -> int:
    width = image.shape[1]
    middles = [int((bit + 0.5) * width / 8) for bit in range(8)]
    return sum(int(image[image.shape[0] // 2, x].mean() > 128) << bit for bit, x in enumerate(middles))


def encode(
    path: Path,
    images: Iterable[Image],
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    times_ms: Sequence[int] | None = None,
    rate: int = 30,
    aspect: Fraction | None = None,
    options: dict[str, str] | None = None,
) -> Path:
    """Write a clip; times in milliseconds make it a variable-rate one."""
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=rate)
        stream.options = options or {}
        stream.pix_fmt = pix_fmt
        base = Fraction(1, rate) if times_ms is None else Fraction(1, 1000)
        stream.codec_context.time_base = base
        for index, image in enumerate(images):
            if index == 0:
                stream.height, stream.width = image.shape[:2]
                if aspect is not None:
                    stream.codec_context.sample_aspect_ratio = aspect
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = (index if times_ms is None else times_ms[index]), base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def numbered_clip(path: Path, n: int = 20, **settings: Any) -> Path:
    return encode(path, (numbered_picture(i) for i in range(n)), **settings)


def encode_sound(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("aac", rate=44100)
        samples = np.zeros((1, 44100), np.float32)
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
        frame.sample_rate = 44100
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def set_display_matrix(path: Path, a: int, b: int, c: int, d: int) -> Path:
    """Patch the first track header: shown x = a x + c y, shown y = b x + d y."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 4 + 20 + 8 + 8  # version and flags, times and ids, reserved, layer to volume
    one = 0x10000
    struct.pack_into(">9i", data, at, a * one, b * one, 0, c * one, d * one, 0, 0, 0, 0x40000000)
    path.write_bytes(data)
    return path


def all_frames(path: Path, **how: Any) -> list[Frame]:
    return list(read_frames(path, **how))


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(InputError) as caught:
        action()
    return caught.value.code


# --------------------------------------------------------------------------------------- kinds of files


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [
        ("a.mp4", "libx264", "yuv420p"),
        ("a.mov", "libx265", "yuv420p"),
        ("hdr.mov", "libx265", "yuv420p10le"),
        ("full.mp4", "libx264", "yuv444p"),
        ("a.webm", "libvpx-vp9", "yuv420p"),
        ("b.webm", "libvpx", "yuv420p"),
        ("a.avi", "mjpeg", "yuvj420p"),
        ("b.avi", "mpeg4", "yuv420p"),
        ("c.avi", "libx264", "yuv420p"),
        ("a.mkv", "ffv1", "bgra"),
        ("a.gif", "gif", "rgb8"),
        ("a.ts", "libx264", "yuv420p"),
    ],
)
def test_every_frame_of_every_kind_comes_in_order_at_its_time(
    tmp_path: Path, name: str, codec: str, pix_fmt: str
) -> None:
    rate = 25 if codec == "gif" else 30
    options = {"libx265": {"x265-params": "log-level=none"}, "libvpx-vp9": {"deadline": "realtime"}}.get(codec)
    path = numbered_clip(tmp_path / name, codec=codec, pix_fmt=pix_fmt, rate=rate, options=options)
    info = check_readable(path)
    frames = all_frames(path)
    assert [number_in(f.image) for f in frames] == list(range(20))
    assert [f.index for f in frames] == list(range(20))
    np.testing.assert_allclose([f.time_s for f in frames], np.arange(20) / rate, atol=0.0011)
    assert (info.width_px, info.height_px, info.n_frames) == (64, 48, 20)
    assert info.frame_rate_hz == pytest.approx(rate, rel=0.01)
    assert info.duration_s == pytest.approx(20 / rate, abs=1 / rate)
    assert not info.variable_frame_rate
    assert not info.truncated


def test_pictures_are_contiguous_rgb_and_may_be_drawn_on(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mp4", [corner_picture(70, 50)] * 3, pix_fmt="yuv444p")
    for max_side in (None, 40):
        image = next(read_frames(path, max_side)).image
        assert image.dtype == np.uint8
        assert image.flags["C_CONTIGUOUS"]
        image[0, 0] = (1, 2, 3)
        assert np.abs(image[10, 10].astype(int) - RED).max() < 12


def test_odd_sizes_keep_their_size(tmp_path: Path) -> None:
    path = encode(tmp_path / "odd.mkv", [corner_picture(71, 45)] * 3, codec="ffv1", pix_fmt="yuv444p")
    assert next(read_frames(path)).image.shape == (45, 71, 3)


def test_sound_only_is_not_a_video(tmp_path: Path) -> None:
    assert code_of(lambda: probe(encode_sound(tmp_path / "sound.mp4"))) == "no_video_stream"


# ------------------------------------------------------------------------------------- upright and square


@pytest.mark.parametrize(
    ("matrix", "turn", "rotation", "mirrored"),
    [
        ((1, 0, 0, 1), lambda p: p, 0, False),
        ((0, 1, -1, 0), lambda p: np.rot90(p, -1), 90, False),
        ((-1, 0, 0, -1), lambda p: np.rot90(p, 2), 180, False),
        ((0, -1, 1, 0), lambda p: np.rot90(p, 1), 270, False),
        ((-1, 0, 0, 1), lambda p: p[:, ::-1], 0, True),
        ((1, 0, 0, -1), lambda p: p[::-1], 180, True),
        ((0, 1, 1, 0), lambda p: p.transpose(1, 0, 2), 270, True),
        ((0, -1, -1, 0), lambda p: np.rot90(p, 2).transpose(1, 0, 2), 90, True),
    ],
)
@pytest.mark.parametrize("max_side", [None, 48])
def test_display_matrix_makes_the_picture_upright(
    tmp_path: Path,
    matrix: tuple[int, int, int, int],
    turn: Callable[[Image], Image],
    rotation: int,
    mirrored: bool,
    max_side: int | None,
) -> None:
    stored = corner_picture(96, 64)
    path = set_display_matrix(encode(tmp_path / "turned.mp4", [stored] * 3), *matrix)
    info = probe(path)
    frame = next(read_frames(path, max_side))
    expected = turn(stored)
    assert corner_names(frame.image) == corner_names(expected)
    assert (info.height_px, info.width_px) == expected.shape[:2]
    assert (info.rotation_deg, info.mirrored) == (rotation, mirrored)
    scale = 1 if max_side is None else 2
    assert frame.image.shape == (expected.shape[0] // scale, expected.shape[1] // scale, 3)


def test_rotated_hevc_phone_clip(tmp_path: Path) -> None:
    options = {"x265-params": "log-level=none"}
    path = encode(tmp_path / "phone.mov", [corner_picture(96, 64)] * 3, codec="libx265", options=options)
    set_display_matrix(path, 0, 1, -1, 0)
    image = next(read_frames(path)).image
    assert image.shape == (96, 64, 3)
    assert corner_names(image) == ["bottom left", "top left", "bottom right", "top right"]


def test_pixels_become_square(tmp_path: Path) -> None:
    path = encode(tmp_path / "wide.mp4", [corner_picture(96, 64)] * 3, aspect=Fraction(4, 3))
    assert next(read_frames(path)).image.shape == (64, 128, 3)
    assert next(read_frames(path, 64)).image.shape == (32, 64, 3)


@pytest.mark.parametrize("max_side", [39, 40, 63, 64, 96, 500])
def test_longest_side_is_kept_to_and_nothing_is_enlarged(tmp_path: Path, max_side: int) -> None:
    path = encode(tmp_path / "a.mp4", [corner_picture(96, 64)] * 2)
    height, width = next(read_frames(path, max_side)).image.shape[:2]
    assert max(height, width) <= min(max_side, 96)
    assert max(height, width) >= min(max_side, 96) - 1
    assert width / height == pytest.approx(1.5, abs=0.08)


# ------------------------------------------------------------------------------------------------- times

UNEVEN_MS = [0, 33, 67, 100, 180, 200, 233, 300, 400, 433, 467, 500, 560, 600, 633, 700, 720, 800, 850, 900]


def test_variable_frame_rate_keeps_true_times(tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / "vfr.mp4", times_ms=UNEVEN_MS)
    info = probe(path)
    frames = all_frames(path)
    assert info.variable_frame_rate
    assert info.frame_rate_hz == pytest.approx(19 / 0.9, rel=1e-3)
    np.testing.assert_allclose([f.time_s for f in frames], np.array(UNEVEN_MS) / 1000, atol=1e-3)
    assert [number_in(f.image) for f in frames] == list(range(20))


def test_times_start_at_zero_whatever_the_container_says(tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / "late.mkv", times_ms=[ms + 5000 for ms in UNEVEN_MS])
    assert all_frames(path)[0].time_s == 0
    assert all_frames(path)[-1].time_s == pytest.approx(0.9, abs=1e-3)


@pytest.mark.parametrize("name", ["long.mp4", "long.mkv", "long.avi"])
def test_reading_a_part_gives_the_same_frames_as_reading_all(tmp_path: Path, name: str) -> None:
    path = numbered_clip(tmp_path / name, n=240, options={"g": "40", "bf": "2"})
    part = all_frames(path, start_s=5.0, end_s=5.5)
    whole = [f for f in read_frames(path) if 5.0 <= f.time_s < 5.5]
    assert [(f.index, f.time_s) for f in part] == [(f.index, f.time_s) for f in whole]
    assert [number_in(f.image) for f in part] == [f.index for f in part]
    assert len(part) == 15


def test_reading_past_the_end_gives_nothing(tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / "a.mp4")
    assert all_frames(path, start_s=100.0) == []


def clock_times(ticks: Sequence[int | None]) -> list[float]:
    clock = Clock(Fraction(1, 1000), step_s=0.1)
    return [round(clock.seconds(t), 6) for t in ticks]


@pytest.mark.parametrize(
    ("ticks", "expected"),
    [
        ([500, 600, 700], [0, 0.1, 0.2]),
        ([-200, -100, 0], [0, 0.1, 0.2]),
        ([0, 100, 100, 200], [0, 0.1, 0.101, 0.2]),
        ([0, 100, 90, 200], [0, 0.1, 0.101, 0.2]),
        ([None, None, None], [0, 0.1, 0.2]),
        ([0, None, 200], [0, 0.1, 0.2]),
        ([None, 100, 200], [0, 0.1, 0.2]),
        ([5000, 5100, 0, 100], [0, 0.1, 0.2, 0.3]),
        ([0, 100, 90_000_000, 90_000_100], [0, 0.1, 0.2, 0.3]),
        ([0, 100, 3100], [0, 0.1, 3.1]),
    ],
)
def test_bad_timestamps_are_repaired(ticks: list[int | None], expected: list[float]) -> None:
    assert clock_times(ticks) == pytest.approx(expected)


@given(st.lists(st.one_of(st.none(), st.integers(-(2**40), 2**40)), min_size=1, max_size=60))
@settings(max_examples=200, deadline=None)
def test_repaired_times_always_increase_from_zero(ticks: list[int | None]) -> None:
    clock = Clock(Fraction(1, 90_000), step_s=1 / 30)
    times = np.array([clock.seconds(t) for t in ticks])
    assert times[0] == 0
    assert (np.diff(times) > 0).all()


@pytest.mark.parametrize("rate", [24000 / 1001, 30000 / 1001, 60, 120, 240])
def test_milliseconds_of_a_container_are_not_a_variable_rate(rate: float) -> None:
    times = FrameTimes(np.round(np.arange(300) / rate, 3))
    assert times.median_rate_hz == pytest.approx(rate, rel=0.002)
    assert times.average_rate_hz == pytest.approx(rate, rel=0.002)
    assert not times.variable
    assert times.gaps() == []


def test_a_gap_is_told_and_is_not_a_variable_rate() -> None:
    times = FrameTimes(np.concatenate([np.arange(60) / 30, 3 + np.arange(60) / 30]))
    assert times.gaps() == [(pytest.approx(59 / 30), 3.0)]
    assert times.median_rate_hz == pytest.approx(30)
    assert times.average_rate_hz < 25
    assert not times.variable


def test_two_very_different_steps_have_a_rate() -> None:
    assert np.isfinite(FrameTimes(np.array([0.0, 0.001, 1.0])).median_rate_hz)


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_times_have_no_rate(n: int) -> None:
    times = FrameTimes(np.zeros(n))
    assert np.isnan(times.average_rate_hz)
    assert np.isnan(times.median_rate_hz)
    assert times.relative_spread == 0
    assert not times.variable
    assert times.gaps() == []


# -------------------------------------------------------------------------------- what cannot be analysed


def test_missing_file_folder_and_pipe(tmp_path: Path) -> None:
    assert code_of(lambda: probe(tmp_path / "none.mp4")) == "file_missing"
    assert code_of(lambda: probe(tmp_path)) == "not_a_video"
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.mp4")
        assert code_of(lambda: probe(tmp_path / "pipe.mp4")) == "not_a_video"


def test_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    assert code_of(lambda: read_frames(tmp_path / "empty.mp4")) == "empty_file"


PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nclip.ts\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize(
    "content",
    [
        b"hello, this is a text\n" * 50,
        b"\x00" * 5000,
        np.random.default_rng(1).bytes(200_000),
        PLAYLIST,
        b"ffconcat version 1.0\nfile 'clip.ts'\n",
        b"v=0\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
        b"<?xml version='1.0'?><MPD type='static'><Period/></MPD>",
    ],
)
@pytest.mark.parametrize("name", ["trick.mp4", "trick.m3u8"])
def test_other_kinds_of_files_are_not_videos(tmp_path: Path, content: bytes, name: str) -> None:
    numbered_clip(tmp_path / "clip.ts")  # what the playlists would open, were they let in
    (tmp_path / name).write_bytes(content)
    assert code_of(lambda: probe(tmp_path / name)) in {"not_a_video", "no_video_stream"}


def test_a_name_is_never_a_protocol_or_a_pattern(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    numbered_clip(tmp_path / "a.ts")
    for name in ("concat:a.ts|a.ts", "subfile,,start,0,end,0,,:a.ts", "picture%03d.png", "pipe:0"):
        assert code_of(lambda name=name: probe(name)) == "file_missing"  # type: ignore[misc]
    strange = numbered_clip(tmp_path / "50%03d done.mp4")
    assert probe(strange).n_frames == 20


def test_still_picture(tmp_path: Path) -> None:
    path = encode(tmp_path / "one.mp4", [corner_picture(64, 48)])
    assert code_of(lambda: check_readable(path)) == "too_few_frames"
    assert len(all_frames(path)) == 1
    photo = encode(tmp_path / "photo.jpg", [corner_picture(64, 48)], codec="mjpeg", pix_fmt="yuvj420p")
    assert code_of(lambda: probe(photo)) == "not_a_video"


def test_too_large_a_picture_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = encode(tmp_path / "wide.mkv", [np.zeros((16, 8320, 3), np.uint8)] * 2, codec="ffv1", pix_fmt="bgra")
    assert code_of(lambda: probe(path)) == "too_large"


def test_a_small_file_that_claims_billions_of_pixels(tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / "huge.gif", codec="gif", pix_fmt="rgb8")
    data = bytearray(path.read_bytes())
    data[6:10] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    before = time.perf_counter()
    assert code_of(lambda: check_readable(path)) in {"too_large", "unreadable_video"}
    assert time.perf_counter() - before < 2


def test_too_slow_a_rate(tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / "slow.mp4", n=6, times_ms=[i * 2000 for i in range(6)])
    assert code_of(lambda: probe(path)) == "bad_frame_rate"


def test_too_fast_a_rate(tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / "fast.mp4", n=50, rate=2000)
    assert code_of(lambda: probe(path)) == "bad_frame_rate"


def noisy_pictures(n: int, width: int = 160, height: int = 120) -> list[Image]:
    random = np.random.default_rng(0)
    return [random.integers(0, 255, (height, width, 3), dtype=np.uint8) for _ in range(n)]


def cut(path: Path, share: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def test_cut_off_clip_is_used_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "cut.mp4"
    with VideoWriter(path, 160, 120) as writer:
        for index, image in enumerate(noisy_pictures(40)):
            writer.write(image, index / 30)
    whole = probe(path)
    info = check_readable(cut(path, 0.5))
    n_frames = len(all_frames(path))
    assert not whole.truncated
    assert info.truncated
    assert 10 < n_frames <= info.n_frames < 30


def test_cut_off_matroska_is_flagged(tmp_path: Path) -> None:
    path = cut(encode(tmp_path / "cut.mkv", noisy_pictures(90)), 0.5)
    assert check_readable(path).truncated
    assert 20 < len(all_frames(path)) < 70


def test_clip_without_its_table_of_contents(tmp_path: Path) -> None:
    path = cut(encode(tmp_path / "cut.mp4", noisy_pictures(40)), 0.8)
    assert code_of(lambda: probe(path)) == "truncated_beyond_use"


def test_a_changed_file_is_looked_at_again(tmp_path: Path) -> None:
    path = numbered_clip(tmp_path / "a.mp4", n=20)
    assert probe(path).n_frames == 20
    assert probe(numbered_clip(path, n=30)).n_frames == 30
    path.write_bytes(b"")
    assert code_of(lambda: probe(path)) == "empty_file"


def test_damaged_bytes_lose_frames_but_raise_nothing(tmp_path: Path) -> None:
    path = encode(tmp_path / "damaged.mp4", noisy_pictures(60), options={"g": "10"})
    data = bytearray(path.read_bytes())
    random = np.random.default_rng(2)
    for at in random.integers(5000, int(len(data) * 0.9), 300):
        data[at] ^= 0xFF
    path.write_bytes(data)
    times = [f.time_s for f in read_frames(path)]
    assert 0 < len(times) <= 60
    assert (np.diff(times) > 0).all()


# ----------------------------------------------------------------------------------------------- writing


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
    with VideoWriter(tmp_path / "c.mp4", 96, 64, crf=10) as writer:
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
