"""The runner: limbs, trunk, head, and the marks under the feet.

The near side is solid, thick and blue; the far side thin, dashed and pale orange, so that either the line or the
colour alone tells them apart. What the pose finder was unsure of is faded.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from formcheck.annotate.brush import FAR, FULL_ALPHA, GREY, NEAR, WHITE, Brush, Color, stack
from formcheck.annotate.timeline import Pose, Timeline
from formcheck.records import Event, FloatArray
from formcheck.skeleton import INDEX, SIDES, Side, index_of, other

# The foot is drawn as ankle-heel-toe: closing the triangle would only hide the shoe.
_ARM, _LEG = ("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle", "heel", "foot_index")
_LIMBS = {side: [[index_of(side, name) for name in limb] for limb in (_ARM, _LEG)] for side in SIDES}
_DOTTED = {side: [index_of(side, name) for name in (*_ARM, *_LEG) if name != "heel"] for side in SIDES}
_TRUNK = [index_of(side, name) for side in SIDES for name in ("hip", "shoulder")]
_FLASH_S = 0.10
_USUAL_LEG = 0.34  # of the picture's short side; a smaller runner gets thinner lines, or they would hide the legs
_HEAD_LEG = 0.11  # half of a head's breadth, in legs
_NEAR_WIDTH, _FAR_WIDTH, _DASH = 7.0, 3.6, 12.0


def draw_body(brush: Brush, pose: Pose, near: Side) -> None:
    """Far side first, then trunk and head, then the near side on top."""
    _draw_side(brush, pose, other(near), is_near=False)
    _draw_trunk(brush, pose)
    _draw_head(brush, pose, near)
    _draw_side(brush, pose, near, is_near=True)


def line_size(pose: Pose, short_side_px: int) -> float:
    """What to multiply the body's line widths by: 1 for a runner who fills the picture, 0.5 for a tiny one."""
    size = pose.leg_px / (_USUAL_LEG * max(short_side_px, 1))
    return min(max(size, 0.5), 1.0) if np.isfinite(size) else 1.0


def _draw_side(brush: Brush, pose: Pose, side: Side, is_near: bool) -> None:
    color, width, dash = (NEAR, _NEAR_WIDTH, 0.0) if is_near else (FAR, _FAR_WIDTH, _DASH)
    for joints in _LIMBS[side]:
        for run, alpha in _runs(pose, joints):
            brush.line(pose.xy_px[run], color, width, alpha, dash)
    radius, color = (5.2, WHITE) if is_near else (3.8, FAR)
    solid = [joint for joint in _DOTTED[side] if pose.opacity(joint) >= FULL_ALPHA and pose.seen[joint]]
    brush.discs(pose.xy_px[solid], radius, color)
    for joint in _DOTTED[side]:
        if joint not in solid:
            brush.dot(pose.xy_px[joint], radius, color, pose.opacity(joint))


def _runs(pose: Pose, joints: list[int]) -> list[tuple[list[int], float]]:
    """A limb's bones joined into lines of equal opacity: fewer strokes, and no rims across joints."""
    runs: list[tuple[list[int], float]] = []
    for a, b in pairwise(joints):
        if not (pose.seen[a] and pose.seen[b]):
            continue
        alpha = pose.opacity(a, b)
        if runs and runs[-1][0][-1] == a and abs(runs[-1][1] - alpha) < 0.02:
            runs[-1][0].append(b)
        else:
            runs.append(([a, b], alpha))
    return runs


def _draw_trunk(brush: Brush, pose: Pose) -> None:
    hips, shoulders = pose.middle("hip"), pose.middle("shoulder")
    brush.line(stack([hips, shoulders]), WHITE, 5.0, max(pose.opacity(*_TRUNK), 0.4))
    for name in ("hip", "shoulder"):
        pair = stack([pose.joint("left", name), pose.joint("right", name)])
        brush.line(pair, WHITE, 2.5, pose.opacity(index_of("left", name), index_of("right", name)))


def _draw_head(brush: Brush, pose: Pose, near: Side) -> None:
    """A circle about the ears that reaches the nose: where the head is, nothing about the face.

    From in front and behind the nose lies between the ears: there the legs tell how large a head is.
    """
    nose, ears = pose.xy_px[INDEX["nose"]], pose.middle("ear")
    radius = max(1.2 * float(np.hypot(*(nose - ears))), _HEAD_LEG * float(np.nan_to_num(pose.leg_px)))
    brush.ring(ears, radius, WHITE, 2.5, 0.8 * pose.opacity(INDEX["nose"], index_of(near, "ear")))


def draw_plumb(brush: Brush, pose: Pose) -> None:
    """A dotted line through the mid-hip, square to the belt, from above the shoulders to the ground."""
    hips, shoulders = pose.middle("hip"), pose.middle("shoulder")
    high = 1.12 * float(np.hypot(*(shoulders - hips)))
    low = pose.leg_px if np.isfinite(pose.leg_px) else high
    brush.dots(hips + high * pose.up, hips - low * pose.up, WHITE, 3.4, 17.0)


# --- feet on the belt ----------------------------------------------------------------------------------


def draw_feet(brush: Brush, pose: Pose, timeline: Timeline, near: Side, time_s: float) -> None:
    """Triangles under feet on the belt; a flash as one comes down or leaves."""
    for side in (other(near), near):
        color = NEAR if side == near else FAR
        stance = timeline.stance_at(side, time_s)
        if stance is not None:
            sure = color if stance.clean else GREY
            brush.triangle(_under_foot(brush, pose, side), sure, 26.0, filled=side == near and stance.clean)
        for event in timeline.events_within(time_s - _FLASH_S, time_s):
            if event.side == side:
                _flash(brush, pose, event, side, color, (time_s - event.time_s) / _FLASH_S)


def _under_foot(brush: Brush, pose: Pose, side: Side) -> FloatArray:
    """(2,) just below what carries: mid-sole of a flat foot, the toe or the heel of a tilted one.

    Lower than the points themselves, which sit inside the shoe.
    """
    heel, toe = pose.joint(side, "heel"), pose.joint(side, "foot_index")
    deeper = float((toe - heel) @ -pose.up) / max(float(np.hypot(*(toe - heel))), 1e-9)
    share = min(max(0.5 + 1.2 * deeper, 0.0), 1.0)
    return np.asarray(heel + share * (toe - heel) - 14.0 * brush.unit * pose.up, dtype=np.float64)


def _flash(brush: Brush, pose: Pose, event: Event, side: Side, color: Color, age: float) -> None:
    """``age`` 0..1. Contact: a ring that widens from the sole. Toe-off: a chevron that rises from the toe."""
    if event.kind == "contact":
        at = _under_foot(brush, pose, side)
        brush.ring(at - 10.0 * brush.unit * pose.up, (24.0 + 26.0 * age) * brush.unit, color, 4.0, 1.0 - 0.8 * age)
    elif event.kind == "toe_off":
        tip = pose.joint(side, "foot_index") - (34.0 - 30.0 * age) * brush.unit * pose.up
        arms = 20.0 * brush.unit * np.array([[-1.0, 0.7], [0.0, 0.0], [1.0, 0.7]])
        brush.line(tip + arms, color, 4.0, 1.0 - 0.8 * age)
