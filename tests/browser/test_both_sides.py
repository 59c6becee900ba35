"""From the side and from behind, and how the same person stands: three clips go in, one report of all comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from formcheck.texts import text
from formcheck.ui.words import word
from formcheck.video import VideoWriter, read_frames

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, expect
from visitors import ANALYSIS_MS, ARTIFACTS, ROOT, WIDTHS, browser, faults, server, settled, unfold, visitor

__all__ = ["browser", "server"]
pytestmark = pytest.mark.browser
SAMPLES = ROOT / "sample_videos"


def part(name: str, target: Path, start_s: float, end_s: float) -> Path:
    """So much of a sample as a clip of its own."""
    path = SAMPLES / name
    if not path.is_file():
        pytest.skip("no sample clips here")
    with read_frames(path, max_side_px=640, end_s=end_s) as frames:
        kept = [frame for frame in frames if frame.time_s >= start_s]
    with VideoWriter(target, kept[0].image.shape[1], kept[0].image.shape[0]) as writer:
        for frame in kept:
            writer.write(frame.image, frame.time_s - kept[0].time_s)
    return target


def test_side_and_rear_join_and_the_clip_of_standing_is_used(
    browser: Browser, server: tuple[str, Path], tmp_path: Path
) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    side = part("runner_right_sway.mp4", tmp_path / "from_side.mp4", 0.0, 4.0)
    rear = part("rear_runner_sway.mp4", tmp_path / "from_behind.mp4", 3.3, 8.3)
    stand = part("rear_runner_sway.mp4", tmp_path / "stand.mp4", 0.0, 2.3)
    one, context = visitor(browser, server[0], "en-GB")
    page = one.page
    page.locator(".st-key-upload input[type=file]").set_input_files([side, rear])
    expect(page.locator(".st-key-look")).to_contain_text("from_behind.mp4", timeout=60_000)
    expect(page.get_by_text(word("look_running", "en"))).to_have_count(0, timeout=90_000)
    settled(page, 1500)
    unfold(page, "options")
    page.locator('[class*="st-key-standing_"] input[type=file]').set_input_files(stand)
    expect(page.get_by_text("stand.mp4", exact=True).first).to_be_visible(timeout=30_000)
    page.get_by_text(text("ui_pose_fast", "en"), exact=True).click()
    page.screenshot(path=ARTIFACTS / "both_sides_choosing.png")
    settled(page, 1500)
    page.locator(".st-key-analyse button").click()
    join = page.locator(".st-key-download_together button")
    expect(join).to_be_visible(timeout=2 * ANALYSIS_MS)
    expect(page.locator(".fc-clip")).to_have_text("from_behind.mp4")
    assert "“stand.mp4”" in one.words()
    with page.expect_download(timeout=60_000) as waiting:
        join.click()
    joined = tmp_path / "together.html"
    waiting.value.save_as(joined)
    told = joined.read_text(encoding="utf-8")
    for name in ("from_side.mp4", "from_behind.mp4", text("view_rear", "en"), text("view_side", "en")):
        assert name in told
    one.picture("both_sides_en")
    assert faults(page) == []
    page.goto(joined.as_uri())
    for name, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=ARTIFACTS / f"both_sides_together_{name}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
    assert faults(page) == []
    context.close()
