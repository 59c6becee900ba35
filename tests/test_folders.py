"""Names and places of result folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from formcheck.folders import folder_name, whole_folder
from formcheck.records import InputError

DISK_LIMIT_BYTES = 255


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("CON.mp4", "CON_"),
        ("nul .mp4", "nul_"),
        ("con.take2.mp4", "con_.take2"),
        ("com¹.mp4", "com¹_"),
        ("console.mp4", "console"),
        ("con" + 300 * " " + "x.mp4", "con_"),
        ("走る\u30001.mp4", "走る 1"),
        ("Recording at 3.14\u202fPM.mov", "Recording at 3.14 PM"),
        ("\u202e.hidden.mp4", "hidden"),
        ("bad\udcffbytes.mp4", "badbytes"),
        ("\u202e\u2066.mp4", "clip"),
        ("走" * 83 + ".mp4", "走" * 66),
        ("x" * 199 + ".y.mp4", "x" * 199),
    ],
    ids=lambda name: ascii(name)[1:24],
)
def test_names(name: str, expected: str) -> None:
    assert folder_name(Path(name)) == expected


def _write(folder: Path, text: str) -> None:
    (folder / "analysis.json").write_text(text)


@pytest.mark.parametrize("name", ["run", "x" * DISK_LIMIT_BYTES])
def test_a_folder_takes_its_place_and_that_of_an_earlier_one(name: str, tmp_path: Path) -> None:
    for text in ("first", "second"):
        with whole_folder(tmp_path, name) as working:
            assert len(working.name.encode()) <= DISK_LIMIT_BYTES
            _write(working, text)
        assert (tmp_path / name / "analysis.json").read_text() == text
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_something_else_is_never_replaced(tmp_path: Path) -> None:
    mine = tmp_path / "run"
    mine.mkdir()
    (mine / "letter.txt").write_text("dear")
    with pytest.raises(InputError) as refused, whole_folder(tmp_path, "run") as working:
        _write(working, "new")
    assert refused.value.code == "cannot_write_output"
    assert [path.name for path in tmp_path.rglob("*")] == ["run", "letter.txt"]


def test_an_earlier_result_survives_a_new_one_that_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with whole_folder(tmp_path, "run") as working:
        _write(working, "first")
    rename = Path.rename

    def refuse_new(self: Path, target: Path) -> Path:
        if self.name.startswith(".formcheck-"):
            raise PermissionError(13, "in use")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse_new)
    with pytest.raises(InputError), whole_folder(tmp_path, "run") as working:
        _write(working, "second")
    assert (tmp_path / "run" / "analysis.json").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
