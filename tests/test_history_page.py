"""The area of people on the page, and keeping what is on it: what a click does, in both languages."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from history_page import LOCAL, ROOT, finish, kept_for_somebody_new, kept_of, names_in, page, ran, said
from kept_things import a_clip_and_its_results, kept_kind_of_analysis
from streamlit import config
from streamlit.testing.v1 import AppTest

from formcheck.analysis import Progress
from formcheck.cards import LANGS, Lang
from formcheck.guidance.running import load_load_rules
from formcheck.guidance.safety import load_outcomes
from formcheck.history import analyses, diary, people
from formcheck.history.archive import save_archive
from formcheck.history.database import History, open_history
from formcheck.history.place import Place, place_of
from formcheck.keeping import to_keep
from formcheck.records import Note, Stopped
from formcheck.texts import text
from formcheck.ui.asking import Check
from formcheck.ui.job import Line, Look, Outcome
from formcheck.ui.remembering import plain_words
from formcheck.ui.reopening import reopening_of
from formcheck.ui.running import _how_far
from formcheck.ui.trends import SIGNS
from formcheck.ui.visit import Clip, Result, Visit
from formcheck.ui.words import word

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    """A visit with a result: real records, files of no weight."""
    one = Visit(Line(2))
    clip, results = a_clip_and_its_results(tmp_path)
    analysis = kept_kind_of_analysis()
    one.result = Result(Outcome(analysis, results, "ja"), results, Clip(clip, "run.mp4", ours=False))
    yield one
    one.close()


@pytest.fixture
def history() -> Iterator[History]:
    with open_history(place_of()) as opened:
        yield opened


def test_the_database_is_loaded_only_where_somebody_is_looked_at() -> None:
    code = "import sys, formcheck.ui.page; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


class TestNothingKept:
    @pytest.mark.parametrize("lang", LANGS)
    def test_looking_at_the_area_of_people_begins_nothing(self, visit: Visit, lang: Lang) -> None:
        app = page(visit, lang, "people")
        assert text("people_none", lang) in said(app)
        assert not place_of().folder.exists()
        if lang == "en":
            assert not JAPANESE.search(said(app).replace("日本語", ""))

    def test_a_result_by_itself_is_not_kept(self, visit: Visit) -> None:
        app = page(visit)
        assert text("keep_button", "ja") in said(app)
        assert not place_of().folder.exists()


class TestKeep:
    def test_for_somebody_new(self, visit: Visit) -> None:
        app = kept_for_somebody_new(visit, "青井 はる")
        assert [s.value for s in app.success] == [text("keep_done", "ja")]
        with open_history(place_of()) as history:
            assert names_in(history) == ["青井 はる"]
            (kept,) = kept_of(history, "青井 はる")
            assert not kept.has_clip
            assert not place_of().clips.exists()
        assert text("keep_done_before", "ja") in said(app)
        assert app.selectbox(key="keep_for_ja").value == app.session_state["keep_for"] != ""

    def test_the_clip_stays_only_when_ticked(self, visit: Visit) -> None:
        kept_for_somebody_new(visit, "Aoi", with_clip=True, lang="en")
        with open_history(place_of()) as history:
            (kept,) = kept_of(history, "Aoi")
            folder = analyses.clip_folder(history.place, kept)
        assert folder is not None
        assert (folder / "clip.mp4").read_bytes() == b"as filmed"

    def test_without_a_name_nothing_is_kept_and_that_is_said(self, visit: Visit) -> None:
        app = kept_for_somebody_new(visit, "  ")
        assert [e.value for e in app.error] == [text("person_name", "ja", longest=120)]

    def test_with_several_people_nobody_is_chosen_by_chance(self, visit: Visit, history: History) -> None:
        with history.writing() as session:
            for name in ("Aoi", "Ben"):
                people.add(session, LOCAL, name)
        app = page(visit)
        assert app.selectbox(key="keep_for_ja").value == ""


class TestPeople:
    @pytest.mark.parametrize("lang", LANGS)
    def test_added_renamed_deleted(self, visit: Visit, lang: Lang) -> None:
        app = page(visit, lang, "people")
        app.text_input(key="new_person").set_value("Aoi")
        ran(app.button(key="add_person").click().run())
        assert [s.value for s in app.success] == [text("people_added", lang, name="Aoi")]
        person_id = app.session_state["person_shown"]
        app.text_input(key=f"rename_{person_id}").set_value("Haru")
        ran(app.button(key="rename").click().run())
        assert app.selectbox(key=f"person_shown_{lang}").options == ["Haru"]
        assert app.button(key="delete_person_button").disabled
        ran(app.checkbox(key=f"sure_{person_id}").check().run())
        ran(app.button(key="delete_person_button").click().run())
        assert text("people_deleted", lang, name="Haru") in said(app)
        with open_history(place_of()) as history:
            assert names_in(history) == []

    def test_opening_tells_what_it_does_and_how_far_it_is(self, visit: Visit, tmp_path: Path) -> None:
        kept_for_somebody_new(visit, "Aoi")
        with open_history(place_of()) as history:
            (row,) = kept_of(history, "Aoi")
            with history.reading() as session:
                kept = analyses.find(session, people.find(session, LOCAL, "Aoi"), row.id)
        told: list[Progress] = []
        open_again = reopening_of(kept, None, "en")
        open_again(tmp_path, told.append, lambda: False, lambda _: None)
        assert list(dict.fromkeys(progress.stage for progress in told)) == ["reading", "report"]
        shares = [progress.share for progress in told]
        assert shares == sorted(shares)
        assert (shares[0], shares[-1]) == (0.0, 1.0)
        assert len(set(shares)) > 4
        stopped = tmp_path / "stopped"
        stopped.mkdir()
        with pytest.raises(Stopped):
            open_again(stopped, told.append, lambda: True, lambda _: None)

    @pytest.mark.parametrize("lang", LANGS)
    def test_reading_back_tells_seconds_as_nobody_knows_its_share(self, lang: Lang) -> None:
        words = _how_far(Look("running", stage="reading", elapsed_s=12.6), lang)
        assert words == {"ja": "残した結果を読み戻しています　12秒", "en": "Reading the kept result · 12 s"}[lang]

    def test_an_earlier_analysis_opens_again_with_its_findings(self, visit: Visit) -> None:
        kept_for_somebody_new(visit, "Aoi", with_clip=True)
        app = page(visit, "en", "people")
        with open_history(place_of()) as history:
            (kept,) = kept_of(history, "Aoi")
        ran(app.button(key=f"open_{kept.id}").click().run())
        finish(app)
        assert app.session_state["area"] == "clip"
        assert app.info[0].value == text("kept_of_day", "en", day=kept.filmed_on.isoformat())
        assert text("findings", "en") in [h.value for h in app.subheader]
        assert visit.result is not None
        assert (visit.result.outcome.folder / "annotated.mp4").read_bytes() == b"annotated"
        assert "keep" not in {button.key for button in app.button}

    @pytest.mark.parametrize("lang", LANGS)
    def test_one_kept_without_its_clip_opens_in_the_other_language_too(self, visit: Visit, lang: Lang) -> None:
        kept_for_somebody_new(visit, "Aoi")
        app = page(visit, "ja", "people")
        with open_history(place_of()) as history:
            (kept,) = kept_of(history, "Aoi")
        ran(app.button(key=f"open_{kept.id}").click().run())
        finish(app)
        ran(app.radio(key="lang").set_value(lang).run())
        assert text("kept_no_pictures", lang) in said(app)
        visit.draw_again(lang)
        finish(app)
        assert visit.problem is None
        assert visit.result is not None
        assert visit.result.outcome.lang == lang
        assert (visit.result.outcome.folder / "report.html").is_file()

    @pytest.mark.parametrize("lang", LANGS)
    def test_one_kept_without_its_clip_is_compared_by_its_numbers_and_curves(self, visit: Visit, lang: Lang) -> None:
        kept_for_somebody_new(visit, "Aoi")
        app = page(visit, lang, "people")
        with open_history(place_of()) as history:
            (kept,) = kept_of(history, "Aoi")
        ran(app.button(key=f"open_{kept.id}").click().run())
        finish(app)
        app = page(visit, lang, "compare")
        name = word("compare_of_day", lang, day=kept.filmed_on.isoformat(), name=kept.name)
        assert [info.value for info in app.info] == [word("compare_no_clips", lang, names=plain_words(name))]
        assert text("compare_how", lang) in said(app)
        assert word("compare_curves", lang) in [h.value for h in app.subheader]
        assert app.button(key="compare_export").label == word("compare_export_table", lang)
        ran(app.button(key="compare_export").click().run())
        (export,) = visit.kept["exports"].values()
        deadline_s = time.monotonic() + 30
        while export.pending:
            assert time.monotonic() < deadline_s
            time.sleep(0.1)
        assert export.problem is None
        assert {"compare.html", "compare.json"} <= {path.name for path in export.folder.iterdir()}

    def test_nothing_is_opened_before_the_safety_check(self, visit: Visit) -> None:
        kept_for_somebody_new(visit, "Aoi")
        app = page(visit, "ja", "people", settled=False)
        assert all(button.disabled for button in app.button if str(button.key).startswith("open_"))
        assert text("kept_check_first", "ja") in [i.value for i in app.info]

    def test_an_analysis_is_deleted(self, visit: Visit) -> None:
        kept_for_somebody_new(visit, "Aoi")
        app = page(visit, "ja", "people")
        (key,) = [b.key for b in app.button if str(b.key).startswith("delete_") and b.key != "delete_person_button"]
        ran(app.button(key=key).click().run())
        with open_history(place_of()) as history:
            assert kept_of(history, "Aoi") == []

    def test_a_history_that_cannot_be_read_is_one_sentence_and_the_page_goes_on(self, visit: Visit) -> None:
        place = place_of()
        place.folder.mkdir()
        place.file.write_bytes(b"dear diary, " * 1000)
        app = page(visit, "en", "people")
        assert len(app.error) == 1
        assert app.error[0].value.startswith("The history could not be read")
        assert text("privacy", "en") in said(app)


SIGNED_IN = {"is_logged_in": True, "iss": "https://issuer.example", "sub": "1", "name": "Dr. Mori"}


class TestSignIn:
    """Streamlit's own sign-in, switched on by its secrets."""

    def page_of(self, visit: Visit, user: dict[str, Any]) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.secrets["auth"] = {"redirect_uri": "http://localhost/oauth2callback"}
        app.user = user
        app.session_state["visit"], app.session_state["lang"], app.session_state["area"] = visit, "en", "people"
        app.session_state["check"] = Check(True, None)
        return ran(app.run())

    def test_nobody_is_seen_before_it(self, visit: Visit, history: History) -> None:
        with history.writing() as session:
            people.add(session, LOCAL, "Aoi")
        app = self.page_of(visit, {"is_logged_in": False})
        assert "Aoi" not in said(app)
        assert [button.label for button in app.button if button.key == "sign_in"] == [text("sign_in", "en")]
        assert not [box for box in app.text_input if str(box.key).startswith("new_person")]

    def test_each_sees_their_own_people_only(self, visit: Visit, history: History) -> None:
        app = self.page_of(visit, SIGNED_IN)
        app.text_input(key="new_person").set_value("Client of Mori")
        ran(app.button(key="add_person").click().run())
        assert "Client of Mori" in said(app)
        assert text("signed_in_as", "en", name="Dr. Mori") in said(app)
        for other in ({**SIGNED_IN, "sub": "2"}, {**SIGNED_IN, "iss": "https://other.example"}):
            assert "Client of Mori" not in said(self.page_of(visit, other))
        assert names_in(history) == []

    def test_whoever_signs_in_next_at_the_same_browser_begins_anew(self, visit: Visit) -> None:
        assert self.page_of(visit, SIGNED_IN).session_state["visit"] is visit
        for who in ({"is_logged_in": False}, {**SIGNED_IN, "sub": "2"}):
            app = self.page_of(visit, who)
            assert app.session_state["visit"] is not visit
            assert "run.mp4" not in said(app)
        assert self.page_of(visit, SIGNED_IN).session_state["visit"] is visit

    @pytest.mark.parametrize("missing", ["iss", "sub", "is_logged_in"])
    def test_who_cannot_be_told_apart_sees_nothing(self, visit: Visit, missing: str) -> None:
        app = self.page_of(visit, {name: value for name, value in SIGNED_IN.items() if name != missing})
        assert "sign_in" in {button.key for button in app.button}

    def test_secrets_that_cannot_be_read_let_nobody_in(self, visit: Visit, history: History, tmp_path: Path) -> None:
        """A slip in the file must not open the records of a practice to everybody."""
        with history.writing() as session:
            people.add(session, LOCAL, "Aoi")
        broken = tmp_path / "secrets.toml"
        broken.write_text('[auth\nredirect_uri = "http://localhost/oauth2callback"\n')
        before = st.get_option("secrets.files")
        config.set_option("secrets.files", [str(broken)])
        try:
            app = page(visit, "en", "people")
        finally:
            config.set_option("secrets.files", before)
        assert "Aoi" not in said(app)
        assert "sign_in" in {button.key for button in app.button}

    def test_keeping_asks_for_it_first(self, visit: Visit) -> None:
        app = self.page_of(visit, {"is_logged_in": False})
        app.session_state["area"] = "clip"
        assert text("keep_sign_in_first", "en") in said(ran(app.run()))


