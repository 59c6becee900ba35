"""``python -m tests.accuracy --fit``: where the constants of ``foot_events.py`` come from.

Each clue of toe-off alone, and contact, is held against the plates on the tuning runners only. Its mean error, and how
that goes with the ground's speed, is what its lag should grow by: with the lags in the file both are near zero. "Left
out" refits all lags without one runner and applies them to him: the bias an unseen runner gets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from formcheck import foot_events
from formcheck.events import detect_events
from formcheck.foot_events import CLUES, CONTACT_LAG_S, MEDIUM_SPEED, Clue
from formcheck.records import EventKind, FloatArray, Signals
from formcheck.signals import build_signals
from formcheck.skeleton import SIDES

from .camera import Filming, film
from .compare import END_S, SAME_EVENT_S
from .truth import Trial, trials

FILMED = tuple(Filming(rate, 3.0) for rate in (30.0, 60.0, 120.0))


@dataclass(frozen=True)
class Lags:
    """Errors of one clue, ms: mean of each tuning trial over all films."""

    name: str
    lag_ms: float
    lag_per_speed_ms: float
    errors_ms: FloatArray


@cache
def _tuning() -> tuple[Trial, ...]:
    return tuple(trial for trial in trials() if not trial.held_out)


@cache
def _films() -> dict[int, list[tuple[Signals, float]]]:
    """Signals and start of each film of each tuning trial."""
    made: dict[int, list[tuple[Signals, float]]] = {}
    for number, trial in enumerate(_tuning()):
        seen = [film(trial, filming, near, 2 * number + (near == "left")) for filming in FILMED for near in SIDES]
        made[number] = [(build_signals(one.pose), one.start_s) for one in seen]
    return made


def _speeds() -> FloatArray:
    """Ground speed of each tuning trial, leg lengths a second."""
    return np.array([trial.speed_mps / np.mean([trial.leg_m(side) for side in SIDES]) for trial in _tuning()])


def _trial_errors_ms(kind: EventKind) -> FloatArray:
    """Mean error of each tuning trial with the constants as they are now."""
    means = []
    for number, trial in enumerate(_tuning()):
        errors: list[FloatArray] = []
        for signals, start_s in _films()[number]:
            events = [event for event in detect_events(signals) if event.kind == kind]
            for side in SIDES:
                true = (trial.contacts if kind == "contact" else trial.toe_offs)[side] - start_s
                true = true[(true > END_S) & (true < float(signals.time_s[-1]) - END_S)]
                apart = np.array([event.time_s for event in events if event.side == side])[:, None] - true
                nearest = apart[np.abs(apart).argmin(axis=0), np.arange(len(true))]
                errors.append(nearest[np.abs(nearest) < SAME_EVENT_S])
        means.append(1000 * float(np.concatenate(errors).mean()))
    return np.array(means)


def _alone(clue: Clue) -> Lags:
    foot_events.CLUES = (clue,)
    try:
        return Lags(clue.track, 1000 * clue.lag_s, 1000 * clue.lag_per_speed_s, _trial_errors_ms("toe_off"))
    finally:
        foot_events.CLUES = CLUES


def _left_out(fitted: list[Lags], slopes: bool) -> dict[str, float]:
    """Bias of each tuning runner, lags refitted on the others."""
    runners, speed = np.array([trial.runner for trial in _tuning()]), _speeds() - MEDIUM_SPEED
    degree = 1 if slopes else 0
    bias = {}
    for runner in np.unique(runners):
        his = runners == runner
        errors = [
            lags.errors_ms[his] - np.polyval(np.polyfit(speed[~his], lags.errors_ms[~his], degree), speed[his])
            for lags in fitted
        ]
        bias[str(runner)] = float(np.mean(errors))
    return bias


def report() -> Iterator[str]:
    """The tables, line by line."""
    contact = [Lags("contact", 1000 * CONTACT_LAG_S, 0.0, _trial_errors_ms("contact"))]
    clues = [_alone(clue) for clue in CLUES]
    yield from ("| moment | lag in use, ms | per leg/s | lag fitted, ms | per leg/s |", "|---|---|---|---|---|")
    for lags in contact + clues:
        slope, middle = np.polyfit(_speeds() - MEDIUM_SPEED, lags.errors_ms, 1)
        fitted = f"{lags.lag_ms + middle:.1f} | {lags.lag_per_speed_ms + slope:.1f}"
        yield f"| {lags.name} | {lags.lag_ms:.1f} | {lags.lag_per_speed_ms:.1f} | {fitted} |"
    yield from ("", "| runner left out | contact bias, ms | toe-off bias, ms |", "|---|---|---|")
    of_contact, of_toe_off = _left_out(contact, slopes=False), _left_out(clues, slopes=True)
    for runner in of_contact:
        yield f"| {runner} | {of_contact[runner]:+.1f} | {of_toe_off[runner]:+.1f} |"
    rms = [float(np.sqrt(np.mean(np.square(list(bias.values()))))) for bias in (of_contact, of_toe_off)]
    yield f"| RMS | {rms[0]:.1f} | {rms[1]:.1f} |"
