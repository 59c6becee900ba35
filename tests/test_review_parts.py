"""What the page's newer parts rest on: the player's data, words, the queue of a visit, the first look at a clip."""

from __future__ import annotations

import re
import string
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from conftest import ROOT, write_clip
from streamlit.testing.v1 import AppTest
from synthetic_analysis import build_analysis

from formcheck.analysis import OnPreview, OnProgress, ShouldStop
from formcheck.first_look import CODES, _thickness, first_look
from formcheck.guidance import read_answers
from formcheck.records import Event, Stopped, View
from formcheck.ui.asking import Check
from formcheck.ui.film_guide import MISTAKES, doubts_html
from formcheck.ui.job import Line, Outcome
from formcheck.ui.plain import PlainClip
from formcheck.ui.review import typical_stride
from formcheck.ui.tracks import LANDMARKS, NOWHERE, PER_PX, angles_of, block_of, story_of
from formcheck.ui.visit import Clip, Result, Task, Visit, visit_of
from formcheck.ui.web_component import web_file
from formcheck.ui.words import known_words, word
from formcheck.video import probe

# ------------------------------------------------------------------------------------------- the player's data


def unpacked(name: str, times_s: np.ndarray, analysis: Any = None) -> np.ndarray:
    block = block_of(analysis or build_analysis(), times_s)
    part = block.parts[name]
    dtype = {"Float64Array": "<f8", "Int16Array": "<i2", "Uint8Array": "u1"}[part["type"]]
    assert part["at"] % np.dtype(dtype).itemsize == 0, "JavaScript refuses a view that is not aligned"
    size = int(np.prod(part["shape"]))
    return np.frombuffer(block.data, dtype, size, part["at"]).reshape(part["shape"])


def test_the_body_arrives_where_it_is() -> None:
    analysis = build_analysis()
    times_s = np.arange(50) / 60
    assert unpacked("frames", times_s) == pytest.approx(times_s)
    xy = unpacked("xy", times_s)
    assert xy.shape == (len(analysis.signals.time_s), len(LANDMARKS), 2)
    knee = analysis.signals.xy_px[:, 25]
    seen = np.isfinite(knee).all(axis=1)
    assert np.abs(xy[seen, LANDMARKS.index("left_knee")] / PER_PX - knee[seen]).max() <= 0.5 / PER_PX + 1e-9


def test_what_was_not_seen_is_nowhere() -> None:
    analysis = build_analysis()
    gone = analysis.signals.xy_px.copy()
    gone[10:20] = np.nan
    xy = unpacked("xy", np.arange(3.0), replace(analysis, signals=replace(analysis.signals, xy_px=gone)))
    assert (xy[10:20] == NOWHERE).all()
    assert (xy[:10] != NOWHERE).any()


def test_every_event_can_be_jumped_to_and_repetitions_are_bands() -> None:
    analysis = build_analysis()
    story = story_of(analysis)
    times_s = [moment["t"] for moment in story["moments"]]
    assert times_s == sorted(times_s)
    for event in analysis.events:
        assert any(
            m["kind"] == event.kind and m["t"] == pytest.approx(event.time_s, abs=1e-4) for m in story["moments"]
        )
    lifts = (Event("rep_start", None, 1.0), Event("rep_top", None, 1.5), Event("rep_end", None, 2.0))
    exercise = story_of(replace(analysis, events=lifts, strides=(), key_moments=()))
    assert [(b["row"], b["from"], b["to"]) for b in exercise["bands"]] == [("rep", 1.0, 2.0)]
    assert {m["kind"] for m in exercise["moments"]} == {"rep_start", "rep_top", "rep_end"}


def test_an_exercise_shows_its_movement_and_nothing_against_the_vertical_for_who_lies() -> None:
    analysis = build_analysis()
    running = {angle.kind for angle in angles_of(analysis)}
    assert running == {"bend", "upright", "hanging"}
    n = len(analysis.signals.time_s)
    lying = {**analysis.signals.series, "curve_deg": np.linspace(90.0, 180.0, n), "trunk_lean_deg": np.full(n, -88.0)}
    found = angles_of(replace(analysis, signals=replace(analysis.signals, series=lying)))
    assert found[0].series == "curve_deg"
    assert {angle.kind for angle in found} == {"curve", "bend"}


@pytest.mark.parametrize("view", ["rear", "front", "oblique"])
def test_only_from_the_side_do_knees_bend_and_trunks_lean_forward(view: View) -> None:
    analysis = replace(build_analysis(), view=view)
    n = len(analysis.signals.time_s)
    across = {**analysis.signals.series, "curve_deg": np.zeros(n), "trunk_side_lean_deg": np.full(n, 3.0)}
    found = angles_of(replace(analysis, signals=replace(analysis.signals, series=across)))
    assert [angle.series for angle in found] == ["curve_deg", "trunk_side_lean_deg"]


