"""Does anything about a runner explain why events are found early or late: ``python -m tests.accuracy.causes``.

The bias differs from runner to runner (``docs/accuracy.md``). If something that a film shows (stance time, how the foot
lands, how bent the knee is at push-off ...) went with it, it could be taken off. Each is tried alone on the tuning
runners: bias against it by a straight line, one runner left out in turn; what counts is the RMS of the bias of him who
was left out, against that of taking the mean of the others off.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np

from formcheck.events import detect_events, strides_of
from formcheck.metrics.summary import Curve
from formcheck.records import EventKind, FloatArray, Signals
from formcheck.signals import build_signals
from formcheck.skeleton import SIDES, Side

from .camera import Filming, film
from .compare import END_S, SAME_EVENT_S
from .truth import Trial, trials, why_absent

FILMED = Filming(120.0, 3.0)
KINDS: tuple[EventKind, ...] = ("contact", "toe_off")
READ = {"knee flexion": "knee_flexion_{}_deg", "shank": "shank_{}_deg", "thigh": "thigh_{}_deg", "foot": "foot_{}_deg",
        "ankle ahead of hip": "ankle_ahead_{}_pct_leg"}  # fmt: skip

TITLE = "## What might explain the bias of a runner"
HEAD = """
Printed by `python -m tests.accuracy.causes`. Tuning runners, {filmed}. RMS over runners, ms, of the bias that
remains for a runner left out when a straight line of bias against the named thing, fitted to the others, is taken off.
"Nothing" takes only the others' mean off. No constant was moved for any of it.

| taken into account | contact | toe-off |
|---|---|---|"""


def _bias_ms(trial: Trial, signals: Signals, start_s: float, kind: EventKind, side: Side) -> float:
    true = (trial.contacts if kind == "contact" else trial.toe_offs)[side] - start_s
    true = true[(true > END_S) & (true < float(signals.time_s[-1]) - END_S)]
    found = np.array([e.time_s for e in detect_events(signals) if (e.kind, e.side) == (kind, side)])
    apart = found[:, None] - true
    nearest = apart[np.abs(apart).argmin(axis=0), np.arange(len(true))]
    return 1000 * float(nearest[np.abs(nearest) < SAME_EVENT_S].mean())


def _shown(trial: Trial, signals: Signals, side: Side) -> dict[str, float]:
    """What the film tells of one leg, and the runner's own lengths."""
    mine = [s for s in strides_of(detect_events(signals), signals) if s.side == side and s.clean]
    contact_s = float(np.median([s.toe_off_s - s.contact_s for s in mine]))
    stride_s = float(np.median([s.next_contact_s - s.contact_s for s in mine]))
    shown = {"speed": trial.speed_mps, "contact time": contact_s, "stride time": stride_s}
    shown |= {"duty factor": contact_s / stride_s, "leg length": trial.leg_m(side), "height": trial.height_cm}
    for name, series in READ.items():
        curve = Curve(signals, series.format(side))
        shown[f"{name} at contact"] = _median(curve, [s.contact_s for s in mine])
        shown[f"{name} at toe-off"] = _median(curve, [s.toe_off_s for s in mine])
    return shown


def _median(curve: Curve, times_s: list[float]) -> float:
    return float(np.nanmedian([curve(time_s) for time_s in times_s]))


def _legs() -> Iterator[tuple[str, dict[str, float], list[float]]]:
    """Runner, what is shown, and the biases of contact and toe-off: each leg of each tuning trial from both sides."""
    tuning = [trial for trial in trials() if not trial.held_out]
    for number, trial in enumerate(tuning):
        for near in SIDES:
            seen = film(trial, FILMED, near, 2 * number + (near == "left"))
            signals = build_signals(seen.pose)
            for side in SIDES:
                biases = [_bias_ms(trial, signals, seen.start_s, kind, side) for kind in KINDS]
                yield trial.runner, _shown(trial, signals, side), biases


def left_out_ms(runners: list[str], bias_ms: FloatArray, cause: FloatArray | None) -> float:
    """RMS over runners of what remains for each when the line fitted to all others is taken off; None: their mean."""
    ones = np.ones(len(bias_ms))
    x = np.stack([ones] if cause is None else [ones, (cause - cause.mean()) / cause.std()], axis=1)
    remains = []
    for runner in sorted(set(runners)):
        his = np.array([name == runner for name in runners])
        fit = np.linalg.lstsq(x[~his], bias_ms[~his], rcond=None)[0]
        remains.append(float((bias_ms[his] - x[his] @ fit).mean()))
    return float(np.sqrt(np.mean(np.square(remains))))


def document_causes() -> Iterator[str]:
    """The section, line by line."""
    runners, shown, biases = zip(*_legs(), strict=True)
    yield TITLE
    yield from HEAD.format(filmed=FILMED).splitlines()
    columns = np.array(biases).T
    for name in (None, *shown[0]):
        cause = None if name is None else np.array([row[name] for row in shown])
        cells = [f"{left_out_ms(list(runners), column, cause):.1f}" for column in columns]
        yield f"| {name or 'nothing'} | {' | '.join(cells)} |"


def main() -> int:
    """Print the table; 2 where there is no truth."""
    problem = why_absent()
    if problem:
        print(problem, file=sys.stderr)
        return 2
    for line in document_causes():
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
