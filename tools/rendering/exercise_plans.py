"""What a person does in a clip of each kind, from setting up to the last repetition. NumPy only.

Every function takes a random generator and what the clip asks for, and gives the plan; names as in ``MAKERS``.
"""

from __future__ import annotations

from collections.abc import Callable
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


def hip_lift(rng: np.random.Generator, *, n: int = 3, up_s: float = 1.3, hold_s: float = 0.9, down_s: float = 1.4,
             rest_s: float = 0.5, fade: float = 0.0, cut: bool = False, sit: bool = True, pause_s: float = 0.0,
             lifted: bool = False) -> Plan:  # fmt: skip
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


def plank(rng: np.random.Generator, *, line: float = 180.0, then: float | None = None, then_bend: float = 0.0,
          bend: float = 0.0, hold_s: float = 7.0, good_s: float = 3.0, low: float = 200.0, nod: float = 0.0,
          down: bool = True) -> Plan:  # fmt: skip
    """Lies, lifts into the plank, keeps it; with ``then`` the line goes over to another one after ``good_s``."""
    p = Planner(rng, line=low, bend=14.0, nod=nod)
    p.wait(0.8).move(1.0, line=line, bend=bend)
    start = p.t
    if then is not None:
        p.wait(good_s).move(1.5, line=then, bend=then_bend).wait(max(hold_s - good_s - 1.5, 1.0))
    else:
        p.wait(hold_s)
    end = p.t
    if down:
        p.move(0.9, line=low, bend=14.0).wait(0.6)
    p.plan.holds.append({"side": None, "start_s": round(start, 3), "end_s": round(end, 3)})
    p.plan.wobble["line"] = [(0.35, 0.8, rng.uniform()), (0.15, 2.1, rng.uniform())]
    return p.done()


def squat(rng: np.random.Generator, *, n: int = 3, down_s: float = 1.5, hold_s: float = 0.3, up_s: float = 1.4,
          rest_s: float = 0.6, fade: float = 0.0, cut: bool = False, arms: bool = False, pause_s: float = 0.0,
          shuffle: bool = True) -> Plan:  # fmt: skip
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


MAKERS: dict[str, Callable[..., Plan]] = {"hip_lift": hip_lift, "plank": plank, "squat": squat}


def make(kind: str, rng: np.random.Generator, asked: dict[str, Any]) -> Plan:
    """The plan of a kind; its softness varies by chance."""
    plan = MAKERS[kind](rng, **asked)
    plan.soft = round(float(rng.uniform(0.2, 1.0)), 2)
    return plan
