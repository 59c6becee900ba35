"""Whole journeys in a real browser: choose, be told how it was filmed, wait in line, compare, save; on every way there
nothing that keeps somebody out, nothing that leaves the machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import busyness

from formcheck.texts import text
from formcheck.ui.words import word
from formcheck.video import VideoWriter, probe, read_frames

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, Page, expect
from visitors import (
    ANALYSIS_MS,
    ARTIFACTS,
    ROOT,
    WIDTHS,
    Visitor,
    browser,
    emptied,
    faults,
    portrait,
    served,
    server,
    settled,
    still,
    unfold,
    visitor,
)

__all__ = ["browser", "server"]
pytestmark = pytest.mark.browser
MOST_VISITS = 6
WATCH_THE_START = """(() => {
  window.fcSeen = {shift: 0};
  new PerformanceObserver(list => list.getEntries().forEach(e => { if (!e.hadRecentInput) fcSeen.shift += e.value; }))
    .observe({type: 'layout-shift', buffered: true});
  new MutationObserver(() => {
    if (!fcSeen.field && document.querySelector('.st-key-check input')) fcSeen.field = performance.now();
  }).observe(document, {childList: true, subtree: true});
})()"""
TIMES = "[...document.querySelectorAll('.fcp video')].map(video => video.currentTime)"


def short(source: str, target: Path, seconds: float = 5.0) -> Path:
    """The first seconds of a sample, small."""
    path = ROOT / "sample_videos" / source
    if not path.is_file():
        pytest.skip("no sample clips here")
    with read_frames(path, max_side_px=640, end_s=seconds) as frames:
        frame = next(frames)
        with VideoWriter(target, frame.image.shape[1], frame.image.shape[0]) as writer:
            writer.write(frame.image, frame.time_s)
            for frame in frames:
                writer.write(frame.image, frame.time_s)
    return target


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two runners who face the same way."""
    folder = tmp_path_factory.mktemp("pair")
    return short("runner_right_good.mp4", folder / "may.mp4"), short("runner_right_sway.mp4", folder / "june.mp4")


@pytest.fixture(scope="module")
def carla(browser: Browser, server: tuple[str, Path]) -> Iterator[Visitor]:
    ARTIFACTS.mkdir(exist_ok=True)
    one, context = visitor(browser, server[0], "ja-JP")
    yield one
    assert one.asked == {server[0]}, "nothing leaves the machine"
    assert one.complaints == []
    context.close()


def whole(page: Page, name: str) -> None:
    """The whole page at both widths, to be looked at."""
    for width_name, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(900)
        height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": width, "height": min(height + 10, 12_000)})
        page.wait_for_timeout(900)
        page.screenshot(path=ARTIFACTS / f"journey_{name}_{width_name}.png")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_timeout(500)


@pytest.mark.parametrize("width", WIDTHS.values())
def test_the_first_paint_is_soon_and_nothing_jumps(browser: Browser, server: tuple[str, Path], width: int) -> None:
    """First contentful paint, and the first field to fill in, within 2 s: the best of some visits, each with an empty
    cache. A machine that is busy is given longer by as much as it is slower."""
    found = []
    for _ in range(MOST_VISITS):
        found.append(_first_paint(browser, server[0], width))
        paint_s, field_s, shift, slack = found[-1]
        print(f"paint {paint_s:.2f} s, field {field_s:.2f} s, shift {shift:.3f}, machine {slack:.1f} times slower")
        soon = min(max(paint_s, field_s) / slack for paint_s, field_s, _, slack in found) < 2.0
        if soon and min(shift for *_, shift, _ in found) < 0.1:  # what web.dev calls good
            return
    pytest.fail(f"of {MOST_VISITS} visits none was soon, or none without a jump: {found}")


def _first_paint(browser: Browser, host: str, width: int) -> tuple[float, float, float, float]:
    """Seconds to the first paint and to the first field, cumulative layout shift, and how busy the machine is."""
    context = browser.new_context(locale="ja-JP", viewport={"width": width, "height": 844})
    page = context.new_page()
    page.add_init_script(WATCH_THE_START)
    slack = busyness()
    page.goto(f"http://{host}", wait_until="commit")
    page.locator(".st-key-check_age_ja input").wait_for(timeout=60_000)
    page.wait_for_timeout(3000)
    paint_ms = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    field_ms, shift = page.evaluate("[fcSeen.field, fcSeen.shift]")
    slack = (slack + busyness()) / 2
    context.close()
    return paint_ms / 1000, field_ms / 1000, shift, slack


