"""Half an hour of running: segments, a drift that is found where there is one only, and time and memory that stay flat.

No video: the poses a finder would give, with a drift put in. ``python tests/test_long_clips.py`` prints time and memory
of thirty minutes.
"""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import lfilter
from synthetic import Runner, jittered

from formcheck import analyze_pose
from formcheck.charts import MAX_STRIDE_DOTS, strides_chart
from formcheck.comparisons import LAID_TOGETHER, MAX_SEGMENTS, compare, notable, segments
from formcheck.exports.analysis_json import analysis_as_dict
from formcheck.records import Analysis, Comparison, FloatArray, Measurement, PoseTrack
from formcheck.report import WATCHED_OVER_LONG_CLIPS, report_html
from formcheck.skeleton import INDEX, LANDMARKS, SIDES

RATE_HZ = 30.0
UPPER_BODY = [i for i in range(len(LANDMARKS)) if i < INDEX["left_hip"]]
HIPS = [INDEX[f"{side}_hip"] for side in SIDES]


def drifting(
    minutes: float, cadence_share: float = 0.0, lean_deg: float = 0.0, seed: int = 0
) -> tuple[Runner, PoseTrack]:
    """A clip over which cadence changes by a share and the trunk leans further forward by an angle, both evenly."""
    runner = Runner(duration_s=60.0 * minutes, rate_hz=RATE_HZ)
    real_s = runner.frame_times()
    progress = real_s / runner.duration_s
    pose = replace(runner.pose(real_s * (1 + cadence_share * progress / 2)), time_s=real_s)
    xy = pose.xy_px.copy()
    hips = xy[:, HIPS].mean(axis=1, keepdims=True)
    angle = np.radians(lean_deg) * progress
    turn = np.stack([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]).transpose(2, 0, 1)
    xy[:, UPPER_BODY] = np.einsum("nij,nkj->nki", turn, xy[:, UPPER_BODY] - hips) + hips
    return runner, jittered(replace(pose, xy_px=xy), 1.5, seed)


@cache
def analysis(minutes: float, cadence_share: float = 0.0, lean_deg: float = 0.0) -> Analysis:
    runner, pose = drifting(minutes, cadence_share, lean_deg)
    return analyze_pose(pose, runner.facts())


def drift(found: Analysis, metric: str) -> Comparison:
    (one,) = [c for c in found.comparisons if (c.kind, c.metric) == ("drift", metric)]
    return one


def change(comparison: Comparison) -> tuple[float, float]:
    """First stride to last, and its error."""
    assert comparison.value is not None
    assert comparison.uncertainty is not None
    assert comparison.span_s is not None
    minutes = comparison.span_s / 60
    return minutes * comparison.value, minutes * comparison.uncertainty


def told_drifts(found: Analysis) -> set[str]:
    return {c.metric for c in notable(found.comparisons) if c.kind == "drift"}


# --------------------------------------------------------------------------------------------- segments and drift


@pytest.mark.parametrize("minutes", [4.0, pytest.param(30.0, marks=pytest.mark.slow)])
def test_a_drift_that_is_there_is_found_as_large_as_it_is(minutes: float) -> None:
    found = analysis(minutes, cadence_share=-0.03, lean_deg=3.0)
    for metric, truth in (("cadence_spm", -0.03 * Runner().cadence_spm), ("trunk_lean_deg", 3.0)):
        value, error = change(drift(found, metric))
        assert value == pytest.approx(truth, abs=max(error, 0.1 * abs(truth))), metric
        assert metric in told_drifts(found)
        mine = [s for s in found.segments if s.metric == metric]
        assert None not in [s.value for s in mine]
        seen = (mine[-1].value or 0.0) - (mine[0].value or 0.0)
        assert seen == pytest.approx(truth * (len(mine) - 1) / len(mine), rel=0.15), metric


@pytest.mark.parametrize("minutes", [4.0, pytest.param(30.0, marks=pytest.mark.slow)])
def test_where_nothing_drifts_none_is_told(minutes: float) -> None:
    found = analysis(minutes)
    assert told_drifts(found) == set()
    assert len({s.start_s for s in found.segments}) == (8 if minutes == 4.0 else MAX_SEGMENTS)


def wandering(n: int, memory: float, seed: int) -> FloatArray:
    """Strides that are like the ones before (AR(1)), as a runner's are, with no drift."""
    noise = np.random.default_rng(seed).normal(size=n + 100)
    return np.asarray(lfilter([np.sqrt(1 - memory**2)], [1, -memory], noise)[100:], dtype=np.float64)


