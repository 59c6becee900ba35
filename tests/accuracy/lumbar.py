"""Who pays for the push-off, on rendered runners kept back: ``python -m tests.accuracy.lumbar``.

The runners are made by ``python tools/train_lumbar.py clips``: bodies, outfits and motions that no still was made of,
each running three times with the same legs, arms and trunk lean while the back gives a drawn amount, 4 and 7 degrees
more. The clips of the bench (``rendered.py``) move by joint angles of real runners. Poses found once are kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from formcheck.records import FloatArray, Measurement

from .rendered import Clip, analysed, folder
from .rendered import clips as bench_clips

CHANGE = "lumbar_extension_change_deg"
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
    """The runners kept back, as clips of the bench; "clips_after" and "clips_fresh": those rendered later."""
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
    """All numbers about the back; ``which``: "runners", "after", "fresh" or "bench"."""
    sets = {
        "runners": runners,
        "after": lambda: runners("clips_after"),
        "fresh": lambda: runners("clips_fresh"),
        "bench": bench_clips,
    }
    out: list[Row] = []
    for clip in sets[which]():
        for m in analysed(clip, "balanced").measurements:
            true = clip.true_value(m.metric, m.side) if m.metric in METRICS else None
            if true is not None:
                out.append(_row(clip, m, float(true)))
    return tuple(out)


def _row(clip: Clip, m: Measurement, true: float) -> Row:
    reason = m.reason.code if m.reason and m.value is None else None
    value = None if m.value is None else float(m.value)
    return Row(clip, m.metric, m.side in (None, clip.near), value, m.uncertainty, true, reason)


@cache
def read_as_one(clip: Clip) -> bool:
    """Whether single looks scattered too much and the whole clip was read by one model."""
    back = analysed(clip, "balanced").signals.back
    return back is not None and back.sd_deg is not None


def told(chosen: list[Row]) -> str:
    """n, bias, SD, MAE, slope against the truth and share of stated intervals that hold it, as cells of a table."""
    seen = [r for r in chosen if r.found is not None]
    if len(seen) < 3:
        return f"{len(seen)} of {len(chosen)} | | | | | |"
    found, true = np.array([(r.found, r.true) for r in seen], dtype=float).T
    error = found - true
    slope = np.polyfit(true, found, 1)[0] if true.std() > 0.5 else np.nan
    inside = sum(abs(r.found - r.true) <= (r.half or 0.0) for r in seen if r.found is not None)
    r = np.corrcoef(found, true)[0, 1]
    return (
        f"{len(seen)} of {len(chosen)} | {error.mean():+.2f} | {error.std(ddof=1):.2f} | {np.abs(error).mean():.2f} "
        f"| {slope:.2f} | {r:.2f} | {inside} of {len(seen)}"
    )


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
    errors = _errors([r for r in rows("runners") if r.metric == CHANGE and r.near])
    from scipy.stats import norm

    return float(norm.cdf(more_deg / (np.sqrt(2) * errors.std(ddof=1))))


def _errors(chosen: list[Row]) -> FloatArray:
    return np.array([r.found - r.true for r in chosen if r.found is not None])


def twice() -> FloatArray:
    """Difference of the two values of the same person before two cameras, in two outfits."""
    by_body: dict[int, dict[bool, float]] = {}
    for row in rows("runners"):
        truth = row.clip.truth
        if row.metric == CHANGE and row.near and row.found is not None and truth["more_deg"] == 0.0:
            by_body.setdefault(truth["body"], {})[truth["again"]] = row.found - row.true
    return np.array([both[True] - both[False] for both in by_body.values() if len(both) == 2])


def document() -> Iterator[str]:
    """The section of ``docs/lumbar.md``, line by line."""
    for which, name in (
        ("fresh", "runners rendered for the reading of the whole clip, looked at once before"),
        ("runners", "runners kept back, seen before"),
        ("after", "further runners, seen before"),
        ("bench", "clips of the bench"),
    ):
        here = rows(which)
        if not here:
            continue
        n = len({r.clip.name for r in here})
        yield f"\n{n} {name}; n: numbers given, of all; in interval: stated 95 % intervals that hold the truth.\n"
        yield "| number | n | bias | SD | MAE | slope | r | in interval |"
        yield "|---|---|---|---|---|---|---|---|"
        for metric in METRICS:
            for near in (True, False):
                chosen = [r for r in here if r.metric == metric and r.near == near]
                if chosen:
                    yield f"| {metric}, {'near' if near else 'far'} foot | {told(chosen)} |"
        yield "\nThe change, near foot, by clothes:\n"
        yield "| clothes | n | bias | SD | MAE | slope | r | in interval |"
        yield "|---|---|---|---|---|---|---|---|"
        for clothes in sorted({_clothes(r) for r in here}):
            chosen = [r for r in here if r.metric == CHANGE and r.near and _clothes(r) == clothes]
            yield f"| {clothes} | {told(chosen)} |"
        for name, as_one in (("single looks that agree", False), ("read as one", True)):
            chosen = [r for r in here if r.metric == CHANGE and r.near and r.found is not None]
            yield f"| {name} | {told([r for r in chosen if read_as_one(r.clip) == as_one])} |"
        refused = [r.reason for r in here if r.metric == CHANGE and r.near and r.reason]
        yield f"\nRefused: {', '.join(f'{refused.count(c)} {c}' for c in sorted(set(refused))) or 'none'}."
    yield "\nThe same body with the same legs, arms and trunk lean, the back giving more of the push-off:\n"
    for more in (4.0, 7.0):
        share, n = pairs_told_apart(more)
        yield f"* {more:.0f} deg more: {share:.2f} of {n} pairs ordered right; AUC {area_under_curve(more):.2f} between"
        yield "  different bodies, by the scatter of the errors."
    apart = twice()
    if len(apart):
        yield f"* The same person twice (another camera, room and outfit): {len(apart)} pairs, differences of"
        yield f"  {np.sqrt(np.mean(apart**2)):.1f} deg (root mean square), {np.abs(apart).mean():.1f} deg (mean)."


def standing_document() -> Iterator[str]:
    """People who arch on purpose, line by line."""
    from . import arching

    people = [arching.told(person) for person in arching.people()]
    if not people:
        return
    ordered = sum(list(found.values()) == sorted(found.values()) for found in people)
    yield f"\n{len(people)} people standing flat, as usual and arched on purpose, in clothes of all kinds: {ordered}"
    yield "in the right order. What was told of each posture on average, of each about the person's middle:\n"
    for posture in people[0]:
        values = np.array([found[posture] for found in people])
        yield f"* {posture:+.0f} deg: {values.mean():+.1f} deg, SD {values.std(ddof=1):.1f}"


def _clothes(row: Row) -> str:
    return str(row.clip.truth.get("clothes") or row.clip.truth["conditions"]["clothes"])


def main() -> int:
    """Print everything."""
    absent = why_absent()
    if absent:
        print(absent)
        return 1
    for line in (*document(), *standing_document()):
        print(line)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
