"""The pair of figures: well-formed, of this runner, the pelvis tipped by what the back gave."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from synthetic import Runner
from test_back_curve import analysed

from formcheck import push_off_figure
from formcheck.analysis import analyze_pose
from formcheck.push_off_figure import XMLNS, bar_svg, pair_of

PELVIS = "#1f2933"


def pelvis_deg(svg: str) -> float:
    """Slope of the pelvis' line in the figure, front end down +, for a runner who faces right."""
    way = next(
        e for e in ElementTree.fromstring(svg).iter() if e.get("stroke") == PELVIS and e.get("stroke-width") == "7.0"
    )
    (ax, ay), (bx, by) = np.array(re.findall(r"-?[\d.]+", way.get("d", "")), dtype=float).reshape(2, 2)
    rear, front = sorted([(ax, ay), (bx, by)])
    return float(np.degrees(np.arctan2(front[1] - rear[1], front[0] - rear[0])))


def paths(svg: str) -> list[np.ndarray]:
    """The points (n, 2) of every line."""
    found = re.findall(r' d="([^"]*)"', svg)
    return [np.array(re.findall(r"-?\d+\.\d+", path), float).reshape(-1, 2) for path in found]


@pytest.mark.parametrize("back_deg", [0.0, 6.0, 16.0])
def test_the_pelvis_is_tipped_by_what_the_back_gave(back_deg: float) -> None:
    own, other = pair_of(analysed(), 30.0, back_deg)
    assert pelvis_deg(own) - pelvis_deg(other) == pytest.approx(back_deg, abs=1.0)


def test_both_angles_are_in_both_figures() -> None:
    own, other = pair_of(analysed(), 31.0, 9.0)
    numbers = [[e.text for e in ElementTree.fromstring(svg).iter() if e.tag.endswith("text")] for svg in (own, other)]
    assert numbers == [["9°", "31°"], ["0°", "40°"]]


def test_few_looks_of_a_long_clip_draw_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a pixel of 210 x 300; a station that is hardly ever seen may be left out of either."""
    n_looks = len(analysed().pose.time_s)
    monkeypatch.setattr(push_off_figure, "MOST_LOOKS", n_looks)
    of_all = pair_of(analysed(), 8.0, 8.0)
    monkeypatch.setattr(push_off_figure, "MOST_LOOKS", n_looks // 4)
    of_few = pair_of(analysed(), 8.0, 8.0)
    for svg, svg_of_few in zip(of_all, of_few, strict=True):
        for whole, few in zip(paths(svg), paths(svg_of_few), strict=True):
            assert abs(len(whole) - len(few)) <= 1
            x, y = few[np.argsort(few[:, 1])].T
            assert np.abs(np.interp(whole[:, 1], y, x) - whole[:, 0]).max() < 1.0


def test_no_figure_without_an_outline() -> None:
    runner = Runner()
    assert pair_of(analyze_pose(runner.pose(), runner.facts()), 30.0, 5.0) == []


@pytest.mark.parametrize("hip_share", [0.0, 41.5, 100.0])
def test_the_bar_is_as_long_as_its_shares(hip_share: float) -> None:
    svg = ElementTree.fromstring(bar_svg(hip_share, max(hip_share - 9, 0), min(hip_share + 9, 100), 66.7))
    hip, back = [e for e in svg if e.tag.endswith("rect")]
    assert float(hip.get("width", "")) + float(back.get("width", "")) == pytest.approx(300.0, abs=0.2)
    assert float(hip.get("width", "")) == pytest.approx(3 * hip_share, abs=0.1)
    assert XMLNS.split('"')[1] in svg.tag


def _page() -> None:
    import sys
    from pathlib import Path

    sys.path.insert(0, str(Path.cwd() / "tests"))
    from test_back_curve import analysed

    from formcheck.ui.push_off import show_push_off

    show_push_off(analysed(), "ja", True)


def test_the_page_shows_sentence_bars_and_pair() -> None:
    page = AppTest.from_function(_page, default_timeout=60).run()
    assert not page.exception
    html = "".join(element.proto.body for element in page.get("html"))
    assert html.count("data:image/svg+xml;base64,") == 4
    assert "腰の割合" in html or "受け持って" in html
    assert "Schache 2000" in html
