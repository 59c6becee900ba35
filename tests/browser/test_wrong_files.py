"""Files too large, empty, without a picture or no clip at all: a sentence for each, and nothing left behind."""

from __future__ import annotations

import re
from pathlib import Path

import av
import numpy as np
import pytest

from formcheck.cards import Lang
from formcheck.texts import text
from formcheck.ui import MAX_UPLOAD_MB
from formcheck.ui.style import refused
from formcheck.ui.words import word

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, expect
from visitors import ANALYSIS_MS, ARTIFACTS, LANGS, browser, clips, emptied, faults, served, server, settled, visitor

__all__ = ["browser", "clips", "server"]
pytestmark = pytest.mark.browser
BROKE = "getComputedStyle(document.querySelector('[data-testid=stException]'), '::after').content"
SAID = "getComputedStyle(document.querySelector('.st-key-upload [data-testid=stFileUploader]'), '::after').content"


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory, clips: tuple[Path, Path]) -> list[Path]:
    """Each is called a clip and is none."""
    folder = tmp_path_factory.mktemp("wrong")
    empty, letter, cut, sound, blank = (
        folder / f"{name}.mp4" for name in ("empty", "letter", "cut_off", "sound", "no_frames")
    )
    empty.write_bytes(b"")
    letter.write_text("dear diary")
    cut.write_bytes(clips[0].read_bytes()[:2000])
    with av.open(str(sound), "w") as made:
        stream = made.add_stream("aac", rate=44100)
        noise = np.random.default_rng(1).normal(0, 0.1, (2, 44100)).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(noise, format="fltp", layout="stereo")
        frame.sample_rate = 44100
        made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    with av.open(str(blank), "w") as made:
        picture = made.add_stream("libx264", rate=30)
        picture.width, picture.height, picture.pix_fmt = 320, 240, "yuv420p"
        made.start_encoding()
    return [empty, letter, cut, sound, blank]


@pytest.mark.parametrize("lang", LANGS)
def test_each_is_told_in_a_sentence_and_leaves_nothing(
    browser: Browser, server: tuple[str, Path], wrong: list[Path], lang: Lang
) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    one, context = visitor(browser, server[0], {"ja": "ja-JP", "en": "en-GB"}[lang])
    page = one.page
    [mine] = [path for path in server[1].glob("formcheck-visit-*") if path.is_dir() and not list(path.iterdir())][-1:]
    page.locator(".st-key-upload input[type=file]").set_input_files(wrong)
    for path in wrong:
        expect(page.locator(".st-key-look")).to_contain_text(path.name, timeout=60_000)
    expect(page.locator(".st-key-look")).not_to_contain_text(word("look_running", lang), timeout=60_000)
    settled(page)
    page.locator(".st-key-analyse button").click()
    errors = page.locator('[data-testid="stAlertContentError"]')
    expect(errors).to_have_count(len(wrong), timeout=ANALYSIS_MS)
    for path in wrong:
        said = errors.filter(has_text=path.name).inner_text().replace(path.name, "")
        assert len(re.findall(r"[。.]", said)) <= 3, said
        assert "Traceback" not in said
    assert one.left_over(lang) == []
    assert faults(page) == []
    page.screenshot(path=ARTIFACTS / f"wrong_files_{lang}.png", full_page=True)
    assert emptied([mine]) == []
    assert one.complaints == []
    context.close()


@pytest.mark.parametrize("lang", LANGS)
def test_what_nobody_has_foreseen_is_a_sentence_too(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, lang: Lang
) -> None:
    """A page of ours that fails while it is made: nothing of Streamlit's own English, no link to elsewhere."""
    folder = tmp_path_factory.mktemp("broken")
    script = folder / "broken.py"
    script.write_text(
        "import streamlit as st\nfrom formcheck.ui.style import style_sheet\n"
        f"st.html(style_sheet({lang!r}))\nraise ZeroDivisionError\n"
    )
    with served(folder, script=script) as (host, _):
        page = browser.new_page()
        page.goto(f"http://{host}")
        broken = page.locator('[data-testid="stException"]')
        expect(broken).to_have_count(1, timeout=30_000)
        page.wait_for_function(f"{BROKE}.length > 10", timeout=30_000)
        assert word("page_broke", lang) in page.evaluate(BROKE)
        assert broken.inner_text().strip() == ""
        assert broken.locator("a").count() == 0
        page.close()


@pytest.mark.parametrize("lang", LANGS)
def test_a_file_beyond_the_limit_is_never_sent(
    browser: Browser, server: tuple[str, Path], tmp_path: Path, lang: Lang
) -> None:
    huge = tmp_path / "huge.mp4"
    with huge.open("wb") as file:
        file.truncate((MAX_UPLOAD_MB + 1) * 1024 * 1024)  # takes no room: nothing is written
    one, context = visitor(browser, server[0], {"ja": "ja-JP", "en": "en-GB"}[lang])
    page, sent = one.page, []
    page.on("request", lambda request: sent.append(request.url) if request.method == "PUT" else None)
    page.locator(".st-key-upload input[type=file]").set_input_files(huge)
    expect(page.locator(".st-key-upload [aria-invalid=true]")).to_have_count(1, timeout=60_000)
    assert refused(lang) in page.evaluate(SAID)
    assert str(MAX_UPLOAD_MB) in refused(lang)
    assert one.left_over(lang) == []
    page.screenshot(path=ARTIFACTS / f"huge_file_{lang}.png")
    expect(page.locator(".st-key-analyse button")).to_be_disabled()
    assert sent == []
    page.get_by_role("button", name=word("upload_remove", lang, name=huge.name)).click()
    expect(page.locator(".st-key-upload [aria-invalid=true]")).to_have_count(0, timeout=20_000)
    assert text("ui_unexpected", lang) not in one.words()
    context.close()
