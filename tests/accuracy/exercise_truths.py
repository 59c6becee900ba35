"""What the exercises' numbers truly are: from the joints of a rendered body, by definitions written anew here.

The joints are those of the drawn mesh in the room (X ahead of the person, Y to the person's left, Z up, metres; see
``tools/rendering/exercise_truth.py``). Where the product measures in the picture, here the plane of the exercise is
used: X-Z from the side, Y-Z from the front.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from formcheck.records import FloatArray

SAGITTAL, FRONTAL = (0, 2), (1, 2)
OTHER = {"left": "right", "right": "left"}


@dataclass(frozen=True)
class At:
    """One moment of a clip: the top of a repetition, or the middle of a hold, and where it started from."""

    truth: Mapping[str, Any]
    time_s: float
    start_s: float
    side: str | None

    @property
    def near(self) -> str:
        """The side toward the camera; the left one from the front."""
        return str(self.truth["near_side"] or "left")

    @property
    def working(self) -> str:
        """The side that is exercised, or the near one."""
        return self.side or self.near

    @property
    def free(self) -> str:
        """The other one."""
        return OTHER[self.working]

    @property
    def start(self) -> At:
        """The same clip before the repetition."""
        return At(self.truth, self.start_s, self.start_s, self.side)

    def track(self, name: str) -> float:
        """A track of the truth file at this moment."""
        frames = self.truth["frames"]
        return float(np.interp(self.time_s, frames["time_s"], frames[name]))

    def joint(self, name: str) -> FloatArray:
        """Place (3,) of a joint, or of the middle between left and right for a name without a side."""
        frames = self.truth["frames"]
        if name not in frames["joints_m"]:
            return (self.joint(f"left_{name}") + self.joint(f"right_{name}")) / 2
        places = np.array(frames["joints_m"][name])
        return np.array([np.interp(self.time_s, frames["time_s"], places[:, axis]) for axis in range(3)])

    @property
    def leg(self) -> float:
        """Hip to knee to ankle, metres."""
        return float(self.truth["leg_length_m"])

    @property
    def height(self) -> float:
        """Of the body, metres."""
        return float(self.truth["height_cm"]) / 100.0


TrueValue = Callable[[At], float]


def lean(at: At, lower: str, upper: str, plane: tuple[int, int] = SAGITTAL) -> float:
    """Degrees of lower -> upper against the vertical, toward the first axis +."""
    d = at.joint(upper) - at.joint(lower)
    return math.degrees(math.atan2(d[plane[0]], d[plane[1]]))


def angle(at: At, first: str, corner: str, second: str, plane: tuple[int, int] | None = SAGITTAL) -> float:
    """Degrees at the corner, 0..180; in space where ``plane`` is None."""
    u, v = at.joint(first) - at.joint(corner), at.joint(second) - at.joint(corner)
    if plane is not None:
        u, v = u[list(plane)], v[list(plane)]
    return math.degrees(math.acos(np.clip(u @ v / (np.linalg.norm(u) * np.linalg.norm(v)), -1.0, 1.0)))


def level(at: At, joint: str) -> float:
    """Degrees of the line right -> left of a joint across the picture, the left one higher +."""
    d = at.joint(f"left_{joint}") - at.joint(f"right_{joint}")
    return math.degrees(math.atan2(d[2], abs(d[1])))


def ahead_pct_height(at: At, joint: str, of: str) -> float:
    """How far ahead of another joint, near side, % of height."""
    return 100 * float((at.joint(f"{at.near}_{joint}") - at.joint(f"{at.near}_{of}"))[0]) / at.height


def heel_lift_pct_leg(at: At, side: str) -> float:
    """Heel above the ball of the foot."""
    return 100 * float((at.joint(f"{side}_heel") - at.joint(f"{side}_foot_index"))[2]) / at.leg


def on_axis(at: At, lower: str, upper: str) -> float:
    """Degrees between a limb (hip to its end) and the trunk's line carried on, 0..180."""
    limb, trunk = at.joint(upper) - at.joint(lower), at.joint("hip") - at.joint("shoulder")
    limb, trunk = limb[[0, 2]], trunk[[0, 2]]
    return math.degrees(math.acos(np.clip(limb @ trunk / (np.linalg.norm(limb) * np.linalg.norm(trunk)), -1, 1)))


