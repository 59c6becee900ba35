"""Drawing on frames: what is seen, what is left out, and that nothing else changes."""

from __future__ import annotations

import time
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from synthetic_analysis import STANCE_SHARE, STRIDE_S, build_analysis, without_body

from formcheck.annotate import Annotator, draw_key_moment, planes_of, rgb_of
from formcheck.annotate.body import draw_body, draw_feet
from formcheck.annotate.brush import FAR, INK, MARK, NEAR, WHITE, Brush, Color
from formcheck.annotate.callouts import draw_moment, lean_text
from formcheck.annotate.panels import header_lines
from formcheck.annotate.timeline import HOLD_S, Pose, Timeline, readings_at, stances_of
from formcheck.annotate.typeface import Typeface
from formcheck.cards import LANGS, Lang
from formcheck.planes import Planes, code_of
from formcheck.records import Analysis, Event, Facing, KeyMoment
from formcheck.skeleton import INDEX, SIDES, Side, index_of, other

Picture = npt.NDArray[np.uint8]
CONTACT_S = 0.10 + STRIDE_S
MIDSTANCE_S = CONTACT_S + STANCE_SHARE * STRIDE_S / 2
TOE_OFF_S = CONTACT_S + STANCE_SHARE * STRIDE_S
FLIGHT_S = TOE_OFF_S + 0.04
GROUND = 120


def blank(width: int = 720, height: int = 1280, level: int = GROUND) -> Picture:
    return np.full((height, width, 3), level, dtype=np.uint8)


def drawn(annotator: Annotator, time_s: float, frame: Picture | None = None) -> Picture:
    """An RGB frame with everything drawn on it."""
    frame = blank() if frame is None else frame
    planes = planes_of(frame)
    annotator.annotate(planes, time_s)
    return rgb_of(planes, *frame.shape[1::-1])


def count(picture: Picture, color: Color, tolerance: int = 12) -> int:
    """Pixels of about that colour."""
    return int((np.abs(picture.astype(int) - color).max(axis=2) <= tolerance).sum())


def changed(before: Picture, after: Picture) -> npt.NDArray[np.bool_]:
    return np.asarray((before != after).any(axis=2))


def body_only(analysis: Analysis, time_s: float) -> tuple[Picture, Pose]:
    picture = planes_of(blank())
    pose = Timeline(analysis, 1.0).pose_at(time_s)
    draw_body(Brush(picture, Typeface()), pose, analysis.signals.near_side)
    return rgb_of(picture), pose


def along(pose: Pose, side: Side, upper: str, lower: str) -> npt.NDArray[np.int_]:
    """(k, 2) whole pixels from joint to joint, the ends with their dots left out."""
    a, b = pose.joint(side, upper), pose.joint(side, lower)
    return np.rint(a + np.linspace(0.12, 0.88, 120)[:, None] * (b - a)).astype(int)


def share_of_color(picture: Picture, points: npt.NDArray[np.int_], color: Color) -> float:
    seen = picture[points[:, 1], points[:, 0]].astype(int)
    return float((np.abs(seen - color).max(axis=1) <= 20).mean())


def with_visibility(analysis: Analysis, value: float) -> Analysis:
    signals = analysis.signals
    return replace(analysis, signals=replace(signals, visibility=np.full_like(signals.visibility, value)))


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return build_analysis()


# --- near and far --------------------------------------------------------------------------------------


@pytest.mark.parametrize("near", SIDES)
def test_near_shank_is_solid_and_far_shank_dashed(near: Side) -> None:
    analysis = with_visibility(build_analysis(near_side=near), 1.0)
    picture, pose = body_only(analysis, CONTACT_S)
    assert share_of_color(picture, along(pose, near, "knee", "ankle"), NEAR) > 0.95
    far = share_of_color(picture, along(pose, other(near), "knee", "ankle"), FAR)
    assert 0.3 < far < 0.75


def test_near_line_is_thicker_than_the_far_one(analysis: Analysis) -> None:
    picture, _ = body_only(with_visibility(analysis, 1.0), CONTACT_S)
    assert count(picture, NEAR) > 2 * count(picture, FAR)


def test_near_and_far_differ_in_brightness_too() -> None:
    def brightness(color: Color) -> float:
        return float(np.dot(color, (0.2126, 0.7152, 0.0722)))

    assert brightness(FAR) - brightness(NEAR) > 70


