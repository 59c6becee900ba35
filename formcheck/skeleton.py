"""Names of the 33 BlazePose landmarks, the bones between them, and which are left/right pairs."""

from __future__ import annotations

from typing import Literal

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")

LANDMARKS: tuple[str, ...] = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_pinky",
    "right_pinky",
    "left_index",
    "right_index",
    "left_thumb",
    "right_thumb",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_foot_index",
    "right_foot_index",
)
INDEX: dict[str, int] = {name: i for i, name in enumerate(LANDMARKS)}

LEG: tuple[str, ...] = ("hip", "knee", "ankle", "heel", "foot_index")
ARM: tuple[str, ...] = ("shoulder", "elbow", "wrist")


def _mirrored_name(name: str) -> str:
    if "left" in name:
        return name.replace("left", "right")
    return name.replace("right", "left")


MIRRORED: tuple[int, ...] = tuple(INDEX[_mirrored_name(name)] for name in LANDMARKS)
"""``MIRRORED[i]`` is the same landmark of the other side; a middle landmark is its own mirror."""


def index_of(side: Side, joint: str) -> int:
    """Index of a side's joint, e.g. ``index_of("left", "knee")``; KeyError for an unknown joint."""
    return INDEX[f"{side}_{joint}"]


def leg_indices(side: Side) -> list[int]:
    """Indices of hip, knee, ankle, heel and foot index, in that order."""
    return [index_of(side, joint) for joint in LEG]


def other(side: Side) -> Side:
    """The opposite side."""
    return "right" if side == "left" else "left"
