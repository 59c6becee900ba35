"""The push-off split on paper: the same words, shares and figures as elsewhere."""

from __future__ import annotations

import ctypes
from dataclasses import replace
from functools import cache

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest
from synthetic import Runner
from synthetic_analysis import build_analysis
from test_back_at_rest import running, standing
from test_back_curve import analysed
from test_pdf import bare, words

from formcheck.analysis import analyze_pose
from formcheck.cards import LANGS, Lang, load_bibliography
from formcheck.pdf import report_pdf
from formcheck.push_off_figure import BACK, HIP, pair_of
from formcheck.push_off_split import SHARE, SOURCES, against_standing, splits, why_none
from formcheck.report import report_html
from formcheck.standing import find_standing
from formcheck.texts import text

HIP_FILL, BACK_FILL = (0xBC, 0xD9, 0xEE), (0xE6, 0x9F, 0x00)


@cache
def paper(lang: Lang) -> bytes:
    return report_pdf(analysed(), (), lang)


def colour(found: pdfium.PdfObject, of_line: bool = False) -> tuple[int, ...]:
    channels = [ctypes.c_uint() for _ in range(4)]
    ask = pdfium_c.FPDFPageObj_GetStrokeColor if of_line else pdfium_c.FPDFPageObj_GetFillColor
    ask(found.raw, *channels)
    return tuple(channel.value for channel in channels[:3])


def paths(data: bytes) -> list[pdfium.PdfObject]:
    document = pdfium.PdfDocument(data)
    return [o for page in document for o in page.get_objects([pdfium_c.FPDF_PAGEOBJ_PATH], max_depth=8)]


def wide(found: pdfium.PdfObject) -> float:
    left, _, right, _ = found.get_bounds()
    return float(right - left)


@pytest.mark.parametrize("lang", LANGS)
def test_the_report_tells_who_pays_and_how_sure_that_is(lang: Lang) -> None:
    said = words(paper(lang))
    shown = splits(analysed())
    assert len(shown) == 2
    for split in shown:
        for part in (split.verdict, split.hip, split.back):
            assert bare(part.get(lang)) in said
    for code in ("title", "how", "evidence", "this", "other", "pair_how"):
        assert bare(text(f"push_off_{code}", lang)) in said
    known = load_bibliography()
    assert all(bare(known[key].doi) in said for key in SOURCES if known[key].doi)
    assert bare(text("push_off_title", "en" if lang == "ja" else "ja")) not in said


@pytest.mark.parametrize("lang", LANGS)
def test_the_bars_on_paper_are_as_long_as_their_shares(lang: Lang) -> None:
    filled = [(colour(path), wide(path)) for path in paths(paper(lang))]
    hips, backs = ([long for fill, long in filled if fill == wanted] for wanted in (HIP_FILL, BACK_FILL))
    shown = splits(analysed())
    assert len(hips) == len(backs) == len(shown)
    for split, hip, back in zip(shown, hips, backs, strict=True):
        assert 100 * hip / (hip + back) == pytest.approx(split.hip_share, abs=0.3)


def test_both_figures_are_drawn_with_their_angles() -> None:
    near = splits(analysed())[0]
    assert len(pair_of(analysed(), near.hip_deg, near.back_deg)) == 2
    lines = [colour(path, of_line=True) for path in paths(paper("en"))]
    for part in (HIP, BACK):
        assert lines.count(tuple(bytes.fromhex(part[1:]))) >= 2
    said = words(paper("en"))
    assert f"{near.hip_deg + near.back_deg:.0f}°" in said


def test_standing_is_told_on_paper_too() -> None:
    rest = find_standing(standing((2.0, 14.0, -6.0)), "standing.mp4")
    assert rest is not None
    analysis = analyze_pose(running(), Runner(lean_swing_deg=0.0).facts(), None, [rest])
    said = words(report_pdf(analysis, (), "ja"))
    lines = against_standing(analysis)
    assert lines
    assert all(bare(line.ja) in said for line in lines)


@pytest.mark.parametrize("lang", LANGS)
def test_what_to_try_is_said_once_where_the_back_pays_on_both_sides(lang: Lang) -> None:
    rows = tuple(replace(m, value=60.0, uncertainty=9.0) if m.metric == SHARE else m for m in analysed().measurements)
    paid = replace(analysed(), measurements=rows)
    assert [split.back_pays for split in splits(paid)] == [True, True]
    advice = text("push_off_try", lang)
    assert words(report_pdf(paid, (), lang)).count(bare(advice)) == 1
    assert report_html(paid, (), lang).count(advice) == 1
    assert bare(advice) not in words(paper(lang))


@pytest.mark.parametrize("lang", LANGS)
def test_a_runner_without_an_outline_reads_why(lang: Lang) -> None:
    runner = Runner()
    analysis = analyze_pose(runner.pose(), runner.facts())
    why = why_none(analysis)
    assert why is not None
    data = report_pdf(analysis, (), lang)
    assert bare(why.get(lang)) in words(data)
    assert BACK_FILL not in {colour(path) for path in paths(data)}


def test_a_clip_of_something_else_has_no_such_section() -> None:
    analysis = replace(build_analysis(), view="rear")
    assert bare(text("push_off_title", "en")) not in words(report_pdf(analysis, (), "en"))
