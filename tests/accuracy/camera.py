"""A virtual camera on a tripod beside the treadmill, and the flaws of a pose finder added to what it sees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline

from formcheck.pose_search import looked_at, sparse
from formcheck.records import BoolArray, FloatArray, PoseTrack
from formcheck.skeleton import INDEX, SIDES, Side, index_of, leg_indices, other

from .truth import JOINTS, Trial

IntArray = npt.NDArray[np.int64]

WIDTH_PX, HEIGHT_PX = 720, 1280
HEIGHT_SEEN_M = 2.5
"""What the picture's height covers at the runner's distance."""
CAMERA_HEIGHT_M = 0.9
LONGEST_SPELL_S = 0.3


@dataclass(frozen=True)
class Filming:
    """How a trial is filmed."""

    rate_hz: float = 120.0
    jitter_px: float = 3.0
    """SD of each landmark in each frame; the leg is some 430 px long."""
    far_leg_lost: float = 0.0
    """Share of the frames in which the far leg is not seen."""
    exchanged: float = 0.0
    """Share of the frames in which the finder has the legs the wrong way round."""
    yaw_deg: float = 0.0
    """How far the camera has walked around the runner, toward the front +; it looks at the runner."""
    roll_deg: float = 0.0
    """Turn of the phone: the picture's content turns counter-clockwise +."""
    camera_height_m: float = CAMERA_HEIGHT_M
    """Of the lens; the middle of the picture is always ``CAMERA_HEIGHT_M`` above the belt."""
    distance_m: float | None = None
    """None: anything from 3 to 5 m."""
    looks_hz: float | None = None
    """How often the finder looks at a frame; None: at every one."""

    def __str__(self) -> str:
        parts = [f"{self.rate_hz:g} fps", f"{self.jitter_px:g} px"]
        parts += [f"far leg lost {100 * self.far_leg_lost:.0f} %"] if self.far_leg_lost else []
        parts += [f"exchanged {100 * self.exchanged:.0f} %"] if self.exchanged else []
        parts += [f"yaw {self.yaw_deg:g} deg"] if self.yaw_deg else []
        parts += [f"roll {self.roll_deg:g} deg"] if self.roll_deg else []
        parts += [f"lens at {self.camera_height_m:g} m"] if self.camera_height_m != CAMERA_HEIGHT_M else []
        parts += [f"from {self.distance_m:g} m"] if self.distance_m is not None else []
        parts += [f"looked at {self.looks_hz:g} times a second"] if self.looks_hz is not None else []
        return ", ".join(parts)


@dataclass(frozen=True)
class Film:
    """A trial as seen by the camera."""

    trial: Trial
    near: Side
    start_s: float
    """Time of the first frame in the trial."""
    pose: PoseTrack
    exchanged: BoolArray
    """(n,) frames whose legs were named wrongly on purpose."""

    @property
    def end_s(self) -> float:
        """Time of the last frame in the trial."""
        return self.start_s + float(self.pose.time_s[-1])


def film(trial: Trial, filming: Filming, near: Side, seed: int) -> Film:
    """The trial seen from its near side, 3-5 m away, the first frame at any moment."""
    rng = np.random.default_rng(seed)
    start_s = float(rng.uniform(0, 1 / filming.rate_hz))
    time_s = np.arange(start_s, trial.time_s[-1], 1 / filming.rate_hz)
    drawn_m = float(rng.uniform(3.0, 5.0))
    xy = _landmarks(trial, time_s, near, filming, drawn_m if filming.distance_m is None else filming.distance_m)
    xy = xy + rng.normal(0, filming.jitter_px, xy.shape)
    wrong = _spells(rng, len(time_s), filming.rate_hz, filming.exchanged)
    lost = _spells(rng, len(time_s), filming.rate_hz, filming.far_leg_lost, longest_s=0.1) & ~wrong
    xy[np.ix_(np.flatnonzero(lost), np.array(leg_indices(other(near))[1:]))] = np.nan
    rows, left, right = np.flatnonzero(wrong)[:, None], leg_indices("left"), leg_indices("right")
    xy[rows, left], xy[rows, right] = xy[rows, right], xy[rows, left]
    looks = _looks(len(time_s), filming)
    pose = PoseTrack(
        time_s=(time_s - time_s[0])[looks],
        xy_px=xy[looks],
        visibility=np.where(np.isnan(xy[looks][..., 0]), np.nan, 0.9),
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
        outline_qpx=np.full((len(looks), 1, 2), -1, dtype=np.int16),
        finder="motion capture",
        frame_rate_hz=filming.rate_hz if filming.looks_hz else None,
    )
    return Film(trial, near, start_s, pose, wrong[looks])


