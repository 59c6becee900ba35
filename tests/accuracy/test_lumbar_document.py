"""What a command writes into docs/lumbar.md goes between its markers, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .lumbar_tables import BEGIN, COMMANDS, END, RUNNERS, TARGET, in_its_place

WORDS = st.text("ab |\n-", max_size=40)
LINES = st.lists(st.text("ab |-", max_size=20), min_size=1, max_size=5)


def marked(words: str) -> str:
    return f"{BEGIN.format(command=RUNNERS)}\n{words}\n{END.format(command=RUNNERS)}"


@given(WORDS, WORDS, WORDS, LINES)
def test_what_is_written_by_hand_stays(before: str, old: str, after: str, lines: list[str]) -> None:
    written = in_its_place(before + marked(old) + after, RUNNERS, lines)
    assert written == before + marked("\n".join(lines)) + after
    assert in_its_place(written, RUNNERS, lines) == written


@pytest.mark.parametrize("document", ["", marked("") * 2, "\n".join(reversed(marked("").split("\n\n")))])
def test_a_document_without_the_place_is_left_alone(document: str) -> None:
    with pytest.raises(ValueError, match="once"):
        in_its_place(document, RUNNERS, ["x"])


@pytest.mark.parametrize("command", COMMANDS)
def test_the_document_has_a_place_for_each_command(command: str) -> None:
    document = TARGET.read_text(encoding="utf-8")
    assert document.count(BEGIN.format(command=command)) == document.count(END.format(command=command)) == 1
    _, _, rest = document.partition(BEGIN.format(command=command))
    measured = rest.partition(END.format(command=command))[0]
    assert in_its_place(document, command, measured.strip("\n").split("\n")) == document
