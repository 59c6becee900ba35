"""Measure how wrong the numbers of exercises are and write ``formcheck/exercise_accuracy.toml``, their every ±.

    python tools/measure_exercise_accuracy.py [--check] [--found]

The exercise clips (``python tools/render_clips.py --exercises``) go through the real pose network and are held against
their exact truth; only the tuning group is used, so that the held-out group can tell how often the stated intervals
hold (``docs/accuracy_exercises.md``). For each metric with a known truth the error of a clip is found - true. The SD of
these errors about zero (bias included, since it is not corrected) is itself uncertain: it is widened to the 80 % upper
limit of an SD from that many clips (chi-squared). A metric measured in fewer than ``LEAST_CLIPS`` clips, or in none,
takes its unit's: the root mean square over all measured metrics of that unit, each counting once by its own mean
square, widened for so many metrics. So one bad metric counts in proportion, and neither it nor a single clip sets the
default alone. A metric whose one or two clips were worse than that keeps their own root mean square. Units in which
nothing was measured take ``UNITS``; seconds too, whose metrics are durations of unlike kinds.
``--check`` prints the table and writes nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.stats import chi2

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from formcheck.cards import load_cards
from tests.accuracy.exercises import FOUND_ONLY, outcome, why_absent

TARGET = Path(__file__).resolve().parent.parent / "formcheck" / "exercise_accuracy.toml"
GROUP = "tuning"
LEAST_CLIPS = 3
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


def upper_sd(errors: np.ndarray) -> float:
    """SD about zero, widened to the 80 % upper limit of an SD from so many clips."""
    n = len(errors)
    return float(np.sqrt(np.sum(errors**2) / chi2.ppf(0.2, n)))


def rms(errors: np.ndarray) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(errors**2)))


def measured() -> dict[str, np.ndarray]:
    """Name -> errors of all clips of the tuning group, one each; repetition moments have several a clip."""
    errors: dict[str, list[float]] = defaultdict(list)
    for error in outcome(GROUP).errors:
        errors[error.name].append(error.error)
    return {name: np.array(found) for name, found in sorted(errors.items())}


def defaults(errors: dict[str, np.ndarray]) -> dict[str, float]:
    """Unit -> SD of a metric of which nothing is known: what metrics of that unit turned out to be wrong by."""
    units = dict(UNITS)
    for unit in POOLED:
        found = np.array([rms(e) for name, e in errors.items() if name in load_cards() and unit_of(name) == unit])
        if len(found):
            units[unit] = upper_sd(found)
    return units


def rows(errors: dict[str, np.ndarray], units: dict[str, float]) -> dict[str, float]:
    """Metric -> SD, of every metric measured in enough clips, and of those found worse than their unit's default."""
    enough = {name: upper_sd(e) for name, e in errors.items() if len(e) >= LEAST_CLIPS}
    known = {name: sd for name, sd in enough.items() if name in load_cards()}
    for name in errors.keys() & load_cards().keys() - enough.keys():
        if rms(errors[name]) > units[unit_of(name)]:
            known[name] = rms(errors[name])
    for metric, parts in TIMES.items():
        if all(part in enough for part in parts):
            known[metric] = float(np.sqrt(sum(enough[part] ** 2 for part in parts)))
    return dict(sorted(known.items()))


def unit_of(metric: str) -> str:
    """As on its card."""
    return load_cards()[metric].unit


def text(units: dict[str, float], found: dict[str, float]) -> str:
    """The file."""
    lines = [
        "# SD over clips of (found - true) for exercises, by tools/measure_exercise_accuracy.py from rendered clips",
        '# of the tuning group. "units" is for metrics not held against truth, or in too few clips: deg and pct are',
        "# the root mean square over the measured metrics of that unit, widened for their number; the rest is a",
        "# cautious guess of our own.",
        "",
        "[units]",
        *(f"{unit} = {sd:.4g}" for unit, sd in units.items()),
        "",
        "[metrics]",
        *(f"{metric} = {sd:.4g}" for metric, sd in found.items()),
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="print and write nothing")
    parser.add_argument("--found", action="store_true", help="only clips whose poses were found in an earlier run")
    args = parser.parse_args()
    if args.found:
        os.environ[FOUND_ONLY] = "yes"
    if problem := why_absent():
        print(problem, file=sys.stderr)
        return 2
    errors = measured()
    units = defaults(errors)
    told = text(units, rows(errors, units))
    print(told)
    if not args.check:
        TARGET.write_text(told, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
