"""The report: one file, nothing from the network, the same in both languages, and safe with hostile names."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from markupsafe import escape
from plotly.offline import get_plotlyjs
from synthetic_analysis import build_analysis, without_body

from formcheck.annotated_clip import Picture
from formcheck.cards import LANGS, Card, Lang, load_cards
from formcheck.findings import findings
from formcheck.records import Analysis, Measurement, Note
from formcheck.report import Figures, charts_ahead, header_facts, report_html, write_report
from formcheck.texts import text
from formcheck.told import SHAPES, gauge_of

JPEG = b"\xff\xd8\xff\xe0 not really a picture \xff\xd9"
HOSTILE = "<img src=x onerror=alert(1)>\"'{{ 7*7 }}</script><script>alert(1)</script>&.mp4"


def times(n: int) -> tuple[float, ...]:
    return tuple(0.1 + 0.7 * k for k in range(n))


def judged() -> Analysis:
    """A clip with a finding of every level, a class, doubts, and numbers that are not there."""
    measurements = (
        Measurement("cadence_spm", None, "spm", 171.4, 1.2, 3, 0.6, values=(170.0, 171.4, 173.0), times_s=times(3)),
        Measurement("overstride_pct_leg", "right", "pct", 40.0, 1.0, 4, 2.0, values=(39.0, 41.0), times_s=times(2)),
        Measurement("shank_angle_at_contact_deg", "right", "deg", 20.0, 1.0, 4, 2.0),
        Measurement("trunk_lean_deg", None, "deg", 14.0, 1.0, 4, 2.0, "low_confidence", Note("landmarks_doubtful")),
        Measurement("foot_strike", "right", "class", "rearfoot", n=4, probabilities={"rearfoot": 0.91}),
        Measurement("overstride_pct_leg", "left", "pct", None, status="not_measurable", reason=Note("far_side")),
        Measurement("stride_length_m", None, "m", None, status="not_measurable", reason=Note("needs_belt_speed")),
    )
    return replace(
        build_analysis(),
        measurements=measurements,
        findings=findings(measurements, load_cards()),
        warnings=(Note("low_frame_rate", {"rate": 29.97}), Note("no_safety_check")),
    )


def pictures(analysis: Analysis) -> list[Picture]:
    return [Picture(moment, JPEG, f"{moment.kind}.jpg") for moment in analysis.key_moments]


def html_of(analysis: Analysis, lang: Lang = "en") -> str:
    """The report without Plotly's own code, which is 4.6 MB of somebody else's strings."""
    html = report_html(analysis, pictures(analysis), lang)
    assert html.count(get_plotlyjs()) == 1
    return html.replace(get_plotlyjs(), "")


class Reader(HTMLParser):
    """What a browser would make of it: elements in order, and the words shown in each language."""

    VOID = frozenset({"meta", "input", "img", "br", "rect", "line", "circle"})

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[tuple[str, str | None]] = []
        self.words: dict[str, list[str]] = {"ja": [], "en": []}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.elements.append((tag, given))
        if tag not in self.VOID:
            self.open.append((tag, given.get("class")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        opened, _ = self.open.pop()
        assert opened == tag, f"<{opened}> is closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        tag, kind = self.open[-1] if self.open else ("", None)
        if tag == "span" and kind in self.words:
            self.words[kind].append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


CLIPS = {"runner": judged(), "nobody": without_body(judged()), "bare": build_analysis()}


@pytest.mark.parametrize("lang", LANGS)
def test_only_a_runner_runs_towards_something(lang: Lang) -> None:
    direction = text("facing", lang)
    running = build_analysis()
    told = {activity: header_facts(replace(running, activity=activity)) for activity in ("running", "squat")}
    names = {activity: [name.get(lang) for name, _ in facts] for activity, facts in told.items()}
    assert direction in names["running"]
    assert direction not in names["squat"]


@pytest.mark.parametrize("analysis", list(CLIPS.values()), ids=list(CLIPS))
@pytest.mark.parametrize("lang", LANGS)
class TestEveryReport:
    def test_asks_nothing_of_the_network(self, analysis: Analysis, lang: Lang) -> None:
        html = html_of(analysis, lang)
        assert "//" not in re.sub(r"(?m)^ *// .*$", "", html).replace("data:", ""), "neither http:// nor //host"
        for tag, given in read(html).elements:
            assert tag not in ("link", "iframe", "object", "embed", "base", "form")
            assert (given.get("src") or "data:").startswith("data:")
            assert (given.get("href") or "#").startswith("#")
        assert "default-src 'none'" in html

    def test_is_the_same_in_both_languages(self, analysis: Analysis, lang: Lang) -> None:
        words = read(html_of(analysis, lang)).words
        assert len(words["ja"]) == len(words["en"]) > 40
        spans = [given for tag, given in read(html_of(analysis, lang)).elements if tag == "span" and given.get("lang")]
        pairs = [given["lang"] for given in spans if given.get("class")]
        assert pairs == ["ja", "en"] * (len(pairs) // 2)

    def test_opens_in_the_language_asked_for(self, analysis: Analysis, lang: Lang) -> None:
        elements = read(html_of(analysis, lang)).elements
        checked = [given["id"] for tag, given in elements if tag == "input" and "checked" in given]
        assert checked == [f"lang-{lang}"]
        assert elements[0] == ("html", {"lang": lang})

    def test_headings_step_by_one(self, analysis: Analysis, lang: Lang) -> None:
        levels = [int(tag[1]) for tag, _ in read(html_of(analysis, lang)).elements if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(b - a <= 1 for a, b in pairwise(levels))

    def test_safety_comes_before_any_number(self, analysis: Analysis, lang: Lang) -> None:
        html = html_of(analysis, lang)
        assert html.index(text("danger_signs", lang)) < html.index('id="h-findings"') < html.index('id="h-numbers"')
        assert text("disclaimer", lang) in html

    def test_ids_and_footnotes_belong_together(self, analysis: Analysis, lang: Lang) -> None:
        elements = read(html_of(analysis, lang)).elements
        ids = [given["id"] for _, given in elements if given.get("id")]
        assert len(ids) == len(set(ids))
        pointed_at = {given["href"] for _, given in elements if given.get("href")}
        pointed_at |= {f"#{given['aria-labelledby']}" for _, given in elements if given.get("aria-labelledby")}
        assert pointed_at <= {f"#{one}" for one in ids}


class TestFindings:
    def test_level_is_told_by_shape_and_word(self) -> None:
        html = html_of(judged())
        for level, shape in SHAPES.items():
            badge = re.search(rf'<span class="badge {level}">.*?</span></span>', html, re.DOTALL)
            assert badge
            assert shape in badge[0]
            assert text(f"level_{level}", "ja") in badge[0]
            assert text(f"level_{level}", "en") in badge[0]

    def test_worst_first_then_sentence_number_range_and_basis(self) -> None:
        html = html_of(judged())
        first = html[html.index('<article class="finding act"') :]
        first = first[: first.index("</article>")]
        assert "40.0 ± 2.0%" in first
        assert "30% or less" in first
        assert escape(text("basis_house", "en")) in first
        assert load_cards()["overstride_pct_leg"].advice["above"].en.split(".")[0] in first
        assert 'href="#ref-1"' in first
        assert html.index("finding act") < html.index("finding watch") < html.index("finding good")

    def test_only_what_is_told_is_counted(self) -> None:
        badges = re.findall(r'<span><span class="badge (\w+)">.*?× (\d+)</span>', html_of(judged()), re.DOTALL)
        assert badges == [("act", "1"), ("watch", "2"), ("good", "1"), ("unknown", "1")]
        assert 'class="counts"' not in html_of(replace(judged(), measurements=()))

    def test_house_rules_look_different(self) -> None:
        html = html_of(judged())
        for article in re.findall(r"<article.*?</article>", html, re.DOTALL):
            assert ("basis house" in article) == (f">{escape(text('basis_house', 'en'))}<" in article)

    def test_every_cited_source_is_listed_with_its_doi(self) -> None:
        html = html_of(judged())
        listed = html[html.index('id="h-references"') :]
        cited = {int(n) for n in re.findall(r'href="#ref-(\d+)"', html)}
        assert cited == set(range(1, len(cited) + 1))
        assert len(re.findall(r'id="ref-\d+"', listed)) == len(cited)
        assert "doi:10.1242/jeb.125500" in listed

    def test_what_is_missing_is_folded_with_its_reason(self) -> None:
        html = html_of(judged())
        folded = unescape("".join(re.findall(r"<details>.*?</details>", html, re.DOTALL)))
        assert text("needs_belt_speed", "en") in folded
        assert text("far_side", "ja") in folded

    def test_less_trust_is_said_in_the_table(self) -> None:
        table = html_of(judged())[html_of(judged()).index('id="h-numbers"') :]
        assert '<strong><span lang="ja"' in table
        assert text("landmarks_doubtful", "en") in table


class TestPictures:
    def test_are_inside_with_words_for_those_who_cannot_see_them(self) -> None:
        images = [given for tag, given in read(html_of(judged(), "ja")).elements if tag == "img"]
        assert len(images) == 3
        for image in images:
            assert image["src"] == "data:image/jpeg;base64," + base64.b64encode(JPEG).decode()
            assert image["alt"] == image["data-ja"]
            assert image["data-en"]

    def test_without_pictures_there_is_no_empty_heading(self) -> None:
        assert 'id="h-pictures"' not in report_html(judged(), [], "en")


class TestHostileNames:
    def test_a_clip_name_is_only_text(self) -> None:
        analysis = judged()
        html = html_of(replace(analysis, video=replace(analysis.video, name=HOSTILE), made_with={HOSTILE: HOSTILE}))
        assert "<img src=x" not in html
        assert "<script>alert" not in html
        assert "{{ 7*7 }}" in html
        scripts = [given for tag, given in read(html).elements if tag == "script"]
        assert len(scripts) == 3
        assert not any(key.startswith("on") for _, given in read(html).elements for key in given)

    def test_note_details_are_only_text(self) -> None:
        html = html_of(replace(judged(), warnings=(Note("low_frame_rate", {"rate": HOSTILE}),)))
        assert "<script>alert" not in html


class TestCharts:
    def data(self, analysis: Analysis) -> dict[str, dict[str, dict[str, object]]]:
        html = html_of(analysis)
        found = re.search(r'<script type="application/json" id="chart-data">(.*?)</script>', html, re.DOTALL)
        assert found
        assert "<" not in found[1]
        loaded = json.loads(found[1])
        assert loaded["config"]["displaylogo"] is False
        assert set(re.findall(r'data-chart="(\w+)"', html)) == set(loaded["figures"])
        figures: dict[str, dict[str, dict[str, object]]] = loaded["figures"]
        return figures

    def test_all_are_there_in_both_languages(self) -> None:
        figures = self.data(judged())
        assert {"curve_thigh", "curve_midhip_height", "timing", "cadence_spm", "overstride_pct_leg"} <= set(figures)
        assert all(set(figure) == {"ja", "en"} for figure in figures.values())

    def test_nobody_in_the_clip(self) -> None:
        assert "timing" in self.data(without_body(judged()))


def card_of(metric: str) -> Card:
    return load_cards()[metric]


class TestGauge:
    def test_places_by_hand(self) -> None:
        # 2 to 14 degrees, 10 +- 2: 12 wide and a fifth of air on either side, so 16.8 from -0.4
        gauge = gauge_of(Measurement("trunk_lean_deg", None, "deg", 10.0, 1.0, 4, 2.0), card_of("trunk_lean_deg"))
        assert gauge is not None
        places = (gauge.low, gauge.high, gauge.value, gauge.left, gauge.right)
        assert places == pytest.approx((14.29, 85.71, 61.9, 50.0, 73.81), abs=0.01)

    def test_open_ranges_have_one_border(self) -> None:
        gauge = gauge_of(Measurement("cadence_spm", None, "spm", 155.0, None, 4, None), card_of("cadence_spm"))
        assert gauge is not None
        assert gauge.high is None
        assert gauge.value == gauge.left == gauge.right == gauge.low == 50.0

    @pytest.mark.parametrize("value", [None, float("nan"), "rearfoot"])
    def test_nothing_to_place(self, value: float | str | None) -> None:
        assert gauge_of(Measurement("trunk_lean_deg", None, "deg", value), card_of("trunk_lean_deg")) is None

    def test_no_range(self) -> None:
        assert gauge_of(Measurement("contact_time_s", None, "s", 0.25), card_of("contact_time_s")) is None


def test_is_written_as_utf8(tmp_path: Path) -> None:
    write_report(judged(), pictures(judged()), tmp_path / "report.html", "ja")
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert html.startswith("<!DOCTYPE html>")
    assert '<meta charset="utf-8">' in html[:300]


def contrast(first: str, second: str) -> float:
    """WCAG 2 contrast of two #rrggbb colours."""

    def luminance(color: str) -> float:
        parts = [int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_words_can_be_read_on_their_background() -> None:
    css = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", html_of(build_analysis())))
    for name in ("ink", "soft", "link", "good", "watch", "act", "unknown"):
        assert contrast(css[name], css["wash"]) >= 4.5, name


def test_charts_drawn_ahead_are_those_of_the_report_however_many_of_them_are_ready() -> None:
    analysis = judged()
    whole = report_html(analysis, pictures(analysis), "en")
    drawn: dict[str, Figures] = {}
    n_ready = [len(drawn) for _ in charts_ahead(analysis, drawn)]
    assert n_ready == [*range(1, len(drawn) + 1)]
    for n in (1, len(drawn)):
        ready = dict(list(drawn.items())[:n])
        assert report_html(analysis, pictures(analysis), "en", ready) == whole
