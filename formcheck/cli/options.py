"""The options of an analysis as they are typed, shared by every command that analyses clips."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_type_hints

import typer

from formcheck.cards import Lang
from formcheck.records import InputError

if TYPE_CHECKING:
    from formcheck.analysis import Options

OutDir = Annotated[Path, typer.Option("--out", metavar="DIR")]
Number = Annotated[float | None, typer.Option(metavar="N")]
Activity = Annotated[str, typer.Option(metavar="auto|NAME")]
View = Annotated[str, typer.Option(metavar="auto|side|rear|front")]
Mode = Annotated[str, typer.Option("--mode", metavar="auto|gentle|full")]
Pose = Annotated[str | None, typer.Option(metavar="fast|balanced|accurate")]
Person = Annotated[str, typer.Option(metavar="auto|N")]
BlurFace = Annotated[bool, typer.Option("--blur-face")]
SlowMotion = Annotated[float, typer.Option(metavar="K")]


def choices(name: str) -> tuple[str, ...]:
    """What an option of ``analysis.Options`` with a few named values takes, "auto" included."""
    from formcheck.analysis import Options

    return get_args(get_type_hints(Options)[name])


def activities() -> tuple[str, ...]:
    """Names that ``--activity`` takes, without "auto"."""
    from formcheck.activities import ACTIVITIES

    return ACTIVITIES


def asked_options(lang: Lang, activity: str = "auto", person: str = "auto", **others: Any) -> Options:
    """The options; None stands for what ``Options`` has by itself. Raises InputError for an unknown choice."""
    from formcheck.analysis import Options

    if activity not in ("auto", *activities()):
        raise InputError("unknown_activity", name=activity)
    given: dict[str, Any] = {name: value for name, value in others.items() if value is not None}
    for name in {"view", "pose", "mode"} & given.keys():
        if given[name] not in choices(name):
            raise InputError("bad_option", name=name, value=given[name])
    return Options(activity=activity, person=_person(person), lang=lang, **given)


def _person(answer: str) -> int | None:
    if answer == "auto":
        return None
    if not answer.isdecimal() or int(answer) < 1:
        raise InputError("bad_option", name="person", value=answer)
    return int(answer)
