"""The plan prints on one page: every case story in both languages, with pictures, through a real browser."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from guidance_people import CASES, measured_in

from formcheck.cards import LANGS, Lang, Text
from formcheck.guidance import guide, read_answers
from formcheck.guidance.sheet import SheetPicture, plan_html
from formcheck.guidance.told import tell

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, sync_playwright

pytestmark = pytest.mark.browser
CHROMIUM = Path(os.environ.get("FORMCHECK_CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
BUSIEST = {
    "age": 45,
    "pain": {
        "place": ["back", "knee"],
        "when": ["after", "next day", "long distances", "on landing"],
        "rest": "better",
    },
    "signs": [],
    "training": {"week_km": 40, "next_week_km": 60, "longest_km": 15, "next_long_km": 25, "run_days": 7},
    "habits": {"sitting": 180, "day_habits": ["crossed legs", "outer edge"]},
    "tests": {"hip_flexors": "short", "calves": "short", "hamstrings": "short", "after_stretch": "better"},
    "hurts_in": ["draw_in", "plank_knees", "clamshell"],
}
BUSY_CLIP = {
    "measured": [
        ["cadence_spm", "", 154.0, 0.5],
        ["overstride_pct_leg", "left", 40.0, 6.0],
        ["shank_angle_at_contact_deg", "left", 18.0, 2.0],
        ["thigh_extension_at_toe_off_deg", "left", 8.0, 3.0],
        ["trunk_lean_range_deg", "", 11.0, 1.0],
    ]
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.is_file():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield started
        started.close()


def a_picture() -> SheetPicture:
    _, jpeg = cv2.imencode(".jpg", np.full((480, 270, 3), 128, np.uint8))
    return SheetPicture("data:image/jpeg;base64," + base64.b64encode(jpeg.tobytes()).decode(), Text("写真", "Picture"))


def printed(browser: Browser, html: str, folder: Path) -> tuple[int, bytes]:
    """Number of A4 pages and the PDF."""
    page = browser.new_page()
    page.set_content(html)
    pdf = page.pdf(path=folder / "plan.pdf", prefer_css_page_size=True)
    page.close()
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf)), pdf


@pytest.mark.parametrize("lang", LANGS)
def test_every_plan_fits_on_one_page(browser: Browser, lang: Lang, tmp_path: Path) -> None:
    cases: list[tuple[str, dict[str, Any], dict[str, Any]]] = [(c["story"], c["answers"], c) for c in CASES]
    pictures = {(kind, side): a_picture() for kind in ("contact", "toe_off", "midstance") for side in ("left", "right")}
    for story, said, clip in [*cases, ("busiest", BUSIEST, BUSY_CLIP)]:
        measured = measured_in(clip)
        told = tell(guide(read_answers(said), measured), measured)
        n_pages, _ = printed(browser, plan_html(told, lang, "clip.mp4", pictures), tmp_path)
        assert n_pages == 1, story


def test_print_is_not_too_small_to_read(browser: Browser, tmp_path: Path) -> None:
    measured = measured_in(BUSY_CLIP)
    page = browser.new_page()
    page.set_content(plan_html(tell(guide(read_answers(BUSIEST), measured), measured), "ja"))
    page.emulate_media(media="print")
    points = page.evaluate(
        "[...document.querySelectorAll('.item li, .item dd')].map(e => parseFloat(getComputedStyle(e).fontSize) * 0.75)"
    )
    page.close()
    assert points
    assert min(points) >= 7.5
