"""The angle that matters at each moment, drawn as the angle it is, with its number.

Knee flexion is the arc from the thigh's prolongation to the shank; the thigh and the trunk are held against the
dotted vertical. The thigh's angle is never called hip extension: a camera does not see the pelvis.
"""

from __future__ import annotations

import numpy as np

from formcheck.annotate.brush import MARK, WHITE, Align, Brush, stack
from formcheck.annotate.timeline import MomentKind, Pose, Readings
from formcheck.cards import Lang
from formcheck.records import FloatArray
from formcheck.skeleton import Side
from formcheck.texts import text as text_of

_LETTERS = 30.0


def draw_moment(brush: Brush, pose: Pose, kind: MomentKind, side: Side, readings: Readings, lang: Lang) -> None:
    """The angles of one moment on the limbs of one side; what is NaN is left out."""
    if kind == "contact":
        _draw_knee(brush, pose, side, readings.knee_deg, lang)
        _draw_ahead(brush, pose, side, readings.ahead_pct, lang)
    elif kind == "midstance":
        _draw_knee(brush, pose, side, readings.knee_deg, lang)
        _draw_lean_arc(brush, pose, readings.trunk_deg)
    else:
        _draw_thigh(brush, pose, side, readings.thigh_deg, lang)


def draw_lean(brush: Brush, pose: Pose, lean_deg: float, lang: Lang, strong: bool = False) -> None:
    """The trunk's lean in words and degrees, behind the upper back."""
    hips, shoulders = pose.middle("hip"), pose.middle("shoulder")
    if not np.isfinite(lean_deg) or not np.isfinite(pose.forward).all():
        return
    at = hips + 0.97 * (shoulders - hips) - 62.0 * brush.unit * pose.forward
    color = MARK if strong else WHITE
    brush.label(lean_text(lean_deg, lang), at, _LETTERS if strong else 26.0, color, _outward(-pose.forward))


def lean_text(lean_deg: float, lang: Lang) -> str:
    """Lean with its direction in words; a rounded zero leans nowhere."""
    degrees = round(abs(lean_deg))
    code = "draw_trunk_upright" if degrees == 0 else "draw_trunk_forward" if lean_deg > 0 else "draw_trunk_back"
    return text_of(code, lang, deg=degrees)


def ahead_code(ahead_pct: float) -> str:
    """The text that says on which side of the hip the ankle is."""
    return "draw_behind" if ahead_pct < 0 else "draw_ahead"


def _draw_knee(brush: Brush, pose: Pose, side: Side, flexion_deg: float, lang: Lang) -> None:
    hip, knee, ankle = (pose.joint(side, name) for name in ("hip", "knee", "ankle"))
    if not np.isfinite(flexion_deg + (hip + knee + ankle).sum()):
        return
    reach = 0.72 * float(np.hypot(*(ankle - knee)))
    along = _unit(knee - hip)
    brush.dots(knee, knee + 1.12 * reach * along, MARK, 4.0, 12.0)
    brush.arc(knee, along, ankle - knee, reach, 4.5)
    front = pose.forward if np.isfinite(pose.forward).all() else np.array([1.0, 0.0])
    text = text_of("draw_knee", lang, deg=round(flexion_deg))
    brush.label(text, knee + 46.0 * brush.unit * front, _LETTERS, MARK, _outward(front))


def _draw_ahead(brush: Brush, pose: Pose, side: Side, ahead_pct: float, lang: Lang) -> None:
    """A bracket along the belt from under the mid-hip to the ankle."""
    hips, ankle = pose.middle("hip"), pose.joint(side, "ankle")
    if not np.isfinite(ahead_pct + (hips + ankle).sum()):
        return
    foot = hips + ((ankle - hips) @ pose.up) * pose.up
    tick = 11.0 * brush.unit * pose.up
    brush.line(stack([foot + tick, foot - tick, foot, ankle, ankle + tick, ankle - tick]), MARK, 4.5)
    inward = _unit(foot - ankle)
    if not np.isfinite(inward).all():
        inward = np.array([1.0, 0.0])
    text = text_of(ahead_code(ahead_pct), lang, pct=f"{abs(ahead_pct):.0f}")
    brush.label(text, foot + 18.0 * brush.unit * inward, _LETTERS, MARK, _outward(inward))


def _draw_lean_arc(brush: Brush, pose: Pose, lean_deg: float) -> None:
    hips, shoulders = pose.middle("hip"), pose.middle("shoulder")
    if np.isfinite(lean_deg):
        brush.arc(hips, pose.up, shoulders - hips, 0.78 * float(np.hypot(*(shoulders - hips))), 4.5)


def _draw_thigh(brush: Brush, pose: Pose, side: Side, thigh_deg: float, lang: Lang) -> None:
    hip, knee = pose.joint(side, "hip"), pose.joint(side, "knee")
    if not np.isfinite(thigh_deg + (hip + knee).sum()):
        return
    length = float(np.hypot(*(knee - hip)))
    brush.dots(hip, hip - length * pose.up, MARK, 4.0, 12.0)
    brush.arc(hip, -pose.up, knee - hip, 0.72 * length, 4.5)
    back = -pose.forward if np.isfinite(pose.forward).all() else np.array([-1.0, 0.0])
    at = (hip + knee) / 2 + 30.0 * brush.unit * back  # behind the thigh: the other leg is in front
    brush.label(text_of("draw_thigh", lang, deg=round(thigh_deg)), at, _LETTERS, MARK, _outward(back))


def _unit(vector: FloatArray) -> FloatArray:
    """Length 1; NaN for a vector of no length."""
    length = float(np.hypot(*vector))
    return np.full(2, np.nan) if length < 1e-9 else vector / length


def _outward(direction: FloatArray) -> Align:
    """How to align a label that should grow in this direction."""
    return "left" if direction[0] >= 0 else "right"
