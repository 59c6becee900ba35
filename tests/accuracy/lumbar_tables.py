"""Tables of ``docs/lumbar.md``: ``python -m tests.accuracy.lumbar``, ``... .standing`` and others, with ``--write``.

What a command prints stands there between two markers that name it; all else in the document is written by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from . import arching, lumbar, standing
from .lumbar import CHANGE, METRICS, Row

TARGET = Path(__file__).parents[2] / "docs" / "lumbar.md"
RUNNERS, STANDING = "python -m tests.accuracy.lumbar --write", "python -m tests.accuracy.standing --write"
FIT, FRONT = "python tools/train_lumbar.py fit", "python tools/train_lumbar.py front --write"
COMMANDS = (RUNNERS, STANDING, FIT, FRONT)
BEGIN, END = "<!-- begin: {command} -->", "<!-- end: {command} -->"
FEWEST = 3
"""Of fewer numbers no mean is told."""
GROUPS = (
    ("newest", "runners rendered last, nothing was chosen on them"),
    ("unseen", "runners rendered before these, looked at once before"),
    ("fresh", "runners rendered later, seen before"),
    ("runners", "runners kept back, seen before"),
    ("after", "further runners, seen before"),
    ("bench", "clips of the bench"),
)


def in_its_place(document: str, command: str, lines: Iterable[str]) -> str:
    """The document with what ``command`` printed between its markers. ValueError where each is not there once."""
    begin, end = (marker.format(command=command) for marker in (BEGIN, END))
    if document.count(begin) != 1 or document.count(end) != 1 or document.index(begin) > document.index(end):
        raise ValueError(f"not once each, in this order: {begin} {end}")
    before, _, rest = document.partition(begin)
    return "\n".join([before + begin, *lines, end + rest.partition(end)[2]])


def main_runners() -> int:
    """Print what concerns running, write it with ``--write``; 2 where no clip was made."""
    return _main(RUNNERS, lumbar.why_absent(), runners_document())


def main_standing() -> int:
    """The same of running held against standing."""
    return _main(STANDING, standing.why_absent(), standing_document())


def _main(command: str, absent: str | None, document: Iterator[str]) -> int:
    if absent:
        print(absent, file=sys.stderr)
        return 2
    printed(command, document, "--write" in sys.argv)
    return 0


def printed(command: str, document: Iterable[str], write: bool) -> None:
    """Print what ``command`` has to tell, line by line, and write it into the document."""
    lines = []
    for line in document:
        print(line, flush=True)
        lines.append(line)
    if write:
        lines = "\n".join(lines).strip().split("\n")
        TARGET.write_text(in_its_place(TARGET.read_text(encoding="utf-8"), command, lines), encoding="utf-8")


# ------------------------------------------------------------------------------------------------------- running


def runners_document() -> Iterator[str]:
    """Each group of clips, then pairs, the same person twice, and people who arch on purpose."""
    for which, name in GROUPS:
        if here := lumbar.rows(which):
            n = len({r.clip.name for r in here})
            yield f"\n{n} {name}; n: numbers given, of all; in interval: stated 95 % intervals that hold the truth.\n"
            yield from _numbers(here)
            yield "\nThe change, near foot, by clothes and motion:\n"
            yield from _conditions(_changes(here))
    yield from _together()
    yield from _pairs()
    yield from _arching()


def _numbers(here: Sequence[Row]) -> Iterator[str]:
    yield from _head("number")
    for metric in METRICS:
        for near in (True, False):
            chosen = [r for r in here if r.metric == metric and r.near == near]
            if chosen:
                yield f"| {metric}, {'near' if near else 'far'} foot | {_told(chosen)} |"


def _together() -> Iterator[str]:
    """All groups but the bench's."""
    yield "\nThe change, near foot, of all these runners but those of the bench:\n"
    yield from _head("runners")
    changes = [row for which, _ in GROUPS if which != "bench" for row in _changes(lumbar.rows(which))]
    yield f"| all | {_told(changes)} |"
    yield from _motions(changes)


def _changes(here: Sequence[Row]) -> list[Row]:
    return [r for r in here if r.metric == CHANGE and r.near]


def _motions(changes: Sequence[Row]) -> Iterator[str]:
    real, drawn = ([r for r in changes if _moves_as_recorded(r) == recorded] for recorded in (True, False))
    if real and drawn:
        yield f"| moving as real runners | {_told(real)} |"
        yield f"| moving as drawn | {_told(drawn)} |"


def _conditions(changes: Sequence[Row]) -> Iterator[str]:
    yield from _head("clothes, motion")
    for clothes in sorted({_clothes(r) for r in changes}):
        yield f"| {clothes} | {_told([r for r in changes if _clothes(r) == clothes])} |"
    yield from _motions(changes)
    refused = [r.reason for r in changes if r.reason]
    yield f"\nRefused: {', '.join(f'{refused.count(c)} {c}' for c in sorted(set(refused))) or 'none'}.\n"
    yield from _frame_by_frame([r for r in changes if r.found is not None])


