"""What people get when they fetch, install and read the project.

python tests/test_package.py    # writes README's table of numbers anew from the cards
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

import formcheck
from formcheck.cards import load_cards
from formcheck.texts import format_range, text

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TABLE = re.compile(r"(?<=<!-- metrics: begin).*?(?=<!-- metrics: end -->)", re.DOTALL)
TABLE_HEAD = " (made from the cards: python tests/test_package.py) -->\n"


def readme_table() -> str:
    """What stands between the marks: every number of running that is held against a range, and the others by name."""
    lines = ["| number | 数字 | held against | which is a |", "|---|---|---|---|"]
    running = [card for card in load_cards().values() if "running" in card.activities]
    for card in running:
        if card.range is None:
            continue
        basis = text(f"basis_{card.range.basis}", "en")
        lines.append(f"| {card.name.en} | {card.name.ja} | {format_range(card, 'en')} | {basis} |")
    others = [card.name for card in running if card.range is None]
    english = ", ".join(name.en.lower() for name in others)
    japanese = "、".join(name.ja for name in others)
    return TABLE_HEAD + "\n".join(lines) + f"\n\nNumbers without a range (範囲のない数字): {english} ({japanese}).\n"


def command_lines() -> list[str]:
    """The lines of README's shell blocks that set everything up."""
    blocks = re.findall(r"```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith("python3 -m venv")]


class TestImport:
    def test_it_is_quick_and_loads_nothing_but_itself(self) -> None:
        code = "import sys, formcheck; print(*(set(sys.modules) & {'numpy', 'cv2', 'scipy', 'mediapipe'}))"
        shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
        assert shown.stdout.strip() == ""

    @pytest.mark.parametrize("name", formcheck.__all__)
    def test_every_public_name_is_there(self, name: str) -> None:
        assert getattr(formcheck, name).__name__ == name
        assert name in dir(formcheck)

    def test_other_names_are_not(self) -> None:
        with pytest.raises(AttributeError, match="no_such_name"):
            _ = formcheck.no_such_name


class TestReadme:
    def test_its_lines_are_the_ones_ci_runs(self) -> None:
        start, tests = sorted(set(command_lines()), key=len, reverse=True)
        script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
        assert tests.endswith("-m pytest")
        assert tests in script.splitlines()
        assert start.endswith(" && .venv/bin/formcheck app")
        assert start.removesuffix(" && .venv/bin/formcheck app") in script.splitlines()

    def test_both_languages_show_the_same_lines(self) -> None:
        assert len(command_lines()) == 4
        assert len(set(command_lines())) == 2

    def test_its_table_says_what_the_cards_say(self) -> None:
        written = TABLE.search(README.read_text(encoding="utf-8"))
        assert written is not None
        assert written.group() == readme_table()

    @pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "NOTICE"])
    def test_what_it_points_to_exists(self, name: str) -> None:
        words = (ROOT / name).read_text(encoding="utf-8")
        targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", words)
        assert [target for target in targets if not (ROOT / target).exists()] == []

    def test_it_names_no_place_of_its_maker(self) -> None:
        words = README.read_text(encoding="utf-8")
        assert not re.search(r"/work|/home|/root|/opt|/tmp|pypi\.org|index-url", words)

    def test_changes_to_results_have_their_heading(self) -> None:
        changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
        assert "### Changes to results" in changes
        assert f"## {PROJECT['version']}" in changes


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands of a new environment are that holds the wheel and what it asks for."""
    place = tmp_path_factory.mktemp("installed")
    venv.create(place, with_pip=True)
    scripts = place / ("Scripts" if sys.platform == "win32" else "bin")
    run(scripts / "python", "-m", "pip", "install", "-q", wheel)
    return scripts


@pytest.mark.slow
class TestInstalled:
    """The wheel in a place where nothing else of the project is."""

    def test_all_files_are_in_the_wheel(self, wheel: Path) -> None:
        with zipfile.ZipFile(wheel) as archive:
            names = set(archive.namelist())
        tracked = run("git", "-C", ROOT, "ls-files", "formcheck", "models", "sample_videos").splitlines()
        expected = {place_in_wheel(name) for name in tracked if (ROOT / name).is_file()}
        assert expected - names == set()
        licences = {Path(name).name for name in names if ".dist-info/licenses/" in name}
        assert licences == {"LICENSE", "NOTICE"}

    def test_metadata(self, wheel: Path) -> None:
        with zipfile.ZipFile(wheel) as archive:
            (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
            metadata = archive.read(name).decode()
        assert "Requires-Python: >=3.11" in metadata
        assert "License-Expression: Apache-2.0" in metadata
        for version in ("3.11", "3.12", "3.13"):
            assert f"Classifier: Programming Language :: Python :: {version}\n" in metadata

    def test_it_analyses_its_own_sample_elsewhere(self, scripts: Path, short_sample: Path, tmp_path: Path) -> None:
        told = run(scripts / "formcheck", "analyze", short_sample, "--out", "results", folder=tmp_path)
        assert "±" in told
        found = json.loads((tmp_path / "results" / "short" / "analysis.json").read_text(encoding="utf-8"))
        assert found["schema"] == 1
        assert found["made_with"]["formcheck"] == PROJECT["version"]

    def test_it_knows_its_cards(self, scripts: Path, tmp_path: Path) -> None:
        told = run(scripts / "formcheck", "list", "metrics", folder=tmp_path)
        assert all(metric in told for metric in load_cards())

    def test_it_brings_its_samples(self, scripts: Path, tmp_path: Path) -> None:
        code = "from formcheck.ui.samples import samples; print(len(samples()))"
        told = run(scripts / "python", "-c", code, folder=tmp_path)
        assert int(told) > 0


def place_in_wheel(name: str) -> str:
    """Where a tracked file is to be found in the wheel."""
    folder, _, rest = name.partition("/")
    return name if folder == "formcheck" else f"formcheck/{folder}_data/{rest}"


def run(*command: object, folder: Path = ROOT) -> str:
    """What a command says; fails with what it complained about."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    env |= {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "utf-8", "COLUMNS": "300"}
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", cwd=folder, env=env, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


if __name__ == "__main__":
    readme = README.read_text(encoding="utf-8")
    README.write_text(TABLE.sub(lambda _: readme_table(), readme), encoding="utf-8")
