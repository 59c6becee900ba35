"""Repetitions marked by eye on real clips against formcheck: ``python -m tests.accuracy.exercise_marks [--write]``.

How they were marked: ``marks/exercises/README.md``. The clips are not part of the project; they are looked for in
``../shared/clips`` beside it. Nobody tells formcheck what is done: recognition is part of what is measured.
"""

from __future__ import annotations

import csv
import math
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from formcheck.analysis import Options, analyze_video
from formcheck.records import Analysis, InputError

ROOT = Path(__file__).resolve().parents[2]
CLIPS = Path(os.environ.get("FORMCHECK_CLIPS", ROOT.parent / "shared" / "clips"))
TARGET = ROOT / "docs" / "accuracy_exercise_marks.md"
MARKS = Path(__file__).parent / "marks" / "exercises" / "marks.csv"


@dataclass(frozen=True)
class Mark:
    """One repetition or hold as seen by eye; NaN where the clip cuts it."""

    kind: str
    start_s: float
    top_s: float
    end_s: float
    uncertainty_s: float

    @property
    def whole(self) -> bool:
        """Both its ends are in the clip."""
        return math.isfinite(self.start_s) and math.isfinite(self.end_s)


@dataclass(frozen=True)
class Marked:
    """One real clip with what was seen in it."""

    video: Path
    activity: str
    view: str
    marks: tuple[Mark, ...]

    @property
    def whole_reps(self) -> int:
        """Repetitions that the clip shows from start to end."""
        return sum(mark.whole for mark in self.marks if mark.kind == "rep")


@cache
def marked() -> tuple[Marked, ...]:
    """All clips that were marked, present here or not."""
    with MARKS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = []
    for name in dict.fromkeys(row["clip"] for row in rows):
        mine = [row for row in rows if row["clip"] == name]
        marks = tuple(
            Mark(row["kind"], *(_number(row[key]) for key in ("start_s", "top_s", "end_s", "uncertainty_s")))
            for row in mine
        )
        found.append(Marked(CLIPS / name, mine[0]["activity"], mine[0]["view"], marks))
    return tuple(found)


def _number(text: str) -> float:
    return float(text) if text else math.nan


@cache
def analysed(video: Path) -> Analysis | str:
    """What formcheck makes of the clip, or the code of its refusal."""
    try:
        return analyze_video(video, Options())
    except InputError as error:
        return error.code


def top_errors(clip: Marked, analysis: Analysis) -> np.ndarray:
    """Found less marked tops (s), each mark with the nearest found one."""
    tops = np.array([rep.top_s for rep in analysis.reps])
    marks = [mark.top_s for mark in clip.marks if mark.kind == "rep"]
    return np.array([tops[np.abs(tops - top).argmin()] - top for top in marks]) if len(tops) else np.empty(0)


def table() -> Iterator[str]:
    """One line a clip."""
    yield "| clip | seen by eye | taken for | repetitions found | of | tops, mean absolute error s | held s |"
    yield "|---|---|---|---|---|---|---|"
    for clip in marked():
        if not clip.video.exists():
            yield f"| {clip.video.name} | {clip.activity}, {clip.view} | not here | | | | |"
            continue
        found = analysed(clip.video)
        if isinstance(found, str):
            yield f"| {clip.video.name} | {clip.activity}, {clip.view} | refused: {found} | | {clip.whole_reps} | | |"
            continue
        errors = top_errors(clip, found)
        off = f"{np.abs(errors).mean():.2f}" if len(errors) else ""
        held = max((hold.end_s - hold.start_s for hold in found.holds), default=math.nan)
        whole = sum(rep.complete for rep in found.reps)
        yield (
            f"| {clip.video.name} | {clip.activity}, {clip.view} | {found.activity}, {found.view} | {whole} "
            f"| {clip.whole_reps} | {off} | {'' if math.isnan(held) else f'{held:.1f}'} |"
        )


def main() -> int:
    """Print the table, write it with ``--write``; 2 where the clips are not here."""
    if not CLIPS.exists():
        print(f"no clips in {CLIPS}", file=sys.stderr)
        return 2
    head = [
        "# Repetitions of real people, marked by eye",
        "",
        "Written by `python -m tests.accuracy.exercise_marks --write`, balanced profile; nobody tells what is done.",
        "How they were marked: `tests/accuracy/marks/exercises/README.md`; sure to 0.1 to 0.3 s. The clips lie in",
        "`../shared/clips` and no part of the project.",
        "",
    ]
    lines = [*head, *table()]
    print(*lines, sep="\n")
    if "--write" in sys.argv:
        TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
