"""Bird dog: repetitions of either leg, also where the pose network takes one leg for both; made-up bodies."""

from __future__ import annotations

import numpy as np
import pytest
from test_exercises_lying import Joints, found_in, track

from formcheck.activities.bird_dog import one_at_a_time
from formcheck.records import Repetition

UP_S, EVERY_S = 3.2, 3.8
LEGS = ("left", "right", "left", "right")


def leg(share: float) -> dict[str, tuple[float, float]]:
    """A leg from kneeling (0) to reaching straight back (1)."""
    thigh, shank = np.radians(95.0 * share), np.radians(90.0 + 5.0 * share)
    hip = np.array([-1.0, 0.95])
    knee = hip + 0.85 * np.array([-np.sin(thigh), -np.cos(thigh)])
    ankle = knee + 0.8 * np.array([-np.sin(shank), -np.cos(shank)])
    points = {
        "hip": hip,
        "knee": knee,
        "ankle": ankle,
        "heel": ankle + np.array([-0.1, 0.05]),
        "foot_index": ankle + np.array([0.0, -0.12]),
    }
    return {name: (float(x), float(y)) for name, (x, y) in points.items()}


def on_all_fours(t: float, taken_twice_s: float) -> Joints:
    """The legs reach back in turn; in the middle of the first repetition both are seen where the lifted one is."""
    turn, since = int(t // EVERY_S), t % EVERY_S
    out = min(0.8 - 0.8 * np.cos(2 * np.pi * np.clip((since - 0.3) / UP_S, 0.0, 1.0)), 1.0)
    lifted = LEGS[min(turn, len(LEGS) - 1)]
    is_twice = turn == 0 and abs(since - 0.3 - UP_S / 2) < taken_twice_s / 2
    at: Joints = {
        "shoulder": (0.0, 1.0),
        "elbow": (0.02, 0.5),
        "wrist": (0.0, 0.03),
        "ear": (0.3, 1.1),
        "nose": (0.4, 1.0),
    }
    for side in ("left", "right"):
        share = float(out) if side == lifted or is_twice else 0.0
        at |= {f"{side}_{name}": place for name, place in leg(share).items()}
    return at


@pytest.mark.parametrize("taken_twice_s", [0.0, 0.5, 1.0])
def test_a_leg_taken_for_both_for_a_moment_neither_hides_a_repetition_nor_makes_one(taken_twice_s: float) -> None:
    found = found_in(track(lambda t: on_all_fours(t, taken_twice_s), len(LEGS) * EVERY_S), "bird_dog")
    assert tuple(rep.side for rep in found.reps) == LEGS
    tops = [EVERY_S * k + 0.3 + UP_S / 2 for k in range(len(LEGS))]
    assert [rep.top_s for rep in found.reps] == pytest.approx(tops, abs=0.6)


def test_both_legs_at_once_are_one_of_which_nobody_knows_which() -> None:
    before, other = Repetition("left", 1.0, 2.0, 3.0), Repetition("right", 7.1, 8.5, 10.0)
    drawn_as_both = (Repetition("right", 4.2, 4.7, 5.5), Repetition("left", 4.5, 5.3, 6.8))
    assert one_at_a_time((before, *drawn_as_both, other)) == (before, Repetition(None, 4.2, 5.3, 6.8), other)
    touching = (before, Repetition("right", 2.8, 4.0, 5.0))
    assert one_at_a_time(touching) == touching
    cut = (Repetition("left", 4.0, 5.0, float("nan"), complete=False), drawn_as_both[1])
    assert one_at_a_time(cut) == cut
