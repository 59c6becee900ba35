"""Keeping somebody's analyses and diary in a real browser, with a real clip and a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from formcheck.cards import Lang
from formcheck.guidance.running import load_load_rules
from formcheck.guidance.safety import load_outcomes
from formcheck.history import analyses, diary, people
from formcheck.history.database import open_history
from formcheck.history.place import Place
from formcheck.keeping import reopened, to_keep
from formcheck.texts import text
from formcheck.ui.words import word

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, Page, expect
from visitors import ANALYSIS_MS, ARTIFACTS, LANGS, WIDTHS, Visitor, browser, clips, faults, server, settled, visitor

__all__ = ["browser", "clips", "server"]
pytestmark = pytest.mark.browser
NAMES: dict[Lang, str] = {"ja": "青井 はる", "en": "Haru Aoi"}
TOO_WIDE = (
    "(() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth; })()"
)
LOCALES: dict[Lang, str] = {"ja": "ja-JP", "en": "en-GB"}


@pytest.fixture(scope="module", params=LANGS)
def keeper(
    request: pytest.FixtureRequest, browser: Browser, server: tuple[str, Path], clips: tuple[Path, Path]
) -> Iterator[tuple[Visitor, Lang, Place]]:
    """Somebody with the result of a real clip, and where the server keeps things."""
    lang: Lang = request.param
    one, context = visitor(browser, server[0], LOCALES[lang])
    ARTIFACTS.mkdir(exist_ok=True)
    one.upload(clips[0])
    expect(one.page.get_by_role("heading", name=text("findings", lang), exact=True)).to_be_visible(timeout=ANALYSIS_MS)
    yield one, lang, Place(server[1].parent / "data")
    assert one.asked == {server[0]}, "nothing leaves the machine"
    assert one.complaints == []
    context.close()


def go(one: Visitor, area: str, lang: Lang) -> None:
    one.page.locator(f".st-key-area_{lang}").get_by_text(word(f"area_{area}", lang), exact=True).click()
    settled(one.page)


def tab(page: Page, name: str, lang: Lang) -> None:
    page.get_by_role("tab", name=text(f"people_tab_{name}", lang), exact=True).click()
    settled(page)


def look(one: Visitor, name: str, lang: Lang) -> None:
    """A picture at both widths; nothing is wider than the screen; no word of the other language."""
    one.picture(f"people_{name}_{lang}")
    for width in WIDTHS.values():
        one.page.set_viewport_size({"width": width, "height": 900})
        one.page.wait_for_timeout(400)
        over = one.page.evaluate(TOO_WIDE)
        assert over <= 0, f"{name} is {over} px too wide on a screen of {width} px"
        assert faults(one.page) == [], f"{name} at {width} px"
    one.page.set_viewport_size({"width": 1280, "height": 900})
    assert one.left_over(lang) == [], name


def test_keep_diary_trend_reopen_delete(keeper: tuple[Visitor, Lang, Place]) -> None:
    one, lang, place = keeper
    _keeps_the_result(one, lang)
    _earlier_days(place, lang)
    go(one, "people", lang)
    _writes_the_diary(one, lang)
    _writes_an_exercise(one, lang)
    _writes_a_run(one, lang)
    _sees_the_trend(one, lang)
    _opens_an_earlier_analysis(one, lang)
    _deletes_everything(one, lang, place)


def _keeps_the_result(one: Visitor, lang: Lang) -> None:
    page = one.page
    page.get_by_text(text("keep_title", lang)).click()
    page.locator(".st-key-keep_name input").fill(NAMES[lang])
    page.locator(".st-key-keep_name input").press("Tab")
    page.locator(".st-key-keep_clip label").first.click()
    settled(page)
    look(one, "keep", lang)
    page.locator(".st-key-keep button").click()
    expect(page.get_by_text(text("keep_done", lang))).to_be_visible(timeout=30_000)


def _earlier_days(place: Place, lang: Lang) -> None:
    """The same clip as if filmed weeks before, with other numbers, and a diary: what takes weeks in life."""
    today = date.today()
    with open_history(place) as history:
        with history.reading() as session:
            person = people.find(session, people.LOCAL, NAMES[lang])
            (kept,) = analyses.listed(session, person)
            kept = analyses.find(session, person, kept.id)
        for weeks_ago, share in ((5, 0.94), (3, 0.97)):
            what = to_keep(reopened(kept), today - timedelta(weeks=weeks_ago))
            for row in what.content["measurements"]:
                if isinstance(row["value"], float):
                    row["value"] *= share
            analyses.keep(history, people.LOCAL, person.id, what)
        with history.writing() as session:
            person = people.find(session, people.LOCAL, NAMES[lang])
            for days_ago in range(1, 30, 2):
                day = today - timedelta(days=days_ago)
                pain = days_ago // 6
                diary.write_day(
                    session, person, day, before=pain // 2, during=pain // 2, after=pain, condition=5 - pain
                )
                diary.write_exercise(session, person, day, "draw_in", reps=10, seconds=5)
                diary.write_run(session, person, day, 4 + days_ago % 7, 30)


def _writes_the_diary(one: Visitor, lang: Lang) -> None:
    page = one.page
    for label, pain in (("before", 1), ("during", 4), ("next_day", 2)):
        box = page.get_by_label(text(f"diary_{label}", lang), exact=True)
        box.fill(str(pain))
        box.press("Tab")
    page.get_by_role("button", name="膝" if lang == "ja" else "knee", exact=True).click()
    page.locator(".st-key-diary_save button").click()
    expect(page.get_by_text(text("diary_saved", lang, day=date.today().isoformat()))).to_be_visible(timeout=30_000)
    expect(page.get_by_text(load_outcomes()["rest"].do.get(lang)).first).to_be_visible()
    look(one, "diary", lang)


def _writes_an_exercise(one: Visitor, lang: Lang) -> None:
    page = one.page
    tab(page, "exercises", lang)
    page.locator(".st-key-exercise_reps input").fill("12")
    page.locator(".st-key-exercise_reps input").press("Tab")
    page.locator(".st-key-exercise_save button").click()
    expect(page.get_by_text(text("exercise_saved", lang))).to_be_visible(timeout=30_000)
    look(one, "exercises", lang)


def _writes_a_run(one: Visitor, lang: Lang) -> None:
    page = one.page
    tab(page, "distance", lang)
    page.locator(".st-key-run_km input").fill("42")
    page.locator(".st-key-run_km input").press("Tab")
    page.locator(".st-key-run_save button").click()
    expect(page.get_by_text(text("run_saved", lang))).to_be_visible(timeout=30_000)
    because = load_load_rules()["week_too_much"].do.get(lang).partition("{")[0]
    expect(page.get_by_text(because).first).to_be_visible()
    look(one, "distance", lang)


def _sees_the_trend(one: Visitor, lang: Lang) -> None:
    tab(one.page, "trends", lang)
    expect(one.page.locator(".st-key-trend_chart .js-plotly-plot")).to_be_visible(timeout=30_000)
    expect(one.page.get_by_text(text("trend_how", lang))).to_be_visible()
    look(one, "trends", lang)


def _opens_an_earlier_analysis(one: Visitor, lang: Lang) -> None:
    page = one.page
    tab(page, "analyses", lang)
    look(one, "analyses", lang)
    page.get_by_role("button", name=text("kept_open", lang), exact=True).last.click()
    day = (date.today() - timedelta(weeks=5)).isoformat()
    expect(page.get_by_text(text("kept_of_day", lang, day=day))).to_be_visible(timeout=60_000)
    expect(page.get_by_role("heading", name=text("findings", lang), exact=True)).to_be_visible(timeout=30_000)
    look(one, "reopened", lang)


def _deletes_everything(one: Visitor, lang: Lang, place: Place) -> None:
    page = one.page
    go(one, "people", lang)
    tab(page, "data", lang)
    look(one, "data", lang)
    page.get_by_text(text("people_delete_sure", lang)).click()
    expect(page.locator(".st-key-delete_person_button button")).to_be_enabled(timeout=30_000)
    page.locator(".st-key-delete_person_button button").click()
    expect(page.get_by_text(text("people_deleted", lang, name=NAMES[lang]))).to_be_visible(timeout=30_000)
    look(one, "empty", lang)
    left = b"".join(path.read_bytes() for path in place.folder.rglob("*") if path.is_file())
    assert NAMES[lang].encode() not in left
    assert list(place.clips.iterdir()) == []
