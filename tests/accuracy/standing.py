"""Running held against standing, on rendered people who do both: ``python -m tests.accuracy.standing [--write]``.

The running clips are those of ``lumbar.py``; the same bodies stand as usual, arched on purpose and flat, made by
``python tools/render_standing.py``. No number of the product was fitted to them but the stated errors.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from formcheck.analysis import Options, analyze_pose
from formcheck.geometry import flexion_deg
from formcheck.lumbar import estimate_looks, load_model, thighs
from formcheck.outline import back_line
from formcheck.pose.mediapipe_pose import outline_of_mask
from formcheck.records import Analysis, BoolArray, FloatArray, PoseTrack, Standing
from formcheck.skeleton import SIDES, index_of
from formcheck.standing import find_standing

from . import lumbar
from .arching import PICTURE_PX
from .poses import pose_of
from .rendered import Clip, folder

ARCH_USED = "lumbar_range_used_pct"
AT_PUSH_OFF, AT_MIDSTANCE = (f"lumbar_extension_at_{moment}_vs_standing_deg" for moment in ("push_off", "midstance"))
LEAN, THIGH = "trunk_lean_vs_standing_deg", "thigh_extension_at_toe_off_vs_standing_deg"
METRICS = (AT_PUSH_OFF, AT_MIDSTANCE, ARCH_USED, LEAN, THIGH)

SURE_LOOK_DEG, STANDING_THIGH_DEG, RUNNING_THIGHS_DEG = 6.0, 16.0, 20.0


def people() -> tuple[Clip, ...]:
    """Everybody made, standing."""
    return lumbar.runners("standing")


def why_absent() -> str | None:
    """What to tell where nothing has been made; None where there is something."""
    if lumbar.why_absent() is not None or not people():
        return f"nobody stands in {folder() / 'lumbar' / 'standing'} (make them with: python tools/render_standing.py)"
    return None


def standing_of(person: Clip, profile: str = "balanced") -> Standing:
    """The person at rest, as the product finds it in the clip of standing."""
    standing = find_standing(pose_of(folder(), person.video, profile, str(person.truth["spec_hash"])), person.name)
    assert standing is not None, person.name
    return standing


def analysed(clip: Clip, person: Clip, profile: str = "balanced") -> Analysis:
    """The running clip with the clip of standing beside it."""
    pose = pose_of(folder(), clip.video, profile, str(clip.truth["spec_hash"]))
    return analyze_pose(pose, clip.facts, Options(pose=profile), [standing_of(person, profile)])  # type: ignore[arg-type]


def runs_of(person: Clip) -> list[Clip]:
    """The same body running, in the same clothes."""
    number = person.name.split("_")[1]
    runs = [*lumbar.runners(), *lumbar.runners("clips_after")]
    return [clip for clip in runs if clip.name.split("_")[1] == number and not clip.truth["again"]]


@cache
def rows(profile: str = "balanced") -> tuple[lumbar.Row, ...]:
    """All numbers that hold running against standing."""
    return tuple(
        lumbar.row_of(clip, m, true_value(clip, person, m.metric, m.side or clip.near))
        for person in people()
        for clip in runs_of(person)
        for m in analysed(clip, person, profile).measurements
        if m.metric in METRICS
    )


def true_value(clip: Clip, person: Clip, metric: str, side: str) -> float:
    """From the truth of both clips; the standing one's frames, the running one's moments."""
    rest = {name: np.array(track) for name, track in person.truth["frames"].items() if name.endswith("_deg")}
    bend = rest["lumbar_extension_deg"]
    if metric == LEAN:
        return float(clip.true_value("trunk_lean_deg", None) or 0.0) - float(np.median(rest["trunk_lean_deg"]))
    if metric == THIGH:
        at_toe_off = clip.true_value("thigh_extension_at_toe_off_deg", side)  # type: ignore[arg-type]
        return float(at_toe_off or 0.0) - float(np.median(rest[f"thigh_{side}_deg"]))
    if metric == ARCH_USED:
        change = clip.true_value("lumbar_extension_change_deg", side)  # type: ignore[arg-type]
        return 100.0 * float(change or 0.0) / float(np.ptp(bend))
    return _bend_at(clip, side, metric) - float(bend[0])


def _bend_at(clip: Clip, side: str, metric: str) -> float:
    """Lumbar extension at toe-off, or at midstance."""
    frames = clip.truth["frames"]
    offs = clip.true_events("toe_off", side)  # type: ignore[arg-type]
    offs = offs[offs < frames["time_s"][-1]]
    at_off = float(np.median(np.interp(offs, frames["time_s"], frames["lumbar_extension_deg"])))
    if metric == AT_PUSH_OFF:
        return at_off
    return at_off - float(clip.true_value("lumbar_extension_change_deg", side) or 0.0)  # type: ignore[arg-type]


def errors(metric: str, profile: str = "balanced") -> FloatArray:
    """Found less true, near side."""
    return lumbar.errors_of([row for row in rows(profile) if row.metric == metric and row.near])


def range_errors_pct(profile: str = "balanced") -> FloatArray:
    """The range between flattened and arched on purpose, found less true, per cent of the true one."""
    out = []
    for person in people():
        true = float(np.ptp(person.truth["frames"]["lumbar_extension_deg"]))
        for clip in runs_of(person):
            back = analysed(clip, person, profile).signals.back
            rest = back.at_rest if back is not None else None
            if rest is not None and rest.most_arched_deg is not None and rest.flattest_deg is not None:
                out.append(100.0 * ((rest.most_arched_deg - rest.flattest_deg) / true - 1.0))
    return np.array(out)


def zero_errors_deg() -> FloatArray:
    """(n,) of bodies in stills that no model was learnt from: standing less running, found less true.

    Medians over three looks at standing and five at running or more. More bodies than stand in clips; their postures
    are drawn wilder than anybody stands or runs.
    """
    model, out = load_model(), []
    for path in sorted((folder() / "lumbar").glob("body_0[0-2][0-9][0-9].npz")):
        track, right, true = _stills(path)
        line = back_line(track, right)
        looks = estimate_looks(line, track.xy_px, model)
        swing = np.degrees(thighs(line, track.xy_px))
        seen = np.isfinite(looks.lumbar_deg) & (looks.sd_deg < SURE_LOOK_DEG)
        stands = seen & (np.abs(swing).max(axis=1) < STANDING_THIGH_DEG) & _straight(track.xy_px)
        runs = seen & (swing[:, 0] - swing[:, 1] > RUNNING_THIGHS_DEG)
        if stands.sum() >= 3 and runs.sum() >= 5:
            off = looks.lumbar_deg - true
            out.append(float(np.median(off[stands]) - np.median(off[runs])))
    return np.array(out)


def _stills(path: Path) -> tuple[PoseTrack, bool, FloatArray]:
    """One body's looks as the product would have them, which way it faces, and its lumbar extension."""
    with np.load(path) as file:
        xy = file["xy_input"][:, 0].astype(float)
        masks = file["mask"][:, 0].astype(np.float32) / 255
        right, true = bool(file["facing_right"]), file["lumbar_extension_deg"].astype(float).ravel()
        visibility = file["visibility"][:, 0].astype(float)
    outlines = np.array([outline_of_mask(mask, points) for mask, points in zip(masks, xy, strict=True)])
    quarters = np.rint(4 * PICTURE_PX * outlines).astype(np.int16)
    track = PoseTrack(np.arange(len(xy), dtype=float), PICTURE_PX * xy, visibility, 512, 512, quarters, "stills")
    return track, right, true


def _straight(xy_px: FloatArray) -> BoolArray:
    """(n,) True where both knees are straight."""
    bent = [flexion_deg(*(xy_px[:, index_of(side, joint)] for joint in ("hip", "knee", "ankle"))) for side in SIDES]
    return np.asarray(np.abs(bent).max(axis=0) < STANDING_THIGH_DEG)


if __name__ == "__main__":
    import sys

    from .lumbar_tables import main_standing

    sys.exit(main_standing())
