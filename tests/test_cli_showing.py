"""What the terminal shows where it is narrow: nothing loses its end."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from synthetic import Runner

from formcheck.analysis import analyze_pose
from formcheck.cards import Lang, load_cards
from formcheck.cli.showing import say_note, show_analysis, table_of
from formcheck.pose.recorded_pose import read_pose
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


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_one_reason_for_everything_is_said_once(lang: Lang) -> None:
    """A sample played four times too slowly."""
    pose = read_pose(Path(__file__).parents[1] / "sample_videos" / "runner_left_overstride.pose.npz")
    slow = replace(pose, time_s=4.0 * pose.time_s, frame_rate_hz=(pose.frame_rate_hz or 60.0) / 4.0)
    analysis = analyze_pose(slow, Runner().facts())
    out = StringIO()
    show_analysis(Console(file=out, width=200), analysis, Path("out"), lang)
    said = out.getvalue()
    assert text("cli_all_numbers", lang) in said
    assert load_cards()["arm_swing_deg"].name.get(lang) not in said
