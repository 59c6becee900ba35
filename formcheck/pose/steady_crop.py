"""MediaPipe's landmark network without its detector, for one person who stays in one part of the picture.

Whoever runs on a treadmill before a tripod need not be looked for again in every picture. The square in which the
person moves is found once, from a few pictures over the clip, and the landmark network looks at that square each time:
no detector (a third of the time) and no square that jumps about with the pose (errors of shank and foot a third
smaller on rendered runners, ``docs/accuracy.md``). LiteRT runs the same network file as MediaPipe does; what follows
is MediaPipe's: landmarks refined from the heatmap around them, visibility and mask through a sigmoid.

Where the network is not sure of a person in the square, MediaPipe with its detector looks at the whole picture.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from formcheck.models import model_bytes
from formcheck.pose import Person, Pixels
from formcheck.pose.edges import at_edges
from formcheck.pose.mediapipe_pose import MediaPipePose, MediaPipeSettings, Network, outline_of_mask
from formcheck.records import FloatArray
from formcheck.skeleton import INDEX, LANDMARKS, SIDES, Side, index_of

_EXTENT_JOINTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "index")

INPUT_PX = 256
HEATMAP_PX = 64
HEATMAP_REACH = 3
"""Cells either way that count for a landmark, as in MediaPipe's graph."""
HEATMAP_SURE = 0.5
SURE_OF_PERSON = 0.5
MARGIN = 1.12
"""Side of the square against the height from nose to toes over the clip. Of 1.05-1.6, 1.1 had the smallest error on
rendered runners (knee at contact above all); below, feet are cut off, above, the person gets small."""
_EXTENT = [index for name, index in INDEX.items() if name == "nose" or name.split("_")[-1] in _EXTENT_JOINTS]
SHIFT_X, SHIFT_Y = 0.05, 0.02
"""Each picture's square lies up to this much beside the steady one, in sides. The network sees in cells: where in its
cell a joint lies moves its landmark by a pixel or two, always alike for who runs in place. Shifted, that becomes noise,
which strides average: knee flexion at contact was 1-2 deg nearer to the truth."""
MIN_SEEN_SHARE = 0.75
MAX_WANDER = 0.35
"""How far the middle of the trunk may move between the pictures looked at, against the person's height."""
MAX_SIZE_CHANGE = 1.3
MAX_LEAN_DEG, MAX_REACH = 30.0, 0.08
"""In single pictures: the trunk's tilt, and how far a hand or foot may be out of the square, in sides."""
MOST_UNBENT_DEG = 140.0
"""Shoulder-hip-knee: whoever bends both hips further squats or sits. A runner's other leg is always straighter."""
HANDS_FROM_TOP = 0.03
"""Sides: hands nearer to the square's upper edge than this may be beyond it, where the network cannot see them."""
_WRISTS = [INDEX["left_wrist"], INDEX["right_wrist"]]
UNSEEN = 0.1
"""Visibility of both wrists below which the hands are taken to be beyond the square's upper edge, where the picture
goes on above it: the network then draws the arms anywhere. No look at a rendered runner has both so low; with the arms
over the head it was 4 in 10."""
MAX_TRUNK_TILT_DEG = 45.0
"""The network expects upright people; MediaPipe's detector turns the picture for others."""


@dataclass(frozen=True)
class Crop:
    """A square of the picture, pixels: its middle and its side."""

    x_px: float
    y_px: float
    side_px: float

    def scaled(self, factor: float) -> Crop:
        """The same square in a picture ``factor`` times as large."""
        return Crop(factor * self.x_px, factor * self.y_px, factor * self.side_px)

    def shifted(self, right: float, down: float) -> Crop:
        """A square of the same size beside this one; by how many sides."""
        return Crop(self.x_px + right * self.side_px, self.y_px + down * self.side_px, self.side_px)

    def to_input(self) -> FloatArray:
        """(2, 3) from picture to network input."""
        scale = INPUT_PX / self.side_px
        half = INPUT_PX / 2
        return np.array([[scale, 0.0, half - scale * self.x_px], [0.0, scale, half - scale * self.y_px]])

    def to_picture(self, xy_input: FloatArray) -> FloatArray:
        """Positions (..., 2) in the network's input -> pixels of the picture."""
        return np.asarray((xy_input - INPUT_PX / 2) * (self.side_px / INPUT_PX) + np.array([self.x_px, self.y_px]))


