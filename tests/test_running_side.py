"""Running from the side as a whole: what is examined, what is refused, what a reader is warned about."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from synthetic import (
    TOE_OFF_SHARE,
    Runner,
    exchange_spells,
    exchanged,
    jittered,
    jumped,
    leg_at,
    lost,
    rotated,
    squatting,
    standing,
)

from formcheck.activities.running_side import PICTURED, Examined, examine, midstance_s
from formcheck.pose.recorded_pose import read_pose
from formcheck.records import InputError, PoseTrack, Subject
from formcheck.skeleton import SIDES
from formcheck.texts import codes, note_text

NOBODY_SAID = Subject()
SAMPLES = Path(__file__).parents[1] / "sample_videos"


def _examined(pose: PoseTrack) -> Examined:
    return examine(pose, NOBODY_SAID)


def _codes(examined: Examined) -> set[str]:
    return {note.code for note in examined.warnings}


def _refusal(pose: PoseTrack) -> str:
    with pytest.raises(InputError) as refused:
        _examined(pose)
    assert refused.value.code in codes()
    return refused.value.code


def _numbers(examined: Examined) -> dict[str, float]:
    return {m.metric: m.value for m in examined.measurements if isinstance(m.value, float)}


# -------------------------------------------------------------------------------------------------------- warnings


def test_a_good_clip_has_no_warning() -> None:
    assert _codes(_examined(jittered(Runner(duration_s=8).pose(), 2.0))) == set()


def _every(nth: int, pose: PoseTrack) -> PoseTrack:
    """The same runner with fewer pictures a second."""
    return replace(
        pose,
        time_s=pose.time_s[::nth],
        xy_px=pose.xy_px[::nth],
        visibility=pose.visibility[::nth],
        outline_qpx=pose.outline_qpx[::nth],
    )


@pytest.mark.parametrize(
    ("frame_rate_hz", "given", "missing"),
    [
        (20, {"knee_flexion_at_contact_deg", "contact_time_s", "cadence_spm"}, set[str]()),
        (
            15,
            {"trunk_lean_deg", "contact_time_s", "cadence_spm"},
            {"knee_flexion_at_contact_deg", "overstride_pct_leg"},
        ),
        (7.5, {"cadence_spm"}, {"contact_time_s", "trunk_lean_deg", "knee_flexion_at_contact_deg"}),
    ],
)
def test_too_few_pictures_a_second_give_no_number_of_a_moment(
    frame_rate_hz: float, given: set[str], missing: set[str]
) -> None:
    examined = _examined(_every(round(60 / frame_rate_hz), jittered(Runner(duration_s=16).pose(), 1.0)))
    assert given <= _numbers(examined).keys()
    assert not missing & _numbers(examined).keys()
    reasons = {m.metric: m.reason.code for m in examined.measurements if m.reason and m.side in ("left", None)}
    assert {reasons.get(metric) for metric in missing} <= {"frame_rate_too_low", "far_side"}


def test_a_runner_seen_too_seldom_is_not_said_not_to_run() -> None:
    assert _refusal(_every(20, jittered(Runner(duration_s=16).pose(), 1.0))) == "bad_frame_rate"


def test_exchanged_legs_are_told_and_change_no_number() -> None:
    pose = jittered(Runner(duration_s=8).pose(), 1.0)
    clean = _examined(pose)
    mixed = _examined(exchanged(pose, exchange_spells(len(pose.time_s), 60.0, share=0.2, seed=8)))
    assert "legs_exchanged" in _codes(mixed)
    for name, value in _numbers(clean).items():
        assert _numbers(mixed)[name] == pytest.approx(value, rel=0.02, abs=0.3), name


def test_a_jump_is_told() -> None:
    pose = jumped(Runner().pose(), 150, "right_ankle", (170.0, -80.0))
    assert "jumps" in _codes(_examined(pose))


@pytest.mark.parametrize(("rate", "told"), [(25.0, True), (30.0, True), (60.0, False)])
def test_a_low_frame_rate_is_told(rate: float, told: bool) -> None:
    assert ("low_frame_rate" in _codes(_examined(Runner(rate_hz=rate).pose()))) == told


def test_a_tilted_camera_is_told() -> None:
    assert "camera_tilted" in _codes(_examined(rotated(Runner().pose(), 6.0)))


def test_a_small_person_is_told() -> None:
    assert "person_small" in _codes(_examined(Runner(leg_px=80).pose()))


def test_a_person_rarely_found_is_told() -> None:
    pose = Runner(duration_s=10).pose()
    gone = (pose.time_s > 3) & (pose.time_s < 5)
    assert "person_rarely_found" in _codes(_examined(lost(pose, gone)))


def test_several_people_are_told() -> None:
    assert "several_people" in _codes(_examined(replace(Runner().pose(), n_people=3, person=1)))


def test_a_moving_camera_is_told() -> None:
    assert "camera_moving" in _codes(_examined(replace(Runner().pose(), camera="moving")))


def test_every_warning_has_its_sentence() -> None:
    pose = replace(rotated(Runner(rate_hz=30, leg_px=80).pose(), 6.0), n_people=2, camera="moving", cuts_s=(4.5,))
    warnings = _examined(pose).warnings
    assert len(warnings) >= 5
    for note in warnings:
        for lang in ("ja", "en"):
            assert "?" not in note_text(note, lang), note  # type: ignore[arg-type]


# --------------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("jitter_px", [0.0, 2.0, 4.0])
def test_a_standing_person_is_refused(jitter_px: float) -> None:
    assert _refusal(jittered(standing(), jitter_px)) == "not_running"


@pytest.mark.parametrize("jitter_px", [0.0, 3.0])
def test_squats_are_refused(jitter_px: float) -> None:
    assert _refusal(jittered(squatting(), jitter_px)) == "not_running"


def test_nobody_is_refused() -> None:
    pose = Runner(duration_s=2).pose()
    assert _refusal(lost(pose, np.ones(len(pose.time_s), dtype=bool))) == "no_person"


@pytest.mark.parametrize("n_frames", [1, 5, 11])
def test_a_moment_is_refused(n_frames: int) -> None:
    pose = Runner(duration_s=n_frames / 60).pose()
    assert _refusal(pose) == "too_few_frames"


def test_one_step_is_refused() -> None:
    assert _refusal(Runner(duration_s=0.5).pose()) == "too_short"


# ------------------------------------------------------------------------------------------------------ slow motion


@pytest.mark.parametrize("factor", [4.0, 8.0])
def test_slow_motion_is_suspected_and_no_number_given(factor: float) -> None:
    pose = Runner(rate_hz=30 * factor, duration_s=6).pose()
    examined = _examined(replace(pose, time_s=pose.time_s * factor))
    note = next(n for n in examined.warnings if n.code == "slow_motion_suspected")
    assert note.details["factor"] == factor
    assert all(m.value is None and m.status == "not_measurable" for m in examined.measurements)
    assert {m.reason.code for m in examined.measurements if m.reason} == {"slow_motion_suspected_reason"}


@pytest.mark.parametrize("stride", [0.60, 0.70, 0.85, 0.95])
def test_runners_are_not_taken_for_slow_motion(stride: float) -> None:
    assert "slow_motion_suspected" not in _codes(_examined(Runner(stride_s=stride, duration_s=8).pose()))


# ------------------------------------------------------------------------------------------------------ edited clips


def _edited() -> PoseTrack:
    """A second of someone standing, seven of running, two of standing, with cuts between."""
    stand, run = standing(2.0), Runner(duration_s=7).pose()
    parts = [stand.xy_px[:60], run.xy_px, stand.xy_px]
    xy = np.concatenate(parts)
    return replace(
        run,
        time_s=np.arange(len(xy)) / 60,
        xy_px=xy,
        visibility=np.full((len(xy), 33), 0.9),
        outline_qpx=np.full((len(xy), 1, 2), -1, dtype=np.int16),
        cuts_s=(1.0, 8.0),
    )


def test_only_the_best_shot_of_an_edited_clip_counts() -> None:
    examined = _examined(_edited())
    note = next(n for n in examined.warnings if n.code == "edited_clip")
    assert (note.details["start"], note.details["end"]) == (1.0, 8.0)
    assert all(0.95 < e.time_s < 8.05 for e in examined.events)
    assert _numbers(examined)["cadence_spm"] == pytest.approx(120 / 0.70, abs=0.3)


def test_no_stride_reaches_over_a_cut() -> None:
    """The same runner, filmed twice, half a stride apart: the stride across the cut is nobody's."""
    first, second = Runner(duration_s=5).pose(), Runner(duration_s=5, first_contact_s=0.4).pose()
    xy = np.concatenate([first.xy_px, second.xy_px])
    pose = replace(
        first,
        time_s=np.arange(600) / 60,
        xy_px=xy,
        visibility=np.full((600, 33), 0.9),
        outline_qpx=np.full((600, 1, 2), -1, dtype=np.int16),
        cuts_s=(5.0,),
    )
    examined = _examined(pose)
    assert all(s.next_contact_s <= 5.0 or s.contact_s >= 5.0 for s in examined.strides)
    assert len({s.contact_s < 5.0 for s in examined.strides}) == 1