@pytest.fixture
def aoi(history: History) -> str:
    with history.writing() as session:
        return people.add(session, LOCAL, "Aoi").id


class TestDiary:
    @pytest.mark.parametrize("lang", LANGS)
    def test_a_day_is_written_and_its_meaning_told(self, visit: Visit, history: History, aoi: str, lang: Lang) -> None:
        app = page(visit, lang, "people")
        key = f"diary_{aoi}_{date.today().isoformat()}_0"
        for name, pain in (("before", 1), ("during", 4), ("after", 3)):
            app.number_input(key=f"{key}_{name}").set_value(pain)
        app.button_group(key=f"{key}_places_{lang}").set_value(["knee"])
        app.button_group(key=f"{key}_condition_{lang}").set_value(2)
        ran(app.button(key="diary_save").click().run())
        with history.reading() as session:
            (day,) = diary.days(session, people.find(session, LOCAL, aoi))
        assert (day.before, day.during, day.after, day.next_day, day.places, day.condition) == (
            1,
            4,
            3,
            None,
            ["knee"],
            2,
        )
        outcome = load_outcomes()["rest"]
        assert outcome.name.get(lang) in said(app)
        assert outcome.do.get(lang) in said(app)
        again = page(visit, lang, "people")
        assert again.number_input(key=f"{key}_during").value == 4
        ran(again.button(key="diary_strike").click().run())
        with history.reading() as session:
            assert diary.days(session, people.find(session, LOCAL, aoi)) == []
        anew = f"diary_{aoi}_{date.today().isoformat()}_1_during"
        assert again.number_input(key=anew).value is None, "what was struck would be written again"

    def test_an_exercise_counts_towards_the_week_and_can_be_struck(
        self, visit: Visit, history: History, aoi: str
    ) -> None:
        app = page(visit, "en", "people")
        app.selectbox(key="exercise_chosen_en").set_value("draw_in")
        app.number_input(key="exercise_reps").set_value(10)
        ran(app.button(key="exercise_save").click().run())
        assert text("streak_this_week", "en", n=1, goal=3) in said(app)
        assert "Draw-in, reps: 10" in said(app)
        app.checkbox(key="exercise_hurt").check()
        ran(app.button(key="exercise_save").click().run())
        (warning,) = app.warning
        assert "left out" in warning.value
        for _ in range(2):
            struck = next(button for button in app.button if str(button.key).startswith("strike_"))
            ran(struck.click().run())
        with history.reading() as session:
            assert diary.exercises(session, people.find(session, LOCAL, aoi)) == []

    @pytest.mark.parametrize("lang", LANGS)
    def test_more_than_ten_per_cent_is_told_with_the_limit(
        self, visit: Visit, history: History, aoi: str, lang: Lang
    ) -> None:
        today = date.today()
        with history.writing() as session:
            diary.write_run(session, people.find(session, LOCAL, aoi), today - timedelta(days=7), 20)
        app = page(visit, lang, "people")
        app.number_input(key="run_km").set_value(21.0)
        ran(app.button(key="run_save").click().run())
        do = load_load_rules()["week_too_much"].do.get(lang).format(limit=22)
        assert do not in said(app)
        ran(app.number_input(key="run_planned").set_value(5.0).run())
        assert do in said(app)
        assert "Buist" in said(app)

    def test_a_run_without_a_distance_is_not_kept(self, visit: Visit, history: History, aoi: str) -> None:
        app = page(visit, "ja", "people")
        ran(app.button(key="run_save").click().run())
        assert text("run_no_km", "ja") in said(app)
        with history.reading() as session:
            assert diary.runs(session, people.find(session, LOCAL, aoi)) == []


