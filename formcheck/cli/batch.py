"""``formcheck batch``: all clips of a folder, on all cores or on a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO

import typer

from formcheck.cards import Lang, load_cards
from formcheck.cli.options import Activity, BlurFace, Number, OutDir, Person, Pose, SlowMotion, View, asked_options
from formcheck.cli.showing import results_console, table_of
from formcheck.cli.surroundings import check_writable, no_empty_folders, only_python_on_stderr, stop_on_signals
from formcheck.cli.words import REFUSED, STOPPED, complain, error_text
from formcheck.records import InputError, Measurement, Stopped
from formcheck.texts import format_value, text

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from formcheck.analysis import Options
    from formcheck.batch import Look
    from formcheck.batch.plan import Entry

SHOWN = ("cadence_spm", "overstride_pct_leg", "knee_flexion_at_contact_deg")
"""Numbers of the table at the end, which fit into 80 columns; ``batch.csv`` has all."""


def batch(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER")],
    out: OutDir,
    activity: Activity = "auto",
    view: View = "auto",
    height_cm: Number = None,
    belt_speed_mps: Number = None,
    slow_motion: SlowMotion = 1.0,
    lang: Literal["ja", "en"] | None = None,
    pose: Pose = None,
    person: Person = "auto",
    blur_face: BlurFace = False,
    workers: Annotated[int | None, typer.Option(metavar="N", min=1)] = None,
    scheduler: Annotated[str | None, typer.Option(metavar="ADDRESS")] = None,
) -> None:
    """``formcheck batch``."""
    options = asked_options(
        lang or context.obj,
        activity,
        person,
        view=view,
        height_cm=height_cm,
        belt_speed_mps=belt_speed_mps,
        slow_motion=slow_motion,
        pose=pose,
        blur_face=blur_face,
    )
    raise typer.Exit(analyse_folder(folder, out, options, workers, scheduler))


def analyse_folder(folder: Path, out: Path, options: Options, workers: int | None, scheduler: str | None) -> int:
    """Analyse all clips and say how it went; the exit code."""
    from formcheck.batch import run_batch
    from formcheck.batch.plan import clips_in

    with only_python_on_stderr() as stderr, stop_on_signals() as should_stop, no_empty_folders(out):
        try:
            clips_in(folder, out)  # before a folder is made for them
            check_writable(out)
            with _progress_bars(options.lang, stderr, scheduler is not None) as on_look:
                entries = run_batch(folder, out, options, workers, scheduler, on_look, should_stop)
        except InputError as error:
            where = f"{out}: " if error.code == "cannot_write_output" else ""
            complain(where + error_text(error, options.lang))
            return REFUSED
        except (Stopped, KeyboardInterrupt):
            complain(text("stopped", options.lang))
            return STOPPED
        for entry in entries:
            if entry.error is not None:
                complain(f"{entry.clip}: {error_text(InputError(entry.error, **entry.details), options.lang)}")
    _show(entries, out, options.lang)
    return REFUSED if any(entry.state == "failed" for entry in entries) else 0


@contextmanager
def _progress_bars(lang: Lang, stderr: TextIO, on_cluster: bool) -> Iterator[Callable[[Look], None]]:
    """The plan as a line; on a terminal then a bar for all clips and one for each that is being worked on."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(file=stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    bars = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    whole = bars.add_task("", total=1.0)
    single: dict[str, TaskID] = {}
    planned = False  # bars that are disabled never count as started

    def show(look: Look) -> None:
        nonlocal planned
        if not planned:
            planned = True
            results_console().print(_plan(look, lang, on_cluster), soft_wrap=True)
            bars.start()
        _show_clips(bars, single, look.shares)
        done, todo = len(look.entries) - look.n_kept, look.n_clips - look.n_kept
        said = text("batch_running", lang, done=done, total=todo)
        bars.update(whole, completed=(done + sum(look.shares.values())) / todo, description=said)

    try:
        yield show
    finally:
        bars.stop()


def _show_clips(bars: Progress, single: dict[str, TaskID], shares: Mapping[str, float]) -> None:
    """A bar for each clip of ``shares``, and for no other; ``single`` remembers which they are."""
    from rich.markup import escape

    for clip in single.keys() - shares.keys():
        bars.remove_task(single.pop(clip))
    for clip, share in shares.items():
        if clip not in single:
            single[clip] = bars.add_task(escape(clip), total=1.0)
        bars.update(single[clip], completed=share)


def _plan(look: Look, lang: Lang, on_cluster: bool) -> str:
    code = "batch_plan_cluster" if on_cluster else "batch_plan"
    todo = look.n_clips - look.n_kept
    said = text(code, lang, clips=look.n_clips, ready=look.n_kept, todo=todo, side_by_side=min(look.at_once, todo))
    space = "" if lang == "ja" else " "
    return said + (f"{space}{text('batch_left_alone', lang, n=look.n_others)}" if look.n_others else "")


def _show(entries: Sequence[Entry], out: Path, lang: Lang) -> None:
    """A row for each clip, and where everything is; no column for what no clip has."""
    from formcheck.batch.summary import CSV_NAME, contents_of

    cards, console = load_cards(), results_console()
    contents = [contents_of(out, entry) for entry in entries]
    metrics = [metric for metric in SHOWN if any(_shown(told["measurements"], metric, lang) for told in contents)]
    are_mixed = bool({told["activity"] for told in contents} - {"running", None})
    table = table_of(("batch_clip", "batch_state", "batch_time", *(["batch_activity"] if are_mixed else [])), lang)
    table.columns[0].overflow = "fold"
    for metric in metrics:
        table.add_column(cards[metric].name.get(lang))
    for entry, told in zip(entries, contents, strict=True):
        cells = [entry.clip, text(f"batch_{entry.state}", lang), text("batch_seconds", lang, n=round(entry.time_s))]
        if are_mixed:
            cells.append(text(f"activity_{told['activity']}", lang) if told["activity"] else "")
        table.add_row(*cells, *(_shown(told["measurements"], metric, lang) for metric in metrics))
    console.print(table)
    count = {state: sum(entry.state == state for entry in entries) for state in ("written", "kept", "failed")}
    console.print(text("batch_done", lang, **count, summary=out / CSV_NAME), style="bold", soft_wrap=True)


def _shown(measurements: Sequence[Mapping[str, Any]], metric: str, lang: Lang) -> str:
    """Each side's value; nothing where there is none."""
    card, found = load_cards()[metric], []
    for those in measurements:
        if those["metric"] == metric and those["value"] is not None:
            names = ("metric", "side", "unit", "value", "uncertainty")
            found.append(format_value(Measurement(**{name: those[name] for name in names}), card, lang))
    return "\n".join(found)