# ------------------------------------------------------------------------------------------------------ key moments


@pytest.mark.parametrize("facing", ["left", "right"])
def test_key_moments_are_the_runners(facing: str) -> None:
    runner = Runner(facing=facing)  # type: ignore[arg-type]
    examined = _examined(runner.pose())
    assert {(m.kind, m.side) for m in examined.key_moments} == {
        (kind, side) for kind in ("contact", "midstance", "toe_off") for side in SIDES
    }
    shares = np.linspace(0, TOE_OFF_SHARE, 2000)
    under_the_hip = float(np.interp(0.0, -leg_at(shares).joints["ankle"][:, 0], shares))
    expected = {"contact": 0.0, "midstance": under_the_hip, "toe_off": TOE_OFF_SHARE}
    for moment in examined.key_moments:
        share = runner.share(moment.side, np.array([moment.time_s]))[0]
        late = (share - expected[moment.kind] + 0.5) % 1.0 - 0.5
        assert abs(late) * runner.stride_s < 0.008, moment


def test_midstance_of_a_foot_that_was_not_seen_is_the_middle_of_contact() -> None:
    examined = _examined(Runner().pose())
    unseen = replace(examined.signals, series={})
    stride = examined.strides[0]
    assert midstance_s(unseen, stride) == pytest.approx((stride.contact_s + stride.toe_off_s) / 2)


def test_the_track_is_not_edited() -> None:
    pose = _edited()
    xy = pose.xy_px.copy()
    _examined(pose)
    np.testing.assert_array_equal(pose.xy_px, xy)


def test_the_pictures_are_of_a_stride_like_the_others() -> None:
    """Of the sample: no number of the stride that is shown is far from the clip's, which stands beside it."""
    examined = _examined(read_pose(SAMPLES / "runner_left_overstride.pose.npz"))
    (shown_s,) = [m.time_s for m in examined.key_moments if (m.kind, m.side) == ("contact", "left")]
    for told in examined.measurements:
        if told.metric in PICTURED and told.side != "right":
            of_stride = dict(zip(told.times_s, told.values, strict=True))[shown_s]
            assert isinstance(told.value, float)
            assert abs(of_stride - told.value) <= 1.1 * np.std(told.values), told.metric