def test_a_point_hardly_seen_is_faded(analysis: Analysis) -> None:
    before = blank()
    contrast = []
    for visibility in (1.0, 0.4, 0.05):
        picture, pose = body_only(with_visibility(analysis, visibility), CONTACT_S)
        points = along(pose, "right", "knee", "ankle")
        here = picture[points[:, 1], points[:, 0]].astype(int) - before[points[:, 1], points[:, 0]]
        contrast.append(float(np.abs(here).mean()))
    assert contrast[0] > 1.5 * contrast[1] > 3 * contrast[2] > 0


def test_repaired_legs_are_fainter_than_sure_ones(analysis: Analysis) -> None:
    signals = analysis.signals
    repaired = replace(signals, doubtful=np.ones_like(signals.doubtful))
    sure = Timeline(analysis, 1.0).pose_at(CONTACT_S)
    unsure = Timeline(replace(analysis, signals=repaired), 1.0).pose_at(CONTACT_S)
    knee, elbow = index_of("right", "knee"), index_of("right", "elbow")
    assert unsure.opacity(knee) < sure.opacity(knee)
    assert unsure.opacity(elbow) == sure.opacity(elbow)


def test_a_missing_knee_takes_only_its_own_bones_away(analysis: Analysis) -> None:
    xy = analysis.signals.xy_px.copy()
    xy[:, index_of("right", "knee")] = np.nan
    lost = replace(analysis, signals=replace(analysis.signals, xy_px=xy))
    picture, _ = body_only(lost, CONTACT_S)
    _, whole = body_only(analysis, CONTACT_S)
    assert share_of_color(picture, along(whole, "right", "knee", "ankle"), NEAR) < 0.1
    assert share_of_color(picture, along(whole, "right", "heel", "foot_index"), NEAR) > 0.9


def test_a_head_from_behind_is_as_large_as_one_from_the_side(analysis: Analysis) -> None:
    """There the nose lies between the ears: the ring about the head keeps its size by the legs."""
    xy = analysis.signals.xy_px.copy()
    ears = [index_of(side, "ear") for side in SIDES]
    xy[:, INDEX["nose"]] = xy[:, ears].mean(axis=1)
    picture, pose = body_only(replace(analysis, signals=replace(analysis.signals, xy_px=xy)), CONTACT_S)
    x, y = pose.middle("ear")
    column = picture[: int(y), int(x)].min(axis=1)
    above_px = y - float(np.flatnonzero(column > 180).mean())
    assert above_px == pytest.approx(0.11 * pose.leg_px, abs=2.0)


def test_face_and_fingers_are_not_drawn(analysis: Analysis) -> None:
    moved = analysis.signals.xy_px.copy()
    unused = [i for i in range(11) if i not in (0, 7, 8)] + list(range(17, 23))
    moved[:, unused] += 60.0
    other_hands = replace(analysis, signals=replace(analysis.signals, xy_px=moved))
    assert np.array_equal(body_only(analysis, CONTACT_S)[0], body_only(other_hands, CONTACT_S)[0])


# --- feet and phases -----------------------------------------------------------------------------------


def feet_only(analysis: Analysis, time_s: float) -> Picture:
    picture = planes_of(blank())
    timeline = Timeline(analysis, 1.0)
    draw_feet(Brush(picture, Typeface()), timeline.pose_at(time_s), timeline, "right", time_s)
    return rgb_of(picture)


def test_contact_mark_is_there_in_stance_and_only_there(analysis: Analysis) -> None:
    assert count(feet_only(analysis, MIDSTANCE_S), NEAR) > 150
    assert not changed(feet_only(analysis, 0.05), blank()).any()  # before anybody's first contact


def test_far_mark_is_hollow(analysis: Analysis) -> None:
    near, far = feet_only(analysis, MIDSTANCE_S), feet_only(analysis, MIDSTANCE_S + STRIDE_S / 2)
    assert 0 < count(far, FAR) < 0.7 * count(near, NEAR)


@pytest.mark.parametrize("moment_s", [CONTACT_S, TOE_OFF_S])
def test_contact_and_toe_off_flash_for_a_moment(analysis: Analysis, moment_s: float) -> None:
    with_flash = feet_only(analysis, moment_s + 0.01)
    calm = replace(analysis, events=())
    assert changed(with_flash, feet_only(calm, moment_s + 0.01)).sum() > 100