def _looks(n_frames: int, filming: Filming) -> IntArray:
    """Indices of the frames looked at, spread as the search for the body spreads them."""
    share = 1.0 if filming.looks_hz is None else filming.looks_hz / filming.rate_hz
    is_sparse = sparse(share, filming.rate_hz)
    return np.array([index for index in range(n_frames) if looked_at(index, share, is_sparse)])


def _landmarks(trial: Trial, time_s: FloatArray, near: Side, filming: Filming, distance_m: float) -> FloatArray:
    """(n, 33, 2) px. No runner has shoulder markers: trunk, arms and head stand upright above the hips."""
    xy = np.full((len(time_s), 33, 2), np.nan)
    middle = trial.midhip_m.mean(axis=0)
    for side in SIDES:
        for joint in JOINTS.values():
            points = CubicSpline(trial.time_s, trial.joints_m[side, joint])(time_s)
            xy[:, index_of(side, joint)] = _project(points, middle, near, filming, distance_m)
    hips = (xy[:, INDEX["left_hip"]] + xy[:, INDEX["right_hip"]]) / 2
    xy[:, :11] = hips[:, None] + [0.0, -400.0]
    xy[:, 11:23] = hips[:, None] + [0.0, -250.0]
    return xy


def _project(points_m: FloatArray, middle_m: FloatArray, near: Side, filming: Filming, distance_m: float) -> FloatArray:
    """Pinhole camera that looks at the runner; from the runner's right he faces right in the picture."""
    sense = 1.0 if near == "right" else -1.0
    focal_px = HEIGHT_PX / HEIGHT_SEEN_M * distance_m
    ahead = sense * (points_m[:, 0] - middle_m[0])
    up = points_m[:, 1] - CAMERA_HEIGHT_M
    toward = sense * (points_m[:, 2] - middle_m[2])
    ahead, toward = _turned(ahead, toward, sense * filming.yaw_deg)
    down_deg = float(np.degrees(np.arctan2(filming.camera_height_m - CAMERA_HEIGHT_M, distance_m)))
    up, toward = _turned(up, toward, down_deg)
    ahead, up = _turned(ahead, up, filming.roll_deg)
    distance_m = float(np.hypot(distance_m, filming.camera_height_m - CAMERA_HEIGHT_M))
    x = WIDTH_PX / 2 + focal_px * ahead / (distance_m - toward)
    y = HEIGHT_PX / 2 - focal_px * up / (distance_m - toward)
    return np.stack([x, y], axis=1)


def _turned(first: FloatArray, second: FloatArray, angle_deg: float) -> tuple[FloatArray, FloatArray]:
    """Both coordinates turned from ``first`` toward ``second``; unchanged to the last bit at 0."""
    if angle_deg == 0.0:
        return first, second
    c, s = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    return c * first - s * second, s * first + c * second


def _spells(
    rng: np.random.Generator, n: int, rate_hz: float, share: float, longest_s: float = LONGEST_SPELL_S
) -> BoolArray:
    """Frames in spells of one frame to ``longest_s``, ``share`` of all."""
    inside = np.zeros(n, dtype=bool)
    longest = max(1, round(longest_s * rate_hz))
    while inside.mean() < share:
        length = int(rng.integers(1, longest + 1))
        start = int(rng.integers(0, n - length))
        inside[start : start + length] = True
    return inside