class TestTrends:
    @pytest.mark.parametrize("lang", LANGS)
    def test_a_change_is_told_beyond_the_error_only_and_in_one_language(
        self, visit: Visit, history: History, aoi: str, lang: Lang
    ) -> None:
        made, today = kept_kind_of_analysis(), date.today()
        for days_ago, cadence in ((40, 160.0), (0, 172.0)):
            measured = tuple(replace(m, value=cadence) if m.metric == "cadence_spm" else m for m in made.measurements)
            what = to_keep(replace(made, measurements=measured), today - timedelta(days=days_ago))
            analyses.keep(history, LOCAL, aoi, what)
        app = page(visit, lang, "people")
        lines = said(app).splitlines()
        assert text("trend_changed", lang, n=1, total=5) in lines
        assert sum(f"{SIGNS['up']} {text('trend_up', lang)}" in line for line in lines) == 1
        assert sum(f"{SIGNS['within_error']} {text('trend_within_error', lang)}" in line for line in lines) == 4
        if lang == "en":
            assert not JAPANESE.search(said(app).replace("日本語", ""))

    def test_each_activity_has_trends_of_its_own(self, visit: Visit, history: History, aoi: str) -> None:
        made = kept_kind_of_analysis()
        for activity, day in (("hip_lift", date.today()), ("running", date.today() - timedelta(days=7))):
            analyses.keep(history, LOCAL, aoi, to_keep(replace(made, activity=activity), day))
        app = page(visit, "en", "people")
        assert app.selectbox(key="trend_activity_en").value == "hip_lift"
        ran(app.selectbox(key="trend_activity_en").set_value("running").run())
        assert text("trend_one_only", "en") in said(app)

    def test_each_way_of_doing_it_has_trends_of_its_own(self, visit: Visit, history: History, aoi: str) -> None:
        made = replace(kept_kind_of_analysis(), activity="hip_lift")
        for way, days_ago in (("hip_lift_gentle_mode", 14), ("hip_lift_full_mode", 7), ("hip_lift_full_chosen", 0)):
            day = date.today() - timedelta(days=days_ago)
            analyses.keep(history, LOCAL, aoi, to_keep(replace(made, warnings=(Note(way),)), day))
        app = page(visit, "en", "people")
        assert app.selectbox(key="trend_variant_en").value == "hip_lift_full"
        assert text("trend_one_only", "en") not in said(app)
        ran(app.selectbox(key="trend_variant_en").set_value("hip_lift_gentle").run())
        assert text("trend_one_only", "en") in said(app)

    def test_numbers_wait_for_the_safety_check(self, visit: Visit, history: History, aoi: str) -> None:
        analyses.keep(history, LOCAL, aoi, to_keep(kept_kind_of_analysis(), date.today()))
        app = page(visit, "ja", "people", settled=False)
        assert text("trend_one_only", "ja") not in said(app)
        assert text("trend_one_only", "ja") in said(page(visit, "ja", "people"))


