"""The safety check on the page, and the plan it gates: what a click does, in both languages."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from guidance_people import measured
from streamlit.testing.v1 import AppTest
from synthetic_analysis import build_analysis

import formcheck
from formcheck.cards import LANGS, Lang
from formcheck.guidance import read_answers
from formcheck.guidance.told import say
from formcheck.texts import text
from formcheck.ui.asking import Check, answers_said
from formcheck.ui.guided import pictures_in
from formcheck.ui.job import Line, Outcome
from formcheck.ui.visit import Clip, Result, Visit


def check_alone() -> None:
    """A page with nothing on it but the check, the plan of an overstriding runner and the short pages."""
    import streamlit as st

    from formcheck.ui.asking import show_check
    from formcheck.ui.guided import show_booklet

    lang = st.radio("lang", ("ja", "en"), key="lang")
    check = show_check(lang)
    st.session_state["settled"] = check.settled
    show_booklet(lang)


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_function(check_alone, default_timeout=30).run()


def shown(page: AppTest) -> str:
    """Everything there is to read."""
    return " ".join(str(element.proto.body) for element in page.get("html"))


def tick(page: AppTest, key: str) -> None:
    page.checkbox(key=key).check().run()


def settled(page: AppTest) -> bool:
    return bool(page.session_state["settled"])


def answer_well(page: AppTest, lang: Lang = "ja") -> None:
    page.number_input(key=f"check_age_{lang}").set_value(34).run()
    page.radio(key=f"check_hurts_{lang}").set_value("no").run()
    tick(page, f"check_nothing_{lang}")


class TestCheck:
    def test_nothing_is_settled_at_first(self, page: AppTest) -> None:
        assert not page.exception
        assert not settled(page)
        assert page.button(key="check_done").disabled
        assert page.number_input(key="check_age_ja").value is None

    def test_age_pain_and_signs_are_all_needed(self, page: AppTest) -> None:
        steps: list[Callable[[], object]] = [
            lambda: page.number_input(key="check_age_ja").set_value(34).run(),
            lambda: page.radio(key="check_hurts_ja").set_value("no").run(),
            lambda: tick(page, "check_nothing_ja"),
        ]
        for step in steps:
            assert page.button(key="check_done").disabled
            step()
        assert not page.button(key="check_done").disabled
        page.button(key="check_done").click().run()
        assert settled(page)
        assert "続けてよい" in shown(page)

    def test_pain_has_to_be_somewhere(self, page: AppTest) -> None:
        answer_well(page)
        page.radio(key="check_hurts_ja").set_value("yes").run()
        assert page.button(key="check_done").disabled
        page.button_group(key="check_place_ja").set_value(["lower_back"]).run()
        page.button_group(key="check_when_ja").set_value(["next_day"]).run()
        page.button(key="check_done").click().run()
        assert "減らす" in shown(page)
        assert "規則「次の日の痛み」" in shown(page)

    def test_none_of_these_and_a_sign_contradict_each_other(self, page: AppTest) -> None:
        answer_well(page)
        tick(page, "check_sign_night_pain_ja")
        page.button(key="check_done").click().run()
        assert "続ける前に受診する" in shown(page)

    def test_what_is_ticked_together_with_the_button_counts(self, page: AppTest) -> None:
        answer_well(page)
        page.checkbox(key="check_sign_night_pain_ja").check()
        page.button(key="check_done").click().run()
        assert "続ける前に受診する" in shown(page)

    def test_what_is_taken_back_together_with_the_button_is_missing(self, page: AppTest) -> None:
        answer_well(page)
        page.checkbox(key="check_nothing_ja").uncheck()
        page.button(key="check_done").click().run()
        assert not settled(page)
        assert say("ask_missing").ja in " ".join(caption.value for caption in page.caption)

    def test_answers_survive_a_change_of_language(self, page: AppTest) -> None:
        answer_well(page)
        tick(page, "check_sign_fever_ja")
        page.radio(key="lang").set_value("en").run()
        assert page.number_input(key="check_age_en").value == 34
        assert page.radio(key="check_hurts_en").value == "no"
        assert page.checkbox(key="check_sign_fever_en").value
        page.button(key="check_done").click().run()
        assert "Rest from running" in shown(page)

    def test_answering_again_begins_with_what_was_said(self, page: AppTest) -> None:
        answer_well(page)
        page.button(key="check_done").click().run()
        page.button(key="check_again").click().run()
        assert not settled(page)
        assert page.number_input(key="check_age_ja").value == 34

    def test_a_professional_may_skip_it_and_that_is_said(self, page: AppTest) -> None:
        page.button(key="check_skip").click().run()
        assert settled(page)
        assert page.session_state["check"].answers is None
        assert say("no_check").ja in shown(page)

    def test_the_short_pages_can_be_read_meanwhile(self, page: AppTest) -> None:
        assert "現場の見方" in shown(page)
        page.radio(key="lang").set_value("en").run()
        page.selectbox(key="leaf_kind_en").set_value("exercise").run()
        assert not page.exception
        assert "When to stop" in shown(page)


def test_what_belongs_to_a_pain_counts_only_where_there_is_one() -> None:
    said = {"age": 34.0, "place": ["knee"], "running": "grows", "signs": [], "calves": "short", "week_km": None}
    with_pain, without = (answers_said(Check(said=said), hurts) for hurts in (True, False))
    assert with_pain.choices["place"] == {"knee"}
    assert with_pain.choices["running"] == {"grows"}
    assert without.choices["place"] == frozenset()
    assert "running" not in without.choices
    assert without.choices["calves"] == {"short"}
    assert without.numbers == {"age": 34.0}


def test_pictures_are_those_that_are_there(tmp_path: Path) -> None:
    analysis = replace(build_analysis(), findings=tuple(measured([]).findings))
    assert pictures_in(analysis, tmp_path) == {}
    (tmp_path / "contact_right.jpg").write_bytes(b"jpeg")
    ((kind, side),) = pictures_in(analysis, tmp_path)
    assert (kind, side) == ("contact", "right")


def test_both_languages_have_the_phrases_of_the_form() -> None:
    for code in ("ask_intro", "ask_pain", "none_of_these", "ask_done", "skip", "skip_warning", "check_first"):
        assert all(say(code).get(lang) for lang in LANGS)


# ------------------------------------------------------------------------------------------------ the whole page


@pytest.fixture
def visit() -> Iterator[Visit]:
    """Somebody with the result of an overstriding runner, analysed while all was well."""
    one = Visit(Line(2))
    clip = measured([["cadence_spm", "", 158.0, 0.5], ["overstride_pct_leg", "right", 40.0, 2.0]])
    analysis = replace(
        build_analysis(),
        measurements=tuple(clip.measurements),
        findings=tuple(clip.findings),
        answers=read_answers({"age": 30, "pain": "none", "signs": []}),
    )
    folder = one.folder / "run" / "clip"
    (folder / "frames").mkdir(parents=True)
    for name in ("annotated.mp4", "report.html", "plan.html"):
        (folder / name).write_bytes(b"0")
    one.result = Result(Outcome(analysis, folder, "en"), folder.parent, Clip(folder / "clip.mp4", "clip.mp4", False))
    yield one
    one.close()


def whole_page(visit: Visit, check: Check) -> AppTest:
    page = AppTest.from_file(str(Path(formcheck.__path__[0]).parent / "app.py"), default_timeout=60)
    page.session_state["visit"], page.session_state["check"], page.session_state["lang"] = visit, check, "en"
    return page.run()


def headings(page: AppTest) -> list[str]:
    return [heading.value for heading in page.subheader]


class TestWholePage:
    def test_nothing_is_analysed_or_shown_before_the_check(self, visit: Visit) -> None:
        page = whole_page(visit, Check())
        assert not page.exception
        assert page.button(key="analyse_sample").disabled
        assert page.button(key="analyse").disabled
        assert text("findings", "en") not in headings(page)
        assert [info.value for info in page.info] == [say("check_first").en]

    def test_a_cadence_to_try_comes_with_its_metronome(self, visit: Visit) -> None:
        page = whole_page(visit, Check(settled=True))
        assert "Metronome (166 steps a minute)" in [part.label for part in page.expander]

    def test_the_plan_comes_before_the_findings(self, visit: Visit) -> None:
        assert visit.result is not None
        page = whole_page(visit, Check(True, visit.result.outcome.analysis.answers))
        assert not page.exception
        assert headings(page)[:2] == [say("one_thing_title").en, text("findings", "en")]
        assert "Steps 5% quicker" in shown(page)
        assert 'class="fc-advice"' in shown(page)
        assert not page.button(key="analyse_sample").disabled

    def test_other_answers_gate_at_once_what_is_shown_and_the_files_are_made_anew(self, visit: Visit) -> None:
        hurt = read_answers({"age": 15, "pain": "back", "signs": []})
        visit.answered(hurt)
        assert visit.job is not None or visit.failures, "the files are being made anew"
        visit.stop_all()
        deadline_s = time.monotonic() + 20
        while visit.job is not None:
            assert time.monotonic() < deadline_s
            time.sleep(0.01)
        page = whole_page(visit, Check(True, hurt))
        assert not page.exception
        assert "See a doctor before you go on" in shown(page)
        assert say("advice_withheld").en in shown(page)
        assert 'class="fc-advice"' not in shown(page)
        assert 'class="item"' not in shown(page)

    def test_the_same_answers_make_no_work(self, visit: Visit) -> None:
        assert visit.result is not None
        visit.answered(visit.result.outcome.analysis.answers)
        assert visit.job is None
