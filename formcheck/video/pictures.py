"""From decoded frames to upright pictures with square pixels: RGB to look at, planes to draw on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

import av
import cv2
import numpy as np
import numpy.typing as npt
from av.video.reformatter import VideoReformatter

from formcheck.planes import BLACK, NEUTRAL, Matrix, Planes

RgbImage = npt.NDArray[np.uint8]

# Waking threads for one small picture costs more than it saves; before PyAV 17 there was no choice.
_ONE_THREAD = {"threads": 1} if int(av.__version__.split(".")[0]) >= 17 else {}
_SCALER: dict[str, Any] = {"interpolation": "AREA", **_ONE_THREAD}


@dataclass(frozen=True)
class Turn:
    """How to make a stored picture upright: swap its axes first, then flip along x and y."""

    transpose: bool = False
    flip_x: bool = False
    flip_y: bool = False

    @property
    def rotation_deg(self) -> int:
        """Clockwise, 0, 90, 180 or 270."""
        if self.transpose:
            return 90 if self.flip_x else 270
        return 180 if self.flip_y else 0

    @property
    def mirrored(self) -> bool:
        """Whether left and right are exchanged too."""
        return self.transpose ^ self.flip_x ^ self.flip_y

    def apply(self, image: RgbImage) -> RgbImage:
        """Upright, contiguous copy (or the same array when there is nothing to do)."""
        if self.transpose:
            image = cast(RgbImage, cv2.transpose(image))
        if self.flip_x or self.flip_y:
            code = -1 if self.flip_x and self.flip_y else int(self.flip_x)
            image = cast(RgbImage, cv2.flip(image, code))
        return np.ascontiguousarray(image)


def pixel_aspect(stream: Any) -> Fraction:
    """Width of a pixel over its height; 1 when unknown or absurd."""
    aspect = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio or Fraction(1)
    return Fraction(aspect) if Fraction(1, 8) <= aspect <= 8 else Fraction(1)


def turn_of(frame: Any) -> Turn:
    """Read the display matrix of a frame, rounded to quarter turns and flips."""
    matrix = _display_matrix(frame)
    if matrix is None:
        return Turn()
    a, b, c, d = (float(matrix[i]) for i in (0, 1, 3, 4))  # shown x = a x + c y, shown y = b x + d y
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return Turn(False, flip_x=a < 0, flip_y=d < 0)
    return Turn(True, flip_x=c < 0, flip_y=b < 0)


def _display_matrix(frame: Any) -> npt.NDArray[np.int32] | None:
    """(9,) fixed-point matrix of the frame's side data; None when it has none."""
    for data in frame.side_data.keys():  # noqa: SIM118, iterating it gives numbers
        if data.type.name == "DISPLAYMATRIX":
            return np.frombuffer(bytes(data), dtype=np.int32, count=9)
    return None


@dataclass(frozen=True)
class Layout:
    """From stored pictures to the ones handed out: size to scale to (before turning), and the turn."""

    width: int
    height: int
    turn: Turn

    @property
    def upright_size(self) -> tuple[int, int]:
        """(width, height) after turning."""
        return (self.height, self.width) if self.turn.transpose else (self.width, self.height)

    def even(self) -> Layout:
        """The same with sides that 4:2:0 can have: an odd one is stretched by a pixel."""
        return Layout(self.width + self.width % 2, self.height + self.height % 2, self.turn)


def layout_of(frame: Any, aspect: Fraction, max_side_px: int | None) -> Layout:
    """Square pixels, upright, longest side at most ``max_side_px``; never enlarged."""
    width, height = max(1, round(frame.width * aspect)), frame.height
    if max_side_px is not None and max(width, height) > max_side_px:
        scale = max_side_px / max(width, height)
        # Even sizes take swscale's fast path; a side changes by a pixel at most.
        width, height = (max(2, 2 * math.floor(side * scale / 2 + 0.499)) for side in (width, height))
    return Layout(width, height, turn_of(frame))


class ToRgb:
    """Makes RGB pictures of a stream's frames, for one thread.

    The scalers are kept from frame to frame: each frame would set up two of its own.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._scaler, self._converter = VideoReformatter(), VideoReformatter()

    def __call__(self, frame: Any) -> RgbImage:
        """(height, width, 3) upright, scaled, contiguous and free to be drawn on."""
        width, height = self._layout.width, self._layout.height
        if (frame.width, frame.height) != (width, height) and not frame.format.is_rgb:
            # Scaling in YUV and converting the small picture costs half of doing both at once.
            frame = self._scaler.reformat(frame, width, height, "yuv420p", **_SCALER)
        frame = self._converter.reformat(frame, width, height, "rgb24", **_SCALER)
        return self._layout.turn.apply(cast(RgbImage, frame.to_ndarray()))


class ToPlanes:
    """Makes pictures to be drawn on and encoded of a stream's frames, for one thread.

    Their colours stay what they were: only brightness and colour of a full-range clip are squeezed into 16..235.
    """

    def __init__(self, layout: Layout, matrix: Matrix | None) -> None:
        """``matrix`` as ``matrix_of`` says; None converts to BT.601."""
        self._layout = layout
        self._scaler = VideoReformatter()
        self._matrix: Matrix = matrix or "bt601"
        self._settings: dict[str, Any] = {"dst_color_range": "MPEG", **({} if matrix else {"dst_colorspace": "ITU601"})}

    def __call__(self, frame: Any) -> tuple[Planes, Any]:
        """(planes, the PyAV frame that is their memory), upright and scaled."""
        turn = self._layout.turn
        width, height = self._layout.width, self._layout.height
        scaled = self._scaler.reformat(frame, width, height, "nv12", **self._settings, **_SCALER)
        if scaled is frame or turn != Turn():  # else the decoder would go on from a picture that was drawn on
            luma, chroma = (turn.apply(plane) for plane in _arrays(scaled))
            scaled = av.VideoFrame(*self._layout.upright_size, "nv12")
            for plane, upright in zip(_arrays(scaled), (luma, chroma), strict=True):
                plane[:] = upright
        return Planes(*_arrays(scaled), self._matrix), scaled


def blank(width: int, height: int, matrix: Matrix) -> tuple[Planes, Any]:
    """A black picture of even size and the PyAV frame that is its memory, to be put together and encoded."""
    memory = av.VideoFrame(width, height, "nv12")
    planes = Planes(*_arrays(memory), matrix)
    planes.luma[:], planes.chroma[:] = BLACK, NEUTRAL
    return planes, memory


def matrix_of(frame: Any) -> Matrix | None:
    """How the frame's colours are coded (ITU-T H.273); None where it is RGB or nothing we can keep.

    Players take a clip that does not say for BT.709 from 720 lines up.
    """
    if frame.format.is_rgb:
        return None
    unsaid: Matrix = "bt709" if min(frame.width, frame.height) >= 720 else "bt601"
    known: dict[int, Matrix] = {1: "bt709", 2: unsaid, 5: "bt601", 6: "bt601", 9: "bt2020"}
    return known.get(int(frame.colorspace))


def _arrays(picture: Any) -> tuple[RgbImage, RgbImage]:
    """Views of an NV12 frame's memory: (height, width), (height / 2, width / 2, 2)."""
    luma, chroma = picture.planes
    wide, high = picture.width, picture.height
    half = np.ndarray((high // 2, wide // 2, 2), np.uint8, buffer=chroma, strides=(chroma.line_size, 2, 1))
    return np.ndarray((high, wide), np.uint8, buffer=luma, strides=(luma.line_size, 1)), half
