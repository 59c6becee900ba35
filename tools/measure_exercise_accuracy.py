"""Measure how wrong the numbers of exercises are and write ``formcheck/exercise_accuracy.toml``, their every ±.

    python tools/measure_exercise_accuracy.py [--check] [--found] [--only METRIC]

The exercise clips (``python tools/render_clips.py --exercises``) go through the real pose network and are held against
their exact truth; only the tuning group is used, so that the held-out group can tell how often the stated intervals
hold (``docs/accuracy_exercises.md``). For each metric with a known truth the error of a clip is found - true. Clips in
which there is nothing to find and nothing is found (over-arching of those who do not) are left out: that such a number
is 0 tells nothing of how wrong it is where there is one.

* ``bias`` is half the mean error of metrics measured in at least ``LEAST_CLIPS`` clips whose mean error is larger than
  the errors' own spread: the product takes it off. Only half, because other bodies share it in part.
* ``factor`` is what the numbers of ``PROPORTIONAL`` are multiplied by, which fall short the more the larger they are.
* ``metrics`` is the SD of what is left, drawn toward the SD of its unit as if ``PRIOR_CLIPS`` more clips had that
  (few clips tell little about an SD), with the other half of the mean error.
* ``units`` is for metrics not held against truth: the root mean square over all measured metrics of that unit, each
  counting once. Units in which nothing was measured take ``UNITS``; seconds too, whose metrics are durations of unlike
  kinds.

``--check`` prints the table and writes nothing. ``--only`` measures one metric, whose clips are enough, and leaves all
else as it is.
"""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from formcheck.cards import load_cards
from formcheck.metrics.by_repetition import bias_of, factor_of
from tests.accuracy.exercises import FOUND_ONLY, Error, outcome, why_absent

TARGET = Path(__file__).resolve().parent.parent / "formcheck" / "exercise_accuracy.toml"
GROUP = "tuning"
LEAST_CLIPS, PRIOR_CLIPS = 4, 3
PROPORTIONAL = ("extension_trunk_deg",)
"""The pose network bends a back that leans backward less than it does."""
SHARED = 0.5
"""Of a mean error, what other bodies are taken to share. House rule."""
LEFT_OR_RIGHT = (
    "hip_tilt_change_deg",
    "pelvis_line_deg",
    "shoulder_line_deg",
    "weight_on_one_leg_pct_height",
    "weight_shift_pct_leg",
)
"""Toward the left +: mirrored, they change their sign, so that what they are usually wrong by can only be 0."""
UNITS = {"deg": 5.0, "pct": 5.0, "s": 0.12, "count": 0.0, "cm": 3.0}
"""The cautious guess for units that have not been held against truth."""
POOLED = ("deg", "pct")
TIMES = {
    "rep_time_s": ("rep_start_s", "rep_end_s"),
    "lift_time_s": ("rep_start_s", "rep_start_s"),
    "lower_time_s": ("rep_end_s", "rep_end_s"),
    "hold_time_s": ("hold_s",),
}
"""Durations rest on moments whose errors are measured; a far end is taken to be as hard as the start or the end."""


@dataclass(frozen=True)
class Errors:
    """Errors of one name on all clips of the tuning group, one each (of moments several a clip)."""

    errors: np.ndarray
    """What is left after ``bias`` and ``factor``."""
    bias: float = 0.0
    factor: float = 1.0

    @property
    def rms(self) -> float:
        return float(np.sqrt(np.mean(self.errors**2)))


def measured() -> dict[str, Errors]:
    """Every name with its errors."""
    found: dict[str, list[Error]] = defaultdict(list)
    for error in outcome(GROUP).errors:
        if error.true != 0.0 or error.error != 0.0:
            found[error.name].append(error)
    return {name: _undone(name, each) for name, each in sorted(found.items())}