def ankles_apart_pct_trunk(at: At) -> float:
    """Distance of the ankles, % of mid-hip to mid-shoulder."""
    trunk = np.linalg.norm(at.joint("shoulder") - at.joint("hip"))
    return 100 * float(np.linalg.norm(at.joint("left_ankle") - at.joint("right_ankle")) / trunk)


def sign(side: str) -> float:
    """+ for left, the way Y points."""
    return 1.0 if side == "left" else -1.0


def sway_back(at: At) -> float:
    """Near hip ahead of the line from ankle to shoulder at the hip's height, % of height."""
    ankle, hip, shoulder = (at.joint(f"{at.near}_{name}") for name in ("ankle", "hip", "shoulder"))
    share = (hip[2] - ankle[2]) / (shoulder[2] - ankle[2])
    return 100 * float(hip[0] - (ankle[0] + share * (shoulder[0] - ankle[0]))) / at.height


def planted(at: At) -> str:
    """The leg that stays down in a hip lift: the near one unless that is stretched out."""
    lifted = at.truth["made_with"]["row"]["style"].get("lifted")
    return OTHER[lifted] if lifted else at.near


def plank_line(truth: Mapping[str, Any]) -> str:
    """Name of the track that is a plank's line: to the ankle, on the knees to the knee."""
    return f"{'hip' if truth['mode'] == 'knees' else 'body'}_line_{truth['near_side']}_deg"


def hip_dip_pct(truth: Mapping[str, Any]) -> FloatArray:
    """(n,) how far the hip is below the line from shoulder to ankle (on the knees: knee), % of the line's length."""
    at = {name: np.array(places)[:, [0, 2]] for name, places in truth["frames"]["joints_m"].items()}
    near = truth["near_side"]
    shoulder, hip = at[f"{near}_shoulder"], at[f"{near}_hip"]
    end = at[f"{near}_{'knee' if truth['mode'] == 'knees' else 'ankle'}"]
    line = shoulder - end
    off = line[:, 0] * (hip - end)[:, 1] - line[:, 1] * (hip - end)[:, 0]
    found: FloatArray = -100 * off / np.sum(line**2, axis=1)
    return found


SAG_PCT, PIKE_PCT = 4.0, 7.0
"""Of the line's length; how far off straight a plank may be, some 10 deg down and 17 deg up."""


def good_line_s(truth: Mapping[str, Any]) -> float:
    """Longest stretch with the hips within ``SAG_PCT`` and ``PIKE_PCT`` of the line, lapses of a second included."""
    time, dip = np.array(truth["frames"]["time_s"]), hip_dip_pct(truth)
    (hold,) = truth["holds"]
    held = (time >= hold["start_s"]) & (time <= hold["end_s"])
    good = np.flatnonzero(held & (dip <= SAG_PCT) & (dip >= -PIKE_PCT))
    if len(good) == 0:
        return 0.0
    parts = np.split(good, np.flatnonzero(np.diff(time[good]) > 1.0) + 1)
    return float(max(time[part[-1]] - time[part[0]] for part in parts))


