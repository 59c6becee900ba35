"""The words of the guidance: both languages, short, each claim with its source, no promise, nothing sold."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from guidance_people import CASES, measured_in

from formcheck.cards import LANGS, Text, load_bibliography, load_cards
from formcheck.guidance import guide, read_answers
from formcheck.guidance.booklet import leaves
from formcheck.guidance.cited import HOUSE, keys_of, marked, pieces, plain
from formcheck.guidance.exercises import load_exercises
from formcheck.guidance.pages import load_finding_pages, load_routine, load_topics
from formcheck.guidance.plan import load_plan_rules
from formcheck.guidance.sheet import plan_html
from formcheck.guidance.sources import claims, used
from formcheck.guidance.tables import TableError, check_keys, claim, clauses, read_table, words
from formcheck.guidance.told import say, tell

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
PROMISE = re.compile(
    r"\b(cures?|cured|heals?|guarantee\w*|will (fix|cure|disappear)|pain-free in|best|amazing|miracle|proven)\b"
    r"|必ず|治り|治る|治し|完治|絶対|保証|最高の|驚き|根本改善",
    re.IGNORECASE,
)
LONGEST_EN_WORDS, LONGEST_JA_SIGNS = 32, 75
ROOT = Path(__file__).resolve().parent.parent
CLAIMS = list(claims())


def texts_in(table: Any, where: str) -> Iterator[tuple[str, Text]]:
    """Every pair of ja and en in a table, wherever it stands."""
    if isinstance(table, dict):
        if set(table) == set(LANGS) and all(isinstance(value, str) for value in table.values()):
            yield where, Text(**table)
        elif set(table) == set(LANGS):
            yield from ((where, Text(ja, en)) for ja, en in zip(table["ja"], table["en"], strict=True))
        elif "ja" in table and "en" in table:
            yield where, Text(table["ja"], table["en"])
        else:
            for key, value in table.items():
                yield from texts_in(value, f"{where}: {key}")


TABLES = ("safety", "outcomes", "questions", "muscles", "running", "plan", "exercises", "topics", "findings", "routine")
TEXTS = [found for name in (*TABLES, "words") for found in texts_in(read_table(f"{name}.toml"), name)]


def sentences(text: str) -> list[str]:
    parts = re.split(r"(?<=[。！？])|(?<=[.!?])\s+", plain(text))
    return [part for part in parts if part.strip()]


def test_there_are_texts() -> None:
    assert len(TEXTS) > 400
    assert len(CLAIMS) > 100


@pytest.mark.parametrize("table", [*TABLES, "words"])
def test_both_languages_are_spoken_and_not_mixed(table: str) -> None:
    for where, text in texts_in(read_table(f"{table}.toml"), table):
        assert JAPANESE.search(text.ja), where
        assert not JAPANESE.search(text.en), where


def test_both_languages_leave_the_same_things_open() -> None:
    for where, text in TEXTS:
        fields = [set(re.findall(r"\{(\w*)\}", sentence)) for sentence in (text.ja, text.en)]
        assert fields[0] == fields[1], where


def without_source(text: str) -> list[str]:
    """The sentences of a text, in either language, that carry no key; a question claims nothing."""
    sentences = re.split(r"(?<=[。！？])|(?<=[.!?])\s+", text)
    return [s for s in sentences if s.strip() and plain(s) == s and not s.rstrip().endswith(("?", "？"))]


def test_every_sentence_that_claims_something_carries_its_source() -> None:
    for where, text in CLAIMS:
        assert without_source(text.en) == [], where
        assert without_source(text.ja) == [], where


def test_both_languages_cite_the_same_sentence_by_sentence() -> None:
    for where, text in CLAIMS:
        cited = [sorted(key for _, keys in pieces(text.get(lang)) for key in keys) for lang in LANGS]
        assert cited[0] == cited[1], where


def test_nothing_is_cited_that_is_unknown_and_nothing_known_is_unused() -> None:
    known = set(load_bibliography())
    cards = {s for c in load_cards().values() for s in (*c.sources, *(c.range.sources if c.range else ()))}
    assert set(used()) | cards == known
    assert HOUSE not in known


def test_what_is_a_therapists_view_is_told_as_one_and_study_beside_it() -> None:
    for topic in load_topics().values():
        assert all(key.startswith(("seed_", HOUSE)) for key in keys_of(topic.view)), topic.id
        assert not any(key.startswith("seed_") for key in keys_of(topic.evidence)), topic.id
    for name in ("fascia", "inner_muscles", "downward_spiral"):
        assert any(key not in (HOUSE,) for key in keys_of(load_topics()[name].evidence)), name


def test_disagreements_are_told() -> None:
    topics, exercises = load_topics(), load_exercises()
    assert {"seed_s0", "seed_s1", "seed_s4"} <= set(keys_of(topics["stretch_or_strengthen"].view))
    assert {"seed_s0", "seed_s1", "seed_s2"} <= set(keys_of(topics["rest_or_run"].view))
    assert {"seed_s1", "seed_s2"} <= set(keys_of(exercises["hip_lift_gentle"].sure))
    assert {"seed_s0", "seed_s2"} <= set(keys_of(exercises["stretch_quadriceps"].sure))
    assert {"buist2008", "frandsen2025"} <= set(keys_of(topics["ten_per_cent"].evidence))
    assert {"schache2000", "smith2022"} <= set(keys_of(topics["back_pays_for_hip"].evidence))


def test_no_promise_and_nothing_sold() -> None:
    allowed = ("promises no cure", "約束もしません", "約束するもの")
    for where, text in TEXTS:
        told = text.en + text.ja
        for phrase in allowed:
            told = told.replace(phrase, "")
        assert not PROMISE.search(told), (where, told)


def test_facts_carry_over_but_sentences_do_not() -> None:
    """No run of Japanese words longer than a name or a step stands in an article as well."""
    articles = ROOT.parent / "shared" / "seeds"
    if not articles.is_dir():
        pytest.skip("the articles are not beside the project (../shared/seeds)")
    written = "".join(re.sub(r"\s", "", path.read_text(encoding="utf-8")) for path in articles.glob("*.txt"))
    for where, text in TEXTS:
        told = re.sub(r"\s", "", plain(text.ja))
        runs = [told[i : i + 14] for i in range(len(told) - 13)]
        assert not [run for run in runs if run in written], where


class TestReadingLevel:
    def test_no_sentence_is_long(self) -> None:
        for where, text in TEXTS:
            for sentence in sentences(text.en):
                assert len(sentence.split()) <= LONGEST_EN_WORDS, (where, sentence)
            for sentence in sentences(text.ja):
                assert len(sentence) <= LONGEST_JA_SIGNS, (where, len(sentence), sentence)

    def test_and_most_are_short(self) -> None:
        english = [len(s.split()) for _, text in TEXTS for s in sentences(text.en)]
        japanese = [len(s) for _, text in TEXTS for s in sentences(text.ja)]
        assert mean(english) < 14
        assert mean(japanese) < 32

    def test_grade(self) -> None:
        """Flesch-Kincaid grade of all English claims: what a twelve-year-old can read."""
        told = " ".join(plain(text.en) for _, text in CLAIMS)
        n_sentences = len(sentences(told))
        n_words = len(told.split())
        grade = 0.39 * n_words / n_sentences + 11.8 * syllables(told) / n_words - 15.59
        assert grade < 7.5


def syllables(text: str) -> int:
    """Groups of vowels, a silent e at the end taken off; good to a few per cent."""
    return sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e\b", "", word)))) for word in text.lower().split())


class TestPages:
    def test_one_for_every_finding_that_can_be_made(self) -> None:
        running = [card for card in load_cards().values() if "running" in card.activities]
        judged = {card.metric for card in running if card.range is not None}
        assert judged <= set(load_finding_pages()) <= set(load_cards())

    def test_exercises_name_what_can_be_measured_again(self) -> None:
        in_other_ways = {"hamstrings", "calves", ""}
        for exercise in load_exercises().values():
            assert exercise.retest in set(load_cards()) | in_other_ways, exercise.id
            assert exercise.dose or exercise.kind == "explained", exercise.id

    def test_the_routine_takes_three_minutes(self) -> None:
        assert sum(part.seconds for part in load_routine()) == 180

    def test_doses_are_the_seeds(self) -> None:
        doses = {(e.id, d.source): d for e in load_exercises().values() for d in e.dose}
        assert doses["draw_in", "seed_s1"].reps == (10, 10)
        assert doses["draw_in", "seed_s1"].hold_s == (5, 5)
        assert doses["plank_knees", "seed_s1"].hold_s == (30, 30)
        assert doses["plank_toes", "seed_s2"].hold_s == (30, 60)
        assert doses["hip_lift_gentle", "seed_s1"].reps == (10, 10)
        assert doses["hip_lift_full", "seed_s2"].reps == (10, 15)
        assert doses["hip_lift_full", "seed_s2"].sets == (2, 3)
        assert doses["clamshell", "seed_s1"].each_side
        assert doses["stretch_hip_flexor", "seed_s0"].minutes == (1, 2)
        assert doses["stretch_calf", "seed_s2"].hold_s == (20, 30)
        assert doses["warm_up_cool_down", "seed_s2"].minutes == (5, 10)


class TestSheet:
    @pytest.mark.parametrize("lang", LANGS)
    @pytest.mark.parametrize("case", CASES, ids=lambda case: case["story"][:30])
    def test_everything_is_on_it_in_one_language(self, case: dict[str, Any], lang: Any) -> None:
        clip = measured_in(case)
        told = tell(guide(read_answers(case["answers"]), clip), clip)
        page = plan_html(told, lang)
        assert told.safety is not None
        assert told.safety.name.get(lang) in page
        for item in told.items:
            assert item.name.get(lang) in page
            assert all(step.get(lang).replace('"', "&#34;") in page for step in item.steps)
        body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
        shown = re.sub(r"<[^>]*>", "", body)
        assert "[seed_" not in shown
        assert "[house" not in shown
        assert ("の" in shown) == (lang == "ja")

    def test_every_number_on_it_has_its_reference(self) -> None:
        clip = measured_in(CASES[5])
        page = plan_html(tell(guide(read_answers(CASES[5]["answers"]), clip), clip), "en")
        cited = set(re.findall(r'href="#(ref-\d+)"', page))
        assert cited <= set(re.findall(r'id="(ref-\d+)"', page))
        assert cited

    def test_skipping_the_check_is_said(self) -> None:
        page = plan_html(tell(guide(None)), "en")
        assert "No safety check was made" in page

    def test_what_a_person_wrote_is_not_taken_for_html(self) -> None:
        assert "<script>" not in plan_html(tell(guide(None)), "en", clip="<script>.mp4")


def test_references_are_what_the_command_writes() -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "write_references.py"))
    assert (ROOT / "docs" / "references.md").read_text(encoding="utf-8") == tool["references"]()


@pytest.mark.parametrize("lang", LANGS)
def test_the_guide_is_what_the_command_writes(lang: Any) -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "write_guide.py"))
    assert (ROOT / "docs" / f"guide.{lang}.md").read_text(encoding="utf-8") == tool["guide"](lang)


def test_there_is_a_page_for_every_topic_exercise_and_finding() -> None:
    found = {(leaf.kind, leaf.id) for leaf in leaves()}
    assert {("topic", name) for name in load_topics()} <= found
    assert {("exercise", name) for name in load_exercises()} <= found
    assert {("finding", name) for name in load_finding_pages()} <= found
    assert all(text.ja and text.en for leaf in leaves() for heading, text in leaf.paragraphs)


class TestTables:
    def test_a_claim_needs_the_same_sources_in_both_languages(self) -> None:
        assert claim({"ja": "痛む[a2000]。", "en": "It hurts [a2000]."}, "x").en == "It hurts [a2000]."
        for entry in ({"ja": "痛む。", "en": "It hurts."}, {"ja": "痛む[b2000]。", "en": "It hurts [a2000]."}):
            with pytest.raises(TableError, match="same sources"):
                claim(entry, "x")

    @pytest.mark.parametrize("entry", [{"ja": "あ"}, {"ja": "", "en": "a"}, "a", {"ja": "あ", "en": "a", "de": "a"}])
    def test_words_need_both_languages(self, entry: Any) -> None:
        with pytest.raises(TableError):
            words(entry, "x")

    def test_words_carry_no_source(self) -> None:
        with pytest.raises(TableError, match="source"):
            words({"ja": "あ[a2000]", "en": "a [a2000]"}, "x")

    def test_misspelt_keys_and_conditions_are_refused(self) -> None:
        with pytest.raises(TableError, match="missing"):
            check_keys({"a": 1}, ("a", "b"), (), "x")
        with pytest.raises(TableError, match="unknown"):
            check_keys({"a": 1, "c": 1}, ("a",), (), "x")
        with pytest.raises(TableError, match="not a condition"):
            clauses(["age is 3"], "x")

    def test_marks(self) -> None:
        assert plain("It hurts [a2000, house]. So [b1].") == "It hurts. So."
        assert marked("It hurts [a2000, house].", lambda keys: "+".join(keys)) == "It hurtsa2000+house."
        assert pieces("It hurts [a2000].") == [("It hurts", ("a2000",)), (".", ())]

    def test_orders_of_the_plan_differ(self) -> None:
        orders = [rule.order for rule in load_plan_rules().values()]
        assert len(set(orders)) == len(orders)

    def test_a_phrase_is_filled_in_both_languages(self) -> None:
        assert say("dose_reps", n=Text("3〜5", "3 to 5")) == Text("3〜5回", "3 to 5 times")
