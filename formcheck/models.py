"""The networks that come with formcheck, read and checked.

They lie in ``formcheck/models_data`` when formcheck is installed and in ``models/`` beside the package in a
source tree. Each file's sha256 must be the one in ``SHA256SUMS`` beside it: half a download or a file left as
a Git LFS pointer would otherwise only show as a riddle from deep inside MediaPipe. Models are handed over as
bytes, never as a path, because MediaPipe mishandles some absolute paths.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from formcheck.records import InputError

ModelName = Literal["lite", "full", "heavy"]

SUMS_NAME = "SHA256SUMS"
_ahead: dict[Path, bytes] = {}


class ModelError(InputError):
    """A model is missing or damaged: code ``model_missing`` or ``model_damaged``.

    Details are ``file`` and ``folder``. ``str()`` of it is one English line that says what to do.
    """

    def __str__(self) -> str:
        fault = "is missing from" if self.code == "model_missing" else "is damaged in"
        remedy = "install formcheck again or run: python tools/build_models.py"
        return f"model {self.details['file']} {fault} {self.details['folder']}; {remedy}"


def models_folder() -> Path:
    """Folder of the models: package data when formcheck is installed, ``models/`` in a source tree."""
    package = Path(__file__).resolve().parent
    installed = package / "models_data"
    return installed if installed.is_dir() else package.parent / "models"


def model_bytes(name: ModelName, folder: Path | None = None) -> bytes:
    """Pose landmarker bundle of that size for ``BaseOptions(model_asset_buffer=...)``; see below."""
    return checked_bytes(_bundle(name), folder)


def read_ahead(name: ModelName) -> None:
    """Read a model that will be asked for soon: whoever asks for it next gets this and it is forgotten.

    Raises ModelError as ``model_bytes``.
    """
    folder, file_name = models_folder(), _bundle(name)
    _ahead[folder / file_name] = checked_bytes(file_name, folder)


def _bundle(name: ModelName) -> str:
    return f"pose_landmarker_{name}.task"


def checked_bytes(file_name: str, folder: Path | None = None) -> bytes:
    """Content of one model file (``folder`` defaults to `models_folder`).

    Raises ModelError when the file, or its line in SHA256SUMS, is missing, or when its hash is another.
    """
    folder = models_folder() if folder is None else folder
    ready = _ahead.pop(folder / file_name, None)
    if ready is not None:
        return ready
    data = _read(folder, file_name)
    if hashlib.sha256(data).hexdigest() != _expected_sums(folder).get(file_name):
        raise ModelError("model_damaged", file=file_name, folder=str(folder))
    return data


def _expected_sums(folder: Path) -> dict[str, str]:
    """File name to sha256, from the lines ``<hash>  <name>`` of SHA256SUMS."""
    lines = _read(folder, SUMS_NAME).decode("ascii", errors="replace").splitlines()
    pairs = (line.split(maxsplit=1) for line in lines)
    return {pair[1]: pair[0] for pair in pairs if len(pair) == 2}


def _read(folder: Path, file_name: str) -> bytes:
    try:
        return (folder / file_name).read_bytes()
    except OSError as error:
        raise ModelError("model_missing", file=file_name, folder=str(folder)) from error
