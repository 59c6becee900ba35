"""Measure how wrong the numbers are and write ``formcheck/accuracy.toml``, from which every ± is made.

    python tools/measure_accuracy.py [--check]

Each sample clip goes through the real pose network and is held against the truth beside it. For each metric the error
of a clip is found - true. With few clips the SD of the errors about zero (bias included, since it is not corrected) is
itself uncertain: it is widened to the 80 % upper limit of an SD from that many clips (chi-squared), and never below
what motion capture shows for the same metric with perfect landmarks (``FLOOR``; ``python -m tests.accuracy``).
``--check`` prints the table and writes nothing.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import chi2

from formcheck.analysis import Options, analyze_video
from formcheck.records import Analysis

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "formcheck" / "accuracy.toml"
DOCUMENT = ROOT / "docs" / "accuracy_video.md"
FLOOR: dict[str, float] = {
    "contact_event_s": 0.006,
    "cadence_spm": 0.1,
    "contact_time_s": 0.006,
    "flight_time_s": 0.006,
    "stride_length_m": 0.02,
}
"""SD on motion capture at 60 and 120 frames a second, 3 px jitter; belt displays are off by about 1 %."""
SLOW_FACTOR: dict[str, float] = {"contact_event_s": 1.15, "contact_time_s": 1.15, "flight_time_s": 1.15}
"""How much larger the SD is at 30 frames a second than at 120 on motion capture."""

HEAD = """# How wrong the numbers are, from video

What `python tools/measure_accuracy.py` printed: the sample clips through the real pose network against their exact
truth. Error is found - true, in the metric's own unit. `used` is the SD from which every +/- is made: the RMS error
widened for how few clips there are. The clips are few and rendered, and constants were chosen with them in sight, so
this is not a held-out figure. What follows the pose network is measured on real runners in [accuracy.md](accuracy.md).

"""

Errors = dict[str, list[float]]


def errors_of_clip(analysis: Analysis, truth: dict[str, Any]) -> Errors:
    """Found less true for each metric that has a number on both sides; several sides give several errors."""
    true = {(row["metric"], row["side"]): row["value"] for row in truth["measurements"]}
    errors: Errors = defaultdict(list)
    for found in analysis.measurements:
        answer = true.get((found.metric, found.side), true.get((found.metric, analysis.signals.near_side)))
        if isinstance(found.value, float) and isinstance(answer, int | float):
            errors[found.metric].append(found.value - answer)
    for side in ("left", "right"):
        answers = [e["time_s"] for e in truth["events"] if e["kind"] == "contact" and e["side"] == side]
        times = [e.time_s for e in analysis.events if e.kind == "contact" and e.side == side]
        errors["contact_event_s"] += [min((t - a for t in times), key=abs) for a in answers if times]
    return errors


def measure(pose: str) -> dict[str, list[list[float]]]:
    """Errors of every metric, one list for each sample clip."""
    table: dict[str, list[list[float]]] = defaultdict(list)
    for clip in sorted((ROOT / "sample_videos").glob("*.mp4")):
        truth = json.loads(clip.with_suffix(".truth.json").read_text(encoding="utf-8"))
        options = Options(
            height_cm=truth["height_cm"],
            belt_speed_mps=truth["belt_speed_mps"],
            pose="fast" if pose == "fast" else "accurate",
        )
        for metric, errors in errors_of_clip(analyze_video(clip, options), truth).items():
            table[metric].append(errors)
    return table


def sd_for_ranges(clips: list[list[float]]) -> float:
    """SD about zero of the clips' errors, widened for how few clips there are."""
    squares = [float(np.mean(np.square(errors))) for errors in clips]
    n = len(squares)
    return float(np.sqrt(np.mean(squares) * n / chi2.ppf(0.2, n)))


def _judged(metric: str, pose: str, clips: list[list[float]]) -> tuple[float, str]:
    """The SD to use, and the row that says where it comes from."""
    pooled = np.concatenate([np.asarray(errors) for errors in clips])
    sd = max(sd_for_ranges(clips), FLOOR.get(metric, 0.0))
    rms = float(np.sqrt(np.mean(pooled**2)))
    row = f"{metric:34}{pose:10}clips{len(clips):3}  bias{pooled.mean():9.4f}  RMS{rms:9.4f}  used{sd:9.4f}"
    return sd, row


def main() -> None:
    """Print the table and write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="print only")
    arguments = parser.parse_args()
    accurate, fast = measure("accurate"), measure("fast")
    lines = [
        "# SD over clips of (found - true) for each metric, in its unit, for --pose accurate and fast.",
        f"# Written by tools/measure_accuracy.py from {max(len(v) for v in accurate.values())} rendered clips.",
    ]
    rows = []
    for metric in sorted(accurate):
        sd, row = _judged(metric, "accurate", accurate[metric])
        fast_sd, fast_row = _judged(metric, "fast", fast[metric])
        rows += [row, fast_row]
        lines += ["", f"[{metric}]", f"sd = {sd:.4f}", f"fast_sd = {fast_sd:.4f}"]
        if metric in SLOW_FACTOR:
            lines.append(f"slow_factor = {SLOW_FACTOR[metric]}")
    print("\n".join(rows))
    if not arguments.check:
        TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
        DOCUMENT.write_text(HEAD + "```\n" + "\n".join(rows) + "\n```\n", encoding="utf-8")


if __name__ == "__main__":
    main()
