"""The metronome of the plan: beats when they are due, and silence when there is to be silence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from formcheck.ui.words import word

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, expect
from visitors import ARTIFACTS, LANGS, browser, faults, served

__all__ = ["browser"]
pytestmark = pytest.mark.browser
SPM = 162
PAGE = """
import streamlit as st
from formcheck.ui.style import style_sheet
st.html(style_sheet("{lang}"))
from formcheck.guidance.cadence import CadenceTarget
from formcheck.ui import metronome
metronome.plan_of = lambda target: {{"spm": float(target.target_spm), "phase_s": 3.0, "sets": 2.0}}
metronome.show_metronome(CadenceTarget(154.2, {spm}, 169), "{lang}")
"""
LISTENS = """(() => {
  window.beats = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (when) { window.beats.push(when); return start.call(this, when); };
})()"""


@pytest.mark.parametrize("lang", LANGS)
def test_it_beats_in_time_and_is_silent_in_between(browser: Browser, tmp_path: Path, lang: str) -> None:
    script = tmp_path / "page.py"
    script.write_text(PAGE.format(spm=SPM, lang=lang), encoding="utf-8")
    with served(tmp_path, script=script) as (host, _):
        page = browser.new_page()
        page.goto(f"http://{host}")
        page.get_by_text(word("metronome_title", lang, n=str(SPM))).click(timeout=60_000)
        page.evaluate(LISTENS)
        page.get_by_role("button", name=word("metronome_start", lang)).click(timeout=30_000)
        page.screenshot(path=ARTIFACTS / f"metronome_{lang}.png")
        expect(page.locator(".fct-phase")).to_have_text(word("metronome_without", lang), timeout=10_000)
        assert faults(page) == []
        expect(page.locator(".fct-phase")).to_have_text(word("metronome_over", lang), timeout=20_000)
        beats = np.array(page.evaluate("window.beats"))
        page.close()
    beats -= beats[0]
    steps = np.rint(beats * SPM / 60)
    assert np.abs(beats - steps * 60 / SPM).max() < 0.001
    expected = [n for n in range(9 * SPM // 60 + 1) if (n * 60 / SPM) // 3.0 % 2 == 0 and n * 60 / SPM < 9.0]
    assert steps.astype(int).tolist() == expected
