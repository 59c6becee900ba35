"""Real clips, encoded here by PyAV, read back upright; and what is no clip is refused."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from made_clips import (
    RED,
    Image,
    all_frames,
    code_of,
    corner_names,
    corner_picture,
    cut,
    encode,
    encode_sound,
    noisy_pictures,
    number_in,
    numbered_clip,
    set_display_matrix,
)

from formcheck.video import VideoWriter, check_readable, probe, read_frames

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


# -------------------------------------------------------------------------------- what cannot be analysed


def test_missing_file_folder_and_pipe(tmp_path: Path) -> None:
    assert code_of(lambda: probe(tmp_path / "none.mp4")) == "file_missing"
    assert code_of(lambda: probe(tmp_path)) == "is_a_folder"
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
