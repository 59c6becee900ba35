"""The command line: ``formcheck analyze``, ``formcheck app``, ``formcheck list``.

Exit codes: 0 with files written; 2 with one line on standard error for each clip that cannot be analysed or for
options that make no sense; 130 when stopped. Results go to standard output, progress and errors to standard error.

Everything heavy is imported inside the functions that need it, so that ``--help`` answers at once.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn, TextIO, cast, get_args, get_type_hints

import typer

from formcheck.cards import LANGS, Card, Lang, load_bibliography, load_cards
from formcheck.records import InputError, Level, Measurement, Stopped
from formcheck.texts import format_range, format_value, note_text, text

if TYPE_CHECKING:
    from rich.console import Console

    from formcheck.analysis import Options, Progress
    from formcheck.records import Analysis

REFUSED, STOPPED = 2, 130
FILMING = (
    "film_tripod",
    "film_distance",
    "film_square",
    "film_frame_rate",
    "film_light",
    "film_clothes",
    "film_length",
    "film_whole_body",
)
LEVEL_MARKS: Mapping[Level, str] = {"good": "●", "watch": "▲", "act": "■", "unknown": "○"}
"""A shape for each level, so that nothing hangs on colour alone."""
_LEVEL_STYLES: Mapping[Level, str] = {"good": "green", "watch": "yellow", "act": "bold red", "unknown": "dim"}
_WHOLE_CALL = frozenset({"bad_option", "unknown_activity", "model_missing", "model_damaged"})
"""Errors that every further clip would meet as well: said once."""

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # An old Windows code page has no "±": a "?" is better than no result.
        cast(Any, stream).reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code."""
    lang = spoken_language(arguments, os.environ)
    command = _speaking(typer.main.get_command(app), lang)
    try:
        code = command.main(list(arguments), prog_name="formcheck", standalone_mode=False, obj=lang)
    except (KeyboardInterrupt, typer.Abort):
        _complain(text("stopped", lang))
        return STOPPED
    except InputError as error:
        _complain(error_text(error, lang))
        return REFUSED
    except Exception as error:
        # A usage error. Its class cannot be named: typer has begun to carry its own copy of click.
        if not hasattr(error, "format_message"):
            raise
        _complain(text("cli_usage", lang, problem=" ".join(error.format_message().split())))
        return REFUSED
    return code if isinstance(code, int) else 0


def spoken_language(arguments: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """What ``--lang`` says, else Japanese in a Japanese environment, else English."""
    for here, following in pairwise([*arguments, ""]):
        asked = following if here == "--lang" else here.removeprefix("--lang=")
        if asked in LANGS:
            return asked
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(name))), "")
    return "ja" if locale.lower().startswith("ja") else "en"


def error_text(error: InputError, lang: Lang) -> str:
    """The error as one line, with options called as they are on the command line."""
    details = dict(error.details)
    if error.code == "bad_option":
        details["name"] = "--" + str(details["name"]).replace("_", "-")
    return text(error.code, lang, **details)


def _complain(line: str) -> None:
    print(f"formcheck: {line}", file=sys.stderr, flush=True)


# ----------------------------------------------------------------------------------------------------- commands
# Helps are not written here but in texts.toml, by the parameter's name: see _speaking.