@dataclass(frozen=True)
class Look:
    """What the landmark network answers, in pixels of its own input."""

    xy_input: FloatArray
    """(33, 2)."""
    visibility: Pixels
    """(33,) in 0..1."""
    mask: npt.NDArray[np.float32]
    """(256, 256) in 0..1: how surely each pixel is the person."""


def steady_crop(sightings: Sequence[Sequence[Person]]) -> Crop | None:
    """The square in which one upright person stays over the pictures looked at; None when that is not so.

    ``sightings`` are the people found in pictures spread over the whole clip.
    """
    alone = [people[0] for people in sightings if len(people) == 1]
    if not alone or len(alone) < MIN_SEEN_SHARE * len(sightings):
        return None
    xy = np.stack([person.xy_px for person in alone]).astype(np.float64)
    middle, trunk_px, tilt_deg = _trunk(xy)
    low, high = xy[:, _EXTENT].min(axis=(0, 1)), xy[:, _EXTENT].max(axis=(0, 1))
    height = float(high[1] - low[1])
    wander = float(np.ptp(middle, axis=0).max())
    steady = wander <= MAX_WANDER * height and trunk_px.max() <= MAX_SIZE_CHANGE * max(trunk_px.min(), 1.0)
    if not steady or float(np.median(tilt_deg)) > MAX_TRUNK_TILT_DEG:
        return None
    side = MARGIN * max(height, 0.9 * float(high[0] - low[0]))
    x = (middle[:, 0].min() + middle[:, 0].max()) / 2
    return Crop(float(x), float(low[1] + high[1]) / 2, side)


def holds_upright(square: Crop, person: Person) -> bool:
    """Whether the person found stays in the square, trunk upright.

    The network believes in an upright person within its square: of somebody who has lain down or holds the arms far
    out of it, it makes up the rest (on rendered hip lifts hip angles were off by 24 degrees, with turning by 2). Of
    somebody who squats or bends it leaves the trunk too upright (by 20-30 degrees, with turning by 0-5). Hands over the
    head that it has not seen before, it shows anywhere, and says that it does not see them.
    """
    xy = person.xy_px[None].astype(np.float64)
    _, _, tilt_deg = _trunk(xy)
    from_middle = (xy[0] - [square.x_px, square.y_px]) / square.side_px
    room_above = square.y_px > square.side_px / 2
    unseen = room_above and float(person.visibility[_WRISTS].max()) < UNSEEN
    hands_up = unseen or float(from_middle[_WRISTS, 1].min()) < -0.5 + HANDS_FROM_TOP
    reach = float(np.abs(from_middle[_EXTENT]).max())
    unbent = max(_hip_deg(xy[0], side) for side in SIDES) >= MOST_UNBENT_DEG
    return bool(tilt_deg[0] <= MAX_LEAN_DEG and unbent and reach <= 0.5 + MAX_REACH and not hands_up)


