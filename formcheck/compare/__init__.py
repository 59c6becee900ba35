"""Two analyses of one person, before and after: in step, side by side, and what differs beyond the error.

    compared = compare_analyses(before, after)
    write_side_by_side(compared, (before_clip, after_clip), Path("side_by_side.mp4"), "en")
    write_comparison(compared, (before_folder, after_folder), Path("out"), "en")

Nothing is measured here: the numbers are those of the two analyses.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from formcheck.cards import Lang
from formcheck.compare.clip import HALF_SPEED, Source, write_in_step
from formcheck.compare.differences import Change, Difference, differences, notes
from formcheck.compare.in_step import Cycle, InStep, cycles_of, in_step
from formcheck.compare.moments import MomentPair, paired_moments, write_pairs
from formcheck.compare.page import write_compare_html, write_compare_json
from formcheck.compare.told import ToldDifference, heads, labels, lines, summary, told
from formcheck.records import Analysis, InputError, Note

__all__ = [
    "ANNOTATED",
    "HALF_SPEED",
    "Change",
    "Compared",
    "Cycle",
    "Difference",
    "InStep",
    "MomentPair",
    "ToldDifference",
    "compare_analyses",
    "cycles_of",
    "heads",
    "labels",
    "lines",
    "summary",
    "told",
    "write_comparison",
    "write_pairs",
    "write_side_by_side",
]

ANNOTATED, FRAMES = "annotated.mp4", "frames"
PAGE, CLIP, TABLE, MOMENTS = "compare.html", "side_by_side.mp4", "compare.json", "moments"


@dataclass(frozen=True)
class Compared:
    """All that two analyses say about each other."""

    before: Analysis
    after: Analysis
    differences: tuple[Difference, ...]
    """What changed first."""
    notes: tuple[Note, ...]
    """What else differs between the clips and may be behind it."""
    step: InStep | None
    """How to play them in step; None where one has no stride, repetition or hold."""
    moments: tuple[MomentPair, ...]


def compare_analyses(before: Analysis, after: Analysis) -> Compared:
    """What differs between two analyses of one person, and how to look at both at once.

    Raises InputError ``compare_activities`` for two activities and ``compare_views`` for two directions; from the left
    and from the right are one direction.
    """
    if before.activity != after.activity:
        raise InputError("compare_activities", before=before.activity, after=after.activity)
    if before.view != after.view:
        raise InputError("compare_views", before=before.view, after=after.view)
    step = in_step(before, after)
    sides = (None, None) if step is None else step.sides
    moments = paired_moments(before, after, sides)
    return Compared(before, after, differences(before, after), notes(before, after), step, moments)


def write_side_by_side(
    compared: Compared,
    clips: tuple[Path, Path],
    path: Path,
    lang: Lang,
    report: Callable[[float], None] = lambda share: None,
    speed: float = HALF_SPEED,
) -> None:
    """Write both clips side by side in step as one H.264 MP4, at ``speed`` times life.

    ``clips`` are the annotated ones, or those that were filmed. ``report`` is told how far it is, 0..1, and may raise
    to stop; nothing is left of the file then. Raises InputError ``compare_no_step`` where ``compared.step`` is None.
    """
    if compared.step is None:
        raise InputError("compare_no_step")
    names = labels(compared.before, compared.after, lang)
    before, after = (
        Source(clip, analysis.video.slow_motion, name)
        for clip, analysis, name in zip(clips, (compared.before, compared.after), names, strict=True)
    )
    write_in_step(compared.step, (before, after), lines(compared.differences, lang), path, lang, report, speed)


def write_comparison(
    compared: Compared,
    folders: tuple[Path, Path],
    out: Path,
    lang: Lang,
    report: Callable[[float], None] = lambda share: None,
) -> None:
    """Write ``compare.html``, ``compare.json``, ``side_by_side.mp4`` and ``moments/*.jpg`` into ``out``.

    ``folders`` are the results of either clip; without an annotated clip in both there is no ``side_by_side.mp4``,
    without pictures of a moment in both none of that pair. All appear at the end, or none. Raises InputError
    ``cannot_write_output`` where ``out`` cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".formcheck-", dir=out) as aside:
            working = Path(aside)
            _write_all(compared, folders, working, lang, report)
            _move_in(working, out)
    except OSError as error:
        raise InputError("cannot_write_output", path=str(out), why=error.strerror or str(error)) from error


def _write_all(
    compared: Compared, folders: tuple[Path, Path], working: Path, lang: Lang, report: Callable[[float], None]
) -> None:
    clips = folders[0] / ANNOTATED, folders[1] / ANNOTATED
    if compared.step is not None and all(clip.is_file() for clip in clips):
        write_side_by_side(compared, clips, working / CLIP, lang, report)
    names = labels(compared.before, compared.after, lang)
    pairs = write_pairs(compared.moments, (folders[0] / FRAMES, folders[1] / FRAMES), names, working / MOMENTS)
    write_compare_json(compared, working / TABLE)
    pictures = [(pair.caption(lang), (working / MOMENTS / pair.file_name).read_bytes()) for pair in pairs]
    clip = working / CLIP
    write_compare_html(compared, pictures, clip.read_bytes() if clip.is_file() else None, working / PAGE, lang)


def _move_in(working: Path, out: Path) -> None:
    """Each file takes its place at once; an earlier comparison's are replaced, whatever else is there stays."""
    shutil.rmtree(out / MOMENTS, ignore_errors=True)
    (out / CLIP).unlink(missing_ok=True)
    for made in working.iterdir():
        made.replace(out / made.name)