@app.callback(invoke_without_command=True)
def cli(context: typer.Context) -> None:
    """Without a command: the help."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def analyze(
    context: typer.Context,
    videos: Annotated[list[Path], typer.Argument(metavar="VIDEO")],
    out: Annotated[Path, typer.Option(metavar="DIR")],
    activity: Annotated[str, typer.Option(metavar="auto|running")] = "auto",
    view: Literal["auto", "side"] = "auto",
    height_cm: Annotated[float | None, typer.Option(metavar="N")] = None,
    belt_speed_mps: Annotated[float | None, typer.Option(metavar="N")] = None,
    slow_motion: Annotated[float, typer.Option(metavar="K")] = 1.0,
    lang: Literal["ja", "en"] | None = None,
    pose: Literal["fast", "accurate"] = "accurate",
    person: Annotated[str, typer.Option(metavar="auto|N")] = "auto",
) -> None:
    """``formcheck analyze``."""
    from formcheck.analysis import Options

    options = Options(
        activity=_known_activity(activity),
        view=view,
        height_cm=height_cm,
        belt_speed_mps=belt_speed_mps,
        slow_motion=slow_motion,
        pose=pose,
        person=_person(person),
        lang=lang or context.obj,
    )
    raise typer.Exit(analyze_all(videos, out, options))


@app.command(name="app")
def open_app() -> None:
    """``formcheck app``: Streamlit with the page's own settings."""
    from formcheck.ui import app_path, streamlit_arguments

    command = [sys.executable, "-m", "streamlit", "run", str(app_path()), *streamlit_arguments()]
    if _has_screen():
        command += ["--server.headless=false", "--server.showEmailPrompt=false"]
    if sys.platform != "win32":
        os.execv(command[0], command)  # one process: whoever stops it stops the page
    with suppress(KeyboardInterrupt):
        raise typer.Exit(subprocess.call(command))


@app.command(name="list")
def list_(
    context: typer.Context,
    what: Literal["activities", "metrics", "references"],
    lang: Literal["ja", "en"] | None = None,
) -> None:
    """``formcheck list``."""
    show = {"activities": _show_activities, "metrics": _show_metrics, "references": _show_references}[what]
    show(_results_console(), lang or context.obj)


def _has_screen() -> bool:
    """Whether a browser can be opened here."""
    on_a_desktop = sys.platform in ("win32", "darwin")
    return on_a_desktop or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _speaking(command: Any, lang: Lang) -> Any:
    """The command with its helps in ``lang``."""
    name = "" if command.name in (None, "cli", "") else f"_{command.name}"
    command.help = command.short_help = text(f"cli_help{name}", lang)
    if name in ("", "_analyze"):
        # "\b" keeps the lines as they are
        command.epilog = "\n".join(["\b", text("how_to_film", lang), *(f"  • {text(code, lang)}" for code in FILMING)])
    for parameter in command.params:
        parameter.help = text(f"cli_help_{parameter.name}", lang)
    for child in getattr(command, "commands", {}).values():
        _speaking(child, lang)
    return command


def activities() -> tuple[str, ...]:
    """Names that ``--activity`` takes, without "auto"."""
    from formcheck.analysis import Options

    return tuple(name for name in get_args(get_type_hints(Options)["activity"]) if name != "auto")


def _known_activity(name: str) -> Any:
    if name != "auto" and name not in activities():
        raise InputError("unknown_activity", name=name)
    return name


def _person(answer: str) -> int | None:
    if answer == "auto":
        return None
    if not answer.isdecimal() or int(answer) < 1:
        raise InputError("bad_option", name="person", value=answer)
    return int(answer)


# ---------------------------------------------------------------------------------------------------- analysing


@dataclass(frozen=True)
class _Job:
    """One clip of the call."""

    video: Path
    folder_name: str
    number: int
    total: int


def analyze_all(videos: Sequence[Path], out: Path, options: Options) -> int:
    """Analyse clip after clip and say how it went; the exit code."""
    failed = False
    with _only_python_on_stderr() as stderr, _stop_on_signals() as should_stop, _no_empty_folders(out):
        try:
            _check_writable(out)
            for job in _jobs(videos):
                failed = not _analyze_one(job, out, options, stderr, should_stop) or failed
        except InputError as error:
            where = f"{out}: " if error.code == "cannot_write_output" else ""
            _complain(where + error_text(error, options.lang))
            return REFUSED
        except (Stopped, KeyboardInterrupt):
            _complain(text("stopped", options.lang))
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


def _analyze_one(job: _Job, out: Path, options: Options, stderr: TextIO, should_stop: Callable[[], bool]) -> bool:
    """Whether the clip's folder was written; if not, one line has said why."""
    from formcheck.analysis import analyze_video

    try:
        with _progress_bar(job, options.lang, stderr) as on_progress:
            analysis = analyze_video(job.video, options, on_progress, should_stop)
            folder = _write(analysis, job, out, options.lang, on_progress, should_stop)
    except InputError as error:
        if error.code in _WHOLE_CALL:
            raise
        _complain(f"{job.video}: {error_text(error, options.lang)}")
        return False
    show_analysis(_results_console(), analysis, folder, options.lang)
    return True