def _hip_deg(xy: FloatArray, side: Side) -> float:
    """Angle between trunk and thigh of one person (33, 2), 180 straight."""
    shoulder, hip, knee = (xy[index_of(side, joint)] for joint in ("shoulder", "hip", "knee"))
    up, down = shoulder - hip, knee - hip
    cosine = float(up @ down) / max(float(np.linalg.norm(up) * np.linalg.norm(down)), 1e-9)
    return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def _trunk(xy: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Middle (n, 2), length (n,) and tilt from the vertical in degrees (n,) of the trunk."""
    shoulders, hips = (
        (xy[:, INDEX[f"left_{joint}"]] + xy[:, INDEX[f"right_{joint}"]]) / 2 for joint in ("shoulder", "hip")
    )
    along = hips - shoulders
    return (
        (shoulders + hips) / 2,
        np.hypot(along[:, 0], along[:, 1]),
        np.degrees(np.arctan2(abs(along[:, 0]), along[:, 1])),
    )


def landmark_network(network: Network) -> bytes:
    """The landmark network out of MediaPipe's bundle. Raises InputError ``model_missing`` or ``model_damaged``."""
    with zipfile.ZipFile(io.BytesIO(model_bytes(network))) as bundle:
        return bundle.read("pose_landmarks_detector.tflite")


class SteadyCropPose:
    """A pose finder for one thread, for one person in ``crop``; ``content`` is its ``landmark_network``."""

    def __init__(self, network: Network, content: bytes, crop: Crop) -> None:
        self._network, self._crop = network, crop
        self._interpreter = _interpreter(content)
        self._input: int = self._interpreter.get_input_details()[0]["index"]
        self._output: list[int] = [output["index"] for output in self._interpreter.get_output_details()]
        self._elsewhere: MediaPipePose | None = None

    def describe(self) -> str:
        """Network and how it looked, as written into ``made_with``."""
        return f"mediapipe {self._network} landmarks by litert, steady crop"

    def find(self, image_rgb: npt.NDArray[np.uint8]) -> list[Person]:
        """The person in the picture (h, w, 3), or whoever MediaPipe finds elsewhere in it."""
        crop = self._crop.shifted(*shift_of(image_rgb))
        look = self.look(image_rgb, crop)
        if look is None:
            return self._find_elsewhere(image_rgb)
        outline = outline_of_mask(look.mask, look.xy_input.astype(np.float32))
        xy_px = _in_picture(crop, look.xy_input)
        outline_px = None if outline is None else at_edges(image_rgb, _in_picture(crop, outline), xy_px)
        return [Person(xy_px, look.visibility, outline_px)]

    def look(self, image_rgb: npt.NDArray[np.uint8], crop: Crop) -> Look | None:
        """What the network sees in a square of the picture (h, w, 3); None where it is not sure of a person."""
        square = cv2.warpAffine(image_rgb, crop.to_input(), (INPUT_PX, INPUT_PX), flags=cv2.INTER_LINEAR)
        self._interpreter.set_tensor(self._input, (square.astype(np.float32) / 255.0)[None])
        self._interpreter.invoke()
        landmarks, sure, mask, heatmap = (self._interpreter.get_tensor(index) for index in self._output[:4])
        if float(sure[0, 0]) < SURE_OF_PERSON:
            return None
        rows = landmarks.reshape(-1, 5)[: len(LANDMARKS)]
        xy = refined(rows[:, :2].astype(np.float64), heatmap[0])
        visibility = np.minimum(_sigmoid(rows[:, 3]), 1.0).astype(np.float32)
        return Look(xy, visibility, _sigmoid(mask[0, :, :, 0]))

    def close(self) -> None:
        """Free the networks."""
        del self._interpreter
        if self._elsewhere is not None:
            self._elsewhere.close()

    def _find_elsewhere(self, image_rgb: npt.NDArray[np.uint8]) -> list[Person]:
        if self._elsewhere is None:
            self._elsewhere = MediaPipePose(MediaPipeSettings(self._network))
        return self._elsewhere.find(image_rgb)


def shift_of(image_rgb: npt.NDArray[np.uint8]) -> tuple[float, float]:
    """Shift of a picture's square to the right and down, in sides: random, but always the same for the same picture."""
    random = np.random.default_rng(zlib.crc32(image_rgb[::31, ::31].tobytes()))
    return float(random.uniform(-SHIFT_X, SHIFT_X)), float(random.uniform(-SHIFT_Y, SHIFT_Y))


def _in_picture(crop: Crop, xy_input: FloatArray | Pixels) -> Pixels:
    return crop.to_picture(np.asarray(xy_input, dtype=np.float64)).astype(np.float32)


def refined(xy_input: FloatArray, heatmap: npt.NDArray[np.float32]) -> FloatArray:
    """Landmarks (k, 2) moved to the middle of weight of the heatmap (64, 64, >= k) around them, where it is sure."""
    out = xy_input.copy()
    cell = INPUT_PX / HEATMAP_PX
    for k, (column, row) in enumerate((xy_input / cell).astype(int)):
        if not (0 <= column < HEATMAP_PX and 0 <= row < HEATMAP_PX):
            continue
        rows = np.arange(max(0, row - HEATMAP_REACH), min(HEATMAP_PX, row + HEATMAP_REACH + 1))
        columns = np.arange(max(0, column - HEATMAP_REACH), min(HEATMAP_PX, column + HEATMAP_REACH + 1))
        weight = _sigmoid(heatmap[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1, k])
        if weight.max() >= HEATMAP_SURE:
            total = weight.sum()
            out[k] = cell * (weight.sum(axis=0) @ columns) / total, cell * (weight.sum(axis=1) @ rows) / total
    return out


def _sigmoid(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -60.0, 60.0))), dtype=np.float32)


def _interpreter(content: bytes) -> Any:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=content, num_threads=1)
    interpreter.allocate_tensors()
    return interpreter
