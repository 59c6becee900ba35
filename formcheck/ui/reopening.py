"""Opening a kept analysis as a job: its files are written again, and the page shows it like one just made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.analysis import OnPreview, OnProgress, Progress, ShouldStop
from formcheck.cards import Lang
from formcheck.records import Analysis, Stopped
from formcheck.ui.job import Outcome, Work, drawing_of

if TYPE_CHECKING:
    from formcheck.history.tables import KeptAnalysis


_READ = 0.6
"""Of the time that opening takes, what reading back does: all that is drawn is made again from the pose."""


@dataclass(frozen=True)
class KeptOutcome(Outcome):
    """The outcome of an earlier day."""

    filmed_on: date
    clips: Path | None
    """Where its clip was kept, if it was."""


def reopening_of(kept: KeptAnalysis, clips: Path | None, lang: Lang) -> Work:
    """Open what was kept; its clip and pictures come along where they were kept."""

    def work(folder: Path, on_progress: OnProgress, should_stop: ShouldStop, on_preview: OnPreview) -> Outcome:
        from formcheck.keeping import reopened

        on_progress(Progress("reading", 0.0))
        analysis = reopened(kept)
        on_progress(Progress("reading", _READ))
        return _written(analysis, kept.filmed_on, clips, folder, lang, _telling(on_progress, should_stop, _READ))

    return work


def again_of(outcome: Outcome, clip: Path, lang: Lang) -> Work:
    """Make the files of an outcome anew, in another language or with other answers."""
    draw = drawing_of(outcome.analysis, clip, lang)
    if not isinstance(outcome, KeptOutcome):
        return draw
    analysis, filmed_on, clips = outcome.analysis, outcome.filmed_on, outcome.clips

    def work(folder: Path, on_progress: OnProgress, should_stop: ShouldStop, on_preview: OnPreview) -> Outcome:
        if clip.is_file():
            drawn = draw(folder, on_progress, should_stop, on_preview)
            return KeptOutcome(drawn.analysis, drawn.folder, lang, filmed_on, clips)
        return _written(analysis, filmed_on, clips, folder, lang, _telling(on_progress, should_stop, 0.0))

    return work


def _telling(on_progress: OnProgress, should_stop: ShouldStop, begun: float) -> Callable[[float], None]:
    """Takes 0..1 of the writing, which begins at the share ``begun`` of the whole; raises Stopped when asked to."""

    def tell(share: float) -> None:
        if should_stop():
            raise Stopped
        on_progress(Progress("report", begun + (1.0 - begun) * share))

    return tell


def _written(
    analysis: Analysis, filmed_on: date, clips: Path | None, folder: Path, lang: Lang, on_share: Callable[[float], None]
) -> Outcome:
    from formcheck.keeping import write_again

    if analysis.video.filmed_on is None:
        analysis = replace(analysis, video=replace(analysis.video, filmed_on=filmed_on.isoformat()))
    results = folder / "kept"
    results.mkdir()
    write_again(analysis, clips, results, lang, on_share)
    on_share(1.0)
    return KeptOutcome(analysis, results, lang, filmed_on, clips)