def _write(
    analysis: Analysis,
    job: _Job,
    out: Path,
    lang: Lang,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> Path:
    """The clip's folder, whole or not at all."""
    from formcheck.analysis import folder_name, write_results

    if job.folder_name == folder_name(job.video):
        return write_results(analysis, job.video, out, lang, on_progress, should_stop)
    with tempfile.TemporaryDirectory(prefix=".formcheck-", dir=out) as aside:
        written = write_results(analysis, job.video, Path(aside), lang, on_progress, should_stop)
        final = out / job.folder_name
        try:
            if final.exists():
                _only_an_earlier_result(final)
                final.rename(Path(aside) / "earlier")
            written.rename(final)
        except OSError as error:
            raise InputError("cannot_write_output", path=str(final), why=error.strerror or "") from error
    return final


def _only_an_earlier_result(folder: Path) -> None:
    if folder.is_symlink() or not (folder / "analysis.json").is_file():
        raise InputError("cannot_write_output", path=str(folder), why="it holds something else")


def _check_writable(out: Path) -> None:
    """Raise InputError now rather than after minutes of work."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise InputError("cannot_write_output", path=str(out), why=error.strerror or "") from error


@contextmanager
def _no_empty_folders(out: Path) -> Iterator[None]:
    """Take away at the end what of ``out`` was not there before and has stayed empty."""
    new = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        yield
    finally:
        for folder in new:
            with suppress(OSError):
                folder.rmdir()


@contextmanager
def _stop_on_signals() -> Iterator[Callable[[], bool]]:
    """Tells whether Ctrl-C or SIGTERM came; a second one stops without waiting for the next frame."""
    came = False

    def remember(number: int, frame: FrameType | None) -> None:
        nonlocal came
        if came:
            raise KeyboardInterrupt
        came = True

    before = {number: signal.signal(number, remember) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _only_python_on_stderr() -> Iterator[TextIO]:
    """Give ``sys.stderr`` its own way out and close the one that C++ libraries write to.

    MediaPipe logs dozens of lines there, some before any setting of its logger is read. A crash inside a library
    would be silent as well: faulthandler says where it happened.
    """
    before = sys.stderr
    before.flush()
    kept = os.dup(2)
    with open(os.devnull, "w") as nowhere, open(kept, "w", encoding=before.encoding, errors="replace") as voice:
        os.dup2(nowhere.fileno(), 2)
        sys.stderr = voice
        faulthandler.enable(voice)
        try:
            yield voice
        finally:
            faulthandler.disable()
            voice.flush()
            sys.stderr = before
            os.dup2(kept, 2)


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


# ------------------------------------------------------------------------------------------------------ showing


def _results_console() -> Console:
    """Where results go. File names and numbers stay as they are: no markup, no colouring of digits."""
    from rich.console import Console

    return Console(markup=False, highlight=False, emoji=False)


def show_analysis(console: Console, analysis: Analysis, folder: Path, lang: Lang) -> None:
    """The folder, the findings, the other numbers, what was not measured and what to bear in mind."""
    console.print(text("cli_written", lang, folder=folder), style="bold", soft_wrap=True)
    _show_findings(console, analysis, lang)
    _show_numbers(console, analysis, lang)
    _show_not_measured(console, analysis, lang)
    console.print(f"\n{text('cli_note', lang)}", style="bold")
    for note in analysis.warnings:
        console.print(f"! {note_text(note, lang)}")
    for code in ("plus_minus_meaning", "disclaimer"):
        console.print(text(code, lang), style="dim")


def _show_findings(console: Console, analysis: Analysis, lang: Lang) -> None:
    from rich.text import Text

    cards = load_cards()
    measured = {(m.metric, m.side): m for m in analysis.measurements}
    table = _table(("findings", "column_measure", "column_value", "column_range"), lang)
    for finding in analysis.findings:
        if finding.level == "unknown":
            continue
        card, measurement = cards[finding.metric], measured[finding.metric, finding.side]
        level = f"{LEVEL_MARKS[finding.level]} {text(f'level_{finding.level}', lang)}"
        table.add_row(
            Text(level, style=_LEVEL_STYLES[finding.level]),
            _name(measurement, card, lang),
            _value(measurement, card, lang),
            format_range(card, lang),
        )
    if table.row_count:
        console.print(table)


def _show_numbers(console: Console, analysis: Analysis, lang: Lang) -> None:
    cards = load_cards()
    told = {(f.metric, f.side) for f in analysis.findings if f.level != "unknown"}
    table = _table(("numbers", "column_value", "column_strides"), lang)
    for measurement in analysis.measurements:
        card = cards.get(measurement.metric)
        if card and measurement.value is not None and (measurement.metric, measurement.side) not in told:
            table.add_row(_name(measurement, card, lang), _value(measurement, card, lang), str(measurement.n))
    if table.row_count:
        console.print(table)


def _show_not_measured(console: Console, analysis: Analysis, lang: Lang) -> None:
    """What has no number, by the reason."""
    cards = load_cards()
    names: dict[str, list[str]] = {}
    for measurement in analysis.measurements:
        if measurement.value is None and measurement.metric in cards:
            reason = text("not_seen", lang) if measurement.reason is None else note_text(measurement.reason, lang)
            names.setdefault(reason, []).append(_name(measurement, cards[measurement.metric], lang))
    if names:
        console.print(f"\n{text('cli_not_measured', lang)}", style="bold")
    for reason, those in names.items():
        console.print(text("cli_because", lang, names=("、" if lang == "ja" else ", ").join(those), reason=reason))


def _table(headings: Sequence[str], lang: Lang) -> Any:
    from rich import box
    from rich.table import Table

    return Table(*(text(code, lang) for code in headings), box=box.SIMPLE_HEAD, pad_edge=False)


def _name(measurement: Measurement, card: Card, lang: Lang) -> str:
    name = card.name.get(lang)
    if measurement.side is None:
        return name
    return text("name_and_side", lang, name=name, side=text(f"side_{measurement.side}", lang))


def _value(measurement: Measurement, card: Card, lang: Lang) -> str:
    value = format_value(measurement, card, lang)
    if measurement.status != "low_confidence":
        return value
    return f"{value} ({text('status_low_confidence', lang)})"


def _show_activities(console: Console, lang: Lang) -> None:
    for name in activities():
        console.print(f"{name}  {text(f'activity_{name}', lang)}")


def _show_metrics(console: Console, lang: Lang) -> None:
    from rich.padding import Padding

    group = ""
    for card in load_cards().values():
        if card.group != group:
            group = card.group
            console.print(f"\n{text(f'group_{group}', lang)}", style="bold underline")
        console.print(f"\n{card.name.get(lang)}  {card.metric}  ({text(f'unit_{card.unit}', lang)})", style="bold")
        for line in (
            card.what.get(lang),
            _range_line(card, lang),
            text("cli_limits", lang, limits=card.limits.get(lang)),
        ):
            console.print(Padding(line, (0, 0, 0, 2), expand=False))


def _range_line(card: Card, lang: Lang) -> str:
    if card.range is None:
        return text("cli_no_range", lang)
    basis = text(f"basis_{card.range.basis}", lang)
    return text("cli_range", lang, range=format_range(card, lang), basis=basis, note=card.range.note.get(lang))


def _show_references(console: Console, lang: Lang) -> None:
    from rich.padding import Padding

    for source in load_bibliography().values():
        year = f" ({source.year})" if source.year else ""
        console.print(f"\n{source.key}", style="bold")
        doi = f" https://doi.org/{source.doi}" if source.doi else ""
        lines = [
            f"{source.authors}{year}. {source.title}. {source.journal}.{doi}",
            text(f"cli_read_{source.read}", lang),
        ]
        if source.note is not None:
            lines.append(source.note.get(lang))
        for line in lines:
            console.print(Padding(line, (0, 0, 0, 2), expand=False))
