"""Running from behind and in front as a whole, on exact synthetic motion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic import squatting, standing

from formcheck.activities import examine
from formcheck.activities.examined import Examined
from formcheck.cards import load_cards
from formcheck.comparisons import asymmetries
from formcheck.findings import findings
from formcheck.metrics.rear.crossover import METRIC as CROSSOVER
from formcheck.pelvis import tilt_deg
from formcheck.records import InputError, Measurement, PoseTrack, Subject, View
from formcheck.skeleton import INDEX, LANDMARKS, MIRRORED, index_of
from formcheck.texts import note_text


@dataclass(frozen=True)
class Across:
    """A runner from behind or in front whose frontal plane is known: lengths in leg lengths, angles in degrees.

    The left foot is on the ground around the phases 0, 1, 2 ... of the stride, the right one half a stride later.
    """

    cadence_spm: float = 170.0
    duration_s: float = 8.0
    rate_hz: float = 60.0
    view: View = "rear"
    bounce_leg: float = 0.05
    """How much the hips rise and fall; lowest with a foot lifted high, as in running; below zero as in walking."""
    lean_left_deg: float = 3.0
    lean_right_deg: float = 1.0
    sway_leg: float = 0.03
    left_out_leg: float = 0.05
    right_out_leg: float = 0.04
    leg_px: float = 250.0
    grows: float = 1.0
    """Size at the end of the clip against that at its beginning."""
    mirrored_picture: bool = False
    off_deg: float = 0.0
    """How far the camera stands off straight behind or in front."""

    def pose(self) -> PoseTrack:
        n = round(self.duration_s * self.rate_hz)
        time = np.arange(n) / self.rate_hz
        phase = 2 * np.pi * time * self.cadence_spm / 120.0
        wave = np.cos(phase)
        xy = np.zeros((n, len(LANDMARKS), 2))
        hips = np.stack([self.sway_leg / 2 * wave, 1.0 - self.bounce_leg * np.cos(2 * phase)], axis=1)
        lean = (self.lean_left_deg - self.lean_right_deg) / 2 + (self.lean_left_deg + self.lean_right_deg) / 2 * wave
        shoulders = hips + 0.6 * np.stack([np.sin(np.radians(lean)), np.cos(np.radians(lean))], axis=1)
        for side, sign, out in (("left", 1.0, self.left_out_leg), ("right", -1.0, self.right_out_leg)):
            lifted = 0.22 * np.clip(-sign * wave, 0, None) ** 1.5
            along = -0.8 * sign * np.sin(phase) * np.sin(np.radians(self.off_deg)) / 2
            ankle = np.stack([sign * out + along, 0.05 + lifted], axis=1)
            self._side(xy, side, sign, hips, shoulders, ankle)
        for name in ("nose", "mouth_left", "mouth_right"):
            xy[:, INDEX[name]] = _by(shoulders, 0.0, 0.3)
        for name, sign in (("left_ear", 1.0), ("right_ear", -1.0)):
            xy[:, INDEX[name]] = _by(shoulders, 0.08 * sign, 0.3)
        return self._filmed(time, xy)

    def _side(self, xy, side, sign, hips, shoulders, ankle) -> None:  # type: ignore[no-untyped-def]
        xy[:, index_of(side, "hip")] = _by(hips, 0.1 * sign, 0.0)
        xy[:, index_of(side, "knee")] = (_by(hips, 0.1 * sign, 0.0) + ankle) / 2
        xy[:, index_of(side, "ankle")] = ankle
        xy[:, index_of(side, "heel")] = ankle - [0.0, 0.04]
        xy[:, index_of(side, "foot_index")] = ankle - [0.0, 0.05]
        xy[:, index_of(side, "shoulder")] = _by(shoulders, 0.2 * sign, 0.0)
        xy[:, index_of(side, "elbow")] = _by(shoulders, 0.25 * sign, -0.3)
        xy[:, index_of(side, "wrist")] = _by(shoulders, 0.12 * sign, -0.4)

    def _filmed(self, time, xy) -> PoseTrack:  # type: ignore[no-untyped-def]
        size = self.leg_px * np.linspace(1.0, self.grows, len(time))[:, None, None]
        sign = 1.0 if (self.view == "front") != self.mirrored_picture else -1.0
        px = xy * size * [sign, -1.0] + [400.0, 700.0]
        if self.mirrored_picture:
            px = px[:, MIRRORED]
        none = np.full((len(time), 64, 2), -1, dtype=np.int16)
        return PoseTrack(time, px, np.ones(px.shape[:2]), 800, 1000, none, "synthetic")


def _by(points, x, y):  # type: ignore[no-untyped-def]
    return points + np.array([x, y])


def _examined(runner: Across) -> Examined:
    return examine(runner.pose(), Subject())


def _values(examined: Examined) -> dict[tuple[str, str | None], float]:
    return {(m.metric, m.side): m.value for m in examined.measurements if isinstance(m.value, float)}


@pytest.mark.parametrize("view", ["rear", "front"])
def test_the_view_is_found_and_both_give_the_same_numbers(view: View) -> None:
    found = _examined(Across(view=view))
    assert (found.activity, found.view) == ("running", view)
    values = _values(found)
    assert values["cadence_spm", None] == pytest.approx(170.0, abs=0.3)
    assert values["hip_sway_pct_leg", None] == pytest.approx(3.0, abs=0.5)
    both = values["trunk_side_lean_deg", "left"] - values["trunk_side_lean_deg", "right"]
    assert both == pytest.approx(2.0, abs=0.4)


def test_left_steps_are_left_steps() -> None:
    runner = Across()
    period = 120.0 / runner.cadence_spm
    for event in _examined(runner).events:
        middle = event.time_s + (0.12 if event.kind == "contact" else -0.12)
        share = (middle / period) % 1.0
        assert event.side == ("left" if min(share, 1 - share) < 0.25 else "right")


def test_each_foot_gives_its_steps_and_none_is_invented() -> None:
    contacts = [event for event in _examined(Across(duration_s=10)).events if event.kind == "contact"]
    assert len(contacts) == pytest.approx(170 / 60 * 10, abs=2)
    assert all(a.side != b.side for a, b in pairwise(contacts))


@settings(max_examples=5, deadline=None)
@given(
    lean=st.floats(-4, 8),
    width=st.floats(-0.02, 0.14),
    sway=st.floats(0.005, 0.06),
    view=st.sampled_from(["rear", "front"]),
)
def test_what_is_set_is_what_is_found(lean: float, width: float, sway: float, view: View) -> None:
    still = Across(view=view, lean_left_deg=0, lean_right_deg=0, left_out_leg=0.05, right_out_leg=0.05, sway_leg=0.02)
    moved = replace(
        still, lean_left_deg=lean, lean_right_deg=lean, left_out_leg=width / 2, right_out_leg=width / 2, sway_leg=sway
    )
    before, after = _values(_examined(still)), _values(_examined(moved))
    change = {key: after[key] - before[key] for key in after}
    assert change["trunk_side_lean_deg", "left"] == pytest.approx(lean, abs=0.5)
    assert change["step_width_pct_leg", None] == pytest.approx(100 * (width - 0.10), abs=1.0)
    assert change["hip_sway_pct_leg", None] == pytest.approx(100 * (sway - 0.02), abs=1.0)


def test_a_trunk_that_swings_more_sways_more() -> None:
    """By how much is learned of bodies, not of stick figures: ``tests/accuracy/test_rear.py``."""
    ranges = [
        _values(_examined(Across(lean_left_deg=lean, lean_right_deg=lean)))["trunk_sway_range_deg", None]
        for lean in (2.0, 5.0, 8.0)
    ]
    assert ranges[0] < ranges[1] - 1.0 < ranges[2] - 2.0


def test_a_mirrored_picture_swaps_the_sides_and_changes_no_number() -> None:
    straight, mirrored = (_values(_examined(Across(mirrored_picture=m))) for m in (False, True))
    other = {"left": "right", "right": "left", None: None}
    turned = {"shoulder_tilt_deg"}
    for (metric, side), value in straight.items():
        if metric not in turned:
            assert mirrored[metric, other[side]] == pytest.approx(value, abs=0.3), metric


@pytest.mark.parametrize("grows", [0.3, 3.0])
def test_coming_and_going_changes_little(grows: float) -> None:
    stays, travels = (
        _values(_examined(Across())),
        _values(_examined(Across(grows=grows, leg_px=150 if grows > 1 else 300))),
    )
    assert travels["cadence_spm", None] == pytest.approx(stays["cadence_spm", None], abs=0.7)
    for metric in ("trunk_sway_range_deg", "hip_sway_pct_leg", "step_width_pct_leg"):
        assert travels[metric, None] == pytest.approx(stays[metric, None], abs=0.8), metric


def test_feet_that_cross_are_told() -> None:
    values = _values(_examined(Across(left_out_leg=-0.06, right_out_leg=0.12)))
    assert values["crossover_pct", "left"] == 100.0
    assert values["crossover_pct", "right"] == 0.0


def test_feet_close_to_the_midline_give_no_share_of_steps_across_it() -> None:
    found = [m for m in _examined(Across(left_out_leg=0.01, right_out_leg=0.02)).measurements if m.metric == CROSSOVER]
    assert [(m.value, m.reason and m.reason.code) for m in found] == [(None, "near_midline")] * 2


def test_without_standing_no_side_is_said_to_drop_further() -> None:
    found = _examined(Across()).measurements
    compared = next(c for c in asymmetries(found) if c.metric == "pelvic_drop_deg")
    assert (compared.value, compared.status) == (None, "not_measurable")


@pytest.mark.parametrize("pose", [squatting(6.0), standing(6.0)])
def test_who_does_not_run_is_not_measured_as_a_runner(pose: PoseTrack) -> None:
    for view in ("rear", "front"):
        with pytest.raises(InputError) as refused:
            examine(pose, Subject(), "running", view)  # type: ignore[arg-type]
        assert refused.value.code in ("not_running", "too_short")


@pytest.mark.parametrize("view", ["rear", "front"])
def test_who_walks_is_no_runner(view: View) -> None:
    with pytest.raises(InputError) as refused:
        _examined(Across(view=view, cadence_spm=108.0, bounce_leg=-0.02))
    assert refused.value.code == "walks"


def test_at_an_angle_times_stay_and_angles_go() -> None:
    from synthetic import Runner

    found = examine(Runner(duration_s=8).pose(), Subject(), "running", "oblique")
    assert found.view == "oblique"
    assert {m.metric for m in found.measurements if m.value is not None} >= {"cadence_spm", "contact_time_s"}
    assert all(m.value is None for m in found.measurements if m.metric.endswith("_deg"))
    assert note_text(found.warnings[0], "ja")


def test_far_off_straight_behind_only_times_are_told() -> None:
    square, turned = _examined(Across()), _examined(Across(off_deg=30.0))
    assert turned.view == "oblique"
    assert turned.warnings[0].code == "oblique_view"
    given = {m.metric for m in turned.measurements if m.value is not None}
    assert given == {"cadence_spm", "contact_time_s"}
    assert _values(turned)["cadence_spm", None] == pytest.approx(_values(square)["cadence_spm", None], abs=0.5)
    assert not any(name.endswith("_deg") for name in turned.signals.series)


def test_a_little_off_straight_behind_makes_the_sideways_numbers_less_sure() -> None:
    found = _examined(Across(off_deg=12.0))
    assert found.view == "rear"
    assert "camera_off_line" in {note.code for note in found.warnings}
    sure = {m.metric for m in found.measurements if m.status == "ok"}
    assert sure == {"cadence_spm", "contact_time_s"}
    assert "camera_off_line" not in {note.code for note in _examined(Across()).warnings}


@pytest.mark.parametrize(("drop", "is_told"), [(2.7, False), (-2.7, False), (2.9, True)])
def test_a_drop_that_cannot_be_told_from_none_is_no_finding(drop: float, is_told: bool) -> None:
    found = Measurement("pelvic_drop_deg", "left", "deg", drop, n=9, uncertainty=0.5)
    assert bool(findings([found], load_cards())) == is_told


def test_the_pelvis_formula_is_odd_and_knows_no_place_or_size() -> None:
    points = _by(np.random.default_rng(3).normal(size=(20, len(LANDMARKS), 2)), 0.0, 2.0)
    found = tilt_deg(points)
    mirrored = points[:, MIRRORED] * [-1.0, 1.0]
    assert tilt_deg(mirrored) == pytest.approx(-found)
    assert tilt_deg(_by(3.0 * points, 5.0, 0.0)) == pytest.approx(found)
