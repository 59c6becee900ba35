"""What the player needs to know of one analysis: moments, stances, curves and the body at every time.

Everything that is long goes into one block of bytes which the browser fetches once; ``parts`` says where in it what
lies. Positions are in pixels of the clip as it was filmed, times in seconds of real time.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from formcheck.annotate.timeline import Timeline
from formcheck.records import Analysis, Event, FloatArray
from formcheck.skeleton import INDEX, SIDES, other

NOWHERE = -32768
"""What stands for NaN among whole numbers."""
PER_PX, PER_DEG = 4.0, 10.0
JOINTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")
LANDMARKS = ("nose", "left_ear", "right_ear", *(f"{side}_{joint}" for joint in JOINTS for side in SIDES))
"""The body as it is drawn, in this order."""
LONGEST_OUTLINE_S = 240.0
"""Of a longer clip the outline would be tens of megabytes."""
OUTLINE_EVERY = 3
"""Points of the outline: as many as one sees."""
LEVEL_DEG = 60.0
_ACROSS = ("rear", "front", "oblique")
_LEANS = ("trunk_lean_deg", "trunk_side_lean_deg")
_PAIRS = {"rep_start": "rep_end", "hold_start": "hold_end"}


@dataclass(frozen=True)
class Block:
    """Bytes, and where in them what is."""

    data: bytes
    parts: dict[str, dict[str, Any]]
    """By name: dtype as JavaScript calls it, offset in bytes, shape."""


@dataclass(frozen=True)
class Angle:
    """One angle to draw: ``series`` at a joint between two directions."""

    series: str
    kind: str
    """"bend": from the prolongation of the first bone to the second; "upright": from the vertical to the bone.

    "curve": what an exercise moves; it is no angle between two bones and not drawn.
    """
    points: tuple[str, ...]
    side: str | None


def angles_of(analysis: Analysis) -> tuple[Angle, ...]:
    """The angles this analysis has numbers for, in the order in which they are offered.

    An exercise's own movement is the first; of somebody who lies nothing is held against the vertical. Only from the
    side are knees and thighs seen to bend, and the trunk to lean forward.
    """
    found = [Angle("curve_deg", "curve", (), None)]
    if analysis.view in _ACROSS:
        across = Angle("trunk_side_lean_deg", "upright", ("hips", "shoulders"), None)
        return tuple(angle for angle in (*found, across) if _seen(analysis, angle.series))
    found += [Angle(lean, "upright", ("hips", "shoulders"), None) for lean in _LEANS]
    near = analysis.signals.near_side
    for side in (near, other(near)):
        found += [
            Angle(f"knee_flexion_{side}_deg", "bend", (f"{side}_hip", f"{side}_knee", f"{side}_ankle"), side),
            Angle(f"thigh_{side}_deg", "hanging", (f"{side}_hip", f"{side}_knee"), side),
            Angle(f"shank_{side}_deg", "hanging", (f"{side}_knee", f"{side}_ankle"), side),
        ]
    wanted = ("curve", "bend") if _lies(analysis) else ("curve", "bend", "upright", "hanging")
    return tuple(angle for angle in found if angle.kind in wanted and _seen(analysis, angle.series))


def _lies(analysis: Analysis) -> bool:
    """Whether the trunk is nearer level than upright for most of the clip."""
    leans = [analysis.signals.series[name] for name in _LEANS if _seen(analysis, name)]
    return any(float(np.nanmedian(np.abs(lean))) > LEVEL_DEG for lean in leans)


def block_of(analysis: Analysis, frame_times_s: FloatArray) -> Block:
    """Frame times (n,), body (m, joints, 2), angles (k, m) and outlines as one block."""
    signals, pose = analysis.signals, analysis.pose
    chosen = [INDEX[name] for name in LANDMARKS]
    solid = np.nan_to_num(np.clip((signals.visibility[:, chosen] - 0.15) / 0.5, 0.12, 1.0), nan=0.0)
    arrays: dict[str, npt.NDArray[Any]] = {
        "frames": frame_times_s.astype("<f8"),
        "xy": _whole(signals.xy_px[:, chosen], PER_PX),
        "angles": _whole(np.array([signals.series[a.series] for a in angles_of(analysis)]), PER_DEG),
        "solid": np.round(255 * solid).astype(np.uint8),
    }
    has_outline = pose.outline_qpx.size > 0 and len(pose.time_s) and pose.time_s[-1] <= LONGEST_OUTLINE_S
    if has_outline:
        arrays = {
            "outline_s": pose.time_s.astype("<f8"),
            "outline": pose.outline_qpx[:, ::OUTLINE_EVERY].astype("<i2"),
            **arrays,
        }
    return _packed(arrays)


def story_of(analysis: Analysis) -> dict[str, Any]:
    """Events, stances, repetitions and moments, with what the player must know of the clip."""
    signals, video = analysis.signals, analysis.video
    timeline = Timeline(analysis, 1.0)
    return {
        "width": video.width_px,
        "height": video.height_px,
        "slow": video.slow_motion,
        "duration": _s(video.duration_s),
        "rate": round(signals.rate_hz, 6),
        "start": _s(float(signals.time_s[0])) if len(signals.time_s) else 0.0,
        "near": signals.near_side,
        "facing": {"right": 1, "left": -1}.get(signals.facing, 0),
        "level": round(float(np.nan_to_num(signals.level_deg)), 2),
        "landmarks": list(LANDMARKS),
        "angles": [vars(angle) for angle in angles_of(analysis)],
        "bands": [
            {"row": side, "from": _s(s.start_s), "to": _s(s.end_s), "clean": s.clean}
            for side in (signals.near_side, other(signals.near_side))  # the near one on top, as in the clip's own bar
            for s in timeline.stances[side]
        ]
        + _spans(analysis.events),
        "moments": _moments(analysis, timeline),
    }


def stances_known(analysis: Analysis) -> bool:
    """Whether there is at least one stance: a clip of an exercise has none."""
    return any(event.kind == "contact" for event in analysis.events)


def _moments(analysis: Analysis, timeline: Timeline) -> list[dict[str, Any]]:
    """Every moment one may want to jump to, in the order of time."""
    found: list[dict[str, Any]] = [
        {"kind": e.kind, "side": e.side, "t": _s(e.time_s), "clean": e.clean}
        for e in analysis.events
        if np.isfinite(e.time_s)
    ]
    chosen = {(m.side, _s(m.time_s)) for m in timeline.moments if m.kind == "midstance"}
    for side in SIDES:
        mine = [s for s in timeline.stances[side] if s.clean]
        known = sorted(t for of, t in chosen if of == side)
        for stance in mine:
            inside = [t for t in known if stance.start_s <= t <= stance.end_s]
            middle = inside[0] if inside else _s((stance.start_s + stance.end_s) / 2)
            found.append({"kind": "midstance", "side": side, "t": middle, "clean": True})
    return sorted(found, key=lambda moment: moment["t"])


def _spans(events: tuple[Event, ...]) -> list[dict[str, Any]]:
    """Repetitions and holds: from each beginning to the next end of the same kind and side."""
    spans = []
    for begin, end in _PAIRS.items():
        sides = dict.fromkeys(e.side for e in events if e.kind == begin)
        for side in sides:
            mine = sorted((e for e in events if e.side == side and e.kind in (begin, end)), key=lambda e: e.time_s)
            spans += [
                {"row": begin.partition("_")[0], "from": _s(a.time_s), "to": _s(b.time_s), "clean": a.clean and b.clean}
                for a, b in pairwise(mine)
                if (a.kind, b.kind) == (begin, end)
            ]
    return spans


def _seen(analysis: Analysis, series: str) -> bool:
    values = analysis.signals.series.get(series)
    return values is not None and bool(np.isfinite(values).any())


def _whole(values: FloatArray, factor: float) -> npt.NDArray[np.int16]:
    """Whole multiples of 1 / ``factor``, kept inside 16 bits; NaN becomes ``NOWHERE``."""
    rounded = np.clip(np.round(values * factor), NOWHERE + 1, -NOWHERE - 1)
    return np.asarray(np.where(np.isfinite(values), rounded, NOWHERE), dtype="<i2")


def _packed(arrays: dict[str, npt.NDArray[Any]]) -> Block:
    names = {"<f8": "Float64Array", "<i2": "Int16Array", "|u1": "Uint8Array"}
    parts, pieces, offset = {}, [], 0
    for name, array in arrays.items():
        piece = np.ascontiguousarray(array).tobytes()
        padding = -len(piece) % 8
        parts[name] = {"type": names[array.dtype.str], "at": offset, "shape": list(array.shape)}
        pieces.append(piece + b"\0" * padding)
        offset += len(piece) + padding
    return Block(b"".join(pieces), parts)


def _s(time_s: float) -> float:
    return round(float(time_s), 4)