def _undone(name: str, found: list[Error]) -> Errors:
    """The errors without those that are always the same, as they were before anything was taken off."""
    true = np.array([error.true for error in found])
    shown = np.array([error.error for error in found]) + true
    raw = (shown + bias_of(name)) / factor_of(name)
    if name in PROPORTIONAL:
        factor = float((true * raw).sum() / (raw**2).sum())
        return Errors(factor * raw - true, factor=factor)
    errors = np.array([error.error for error in found]) + bias_of(name)
    bias = float(errors.mean())
    if (
        name not in load_cards().keys() - set(LEFT_OR_RIGHT)
        or len(errors) < LEAST_CLIPS
        or abs(bias) <= float(errors.std(ddof=1))
    ):
        return Errors(errors)
    return Errors(errors - bias, bias=SHARED * bias)


def defaults(errors: dict[str, Errors]) -> dict[str, float]:
    """Unit -> SD of a metric of which nothing is known: what metrics of that unit turned out to be wrong by."""
    units = dict(UNITS)
    for unit in POOLED:
        found = np.array([e.rms for name, e in errors.items() if name in load_cards() and unit_of(name) == unit])
        if len(found):
            units[unit] = float(np.sqrt(np.mean(found**2)))
    return units


def rows(errors: dict[str, Errors], units: dict[str, float]) -> dict[str, float]:
    """Metric -> SD, of every metric measured."""
    known = {name: _sd(e, units[unit_of(name)]) for name, e in errors.items() if name in load_cards()}
    for metric, parts in TIMES.items():
        if all(part in errors for part in parts):
            known[metric] = float(np.sqrt(sum(errors[part].rms ** 2 for part in parts)))
    return dict(sorted(known.items()))


def _sd(e: Errors, usual: float) -> float:
    spent = 1 if e.bias or e.factor != 1.0 else 0
    spread = (np.sum(e.errors**2) + PRIOR_CLIPS * usual**2) / (len(e.errors) + PRIOR_CLIPS - spent)
    return float(np.sqrt(spread + (e.bias / SHARED * (1 - SHARED)) ** 2))


def unit_of(metric: str) -> str:
    """As on its card."""
    return load_cards()[metric].unit


HEAD = """\
# What numbers of exercises are off by (found - true), by tools/measure_exercise_accuracy.py from rendered clips of the
# tuning group: "bias" is taken off, "factor" multiplied; "metrics" is the SD of what is left, "units" that of metrics
# not held against truth.
"""


def text(errors: dict[str, Errors], units: dict[str, float], found: dict[str, float]) -> str:
    """The file."""
    tables = {
        "units": units,
        "bias": {name: e.bias for name, e in errors.items() if e.bias},
        "factor": {name: e.factor for name, e in errors.items() if e.factor != 1.0},
        "metrics": found,
    }
    return HEAD + "".join(_table(name, values) for name, values in tables.items())


def _all_rows(errors: dict[str, Errors]) -> str:
    units = defaults(errors)
    return text(errors, units, rows(errors, units))


def _with_one_row(errors: dict[str, Errors], metric: str) -> str:
    """The file as it is, with this metric's row made anew. It may have neither bias nor factor."""
    kept = tomllib.loads(TARGET.read_text("utf-8"))
    if errors[metric].bias or errors[metric].factor != 1.0 or bias_of(metric) or factor_of(metric) != 1.0:
        raise SystemExit(f"{metric} is put right by a bias or factor: measure all")
    kept["metrics"][metric] = _sd(errors[metric], kept["units"][unit_of(metric)])
    return HEAD + "".join(_table(name, values) for name, values in kept.items())


def _table(name: str, values: dict[str, float]) -> str:
    return f"\n[{name}]\n" + "".join(f"{key} = {value:.4g}\n" for key, value in values.items())


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="print and write nothing")
    parser.add_argument("--found", action="store_true", help="only clips whose poses were found in an earlier run")
    parser.add_argument("--only", metavar="METRIC", help="of the file only this metric's row of [metrics]")
    args = parser.parse_args()
    if args.found:
        os.environ[FOUND_ONLY] = "yes"
    if problem := why_absent():
        print(problem, file=sys.stderr)
        return 2
    errors = measured()
    told = _with_one_row(errors, args.only) if args.only else _all_rows(errors)
    print(told)
    if not args.check:
        TARGET.write_text(told, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