def test_a_name_shows_no_picture_and_no_link() -> None:
    assert plain_words("![x](http://evil.example) <b> $a$ :red[b]") == (
        r"\!\[x\]\(http\://evil.example\) \<b\> \$a\$ \:red\[b\]"
    )
    assert plain_words("Dr. Mori-Aoi（青井）") == "Dr. Mori-Aoi（青井）"


class TestArchive:
    def test_a_backup_is_taken_over_on_a_machine_where_nothing_is_kept_yet(self, visit: Visit, tmp_path: Path) -> None:
        with open_history(Place(tmp_path / "elsewhere")) as other:
            with other.writing() as session:
                people.add(session, LOCAL, "Aoi")
            save_archive(other, LOCAL, tmp_path / "backup.zip")
        app = page(visit, "en", "people")
        backup = (tmp_path / "backup.zip").read_bytes()
        app.file_uploader(key="restore_upload_0").set_value(("backup.zip", backup, "application/zip")).run()
        ran(app.button(key="restore").click().run())
        assert text("data_restored", "en", n=1) in said(app)
        with open_history(place_of()) as history:
            assert names_in(history) == ["Aoi"]
        assert app.file_uploader(key="restore_upload_1").value is None, "a second click would add everybody again"

    def test_what_is_no_archive_is_a_sentence(self, visit: Visit) -> None:
        app = page(visit, "en", "people")
        app.file_uploader(key="restore_upload_0").set_value(("holiday.zip", b"dear diary", "application/zip")).run()
        ran(app.button(key="restore").click().run())
        assert [e.value for e in app.error] == [text("archive_unreadable", "en")]
