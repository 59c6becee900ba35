"""Everything to take along: one file at a time, or all of it as a ZIP. What is not there yet is made when asked for."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from formcheck.analysis import folder_name
from formcheck.cards import Lang
from formcheck.exports.opensim import ASSUMED_HEIGHT_CM, is_scale_assumed, write_opensim
from formcheck.guidance.told import tell_analysis
from formcheck.records import Analysis
from formcheck.texts import text
from formcheck.ui.visit import Result

_FILES = {
    "annotated.mp4": "video/mp4",
    "report.html": "text/html",
    "plan.html": "text/html",
    "analysis.json": "application/json",
    "signals.csv": "text/csv",
    "events.csv": "text/csv",
    "pose.npz": "application/octet-stream",
}
_PACKED_ALREADY = (".mp4", ".jpg", ".npz", ".pdf")


def show_downloads(result: Result, lang: Lang) -> None:
    """Buttons; each file is read or made when its button is pressed, so none of a visitor's lies in memory."""
    analysis, folder = result.outcome.analysis, result.outcome.folder
    stem = folder_name(Path(analysis.video.name))
    st.subheader(text("downloads", lang), anchor=False)
    with st.container(horizontal=True):
        _button(
            "ui_all_as_zip", partial(_everything, analysis, folder, stem, lang), f"{stem}_formcheck.zip", "all", lang
        )
        _button(
            "ui_file_report_pdf", partial(_report, analysis, folder, lang), f"{stem}_report.pdf", "report.pdf", lang
        )
        _button("ui_file_plan_pdf", partial(_plan, analysis, folder, lang), f"{stem}_plan.pdf", "plan.pdf", lang)
        for name, mime in _FILES.items():
            path = folder / name
            if path.is_file():
                code = f"ui_file_{name.replace('.', '_')}"
                _button(code, path.read_bytes, f"{stem}_{name}", name, lang, mime)
        _button("ui_file_opensim", partial(_opensim, analysis, stem), f"{stem}_opensim.zip", "opensim", lang)
    if is_scale_assumed(analysis):
        st.caption(text("opensim_height_assumed", lang, height=ASSUMED_HEIGHT_CM))


def _button(code: str, make: Callable[[], bytes], file: str, key: str, lang: Lang, mime: str | None = None) -> None:
    mime = mime or ("application/pdf" if file.endswith(".pdf") else "application/zip")
    st.download_button(
        text(code, lang),
        make,
        file,
        mime,
        on_click="ignore",
        type="primary" if key == "all" else "secondary",
        key=f"download_{key}",
    )


def _report(analysis: Analysis, folder: Path, lang: Lang) -> bytes:
    from formcheck.pdf import pictures_in, report_pdf  # only now: the typesetter takes a moment to load

    return report_pdf(analysis, pictures_in(analysis, folder / "frames"), lang)


def _plan(analysis: Analysis, folder: Path, lang: Lang) -> bytes:
    from formcheck.pdf import pictures_in, plan_pdf

    return plan_pdf(tell_analysis(analysis), lang, analysis.video.name, pictures_in(analysis, folder / "frames"))


def _opensim(analysis: Analysis, stem: str) -> bytes:
    return _packed({Path(stem) / name: data for name, data in _opensim_files(analysis).items()})


def _opensim_files(analysis: Analysis) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory(prefix="formcheck-opensim-") as folder:
        write_opensim(analysis, Path(folder))
        return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


def _everything(analysis: Analysis, folder: Path, stem: str, lang: Lang) -> bytes:
    found = {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    made = {"report.pdf": _report(analysis, folder, lang), "plan.pdf": _plan(analysis, folder, lang)}
    found |= {Path(name): data for name, data in {**made, **_opensim_files(analysis)}.items()}
    return _packed({Path(stem) / path: data for path, data in found.items()})


def _packed(files: dict[Path, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, data in files.items():
            method = zipfile.ZIP_STORED if path.suffix in _PACKED_ALREADY else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(path.as_posix(), (1980, 1, 1, 0, 0, 0)), data, method)
    return packed.getvalue()
