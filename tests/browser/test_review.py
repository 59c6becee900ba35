"""Going through a clip in a real browser: frame by frame, from moment to moment, layer by layer, from a chart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from formcheck.texts import text
from formcheck.ui.words import word

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, Page, expect
from visitors import (
    ANALYSIS_MS,
    ARTIFACTS,
    JAPANESE,
    WIDTHS,
    Visitor,
    browser,
    clips,
    faults,
    portrait,
    server,
    settled,
    still,
    unfold,
    unfolded,
    visitor,
    while_there,
)

__all__ = ["browser", "clips", "server"]
pytestmark = pytest.mark.browser
FRAME_S = 1 / 60
OPERABLE = """() => {
  const any = '[data-testid=stMain] :is(button, input, select, summary, a[href], [tabindex="0"])';
  window.fcHit = new Set();
  window.fcAll = [...document.querySelectorAll(any)].filter(e => !e.disabled && e.type !== 'file' && e.tabIndex >= 0 &&
    e.getClientRects().length && e.checkVisibility() && !e.closest('[inert], [aria-hidden=true]'));
  return fcAll.length; }"""
NOT_REACHED = """() => {
  const group = e => e.closest('[role=radiogroup], [role=tablist], [role=toolbar], [data-testid=stButtonGroup]');
  const groups = new Set([...fcHit].map(group).filter(Boolean));
  return fcAll.filter(e => document.contains(e) && !fcHit.has(e) && !groups.has(group(e)))
    .map(e => e.outerHTML.slice(0, 200)); }"""
ELSEWHERE = "before => Math.abs(Number(document.querySelector('.fcp-root').dataset.t) - before) > 1e-3"
INK = """() => { const c = document.querySelector('.fcp-over'), g = c.getContext('2d');
  const d = g.getImageData(0, 0, c.width, c.height).data; let n = 0;
  for (let i = 3; i < d.length; i += 4) if (d[i]) n += 1; return n / (d.length / 4); }"""


@pytest.fixture(scope="module")
def reader(browser: Browser, server: tuple[str, Path], clips: tuple[Path, Path]) -> Iterator[Visitor]:
    """Somebody whose clip has been analysed, and whose clip without drawings is there, too."""
    one, context = visitor(browser, server[0], "ja-JP")
    ARTIFACTS.mkdir(exist_ok=True)
    one.upload(clips[0])
    expect(one.page.locator(".fcp")).to_be_visible(timeout=ANALYSIS_MS)
    expect(one.page.locator("[data-layer=near]")).to_be_enabled(timeout=60_000)
    one.page.wait_for_function("Number(document.querySelector('.fcp-root').dataset.t) > 0")
    yield one
    assert one.asked == {server[0]}, "nothing leaves the machine"
    assert one.complaints == []
    context.close()


def shown_s(page: Page) -> float:
    """The time of the frame that is shown, once it has settled."""
    still(page)
    return float(page.locator(".fcp-root").get_attribute("data-t") or "nan")


def really_s(page: Page) -> float:
    """What the video itself says."""
    return float(page.evaluate("document.querySelector('.fcp video').currentTime"))


def test_keys_and_buttons_go_one_frame_and_one_moment(reader: Visitor) -> None:
    page, player = reader.page, reader.page.locator(".fcp")
    player.focus()
    start_s = shown_s(page)
    player.press("ArrowRight")
    assert shown_s(page) == pytest.approx(start_s + FRAME_S, abs=2e-3)
    assert really_s(page) - shown_s(page) == pytest.approx(0.35 * FRAME_S, abs=3e-3)
    player.press("ArrowLeft")
    assert shown_s(page) == pytest.approx(start_s, abs=1e-3)
    page.get_by_role("button", name=word("player_frame_on", "ja")).click()
    assert shown_s(page) == pytest.approx(start_s + FRAME_S, abs=2e-3)
    chips = page.locator(".fcp-chip")
    times_s = [float(re.findall(r"[\d.]+", name)[-1]) for name in chips.all_inner_texts()]
    assert times_s == sorted(times_s)
    player.press("Shift+ArrowRight")
    after_s = shown_s(page)
    assert min(abs(after_s - t) for t in times_s) < FRAME_S
    assert after_s > start_s
    chips.first.click()
    assert shown_s(page) == pytest.approx(times_s[0], abs=FRAME_S)
    expect(chips.first).to_have_attribute("aria-current", "")


def test_slow_play_is_slow_and_space_stops_it(reader: Visitor) -> None:
    page, player = reader.page, reader.page.locator(".fcp")
    page.locator(".fcp-speed").nth(3).click()
    player.focus()
    player.press("Home")
    assert shown_s(page) < FRAME_S
    player.press(" ")
    page.wait_for_function("document.querySelector('.fcp video').currentTime > 0.1", timeout=30_000)
    assert page.evaluate("document.querySelector('.fcp video').playbackRate") == 0.125
    player.press(" ")
    assert page.evaluate("document.querySelector('.fcp video').paused")
    assert shown_s(page) == pytest.approx(really_s(page), abs=1.5 * FRAME_S)
    page.locator(".fcp-speed").first.click()


def test_every_layer_can_be_switched(reader: Visitor) -> None:
    page = reader.page
    assert page.evaluate(INK) == 0, "the saved drawing is in the clip itself"
    page.locator("[data-layer=none]").click()
    still(page)
    assert page.evaluate(INK) == 0
    inks = {}
    for name in ("near", "far", "trunk", "angles", "outline"):
        page.locator(f"[data-layer={name}]").click()
        expect(page.locator(f"[data-layer={name}]")).to_have_attribute("aria-pressed", "true")
        more = max([0.0, *inks.values()])
        page.wait_for_function(f"more => ({INK})() > more", arg=more, timeout=30_000)
        inks[name] = page.evaluate(INK)
    assert all(b > a for a, b in zip([0.0, *inks.values()], inks.values(), strict=False)), inks
    portrait(page.locator(".fcp"), "review_layers.png")
    page.locator("[data-layer=saved]").click()
    still(page)
    assert page.evaluate(INK) == 0


def test_the_drawing_lies_on_the_body(reader: Visitor) -> None:
    """The clip without drawings shows the same frame as the one with: outside of what is drawn they are alike."""
    page = reader.page
    page.locator(".fcp-chip").nth(1).click()
    pictures = []
    for name in ("saved", "none"):
        page.locator(f"[data-layer={name}]").click()
        still(page)
        pictures.append(page.evaluate(
            "() => { const v = document.querySelector('.fcp video'), c = document.createElement('canvas');"
            " c.width = 90; c.height = Math.round(90 * v.videoHeight / v.videoWidth); const g = c.getContext('2d');"
            " g.drawImage(v, 0, 0, c.width, c.height); return [...g.getImageData(0, 0, c.width, c.height).data]; }"
        ))  # fmt: skip
    differing = [abs(a - b) > 24 for a, b in zip(*pictures, strict=True)]
    assert 0.002 < sum(differing) / len(differing) < 0.25
    page.locator("[data-layer=saved]").click()


def test_a_finding_a_row_and_a_point_lead_to_their_moment(reader: Visitor) -> None:
    page = reader.page
    seen = page.locator(".fc-cards .fc-see").first
    seen.click()
    wanted_s = float(seen.get_attribute("data-fc-seek") or "nan")
    assert shown_s(page) == pytest.approx(wanted_s, abs=FRAME_S)
    expect(page.locator(".fcp")).to_be_in_viewport()

    page.get_by_role("tab", name=text("ui_tab_strides", "ja")).click()
    page.get_by_text(word("review_strides", "ja")).click()
    row = page.locator(".fc-long .fc-see").nth(2)
    row.click()
    assert shown_s(page) == pytest.approx(float(row.get_attribute("data-fc-seek") or "nan"), abs=FRAME_S)

    dot = page.locator(".st-key-strides_chart .scatterlayer .points path").nth(1)
    while_there(dot.scroll_into_view_if_needed)
    before_s = shown_s(page)
    box = while_there(dot.bounding_box)
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function(ELSEWHERE, arg=before_s, timeout=30_000)

    page.get_by_role("tab", name=text("ui_tab_cycle", "ja")).click()
    while_there(page.locator(".st-key-cycle_chart").scroll_into_view_if_needed)
    before_s = shown_s(page)
    curve = page.locator(".st-key-cycle_chart .scatterlayer .points path").nth(40)
    box = while_there(curve.bounding_box)
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function(ELSEWHERE, arg=before_s, timeout=30_000)


def test_loaded_anew_it_is_all_there_and_for_this_browser_only(
    reader: Visitor, browser: Browser, server: tuple[str, Path]
) -> None:
    page = reader.page
    page.reload()
    expect(page.locator(".fcp")).to_be_visible(timeout=30_000)
    assert "anna.mp4" in reader.words()
    other = browser.new_context(locale="ja-JP")
    stranger = other.new_page()
    stranger.goto(page.url)
    expect(stranger.get_by_role("heading", name=text("page_title", "ja"))).to_be_visible(timeout=30_000)
    stranger.wait_for_timeout(3000)
    assert "anna.mp4" not in stranger.locator('[data-testid="stMain"]').inner_text()
    assert not any(cookie["value"] in page.url for cookie in reader.page.context.cookies())
    other.close()


def test_all_of_it_is_reached_by_keyboard(reader: Visitor) -> None:
    """Tab leads to every button, list, field, fold and table; of a group of choices, to the group."""
    page = reader.page
    settled(page, 3000)
    page.evaluate("document.activeElement.blur()")
    n = page.evaluate(OPERABLE)
    assert n > 40
    for _ in range(n + 30):
        page.keyboard.press("Tab")
        page.evaluate("fcHit.add(document.activeElement)")
    assert page.evaluate(NOT_REACHED) == []
    assert faults(page) == []
    assert reader.left_over("ja") == []


def test_each_part_of_the_result_is_one_click_away(reader: Visitor) -> None:
    page = reader.page
    ways = page.locator(".fc-way")
    assert ways.count() == len(("findings", "annotated_clip", "key_moments", "plots", "numbers", "downloads"))
    for words in ways.all_inner_texts():
        heading = page.get_by_role("heading", name=words, exact=True)
        while_there(lambda words=words: page.locator(".fc-way", has_text=words).click())
        expect(heading).to_be_in_viewport(timeout=10_000)
        expect(heading).to_be_focused()


def test_it_reads_on_a_phone_in_both_languages(reader: Visitor) -> None:
    page = reader.page
    for lang in ("en", "ja"):
        reader.switch(lang)  # type: ignore[arg-type]
        for name, width in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(700)
            while_there(page.locator(".fcp").scroll_into_view_if_needed)
            portrait(page.locator(".fcp"), f"review_player_{lang}_{name}.png")
            said = page.locator(".fcp").inner_text()
            assert bool(JAPANESE.search(said)) == (lang == "ja")
            over = page.evaluate(
                "document.querySelector('.fcp').scrollWidth - document.querySelector('.fcp').clientWidth"
            )
            assert over <= 0
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_fold_stays_open_while_the_clip_is_drawn_in_the_other_language(reader: Visitor) -> None:
    """What tells how far it is comes and goes above the fold, and its title changes."""
    page = reader.page
    unfold(page, "another_clip")
    unfold(page, "options")
    reader.switch("en")
    page.get_by_role("button", name=text("ui_draw_again", "en")).click()
    expect(page.locator(".st-key-draw_again")).to_have_count(0, timeout=ANALYSIS_MS)
    expect(page.locator(".st-key-running")).to_have_count(0, timeout=ANALYSIS_MS)
    settled(page, 1500)
    unfolded(page, "another_clip")
    unfolded(page, "options")
    reader.switch("ja")
    unfolded(page, "options")


def test_a_change_of_language_chooses_nothing_and_the_next_person_is_asked_anew(reader: Visitor) -> None:
    """After the languages were changed above: how closely to look is still what is recommended."""
    page = reader.page
    unfold(page, "another_clip")
    unfold(page, "options")
    chosen = page.locator(".st-key-pose_ja label:has(input:checked)")
    expect(chosen).to_have_text(text("ui_recommended", "ja", choice=text("ui_pose_balanced", "ja")))
    page.locator(".st-key-height_cm input").fill("172")
    page.locator(".st-key-height_cm input").press("Tab")
    settled(page)
    page.locator(".st-key-next_person button").click()
    expect(page.locator(".st-key-check_done button")).to_be_disabled(timeout=30_000)
    expect(page.locator(".fc-clip")).to_have_count(0)
    expect(page.locator(".st-key-check_age_ja input")).to_have_value("")
    reader.answer("ja")
    unfold(page, "options")
    expect(page.locator(".st-key-height_cm input")).to_have_value("")
    assert "anna.mp4" not in reader.words()
    assert faults(page) == []
