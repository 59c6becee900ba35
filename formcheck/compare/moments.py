"""Key moments of two clips in pairs: the same moment of either, in one picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from formcheck.annotate import side_by_side_jpeg
from formcheck.cards import Lang
from formcheck.records import Analysis, KeyMoment
from formcheck.skeleton import Side
from formcheck.texts import moment_text

_TOPS = ("rep_top", "best", "worst")


@dataclass(frozen=True)
class MomentPair:
    """The same moment of both clips."""

    before: KeyMoment
    after: KeyMoment

    @property
    def file_name(self) -> str:
        """Of its picture."""
        return f"{self.before.id}.jpg"

    def caption(self, lang: Lang) -> str:
        """What both show."""
        return moment_text(self.before, lang)


def paired_moments(before: Analysis, after: Analysis, sides: tuple[Side | None, Side | None]) -> tuple[MomentPair, ...]:
    """Moments of one kind and repetition that both have, of the same leg or of the two that are followed."""
    taken: set[KeyMoment] = set()
    pairs = []
    for first in before.key_moments:
        fitting = [second for second in after.key_moments if second not in taken and _alike(first, second, sides)]
        if fitting:
            taken.add(fitting[0])
            pairs.append(MomentPair(first, fitting[0]))
    return tuple(pairs)


def _alike(first: KeyMoment, second: KeyMoment, sides: tuple[Side | None, Side | None]) -> bool:
    if first.kind in _TOPS and second.kind in _TOPS:
        named = first.kind == second.kind != "rep_top"  # the best with the best, whichever repetition it was
        return named or first.n == second.n
    if first.kind != second.kind or (first.n != second.n and first.kind != "rep_start"):
        return False
    if None in sides or first.side is None:
        return first.side == second.side
    return (first.side == sides[0]) == (second.side == sides[1])


def write_pairs(
    pairs: Sequence[MomentPair], folders: tuple[Path, Path], labels: tuple[str, str], into: Path
) -> list[MomentPair]:
    """Write ``<moment>.jpg`` for each pair whose pictures lie in both ``folders``; which these were."""
    written = []
    into.mkdir(parents=True, exist_ok=True)
    for pair in pairs:
        files = folders[0] / f"{pair.before.id}.jpg", folders[1] / f"{pair.after.id}.jpg"
        if all(file.is_file() for file in files):
            jpeg = side_by_side_jpeg((files[0].read_bytes(), files[1].read_bytes()), labels)
            (into / pair.file_name).write_bytes(jpeg)
            written.append(pair)
    return written
