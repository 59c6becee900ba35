"""What formcheck finds in a film against the plates and the markers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from formcheck.events import detect_events, strides_of
from formcheck.legs import sort_legs
from formcheck.metrics import measure_all
from formcheck.records import Event, FloatArray, Measurement, Recording, Subject
from formcheck.signals import build_signals
from formcheck.skeleton import SIDES, Side

from .camera import Film, Filming, film
from .truth import Trial, trials

SAME_EVENT_S = 0.1
END_S = 0.2
"""So close to the ends of a clip a moment may be missed or doubtful; the plates lack some there as well."""
EVENTS = ("contact_s", "toe_off_s")


@dataclass(frozen=True)
class Error:
    """Found less true, of one event or of one clip's measure."""

    name: str
    near: bool
    error: float
    runner: str
    uncertainty: float | None = None
    """Half of the 95 % interval that was stated."""


@dataclass
class Outcome:
    """Everything found out about some films."""

    errors: list[Error] = field(default_factory=list)
    n_films: int = 0
    n_events: int = 0
    n_missed: int = 0
    n_invented: int = 0
    n_exchanged: int = 0
    """Frames exchanged on purpose."""
    n_repaired: int = 0
    n_made: int = 0
    """Frames exchanged by the repair itself."""
    where: list[str] = field(default_factory=list)
    """Which events were missed or invented."""

    def of(self, name: str, near_only: bool = False) -> FloatArray:
        """All errors of one name."""
        return np.array([e.error for e in self.errors if e.name == name and (e.near or not near_only)])

    def of_runner(self, name: str, runner: str) -> FloatArray:
        """All errors of one name and runner."""
        return np.array([e.error for e in self.errors if (e.name, e.runner) == (name, runner)])

    def inside(self, name: str) -> tuple[int, int]:
        """How many stated intervals hold the truth, of how many."""
        stated = [e for e in self.errors if e.name == name and e.uncertainty is not None]
        return sum(abs(e.error) <= (e.uncertainty or 0.0) for e in stated), len(stated)

    def add(self, more: Outcome) -> None:
        """Take in another outcome."""
        self.errors += more.errors
        self.where += more.where
        for name in ("n_films", "n_events", "n_missed", "n_invented", "n_exchanged", "n_repaired", "n_made"):
            setattr(self, name, getattr(self, name) + getattr(more, name))


@cache
def outcomes(filming: Filming) -> tuple[Outcome, Outcome]:
    """Of the tuning runners and of the held-out ones; each trial is filmed from both sides."""
    tuning, held_out = Outcome(), Outcome()
    for number, trial in enumerate(trials()):
        for near in SIDES:
            seed = 2 * number + (near == "left")
            (held_out if trial.held_out else tuning).add(compare(film(trial, filming, near, seed)))
    return tuning, held_out


def both(filming: Filming) -> Outcome:
    """All runners together."""
    together = Outcome()
    for part in outcomes(filming):
        together.add(part)
    return together


def compare(seen: Film) -> Outcome:
    """One film."""
    out = Outcome(n_films=1)
    signals = build_signals(seen.pose)
    events = detect_events(signals)
    recording = Recording(signals, events, strides_of(events, signals), _subject(seen.trial))
    for side in SIDES:
        for name, kind in zip(EVENTS, ("contact", "toe_off"), strict=True):
            true = (seen.trial.contacts if kind == "contact" else seen.trial.toe_offs)[side] - seen.start_s
            found = np.array([e.time_s for e in events if e.kind == kind and e.side == side])
            _compare_events(out, seen, name, side, found, true)
    for measurement in measure_all(recording) if seen.trial.has_pelvis else ():
        _compare_measure(out, seen, measurement, recording.events)
    _compare_names(out, seen)
    return out


def _subject(trial: Trial) -> Subject:
    return Subject(height_cm=trial.height_cm, belt_speed_mps=trial.speed_mps)


def _compare_events(out: Outcome, seen: Film, name: str, side: Side, found: FloatArray, true: FloatArray) -> None:
    end_s = float(seen.pose.time_s[-1])
    wanted = true[(true > END_S) & (true < end_s - END_S)]
    apart = found[:, None] - wanted[None] if len(found) else np.full((1, len(wanted)), np.inf)
    best = apart[np.abs(apart).argmin(axis=0), np.arange(len(wanted))]
    hit = np.abs(best) < SAME_EVENT_S
    # Where the plates say nothing, nothing can be called invented.
    known = found[(found > max(END_S, true[0] - 0.05)) & (found < min(end_s - END_S, true[-1] + 0.05))]
    alone = known[np.abs(known[:, None] - true[None]).min(axis=1) >= SAME_EVENT_S]
    out.errors += [Error(name, side == seen.near, float(error), seen.trial.runner) for error in best[hit]]
    out.n_events += len(wanted)
    out.n_missed += int((~hit).sum())
    out.n_invented += len(alone)
    label = f"{seen.trial.runner} {seen.trial.speed_mps} m/s near {seen.near}: {side} {name}"
    out.where += [f"{label} missed at {t:.2f} s" for t in wanted[~hit]]
    out.where += [f"{label} invented at {t:.2f} s" for t in alone]


def _compare_measure(out: Outcome, seen: Film, measurement: Measurement, events: Iterable[Event]) -> None:
    if not isinstance(measurement.value, float):
        return
    side = measurement.side or seen.near
    true = _true_measures(seen, side)
    if measurement.metric in true:
        error = measurement.value - true[measurement.metric]
        out.errors.append(
            Error(measurement.metric, side == seen.near, error, seen.trial.runner, measurement.uncertainty)
        )


def _true_measures(seen: Film, side: Side) -> dict[str, float]:
    return seen.trial.measures(side, seen.start_s, seen.end_s)


def _compare_names(out: Outcome, seen: Film) -> None:
    turned = sort_legs(seen.pose.time_s, seen.pose.xy_px).exchanged
    out.n_exchanged += int(seen.exchanged.sum())
    out.n_repaired += int((turned & seen.exchanged).sum())
    out.n_made += int((turned & ~seen.exchanged).sum())