def test_stances_pair_a_contact_with_the_toe_off_that_follows() -> None:
    events = [
        Event("toe_off", "left", 0.1),
        Event("contact", "left", 0.5),
        Event("contact", "left", 1.0),
        Event("toe_off", "left", 1.2, clean=False),
        Event("contact", "right", 1.1),
        Event("contact", "left", 1.7),
    ]
    found = [(s.start_s, s.end_s, s.clean) for s in stances_of(events, "left")]
    assert found == [(1.0, 1.2, False)]


def test_phase_bar_moves_with_the_clip(analysis: Analysis) -> None:
    annotator = Annotator(analysis, "en")
    first, later = (drawn(annotator, t)[-50:] for t in (CONTACT_S, CONTACT_S + 0.2))
    assert changed(first, later).mean() > 0.02
    assert count(first, NEAR) > 1000 < count(first, (14, 14, 14), 40)


# --- angles --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("time_s", [CONTACT_S, MIDSTANCE_S, TOE_OFF_S])
def test_each_moment_shows_its_angles(analysis: Analysis, time_s: float) -> None:
    assert count(drawn(Annotator(analysis, "en"), time_s), MARK) > 500


def test_no_angles_between_the_moments(analysis: Analysis) -> None:
    between = TOE_OFF_S + HOLD_S / 2 + 0.01
    assert count(drawn(Annotator(analysis, "en"), between), MARK) == 0


def test_moments_of_repaired_stances_show_no_numbers(analysis: Analysis) -> None:
    doubtful = replace(analysis, events=tuple(replace(e, clean=False) for e in analysis.events))
    assert count(drawn(Annotator(doubtful, "en"), CONTACT_S), MARK) == 0


def test_numbers_are_those_of_the_series(analysis: Analysis) -> None:
    readings = readings_at(analysis.signals, "right", CONTACT_S)
    assert readings.knee_deg == pytest.approx(16.0, abs=0.5)
    assert readings.ahead_pct == pytest.approx(28.9, abs=1.0)
    assert readings_at(analysis.signals, "right", TOE_OFF_S).thigh_deg == pytest.approx(21.0, abs=0.5)


def test_arc_lies_between_the_thigh_prolonged_and_the_shank(analysis: Analysis) -> None:
    pose = Timeline(analysis, 1.0).pose_at(MIDSTANCE_S)
    planes = planes_of(blank())
    readings = readings_at(analysis.signals, "right", MIDSTANCE_S)
    draw_moment(Brush(planes, Typeface()), pose, "midstance", "right", readings, "en")
    picture = rgb_of(planes)
    hip, knee, ankle = (pose.joint("right", name) for name in ("hip", "knee", "ankle"))
    straight = (knee - hip) / np.hypot(*(knee - hip))
    shank = (ankle - knee) / np.hypot(*(ankle - knee))
    middle = (straight + shank) / np.hypot(*(straight + shank))
    at = np.rint(knee + 0.72 * np.hypot(*(ankle - knee)) * middle).astype(int)
    assert count(picture[at[1] - 4 : at[1] + 5, at[0] - 4 : at[0] + 5], MARK) > 10


@pytest.mark.parametrize(("lean", "expected"), [(6.2, "6° forward"), (-3.4, "3° back"), (-0.3, "0°")])
def test_lean_says_its_direction(lean: float, expected: str) -> None:
    assert lean_text(lean, "en").endswith(expected)


@pytest.mark.parametrize("facing", ["left", "right"])
def test_vertical_is_square_to_the_belt(facing: Facing) -> None:
    tilted = build_analysis(facing=facing)
    tilted = replace(tilted, signals=replace(tilted.signals, level_deg=5.0))
    pose = Timeline(tilted, 1.0).pose_at(1.0)
    assert pose.up @ pose.forward == pytest.approx(0.0, abs=1e-12)
    assert pose.forward[1] < 0  # the end the runner heads for is the higher one
    assert np.sign(pose.up[0]) == -np.sign(pose.forward[0])


# --- words ---------------------------------------------------------------------------------------------


def test_languages_draw_different_words(analysis: Analysis) -> None:
    japanese, english = (drawn(Annotator(analysis, lang), CONTACT_S) for lang in LANGS)
    assert changed(japanese, english)[:200].sum() > 500


