"""Report and plan as PDF: every word is in it, letters are embedded, nothing runs off the page."""

from __future__ import annotations

import ctypes
import re
import tomllib
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest
from synthetic_analysis import build_analysis, without_body

from formcheck import charts
from formcheck.analysis import with_answers
from formcheck.cards import LANGS, Lang, load_cards
from formcheck.cli import run
from formcheck.cli.check import answers_in
from formcheck.cycles import cycles_of
from formcheck.guidance import read_answers
from formcheck.guidance.example import example_yaml
from formcheck.guidance.told import ToldGuidance, tell_analysis
from formcheck.pdf import pictures_in, plan_pdf, report_pdf
from formcheck.pdf.drawn import WIDTH, svg_of
from formcheck.records import Analysis, Note
from formcheck.saved import read_results
from formcheck.texts import finding_text, format_value, note_text, text

CASES = tomllib.loads((Path(__file__).parent / "guidance_cases.toml").read_text(encoding="utf-8"))["case"]


def words(data: bytes) -> str:
    """All that can be read in a PDF, without spaces and line breaks."""
    document = pdfium.PdfDocument(data)
    return bare("".join(page.get_textpage().get_text_range() for page in document))


def bare(sentence: str) -> str:
    """Letters only: where lines break is the typesetter's business, and so are hyphens at their ends."""
    return re.sub(r"[\s\-‐\u00ad\ufffe\u2060]", "", unicodedata.normalize("NFKC", sentence))


def text_objects(data: bytes) -> Iterator[tuple[pdfium.PdfPage, pdfium.PdfObject]]:
    for page in pdfium.PdfDocument(data):
        for found in page.get_objects([pdfium_c.FPDF_PAGEOBJ_TEXT], max_depth=8):
            yield page, found


def example_told(analysis: Analysis, tmp_path: Path, lang: Lang) -> Analysis:
    path = tmp_path / "answers.yaml"
    path.write_text(example_yaml(lang), encoding="utf-8")
    return with_answers(analysis, answers_in(path))


@pytest.mark.parametrize("lang", LANGS)
def test_the_report_says_all_that_was_found(tiny_results: tuple[Analysis, Path], tmp_path: Path, lang: Lang) -> None:
    analysis, folder = tiny_results
    analysis = example_told(analysis, tmp_path, lang)
    said = words(report_pdf(analysis, pictures_in(analysis, folder / "frames"), lang))
    cards = load_cards()
    measured = {(m.metric, m.side): m for m in analysis.measurements if m.metric in cards}
    for (metric, _), m in measured.items():
        if m.value is not None:
            assert bare(format_value(m, cards[metric], lang)) in said
    for finding in analysis.findings:
        told = finding_text(finding, measured[finding.metric, finding.side], cards[finding.metric], lang)
        assert bare(told) in said
    guided = tell_analysis(analysis)
    assert guided.safety is not None
    for sentence in (guided.safety.do, guided.headline, *(item.stop for item in guided.items)):
        assert bare(sentence.get(lang)) in said
    for note in analysis.warnings:
        assert bare(note_text(note, lang)) in said
    assert bare(text("disclaimer", lang)) in said
    other: Lang = "en" if lang == "ja" else "ja"
    assert bare(text("disclaimer", other)) not in said


@pytest.mark.parametrize("lang", LANGS)
def test_letters_are_embedded_and_inside_the_page(tiny_results: tuple[Analysis, Path], lang: Lang) -> None:
    analysis, folder = tiny_results
    data = report_pdf(analysis, pictures_in(analysis, folder / "frames"), lang)
    fonts = set()
    for page, found in text_objects(data):
        font = pdfium_c.FPDFTextObj_GetFont(found.raw)
        assert pdfium_c.FPDFFont_GetIsEmbedded(font) == 1
        name = ctypes.create_string_buffer(200)
        pdfium_c.FPDFFont_GetBaseFontName(font, name, 200)
        fonts.add(name.value.decode().split("+")[-1])
        left, bottom, right, top = found.get_bounds()
        assert left >= 20
        assert right <= page.get_width() - 20
        assert bottom >= 15
        assert top <= page.get_height() - 15
    assert all(name.startswith("NotoSansJP") for name in fonts), fonts
    assert len(data) < 3_000_000
    said = "".join(page.get_textpage().get_text_range() for page in pdfium.PdfDocument(data))
    assert "\ufffd" not in said


def test_every_picture_is_in_the_report(tiny_results: tuple[Analysis, Path]) -> None:
    analysis, folder = tiny_results
    pictures = pictures_in(analysis, folder / "frames")
    document = pdfium.PdfDocument(report_pdf(analysis, pictures, "en"))
    shown = [o for page in document for o in page.get_objects([pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=8)]
    assert len(shown) == len(pictures) == len(analysis.key_moments)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["outcome"])
