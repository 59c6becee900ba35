"""Somebody exercises before this device's camera: counted, corrected aloud, and told what the set was like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from formcheck.cards import load_cards
from formcheck.history import diary, people
from formcheck.history.database import open_history
from formcheck.history.place import Place
from formcheck.texts import text
from formcheck.ui.words import word

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, Page, WebSocketRoute, expect
from visitors import (
    ARTIFACTS,
    LANGS,
    ROOT,
    Visitor,
    browser,
    faults,
    filming,
    served,
    server,
    settled,
    visitor,
)

__all__ = ["browser", "server"]
pytestmark = pytest.mark.browser
HEARD = """(() => {
  window.heard = [];
  const voice = window.speechSynthesis, speak = voice.speak.bind(voice);
  voice.speak = said => { window.heard.push([said.lang, said.text]); speak(said); };
})()"""
"""Keeps what the page says aloud, and lets it be said."""


@pytest.fixture(scope="module")
def doing_hip_lifts(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose camera sees three hip lifts, over and over."""
    seen = tmp_path_factory.mktemp("camera") / "seen.mjpeg"
    with filming(browser, ROOT / "sample_videos" / "hip_lift_over_arched.mp4", seen, times=2) as one:
        yield one


def go_live(one: Visitor, lang: str) -> Page:
    one.page.locator(f".st-key-area_{lang} button").nth(3).click()
    expect(one.page.get_by_role("button", name=word("live_start", lang))).to_be_visible(timeout=30_000)
    return one.page


@pytest.mark.parametrize("lang", LANGS)
def test_lifts_are_counted_and_over_arching_is_called_out(
    doing_hip_lifts: Browser, server: tuple[str, object], lang: str
) -> None:
    one, context = visitor(doing_hip_lifts, server[0], {"ja": "ja-JP", "en": "en-GB"}[lang])
    page = go_live(one, lang)
    page.evaluate(HEARD)
    page.get_by_role("button", name=word("live_start", lang)).click()
    count, line = page.locator(".fcl-count"), page.locator(".fcl-said")
    expect(count).to_have_text(re.compile(r"^2"), timeout=60_000)
    cue = load_cards()["lumbar_overarch_deg"].cue["above"].get(lang)
    expect(line).to_contain_text(cue, timeout=30_000)
    page.screenshot(path=ARTIFACTS / f"before_the_camera_{lang}.png")
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(700)
    page.screenshot(path=ARTIFACTS / f"before_the_camera_phone_{lang}.png")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert faults(page) == []
    assert one.left_over(lang) == []
    page.get_by_role("button", name=word("live_stop", lang)).click()
    expect(page.get_by_role("heading", name=text("findings", lang), exact=True)).to_be_visible(timeout=30_000)
    expect(page.locator(".fc-card.fc-act")).to_contain_text(load_cards()["lumbar_overarch_deg"].name.get(lang))
    expect(page.locator(".fcl-stage")).to_have_count(0)
    page.screenshot(path=ARTIFACTS / f"after_the_camera_{lang}.png", full_page=True)
    heard = page.evaluate("window.heard")
    tongue = {"ja": "ja-JP", "en": "en-GB"}[lang]
    assert {said[0] for said in heard} == {tongue}
    assert any(said[1].startswith("1") for said in heard)
    assert any(cue in said[1] for said in heard)
    assert one.complaints == []
    assert one.asked == {server[0]}
    context.close()


def test_a_set_goes_into_somebodys_exercise_log(doing_hip_lifts: Browser, tmp_path: Path) -> None:
    with served(tmp_path) as (host, _):
        history = open_history(Place(tmp_path / "data"))
        with history.writing() as session:
            person_id = people.add(session, people.LOCAL, "Haru").id
        one, context = visitor(doing_hip_lifts, host, "en-GB")
        page = go_live(one, "en")
        page.get_by_role("button", name=word("live_start", "en")).click()
        expect(page.locator(".fcl-count")).to_have_text(re.compile(r"^[23]"), timeout=60_000)
        page.get_by_role("button", name=word("live_stop", "en")).click()
        page.locator(".st-key-live_log button").click(timeout=30_000)
        expect(page.get_by_text(text("exercise_saved", "en"))).to_be_visible(timeout=30_000)
        expect(page.locator(".st-key-live_log")).to_have_count(0)
        with history.reading() as session:
            (written,) = diary.exercises(session, people.find(session, people.LOCAL, person_id))
        assert written.exercise == "hip_lift_full"
        assert written.reps in (2, 3)
        context.close()


