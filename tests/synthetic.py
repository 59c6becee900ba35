"""A runner whose every angle, moment and measure is known, as the pose track a perfect finder would give.

The toe's path and the foot's pitch are given over one stride; the toe moves with the belt while it is on it. The hips
go up and down twice a stride; knee and thigh follow from hip and ankle (two equal segments), so all angles are exact
at any time. Lengths are in leg lengths until the camera turns them into pixels. Both legs do the same, half a stride
apart. The numbers are shaped by hand after what is usual at an easy pace: contact at share 0 of the stride, where the
foot has six tenths of the belt's speed, toe-off at ``TOE_OFF_SHARE``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline, PchipInterpolator

from formcheck.records import Facing, FloatArray, PoseTrack, VideoFacts
from formcheck.skeleton import INDEX, LANDMARKS, MIRRORED, SIDES, Side, leg_indices

TOE_OFF_SHARE = 0.33
HIP_SWING_LEG = 0.041
"""Half of the hips' way up and down."""
TRUNK_LEG, UPPER_ARM_LEG, FOREARM_LEG = 0.60, 0.36, 0.32
ARM_SWING_DEG = 50.0

# Toe: speed along the belt in belt speeds, height in leg lengths; foot: heel to toe, toes up +, degrees.
_BELT_LEG_PER_STRIDE = 2.75
_TOE_X_AT_CONTACT = 0.467
_SPEED_SHARES = [0, 0.03, 0.06, 0.1, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1]
_SPEED = [-0.6, -0.93, -1, -1, -1, -0.886, -0.7, -0.374, 0.074, 0.504, 0.866, 1.044, 1.137, 1.24, 1.331, 1.251, 0.862]
_SPEED += [0.232, -0.6]
_HEIGHT_SHARES = [0, 0.03, 0.06, 0.1, 0.14, 0.18, 0.22, 0.26, 0.3, 0.35, 0.4, 0.46, 0.53, 0.6, 0.67, 0.74, 0.81, 0.87]
_HEIGHT_SHARES += [0.92, 0.96, 1]
_HEIGHT = [0.052, 0.008, 0, 0, 0, 0, 0, 0.002, 0.01, 0.037, 0.093, 0.185, 0.297, 0.35, 0.301, 0.19, 0.097, 0.074]
_HEIGHT += [0.085, 0.085, 0.052]
_PITCH_SHARES = [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.58, 0.65, 0.72, 0.8, 0.88, 0.94, 1]
_PITCH = [10, 3, 1.9, -0.9, -5.4, -16, -32.8, -52, -66.3, -87.4, -95.6, -87.1, -65, -34.4, -1, 11.5, 10]

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Runner:
    """Who runs, and how it is filmed."""

    stride_s: float = 0.70
    duration_s: float = 6.0
    rate_hz: float = 60.0
    facing: Facing = "right"
    lean_deg: float = 7.0
    lean_swing_deg: float = 2.0
    """The trunk pitches to and fro by so much either way, twice a stride."""
    leg_px: float = 400.0
    width_px: int = 720
    height_px: int = 1280
    first_contact_s: float = 0.11
    """Of the right foot; the left one's is half a stride later."""
    frame_offset: float = 0.0
    """Share of a frame by which the camera's clock is late."""

    @property
    def near_side(self) -> Side:
        """A camera on the runner's right sees a runner who faces right."""
        return "left" if self.facing == "left" else "right"

    @property
    def cadence_spm(self) -> float:
        """Steps of both feet in a minute."""
        return 120.0 / self.stride_s

    @property
    def contact_time_s(self) -> float:
        """Contact to toe-off."""
        return TOE_OFF_SHARE * self.stride_s

    @property
    def flight_time_s(self) -> float:
        """Toe-off to the other foot's contact."""
        return (0.5 - TOE_OFF_SHARE) * self.stride_s

    def contacts(self, side: Side) -> FloatArray:
        """Times of contact inside the clip."""
        return self._moments(side, 0.0)

    def toe_offs(self, side: Side) -> FloatArray:
        """Times of toe-off inside the clip."""
        return self._moments(side, TOE_OFF_SHARE)

    def _moments(self, side: Side, share: float) -> FloatArray:
        first = self._start(side) + share * self.stride_s
        times = first + self.stride_s * np.arange(-2, self.duration_s / self.stride_s + 1)
        return times[(times >= 0) & (times <= self.frame_times()[-1])]

    def _start(self, side: Side) -> float:
        return self.first_contact_s + (self.stride_s / 2 if side == "left" else 0.0)

    def share(self, side: Side, time_s: FloatArray) -> FloatArray:
        """How far each time is into that foot's stride, 0..1."""
        return ((time_s - self._start(side)) / self.stride_s) % 1.0

    def frame_times(self) -> FloatArray:
        """(n,) seconds, from the first frame on."""
        return np.arange(round(self.duration_s * self.rate_hz)) / self.rate_hz

    def pose(self, time_s: FloatArray | None = None) -> PoseTrack:
        """What a perfect finder sees; pass times for a camera of variable rate."""
        time_s = self.frame_times() if time_s is None else time_s
        xy = self._picture(_body(self, time_s + self.frame_offset / self.rate_hz))
        far = "right" if self.near_side == "left" else "left"
        seen = np.array([0.62 if name.startswith(far) else 0.97 for name in LANDMARKS])
        return PoseTrack(
            time_s=time_s,
            xy_px=xy,
            visibility=np.tile(seen, (len(time_s), 1)),
            width_px=self.width_px,
            height_px=self.height_px,
            outline_qpx=np.full((len(time_s), 1, 2), -1, dtype=np.int16),
            finder="synthetic",
        )

    def facts(self) -> VideoFacts:
        """The clip that would have shown this runner."""
        n = len(self.frame_times())
        return VideoFacts("runner.mp4", self.width_px, self.height_px, n, n / self.rate_hz, self.rate_hz, False, 1.0)

    def _picture(self, points: FloatArray) -> FloatArray:
        """Leg lengths, x forward and y up from the belt, as pixels."""
        ahead = -1.0 if self.facing == "left" else 1.0
        return points * [ahead * self.leg_px, -self.leg_px] + [0.5 * self.width_px, 0.93 * self.height_px]


