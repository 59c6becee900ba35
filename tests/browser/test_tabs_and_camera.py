"""One browser with two tabs, a runner in front of this device's camera, and files that are not what they seem."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from formcheck.texts import text
from formcheck.ui.words import word
from formcheck.video import read_frames

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, Page, expect, sync_playwright
from visitors import ANALYSIS_MS, ARGUMENTS, ARTIFACTS, CHROMIUM, ROOT, browser, clips, faults, server, visitor

__all__ = ["browser", "clips", "server"]
pytestmark = pytest.mark.browser
RECORDED_S = 8


@pytest.fixture(scope="module")
def before_the_camera(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose camera sees the runner of a sample."""
    if not CHROMIUM.is_file():
        pytest.skip(f"no Chromium at {CHROMIUM}; set FORMCHECK_CHROMIUM to where it is")
    seen = tmp_path_factory.mktemp("camera") / "runner.mjpeg"
    with (
        read_frames(ROOT / "sample_videos" / "runner_right_good.mp4", max_side_px=640) as frames,
        av.open(str(seen), "w", format="mjpeg") as made,
    ):
        stream = None
        for frame in frames:
            if frame.index % 2:
                continue
            if stream is None:
                stream = made.add_stream("mjpeg", rate=30)
                stream.height, stream.width, stream.pix_fmt = *frame.image.shape[:2], "yuvj420p"
            made.mux(stream.encode(av.VideoFrame.from_ndarray(frame.image, format="rgb24")))
        assert stream is not None
        made.mux(stream.encode(None))
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*ARGUMENTS, f"--use-file-for-fake-video-capture={seen}"]
        )
        yield one
        one.close()


def nothing_but_results(folder: Path) -> list[str]:
    """What lies in the folders of visits beside results."""
    return [path.name for path in folder.glob("formcheck-visit-*/*") if not path.name.startswith(("run-", "plain-"))]


def test_a_second_tab_takes_nothing_from_the_first(
    browser: Browser, server: tuple[str, Path], clips: tuple[Path, Path]
) -> None:
    """Both show this browser's visit; what one has chosen stays chosen while the other is used, and after it closed."""
    one, context = visitor(browser, server[0], "ja-JP")
    one.page.get_by_text(text("ui_options", "ja"), exact=True).click()
    one.page.get_by_text(text("ui_blur_face", "ja"), exact=True).click()
    expect(one.page.locator(".st-key-blur_face input")).to_be_checked()
    one.choose(clips[0])
    look = one.page.locator(".st-key-look")
    expect(look).to_contain_text(word("look_short", "ja", n="5"), timeout=60_000)
    chosen = nothing_but_results(server[1])
    assert len(chosen) == 1
    second = context.new_page()
    second.goto(one.page.url)
    for area in ("compare", "clip"):
        second.locator(".st-key-area_ja").get_by_text(text(f"ui_area_{area}", "ja"), exact=True).click()
        second.wait_for_timeout(1500)
    expect(second.locator(".st-key-check_again button")).to_be_visible(timeout=30_000)  # it knows the answers
    assert nothing_but_results(server[1]) == chosen
    # another part of the page and back: what was ticked is ticked, what was chosen is chosen
    for area in ("people", "clip"):
        one.page.locator(".st-key-area_ja").get_by_text(text(f"ui_area_{area}", "ja"), exact=True).click()
        one.page.wait_for_timeout(1500)
    one.page.get_by_text(text("ui_options", "ja"), exact=True).click()
    expect(one.page.locator(".st-key-blur_face input")).to_be_checked(timeout=20_000)
    context.close()


def test_who_is_filmed_here_gets_findings_and_deleting_leaves_nothing(
    before_the_camera: Browser, server: tuple[str, Path]
) -> None:
    one, context = visitor(before_the_camera, server[0], "ja-JP")
    page = one.page
    page.get_by_text(text("ui_options", "ja"), exact=True).click()
    page.get_by_text(text("ui_blur_face", "ja"), exact=True).click()
    page.get_by_text(word("camera_title", "ja"), exact=True).click()
    page.get_by_role("button", name=word("camera_open", "ja")).click()
    page.get_by_role("button", name=word("camera_record", "ja"), exact=True).click()
    page.wait_for_timeout(1000 * RECORDED_S)
    page.get_by_role("button", name=word("camera_stop", "ja")).click()
    page.get_by_role("button", name=word("camera_use", "ja")).click()
    expect(page.locator(".st-key-look")).to_contain_text(re.compile(r"camera_\d{8}_\d{6}"), timeout=60_000)
    expect(page.locator(".st-key-look")).not_to_contain_text(word("look_running", "ja"), timeout=60_000)
    page.locator(".st-key-analyse button").click()
    expect(page.locator(".fc-live img")).to_be_visible(timeout=60_000)
    page.locator(".fc-live").screenshot(path=ARTIFACTS / "camera_live_ja.png")
    expect(page.get_by_role("heading", name=text("findings", "ja"), exact=True)).to_be_visible(timeout=ANALYSIS_MS)
    assert faults(page) == []
    page.locator(".st-key-forget_all button").click()
    expect(page.locator(".st-key-forget_all")).to_have_count(0, timeout=20_000)
    expect(page.locator(".st-key-upload")).not_to_contain_text("camera_", timeout=20_000)
    page.wait_for_timeout(1500)
    assert list(server[1].glob(f"formcheck-visit-*/*{'run-'}*")) == nothing_but_results(server[1]) == []
    assert one.complaints == []
    context.close()


@pytest.mark.parametrize("kept_share", [0.02, 0.5])
def test_a_file_that_broke_off_is_one_sentence_or_a_result_and_leaves_nothing(
    browser: Browser, server: tuple[str, Path], clips: tuple[Path, Path], tmp_path: Path, kept_share: float
) -> None:
    whole = clips[0].read_bytes()
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(whole[: round(kept_share * len(whole))])
    one, context = visitor(browser, server[0], "en-GB")
    one.upload(broken)
    said = _error(one.page)
    assert said.count(".") <= 3
    assert "Traceback" not in one.words()
    assert one.left_over("en") == []
    one.page.screenshot(path=ARTIFACTS / f"broken_{kept_share}_en.png")
    one.page.wait_for_timeout(1000)
    assert nothing_but_results(server[1]) == []
    context.close()


def _error(page: Page) -> str:
    """What is said of the only clip."""
    alert = page.locator('[data-testid="stAlert"]').last
    expect(alert).to_be_visible(timeout=60_000)
    return alert.inner_text()
