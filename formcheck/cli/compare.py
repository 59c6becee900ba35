"""``formcheck compare``: before and after, two folders of results or two clips."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from formcheck.cards import Lang, load_cards
from formcheck.cli.options import Activity, BlurFace, Mode, Number, Pose, SlowMotion, View, asked_options
from formcheck.cli.showing import results_console, say_note, table_of
from formcheck.cli.surroundings import check_writable, no_empty_folders, only_python_on_stderr, stop_on_signals
from formcheck.cli.words import REFUSED, complain, error_text
from formcheck.records import InputError, Stopped
from formcheck.texts import note_text, text

if TYPE_CHECKING:
    from formcheck.analysis import Options
    from formcheck.compare import Compared
    from formcheck.records import Analysis

_Stop = Callable[[], bool]


def compare(
    context: typer.Context,
    before: Annotated[Path, typer.Argument(metavar="BEFORE")],
    after: Annotated[Path, typer.Argument(metavar="AFTER")],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR")] = None,
    activity: Activity = "auto",
    view: View = "auto",
    mode: Mode = "auto",
    height_cm: Number = None,
    belt_speed_mps: Number = None,
    slow_motion: SlowMotion = 1.0,
    lang: Literal["ja", "en"] | None = None,
    pose: Pose = None,
    blur_face: BlurFace = False,
) -> None:
    """``formcheck compare``; the options are for clips, folders carry their own."""
    options = asked_options(
        lang or context.obj,
        activity,
        view=view,
        mode=mode,
        height_cm=height_cm,
        belt_speed_mps=belt_speed_mps,
        slow_motion=slow_motion,
        pose=pose,
        blur_face=blur_face,
    )
    with only_python_on_stderr(), stop_on_signals() as should_stop, ExitStack() as stack:
        if out is not None:
            stack.enter_context(no_empty_folders(out))
            check_writable(out)
        compared = _compare((before, after), out, options, should_stop)
    show_compared(compared, options.lang)
    if out is not None:
        results_console().print(text("compare_written", options.lang, folder=out), style="bold", soft_wrap=True)


def _compare(places: tuple[Path, Path], out: Path | None, options: Options, should_stop: _Stop) -> Compared:
    from formcheck.compare import compare_analyses, write_comparison

    def report(share: float) -> None:
        if should_stop():
            raise Stopped

    with tempfile.TemporaryDirectory(prefix="formcheck-compare-") as aside:
        found = [
            _named(place, Path(aside) / str(n), out is not None, options, should_stop) for n, place in enumerate(places)
        ]
        (before, first), (after, second) = found
        compared = compare_analyses(before, after)
        if out is not None:
            write_comparison(compared, (first, second), out, options.lang, report)
    return compared


def _named(
    place: Path, aside: Path, with_pictures: bool, options: Options, should_stop: _Stop
) -> tuple[Analysis, Path]:
    """The result of one of the two; which of them it is begins the line that says why there is none."""
    try:
        return _result(place, aside, with_pictures, options, should_stop)
    except InputError as error:
        complain(f"{place}: {error_text(error, options.lang)}")
        raise typer.Exit(REFUSED) from error


def _result(
    place: Path, aside: Path, with_pictures: bool, options: Options, should_stop: _Stop
) -> tuple[Analysis, Path]:
    """The analysis of a folder of results or a clip, and where its annotated clip and pictures lie."""
    from formcheck.analysis import analyze_video, write_results
    from formcheck.saved import read_results

    if not place.exists():
        raise InputError("file_missing", name=place.name)
    if place.is_dir():
        return read_results(place), place
    analysis = analyze_video(place, options, should_stop=should_stop)
    folder = write_results(analysis, place, aside, options.lang, should_stop=should_stop) if with_pictures else aside
    return analysis, folder


def show_compared(compared: Compared, lang: Lang) -> None:
    """What else differs, then the table: what changed first."""
    from formcheck.compare import labels, summary, told

    console = results_console()
    console.print(" → ".join(labels(compared.before, compared.after, lang)))
    console.print(summary(compared.differences, lang), style="bold")
    table = table_of(
        ("compare_column_change", "column_measure", "compare_before_after", "compare_column_difference"), lang
    )
    for column in table.columns:
        column.overflow = "fold"  # Japanese has no spaces to wrap at, and no digit may be cut off
    cards = load_cards()
    for difference in compared.differences:
        if difference.metric in cards and difference.change != "unknown":
            row = told(difference, lang)
            table.add_row(row.mark, row.name, f"{row.before} → {row.after}", row.difference)
    if table.row_count:
        console.print(table)
    for note in compared.notes:
        say_note(console, note_text(note, lang))
    for code in ("compare_how", "disclaimer"):
        console.print(text(code, lang), style="dim")
