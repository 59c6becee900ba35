"""The command line, ``formcheck analyze`` and the others in ``commands`` below.

Exit codes: 0 with files written; 2 with one line on standard error for each clip that cannot be analysed or for
options that make no sense; 130 when stopped. Results go to standard output, progress and errors to standard error.

Each command is a function in a file of its own, added to ``commands`` below. Everything heavy is imported inside the
functions that need it, so that ``--help`` answers at once. Helps are not written there but in texts.toml, by the
command's and the parameters' names: see ``_speaking``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn, cast

import typer
from typer.core import TyperGroup

from formcheck.cards import Lang
from formcheck.cli import analyze, app, batch, bench, check, compare, listing, people
from formcheck.cli.words import REFUSED, STOPPED, complain, error_text, spoken_language
from formcheck.records import InputError, Stopped
from formcheck.texts import text

FILMING = (
    "film_tripod",
    "film_distance",
    "film_square",
    "film_frame_rate",
    "film_light",
    "film_clothes",
    "film_length",
    "film_whole_body",
    "film_standing",
    "film_both_sides",
)


class _Commands(TyperGroup):
    """Tells a stop in words, whichever command it comes to: typer by itself ends without any."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise Stopped from error


commands = typer.Typer(cls=_Commands, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
commands.command(name="analyze")(analyze.analyze)
commands.command(name="app")(app.open_app)
commands.command(name="check")(check.check)
commands.command(name="compare")(compare.compare)
commands.command(name="list")(listing.list_)
commands.command(name="people")(people.people)
commands.command(name="batch")(batch.batch)
commands.command(name="bench")(bench.bench)


@commands.callback(invoke_without_command=True)
def cli(context: typer.Context) -> None:
    """Without a command: the help."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # An old Windows code page has no "±": a "?" is better than no result.
        cast(Any, stream).reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code."""
    lang = spoken_language(arguments, os.environ)
    command = _speaking(typer.main.get_command(commands), lang)
    try:
        code = command.main(list(arguments), prog_name="formcheck", standalone_mode=False, obj=lang)
    except (Stopped, KeyboardInterrupt, typer.Abort):
        complain(text("stopped", lang))
        return STOPPED
    except InputError as error:
        complain(error_text(error, lang))
        return REFUSED
    except Exception as error:
        # A usage error. Its class cannot be named: typer has begun to carry its own copy of click.
        if not hasattr(error, "format_message"):
            raise
        complain(text("cli_usage", lang, problem=_sentence(error.format_message())))
        return REFUSED
    return code if isinstance(code, int) else 0


def _sentence(problem: str) -> str:
    """One line with a full stop, which typer leaves out of some of its messages, and without the name of its error."""
    line = " ".join(problem.split()).replace("Value error, ", "")
    return line if line.endswith((".", "?", "!")) else f"{line}."


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
