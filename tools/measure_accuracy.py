"""Measure how wrong the numbers are and write ``formcheck/accuracy.toml``, from which every ± is made.

    python tools/measure_accuracy.py [--check]

The clips of the accuracy bench (``python tools/render_clips.py --bench``) go through the real pose network with each
profile and are held against their exact truth; only the tuning group is used, so that the held-out group can tell how
often the stated intervals hold (``docs/accuracy.md``). For each metric the error of a clip is found - true. The SD of
these errors about zero (bias included, since it is not corrected) is itself uncertain: it is widened to the 80 % upper
limit of an SD from that many clips (chi-squared), and never below what motion capture shows for the same metric with
perfect landmarks (``FLOOR``; ``python -m tests.accuracy``).

Two conditions are told apart, since clips are too few for more: a slow camera (below 45 frames a second) for what is
timed, and a person so small in the picture that joints cannot be placed well. Each factor is the root mean square of
the errors in such clips against that in all, over all metrics concerned, and never below 1.
Numbers of the back: their limits of refusal were chosen on these clips, so that the runners kept back for the back
(``python tools/train_lumbar.py clips``) are told, too; whichever error is larger is used. To the clips of the bench
those further ones are added that move as real runners, whose backs are told worse than drawn ones: those tuned on, and
those of 28 that had been looked at before (runners whose strides the model of the back never saw are told worse again).
``--check`` prints the table and writes nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import numpy as np
from scipy.stats import chi2

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from formcheck.metrics.summary import SLOW_CAMERA_HZ, SMALL_PERSON_LEG_PX
from formcheck.records import PoseProfile
from tests.accuracy import lumbar
from tests.accuracy.rendered import Clip, Error, outcome, why_absent

TARGET = Path(__file__).resolve().parent.parent / "formcheck" / "accuracy.toml"
GROUP = "tuning"
PROFILES: tuple[str, ...] = get_args(PoseProfile)
FLOOR: dict[str, float] = {
    "contact_event_s": 0.006,
    "cadence_spm": 0.1,
    "contact_time_s": 0.006,
    "flight_time_s": 0.006,
    "stride_length_m": 0.02,
}
"""SD on motion capture at 60 and 120 frames a second, 3 px jitter; belt displays are off by about 1 %."""
TIMED = ("contact_event_s", "contact_time_s", "flight_time_s", "duty_factor_pct")
LEFT_OUT = ("toe_off_event_s",)
"""Not behind any stated interval."""
REAL_RUNNERS_IN = ("more", "unseen")
"""Groups of ``tests.accuracy.lumbar``, rendered for the back, of which those count who move as real runners do."""

ErrorsOfMetric = dict[str, dict[Clip, list[float]]]
"""Metric -> clip -> errors; several sides or events of a clip give several."""


def errors_of(profile: str) -> ErrorsOfMetric:
    """All errors of the group with one profile."""
    table: ErrorsOfMetric = defaultdict(lambda: defaultdict(list))
    for error in outcome(profile, GROUP).errors:
        if _counts(error):
            table[error.name][error.clip].append(error.error)
    return table


def _counts(error: Error) -> bool:
    return not error.name.endswith(("_rms_deg", "_offset_deg")) and error.name not in LEFT_OUT


def rms(clips: dict[Clip, list[float]], among: Callable[[Clip], bool] = lambda clip: True) -> float:
    """Root mean square over clips, each counting once; NaN without any."""
    squares = [float(np.mean(np.square(errors))) for clip, errors in clips.items() if among(clip)]
    return float(np.sqrt(np.mean(squares))) if squares else float("nan")


def sd_for_intervals(metric: str, clips: dict[Clip, list[float]]) -> float:
    """SD about zero, widened for how few clips there are, and not below the floor."""
    if metric not in lumbar.METRICS:
        return max(_widened(clips), FLOOR.get(metric, 0.0))
    real: dict[Clip, list[float]] = {}
    for group in REAL_RUNNERS_IN:
        real |= errors_of_the_back(metric, group, lambda clip: bool(clip.truth["made_with"]["recorded"]))
    return max(_widened({**clips, **real}), _widened(errors_of_the_back(metric, "runners")))


def errors_of_the_back(
    metric: str, group: str, among: Callable[[Clip], bool] = lambda clip: True
) -> dict[Clip, list[float]]:
    """Clip -> errors of one number of the back, of some runners of the group (profile balanced)."""
    found: dict[Clip, list[float]] = defaultdict(list)
    for row in lumbar.rows(group):
        if row.metric == metric and row.found is not None and among(row.clip):
            found[row.clip].append(row.found - row.true)
    return found


def _widened(clips: dict[Clip, list[float]]) -> float:
    n = len(clips)
    return rms(clips) * float(np.sqrt(n / chi2.ppf(0.2, n)))


def factor(tables: list[ErrorsOfMetric], among: Callable[[Clip], bool], concerns: Callable[[str], bool]) -> float:
    """How much larger errors are in some clips than in all, over the metrics concerned; 1 where there are none."""
    ratios = [
        rms(clips, among) / rms(clips)
        for table in tables
        for metric, clips in table.items()
        if concerns(metric) and np.isfinite(rms(clips, among))
    ]
    return max(1.0, float(np.sqrt(np.mean(np.square(ratios))))) if ratios else 1.0


def is_slow(clip: Clip) -> bool:
    """Filmed with a slow camera."""
    return float(clip.truth["conditions"]["frame_rate_hz"]) < SLOW_CAMERA_HZ


def is_small(clip: Clip) -> bool:
    """A person whose leg is short in the picture; a leg is some 0.44 of what is seen between nose and toes."""
    return 0.44 * float(clip.truth["conditions"]["person_px"]) < SMALL_PERSON_LEG_PX


def lines_of(tables: dict[str, ErrorsOfMetric]) -> Iterator[str]:
    """The file."""
    slow = factor(list(tables.values()), is_slow, lambda metric: metric in TIMED)
    small = factor(list(tables.values()), is_small, lambda metric: True)
    n = max(len(clips) for table in tables.values() for clips in table.values())
    yield "# SD over clips of (found - true) for each metric, in its unit, for each pose profile."
    yield f"# Written by tools/measure_accuracy.py from the {n} rendered clips of the tuning group."
    yield from ("", "[conditions]", f"small_person_factor = {small:.2f}")
    for metric in sorted(tables[PROFILES[0]]):
        yield from ("", f"[{metric}]")
        yield from (f"{profile} = {sd_for_intervals(metric, tables[profile][metric]):.4f}" for profile in PROFILES)
        if metric in TIMED:
            yield f"slow_camera_factor = {slow:.2f}"


def rows_of(tables: dict[str, ErrorsOfMetric]) -> Iterator[str]:
    """What a person looks at."""
    for metric in sorted(tables[PROFILES[0]]):
        for profile in PROFILES:
            clips = tables[profile][metric]
            bias = float(np.mean([np.mean(errors) for errors in clips.values()]))
            used = sd_for_intervals(metric, clips)
            yield f"{metric:34}{profile:10}clips{len(clips):3}  bias{bias:9.4f}  RMS{rms(clips):9.4f}  used{used:9.4f}"


def main() -> int:
    """Print the table and write the file; 2 where there are no clips."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="print only")
    arguments = parser.parse_args()
    problem = why_absent() or lumbar.why_absent()
    if problem:
        print(problem, file=sys.stderr)
        return 2
    tables = {profile: errors_of(profile) for profile in PROFILES}
    print("\n".join(rows_of(tables)))
    if not arguments.check:
        TARGET.write_text("\n".join(lines_of(tables)) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