def test_a_place_in_the_stride_is_shown_in_the_stride_of_the_pictures() -> None:
    analysis = build_analysis()
    stride = typical_stride(analysis)
    assert stride is not None
    assert stride.clean
    assert stride.side == analysis.signals.near_side
    assert typical_stride(replace(analysis, strides=())) is None


def test_the_clip_without_drawings_has_the_times_of_the_one_that_was_filmed(tiny_clip: Path, tmp_path: Path) -> None:
    plain = PlainClip(tiny_clip, tmp_path / "plain.mp4")
    assert plain.wait(30)
    assert plain.path is not None
    assert probe(plain.path).times.time_s == pytest.approx(probe(tiny_clip).times.time_s, abs=1e-3)
    plain.remove()
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------------------------- words


def fields(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def test_words_have_the_same_details_in_both_languages_and_speak_one_each() -> None:
    for code, words in known_words().items():
        assert fields(words.ja) == fields(words.en), code
        assert not re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", words.en), code


def test_every_word_the_player_asks_for_is_there() -> None:
    asked = set(
        re.findall(r"\bw(?:ords)?\.((?:player|layer|camera)_\w+)", web_file("player.js") + web_file("camera.js"))
    )
    assert asked
    assert asked <= known_words().keys()
    angles = {f"angle_{re.sub('_(left|right)', '', a.series)}" for a in angles_of(build_analysis())}
    angles |= {"angle_curve_deg"}
    assert angles <= known_words().keys()


@pytest.mark.parametrize("name", ["player.js", "camera.js", "timer.js", "visit.js"])
def test_nothing_in_the_browser_asks_anybody_else(name: str) -> None:
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", web_file(name))


# ------------------------------------------------------------------------------------------------------- queue


class Gate:
    """Work that waits until it is let through, or stopped."""

    def __init__(self) -> None:
        self.open = threading.Event()

    def __call__(
        self, folder: Path, on_progress: OnProgress, should_stop: ShouldStop, on_preview: OnPreview
    ) -> Outcome:
        while not self.open.is_set():
            if should_stop():
                raise Stopped
            time.sleep(0.005)
        return Outcome(build_analysis(), folder, "en")


@pytest.fixture
def visit() -> Iterator[Visit]:
    one = Visit(Line(1))
    yield one
    one.close()


def until(true: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline_s
        time.sleep(0.01)


def queued(visit: Visit, names: str) -> list[Gate]:
    gates = [Gate() for _ in names]
    for gate, name in zip(gates, names, strict=True):
        path = visit.folder / f"{name}.mp4"
        path.touch()
        visit.waiting.append(Task(gate, Clip(path, f"{name}.mp4", ours=True)))
    visit._go_on()
    return gates


class TestQueue:
    def test_one_after_the_other_also_with_nobody_looking(self, visit: Visit) -> None:
        for gate in queued(visit, "abc"):
            gate.open.set()
        until(lambda: len(visit.results) == 3)
        assert [r.clip.shown_name for r in visit.results] == ["a.mp4", "b.mp4", "c.mp4"]
        assert visit.result is visit.results[-1]
        visit.show(visit.results[0])
        assert visit.result is visit.results[0]

    def test_stopping_one_lets_the_next_go_on(self, visit: Visit) -> None:
        _, second = queued(visit, "ab")
        visit.stop()
        second.open.set()
        until(lambda: len(visit.results) == 1)
        assert [(f.name, f.error.code) for f in visit.failures] == [("a.mp4", "stopped")]
        assert not (visit.folder / "a.mp4").exists()

    def test_what_waits_can_be_taken_out_and_all_can_be_stopped(self, visit: Visit) -> None:
        queued(visit, "abc")
        visit.drop(visit.waiting[0])
        assert [task.clip.shown_name for task in visit.waiting] == ["c.mp4"]
        assert not (visit.folder / "b.mp4").exists()
        visit.stop_all()
        until(lambda: visit.job is None)
        assert visit.waiting == []
        until(lambda: list(visit.folder.iterdir()) == [])

    def test_all_of_it_goes_when_asked(self, visit: Visit) -> None:
        gates = queued(visit, "ab")
        gates[0].open.set()
        until(lambda: len(visit.results) == 1)
        visit.forget_all()
        until(lambda: visit.job is None and list(visit.folder.iterdir()) == [])
        assert visit.result is None

    def test_a_token_finds_its_visit_only_and_only_while_it_lasts(self, visit: Visit) -> None:
        other = Visit(Line(1))
        assert visit_of(visit.token) is visit
        assert visit_of(other.token) is other
        assert len(visit.token) > 40
        assert visit_of("") is visit_of(None) is visit_of("x") is None
        other.close()
        assert visit_of(other.token) is None


# -------------------------------------------------------------------------------------------------- first look


def filmed(name: str, folder: Path) -> Path:
    """Two seconds of a picture of the film guide at 60 frames a second."""
    picture = cv2.imread(str(ROOT / "formcheck" / "ui" / "film_guide" / f"{name}.webp"))
    assert picture is not None
    large = cv2.cvtColor(cv2.resize(picture, (720, 960), interpolation=cv2.INTER_CUBIC), cv2.COLOR_BGR2RGB)
    return write_clip(folder / f"{name}.mp4", [large] * 120, frame_rate_hz=60)


@pytest.mark.parametrize("name", ["good", "tilted", "far", "feet_cut", "oblique"])
def test_each_mistake_of_the_guide_is_seen_and_what_is_good_is_left_alone(name: str, tmp_path: Path) -> None:
    found = {doubt.code: doubt.amount for doubt in first_look(filmed(name, tmp_path)).doubts}
    del found["short"]
    assert set(found) == ({name} - {"good"})
    if name == "tilted":
        assert found[name] == pytest.approx(9, abs=1)  # as it was rendered


@pytest.mark.parametrize(("source", "loose"), [("tm_movup_goodbad.mp4", True), ("tm_mhuang_slowmo.mp4", False)])
def test_loose_shorts_of_a_real_runner_are_seen(source: str, loose: bool) -> None:
    clip = ROOT.parent / "shared" / "clips" / source
    if not clip.is_file():
        pytest.skip(f"no {source} in ../shared/clips")
    assert ("loose" in {doubt.code for doubt in first_look(clip).doubts}) == loose


def test_close_clothes_of_the_samples_are_left_alone() -> None:
    for clip in sorted((ROOT / "sample_videos").glob("runner_*.mp4")):
        assert "loose" not in {doubt.code for doubt in first_look(clip).doubts}, clip.name


@pytest.mark.parametrize("turn_deg", [0.0, 30.0, 75.0])
def test_the_thickness_of_a_bar_is_its_own(turn_deg: float) -> None:
    turn = np.radians(turn_deg)
    along, across = np.array([np.sin(turn), np.cos(turn)]), np.array([np.cos(turn), -np.sin(turn)])
    start = np.array([300.0, 200.0])
    bar = [start + up * along + side * across for up, side in ((-50, -20), (250, -20), (250, 15), (-50, 15))]
    assert _thickness(np.array(bar), start, start + 200 * along, 0.7) == pytest.approx(35.0)
    assert np.isnan(_thickness(np.array(bar) + 100 * across, start, start + 200 * along, 0.7))


def test_a_slow_frame_rate_and_an_empty_room_are_told(empty_room: Path) -> None:
    assert {doubt.code for doubt in first_look(empty_room).doubts} == {"blurred", "short", "nobody"}


def test_every_doubt_has_words_in_both_languages() -> None:
    from formcheck.first_look import Doubt

    for code in CODES:
        for lang in ("ja", "en"):
            said = doubts_html((Doubt(code, 3),), lang)
            assert word("look_better", lang) in said
            assert said.count("<p>") == 2
    assert set(MISTAKES) <= set(CODES)


# ---------------------------------------------------------------------------------------------------- comparing


def test_two_results_can_be_compared_and_one_cannot(tmp_path: Path) -> None:
    visit = Visit(Line(1))
    analysis = build_analysis()
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.session_state["check"] = Check(True, read_answers({"age": 30, "pain": "none", "signs": []}))
    app.session_state["visit"], app.session_state["lang"], app.session_state["area"] = visit, "en", "compare"
    app.run()
    assert [info.value for info in app.info] == [word("compare_needs_two", "en", n=0)]
    for name in ("one", "two"):
        folder = visit.folder / name
        folder.mkdir()
        write_clip(folder / "annotated.mp4", [np.full((64, 36, 3), 90, np.uint8)] * 30)
        named = replace(analysis, video=replace(analysis.video, name=f"{name}.mp4"))
        visit.result = Result(Outcome(named, folder, "en"), folder, Clip(folder / "x.mp4", f"{name}.mp4", ours=False))
    app.run()
    assert not app.exception
    assert not app.info
    assert [box.value for box in app.selectbox] == [0, 1, "thigh"]
    html = "".join(node.value for node in app.main if node.type == "html")
    assert "◆ 0 changed" in html, "the same clip twice"
    visit.close()
