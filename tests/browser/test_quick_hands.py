"""Hands quicker than the page: what was ticked or chosen last counts, however soon the button follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from formcheck.guidance.safety import load_outcomes
from formcheck.guidance.told import say
from formcheck.texts import text
from formcheck.ui.words import word

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, Page, expect
from visitors import ANALYSIS_MS, Visitor, browser, clips, server, settled, unfold, visitor

__all__ = ["browser", "clips", "server"]
pytestmark = pytest.mark.browser
AT_ONCE = """selectors => {
  const began = performance.now();
  for (const selector of selectors) document.querySelector(selector).click();
  return performance.now() - began; }"""
QUICK_MS = 50.0


def at_once(page: Page, *selectors: str) -> None:
    """One click after the other, sooner than any answer of the server."""
    took_ms = page.evaluate(AT_ONCE, list(selectors))
    assert took_ms < QUICK_MS


def test_a_tick_and_the_button_within_50_ms(
    browser: Browser, server: tuple[str, Path], clips: tuple[Path, Path]
) -> None:
    one, context = visitor(browser, server[0], "en-GB")
    page = one.page
    unfold(page, "options")
    one.choose(clips[0])
    at_once(page, ".st-key-blur_face input", ".st-key-analyse button")
    expect(page.get_by_role("heading", name=text("findings", "en"), exact=True)).to_be_visible(timeout=ANALYSIS_MS)
    expect(page.get_by_text(text("faces_hidden", "en")).first).to_be_visible(timeout=30_000)
    assert one.complaints == []
    context.close()


def test_what_was_unfolded_stays_so_when_a_file_comes(
    browser: Browser, server: tuple[str, Path], clips: tuple[Path, Path]
) -> None:
    one, context = visitor(browser, server[0], "en-GB")
    page = one.page
    unfold(page, "options")
    expect(page.locator(".st-key-person_en")).to_be_visible()
    one.choose(clips[0])
    expect(page.locator(".st-key-look")).to_contain_text(word("look_short", "en", n="5"), timeout=60_000)
    settled(page, 1500)  # the page is made anew once the look is there
    expect(page.locator(".st-key-person_en")).to_be_visible()
    page.get_by_text(text("ui_blur_face", "en"), exact=True).click()
    expect(page.get_by_text(word("face_hidden", "en"))).to_be_visible(timeout=30_000)
    expect(page.locator(".st-key-person_en")).to_be_visible()
    context.close()


def test_a_danger_sign_and_the_button_within_50_ms(browser: Browser, server: tuple[str, Path]) -> None:
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    one = Visitor(context.new_page())
    one.page.goto(f"http://{server[0]}")
    page = one.page
    age = page.locator(".st-key-check_age_en input")
    age.fill("34", timeout=30_000)
    age.press("Tab")
    page.locator(".st-key-check_hurts_en").get_by_text(say("no").get("en"), exact=True).click()
    page.locator(".st-key-check_nothing_en label").click()
    expect(page.locator(".st-key-check_done button")).to_be_enabled(timeout=30_000)
    at_once(page, ".st-key-check_sign_night_pain_en input", ".st-key-check_done button")
    expect(page.get_by_text(load_outcomes()["see_doctor_first"].name.get("en"), exact=True)).to_be_visible(
        timeout=30_000
    )
    context.close()
