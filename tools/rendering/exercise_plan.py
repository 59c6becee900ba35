"""When an exercising person does what: channels that rest at knots and ease between them, repetitions and holds.

A channel is one number over time (how far a repetition has gone, how far the hips sag). ``Planner`` writes channels in
the order in which things happen and keeps what is true of them. NumPy only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .curves import smoothstep
from .rotations import Array


def eased(times: Array, values: Array, at: Array, soft: float) -> Array:
    """Values at ``at``, resting at every knot; ``soft`` as in ``Plan``."""
    left = np.clip(np.searchsorted(times, at, side="right") - 1, 0, len(times) - 2)
    share = (at - times[left]) / (times[left + 1] - times[left])
    way = soft * smoothstep(share) + (1 - soft) * (0.5 - 0.5 * np.cos(np.pi * np.clip(share, 0, 1)))
    return np.asarray(values[left] + way * (values[left + 1] - values[left]))


@dataclass
class Plan:
    """Channels, and what happens in them.

    Attributes:
        knots: per channel its times and values.
        reps: dictionaries with ``start_s``, ``top_s``, ``end_s`` and more, see ``Planner.rep``.
        holds: dictionaries with ``start_s`` and ``end_s``.
        touches: from when until when a foot that should be up is on its way down, on the floor or on its way up.
        duration_s: of the clip.
        soft: 1 = moves start and stop as softly as a reach (minimum jerk), 0 = as a cosine, between mixes.
        wobble: per channel amplitude, Hz and phase of small unsteadiness.
    """

    knots: dict[str, tuple[list[float], list[float]]] = field(default_factory=dict)
    reps: list[dict[str, Any]] = field(default_factory=list)
    holds: list[dict[str, Any]] = field(default_factory=list)
    touches: list[list[float]] = field(default_factory=list)
    duration_s: float = 10.0
    soft: float = 1.0
    wobble: dict[str, list[tuple[float, float, float]]] = field(default_factory=dict)

    def channel(self, name: str, times: Array, otherwise: float = 0.0) -> Array:
        """Values (n,) of one channel, with its unsteadiness."""
        times = np.asarray(times, float)
        t, v = self.knots.get(name, ([0.0, 1.0], [otherwise, otherwise]))
        out = eased(np.array([-9.0, *t, 999.0]), np.array([v[0], *v, v[-1]]), times, self.soft)
        for size, hz, phase in self.wobble.get(name, ()):
            out = out + size * np.sin(2 * np.pi * (hz * times + phase))
        return out


class Planner:
    """Writes a plan from first to last; ``rng`` varies tempo and range by a few per cent."""

    def __init__(self, rng: np.random.Generator, **start: float) -> None:
        self.plan, self.rng, self.t = Plan(), rng, 0.0
        for name, value in start.items():
            self.plan.knots[name] = ([0.0], [value])

    def wait(self, seconds: float) -> Planner:
        """Nothing moves."""
        self.t += seconds
        return self

    def move(self, seconds: float, **targets: float) -> Planner:
        """These channels ease to new values; the clock goes on."""
        for name, value in targets.items():
            times, values = self.plan.knots.setdefault(name, ([0.0], [0.0]))
            if self.t > times[-1]:
                times.append(self.t)
                values.append(values[-1])
            times.append(self.t + seconds)
            values.append(value)
        self.t += seconds
        return self

    def vary(self, value: float, share: float = 0.08) -> float:
        """A value changed a little by chance."""
        return float(value * (1 + share * self.rng.uniform(-1, 1)))

    def rep(
        self,
        *,
        up_s: float,
        hold_s: float,
        down_s: float,
        rest_s: float,
        size: float = 1.0,
        channel: str = "rep",
        side: str | None = None,
        **more: Any,
    ) -> Planner:
        """One repetition of a channel: out to ``size``, held, back to 0, rest.

        Kept of it: ``start_s`` and ``end_s``, the very first and last movement; ``hold_start_s`` and ``hold_end_s``,
        between which it stays out; ``top_s`` half way between these.
        """
        up, hold, down = self.vary(up_s), self.vary(hold_s), self.vary(down_s)
        begin = self.t
        self.move(up, **{channel: size}).wait(hold).move(down, **{channel: 0.0}).wait(self.vary(rest_s))
        fall = begin + up + hold
        self.plan.reps.append(
            {
                "side": side,
                "size": round(size, 4),
                "start_s": round(begin, 4),
                "hold_start_s": round(begin + up, 4),
                "top_s": round(begin + up + hold / 2, 4),
                "hold_end_s": round(fall, 4),
                "end_s": round(fall + down, 4),
                **more,
            }
        )
        return self

    def hold(self, seconds: float, *, side: str | None = None, **more: Any) -> Planner:
        """A position is kept from now on for so long."""
        start = self.t
        self.wait(seconds)
        self.plan.holds.append({"side": side, "start_s": round(start, 4), "end_s": round(self.t, 4), **more})
        return self

    def done(self, duration_s: float | None = None) -> Plan:
        """The plan, cut at the clip's end: what the end cuts is incomplete and keeps no end."""
        plan = self.plan
        plan.duration_s = end = float(duration_s or np.ceil(self.t * 10) / 10)
        plan.reps = [_cut(rep, end) for rep in plan.reps if rep["start_s"] < end]
        plan.holds = [_cut(hold, end) for hold in plan.holds if hold["start_s"] < end]
        return plan


def _cut(span: dict[str, Any], end_s: float) -> dict[str, Any]:
    if span["end_s"] <= end_s:
        return {**span, "complete": True}
    return {**span, "complete": False, "end_s": None if "top_s" in span else end_s}
