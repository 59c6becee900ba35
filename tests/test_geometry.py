"""Angles and distances on numbers one can check on paper. Points are x forward, y up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.geometry import behind_deg, flexion_deg, lean_deg, length, rotate_deg, slope_deg

HIP = np.array([0.0, 1.0])


def test_upright_trunk_does_not_lean() -> None:
    assert lean_deg(HIP, HIP + np.array([0.0, 0.5])) == pytest.approx(0.0)


def test_shoulder_ahead_of_the_hip_is_forward_lean() -> None:
    assert lean_deg(HIP, HIP + np.array([0.5, 0.5])) == pytest.approx(45.0)
    assert lean_deg(HIP, HIP + np.array([-1.0, np.sqrt(3.0)])) == pytest.approx(-30.0)


def test_knee_behind_the_hip_is_plus() -> None:
    assert behind_deg(HIP, HIP + np.array([-0.5, -0.5])) == pytest.approx(45.0)


def test_knee_ahead_of_the_hip_is_minus() -> None:
    assert behind_deg(HIP, HIP + np.array([1.0, -np.sqrt(3.0)])) == pytest.approx(-30.0)


def test_straight_knee_has_no_flexion_however_the_leg_is_turned() -> None:
    for angle in (-60.0, 0.0, 25.0, 80.0):
        leg = rotate_deg(np.array([[0.0, 2.0], [0.0, 1.0], [0.0, 0.0]]), angle)
        assert flexion_deg(leg[0], leg[1], leg[2]) == pytest.approx(0.0, abs=1e-9)


def test_heel_folded_backward_is_flexion() -> None:
    knee = np.array([0.0, 0.5])
    assert flexion_deg(HIP, knee, knee + np.array([-0.5, 0.0])) == pytest.approx(90.0)


def test_knee_bent_the_wrong_way_is_minus() -> None:
    knee = np.array([0.0, 0.5])
    assert flexion_deg(HIP, knee, knee + np.array([0.3, -0.3])) == pytest.approx(-45.0)


def test_flexion_does_not_wrap_when_the_heel_is_high_behind() -> None:
    knee = HIP + 0.5 * np.array([-np.sin(np.radians(60)), -np.cos(np.radians(60))])
    heel = knee + 0.5 * np.array([-np.sin(np.radians(200)), -np.cos(np.radians(200))])
    assert flexion_deg(HIP, knee, heel) == pytest.approx(140.0)


def test_toes_up_is_plus() -> None:
    heel = np.array([0.0, 0.0])
    assert slope_deg(heel, np.array([1.0, 1.0])) == pytest.approx(45.0)
    assert slope_deg(heel, np.array([1.0, -np.sqrt(3.0)])) == pytest.approx(-60.0)


def test_length_is_pythagoras() -> None:
    assert length(np.array([1.0, 1.0]), np.array([4.0, 5.0])) == pytest.approx(5.0)


def test_rotation_is_counter_clockwise() -> None:
    assert rotate_deg(np.array([1.0, 0.0]), 90.0) == pytest.approx(np.array([0.0, 1.0]))


def test_tracks_keep_their_shape_and_their_gaps() -> None:
    upper = np.zeros((4, 2))
    lower = np.tile([0.0, -1.0], (4, 1))
    lower[2] = np.nan
    angles = behind_deg(upper, lower)
    assert angles.shape == (4,)
    assert np.isnan(angles).tolist() == [False, False, True, False]


@given(st.floats(-80, 80), st.floats(-120, 120), st.floats(0.1, 1000))
def test_turning_a_leg_changes_the_thigh_but_never_the_knee(thigh: float, turn: float, size: float) -> None:
    hip = np.zeros(2)
    knee = size * np.array([-np.sin(np.radians(thigh)), -np.cos(np.radians(thigh))])
    ankle = knee + size * np.array([-np.sin(np.radians(thigh + 40)), -np.cos(np.radians(thigh + 40))])
    turned = [rotate_deg(point, turn) for point in (hip, knee, ankle)]
    assert behind_deg(hip, knee) == pytest.approx(thigh, abs=1e-6)
    assert flexion_deg(*turned) == pytest.approx(40.0, abs=1e-6)