def _frame_by_frame(given: Sequence[Row]) -> Iterator[str]:
    """Over all frames, not at midstance and push-off only."""
    if given:
        errors = np.concatenate([lumbar.frame_errors_deg(r.clip) for r in given])
        yield f"Frame by frame, each clip's mean taken off: RMSE {np.sqrt(np.mean(errors**2)):.1f} deg."


def _pairs() -> Iterator[str]:
    yield "\nThe same body with the same legs, arms and trunk lean, the back giving more of the push-off:\n"
    for more in (4.0, 7.0):
        share, n = lumbar.pairs_told_apart(more)
        area = lumbar.area_under_curve(more)
        yield f"* {more:.0f} deg more: {share:.2f} of {n} pairs ordered right; AUC {area:.2f} between"
        yield "  different bodies, by the scatter of the errors."
    apart = lumbar.twice()
    if len(apart):
        yield f"* The same person twice (another camera, room and outfit): {len(apart)} pairs, differences of"
        yield f"  {np.sqrt(np.mean(apart**2)):.1f} deg (root mean square), {np.abs(apart).mean():.1f} deg (mean)."


def _arching() -> Iterator[str]:
    people = [arching.told(person) for person in arching.people()]
    if not people:
        return
    ordered = sum(list(found.values()) == sorted(found.values()) for found in people)
    yield f"\n{len(people)} people standing flat, as usual and arched on purpose, in clothes of all kinds: {ordered}"
    yield "in the right order. What was told of each posture on average, of each about the person's middle:\n"
    for posture in people[0]:
        values = np.array([found[posture] for found in people])
        yield f"* {posture:+.0f} deg: {values.mean():+.1f} deg, SD {values.std(ddof=1):.1f}"


def _moves_as_recorded(row: Row) -> bool:
    return bool(row.clip.truth["made_with"].get("recorded"))


def _clothes(row: Row) -> str:
    return str(row.clip.truth.get("clothes") or row.clip.truth["conditions"]["clothes"])


# ------------------------------------------------------------------------------------------------------ standing


def standing_document() -> Iterator[str]:
    """Running held against standing: each number, the zero of many more bodies, and the range."""
    near = [row for row in standing.rows() if row.near]
    n = len({row.clip.name for row in near})
    people = len(standing.people())
    yield f"\n{people} people in {n} clips of running, each held against their own standing; near foot:\n"
    yield from _head("number")
    for metric in standing.METRICS:
        chosen = [row for row in near if row.metric == metric]
        yield f"| {metric} | {_told(chosen)} |"
    yield from _zero()
    off = standing.range_errors_pct()
    yield f"\nThe range between flat and arched on purpose: {off.mean():+.0f} % on average, SD {off.std(ddof=1):.0f} %,"
    yield f"of {len(off)}. Root mean square errors (``accuracy_standing.toml``), `balanced`:\n"
    for metric in standing.METRICS:
        name, errors = metric, standing.errors(metric)
        if metric == standing.ARCH_USED:
            name, errors = f"{metric}, of the range alone, per cent of it", off
        yield f"* {name}: {np.sqrt(np.mean(errors**2)):.2f}"


def _zero() -> Iterator[str]:
    zero = standing.zero_errors_deg()
    if len(zero):
        robust = 1.4826 * np.median(np.abs(zero - np.median(zero)))
        yield f"\nThe zero of {len(zero)} further bodies, in stills of wilder postures: median"
        yield f"{np.median(zero):+.1f} deg, SD {zero.std(ddof=1):.1f}, robust SD {robust:.1f}."


# ----------------------------------------------------------------------------------------------------- cells


def _head(first: str) -> Iterator[str]:
    yield f"| {first} | n | bias | SD | MAE | slope | r | in interval |"
    yield "|---|---|---|---|---|---|---|---|"


def _told(chosen: Sequence[Row]) -> str:
    """n, bias, SD, MAE, slope against the truth, r, and stated intervals that hold it, as cells of a table."""
    seen = [row for row in chosen if row.found is not None]
    if len(seen) < FEWEST:
        return f"{len(seen)} of {len(chosen)} | | | | | |"
    found, true = np.array([(row.found, row.true) for row in seen], dtype=float).T
    error = found - true
    slope = np.polyfit(true, found, 1)[0] if true.std() > 0.5 else np.nan
    inside = sum(abs(row.found - row.true) <= (row.half or 0.0) for row in seen if row.found is not None)
    r = np.corrcoef(found, true)[0, 1]
    return (
        f"{len(seen)} of {len(chosen)} | {error.mean():+.2f} | {error.std(ddof=1):.2f} | {np.abs(error).mean():.2f} "
        f"| {slope:.2f} | {r:.2f} | {inside} of {len(seen)}"
    )
