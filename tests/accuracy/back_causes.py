"""Where the joint reading of the back goes wrong: ``python -m tests.accuracy.back_causes [--write]``.

The model of the whole clip (``formcheck/back_cycle.py``) is given the back as it reads it from the mask, the true line
at the stations it reads, and the whole true line. What is off with the last is the model's own error; what goes before
that comes of arms: of stations that they hide, and of an arm's edge being taken for the back's. The true lines are made
by ``python tools/train_lumbar.py runner_lines``. Beside it: what the runners of each group were drawn with.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from formcheck.back_cycle import fit_line_cycle
from formcheck.back_reading import read_back
from formcheck.lumbar import load_cycle_model, load_trunk_model, steady_of, stride_cycles
from formcheck.outline import BackLine, back_line, faces_right
from formcheck.records import FloatArray

from .lumbar import runners
from .lumbar_tables import CAUSES, printed
from .poses import pose_of
from .rendered import Clip, folder

MIDSTANCE_SHARE = 0.45
"""Of the contact, about."""
LONGEST_CONTACT_S = 0.6
GROUPS = {"clips_tuning": "learnt from", "clips": "kept back", "clips_after": "further", "clips_fresh": "rendered last"}
DRAWN = ("arm_middle_deg", "arm_swing_deg", "trunk_lean_swing_deg", "belt_speed_mps")


@dataclass(frozen=True)
class Errors:
    """Of the change of lumbar extension to push-off in one clip, degrees."""

    off_deg: FloatArray
    """(3,) as read, with the true line where read, with the whole true line."""
    as_one: bool


def errors_of(clip: Clip) -> Errors | None:
    """None where the true line was not made, or a line tells too little."""
    kept = clip.video.with_suffix(".line.npz")
    if not kept.exists():
        return None
    with np.load(kept) as file:
        phase, true, legs = file["phase"], file["lines"], file["thighs"]
    pose = pose_of(folder(), clip.video, "balanced", str(clip.truth["spec_hash"]))
    line, model = back_line(pose, faces_right(pose.xy_px)), load_cycle_model()
    read = read_back(line, model.reading, shape=model.shape)
    off = []
    for back in (line, _seen(line, np.where(np.isfinite(read), true, np.nan)), _seen(line, true)):
        cycle = fit_line_cycle(back, legs, phase, model)
        if cycle is None:
            return None
        start, end = np.interp(push_offs(clip), pose.time_s, phase)
        off.append(float(np.mean(cycle.at(end) - cycle.at(start))) - true_change(clip))
    _, halves = stride_cycles(pose, phase, load_trunk_model())
    return Errors(np.array(off), not steady_of(halves))


def _seen(line: BackLine, back: FloatArray) -> BackLine:
    """The line of this back (n, stations), no arm near it."""
    crossings = np.stack([back, np.full(back.shape, np.nan)], axis=-1)
    return replace(line, crossings=crossings, arm_edge=np.full(back.shape, -np.inf))


def push_offs(clip: Clip) -> FloatArray:
    """(2, strides) seconds of midstance and push-off of the near foot."""
    contacts, toe_offs = (clip.true_events(kind, clip.near) for kind in ("contact", "toe_off"))
    ends = [(start, toe_offs[toe_offs > start]) for start in contacts]
    whole = [(start, off[0]) for start, off in ends if len(off) and off[0] - start < LONGEST_CONTACT_S]
    return np.array([(start + MIDSTANCE_SHARE * (end - start), end) for start, end in whole]).T


def true_change(clip: Clip) -> float:
    """Of lumbar extension from midstance to push-off, degrees, mean of the near foot's."""
    frames = clip.truth["frames"]
    start, end = np.interp(push_offs(clip), frames["time_s"], frames["lumbar_extension_deg"])
    return float(np.mean(end - start))


def document() -> Iterator[str]:
    """Both tables, line by line."""
    yield "| runners | n | bias as read | MAE as read | MAE, true line where read | MAE, whole true line |"
    yield "|---|---|---|---|---|---|"
    for group, name in GROUPS.items():
        found = [errors for clip in runners(group) if (errors := errors_of(clip))]
        for how, as_one in (("single looks agree", False), ("read as one", True)):
            yield from _errors_row(f"{name}, {how}", [e for e in found if e.as_one == as_one])
    yield "\n| runners | " + " | ".join(DRAWN) + " |\n|---|" + len(DRAWN) * "---|"
    for group, name in GROUPS.items():
        drawn = np.array([[clip.truth["made_with"]["params"][key] for key in DRAWN] for clip in runners(group)])
        if len(drawn):
            cells = [
                f"{middle:.1f}, SD {sd:.1f}" for middle, sd in zip(drawn.mean(axis=0), drawn.std(axis=0), strict=True)
            ]
            yield f"| {name} | {' | '.join(cells)} |"


def _errors_row(name: str, found: list[Errors]) -> Iterator[str]:
    if found:
        off = np.array([e.off_deg for e in found])
        cells = " | ".join(f"{mae:.2f}" for mae in np.abs(off).mean(axis=0))
        yield f"| {name} | {len(found)} | {off[:, 0].mean():+.2f} | {cells} |"


def main() -> int:
    """Print both tables, write them with ``--write``; 2 where no true line was made."""
    if not any(clip.video.with_suffix(".line.npz").exists() for clip in runners("clips_tuning")):
        print("no true lines (make them with: python tools/train_lumbar.py runner_lines)", file=sys.stderr)
        return 2
    printed(CAUSES, document(), "--write" in sys.argv)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