@pytest.mark.parametrize("lang", LANGS)
def test_letters_are_drawn_and_not_question_marks(lang: Lang) -> None:
    texts = {"ja": ("接地中膝脚長体幹", "????????"), "en": ("Contact", "???????")}[lang]
    pictures = [planes_of(blank(level=0)) for _ in texts]
    for picture, words in zip(pictures, texts, strict=True):
        Brush(picture, Typeface()).text(words, 20, 60, 40)
    assert (pictures[0].luma != pictures[1].luma).sum() > 400


def test_header_has_cadence_and_slow_motion_only_when_slowed(analysis: Analysis) -> None:
    assert [text for text, _ in header_lines(analysis, "en")] == ["171 steps/min"]
    slow = build_analysis(slow_motion=4.0)
    assert header_lines(slow, "en")[1][0] == "slow motion ×4"
    assert header_lines(replace(analysis, measurements=()), "en") == []


# --- stills --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_still_has_the_frame_and_a_caption_below(analysis: Analysis, lang: Lang) -> None:
    for moment in analysis.key_moments:
        still = draw_key_moment(blank(), analysis, moment, lang)
        assert still.shape[1] == 720
        assert 1280 < still.shape[0] < 1280 + 300
        assert still[1280:].max() > 200
        assert count(still[:1280], MARK) > 500


def test_still_writes_the_uncertainty_of_the_clip(analysis: Analysis) -> None:
    """What is written below the picture follows the clip's own numbers: other uncertainties, other ink."""
    moment = analysis.key_moments[0]
    surer = replace(analysis, measurements=tuple(replace(m, uncertainty=0.1) for m in analysis.measurements))
    said, other = (draw_key_moment(blank(), each, moment, "en")[1280:] > 100 for each in (analysis, surer))
    assert said.shape != other.shape or (said != other).any()
    bare = draw_key_moment(blank(), replace(analysis, measurements=()), moment, "en")[1280:] > 100
    assert said.shape != bare.shape or (said != bare).any()


def test_still_fits_any_size_of_frame(analysis: Analysis) -> None:
    still = draw_key_moment(blank(360, 640), analysis, analysis.key_moments[0], "ja")
    assert still.shape[1] == 360


# --- what must never happen ----------------------------------------------------------------------------


SIZES = [(64, 64), (33, 91), (721, 405), (1, 1), (1080, 1920)]


@pytest.mark.parametrize("size", SIZES)
def test_any_size_of_picture_works(size: tuple[int, int]) -> None:
    analysis = build_analysis(*size)
    annotator = Annotator(analysis, "ja")
    for time_s in (0.0, CONTACT_S, MIDSTANCE_S, TOE_OFF_S, 99.0):
        assert drawn(annotator, time_s, blank(*size)).shape == (size[1], size[0], 3)
    for moment in analysis.key_moments:
        assert draw_key_moment(blank(*size), analysis, moment, "ja").shape[1] == size[0]


@pytest.mark.parametrize("lang", LANGS)
def test_nobody_found_is_drawn_without_a_body(analysis: Analysis, lang: Lang) -> None:
    lost = without_body(analysis)
    picture = drawn(Annotator(lost, lang), 1.0)
    assert not changed(picture, blank())[250:1200].any()
    draw_key_moment(blank(), lost, KeyMoment("contact", "right", 1.0), lang)


def test_facing_unknown_draws_the_body_without_lean_or_angles() -> None:
    unknown = build_analysis(facing="unknown")
    picture = drawn(Annotator(unknown, "en"), MIDSTANCE_S)
    assert count(picture[250:1200], NEAR) > 1000
    assert count(picture, MARK) == 0
    for moment in unknown.key_moments:
        draw_key_moment(blank(), unknown, moment, "en")


def test_an_empty_or_wild_track_is_survived(analysis: Analysis) -> None:
    signals = analysis.signals
    none = replace(
        signals,
        time_s=signals.time_s[:0],
        xy_px=signals.xy_px[:0],
        visibility=signals.visibility[:0],
        doubtful=signals.doubtful[:0],
        series={},
    )
    wild = replace(signals, xy_px=signals.xy_px * 1e9, leg_length_px=1e12)
    for odd in (none, wild):
        drawn(Annotator(replace(analysis, signals=odd), "en"), CONTACT_S)


