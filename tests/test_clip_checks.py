"""Doubts about a clip's filming, scale and clock: each is told where it should be, and not beside it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from accuracy.camera import Filming, film
from accuracy.truth import Trial, trials, why_absent
from synthetic import Runner, jittered, lost

from formcheck.activities.recognise import recognised
from formcheck.activities.running_side import examine
from formcheck.records import InputError, Measurement, PoseTrack, Subject
from formcheck.skeleton import INDEX, Side

needs_truth = pytest.mark.skipif(why_absent() is not None, reason=str(why_absent()))


def _codes(pose: PoseTrack, subject: Subject | None = None) -> set[str]:
    return {note.code for note in examine(pose, subject or Subject()).warnings}


@cache
def _filmed(number: int, yaw_deg: float = 0.0, near: Side = "right") -> tuple[Trial, PoseTrack]:
    trial = trials()[number]
    return trial, film(trial, Filming(rate_hz=60.0, yaw_deg=yaw_deg), near, number).pose


# -------------------------------------------------------------------------------------------------------- filming


@needs_truth
@pytest.mark.parametrize(("yaw", "told"), [(-14.0, True), (0.0, False), (14.0, True)])
def test_a_turned_camera_is_told(yaw: float, told: bool) -> None:
    _, pose = _filmed(1, yaw)
    assert ("camera_yaw" in _codes(pose)) == told


@pytest.mark.parametrize(("above_px", "told"), [(-20, False), (20, True)])
def test_feet_below_the_picture_are_told(above_px: int, told: bool) -> None:
    """The network goes on guessing feet below the border; here the picture ends above them, or just below."""
    pose = Runner().pose()
    lowest = round(pose.xy_px[:, INDEX["right_foot_index"], 1].max())
    assert ("feet_cut_off" in _codes(replace(pose, height_px=lowest - above_px))) == told


def test_a_moving_camera_leaves_times_and_makes_angles_less_sure() -> None:
    pose = Runner(duration_s=8).pose()
    still, moving = (
        {(m.metric, m.side): m for m in examine(replace(pose, camera=camera), Subject(170.0, 3.0)).measurements}
        for camera in ("static", "moving")  # type: ignore[arg-type]
    )
    for metric, side in (("cadence_spm", None), ("contact_time_s", "right"), ("duty_factor_pct", "left")):
        assert moving[metric, side].status == "ok"  # type: ignore[index]
    for metric, side in (("trunk_lean_deg", None), ("overstride_pct_leg", "right"), ("vertical_oscillation_cm", None)):
        m = moving[metric, side]  # type: ignore[index]
        assert still[metric, side].status == "ok"  # type: ignore[index]
        assert (m.status, m.reason and m.reason.code) == ("low_confidence", "moving_camera")


@pytest.mark.parametrize(("duration_s", "told"), [(4.2, True), (8.0, False)])
def test_few_strides_are_told(duration_s: float, told: bool) -> None:
    assert ("few_strides" in _codes(Runner(duration_s=duration_s).pose())) == told


# ------------------------------------------------------------------------------------------------- scale and clock


@needs_truth
@pytest.mark.parametrize("number", [0, 4, 8, 10])
def test_belt_speed_from_the_feet_is_within_its_error(number: int) -> None:
    trial, pose = _filmed(number)
    (m,) = (m for m in examine(pose, Subject(height_cm=trial.height_cm)).measurements if m.metric == "stride_length_m")
    assert (m.status, m.reason and m.reason.code) == ("low_confidence", "belt_speed_estimated")
    assert m.reason is not None
    assert float(m.reason.details["speed"]) == pytest.approx(trial.speed_mps, rel=0.08)
    true = trial.speed_mps * 120.0 / trial.measures("right", 0.0, 15.0)["cadence_spm"]
    assert isinstance(m.value, float)
    assert m.uncertainty is not None
    assert abs(m.value - true) <= m.uncertainty < 0.12 * true


@needs_truth
@pytest.mark.parametrize(("factor", "told"), [(0.75, True), (0.97, False), (1.0, False), (1.25, True)])
def test_a_belt_speed_that_cannot_be_is_told(factor: float, told: bool) -> None:
    trial, pose = _filmed(4)
    warned = examine(pose, Subject(trial.height_cm, factor * trial.speed_mps)).warnings
    notes = [note for note in warned if note.code == "belt_speed_disagrees"]
    assert bool(notes) == told
    if told:
        assert notes[0].details["given"] == round(factor * trial.speed_mps, 1)
        assert float(notes[0].details["estimated"]) == pytest.approx(trial.speed_mps, rel=0.08)


@needs_truth
def test_the_belt_gives_the_scale_where_the_height_is_not_known() -> None:
    trial, pose = _filmed(4)
    by_belt, by_height = (
        next(m.value for m in examine(pose, subject).measurements if m.metric == "vertical_oscillation_cm")
        for subject in (Subject(belt_speed_mps=trial.speed_mps), Subject(height_cm=trial.height_cm))
    )
    true = trial.measures("right", 0.0, 15.0)["vertical_oscillation_cm"]
    assert by_belt == pytest.approx(true, abs=0.6)
    assert by_height == pytest.approx(true, abs=0.6)


@needs_truth
@pytest.mark.parametrize(
    ("subject", "told"),
    [(Subject(height_cm=180.0), False), (Subject(height_cm=80.0), True), (Subject(belt_speed_mps=11.5), True)],
    ids=["right", "half", "km/h"],
)
def test_a_bounce_that_gravity_forbids_is_told(subject: Subject, told: bool) -> None:
    """A height or a speed in another unit makes the body fall too slowly or too fast."""
    _, pose = _filmed(4)
    assert ("scale_doubtful" in _codes(pose, subject)) == told


@needs_truth
def test_slow_motion_that_still_looks_like_running_breaks_gravity() -> None:
    """Slowed 1.5 times, 182 steps a minute become 121; the body then seems to fall with 4 m/s2."""
    trial, pose = _filmed(4)
    slow = replace(pose, time_s=1.5 * pose.time_s)
    assert "slow_motion_suspected" not in _codes(slow)
    assert "scale_doubtful" in _codes(slow, Subject(height_cm=trial.height_cm))
    assert "scale_doubtful" not in _codes(pose, Subject(height_cm=trial.height_cm))


# ---------------------------------------------------------------------------------------------- cut, looped, sped up


def _spliced(pose: PoseTrack, parts: list[tuple[float, float]]) -> PoseTrack:
    """These parts of a clip one after the other, at the clip's own rate."""
    kept = [pose.between(start, end) for start, end in parts]
    xy = np.concatenate([part.xy_px for part in kept])
    step_s = float(np.median(np.diff(pose.time_s)))
    return replace(
        pose,
        time_s=step_s * np.arange(len(xy)),
        xy_px=xy,
        visibility=np.concatenate([part.visibility for part in kept]),
        outline_qpx=np.concatenate([part.outline_qpx for part in kept]),
    )


