"""``formcheck check``: safety first, from a file of answers; then what to do, the rule and the source."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from formcheck.cards import Lang, Text, load_bibliography
from formcheck.cli.showing import results_console
from formcheck.records import Answers, InputError

if TYPE_CHECKING:
    from rich.console import Console

    from formcheck.guidance.told import ToldGuidance, ToldItem

LARGEST_FILE = 100_000
"""Bytes; a file of answers is a hundred times smaller."""


def check(
    context: typer.Context,
    answers: Annotated[Path | None, typer.Argument(metavar="ANSWERS.yaml")] = None,
    plan: Annotated[Path | None, typer.Option(metavar="FILE.html")] = None,
    example: Annotated[bool, typer.Option("--example")] = False,
    lang: Literal["ja", "en"] | None = None,
) -> None:
    """``formcheck check``."""
    spoken: Lang = lang or context.obj
    if example:
        from formcheck.guidance.example import example_yaml

        typer.echo(example_yaml(spoken), nl=False)
        return
    if answers is None:
        raise InputError("answers_unreadable")
    from formcheck.guidance import guide
    from formcheck.guidance.sheet import write_plan
    from formcheck.guidance.told import tell

    told = tell(guide(answers_in(answers)))
    if plan is not None:
        try:
            write_plan(told, plan, spoken)
        except OSError as error:
            raise InputError("cannot_write_output", path=str(plan), why=error.strerror or "") from error
    show_guidance(results_console(), told, spoken)


def answers_in(path: Path) -> Answers:
    """The answers in a YAML file. Raises InputError where they are not there or not understood."""
    import yaml

    from formcheck.guidance import read_answers

    try:
        with path.open("rb") as file:
            written = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise InputError("answers_not_found", path=str(path)) from error
    if len(written) > LARGEST_FILE:
        raise InputError("answers_unreadable")
    try:
        text = written.decode("utf-8-sig")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise InputError("answers_unreadable")  # a few lines of aliases can stand for gigabytes
        said: Any = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise InputError("answers_unreadable") from error
    return read_answers(said)


def show_guidance(console: Console, told: ToldGuidance, lang: Lang) -> None:
    """Outcome, rules and sources first; then the plan."""
    from formcheck.guidance.told import say

    _show_safety(console, told, lang)
    console.print(f"\n{told.headline.get(lang)}", style="bold")
    for number, item in enumerate(told.items, 1):
        _show_item(console, number, item, lang)
    for sentence in told.cadence:
        console.print(f"  {sentence.get(lang)}")
    for title, rows in (("load_title", told.load), ("habits_title", told.habits)):
        _list(console, say(title).get(lang), [f"{do.get(lang)} {why.get(lang)}" for do, why in rows])
    out = [f"{name.get(lang)}: {why.get(lang)} ({rule.get(lang)})" for name, why, rule in told.ruled_out]
    _list(console, say("ruled_out_title").get(lang), out)
    _list(console, say("routine_title").get(lang), [f"{name.get(lang)}: {how.get(lang)}" for name, how in told.routine])
    _list(console, say("look_also_title").get(lang), [_with_points(why, tests, lang) for why, tests in told.look_also])
    if told.items:
        _list(console, say("review_title").get(lang), [say(f"review_{n}").get(lang) for n in ("first", "second")])
    _show_sources(console, told, lang)


def _show_safety(console: Console, told: ToldGuidance, lang: Lang) -> None:
    from formcheck.guidance.told import say

    safety = told.safety
    assert safety is not None, "answers were read"
    console.print(f"{safety.id}: {safety.name.get(lang)}", style="bold")
    console.print(safety.do.get(lang))
    _list(console, say("because").get(lang), [f"{why.get(lang)} ({rule.get(lang)})" for rule, why in safety.why])
    _list(console, say("also_noted").get(lang), [f"{why.get(lang)} ({rule.get(lang)})" for rule, why in safety.also])
    if safety.left_open is not None:
        console.print(f"\n{safety.left_open.get(lang)}", style="dim")


def _show_item(console: Console, number: int, item: ToldItem, lang: Lang) -> None:
    from formcheck.guidance.told import say

    doses = " / ".join(f"{dose.get(lang)} [{source}]" for source, dose in item.doses)
    stop = {"ja": "。", "en": "."}[lang]
    console.print(f"\n{number}. {item.name.get(lang)}", style="bold")
    lines = [
        ("why", " ".join(why.get(lang) for why in item.why)),
        ("trace", f"{'; '.join(f.get(lang) for f in item.facts)} → {item.rules.get(lang)} → {item.name.get(lang)}"),
        ("how", " ".join(step.get(lang) for step in item.steps)),
        ("how_much", f"{item.often.get(lang)} {doses}{stop} {item.start.get(lang)} {item.progress.get(lang)}"),
        ("check", item.check.get(lang)),
        ("stop", item.stop.get(lang)),
        ("retest", item.retest.get(lang)),
        ("sure", item.sure.get(lang)),
    ]
    for code, words in lines:
        _line(console, f"{say(code).get(lang)}: {words}")


def _with_points(words: Text, points: Sequence[Text], lang: Lang) -> str:
    return "\n".join([words.get(lang), *(f"    • {point.get(lang)}" for point in points)])


def _list(console: Console, title: str, lines: list[str]) -> None:
    if lines:
        console.print(f"\n{title}", style="bold")
    for line in lines:
        _line(console, f"• {line}")


def _line(console: Console, words: str) -> None:
    # the terminal wraps it: rich would cut Japanese, which has no spaces, after the bullet
    console.print(f"  {words}", soft_wrap=True)


def _show_sources(console: Console, told: ToldGuidance, lang: Lang) -> None:
    from formcheck.guidance.cited import HOUSE
    from formcheck.guidance.sheet import reference
    from formcheck.guidance.told import say

    known = load_bibliography()
    lines = [f"[{key}] {reference(known[key])}" for key in told.keys if key != HOUSE]
    _list(console, say("sources_title").get(lang), [*lines, f"[{HOUSE}] {say(HOUSE).get(lang)}"])