def test_the_plan_is_one_page_for_everybody(case: dict[str, object], lang: Lang) -> None:
    told: ToldGuidance = tell_analysis(with_answers(build_analysis(), read_answers(case["answers"])))
    data = plan_pdf(told, lang, "clip.mp4")
    document = pdfium.PdfDocument(data)
    assert len(document) == 1
    said = words(data)
    assert told.safety is not None
    for sentence in (told.safety.do, told.headline, *(item.check for item in told.items)):
        assert bare(sentence.get(lang)) in said
    sizes = [found.get_bounds()[3] - found.get_bounds()[1] for _, found in text_objects(data)]
    assert max(sizes) > 6  # still large enough to read


def test_a_clips_name_is_only_a_name() -> None:
    name = '#panic("x") $1+1$ \\ "quoted" *bold* <label> @ref 動画.mp4'
    analysis = build_analysis()
    analysis = replace(analysis, video=replace(analysis.video, name=name))
    assert bare(name) in words(report_pdf(analysis, (), "ja"))
    assert bare(name) in words(plan_pdf(tell_analysis(analysis), "en", name))


@pytest.mark.parametrize("lang", LANGS)
def test_a_clip_without_anything_still_has_a_report(lang: Lang) -> None:
    said = words(report_pdf(without_body(build_analysis()), (), lang))
    assert bare(text("report_nothing_judged", lang)) in said
    assert bare(text("plots", lang)) not in said  # no heading over nothing


def test_files_on_request_from_the_command_line(
    tiny_clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--pdf", "--opensim", "--blur-face", "--pose", "fast", "--lang", "ja"]
    assert run(["analyze", str(tiny_clip), "--out", str(tmp_path), *asked]) == 0
    folder = tmp_path / tiny_clip.stem
    assert {"report.pdf", "plan.pdf", "markers.trc", "angles.mot"} <= {path.name for path in folder.iterdir()}
    assert bare(text("disclaimer", "ja")) in words((folder / "report.pdf").read_bytes())
    assert bare(text("opensim_height_assumed", "ja", height=170.0)) in bare(capsys.readouterr().out)
    assert read_results(folder).blur_face


# ------------------------------------------------------------------------------------------------------- charts

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("stem", [stem for stem in charts.CURVES if stem != "trunk_lean"])  # which does not move
def test_a_curve_is_drawn_where_its_numbers_are(stem: str, lang: Lang) -> None:
    analysis = build_analysis()
    figure = charts.cycle_chart(analysis, stem, lang)
    root = ElementTree.fromstring(svg_of(figure))
    name = text("chart_mean", lang, n=len(cycles_of(analysis.signals, analysis.strides, _series(stem), "right").values))
    [trace] = [trace for trace in figure.data if trace.name == name]
    lines = [line.get("points", "") for line in root.iter(f"{SVG}polyline") if line.get("stroke") == trace.line.color]
    drawn = np.array([pair.split(",") for pair in max(lines, key=len).split()], float)
    values = np.asarray(trace.y, float)
    assert len(drawn) == len(values)
    # a straight line from numbers to pixels, upwards
    slope, offset = np.polyfit(values, drawn[:, 1], 1)
    assert slope < 0
    np.testing.assert_allclose(drawn[:, 1], slope * values + offset, atol=0.1)


def _series(stem: str) -> str:
    return charts.CURVES[stem].format(side="right")


@pytest.mark.parametrize("lang", LANGS)
def test_no_word_of_a_chart_runs_out_of_it(tiny_results: tuple[Analysis, Path], lang: Lang) -> None:
    analysis = tiny_results[0]
    figures = [charts.timing_chart(analysis, lang)]
    figures += [charts.strides_chart(analysis, m.metric, lang) for m in analysis.measurements if charts.has_strides(m)]
    for figure in figures:
        root = ElementTree.fromstring(svg_of(figure))
        for word in root.iter(f"{SVG}text"):
            x, wide = float(word.get("x", 0)), 0.5 * float(word.get("font-size", 0)) * len(word.text or "")
            if word.get("transform") is None:
                start = {"start": x, "middle": x - wide / 2, "end": x - wide}[word.get("text-anchor", "start")]
                assert start >= -1
                assert start + wide <= WIDTH + 1


def test_feet_on_the_ground_are_told_apart_without_colour() -> None:
    root = ElementTree.fromstring(svg_of(charts.timing_chart(build_analysis(), "en")))
    hatching = [line for line in root.iter(f"{SVG}line") if line.get("stroke") == "white"]
    assert hatching


@pytest.mark.parametrize("lang", LANGS)
def test_no_row_of_the_numbers_is_torn_between_two_pages(tiny_results: tuple[Analysis, Path], lang: Lang) -> None:
    """With a reason of several lines in every row."""
    analysis, _ = tiny_results
    doubt = Note("back_unsteady")
    unsure = tuple(
        replace(m, status="low_confidence", reason=doubt) if m.value is not None else m for m in analysis.measurements
    )
    pages = pdfium.PdfDocument(report_pdf(replace(analysis, measurements=unsure), [], lang))
    reason = bare(note_text(doubt, lang))
    whole = sum(bare(page.get_textpage().get_text_range()).count(reason) for page in pages)
    assert whole == bare("".join(page.get_textpage().get_text_range() for page in pages)).count(reason[:16])