def test_a_gap_is_not_bridged_and_does_not_spoil_its_neighbours(analysis: Analysis) -> None:
    xy = analysis.signals.xy_px.copy()
    xy[61] = np.nan
    timeline = Timeline(replace(analysis, signals=replace(analysis.signals, xy_px=xy)), 1.0)
    grid = analysis.signals.time_s
    assert np.isfinite(timeline.pose_at(float(grid[60])).joint("right", "knee")).all()
    assert np.isnan(timeline.pose_at(float(grid[60] + grid[61]) / 2).joint("right", "knee")).all()
    assert np.isfinite(timeline.pose_at(float(grid[62])).joint("right", "knee")).all()


def test_drawing_leaves_its_input_alone(analysis: Analysis) -> None:
    frame = blank()
    frame.flags.writeable = False
    signals = analysis.signals
    kept = [signals.xy_px, signals.visibility, signals.doubtful, *signals.series.values()]
    copies = [values.copy() for values in kept]
    annotator = Annotator(analysis, "en")
    for time_s in (CONTACT_S, MIDSTANCE_S, TOE_OFF_S, FLIGHT_S):
        drawn(annotator, time_s)
    draw_key_moment(frame, analysis, analysis.key_moments[0], "en")
    assert np.array_equal(frame, blank())
    for values, copy in zip(kept, copies, strict=True):
        np.testing.assert_array_equal(values, copy)


@pytest.mark.parametrize("color", [NEAR, FAR, MARK, WHITE, INK])
def test_colours_come_out_as_they_are_meant(color: Color) -> None:
    flat = planes_of(np.full((8, 8, 3), color, dtype=np.uint8))
    assert (int(flat.luma[0, 0]), tuple(flat.chroma[0, 0].tolist())) == code_of(color, "bt601")
    assert np.abs(rgb_of(flat).astype(int) - color).max() <= 2


def test_planes_need_not_lie_together_in_memory(analysis: Analysis) -> None:
    """The encoder's pictures have rows longer than what is seen of them."""
    whole = planes_of(blank())
    wide = Planes(np.zeros((1280, 768), np.uint8), np.zeros((640, 384, 2), np.uint8)).part(0, 0, 720, 1280)
    wide.luma[:], wide.chroma[:] = whole.luma, whole.chroma
    annotator = Annotator(analysis, "ja")
    for picture in (whole, wide):
        annotator.annotate(picture, CONTACT_S)
    assert np.array_equal(whole.luma, wide.luma)
    assert np.array_equal(whole.chroma, wide.chroma)


def test_what_is_near_in_time_is_found_as_by_looking_at_everything(analysis: Analysis) -> None:
    timeline = Timeline(analysis, 1.0)
    for now in np.arange(-0.5, 3.5, 0.0137):
        events = [e for e in timeline.events if 0.0 <= now - e.time_s < 0.1]
        assert list(timeline.events_within(now - 0.1, now)) == events
        close = [m for m in timeline.moments if abs(m.time_s - now) <= HOLD_S / 2]
        assert timeline.moment_at(now) == min(close, key=lambda m: abs(m.time_s - now), default=None)
        for side in SIDES:
            shown = [s for s in timeline.stances[side] if s.end_s > now - 0.4 and s.start_s < now + 0.4]
            assert list(timeline.stances_within(side, now - 0.4, now + 0.4)) == shown


@pytest.mark.parametrize("time_s", [CONTACT_S, MIDSTANCE_S, FLIGHT_S])
def test_half_the_size_looks_like_the_picture_made_small(time_s: float) -> None:
    big = build_analysis(1440, 2560)
    large = drawn(Annotator(big, "en"), time_s, blank(1440, 2560))
    small = drawn(Annotator(big, "en", scale=0.5), time_s)
    shrunk = cv2.resize(large, (720, 1280), interpolation=cv2.INTER_AREA)
    apart = np.abs(cv2.blur(shrunk, (5, 5)).astype(int) - cv2.blur(small, (5, 5)).astype(int)).max(axis=2)
    assert (apart > 40).mean() < 0.01


@pytest.mark.parametrize("size", [(720, 1280), (1080, 1920)])
def test_speed_is_printed(size: tuple[int, int]) -> None:
    annotator = Annotator(build_analysis(*size), "ja")
    frame = planes_of(blank(*size))
    times = np.arange(0.0, 2.9, 1 / 30)
    start = time.process_time()
    for time_s in times:
        annotator.annotate(frame, float(time_s))
    each_ms = 1000 * (time.process_time() - start) / len(times)
    print(f"\nannotate {size[0]}x{size[1]}: {each_ms:.2f} ms a frame")
    assert each_ms < 20  # only a runaway; a busy machine must not fail this