def test_two_may_train_and_a_third_is_told_to_wait(doing_hip_lifts: Browser, server: tuple[str, object]) -> None:
    visitors = [visitor(doing_hip_lifts, server[0], "en-GB") for _ in range(3)]
    start = word("live_start", "en")
    for one, _ in visitors[:2]:
        go_live(one, "en").get_by_role("button", name=start).click()
        expect(one.page.locator(".fcl-said")).not_to_have_text(word("live_waiting", "en"), timeout=60_000)
    last = go_live(visitors[2][0], "en")
    last.get_by_role("button", name=start).click()
    expect(last.locator(".fcl-note")).to_have_text(word("live_busy", "en"), timeout=30_000)
    first = visitors[0][0].page
    first.keyboard.press("Escape")
    expect(first.locator(".fcl-stage")).to_have_count(0)
    settled(first, 1500)
    last.get_by_role("button", name=start).click()
    expect(last.locator(".fcl-stage")).to_be_visible(timeout=30_000)
    expect(last.locator(".fcl-note")).to_have_text("", timeout=30_000)
    for one, context in visitors[1:]:
        one.page.keyboard.press("Escape")  # else their places are theirs until they have sent nothing for a while
        expect(one.page.locator(".fcl-stage")).to_have_count(0)
        settled(one.page, 1500)
        context.close()


def begun(one: Visitor, lang: str = "en") -> Page:
    """Before the camera, and being looked at."""
    page = go_live(one, lang)
    page.get_by_role("button", name=word("live_start", lang)).click()
    expect(page.locator(".fcl-said")).not_to_have_text(word("live_waiting", lang), timeout=60_000)
    return page


def test_a_connection_lost_for_a_moment_goes_on_counting(doing_hip_lifts: Browser, server: tuple[str, object]) -> None:
    wires: list[WebSocketRoute] = []

    def through(wire: WebSocketRoute) -> None:
        wire.connect_to_server()
        wires.append(wire)

    one, context = visitor(
        doing_hip_lifts, server[0], "en-GB", before=lambda page: page.route_web_socket("**", through)
    )
    page = begun(one)
    count = page.locator(".fcl-count")
    expect(count).to_have_text(re.compile(r"^1"), timeout=60_000)
    n_wires = len(wires)
    wires[-1].close()
    expect(count).to_have_text(re.compile(r"^[3-5]"), timeout=60_000)
    assert len(wires) > n_wires, "it was cut off, and came back"
    page.get_by_role("button", name=word("live_stop", "en")).click()
    told = page.locator(".fc-head")
    expect(told).to_contain_text(re.compile(word("live_sum", "en", n="[3-5]")), timeout=30_000)
    context.close()


def test_a_picture_that_stands_still_ends_the_set_and_its_message_is_in_the_language_of_the_page(
    doing_hip_lifts: Browser, server: tuple[str, object]
) -> None:
    one, context = visitor(doing_hip_lifts, server[0], "en-GB")
    page = begun(one)
    page.evaluate("document.querySelector('.fcl-stage video').pause()")
    note = page.locator(".fcl-note")
    expect(note).to_have_text(word("live_lost", "en"), timeout=10_000)
    expect(page.locator(".fcl-stage")).to_have_count(0)
    page.get_by_text("日本語", exact=True).click()
    expect(note).to_have_text(word("live_lost", "ja"), timeout=20_000)
    context.close()


UPRIGHT = """() => {
  const copy = document.createElement("canvas"), seen = document.querySelector(".fcl-stage video");
  Object.assign(copy, {width: seen.videoHeight, height: seen.videoWidth});
  copy.getContext("2d").fillRect(0, 0, copy.width, copy.height);
  window.camera = seen.srcObject;
  seen.srcObject = copy.captureStream(30);
  setInterval(() => copy.getContext("2d").fillRect(0, 0, copy.width, copy.height), 30);
}"""
"""The camera's picture from now on as of a phone in somebody's hand."""
PROPPED = "() => { document.querySelector('.fcl-stage video').srcObject = window.camera; }"


def test_a_phone_may_be_propped_up_after_the_start_and_not_be_turned_in_a_set(
    doing_hip_lifts: Browser, server: tuple[str, object]
) -> None:
    one, context = visitor(doing_hip_lifts, server[0], "en-GB")
    page = go_live(one, "en")
    page.get_by_role("button", name=word("live_start", "en")).click()
    page.wait_for_function("(v => v && v.videoWidth)(document.querySelector('.fcl-stage video'))")
    page.evaluate(UPRIGHT)
    expect(page.locator(".fcl-said")).not_to_have_text(word("live_waiting", "en"), timeout=60_000)
    page.evaluate(PROPPED)
    expect(page.locator(".fcl-count")).to_have_text(re.compile(r"^[1-4]"), timeout=60_000)
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_timeout(1000)
    page.screenshot(path=ARTIFACTS / "before_the_camera_on_its_side.png")
    picture, said = page.locator(".fcl-stage").bounding_box(), page.locator(".fcl-said").bounding_box()
    assert picture is not None
    assert picture["width"] > 600
    assert said is None or said["height"] < 0.2 * picture["height"]
    page.evaluate(UPRIGHT)
    expect(page.locator(".fcl-note")).to_have_text(word("live_turned", "en"), timeout=30_000)
    expect(page.locator(".fc-head")).to_contain_text(re.compile(word("live_sum", "en", n="[1-4]")), timeout=30_000)
    context.close()
