"""The page: what a click does, in both languages."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from conftest import write_clip
from streamlit.testing.v1 import AppTest
from synthetic_analysis import build_analysis
from ui_work import at_once, until, until_stopped

from formcheck.analysis import Options
from formcheck.cards import Lang, load_cards
from formcheck.findings import findings
from formcheck.guidance import read_answers
from formcheck.records import Comparison, Note
from formcheck.texts import text
from formcheck.ui import LANG_VARIABLE
from formcheck.ui import visit as visits
from formcheck.ui.asking import Check
from formcheck.ui.choosing import QUALITIES, _quality
from formcheck.ui.chosen import Choice
from formcheck.ui.empty import MAIN
from formcheck.ui.example import Example
from formcheck.ui.job import Line, Outcome
from formcheck.ui.samples import samples
from formcheck.ui.sharing import _everything
from formcheck.ui.visit import Clip, Result, Visit
from formcheck.ui.words import word as words_of

ROOT = Path(__file__).parent.parent
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
ENGLISH_SENTENCE = re.compile(r"(?:\b[A-Za-z]{2,}\b[ ,]+){3}")
LANGS: tuple[Lang, ...] = ("ja", "en")


def words(app: AppTest) -> str:
    """Everything there is to read, without HTML."""
    found: list[str] = []
    for node in app.main:
        for name in ("label", "help", "caption", "value"):
            value = getattr(node, name, None)
            if isinstance(value, str) and not value.lstrip().startswith("<style"):
                found.append(value)
        options = getattr(node, "options", None)
        found += [str(option) for option in options] if options else []
    # papers are called by their own names in every language
    without = re.sub(r'<ol class="references">.*?</ol>', "", "\n".join(found), flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "\n", without))


def only(lang: Lang, said: str) -> None:
    """No sentence of the other language."""
    if lang == "en":
        assert not JAPANESE.findall(said.replace("日本語", ""))
    else:
        kinds = " ".join(visits.SUFFIXES).upper()
        assert not ENGLISH_SENTENCE.findall(said.replace(kinds, ""))


def app_with_check(script: str = "app.py") -> AppTest:
    """The page for somebody who has answered that all is well."""
    app = AppTest.from_file(str(ROOT / script), default_timeout=30)
    app.session_state["check"] = Check(True, read_answers({"age": 30, "pain": "none", "signs": []}))
    return app


def opened(script: str = "app.py") -> AppTest:
    app = app_with_check(script).run()
    assert not app.exception
    return app


def switched(app: AppTest, lang: Lang) -> AppTest:
    app.radio(key="lang").set_value(lang).run()
    assert not app.exception
    return app


@pytest.fixture
def visit() -> Iterator[Visit]:
    one = Visit(Line(2))
    yield one
    one.close()


@pytest.fixture
def result_visit(visit: Visit) -> Visit:
    """A visit with a result: real records, files of no weight."""
    analysis = build_analysis()
    notes = (Note("jumps", {"count": 2}), Note("no_safety_check"))
    named = replace(analysis.video, name='<img src=x onerror="alert(1)">.mp4')
    far = [replace(m, value=45.0) if m.metric == "overstride_pct_leg" else m for m in analysis.measurements]
    found = findings(far, load_cards())
    analysis = replace(analysis, video=named, measurements=tuple(far), findings=found, warnings=notes)
    folder = visit.folder / "run" / "clip"
    (folder / "frames").mkdir(parents=True)
    write_clip(folder / "annotated.mp4", [np.full((64, 36, 3), shade, np.uint8) for shade in range(30)])
    for name in ("report.html", "analysis.json", "signals.csv", "events.csv", "pose.npz"):
        (folder / name).write_bytes(b"\0" * 16)
    clip = Clip(folder / "clip.mp4", named.name, ours=False)
    visit.result = Result(Outcome(analysis, folder, "ja"), folder.parent, clip)
    return visit


def test_the_sample_is_measured_within_seconds_and_anew_in_neither_language() -> None:
    made = Example(samples()[0])
    began_s = time.monotonic()
    while made.pending:
        assert time.monotonic() - began_s < 30
        time.sleep(0.05)
    assert made.shown is not None
    assert made.shown.analysis.activity == "running"
    assert {m.metric for m in made.shown.analysis.measurements if m.value is not None} >= set(MAIN)


class TestPage:
    @pytest.mark.parametrize("script", ["app.py", "formcheck/ui/start.py"])
    def test_it_opens_in_japanese_with_safety_and_a_sample_first(self, script: str) -> None:
        app = opened(script)
        said = words(app)
        for code in ("page_title", "ui_safety", "danger_signs", "disclaimer", "privacy", "how_to_film"):
            assert text(code, "ja") in said, code
        only("ja", said)
        assert app.button(key="analyse").disabled
        if samples():
            assert not app.button(key="analyse_sample").disabled

    def test_the_switch_leaves_no_word_behind(self) -> None:
        app = switched(opened(), "en")
        only("en", words(app))
        only("ja", words(switched(app, "ja")))

    @pytest.mark.parametrize("lang", LANGS)
    def test_no_video_is_one_clear_sentence_and_the_page_goes_on(self, lang: Lang) -> None:
        app = switched(opened(), lang)
        app.file_uploader(key="uploads_0").set_value(("holiday.mp4", b"dear diary", "video/mp4")).run()
        app.button(key="analyse").click().run()
        finish(app)
        assert [error.value for error in app.error] == [text("not_a_video", lang)]
        assert not app.button(key="analyse").disabled
        visit = app.session_state["visit"]
        assert list(visit.folder.iterdir()) == []

    def test_stop_is_heeded_and_the_page_goes_on(self) -> None:
        app = opened()
        visit = app.session_state["visit"]
        visit._start(until_stopped, Clip(Path("a.mp4"), "a.mp4", ours=False), ())
        app.run()
        assert app.button(key="analyse").disabled
        began_s = time.monotonic()
        app.button(key="stop").click().run()
        finish(app)
        assert time.monotonic() - began_s < 1.0
        assert [info.value for info in app.info] == [text("stopped", "ja")]
        only("ja", words(app))
        while list(visit.folder.iterdir()):
            assert time.monotonic() - began_s < 2.0
            time.sleep(0.02)

    @pytest.mark.parametrize("lang", LANGS)
    def test_results_begin_with_findings_and_speak_one_language(self, result_visit: Visit, lang: Lang) -> None:
        app = app_with_check()
        app.session_state["visit"] = result_visit
        app.session_state["lang"] = lang
        app.run()
        assert not app.exception
        said = words(app)
        only(lang, said.replace("onerror", ""))
        lines = said.splitlines()
        order = [
            lines.index(text(code, lang)) for code in ("findings", "annotated_clip", "plots", "numbers", "downloads")
        ]
        assert order == sorted(order)
        for code in ("level_good", "what_to_try", "before_numbers", "plus_minus_meaning"):
            assert text(code, lang) in said, code
        assert text("jumps", lang, count=2) in said
        # clearly outside, though no more than something to keep an eye on
        assert text("one_change", lang) in said
        assert text("findings_none", lang) not in said
        assert (text("ui_other_language", lang) in said) == (lang == "en")

    @pytest.mark.parametrize("lang", LANGS)
    def test_left_and_right_and_drift_are_told_where_they_are_beyond_their_error(
        self, result_visit: Visit, lang: Lang
    ) -> None:
        """Folded away in whole; as a sentence only where the difference is larger than its error."""
        assert result_visit.result is not None
        analysis = result_visit.result.outcome.analysis
        compared = (
            Comparison("asymmetry", "contact_time_s", None, "s", 0.03, 0.01, 20),
            Comparison("asymmetry", "flight_time_s", None, "s", 0.03, 0.04, 20),
            Comparison("drift", "cadence_spm", None, "spm", -0.2, 0.02, 400, span_s=1200.0),
            Comparison("variability", "trunk_lean_deg", None, "deg", 1.2, 0.2, 400),
        )
        outcome = replace(result_visit.result.outcome, analysis=replace(analysis, comparisons=compared))
        result_visit.result = replace(result_visit.result, outcome=outcome)
        app = app_with_check()
        app.session_state["visit"] = result_visit
        app.session_state["lang"] = lang
        app.run()
        assert not app.exception
        said = words(app)
        assert text("compared", lang) in [expander.label for expander in app.expander]
        beyond = next(node.value for node in app.main if node.type == "html" and "fc-beyond" in node.value)
        told = re.sub(r"<[^>]+>", "\n", beyond)
        assert told.count("±") == 2
        expected = {
            "en": (
                "Contact time: 0.030 ± 0.010 s more on the left",
                "Cadence: fell by 4.0 ± 0.4 steps/min over 20 min",
            ),
            "ja": ("接地時間：左が右より0.030 ± 0.010秒大きい", "ピッチ：20分のあいだに4.0 ± 0.4歩/分減り"),
        }
        for sentence in expected[lang]:
            assert sentence in told
        for folded in ("1.2 ± 0.2°", "0.030 ± 0.040"):
            assert folded in said

    def test_what_was_found_leads_to_its_moment_in_the_clip(self, result_visit: Visit) -> None:
        app = app_with_check()
        app.session_state["visit"] = result_visit
        assert result_visit.result is not None
        analysis = result_visit.result.outcome.analysis
        seen = tuple(replace(f, time_s=2.5) for f in analysis.findings)
        outcome = replace(result_visit.result.outcome, analysis=replace(analysis, findings=seen))
        result_visit.result = replace(result_visit.result, outcome=outcome)
        app.run()
        assert not app.exception
        html = "".join(node.value for node in app.main if node.type == "html")
        assert html.count('data-fc-seek="2.5000"') >= sum(f.level != "unknown" for f in seen)

    def test_a_name_cannot_be_markup(self, result_visit: Visit) -> None:
        app = app_with_check()
        app.session_state["visit"] = result_visit
        app.run()
        html = "".join(node.value for node in app.main if node.type == "html")
        assert "<img src=x" not in html
        assert "&lt;img" in html

    def test_everything_in_one_file(self, result_visit: Visit) -> None:
        assert result_visit.result is not None
        outcome = result_visit.result.outcome
        packed = zipfile.ZipFile(io.BytesIO(_everything(outcome.analysis, outcome.folder, "clip", "ja")))
        written = {f"clip/{p.relative_to(outcome.folder)}" for p in outcome.folder.rglob("*") if p.is_file()}
        made = {f"clip/{name}" for name in ("report.pdf", "plan.pdf", "markers.trc", "angles.mot")}
        assert set(packed.namelist()) == written | made
        assert packed.testzip() is None

    def test_a_visit_cleared_away_is_replaced(self) -> None:
        app = opened()
        first = app.session_state["visit"]
        first.close()
        app.run()
        assert not app.exception
        assert app.session_state["visit"] is not first

    def test_options_reach_the_analysis(self) -> None:
        app = opened()
        asked: list[Options] = []
        visit = app.session_state["visit"]
        visit.analyse = lambda clip, options: asked.append(options)
        app.number_input(key="height_cm").set_value(172.0)
        app.number_input(key="belt_speed").set_value(10.8)
        app.number_input(key="slow_motion").set_value(4.0)
        app.radio(key="pose_ja").set_value("accurate")
        app.selectbox(key="person_ja").set_value(2)
        app.checkbox(key="blur_face").set_value(True)
        app.selectbox(key="activity_ja").set_value("hip_lift").run()
        app.selectbox(key="mode_ja").set_value("gentle")
        app.file_uploader(key="uploads_0").set_value(("run.mp4", b"1234", "video/mp4")).run()
        app.button(key="analyse").click().run()
        assert app.radio(key="pose_ja").options == [_quality(quality, "ja") for quality in QUALITIES]
        said = app.session_state["check"].answers
        numbers = (172.0, pytest.approx(3.0), 4.0)
        assert asked == [
            Options("hip_lift", "auto", *numbers, "accurate", 2, "ja", answers=said, blur_face=True, mode="gentle")
        ]
        # what is changed in the same moment as the button is pressed counts
        app.selectbox(key="person_ja").set_value(3)
        app.selectbox(key="mode_ja").set_value("full")
        app.checkbox(key="blur_face").set_value(False)
        app.button(key="analyse").click().run()
        assert (asked[1].person, asked[1].mode, asked[1].blur_face) == (3, "full", False)
        app.selectbox(key="activity_ja").set_value("plank")
        app.button(key="analyse").click().run()
        assert (asked[2].activity, asked[2].mode) == ("plank", "auto")

    @pytest.mark.parametrize("chosen", [None, "accurate"])
    def test_a_change_of_language_chooses_nothing_else(self, chosen: str | None) -> None:
        app = opened()
        asked: list[Options] = []
        app.session_state["visit"].analyse = lambda clip, options: asked.append(options)
        if chosen is not None:
            app.radio(key="pose_ja").set_value(chosen)
        app.number_input(key="height_cm").set_value(172.0).run()
        for lang in ("en", "ja", "en"):
            switched(app, lang)
            assert app.radio(key=f"pose_{lang}").value == (chosen or Options().pose)
        app.file_uploader(key="uploads_0").set_value(("run.mp4", b"1234", "video/mp4")).run()
        app.button(key="analyse").click().run()
        assert [(options.pose, options.height_cm) for options in asked] == [(chosen or Options().pose, 172.0)]

    @pytest.mark.parametrize("lang", LANGS)
    def test_the_page_begins_in_the_language_it_was_started_with(
        self, lang: Lang, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(LANG_VARIABLE, lang)
        app = opened()
        assert app.session_state["lang"] == lang
        only(lang, words(app))

    def test_the_next_person_is_asked_anew(self, result_visit: Visit) -> None:
        app = app_with_check()
        app.session_state["visit"] = result_visit
        app.run()
        app.number_input(key="height_cm").set_value(172.0)
        app.radio(key="pose_ja").set_value("accurate").run()
        app.button(key="next_person").click().run()
        assert not app.exception
        assert result_visit.results == []
        assert not app.session_state["check"].settled
        assert app.session_state["check"].said["age"] is None
        assert app.number_input(key="height_cm").value is None
        assert app.radio(key="pose_ja").value == Options().pose
        assert result_visit.kept["options"]["height_cm"] is None


@pytest.mark.parametrize("lang", LANGS)
def test_that_the_oldest_result_goes_is_said_before_and_after(visit: Visit, lang: Lang) -> None:
    app = app_with_check()
    app.session_state["visit"], app.session_state["lang"] = visit, lang
    for n in range(visits.MOST_RESULTS + 1):
        if n == visits.MOST_RESULTS:
            app.run()
            assert words_of("queue_goes_next", lang, n=n, name="0.mp4") in words(app)
            app.pills(key=f"which_{lang}_{n}").set_value("2").run()
        visit._start(at_once(f"{n}.mp4"), Clip(Path(f"{n}.mp4"), f"{n}.mp4", ours=False), ())
        until(lambda: visit.job is None)
    app.run()
    assert not app.exception
    assert words_of("queue_gone", lang, n=n, names="0.mp4") in words(app)
    assert words_of("queue_goes_next", lang, n=n, name="1.mp4") in words(app)
    shown = app.pills(key=f"which_{lang}_{n + 1}").value
    assert shown == "7", "the new one, though another had been chosen"


def test_clips_that_have_a_result_are_not_done_again_beside_new_ones(tmp_path: Path) -> None:
    class Sent(io.BytesIO):
        def __init__(self, name: str) -> None:
            super().__init__(b"1234")
            self.name = self.file_id = name

    def copied(name: str, stream: object) -> Clip:
        return Clip(tmp_path / name, name, ours=True)

    choice, first, second = Choice(), Sent("first.mp4"), Sent("second.mp4")
    assert choice.still_to_do([first, second], set()) == [first, second]
    done = {choice.take(first, copied).path}
    assert choice.still_to_do([first, second], set()) == [first, second], "it was stopped, or failed"
    assert choice.still_to_do([first, second], done) == [second]
    assert choice.still_to_do([first], done) == [first], "once more, with other settings"


def test_an_upload_is_analysed_to_the_end(tiny_clip: Path) -> None:
    app = opened()
    app.file_uploader(key="uploads_0").set_value(("my run.mp4", tiny_clip.read_bytes(), "video/mp4")).run()
    app.button(key="analyse").click().run()
    assert text("stop", "ja") in words(app)
    finish(app, 180)
    assert not app.exception
    assert not app.error
    said = words(app)
    assert "my run.mp4" in said
    assert text("findings", "ja") in said
    only("ja", said.replace("my run.mp4", ""))
    only("en", words(switched(app, "en")).replace("my run.mp4", ""))
    visit = app.session_state["visit"]
    app.button(key="draw_again").click().run()
    finish(app, 60)
    assert visit.result.outcome.lang == "en"
    assert len([path for path in visit.folder.iterdir() if path.name.startswith("run-")]) == 1
    report = (visit.result.outcome.folder / "report.html").read_text(encoding="utf-8")
    assert "my run.mp4" in report
    assert str(visit.folder) not in report
    visit.close()
    assert not visit.folder.exists()


def finish(app: AppTest, timeout_s: float = 20.0) -> None:
    """Let the page look again until nothing runs any more, as a browser does by itself."""
    deadline_s = time.monotonic() + timeout_s
    while app.session_state["visit"].job is not None:
        assert time.monotonic() < deadline_s
        time.sleep(0.1)
        app.run()
    app.run()
