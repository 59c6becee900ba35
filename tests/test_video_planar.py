"""Frames in the form in which they are drawn on and encoded: the same pictures as in RGB, at the same times."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest
from made_clips import (
    CORNERS,
    Image,
    all_frames,
    corner_names,
    corner_picture,
    encode,
    noisy_pictures,
    number_in,
    numbered_clip,
    set_display_matrix,
)

from formcheck.planes import Planes, code_of
from formcheck.video import VideoWriter, probe, read_frames, read_planar


def seen(planes: Planes) -> Image:
    """RGB by the definition of its matrix, from `code_of`: the codes are linear in the colour."""
    columns = [code_of(color, planes.matrix) for color in ((0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255))]
    origin, *basis = (np.array([y, *tint], dtype=float) for y, tint in columns)
    to_rgb = 255 * np.linalg.inv(np.stack([axis - origin for axis in basis], axis=1))
    chroma = np.repeat(np.repeat(planes.chroma, 2, axis=0), 2, axis=1)
    codes = np.concatenate([planes.luma[..., None], chroma], axis=2) - origin
    return np.clip(codes @ to_rgb.T, 0, 255).astype(np.uint8)


def apart(planes: Planes, image: Image) -> float:
    """Mean distance of the colours."""
    return float(np.abs(seen(planes)[: image.shape[0], : image.shape[1]].astype(int) - image).mean())


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [
        ("a.mp4", "libx264", "yuv420p"),
        ("a.mkv", "ffv1", "bgra"),
        ("full.avi", "mjpeg", "yuvj420p"),
        ("fine.mp4", "libx264", "yuv444p"),
        ("deep.mov", "libx265", "yuv420p10le"),
    ],
)
@pytest.mark.parametrize("max_side", [None, 48])
def test_the_picture_is_the_one_read_as_rgb(
    tmp_path: Path, name: str, codec: str, pix_fmt: str, max_side: int | None
) -> None:
    options = {"x265-params": "log-level=none"} if codec == "libx265" else None
    path = encode(tmp_path / name, [corner_picture(96, 64)] * 3, codec, pix_fmt, rate=25, options=options)
    plain = next(read_frames(path, max_side)).image
    frame = next(read_planar(path, max_side))
    assert frame.planes.luma.shape == plain.shape[:2]
    assert apart(frame.planes, plain) < 4
    assert np.abs(frame.rgb(max_side).astype(int) - plain).max() <= 1
    assert frame.rgb().shape == (64, 96, 3)


@pytest.mark.parametrize(
    ("number", "matrix"), [(1, "bt709"), (2, "bt601"), (6, "bt601"), (5, "bt601"), (9, "bt2020"), (4, "bt601")]
)
def test_the_colours_of_every_matrix_survive_drawing(tmp_path: Path, number: int, matrix: str) -> None:
    """What a player shows of the copy is what it shows of the clip, whichever way its colours are coded."""
    path = encode(tmp_path / "a.mp4", [corner_picture(96, 64)] * 3)
    with av.open(str(tmp_path / "tagged.mp4"), "w") as made, av.open(str(path)) as given:
        out: Any = made.add_stream("libx264", rate=30, options={"crf": "5"})
        out.width, out.height, out.pix_fmt = 96, 64, "yuv420p"
        out.codec_context.colorspace, out.codec_context.color_range = number, 1
        for frame in given.decode(video=0):
            made.mux(out.encode(frame))
        made.mux(out.encode(None))
    source = next(read_planar(tmp_path / "tagged.mp4"))
    assert source.planes.matrix == matrix
    with VideoWriter(tmp_path / "copy.mp4", 96, 64, matrix=source.planes.matrix, quantizer=5) as writer:
        for frame in read_planar(tmp_path / "tagged.mp4"):
            writer.write_planar(frame)
    copy = next(read_planar(tmp_path / "copy.mp4"))
    assert copy.planes.matrix == matrix
    assert np.abs(seen(copy.planes).astype(int) - seen(source.planes)).mean() < 2


@pytest.mark.parametrize("matrix", [(1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0), (-1, 0, 0, 1)])
def test_turned_clips_are_upright_and_stay_so(tmp_path: Path, matrix: tuple[int, int, int, int]) -> None:
    path = set_display_matrix(encode(tmp_path / "turned.mp4", [corner_picture(96, 64)] * 3), *matrix)
    plain = next(read_frames(path)).image
    frames = list(read_planar(path))
    assert corner_names(seen(frames[0].planes)) == corner_names(plain)
    size = frames[0].planes.luma.shape[::-1]
    with VideoWriter(tmp_path / "out.mp4", *size) as writer:
        for frame in frames:
            writer.write_planar(frame)
    info = probe(tmp_path / "out.mp4")
    assert (info.width_px, info.height_px, info.rotation_deg) == (*size, 0)
    assert corner_names(next(read_frames(tmp_path / "out.mp4")).image) == corner_names(plain)


@pytest.mark.parametrize("size", [(71, 45), (70, 45), (71, 46)])
def test_odd_sizes_become_even_and_show_the_whole_picture(tmp_path: Path, size: tuple[int, int]) -> None:
    path = encode(tmp_path / "odd.mkv", [corner_picture(*size)] * 3, codec="ffv1", pix_fmt="yuv444p")
    planes = next(read_planar(path)).planes
    assert planes.luma.shape == (size[1] + size[1] % 2, size[0] + size[0] % 2)
    assert planes.chroma.shape == (planes.luma.shape[0] // 2, planes.luma.shape[1] // 2, 2)
    assert corner_names(seen(planes)) == list(CORNERS)


def test_pixels_become_square(tmp_path: Path) -> None:
    path = encode(tmp_path / "wide.mp4", [corner_picture(96, 64)] * 3, aspect=Fraction(4, 3))
    assert next(read_planar(path)).planes.luma.shape == (64, 128)


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [("a.mp4", "libx264", "yuv420p"), ("a.mkv", "ffv1", "yuv420p"), ("a.nut", "rawvideo", "nv12")],
)
def test_drawing_on_a_frame_leaves_what_it_was_read_from_alone(
    tmp_path: Path, name: str, codec: str, pix_fmt: str
) -> None:
    """The decoder builds each frame from the one before, and a still is made of it later."""
    path = encode(tmp_path / name, noisy_pictures(12), codec, pix_fmt)
    plain = [f.planes.luma.copy() for f in read_planar(path)]
    for frame, expected in zip(read_planar(path), plain, strict=True):
        np.testing.assert_array_equal(frame.planes.luma, expected)
        before = frame.rgb()
        frame.planes.luma[:] = 0
        frame.planes.chroma[:] = 0
        np.testing.assert_array_equal(frame.rgb(), before)


def test_copy_keeps_times_and_order(tmp_path: Path) -> None:
    uneven = [0, 40, 70, 100, 180, 200, 240, 400]
    source = numbered_clip(tmp_path / "source.mp4", n=8, times_ms=uneven, options={"bf": "2", "g": "3"})
    with VideoWriter(tmp_path / "copy.mp4", 64, 48) as writer:
        for frame in read_planar(source):
            writer.write_planar(frame)
    copied = all_frames(tmp_path / "copy.mp4")
    assert [number_in(f.image) for f in copied] == list(range(8))
    np.testing.assert_allclose([f.time_s for f in copied], np.array(uneven) / 1000, atol=1e-3)


def key_frames(path: Path) -> list[int]:
    with av.open(str(path)) as container:
        return [i for i, frame in enumerate(container.decode(video=0)) if frame.key_frame]


def test_the_copy_has_its_own_key_frames(tmp_path: Path) -> None:
    source = numbered_clip(tmp_path / "source.mp4", n=130, options={"g": "7"})
    with VideoWriter(tmp_path / "copy.mp4", 64, 48) as writer:
        for frame in read_planar(source):
            writer.write_planar(frame)
    assert key_frames(tmp_path / "copy.mp4") == [0, 60, 120]


def test_another_size_or_matrix_is_told(tmp_path: Path) -> None:
    frame = next(read_planar(encode(tmp_path / "a.mp4", [corner_picture(96, 64)] * 3)))
    for settings in ({"width": 64, "height": 96}, {"width": 96, "height": 64, "matrix": "bt709"}):
        with VideoWriter(tmp_path / "out.mp4", **settings) as writer:  # type: ignore[arg-type]
            with pytest.raises(ValueError, match="the video is"):
                writer.write_planar(frame)
            writer.write(np.zeros((settings["height"], settings["width"], 3), np.uint8), 0.0)  # type: ignore[arg-type]


def test_a_part_of_a_picture_is_a_view(tmp_path: Path) -> None:
    planes = next(read_planar(encode(tmp_path / "a.mp4", [corner_picture(96, 64)] * 3))).planes
    part = planes.part(10, 6, 31, 21)
    part.luma[:], part.chroma[:] = 1, 2
    ones: npt.NDArray[np.int_] = np.argwhere(planes.luma == 1)
    assert (ones.min(axis=0).tolist(), ones.max(axis=0).tolist()) == ([6, 10], [20, 30])
    twos = np.argwhere((planes.chroma == 2).all(axis=2))
    assert (twos.min(axis=0).tolist(), twos.max(axis=0).tolist()) == ([3, 5], [10, 15])