def _cadence_told(pose: PoseTrack) -> Measurement:
    found: Measurement = next(m for m in examine(pose, Subject()).measurements if m.metric == "cadence_spm")
    return found


@pytest.mark.parametrize(
    ("cut_s", "told"),
    [(0.2, "rhythm_breaks"), (0.35, "legs_exchanged"), (0.5, "rhythm_breaks"), (1.1, "rhythm_breaks")],
)
def test_a_cut_within_a_scene_leaves_the_cadence_as_it_is(cut_s: float, told: str) -> None:
    """Half a stride cut out looks as if left and right had been taken for one another."""
    runner = Runner(duration_s=10)
    pose = jittered(runner.pose(), 1.5, 1)
    spliced = _spliced(pose, [(0.0, 4.0), (4.0 + cut_s, 10.0)])
    found = _cadence_told(spliced)
    assert isinstance(found.value, float)
    assert found.value == pytest.approx(runner.cadence_spm, abs=max(found.uncertainty or 0.0, 1.0))
    assert told in _codes(spliced)
    assert told not in _codes(pose)


def test_a_short_loop_has_no_cadence_to_be_sure_of() -> None:
    runner = Runner(duration_s=10)
    pose = jittered(runner.pose(), 1.5, 1)
    found = _cadence_told(_spliced(pose, 6 * [(0.0, 2.2 * runner.stride_s)]))
    assert found.status == "low_confidence"
    assert isinstance(found.value, float)
    assert abs(found.value - runner.cadence_spm) < (found.uncertainty or 0.0)


