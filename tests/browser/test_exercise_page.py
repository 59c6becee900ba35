"""Exercises on the page, in a real browser: the timer counts, a clip is seen as what its owner says, another mode."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest

from formcheck.texts import text
from formcheck.ui.words import word
from formcheck.video import VideoWriter, read_frames

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, Page, TimeoutError, expect
from visitors import ANALYSIS_MS, ARTIFACTS, ROOT, browser, portrait, server, settled, visitor

__all__ = ["browser", "server"]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lift(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample's hip lifts, small: what is looked at is the page."""
    source = ROOT / "sample_videos" / "hip_lift_over_arched.mp4"
    if not source.is_file():
        pytest.skip("no sample clips here")
    target = tmp_path_factory.mktemp("lift") / "lift.mp4"
    with read_frames(source, max_side_px=640) as frames:
        frame = next(frames)
        with VideoWriter(target, frame.image.shape[1], frame.image.shape[0]) as writer:
            writer.write(frame.image, frame.time_s)
            for frame in frames:
                writer.write(frame.image, frame.time_s)
    return target


def choose(page: Page, key: str, words: str) -> None:
    """One entry of a list; a list that closes because its page is made anew is opened again, as anybody would."""
    entry = page.get_by_role("option", name=words, exact=True)
    for _ in range(5):
        page.locator(f".st-key-{key} input").click()
        with suppress(TimeoutError):
            entry.click(timeout=6_000)
            break
    expect(page.locator(f".st-key-{key} input")).to_have_value(words, timeout=20_000)
    settled(page)


def test_the_timer_counts_holds_and_stops_when_told(browser: Browser, server: tuple[str, Path]) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    one, context = visitor(browser, server[0], "ja-JP")
    page = one.page
    page.get_by_text(word("timer_title", "ja")).click()
    root = page.locator(".st-key-timer .fct-root")
    expect(root.locator(".fct-count")).to_have_text("0 / 10 回", timeout=20_000)
    root.get_by_text(word("timer_beeps", "ja")).click()
    root.get_by_role("button", name=word("timer_start", "ja"), exact=True).click()
    expect(root).to_have_attribute("data-phase", "hold", timeout=10_000)
    expect(root.locator(".fct-phase")).to_have_text(word("timer_hold", "ja"))
    portrait(root, "timer_hold.png")
    expect(root.locator(".fct-count")).to_have_text("1 / 10 回", timeout=10_000)
    root.get_by_role("button", name=word("timer_stop", "ja"), exact=True).click()
    expect(root).to_have_attribute("data-phase", "idle")
    one.switch("en")
    expect(root.locator(".fct-count")).to_have_text("0 of 10", timeout=20_000)
    assert one.asked <= {server[0]}
    assert not one.complaints
    context.close()


def test_a_hip_lift_is_seen_in_the_chosen_mode_and_then_in_the_other(
    browser: Browser, server: tuple[str, Path], lift: Path
) -> None:
    one, context = visitor(browser, server[0], "en-GB")
    page = one.page
    one.choose(lift)
    choose(page, "activity_en", text("activity_hip_lift", "en"))
    choose(page, "mode_en", word("mode_gentle", "en"))
    expect(page.locator(".st-key-mode_en input")).to_have_value(word("mode_gentle", "en"))
    settled(page, 1500)
    page.locator(".st-key-analyse button").click()
    expect(page.locator(".fc-clip")).to_have_text("lift.mp4", timeout=ANALYSIS_MS)
    seen = text("hip_lift_gentle_chosen", "en")
    expect(page.get_by_text(seen)).to_be_visible(timeout=60_000)
    page.get_by_text(word("see_as_title", "en", name=text("activity_hip_lift", "en"))).click()
    page.get_by_text(word("mode_full", "en"), exact=True).click()
    page.get_by_role("button", name=word("see_as", "en"), exact=True).click()
    expect(page.get_by_text(text("hip_lift_full_chosen", "en"))).to_be_visible(timeout=ANALYSIS_MS)
    expect(page.get_by_text(re.compile("beyond the straight line")).first).to_be_visible()
    one.picture("hip_lift")
    assert not one.complaints
    context.close()
