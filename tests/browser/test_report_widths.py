"""The report on a screen that grows wider and narrower: no legend lies over its curves."""

from __future__ import annotations

from pathlib import Path

import pytest
from synthetic_analysis import build_analysis

from formcheck.report import write_report

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser
from visitors import LANGS, WIDTHS, browser

__all__ = ["browser"]
pytestmark = pytest.mark.browser
OVER_PX = """() => [...document.querySelectorAll('.chart')].flatMap(chart => {
  const legend = chart.querySelector('.legend'), plot = chart.querySelector('.gridlayer');
  return legend && plot ? [legend.getBoundingClientRect().bottom - plot.getBoundingClientRect().top] : []; })"""
DRAWN_AT = """wide => [...document.querySelectorAll('.chart .main-svg:first-child')].every(
  drawn => Math.abs(drawn.getBoundingClientRect().width - drawn.closest('.chart').clientWidth) < 2)
  && window.innerWidth === wide"""


@pytest.mark.parametrize("lang", LANGS)
def test_no_legend_lies_over_its_curves(browser: Browser, tmp_path: Path, lang: str) -> None:
    write_report(build_analysis(), [], tmp_path / "report.html", lang)  # type: ignore[arg-type]
    page = browser.new_page(viewport={"width": WIDTHS["phone"], "height": 900})
    page.goto((tmp_path / "report.html").as_uri())
    for width in (WIDTHS["phone"], WIDTHS["wide"], WIDTHS["phone"], 844):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(DRAWN_AT, arg=width, timeout=30_000)
        page.wait_for_timeout(500)
        over_px = page.evaluate(OVER_PX)
        assert len(over_px) > 3
        assert max(over_px) <= 0, f"at {width} px"
    page.close()
