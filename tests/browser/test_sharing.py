"""What a visitor takes along, in a real browser: a face hidden on request, PDFs to read, everything in one ZIP."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from formcheck.cards import Lang
from formcheck.saved import read_results
from formcheck.texts import text
from formcheck.ui.words import word

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, Page, expect
from visitors import ANALYSIS_MS, ARTIFACTS, LANGS, browser, clips, server, unfold, visitor, while_there

__all__ = ["browser", "clips", "server"]
pytestmark = pytest.mark.browser


def taken(page: Page, key: str, folder: Path) -> Path:
    """The file behind a button."""
    with page.expect_download(timeout=60_000) as waiting:
        page.locator(f".st-key-download_{key.replace('.', '-')} button").click()
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return target


def test_a_visitor_hides_the_face_and_takes_everything_along(
    browser: Browser, server: tuple[str, Path], clips: tuple[Path, Path], tmp_path: Path
) -> None:
    one, context = visitor(browser, server[0], "ja-JP")
    ARTIFACTS.mkdir(exist_ok=True)
    unfold(one.page, "options")
    one.page.get_by_text(text("ui_blur_face", "ja"), exact=True).click()
    expect(one.page.get_by_text(word("face_hidden", "ja"))).to_be_visible(timeout=20_000)  # the server has it
    one.upload(clips[0])
    expect(one.page.locator(".st-key-download_all button")).to_be_visible(timeout=ANALYSIS_MS)
    one.page.wait_for_timeout(2000)
    while_there(one.page.locator(".st-key-download_all").scroll_into_view_if_needed)
    one.page.screenshot(path=ARTIFACTS / "page_sharing_ja.png")
    with zipfile.ZipFile(taken(one.page, "all", tmp_path)) as packed:
        packed.extractall(tmp_path)
    [folder] = [path.parent for path in tmp_path.glob("*/analysis.json")]
    assert read_results(folder).blur_face
    assert {"report.pdf", "plan.pdf", "markers.trc", "angles.mot", "annotated.mp4"} <= {
        p.name for p in folder.iterdir()
    }
    for lang in LANGS:
        one.switch(lang)
        _speaks(taken(one.page, "report.pdf", tmp_path), lang)
        _speaks(taken(one.page, "plan.pdf", tmp_path), lang)
    while_there(one.page.locator(".st-key-download_all").scroll_into_view_if_needed)
    one.page.screenshot(path=ARTIFACTS / "page_sharing_en.png")
    assert one.asked == {server[0]}, "nothing leaves the machine"
    assert one.complaints == []
    context.close()


def _speaks(file: Path, lang: Lang) -> None:
    said = "".join(page.get_textpage().get_text_range() for page in pdfium.PdfDocument(file))
    assert text("disclaimer", lang).replace(" ", "")[:20] in said.replace(" ", "").replace("\r\n", "")
