"""What the terminal shows where it is narrow: nothing loses its end."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from formcheck.cards import Lang, load_cards
from formcheck.cli.showing import say_note, table_of
from formcheck.texts import text


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_long_name_goes_on_below_instead_of_losing_its_end(lang: Lang) -> None:
    longest = max((card.name.get(lang) for card in load_cards().values()), key=len)
    table = table_of(("column_measure", "column_value"), lang)
    table.add_row(longest, "0")
    out = StringIO()
    Console(file=out, width=24).print(table)
    rows = out.getvalue().splitlines()[3:]
    assert longest.replace(" ", "") == "".join(rows).replace(" ", "").replace("0", "")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_note_begins_beside_its_mark(lang: Lang) -> None:
    out = StringIO()
    sentence = text("standing_unknown", lang)
    say_note(Console(file=out, width=60), sentence)
    lines = out.getvalue().splitlines()
    assert len(lines) > 1
    assert lines[0].startswith(f"! {sentence[:5]}")
    assert all(line.startswith("  ") for line in lines[1:])
    assert "".join(line[2:] for line in lines).replace(" ", "") == sentence.replace(" ", "")
