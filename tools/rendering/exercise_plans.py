"""What a person does in a clip of each kind, from setting up to the last repetition. NumPy only.

Every function takes a random generator and what the clip asks for, and gives the plan; names as in ``MAKERS``.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from .exercise_plan import Plan, Planner


def _cut_in(planner: Planner, cut: bool) -> Plan:
    """The plan, or the plan cut on the way back of its last repetition."""
    if not cut:
        return planner.wait(0.5).done()
    last = planner.plan.reps[-1]
    return planner.done(round(last["hold_end_s"] + 0.45 * (last["end_s"] - last["hold_end_s"]), 2))


def _sizes(n: int, fade: float) -> np.ndarray:
    return 1.0 - fade * np.arange(n) / max(n - 1, 1)


def hip_lift(
    rng: np.random.Generator,
    *,
    n: int = 3,
    up_s: float = 1.2,
    hold_s: float = 0.8,
    down_s: float = 1.2,
    rest_s: float = 0.4,
    fade: float = 0.0,
    cut: bool = False,
    sit: bool = True,
    pause_s: float = 0.0,
    lifted: bool = False,
) -> Plan:
    """Lies down from sitting, settles, and lifts n times."""
    p = Planner(rng, sit=1.0 if sit else 0.0, bend=0.0)
    if sit:
        p.wait(0.5).move(1.5, sit=0.0)
    p.wait(0.5)
    if lifted:
        p.move(0.7, out=1.0).wait(0.4)
    for i, size in enumerate(_sizes(n, fade)):
        p.rep(up_s=up_s, hold_s=hold_s, down_s=down_s, rest_s=rest_s + (pause_s if i == n // 2 - 1 else 0), size=size)
    return _cut_in(p, cut)


def plank(
    rng: np.random.Generator,
    *,
    line: float = 180.0,
    then: float | None = None,
    then_bend: float = 0.0,
    bend: float = 0.0,
    hold_s: float = 7.0,
    good_s: float = 3.0,
    low: float = 200.0,
    nod: float = 0.0,
    down: bool = True,
    rest_s: float = 0.6,
) -> Plan:
    """Lies, lifts into the plank, keeps it; with ``then`` the line goes over to another one after ``good_s``.

    ``down``: lies again at the end, for ``rest_s``; otherwise the clip ends in the plank.
    """
    p = Planner(rng, line=low, bend=14.0, nod=nod)
    p.wait(0.8).move(1.0, line=line, bend=bend)
    start = p.t
    if then is not None:
        p.wait(good_s).move(1.5, line=then, bend=then_bend).wait(max(hold_s - good_s - 1.5, 1.0))
    else:
        p.wait(hold_s)
    end = p.t
    if down:
        p.move(0.9, line=low, bend=14.0).wait(rest_s)
    p.plan.holds.append({"side": None, "start_s": round(start, 3), "end_s": round(end, 3)})
    p.plan.wobble["line"] = [(0.35, 0.8, rng.uniform()), (0.15, 2.1, rng.uniform())]
    return p.done()


def squat(
    rng: np.random.Generator,
    *,
    n: int = 3,
    down_s: float = 1.5,
    hold_s: float = 0.3,
    up_s: float = 1.4,
    rest_s: float = 0.6,
    fade: float = 0.0,
    cut: bool = False,
    arms: bool = False,
    pause_s: float = 0.0,
    shuffle: bool = True,
) -> Plan:
    """Stands, sets the feet, raises the arms where asked, squats n times."""
    p = Planner(rng, arms=0.0 if arms else 1.0, toes=0.0, sway=0.0)
    p.wait(0.4)
    if shuffle:
        p.move(0.5, sway=0.04, toes=6.0).move(0.5, sway=-0.03).move(0.4, sway=0.0, toes=0.0).wait(0.2)
    if arms:
        p.move(1.1, arms=1.0).wait(0.4)
    for i, size in enumerate(_sizes(n, fade)):
        p.rep(up_s=down_s, hold_s=hold_s, down_s=up_s, rest_s=rest_s + (pause_s if i == n // 2 - 1 else 0), size=size)
    return _cut_in(p, cut)


def hold(
    rng: np.random.Generator,
    *,
    hold_s: float = 6.5,
    in_s: float = 1.3,
    out_s: float = 1.0,
    bounce: float = 0.0,
    bounce_hz: float = 1.0,
    side: str | None = None,
    again: bool = False,
) -> Plan:
    """Moves into a position, keeps it, comes back; ``bounce``: the channel of that name swings so far each way."""
    p = Planner(rng, **{"in": 0.0})
    for _ in range(2 if again else 1):
        p.wait(0.9).move(in_s, **{"in": 1.0}).hold(hold_s, side=side).move(out_s, **{"in": 0.0}).wait(0.7)
    plan = p.done()
    if bounce:
        plan.wobble["bounce"] = [(bounce, bounce_hz, rng.uniform())]
    else:
        plan.wobble["bounce"] = [(0.4, 0.35, rng.uniform())]
    return plan


def still(rng: np.random.Generator, *, seconds: float = 6.0, sway_m: float = 0.004) -> Plan:
    """Stands or sits as it is, with a little sway."""
    p = Planner(rng, **{"in": 1.0})
    p.hold(seconds)
    for name in ("sway", "sway_x"):
        p.plan.wobble[name] = [(sway_m, 0.3, rng.uniform()), (0.5 * sway_m, 0.9, rng.uniform())]
    return p.done(seconds)


def alternate(
    rng: np.random.Generator,
    *,
    n: int = 4,
    up_s: float = 1.1,
    hold_s: float = 0.6,
    down_s: float = 1.1,
    rest_s: float = 0.3,
) -> Plan:
    """Left and right in turn, each in a channel of its own."""
    p = Planner(rng, left=0.0, right=0.0)
    p.wait(1.0)
    for i in range(n):
        side = ("left", "right")[i % 2]
        p.rep(up_s=up_s, hold_s=hold_s, down_s=down_s, rest_s=rest_s, channel=side, side=side)
    return p.wait(0.5).done()


def clamshell(
    rng: np.random.Generator,
    *,
    n: int = 3,
    side: str = "left",
    up_s: float = 1.3,
    hold_s: float = 0.5,
    down_s: float = 1.3,
    rest_s: float = 0.4,
    fade: float = 0.0,
    cut: bool = False,
) -> Plan:
    """Lies, settles the trunk once, opens the upper knee n times."""
    p = Planner(rng, roll=7.0)
    p.wait(0.4).move(0.7, roll=0.0).wait(0.5)
    for size in _sizes(n, fade):
        p.rep(up_s=up_s, hold_s=hold_s, down_s=down_s, rest_s=rest_s, size=size, side=side)
    return _cut_in(p, cut)


def single_leg_deadlift(
    rng: np.random.Generator,
    *,
    n: int = 3,
    side: str = "left",
    down_s: float = 1.7,
    hold_s: float = 0.4,
    up_s: float = 1.6,
    rest_s: float = 0.5,
    touches: int = 0,
    wobble_m: float = 0.003,
) -> Plan:
    """Stands on both feet, lifts one, tips n times; after ``touches`` of them the free foot goes down once."""
    p = Planner(rng, touch=1.0, sway=0.0)
    p.wait(0.5).move(0.6, touch=0.0).wait(0.3)
    for i in range(n):
        p.rep(up_s=down_s, hold_s=hold_s, down_s=up_s, rest_s=rest_s, side=side)
        if i < touches:
            down = p.t
            p.move(0.3, touch=1.0).wait(0.35).move(0.3, touch=0.0).wait(0.2)
            p.plan.touches.append([round(down, 3), round(p.t - 0.2, 3)])
    p.plan.wobble["sway"] = [(wobble_m, 0.7, rng.uniform()), (0.6 * wobble_m, 1.7, rng.uniform())]
    return p.wait(0.3).done()


def one_leg(
    rng: np.random.Generator, *, side: str = "left", stand_s: tuple[float, ...] = (7.0,), sway_m: float = 0.006
) -> Plan:
    """Both feet, one foot up for so long; with more than one time the foot touches down in between."""
    p = Planner(rng, up=0.0)
    p.wait(1.0)
    for seconds in stand_s:
        up, down = 0.7, 0.45
        start = p.t
        p.move(up, up=1.0).wait(seconds).move(down, up=0.0)
        p.plan.holds.append(
            {
                "side": side,
                "start_s": round(start, 3),
                "end_s": round(p.t, 3),
                "still_s": [round(start + up, 3), round(p.t - down, 3)],
            }
        )
        p.wait(0.4)
    p.plan.touches = [[a["end_s"], b["start_s"]] for a, b in pairwise(p.plan.holds)]
    p.plan.wobble["sway"] = [(sway_m, 0.45, rng.uniform()), (0.5 * sway_m, 1.1, rng.uniform())]
    return p.wait(0.4).done()


def draw_in(
    rng: np.random.Generator, *, n: int = 2, hold_s: float = 4.0, depth_m: float = 0.024, breath_m: float = 0.006
) -> Plan:
    """Lies with bent knees, breathes; the belly goes in and stays in n times."""
    p = Planner(rng, belly=0.0)
    p.wait(1.2)
    for _ in range(n):
        p.rep(up_s=0.9, hold_s=hold_s, down_s=0.9, rest_s=0.9, size=depth_m, channel="belly")
    p.plan.wobble["belly"] = [(breath_m, 0.28, rng.uniform())]
    return p.wait(0.3).done()


MAKERS: dict[str, Callable[..., Plan]] = {
    "hip_lift": hip_lift,
    "plank": plank,
    "squat": squat,
    "hold": hold,
    "still": still,
    "alternate": alternate,
    "clamshell": clamshell,
    "single_leg_deadlift": single_leg_deadlift,
    "one_leg": one_leg,
    "draw_in": draw_in,
}


def make(kind: str, rng: np.random.Generator, asked: dict[str, Any]) -> Plan:
    """The plan of a kind; its softness varies by chance."""
    plan = MAKERS[kind](rng, **asked)
    plan.soft = round(float(rng.uniform(0.2, 1.0)), 2)
    return plan
