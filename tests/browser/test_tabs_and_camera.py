"""One browser with two tabs, a runner in front of this device's camera, and files that are not what they seem."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from formcheck.texts import text
from formcheck.ui.words import word

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, expect
from visitors import (
    ANALYSIS_MS,
    ARTIFACTS,
    ROOT,
    browser,
    clips,
    emptied,
    faults,
    filming,
    portrait,
    server,
    settled,
    unfold,
    visitor,
)

__all__ = ["browser", "clips", "server"]
pytestmark = pytest.mark.browser
RECORDED_S = 8


@pytest.fixture(scope="module")
def before_the_camera(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose camera sees the runner of a sample."""
    seen = tmp_path_factory.mktemp("camera") / "seen.mjpeg"
    with filming(browser, ROOT / "sample_videos" / "runner_right_good.mp4", seen, every=2) as one:
        yield one


def visits(folder: Path) -> set[Path]:
    """The folders of all visits to this server, also of those that have just ended."""
    return set(folder.glob("formcheck-visit-*"))


def inside(folders: set[Path]) -> list[str]:
    """What lies in them."""
    return [path.name for folder in folders for path in folder.iterdir()]


def test_a_second_tab_takes_nothing_from_the_first(
    browser: Browser, server: tuple[str, Path], clips: tuple[Path, Path]
) -> None:
    """Both show this browser's visit; what one has chosen stays chosen while the other is used, and after it closed."""
    before = visits(server[1])
    one, context = visitor(browser, server[0], "ja-JP")
    mine = visits(server[1]) - before
    unfold(one.page, "options")
    one.page.get_by_text(text("ui_blur_face", "ja"), exact=True).click()
    expect(one.page.locator(".st-key-blur_face input")).to_be_checked()
    one.choose(clips[0])
    look = one.page.locator(".st-key-look")
    expect(look).to_contain_text(word("look_short", "ja", n="5"), timeout=60_000)
    chosen = inside(mine)
    assert len(chosen) == 1
    second = context.new_page()
    second.goto(one.page.url)
    for area in (1, 0):
        second.locator(".st-key-area_ja button").nth(area).click(timeout=30_000)
        settled(second, 1500)
    expect(second.locator(".st-key-check_again button")).to_be_visible(timeout=30_000)  # it knows the answers
    assert visits(server[1]) - before == mine, "one visit for both"
    assert inside(mine) == chosen
    # another part of the page and back: what was ticked is ticked, what was chosen is chosen
    for area in (2, 0):
        one.page.locator(".st-key-area_ja button").nth(area).click()
        settled(one.page, 1500)
    unfold(one.page, "options")
    expect(one.page.locator(".st-key-blur_face input")).to_be_checked(timeout=20_000)
    context.close()


def test_who_is_filmed_here_gets_findings_and_deleting_leaves_nothing(
    before_the_camera: Browser, server: tuple[str, Path]
) -> None:
    before = visits(server[1])
    one, context = visitor(before_the_camera, server[0], "ja-JP")
    page, mine = one.page, visits(server[1]) - before
    unfold(page, "options")
    page.get_by_text(text("ui_blur_face", "ja"), exact=True).click()
    ticked = page.get_by_text(word("face_hidden", "ja"))
    expect(ticked).to_be_visible(timeout=20_000)
    unfold(page, "camera")
    page.get_by_role("button", name=word("camera_open", "ja")).click()
    page.get_by_role("button", name=word("camera_record", "ja"), exact=True).click()
    page.wait_for_timeout(1000 * RECORDED_S)
    page.get_by_role("button", name=word("camera_stop", "ja")).click()
    page.get_by_role("button", name=word("camera_use", "ja")).click()
    expect(page.locator(".st-key-look")).to_contain_text(re.compile(r"camera_\d{8}_\d{6}"), timeout=60_000)
    expect(page.locator(".st-key-look")).not_to_contain_text(word("look_running", "ja"), timeout=60_000)
    expect(ticked).to_be_visible()
    page.locator(".st-key-analyse button").click()
    expect(page.locator(".fc-live img")).to_be_visible(timeout=60_000)
    portrait(page.locator(".fc-live"), "camera_live_ja.png")
    expect(page.get_by_role("heading", name=text("findings", "ja"), exact=True)).to_be_visible(timeout=ANALYSIS_MS)
    assert faults(page) == []
    page.locator(".st-key-forget_all button").click()
    expect(page.locator(".st-key-forget_all")).to_have_count(0, timeout=20_000)
    expect(page.locator(".st-key-upload")).not_to_contain_text("camera_", timeout=20_000)
    assert emptied(mine) == []
    assert one.complaints == []
    context.close()


@pytest.mark.parametrize("kept_share", [0.02, 0.5])
def test_a_file_that_broke_off_is_one_sentence_or_what_is_left_of_it(
    browser: Browser, server: tuple[str, Path], clips: tuple[Path, Path], tmp_path: Path, kept_share: float
) -> None:
    whole = clips[0].read_bytes()
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(whole[: round(kept_share * len(whole))])
    before = visits(server[1])
    one, context = visitor(browser, server[0], "en-GB")
    mine = visits(server[1]) - before
    one.upload(broken)
    errors = one.page.locator('[data-testid="stAlertContentError"]')
    findings = one.page.get_by_role("heading", name=text("findings", "en"), exact=True)
    expect(errors.or_(findings).first).to_be_visible(timeout=ANALYSIS_MS)
    if findings.count():
        assert text("truncated", "en") in one.words()
    else:
        expect(errors).to_have_count(1)
        assert emptied(mine) == []
    assert "Traceback" not in one.words()
    assert one.left_over("en") == []
    one.page.screenshot(path=ARTIFACTS / f"broken_{kept_share}_en.png")
    context.close()
