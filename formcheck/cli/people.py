"""``formcheck people``: who is kept, and what of them; the same history as that of the page without sign-in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from formcheck.cards import Lang
from formcheck.cli.showing import results_console, table_of
from formcheck.history.place import LOCAL, place_of
from formcheck.records import InputError
from formcheck.texts import text

if TYPE_CHECKING:
    from formcheck.history.database import History

Action = Literal["list", "add", "rename", "delete", "export", "backup", "restore"]
DataFolder = Annotated[Path | None, typer.Option("--data", metavar="DIR")]
_NAMELESS = ("list", "backup", "restore")


def people(
    context: typer.Context,
    action: Annotated[Action, typer.Argument()],
    name: Annotated[str | None, typer.Argument(metavar="NAME")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="NAME|FILE.zip")] = None,
    data: DataFolder = None,
    yes: Annotated[bool, typer.Option("--yes")] = False,
    lang: Literal["ja", "en"] | None = None,
) -> None:
    """``formcheck people``."""
    from formcheck.history.database import open_history

    spoken: Lang = lang or context.obj
    if name is None and action not in _NAMELESS:
        raise InputError("people_missing", action=action, what="NAME")
    if to is None and action not in ("list", "add", "delete"):
        raise InputError("people_missing", action=action, what="--to")
    place = place_of(data)
    if action == "list" and not place.is_begun:
        results_console().print(text("people_none", spoken), soft_wrap=True)
        return
    with open_history(place) as history:
        _ACTIONS[action](history, name or "", to or "", yes, spoken)


def _list(history: History, name: str, to: str, yes: bool, lang: Lang) -> None:
    from formcheck.history import analyses
    from formcheck.history import people as kept

    table = table_of(("people_column", "people_analyses", "people_last"), lang)
    with history.reading() as session:
        for person in kept.listed(session, LOCAL):
            mine = analyses.listed(session, person)
            table.add_row(person.name, str(len(mine)), mine[0].filmed_on.isoformat() if mine else "–")
    results_console().print(table if table.row_count else text("people_none", lang), soft_wrap=True)


def _add(history: History, name: str, to: str, yes: bool, lang: Lang) -> None:
    from formcheck.history import people as kept

    with history.writing() as session:
        added = kept.add(session, LOCAL, name)
    results_console().print(text("people_added", lang, name=added.name), soft_wrap=True)


def _rename(history: History, name: str, to: str, yes: bool, lang: Lang) -> None:
    from formcheck.history import people as kept

    with history.writing() as session:
        kept.rename(session, kept.find(session, LOCAL, name), to)
    results_console().print(text("people_renamed", lang), soft_wrap=True)


def _delete(history: History, name: str, to: str, yes: bool, lang: Lang) -> None:
    from formcheck.history import people as kept

    with history.reading() as session:
        person = kept.find(session, LOCAL, name)
    if not yes and typer.prompt(text("people_sure", lang, name=person.name)).strip().lower() != "yes":
        raise typer.Abort
    kept.delete_person(history, LOCAL, person.id)
    results_console().print(text("people_deleted", lang, name=person.name), soft_wrap=True)


def _export(history: History, name: str, to: str, yes: bool, lang: Lang) -> None:
    from formcheck.history.archive import save_archive

    count = save_archive(history, LOCAL, Path(to), name or None)
    results_console().print(text("people_written", lang, n=count, path=to), soft_wrap=True)


def _restore(history: History, name: str, to: str, yes: bool, lang: Lang) -> None:
    from formcheck.history.archive import restore

    try:
        with Path(to).open("rb") as file:
            count = restore(history, LOCAL, file)
    except OSError as error:
        raise InputError("file_missing") from error
    results_console().print(text("data_restored", lang, n=count), soft_wrap=True)


_ACTIONS: dict[str, Callable[[History, str, str, bool, Lang], None]] = {
    "list": _list,
    "add": _add,
    "rename": _rename,
    "delete": _delete,
    "export": _export,
    "backup": _export,
    "restore": _restore,
}