def measured(values: FloatArray, metric: str = "trunk_lean_deg") -> Measurement:
    times = tuple(0.7 * np.arange(len(values)))
    spread = float(values.std(ddof=1))
    return Measurement(metric, None, "deg", float(np.median(values)), spread, len(values), 1.0,
                       values=tuple(values.tolist()), times_s=times)  # fmt: skip


@pytest.mark.parametrize(("n", "memory"), [(40, 0.0), (40, 0.3), (100, 0.3), (400, 0.5), (2500, 0.8)])
def test_false_alarms_are_rare_though_strides_are_alike(n: int, memory: float) -> None:
    """Twenty numbers a clip, 60 clips without a drift: one in 20 may tell of one, and chance allows a few more."""
    alarms = 0
    for clip in range(60):
        rows = [measured(5 + wandering(n, memory, 1000 * clip + k)) for k in range(20)]
        alarms += any(c.kind == "drift" for c in notable(compare(rows, 60.0)))
    assert alarms <= 6


def test_a_clip_of_seconds_tells_of_no_drift() -> None:
    climbing = measured(5 + 0.1 * np.arange(39) + 0.01 * wandering(39, 0.0, 1))
    assert notable(compare([climbing], 60.0)) == []


def test_a_clip_below_two_minutes_has_no_segments() -> None:
    assert segments([measured(wandering(170, 0.0, 1))]) == ()
    assert len(segments([measured(wandering(175, 0.0, 1))])) == 4


def test_a_stretch_without_strides_has_no_number() -> None:
    whole = measured(wandering(600, 0.0, 1))
    keep = [i for i, time_s in enumerate(whole.times_s) if not 100 < time_s < 200]
    gappy = replace(whole, values=tuple(whole.values[i] for i in keep), times_s=tuple(whole.times_s[i] for i in keep))
    empty = [s for s in segments([gappy]) if s.value is None]
    assert [s.n for s in empty] == [0, 0]
    assert all(s.uncertainty is None for s in empty)


def test_errors_of_segments_hold_their_truth() -> None:
    """19 of 20 stretches hold the true median 0 within their error."""
    found = segments([measured(wandering(2500, 0.0, seed)) for seed in range(10)])
    inside = [abs(s.value or 0.0) <= (s.uncertainty or 0.0) for s in found]
    assert 0.92 <= np.mean(inside) <= 0.98


# ------------------------------------------------------------------------------------------------------- outputs


def test_everything_over_the_clip_is_in_the_outputs() -> None:
    found = analysis(4.0, cadence_share=-0.03, lean_deg=3.0)
    rows = analysis_as_dict(found)["segments"]
    assert {row["metric"] for row in rows} >= {"cadence_spm", "contact_time_s", "trunk_lean_deg", "overstride_pct_leg"}
    assert all(row["uncertainty"] > 0 for row in rows if row["value"] is not None)
    html = report_html(found, (), "en")
    for metric in (
        name for name in WATCHED_OVER_LONG_CLIPS if name not in LAID_TOGETHER
    ):  # these poses have no outline
        assert f'data-chart="{metric}"' in html, metric
    assert "Cadence: fell by 5" in html


def test_the_chart_shows_segments_their_errors_and_the_drift() -> None:
    found = analysis(4.0, cadence_share=-0.03, lean_deg=3.0)
    dots, medians, line = [trace for trace in strides_chart(found, "cadence_spm", "en").data if trace.x[0] is not None]
    assert len(dots.x) <= MAX_STRIDE_DOTS
    assert len(medians.x) == 8
    assert all(error > 0 for error in medians.error_y.array)
    assert line.y[1] - line.y[0] == pytest.approx(change(drift(found, "cadence_spm"))[0], abs=0.01)
    still = [trace.name for trace in strides_chart(analysis(4.0), "cadence_spm", "en").data]
    assert "Drift" not in still


# ----------------------------------------------------------------------------------------------- time and memory


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_half_an_hour_takes_seconds_and_little_memory() -> None:
    told = subprocess.run([sys.executable, __file__], capture_output=True, text=True, check=True).stdout
    cpu_s, peak_mb = (float(word.split("=")[1]) for word in told.split())
    assert peak_mb < 900
    assert cpu_s < 60


def main() -> None:
    runner, pose = drifting(30.0)
    began_s = time.process_time()
    analyze_pose(pose, runner.facts())
    # not ru_maxrss: that one remembers the memory of whoever started this process
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak_mb = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024
    print(f"cpu_s={time.process_time() - began_s:.1f} peak_mb={peak_mb:.0f}")


if __name__ == "__main__":
    main()
