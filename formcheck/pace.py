"""How long an analysis will take, stage by stage: progress is told in time, not in frames.

Half of the bar is to mean half of the wait, so each stage gets the share of the whole that it takes: frames times the
cost of a frame. The costs to begin with are of two cores; every analysis replaces them by what it took itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Stage = Literal["reading", "pose", "measures", "drawing", "report"]
"""``reading`` is of what was kept, and no part of an analysis."""
STAGES: tuple[Stage, ...] = ("pose", "measures", "drawing", "report")
START_S = 1.0
"""Of ``pose``, whatever the clip's length: opening the networks, a first look."""
FEWEST_FRAMES = 60
"""Of fewer the start is most of the time, and a frame's cost cannot be told from it."""

_frame_costs_s: dict[str, float] = {
    "fast": 0.006,
    "balanced": 0.0105,
    "accurate": 0.026,
    "measures": 0.0003,
    "drawing": 0.0038,
    "report": 0.001,
}
"""Seconds a frame: of the body's search by pose profile, and of the other stages."""
_learned: set[str] = set()


@dataclass(frozen=True)
class Plan:
    """Seconds each stage is expected to take."""

    seconds: dict[Stage, float]

    def share(self, stage: Stage, within: float) -> float:
        """0..1 of the whole time at 0..1 of a stage."""
        before = sum(self.seconds[earlier] for earlier in STAGES[: STAGES.index(stage)])
        done = before + self.seconds[stage] * min(max(within, 0.0), 1.0)
        return min(done / sum(self.seconds.values()), 1.0)


def plan(n_frames: int, profile: str) -> Plan:
    """For a clip of that many frames. A profile nobody knows, as of recorded poses, costs nothing."""
    n = max(n_frames, 1)
    seconds: dict[Stage, float] = {stage: n * _frame_costs_s.get(stage, 0.0) for stage in STAGES}
    known = profile in _frame_costs_s
    return Plan(seconds | {"pose": START_S + n * _frame_costs_s[profile] if known else 0.0})


def learn(stage: Stage, profile: str, seconds: float, n_frames: int) -> None:
    """What a stage took this time is what it will take next time.

    A machine slower by so much at one stage is expected to be slower by as much at those it has not done yet.
    """
    if n_frames < FEWEST_FRAMES:
        return
    pose = stage == "pose"
    name = profile if pose else stage
    cost_s = (max(seconds - START_S, 0.1 * seconds) if pose else seconds) / n_frames
    if pose and not _learned:
        slower = cost_s / _frame_costs_s[name]
        _frame_costs_s.update({other: slower * cost for other, cost in _frame_costs_s.items()})
    _frame_costs_s[name] = cost_s
    _learned.add(name)
