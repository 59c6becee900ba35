"""Who pays for the push-off, on rendered runners kept back: ``python -m tests.accuracy.lumbar [--write]``.

The runners are made by ``python tools/train_lumbar.py clips``: bodies, outfits and motions that no still was made of,
each running three times with the same legs, arms and trunk lean while the back gives a drawn amount, 4 and 7 degrees
more. The clips of the bench (``rendered.py``) move by joint angles of real runners. Poses found once are kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from formcheck.records import FloatArray, Measurement

from .rendered import Clip, analysed, folder, track_error_deg
from .rendered import clips as bench_clips

CHANGE, LUMBAR = "lumbar_extension_change_deg", "lumbar_extension_deg"
METRICS = (
    CHANGE,
    "hip_extension_change_deg",
    "lumbar_share_pct",
    "lumbar_extension_range_deg",
    "pelvic_tilt_range_deg",
)


def why_absent() -> str | None:
    """What to tell where no clip has been made; None where there are some."""
    if runners():
        return None
    return f"no runners in {folder() / 'lumbar' / 'clips'} (make them with: python tools/train_lumbar.py clips)"


@cache
def runners(group: str = "clips") -> tuple[Clip, ...]:
    """The runners kept back, as clips of the bench; "clips_after" and others: those rendered later.

    "standing": some of the same bodies at rest.
    """
    found = []
    for answers in sorted((folder() / "lumbar" / group).glob("*.truth.json")):
        truth = json.loads(answers.read_text("utf-8"))
        truth["spec_hash"] = hashlib.sha256(json.dumps(truth["made_with"], sort_keys=True).encode()).hexdigest()[:16]
        found.append(Clip(answers.with_name(answers.name.replace(".truth.json", ".mp4")), truth))
    return tuple(found)


@dataclass(frozen=True)
class Row:
    """One number of one clip: found (None where refused, with the reason), its stated half-interval, and the truth."""

    clip: Clip
    metric: str
    near: bool
    found: float | None
    half: float | None
    true: float
    reason: str | None


@cache
def rows(which: str) -> tuple[Row, ...]:
    """All numbers about the back; ``which``: "runners", "after", "fresh", "unseen", "newest", "more" or "bench"."""
    sets = {
        "runners": runners,
        "after": lambda: runners("clips_after"),
        "fresh": lambda: runners("clips_fresh"),
        "unseen": lambda: runners("clips_unseen"),
        "newest": lambda: runners("clips_newest"),
        "more": lambda: runners("clips_more"),
        "bench": bench_clips,
    }
    out: list[Row] = []
    for clip in sets[which]():
        for m in analysed(clip, "balanced").measurements:
            true = clip.true_value(m.metric, m.side) if m.metric in METRICS else None
            if true is not None:
                out.append(row_of(clip, m, float(true)))
    return tuple(out)


def row_of(clip: Clip, m: Measurement, true: float) -> Row:
    """What was told of one number, beside its truth."""
    reason = m.reason.code if m.reason and m.value is None else None
    value = None if m.value is None else float(m.value)
    return Row(clip, m.metric, m.side in (None, clip.near), value, m.uncertainty, true, reason)


def pairs_told_apart(more_deg: float, within_deg: float = 1.0) -> tuple[float, int]:
    """AUC, and how many pairs: the same body with the same legs and trunk, the back giving ``more_deg`` more or not."""
    by_body: dict[int, dict[float, float]] = {}
    for row in rows("runners"):
        truth = row.clip.truth
        if row.metric == CHANGE and row.near and row.found is not None and not truth["again"]:
            by_body.setdefault(truth["body"], {})[truth["more_deg"]] = row.found
    steps = ((0.0, 4.0),) if more_deg == 4.0 else ((0.0, 7.0),)
    gains = [b[high] - b[low] for b in by_body.values() for low, high in steps if low in b and high in b]
    if not gains:
        return float("nan"), 0
    return float(np.mean([(g > 0) + 0.5 * (g == 0) for g in gains])), len(gains)


def area_under_curve(more_deg: float) -> float:
    """AUC of two strangers whose backs give so much more or not: from the errors' scatter over clips, as normal."""
    errors = errors_of([r for r in rows("runners") if r.metric == CHANGE and r.near])
    from scipy.stats import norm

    return float(norm.cdf(more_deg / (np.sqrt(2) * errors.std(ddof=1))))


def errors_of(chosen: Sequence[Row]) -> FloatArray:
    """Found less true, those refused left out."""
    return np.array([r.found - r.true for r in chosen if r.found is not None])


@cache
def frame_errors_deg(clip: Clip) -> FloatArray:
    """Lumbar extension found less true at every frame (n,), their mean taken off; none where it was refused."""
    analysis = analysed(clip, "balanced")
    if LUMBAR not in analysis.signals.series:
        return np.zeros(0)
    error = track_error_deg(clip, analysis, LUMBAR)
    return np.asarray(error - error.mean())


def twice() -> FloatArray:
    """Difference of the two values of the same person before two cameras, in two outfits."""
    by_body: dict[int, dict[bool, float]] = {}
    for row in rows("runners"):
        truth = row.clip.truth
        if row.metric == CHANGE and row.near and row.found is not None and truth["more_deg"] == 0.0:
            by_body.setdefault(truth["body"], {})[truth["again"]] = row.found - row.true
    return np.array([both[True] - both[False] for both in by_body.values() if len(both) == 2])


if __name__ == "__main__":
    import sys

    from .lumbar_tables import main_runners

    sys.exit(main_runners())