def test_chosen_clips_are_looked_at_and_the_guide_has_pictures(
    carla: Visitor, pair: tuple[Path, Path], tmp_path: Path
) -> None:
    page = carla.page
    diary = tmp_path / "diary.mp4"
    diary.write_text("dear diary")
    slow = short("runner_left_tall.mp4", tmp_path / "slow.mp4", 3.0)
    page.locator(".st-key-upload input[type=file]").set_input_files([slow, diary])
    look = page.locator(".st-key-look")
    expect(look.get_by_text(word("look_blurred", "ja", n="30"))).to_be_visible(timeout=60_000)
    expect(look.get_by_text(text("not_a_video", "ja"))).to_be_visible(timeout=60_000)
    letter = tmp_path / "letter.txt"
    letter.write_text("dear diary")
    page.locator(".st-key-upload input[type=file]").set_input_files(letter)
    expect(page.locator(".st-key-upload [aria-invalid=true]")).to_have_count(1, timeout=20_000)
    expect(page.get_by_role("button", name=word("upload_remove", "ja", name="letter.txt"))).to_be_visible()
    assert "not allowed" not in page.locator(".st-key-upload").inner_text()
    page.get_by_role("button", name=word("upload_remove", "ja", name="letter.txt")).click()
    unfold(page, "film_guide")
    expect(page.locator(".fc-shot img")).to_have_count(8)
    page.wait_for_function("[...document.querySelectorAll('.fc-shot img')].every(i => i.naturalWidth > 0)")
    assert faults(page) == []
    assert carla.left_over("ja") == []
    whole(page, "choosing_ja")
    for name in ("diary.mp4", "slow.mp4"):
        chip = page.locator('[data-testid="stFileChip"], [data-testid="stFileUploaderFile"]').filter(has_text=name)
        chip.get_by_role("button").click()
    expect(look).to_have_count(0, timeout=30_000)


def test_a_recording_from_the_camera_is_taken_like_a_file(carla: Visitor) -> None:
    page = carla.page
    unfold(page, "camera")
    page.get_by_role("button", name=word("camera_open", "ja")).click()
    page.get_by_role("button", name=word("camera_record", "ja"), exact=True).click()
    page.wait_for_timeout(3500)
    portrait(page.locator(".fcc-root"), "journey_camera_ja.png")
    page.get_by_role("button", name=word("camera_stop", "ja")).click()
    page.get_by_role("button", name=word("camera_use", "ja")).click()
    look = page.locator(".st-key-look")
    expect(look.get_by_text(re.compile(r"camera_\d{8}_\d{6}\.(mp4|webm)"))).to_be_visible(timeout=30_000)
    expect(look.get_by_text(word("look_nobody", "ja"))).to_be_visible(timeout=60_000)
    assert faults(page) == []
    page.locator('[data-testid="stFileUploader"]').get_by_role(
        "button", name=re.compile("camera_|Remove|削除")
    ).last.click()
    expect(look).to_have_count(0, timeout=30_000)


