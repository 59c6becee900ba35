"""``formcheck analyze``: clip after clip, each with a folder of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TextIO

import typer

from formcheck.cards import Lang
from formcheck.cli.check import answers_in
from formcheck.cli.keeping import Keep, keep_asked, keep_result
from formcheck.cli.options import (
    Activity,
    BlurFace,
    Mode,
    Number,
    OutDir,
    Person,
    Pose,
    SlowMotion,
    View,
    asked_options,
)
from formcheck.cli.showing import results_console, say_note, show_analysis
from formcheck.cli.surroundings import check_writable, no_empty_folders, only_python_on_stderr, stop_on_signals
from formcheck.cli.words import REFUSED, STOPPED, complain, error_text
from formcheck.folders import take_place
from formcheck.records import InputError, Stopped
from formcheck.texts import note_text, text

if TYPE_CHECKING:
    from formcheck.analysis import Extra, Options, Progress
    from formcheck.records import Analysis

_WHOLE_CALL = frozenset(
    {"bad_option", "unknown_activity", "model_missing", "model_damaged", "standing_not_read", "no_standing"}
)
"""Errors that every further clip would meet as well: said once."""


def analyze(
    context: typer.Context,
    videos: Annotated[list[Path], typer.Argument(metavar="VIDEO")],
    out: OutDir,
    activity: Activity = "auto",
    view: View = "auto",
    mode: Mode = "auto",
    pain: Number = None,
    height_cm: Number = None,
    belt_speed_mps: Number = None,
    slow_motion: SlowMotion = 1.0,
    lang: Literal["ja", "en"] | None = None,
    pose: Pose = None,
    person: Person = "auto",
    answers: Annotated[Path | None, typer.Option(metavar="ANSWERS.yaml")] = None,
    pdf: Annotated[bool, typer.Option("--pdf")] = False,
    opensim: Annotated[bool, typer.Option("--opensim")] = False,
    blur_face: BlurFace = False,
    keep_for: Annotated[str | None, typer.Option(metavar="NAME")] = None,
    filmed_on: Annotated[str | None, typer.Option(metavar="DATE")] = None,
    keep_clip: Annotated[bool, typer.Option("--keep-clip")] = False,
    together: Annotated[bool, typer.Option("--together")] = False,
    standing: Annotated[list[Path] | None, typer.Option(metavar="VIDEO")] = None,
) -> None:
    """``formcheck analyze``."""
    if together and len(videos) < 2:
        raise InputError("together_needs_two")  # before the one clip is looked at
    asked = {"view": view, "mode": mode, "pain": pain, "pose": pose, "blur_face": blur_face}
    scale = {"height_cm": height_cm, "belt_speed_mps": belt_speed_mps, "slow_motion": slow_motion}
    said = None if answers is None else answers_in(answers)
    clips = tuple((clip.name, clip) for clip in standing or ())
    options = asked_options(lang or context.obj, activity, person, **asked, **scale, answers=said, standing=clips)
    wanted: dict[Extra, bool] = {"pdf": pdf, "opensim": opensim}
    also = [extra for extra, is_asked in wanted.items() if is_asked]
    raise typer.Exit(analyze_all(videos, out, options, also, keep_asked(keep_for, filmed_on, keep_clip), together))


@dataclass(frozen=True)
class _Job:
    """One clip of the call."""

    video: Path
    folder_name: str
    number: int
    total: int


def analyze_all(
    videos: Sequence[Path],
    out: Path,
    options: Options,
    also: Collection[Extra] = (),
    keep: Keep | None = None,
    together: bool = False,
) -> int:
    """Analyse clip after clip and say how it went; the exit code."""
    failed = False
    done: list[tuple[Analysis, Path]] = []
    with only_python_on_stderr() as stderr, stop_on_signals() as should_stop, no_empty_folders(out):
        try:
            check_writable(out)
            for job in _jobs(videos):
                found = _analyze_one(job, out, options, also, keep, stderr, should_stop)
                done += [found] if found else []
                failed = failed or found is None
            if together:
                _join(done, out, options.lang)
        except InputError as error:
            where = f"{out}: " if error.code == "cannot_write_output" else ""
            complain(where + error_text(error, options.lang))
            return REFUSED
        except (Stopped, KeyboardInterrupt):
            complain(text("stopped", options.lang))
            return STOPPED
    return REFUSED if failed else 0


def _jobs(videos: Sequence[Path]) -> list[_Job]:
    """The clips with a folder name each: two of the same name get "run" and "run_2"."""
    from formcheck.analysis import folder_name

    taken: set[str] = set()
    jobs = []
    for number, video in enumerate(videos, 1):
        stem, name, count = folder_name(video), folder_name(video), 1
        while name.casefold() in taken:  # some file systems take "Run" and "run" for the same
            count += 1
            name = f"{stem}_{count}"
        taken.add(name.casefold())
        jobs.append(_Job(video, name, number, len(videos)))
    return jobs


def _analyze_one(
    job: _Job,
    out: Path,
    options: Options,
    also: Collection[Extra],
    keep: Keep | None,
    stderr: TextIO,
    should_stop: Callable[[], bool],
) -> tuple[Analysis, Path] | None:
    """The analysis and its folder; None where one line has said why there is none."""
    from formcheck.analysis import analyze_video

    try:
        with _progress_bar(job, options.lang, stderr) as on_progress:
            analysis = analyze_video(job.video, options, on_progress, should_stop)
            folder = _write(analysis, job, out, options.lang, also, on_progress, should_stop)
    except InputError as error:
        if error.code in _WHOLE_CALL:
            raise
        complain(f"{job.video}: {error_text(error, options.lang)}")
        return None
    show_analysis(results_console(), analysis, folder, options.lang)
    if "opensim" in also:
        _say_scale(analysis, options.lang)
    if keep is not None:
        keep_result(keep, analysis, job.video, folder, options.lang)
    return analysis, folder


def _join(done: Sequence[tuple[Analysis, Path]], out: Path, lang: Lang) -> None:
    """One report of all clips. Raises InputError where fewer than two could be analysed."""
    from formcheck.together import agreement, write_together

    folder = write_together(done, out, lang)
    for note in agreement([analysis for analysis, _ in done]):
        say_note(results_console(), note_text(note, lang))
    results_console().print(text("cli_written", lang, folder=folder), soft_wrap=True)


def _say_scale(analysis: Analysis, lang: Lang) -> None:
    from formcheck.exports.opensim import ASSUMED_HEIGHT_CM, is_scale_assumed

    if is_scale_assumed(analysis):
        say_note(results_console(), text("opensim_height_assumed", lang, height=ASSUMED_HEIGHT_CM))


def _write(
    analysis: Analysis,
    job: _Job,
    out: Path,
    lang: Lang,
    also: Collection[Extra],
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> Path:
    """The clip's folder, whole or not at all."""
    from formcheck.analysis import folder_name, write_results

    if job.folder_name == folder_name(job.video):
        return write_results(analysis, job.video, out, lang, on_progress, should_stop, also=also)
    final = out / job.folder_name
    with tempfile.TemporaryDirectory(prefix=".formcheck-", dir=out) as aside:
        written = write_results(analysis, job.video, Path(aside), lang, on_progress, should_stop, also=also)
        try:
            take_place(written, final)
        except OSError as error:
            raise InputError("cannot_write_output", path=str(final), why=error.strerror or "") from error
    return final


@contextmanager
def _progress_bar(job: _Job, lang: Lang, stderr: TextIO) -> Iterator[Callable[[Progress], None]]:
    """A bar on a terminal; nothing in a log file."""
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(file=stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(escape(job.video.name), total=1.0)

        def show(progress: Progress) -> None:
            stage = text(f"stage_{progress.stage}", lang)
            if job.total > 1:
                stage = text("cli_progress", lang, name=job.video.name, number=job.number, total=job.total, stage=stage)
            bar.update(task, completed=progress.share, description=escape(stage))

        yield show
