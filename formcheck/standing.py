"""Quiet standing: what a person's own body shows at rest, to be taken off what it shows in running.

Two or three seconds are enough. They are found by themselves in the clip that is analysed, before or after the running
(on the belt's edges, feet apart, will do), or come from a clip of their own, filmed from the same side with the camera
where it was. Standing is quiet where hips, shoulders and both feet keep their places, the trunk is upright and the legs
are straight. It stops being true for a camera that is carried about, and for somebody who leans on something.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.ndimage import maximum_filter1d, median_filter, minimum_filter1d

from formcheck.geometry import length
from formcheck.records import BoolArray, FloatArray, PoseTrack, Standing
from formcheck.skeleton import INDEX, SIDES, index_of
from formcheck.view import view_of

SHORTEST_S = 1.5
WINDOW_S = 0.5
"""Within any such window every joint keeps its place."""
SHOULDERS_LEG, HIPS_LEG, ANKLE_LEG = 0.07, 0.06, 0.09
"""So far may the middle of the shoulders, that of the hips and either ankle go in it, in leg lengths. Runners' hips
rise and fall by 0.10, their ankles by 0.4. Middles, since a network now and then exchanges left and right."""
UPRIGHT_DEG = 20.0
STRAIGHT = 0.94
"""Hip to ankle over hip to knee to ankle."""
LEVEL_LEG = 0.15
"""Ankles above each other: who stands on one leg is not at rest."""


def find_standing(pose: PoseTrack, clip: str | None = None) -> Standing | None:
    """The longest quiet standing in a clip; None where there is none of ``SHORTEST_S``."""
    spans = quiet_spans(pose)
    if not spans:
        return None
    start, stop = max(spans, key=lambda span: pose.time_s[span[1] - 1] - pose.time_s[span[0]])
    part = part_of(pose, start, stop)
    return Standing(part, view_of(part), clip)


def quiet_spans(pose: PoseTrack) -> list[tuple[int, int]]:
    """First look and end of every quiet standing of ``SHORTEST_S`` and more.

    None in an edited clip: another shot is from another camera, or of somebody else.
    """
    if pose.cuts_s:
        return []
    still = _quiet(pose)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], still, [False]]).astype(np.int8)))
    spans = [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
    return [(a, b) for a, b in spans if pose.time_s[b - 1] - pose.time_s[a] >= SHORTEST_S]


def without_standing(pose: PoseTrack) -> PoseTrack:
    """The longest part of the clip in which nobody stands quietly; the clip itself where nobody does."""
    spans = quiet_spans(pose)
    if not spans:
        return pose
    edges = [0, *(i for span in spans for i in span), len(pose.time_s)]
    parts = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > 1]
    if not parts:
        return pose
    start, stop = max(parts, key=lambda part: pose.time_s[part[1] - 1] - pose.time_s[part[0]])
    return part_of(pose, start, stop)


def part_of(pose: PoseTrack, start: int, stop: int) -> PoseTrack:
    """The looks from ``start`` up to ``stop``; times stay those of the clip."""
    part = slice(start, stop)
    first_s, last_s = pose.time_s[start], pose.time_s[stop - 1]
    return replace(
        pose,
        time_s=pose.time_s[part],
        xy_px=pose.xy_px[part],
        visibility=pose.visibility[part],
        outline_qpx=pose.outline_qpx[part],
        cuts_s=tuple(t for t in pose.cuts_s if first_s < t < last_s),
    )


def _quiet(pose: PoseTrack) -> BoolArray:
    """(n,) True at looks about which everything keeps its place and the body stands upright on both legs."""
    if len(pose.time_s) < 5:
        return np.zeros(len(pose.time_s), dtype=bool)
    xy = pose.xy_px
    thighs = np.stack([length(xy[:, index_of(s, "hip")], xy[:, index_of(s, "knee")]) for s in SIDES])
    shanks = np.stack([length(xy[:, index_of(s, "knee")], xy[:, index_of(s, "ankle")]) for s in SIDES])
    whole = np.stack([length(xy[:, index_of(s, "hip")], xy[:, index_of(s, "ankle")]) for s in SIDES])
    leg_px = thighs + shanks
    unit = float(np.nanpercentile(leg_px, 75)) if np.isfinite(leg_px).any() else np.nan
    apart = np.abs(xy[:, INDEX["left_ankle"], 1] - xy[:, INDEX["right_ankle"], 1])
    with np.errstate(invalid="ignore"):
        at_rest = (whole > STRAIGHT * leg_px).all(axis=0) & (apart < LEVEL_LEG * unit) & _upright(xy)
    return at_rest & _in_place(pose, unit)


def _upright(xy_px: FloatArray) -> BoolArray:
    """(n,) True where shoulders are above hips."""
    at = {name: xy_px[:, i] for name, i in INDEX.items()}
    along = (at["left_shoulder"] + at["right_shoulder"] - at["left_hip"] - at["right_hip"]) / 2
    with np.errstate(invalid="ignore"):
        return np.asarray(np.abs(along[:, 0]) < np.tan(np.radians(UPRIGHT_DEG)) * -along[:, 1])


def _in_place(pose: PoseTrack, leg_px: float) -> BoolArray:
    """(n,) True where shoulders, hips and ankles stay where they are for ``WINDOW_S`` around."""
    step_s = float(np.median(np.diff(pose.time_s)))
    size = max(3, round(WINDOW_S / max(step_s, 1e-3)) | 1)
    still = np.ones(len(pose.time_s), dtype=bool)
    at = {name: pose.xy_px[:, i] for name, i in INDEX.items()}
    for track, far in (
        ((at["left_shoulder"] + at["right_shoulder"]) / 2, SHOULDERS_LEG),
        ((at["left_hip"] + at["right_hip"]) / 2, HIPS_LEG),
        (at["left_ankle"], ANKLE_LEG),
        (at["right_ankle"], ANKLE_LEG),
    ):
        unseen = np.asarray(~np.isfinite(track).all(axis=1))
        seen = median_filter(np.where(unseen[:, None], 0.0, track), size=(3, 1), mode="nearest")
        moved = maximum_filter1d(seen, size, axis=0) - minimum_filter1d(seen, size, axis=0)
        still &= (moved.max(axis=1) < far * leg_px) & ~unseen
    return still