def most_dip_pct(truth: Mapping[str, Any], way: float) -> float:
    """Median of the tenth of the hold in which the hips are lowest (way 1) or highest (-1); 0 where they never are."""
    time = np.array(truth["frames"]["time_s"])
    (hold,) = truth["holds"]
    inside = np.sort(way * hip_dip_pct(truth)[(time >= hold["start_s"]) & (time <= hold["end_s"])])
    return max(0.0, float(np.median(inside[-max(1, len(inside) // 10) :])))


def back_change(at: At) -> float:
    """Lumbar extension less that before; of a hold, less that at the beginning of the clip."""
    before = at.start if at.truth["reps"] else At(at.truth, 0.0, 0.0, at.side)
    return at.track("lumbar_extension_deg") - before.track("lumbar_extension_deg")


def low_in_deep_half(at: At, track: str) -> float:
    """Low fifth of a track in the half of a repetition around its far end."""
    time = np.array(at.truth["frames"]["time_s"])
    half = (at.time_s - at.start_s) / 2
    inside = np.abs(time - at.time_s) <= half
    return float(np.percentile(np.array(at.truth["frames"][track])[inside], 20))


TRUTHS: Mapping[str, TrueValue] = {
    "back_shape_change_deg": lambda at: back_change(at),
    "back_arch_change_deg": lambda at: back_change(at),
    # squats
    "squat_depth_deg": lambda at: at.track(f"thigh_{at.near}_deg"),
    "trunk_over_shin_deg": lambda at: at.track("trunk_lean_deg") - at.track(f"shank_{at.near}_deg"),
    "heel_rise_pct_leg": lambda at: heel_lift_pct_leg(at, at.near) - heel_lift_pct_leg(at.start, at.near),
    "arms_fall_deg": lambda at: at.track(f"arm_ahead_{at.near}_deg"),
    "knees_in_pct": lambda at: low_in_deep_half(at, "knees_pct_ankles"),
    "weight_shift_pct_leg": lambda at: (
        100
        * float((at.joint("hip") - at.joint("ankle"))[1] - (at.start.joint("hip") - at.start.joint("ankle"))[1])
        / at.leg
    ),
    "hip_tilt_change_deg": lambda at: level(at, "hip") - level(at.start, "hip"),
    # one leg
    "deadlift_trunk_deg": lambda at: at.track("trunk_lean_deg"),
    "stance_knee_deg": lambda at: at.track(f"knee_flexion_{at.working}_deg"),
    "trunk_leg_line_deg": lambda at: angle(at, "shoulder", f"{at.free}_hip", f"{at.free}_ankle"),
    "stance_trunk_lean_deg": lambda at: sign(at.working) * at.track("trunk_lean_left_deg"),
    "hip_drop_deg": lambda at: sign(at.working) * at.track("pelvis_level_deg"),
    "pelvis_level_deg": lambda at: -sign(at.working) * (level(at, "hip") - level(at.start, "hip")),
    # posture
    "hip_ahead_pct_height": lambda at: ahead_pct_height(at, "hip", "ankle"),
    "knee_ahead_pct_height": lambda at: ahead_pct_height(at, "knee", "ankle"),
    "shoulder_ahead_pct_height": lambda at: ahead_pct_height(at, "shoulder", "ankle"),
    "ear_ahead_pct_height": lambda at: ahead_pct_height(at, "ear", "shoulder"),
    "sway_back_pct_height": sway_back,
    "standing_knee_deg": lambda at: at.track(f"knee_flexion_{at.near}_deg"),
    "pelvis_line_deg": lambda at: level(at, "hip"),
    "shoulder_line_deg": lambda at: level(at, "shoulder"),
    "weight_on_one_leg_pct_height": lambda at: 100 * float((at.joint("hip") - at.joint("ankle"))[1]) / at.height,
    "sitting_trunk_deg": lambda at: at.track("trunk_lean_deg"),
    "sitting_hip_deg": lambda at: angle(at, "shoulder", f"{at.near}_hip", f"{at.near}_knee"),
    "sitting_knee_deg": lambda at: 180.0 - at.track(f"knee_flexion_{at.near}_deg"),
    # bends
    "bend_trunk_deg": lambda at: at.track("trunk_lean_deg") - at.start.track("trunk_lean_deg"),
    "bend_knee_deg": lambda at: at.track(f"knee_flexion_{at.near}_deg"),
    "extension_trunk_deg": lambda at: at.start.track("trunk_lean_deg") - at.track("trunk_lean_deg"),
    # stretches
    "rear_thigh_deg": lambda at: -at.track(f"thigh_{at.working}_deg"),
    "stretch_trunk_deg": lambda at: at.track("trunk_lean_deg"),
    "stretch_knee_bend_deg": lambda at: at.track(f"knee_flexion_{at.working}_deg"),
    "stretch_thigh_ahead_deg": lambda at: at.track(f"thigh_{at.working}_deg"),
    "stretch_knee_straight_deg": lambda at: 180.0 - at.track(f"knee_flexion_{at.working}_deg"),
    "hinge_angle_deg": lambda at: angle(at, "shoulder", "hip", f"{at.working}_ankle"),
    "raised_leg_deg": lambda at: on_axis(at, f"{at.working}_hip", f"{at.working}_ankle"),
    "resting_leg_deg": lambda at: on_axis(at, f"{at.free}_hip", f"{at.free}_knee"),
    "calf_shin_deg": lambda at: at.track(f"shank_{at.working}_deg"),
    "calf_knee_deg": lambda at: at.track(f"knee_flexion_{at.working}_deg"),
    "calf_heel_pct_leg": lambda at: heel_lift_pct_leg(at, at.working) - heel_lift_pct_leg(at, at.free),
    # lying
    "hip_line_deg": lambda at: at.track(f"hip_line_{planted(at)}_deg"),
    "lumbar_overarch_deg": lambda at: max(0.0, at.track(f"hip_line_{planted(at)}_deg") - 180.0),
    "floor_gap_change_pct": lambda at: 0.0 if abs(back_change(at)) < 1.0 else math.nan,
    "knee_angle_deg": lambda at: 180.0 - at.track(f"knee_flexion_{planted(at)}_deg"),
    "body_line_deg": lambda at: at.track(plank_line(at.truth)),
    "knee_opening_deg": lambda at: at.track("thighs_apart_deg") - at.start.track("thighs_apart_deg"),
    "heels_apart_pct": lambda at: ankles_apart_pct_trunk(at) - ankles_apart_pct_trunk(at.start),
    "pelvis_roll_deg": lambda at: abs(at.track("pelvis_turn_deg") - at.start.track("pelvis_turn_deg")),
    "good_line_time_s": lambda at: good_line_s(at.truth),
    "hip_sag_pct": lambda at: most_dip_pct(at.truth, 1.0),
    "hip_pike_pct": lambda at: most_dip_pct(at.truth, -1.0),
}
"""Metric -> its true value at a moment."""

FAULTS: Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]] = {
    ("squat", "side"): {
        "forward_lean": ("trunk_over_shin_deg",),
        "shallow": ("squat_depth_deg",),
        "fade": ("range_fade_pct",),
        "rounded": ("back_arch_change_deg",),
        "over_arch": ("back_arch_change_deg",),
    },
    ("overhead_squat", "side"): {
        "forward_lean": ("trunk_over_shin_deg",),
        "arms_fall": ("arms_fall_deg",),
        "heel_rise": ("heel_rise_pct_leg",),
        "rounded": ("back_arch_change_deg",),
        "over_arch": ("back_arch_change_deg",),
    },
    ("bird_dog", "side"): {"over_arch": ("back_arch_change_deg",)},
    ("dead_bug", "side"): {"over_arch": ("floor_gap_change_pct",)},
    ("squat", "front"): {"knees_in": ("knees_in_pct",)},
    ("overhead_squat", "front"): {"knees_in": ("knees_in_pct",), "shift": ("weight_shift_pct_leg",)},
    ("single_leg_deadlift", "side"): {
        "leg_drops": ("trunk_leg_line_deg",),
        "rounded": ("back_arch_change_deg",),
    },
    ("single_leg_deadlift", "front"): {"touches": ("touch_downs",), "opens": ("pelvis_level_deg",)},
    ("single_leg_stance", "front"): {
        "touches": ("touch_downs",),
        "drop": ("hip_drop_deg",),
    },
    ("standing", "side"): {"sway_back": ("sway_back_pct_height",), "knees_bent": ("standing_knee_deg",)},
    ("standing", "front"): {"weight_on_one_leg": ("weight_on_one_leg_pct_height",)},
    ("sitting", "side"): {"slump": ("sitting_ear_pct_trunk", "sitting_trunk_deg")},
    ("forward_bend", "side"): {"knees_bent": ("bend_knee_deg",)},
    ("stretch_hip_flexor", "side"): {"over_arch": ("back_arch_change_deg",)},
    ("stretch_quadriceps", "side"): {"thigh_ahead": ("stretch_thigh_ahead_deg",)},
    ("stretch_hamstring_seated", "side"): {"bounce": ("bounce_deg",)},
    ("stretch_hamstring_towel", "side"): {"knee_bent": ("stretch_knee_straight_deg",)},
    ("stretch_calf", "side"): {"heel_up": ("calf_heel_pct_leg",), "bounce": ("bounce_deg",)},
    ("hip_lift", "side"): {
        "over_arch": ("lumbar_overarch_deg",),
        "too_low": ("full_height_pct",),
        "fade": ("range_fade_pct",),
    },
    ("plank", "side"): {"sag": ("hip_sag_pct",), "pike": ("hip_pike_pct",)},
    ("clamshell", "front"): {"heels_apart": ("heels_apart_pct",), "roll": ("pelvis_roll_deg",)},
    ("clamshell", "feet"): {"heels_apart": ("heels_apart_pct",)},
}
"""Activity and view -> fault -> the metrics of which any outside its range tells it."""
