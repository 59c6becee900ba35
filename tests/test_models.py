"""The shipped models are whole, and a bad one is told in one line."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import get_args

import pytest

from formcheck import models
from formcheck.models import ModelError, ModelName, checked_bytes, model_bytes, models_folder
from formcheck.records import InputError


@pytest.fixture
def copied_folder(tmp_path: Path) -> Path:
    """A folder with the sums and the smallest model, free to be damaged."""
    for name in ("SHA256SUMS", "pose_landmarker_lite.task"):
        shutil.copy(models_folder() / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("name", get_args(ModelName))
def test_shipped_model_matches_its_hash(name: ModelName) -> None:
    assert len(model_bytes(name)) > 5_000_000


@pytest.mark.parametrize("name", get_args(ModelName))
def test_bundle_holds_both_networks_uncompressed_and_aligned(name: ModelName) -> None:
    path = models_folder() / f"pose_landmarker_{name}.task"
    data = path.read_bytes()
    with zipfile.ZipFile(path) as bundle:
        assert bundle.namelist() == ["pose_detector.tflite", "pose_landmarks_detector.tflite"]
        for member in bundle.infolist():
            assert member.compress_type == zipfile.ZIP_STORED
            start = data.index(bundle.read(member))
            assert start % 16 == 0


def test_sources_name_every_hash() -> None:
    sources = (models_folder() / "SOURCES.md").read_text(encoding="utf-8")
    for line in (models_folder() / "SHA256SUMS").read_text(encoding="ascii").splitlines():
        digest, name = line.split(maxsplit=1)
        assert digest in sources, f"{name}: SOURCES.md does not give the hash of SHA256SUMS"


def one_line(error: InputError) -> str:
    text = str(error)
    assert "\n" not in text
    return text


@pytest.mark.parametrize("flip_at", [0, 1_000_000, -1])
def test_damaged_model_is_told_in_one_line(copied_folder: Path, flip_at: int) -> None:
    path = copied_folder / "pose_landmarker_lite.task"
    data = bytearray(path.read_bytes())
    data[flip_at] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelError) as caught:
        model_bytes("lite", copied_folder)
    assert caught.value.code == "model_damaged"
    assert "pose_landmarker_lite.task is damaged" in one_line(caught.value)


def test_cut_model_is_damaged(copied_folder: Path) -> None:
    path = copied_folder / "pose_landmarker_lite.task"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(ModelError, match="damaged"):
        model_bytes("lite", copied_folder)


def test_missing_model_is_told_in_one_line(copied_folder: Path) -> None:
    with pytest.raises(ModelError) as caught:
        model_bytes("heavy", copied_folder)
    assert caught.value.code == "model_missing"
    assert "pose_landmarker_heavy.task is missing" in one_line(caught.value)


def test_missing_sums_are_told_in_one_line(copied_folder: Path) -> None:
    (copied_folder / "SHA256SUMS").unlink()
    with pytest.raises(ModelError) as caught:
        model_bytes("lite", copied_folder)
    assert "SHA256SUMS is missing" in one_line(caught.value)


def test_file_without_a_sum_is_refused(copied_folder: Path) -> None:
    (copied_folder / "stranger.task").write_bytes(b"x")
    with pytest.raises(ModelError, match="stranger"):
        checked_bytes("stranger.task", copied_folder)


def test_installed_package_data_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "formcheck" / "models_data").mkdir(parents=True)
    monkeypatch.setattr(models, "__file__", str(tmp_path / "formcheck" / "models.py"))
    assert models_folder() == tmp_path.resolve() / "formcheck" / "models_data"


def test_source_tree_is_used_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "__file__", str(tmp_path / "formcheck" / "models.py"))
    assert models_folder() == tmp_path.resolve() / "models"