# ------------------------------------------------------------------------------------------------------- the body


@dataclass(frozen=True)
class Leg:
    """One leg at given shares of its stride, leg lengths; x ahead of the hips, y up from the belt; exact angles."""

    joints: dict[str, FloatArray]
    thigh_deg: FloatArray
    """Knee behind the hip +."""
    shank_deg: FloatArray
    """Ankle ahead of the knee +."""
    knee_flexion_deg: FloatArray
    foot_deg: FloatArray


@cache
def _curves() -> tuple[PchipInterpolator, CubicSpline, CubicSpline]:
    along = PchipInterpolator(_SPEED_SHARES, np.array(_SPEED) * _BELT_LEG_PER_STRIDE).antiderivative()
    height = CubicSpline(_HEIGHT_SHARES, _HEIGHT, bc_type="periodic")
    return along, height, CubicSpline(_PITCH_SHARES, _PITCH, bc_type="periodic")


def hip_height_leg(share: FloatArray) -> FloatArray:
    """Above the belt; highest in flight, twice a stride."""
    return 1.033 - HIP_SWING_LEG * np.cos(4 * np.pi * (share - 0.149))


def leg_at(share: FloatArray | float) -> Leg:
    """The leg at shares of the stride since its own contact."""
    share = np.atleast_1d(np.asarray(share, dtype=float)) % 1.0
    along, height, pitch = _curves()
    drift = float(along(1.0))
    toe = np.stack([_TOE_X_AT_CONTACT + along(share) - drift * share, height(share)], axis=1)
    foot = np.asarray(pitch(share))
    sole, instep = _unit(foot), _unit(foot + 90.0)
    ankle = toe - 0.18 * sole + 0.075 * instep
    hip = np.stack([np.zeros_like(share), hip_height_leg(share)], axis=1)
    reach = ankle - hip
    flexion = 2 * np.degrees(np.arccos(np.linalg.norm(reach, axis=1)))
    thigh = np.degrees(np.arctan2(-reach[:, 0], -reach[:, 1])) - flexion / 2
    knee = hip + 0.5 * _hanging(thigh)
    joints = {"hip": hip, "knee": knee, "ankle": ankle, "heel": toe - 0.24 * sole, "foot_index": toe}
    return Leg(joints, thigh, -(thigh + flexion), flexion, foot)


def _unit(angle_deg: FloatArray) -> FloatArray:
    return np.stack([np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))], axis=1)


def _hanging(back_deg: FloatArray) -> FloatArray:
    """Direction of a segment that hangs down and is swung backward by an angle."""
    return np.stack([-np.sin(np.radians(back_deg)), -np.cos(np.radians(back_deg))], axis=1)


def _body(runner: Runner, time_s: FloatArray) -> FloatArray:
    """(n, 33, 2) in leg lengths."""
    points = np.zeros((len(time_s), len(LANDMARKS), 2))
    pace = 4 * np.pi * time_s / runner.stride_s
    lean = runner.lean_deg + runner.lean_swing_deg * np.sin(pace)
    for side in SIDES:
        share = runner.share(side, time_s)
        joints = dict(leg_at(share).joints)
        joints["shoulder"] = joints["hip"] - TRUNK_LEG * _hanging(lean)
        arm = 10 - ARM_SWING_DEG / 2 * np.sin(2 * np.pi * share)
        joints["elbow"] = joints["shoulder"] + UPPER_ARM_LEG * _hanging(arm)
        joints["wrist"] = joints["elbow"] + FOREARM_LEG * _hanging(arm - 95)
        for finger in ("pinky", "index", "thumb"):
            joints[finger] = joints["wrist"] + [0.05, 0.0]
        for name, where in joints.items():
            points[:, INDEX[f"{side}_{name}"]] = where
    points[:, :11] = points[:, [INDEX["left_shoulder"]]] + [0.1, 0.28]
    return points