def test_two_clips_wait_in_line_and_are_compared_in_step(carla: Visitor, pair: tuple[Path, Path]) -> None:
    page = carla.page
    page.locator(".st-key-upload input[type=file]").set_input_files(list(pair))
    expect(page.locator(".st-key-look")).to_contain_text(word("look_short", "ja", n="5"), timeout=60_000)
    page.locator(".st-key-analyse button").click()
    expect(page.locator(".st-key-stop_all button")).to_be_visible(timeout=30_000)
    assert "june.mp4" in page.locator(".st-key-running").inner_text()
    page.screenshot(path=ARTIFACTS / "journey_queue_ja.png")
    expect(page.locator(".st-key-which_ja_2")).to_be_visible(timeout=2 * ANALYSIS_MS)
    assert "june.mp4" in page.locator(".fc-clip").inner_text()
    page.locator(".st-key-which_ja_2").get_by_text("may.mp4").click()
    expect(page.locator(".fc-clip")).to_have_text("may.mp4", timeout=20_000)
    assert faults(page) == []

    page.locator(".st-key-area_ja").get_by_text(word("area_compare", "ja")).click()
    expect(page.locator(".fcp-2")).to_be_visible(timeout=30_000)
    expect(page.locator(".fcp-2 [data-layer=near]")).to_be_enabled(timeout=60_000)
    settled(page)
    still(page)
    player = page.locator(".fcp-2")
    steps_s = []
    for _ in range(3):
        player.press("Shift+ArrowRight")
        still(page)
        steps_s.append(page.evaluate(TIMES))
    (a, b), (c, d) = steps_s[0], steps_s[-1]
    # may takes 172 steps a minute, june 166: two strides on, each clip is two of its own strides on
    assert c - a == pytest.approx(4 * 60 / 172, abs=0.05)
    assert d - b == pytest.approx(4 * 60 / 166, abs=0.06)
    page.locator(".fcp-2 [data-layer=near]").click()
    still(page)
    assert page.evaluate(TIMES) == pytest.approx(steps_s[-1], abs=0.02)
    assert faults(page) == []
    assert carla.left_over("ja") == []
    whole(page, "compare_ja")


def test_the_comparison_is_saved_and_read_in_english(carla: Visitor, pair: tuple[Path, Path], tmp_path: Path) -> None:
    page = carla.page
    carla.switch("en")
    assert carla.left_over("en") == []
    page.locator(".st-key-compare_export button").click()
    button = page.locator('[class*="st-key-download_side_by_side"] button')
    expect(button).to_be_visible(timeout=120_000)
    with page.expect_download(timeout=30_000) as waiting:
        button.click()
    saved = tmp_path / "saved.mp4"
    waiting.value.save_as(saved)
    info = probe(saved)
    assert info.codec == "h264"
    assert info.width_px >= 2 * probe(pair[0]).width_px, "side by side"
    whole(page, "compare_en")
    page.locator(".st-key-area_en").get_by_text(word("area_people", "en")).click()
    settled(page)
    assert faults(page) == []


def test_everything_of_mine_goes_when_i_say_so(carla: Visitor, server: tuple[str, Path]) -> None:
    page = carla.page
    # among the people, where the last journey ended, there is no such button: it does not touch what is kept of them
    page.locator(".st-key-area_en").get_by_text(word("area_clip", "en")).click()
    for made in ("run-*", "compare-*", "plain-*", "*.mp4"):
        assert list(server[1].glob(f"formcheck-visit-*/{made}")), made
    page.locator(".st-key-forget_all button").click()
    expect(page.locator(".st-key-forget_all")).to_have_count(0, timeout=20_000)
    assert emptied(server[1].glob("formcheck-visit-*")) == []


def test_loaded_anew_during_an_analysis_it_goes_on(
    browser: Browser, server: tuple[str, Path], pair: tuple[Path, Path]
) -> None:
    one, context = visitor(browser, server[0], "en-GB")
    one.upload(pair[0])
    expect(one.page.locator(".st-key-stop button")).to_be_visible(timeout=20_000)
    one.page.reload()
    expect(one.page.locator(".st-key-stop button")).to_be_visible(timeout=20_000)
    expect(one.page.locator(".fcp")).to_be_visible(timeout=ANALYSIS_MS)
    assert "may.mp4" in one.words()
    context.close()


def test_the_sample_is_there_before_anybody_has_brought_a_clip(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with served(tmp_path_factory.mktemp("example"), FORMCHECK_EXAMPLE="yes") as (host, _):
        context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
        one = Visitor(context.new_page())
        one.listen()
        one.page.goto(f"http://{host}")
        expect(one.page.get_by_role("heading", name=word("sample_title", "en"))).to_be_visible(timeout=30_000)
        expect(one.page.locator(".st-key-example .fcp")).to_be_visible(timeout=ANALYSIS_MS)
        expect(one.page.locator(".st-key-example [data-layer=near]")).to_be_enabled(timeout=ANALYSIS_MS)
        assert one.left_over("en") == []
        assert faults(one.page) == []
        whole(one.page, "start_en")
        assert one.asked == {host}
        assert one.complaints == []
        context.close()
