"""The tables about the rendered clips."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import cast

import numpy as np
from scipy.stats import norm

from formcheck.analysis import Options
from formcheck.metrics.foot_strike import REARFOOT_ABOVE_DEG
from formcheck.records import FloatArray

from .rendered import GROUPS, USUAL_PROFILE_ONLY, Clip, Outcome, clips, outcome, why_absent

# name: heading, factor to the unit shown, unit, decimals
ROWS: dict[str, tuple[str, float, str, int]] = {
    "contact_event_s": ("Contact", 1000, "ms", 1),
    "toe_off_event_s": ("Toe-off", 1000, "ms", 1),
    "contact_time_s": ("Contact time", 1000, "ms", 1),
    "flight_time_s": ("Flight time", 1000, "ms", 1),
    "duty_factor_pct": ("Duty factor", 1, "%", 2),
    "cadence_spm": ("Cadence", 1, "steps/min", 2),
    "stride_length_m": ("Stride length", 100, "cm", 2),
    "thigh_extension_at_toe_off_deg": ("Thigh angle at toe-off", 1, "deg", 2),
    "peak_thigh_extension_deg": ("Peak thigh angle", 1, "deg", 2),
    "shank_angle_at_contact_deg": ("Shank angle at contact", 1, "deg", 2),
    "knee_flexion_at_contact_deg": ("Knee flexion at contact", 1, "deg", 2),
    "foot_angle_at_contact_deg": ("Foot angle at contact", 1, "deg", 2),
    "peak_stance_knee_flexion_deg": ("Peak knee flexion in stance", 1, "deg", 2),
    "peak_swing_knee_flexion_deg": ("Peak knee flexion in swing", 1, "deg", 2),
    "overstride_pct_leg": ("Overstride", 1, "% of leg length", 2),
    "trunk_lean_deg": ("Trunk lean", 1, "deg", 2),
    "trunk_lean_range_deg": ("Range of trunk lean", 1, "deg", 2),
    "arm_swing_deg": ("Arm swing", 1, "deg", 2),
    "vertical_oscillation_cm": ("Vertical oscillation", 1, "cm", 2),
    "vertical_oscillation_pct_leg": ("Vertical oscillation", 1, "% of leg length", 2),
    "lumbar_extension_change_deg": ("Lumbar extension, midstance to toe-off", 1, "deg", 2),
    "lumbar_extension_range_deg": ("Range of lumbar extension", 1, "deg", 2),
    "lumbar_share_pct": ("Share of the lower back", 1, "%", 1),
    "hip_extension_change_deg": ("Hip extension, midstance to toe-off", 1, "deg", 2),
    "pelvic_tilt_range_deg": ("Range of pelvic tilt", 1, "deg", 2),
}
FOOT_ANGLE, AIMED_AT_DEG = "foot_angle_at_contact_deg", 2.9
STRIDE_ROWS = ("near_thigh", "near_shank", "far_thigh", "far_shank", "trunk_lean")
CONDITION_ROWS = (
    "contact_event_s",
    "toe_off_event_s",
    "contact_time_s",
    "cadence_spm",
    "thigh_extension_at_toe_off_deg",
    "shank_angle_at_contact_deg",
    "overstride_pct_leg",
    "trunk_lean_deg",
)

TITLE = "## From video: rendered runners through the pose network"
HEAD = (
    TITLE
    + """

Printed by `python -m tests.accuracy.rendered --group all`. {n} clips made by `python tools/render_clips.py --bench`:
{tuning} for tuning, {held_out} held out. {recorded} bodies move by the joint angles and force-plate events of real
treadmill runners (Fukuchi et al. 2017, see above; their trunk and arms are drawn), {parametric} by a parametric runner.
The truth is the rendered skeleton. A rendered body is no real one: skin does not slide and cloth hardly folds, so these
errors are the least to expect.

* Error = found less true: of each event (both feet), else of the number a reader sees for a clip (and foot).
* SD: scatter of the errors. Limits: bias and 1.96 SD either way. MAE: mean of the errors without their sign. RMSE: root
  of their mean square.
* In interval: share of the stated 95 % intervals that hold the truth.
* Held out: not looked at while anything was tuned; four of the runners move held-out clips only.
* {only}: long runs, for cadence "from 15 s" (a recording lasts 15 s and fills clips of 14 s). They were
  made after the others and are looked at with the usual profile only: `accurate` takes minutes for each.