def standing(duration_s: float = 6.0, rate_hz: float = 60.0) -> PoseTrack:
    """A person seen from the side who stands still."""
    runner = Runner(duration_s=duration_s, rate_hz=rate_hz)
    still = runner.pose(np.zeros(1)).xy_px[0].copy()
    for side in SIDES:
        for joint, (x, y) in zip(leg_indices(side), _STANDING_PX, strict=True):
            still[joint] = (x, y)
    n = len(runner.frame_times())
    return replace(runner.pose(), xy_px=np.tile(still, (n, 1, 1)))


_STANDING_PX = [(360, 790), (362, 990), (360, 1190), (340, 1215), (430, 1218)]


def squatting(duration_s: float = 8.0, rate_hz: float = 30.0, period_s: float = 3.0) -> PoseTrack:
    """A person seen from the side whose legs bend together, not in turn."""
    track = standing(duration_s, rate_hz)
    depth = 0.5 - 0.5 * np.cos(2 * np.pi * track.time_s / period_s)
    xy = track.xy_px.copy()
    above_knees = [i for i in range(len(LANDMARKS)) if i < INDEX["left_knee"]]
    xy[:, above_knees] += np.stack([-90 * depth, 190 * depth], axis=1)[:, None]
    for side in SIDES:
        xy[:, INDEX[f"{side}_knee"]] += np.stack([80 * depth, 20 * depth], axis=1)
    return replace(track, xy_px=xy)


# ---------------------------------------------------------------------------------------- what goes wrong with poses


def jittered(pose: PoseTrack, sd_px: float, seed: int = 0) -> PoseTrack:
    """Every landmark off by independent normal errors."""
    noise = np.random.default_rng(seed).normal(0.0, sd_px, pose.xy_px.shape)
    return replace(pose, xy_px=pose.xy_px + noise)


def exchanged(pose: PoseTrack, frames: BoolArray) -> PoseTrack:
    """Left and right legs named the wrong way round in those frames."""
    left, right = leg_indices("left"), leg_indices("right")
    xy, visibility = pose.xy_px.copy(), pose.visibility.copy()
    rows = np.flatnonzero(frames)[:, None]
    xy[rows, left], xy[rows, right] = pose.xy_px[rows, right], pose.xy_px[rows, left]
    visibility[rows, left], visibility[rows, right] = pose.visibility[rows, right], pose.visibility[rows, left]
    return replace(pose, xy_px=xy, visibility=visibility)


def exchange_spells(n_frames: int, rate_hz: float, share: float = 0.2, seed: int = 0) -> BoolArray:
    """Frames in which a finder has the legs wrong: spells of 1 frame to 0.3 s, ``share`` of the clip."""
    rng = np.random.default_rng(seed)
    wrong = np.zeros(n_frames, dtype=bool)
    while wrong.mean() < share:
        length = int(rng.integers(1, max(2, round(0.3 * rate_hz)) + 1))
        start = int(rng.integers(0, n_frames - length))
        wrong[start : start + length] = True
    return wrong


def lost(pose: PoseTrack, frames: BoolArray) -> PoseTrack:
    """Nobody found in those frames."""
    xy, visibility = pose.xy_px.copy(), pose.visibility.copy()
    xy[frames], visibility[frames] = np.nan, np.nan
    return replace(pose, xy_px=xy, visibility=visibility)


def jumped(pose: PoseTrack, frame: int, landmark: str, by_px: tuple[float, float]) -> PoseTrack:
    """One landmark far off in one frame."""
    xy = pose.xy_px.copy()
    xy[frame, INDEX[landmark]] += by_px
    return replace(pose, xy_px=xy)


def mirrored(pose: PoseTrack) -> PoseTrack:
    """The same film in a mirror: what was the right leg is now called the left one."""
    xy = pose.xy_px[:, list(MIRRORED)].copy()
    xy[..., 0] = pose.width_px - xy[..., 0]
    return replace(pose, xy_px=xy, visibility=pose.visibility[:, list(MIRRORED)])


def rotated(pose: PoseTrack, angle_deg: float) -> PoseTrack:
    """The camera rolled: the picture turns by that angle as seen on the screen, counter-clockwise +."""
    c, s = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    middle = np.array([pose.width_px / 2, pose.height_px / 2])
    turn = np.array([[c, -s], [s, c]])
    outline = np.rint((pose.outline_qpx - 4 * middle) @ turn + 4 * middle).astype(np.int16)
    kept = pose.outline_qpx[:, :1] >= 0
    return replace(pose, xy_px=(pose.xy_px - middle) @ turn + middle, outline_qpx=np.where(kept, outline, np.int16(-1)))


def uneven_times(runner: Runner, seed: int = 0) -> FloatArray:
    """Frame times of a phone that holds no steady rate: each up to 30 % of a frame early or late, in whole ms."""
    times = runner.frame_times()
    shaken = times + np.random.default_rng(seed).uniform(-0.3, 0.3, len(times)) / runner.rate_hz
    shaken[0] = 0.0
    return np.round(shaken, 3)
