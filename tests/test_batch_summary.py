"""What ``formcheck batch`` says of a folder at its end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from formcheck.batch.plan import Entry
from formcheck.cards import load_cards
from formcheck.cli.batch import _show as show_batch
from formcheck.texts import text


def test_a_folder_of_exercises_is_summed_up_by_what_was_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No column for cadence or landing where nobody runs."""
    (tmp_path / "plank").mkdir()
    told = {"activity": "plank", "view": "side", "measurements": []}
    (tmp_path / "plank" / "analysis.json").write_text(json.dumps(told), encoding="utf-8")
    show_batch([Entry("plank.mp4", "plank", "written", 1, 1, {})], tmp_path, "en")
    table = capsys.readouterr().out
    assert text("activity_plank", "en") in table
    assert load_cards()["cadence_spm"].name.en not in table