"""
)


def document_rendered(profiles: Sequence[str], groups: Sequence[str] = GROUPS) -> Iterator[str]:
    """The whole section, line by line; each profile is measured when it is first needed."""
    told = clips()
    counts = {
        key: sum(clip.truth[of] == key for clip in told)
        for of, keys in (("group", GROUPS), ("motion", ("recorded", "parametric")))
        for key in keys
    }
    only = f"{USUAL_PROFILE_ONLY[0]} to {USUAL_PROFILE_ONLY[-1]}"
    yield from HEAD.format(n=len(told), only=only, **counts).splitlines()
    yield from _clip_table(told)
    for profile in profiles:
        yield from document_profile(profile, groups)


def document_profile(profile: str, groups: Sequence[str] = GROUPS) -> Iterator[str]:
    """Every table of one pose profile."""
    found = {group.replace("_", " "): outcome(profile, group) for group in groups}
    yield from ("", f"### Pose profile `{profile}`", "")
    yield from _metric_table(found)
    yield from _stride_table(found)
    yield from _found_table(found)
    yield from _strike_table(found)
    for name in CONDITION_ROWS:
        yield from _condition_table(found, name)
    for track in ("near_thigh", "near_shank"):
        yield from _condition_table(found, f"{track}_rms_less_offset_deg")


def _clip_table(told: Sequence[Clip]) -> Iterator[str]:
    yield from ("", "| clip | group | " + " | ".join(told[0].conditions) + " |" if told else "")
    yield "|---|---|" + "---|" * (len(told[0].conditions) if told else 0)
    for clip in told:
        yield f"| {clip.name} | {clip.group.replace('_', ' ')} | " + " | ".join(clip.conditions.values()) + " |"
    yield ""


def _metric_table(found: dict[str, Outcome]) -> Iterator[str]:
    yield "| measure | clips | bias | SD | 95 % limits | MAE | RMSE | n | in interval |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for name, (heading, factor, unit, decimals) in ROWS.items():
        for group, out in found.items():
            yield metric_row(f"{heading} ({unit})", group, out, name, factor, decimals)


def metric_row(heading: str, group: str, out: Outcome, name: str, factor: float, decimals: int) -> str:
    """One line of the table of measures."""
    errors = factor * out.of(name)
    if len(errors) < 2:
        return f"| {heading} | {group} | - | - | - | - | - | {len(errors)} | - |"
    bias, sd = float(errors.mean()), float(errors.std(ddof=1))
    limits = f"{bias - 1.96 * sd:.{decimals}f} to {bias + 1.96 * sd:.{decimals}f}"
    sizes = f"{np.abs(errors).mean():.{decimals}f} | {np.sqrt(np.mean(errors**2)):.{decimals}f}"
    held, stated = out.inside(name)
    share = f"{100 * held / stated:.0f} %" if stated else "-"
    scatter = f"{bias:+.{decimals}f} | {sd:.{decimals}f} | {limits}"
    return f"| {heading} | {group} | {scatter} | {sizes} | {len(errors)} | {share} |"


def _stride_table(found: dict[str, Outcome]) -> Iterator[str]:
    yield from (
        "",
        "Over all frames of a clip, degrees: root mean square error, the same without the clip's constant offset,",
    )
    yield from ("and that offset.", "")
    yield "| angle | clips | RMSE, median (worst) | without offset, median (worst) | offset, mean and SD | n |"
    yield "|---|---|---|---|---|---|"
    for track in STRIDE_ROWS:
        for group, out in found.items():
            whole, rest = out.of(f"{track}_rms_deg"), out.of(f"{track}_rms_less_offset_deg")
            offset = out.of(f"{track}_offset_deg")
            numbers = f"{_median_and_worst(whole)} | {_median_and_worst(rest)} | {_mean_and_sd(offset)}"
            yield f"| {track.replace('_', ' ')} | {group} | {numbers} | {len(whole)} |"


def _median_and_worst(values: FloatArray) -> str:
    return f"{np.median(values):.2f} ({values.max():.2f})" if len(values) else "-"


def _mean_and_sd(values: FloatArray) -> str:
    return f"{values.mean():+.2f}, {values.std(ddof=1):.2f}" if len(values) > 1 else "-"


def _found_table(found: dict[str, Outcome]) -> Iterator[str]:
    yield from ("", "Events missed and invented, 0.2 s at either end of a clip left out; clips refused.", "")
    yield "| clips | events | missed | invented | refused |"
    yield "|---|---|---|---|---|"
    for group, out in found.items():
        yield f"| {group} | {out.n_events} | {out.n_missed} | {out.n_invented} | {', '.join(out.refused) or '-'} |"


def _strike_table(found: dict[str, Outcome]) -> Iterator[str]:
    yield from (
        "",
        "Foot strike of the near foot: right answers among those given with confidence and those called near a border.",
        "At best: so many of these runners, some of them near the border, would be told rearfoot or not by an unbiased",
        f"angle whose errors are normal with the SD beside; {AIMED_AT_DEG:g} deg were aimed at.",
        "",
    )
    yield "| clips | right, confident | right, near a border | rearfoot or not | at best | none | wrong and confident |"
    yield "|---|---|---|---|---|---|---|"
    for group, out in found.items():
        given = [row for row in out.strikes if row[2]]
        sure, unsure = ([row for row in given if row[3] == doubtful] for doubtful in (False, True))
        right = [f"{sum(row[1] == row[2] for row in rows)} of {len(rows)}" for rows in (sure, unsure)]
        wrong = [f"{row[0].name} ({row[1]} called {row[2]})" for row in sure if row[1] != row[2]]
        heel = f"{sum((row[1] == 'rearfoot') == (row[2] == 'rearfoot') for row in given)} of {len(given)}"
        none = len(out.strikes) - len(given)
        best = ", ".join(f"{_told_at_best(out, sd):.0f} % ({sd:.1f} deg)" for sd in (_angle_rmse(out), AIMED_AT_DEG))
        yield f"| {group} | {right[0]} | {right[1]} | {heel} | {best} | {none} | {', '.join(wrong) or '-'} |"


def _angle_rmse(out: Outcome) -> float:
    return float(np.sqrt(np.mean(np.square([e.error for e in out.errors if e.name == FOOT_ANGLE and e.near]))))


def _told_at_best(out: Outcome, sd_deg: float) -> float:
    """Percent of the runners told rearfoot or not by an angle with normal errors of this SD."""
    given = [row[0] for row in out.strikes if row[2]]
    from_border = [abs(cast(float, clip.true_value(FOOT_ANGLE, clip.near)) - REARFOOT_ABOVE_DEG) for clip in given]
    return 100.0 * float(np.mean(norm.cdf(np.array(from_border) / sd_deg)))


def _condition_table(found: dict[str, Outcome], name: str) -> Iterator[str]:
    heading, factor, unit, decimals = ROWS.get(name, (name.removesuffix("_deg").replace("_", " "), 1, "deg", 2))
    yield from ("", f"{heading} ({unit}) by condition: bias, MAE, clips.", "")
    groups = list(found)
    yield "| condition | | " + " | ".join(groups) + " |"
    yield "|---|---|" + "---|" * len(groups)
    for condition, values in _condition_values().items():
        for value in values:
            cells = [_condition_cell(out, name, factor, decimals, {condition: value}) for out in found.values()]
            yield f"| {condition} | {value} | " + " | ".join(cells) + " |"


def _condition_values() -> dict[str, list[str]]:
    told = clips()
    names = told[0].conditions if told else {}
    return {name: sorted({clip.conditions[name] for clip in told}) for name in names}


def _condition_cell(out: Outcome, name: str, factor: float, decimals: int, conditions: dict[str, str]) -> str:
    errors = factor * out.of(name, **conditions)
    if not len(errors):
        return "-"
    return f"{errors.mean():+.{decimals}f}, {np.abs(errors).mean():.{decimals}f}, {out.n_clips(name, **conditions)}"


def per_clip(profile: str, groups: Sequence[str]) -> Iterator[str]:
    """Each clip's errors of every measure of the near foot, for whoever looks for a cause."""
    for group in groups:
        out = outcome(profile, group)
        for clip in clips(group):
            yield from ("", f"{clip.name} ({', '.join(clip.conditions.values())})")
            for name, (_, factor, unit, decimals) in ROWS.items():
                errors = [factor * e.error for e in out.errors if (e.name, e.clip, e.near) == (name, clip, True)]
                if errors:
                    yield f"  {name:34} {np.mean(errors):+.{decimals}f} {unit}"
            for track in STRIDE_ROWS:
                rms = [e.error for e in out.errors if e.clip == clip and e.name.startswith(f"{track}_")]
                yield (
                    f"  {track:34} RMSE {rms[0]:.2f}, without offset {rms[1]:.2f}, offset {rms[2]:+.2f} deg"
                    if rms
                    else ""
                )
        yield from ("", *out.unmeasured)


def main() -> int:
    """Print the tables; 2 where no clip has been made."""
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy.rendered", description=__doc__)
    parser.add_argument("--profile", action="append", help="pose profile (may be repeated); else the usual one")
    parser.add_argument("--group", choices=[*GROUPS, "all"], default="tuning", help="held_out: not while tuning")
    parser.add_argument("--clips", action="store_true", help="each clip on its own instead of the tables")
    arguments = parser.parse_args()
    problem = why_absent()
    if problem:
        print(problem, file=sys.stderr)
        return 2
    groups = GROUPS if arguments.group == "all" else (arguments.group,)
    profiles = arguments.profile or [Options().pose]
    lines = document_rendered(profiles, groups)
    if arguments.clips:
        lines = (line for profile in profiles for line in per_clip(profile, groups))
    for line in lines:
        print(line, flush=True)
    return 0