@pytest.mark.parametrize(("times", "status"), [(1.0, "ok"), (1.5, "low_confidence"), (2.0, "not_measurable")])
def test_a_clip_played_too_fast_is_told(times: float, status: str) -> None:
    pose = Runner(rate_hz=60, duration_s=12).pose()
    fast = replace(pose, time_s=pose.time_s / times)
    assert ("sped_up" in _codes(fast)) == (status != "ok")
    told = {m.status for m in examine(fast, Subject()).measurements if m.metric == "contact_time_s"}
    assert told == {status}


@needs_truth
@pytest.mark.parametrize("times", [0.75, 1.0, 4 / 3])
@pytest.mark.parametrize("number", range(0, 20, 4))
def test_a_picture_that_was_stretched_is_told(number: int, times: float) -> None:
    _, pose = _filmed(number)
    wide = replace(pose, xy_px=pose.xy_px * np.array([times, 1.0]), width_px=round(times * pose.width_px))
    examined = examine(wide, Subject())
    notes = {note.code: note.details for note in examined.warnings}
    assert ("picture_stretched" in notes) == (times != 1.0)
    if times != 1.0:
        assert float(notes["picture_stretched"]["times"]) == pytest.approx(times, abs=0.15)
        assert not [m.metric for m in examined.measurements if m.status == "ok" and m.metric.endswith("_deg")]
        assert "ok" in {m.status for m in examined.measurements if m.metric == "cadence_spm"}


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_runner_who_lies_in_the_air_is_no_plank(quarters: int) -> None:
    pose = Runner(duration_s=8).pose()
    x, y = pose.xy_px[..., 0], pose.xy_px[..., 1]
    turned = {1: np.stack([-y, x], -1), 2: -pose.xy_px, 3: np.stack([y, -x], -1)}[quarters]
    assert recognised(pose).activity == "running"
    with pytest.raises(InputError) as refused:
        recognised(replace(pose, xy_px=turned + 2000.0))
    assert refused.value.code == "picture_turned"


# -------------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("duration_s", [0.5, 0.9])
def test_a_clip_with_room_for_no_stride_is_too_short(duration_s: float) -> None:
    with pytest.raises(InputError) as refused:
        examine(Runner(duration_s=duration_s).pose(), Subject())
    assert refused.value.code == "too_short"


@pytest.mark.parametrize(("leg_px", "code"), [(80.0, "person_too_small"), (300.0, "not_running")])
def test_legs_seen_too_rarely_are_blamed_on_a_small_person(leg_px: float, code: str) -> None:
    pose = Runner(leg_px=leg_px, duration_s=8).pose()
    seen = np.random.default_rng(4).random(len(pose.time_s)) < 0.2
    with pytest.raises(InputError) as refused:
        examine(lost(pose, ~seen), Subject())
    assert refused.value.code == code


@pytest.mark.parametrize(("leg_px", "refused"), [(25.0, True), (45.0, False)])
def test_a_person_of_a_few_pixels_is_refused(leg_px: float, refused: bool) -> None:
    pose = Runner(leg_px=leg_px).pose()
    if not refused:
        assert "person_small" in _codes(pose)
        return
    with pytest.raises(InputError) as error:
        examine(pose, Subject())
    assert error.value.code == "person_too_small"
