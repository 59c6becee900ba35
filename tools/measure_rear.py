"""Measure how wrong the numbers from behind and in front are; write ``formcheck/accuracy_rear.toml`` and the table.

    python tools/measure_rear.py              # print what the tuning clips show
    python tools/measure_rear.py --write      # and write formcheck/accuracy_rear.toml from them
    python tools/measure_rear.py --document   # both halves of the clips, into docs/accuracy_rear.md

The clips are made by ``python tools/render_clips.py --rear``. As in ``measure_accuracy.py``: the SD of a clip's errors
about zero, widened to the 80 % upper limit of an SD from that many clips (chi-squared); only the tuning half is used,
so that the held-out half tells how often the stated intervals hold.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import numpy as np
from scipy.stats import chi2

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from formcheck.records import PoseProfile
from tests.accuracy import views
from tests.accuracy.rear import DROP_WITHOUT, Found, Outcome, clips, outcome, own_tilt_deg, stands, why_absent

ROOT = Path(__file__).resolve().parent.parent
PROFILES: tuple[str, ...] = get_args(PoseProfile)
TARGETS = {
    "trunk_side_lean_deg": 1.5,
    "trunk_sway_range_deg": 2.0,
    "pelvic_drop_deg": 2.0,
    DROP_WITHOUT: 2.0,
    "step_width_pct_leg": 2.0,
    "cadence_spm": 0.5,
}
GROUPS = ("tuning", "held_out")
FLOOR = {"cadence_spm": 0.1}
ORDER = (
    *TARGETS,
    "hip_sway_pct_leg",
    "foot_from_midline_pct_leg",
    "crossover_pct",
    "knee_window_pct",
    "hip_adduction_deg",
    "shoulder_tilt_deg",
    "arm_out_deg",
    "arm_cross_pct_leg",
    "contact_time_s",
)


def sd_for_intervals(metric: str, out: Outcome) -> float:
    """Root mean square error over clips, widened for how few they are."""
    by_clip: dict[str, list[float]] = {}
    for number in out.numbers:
        if number.metric == metric:
            by_clip.setdefault(number.clip.name, []).append(number.error)
    n = len(by_clip)
    if n < 2:
        return float("nan")
    rms = float(np.sqrt(np.mean([np.mean(np.square(errors)) for errors in by_clip.values()])))
    return max(rms * float(np.sqrt(n / chi2.ppf(0.2, n))), FLOOR.get(metric, 0.0))


def lines() -> Iterator[str]:
    """The file."""
    yield "# From behind and in front: SD over clips of (found - true), in each metric's unit, for each pose profile."
    yield "# Written by tools/measure_rear.py from the rendered clips of the tuning group."
    yield from ("", "[conditions]", "small_person_factor = 1.00", "", "[contact_event_s]")
    for profile in PROFILES:
        errors = np.array(outcome(profile, "tuning").events["contact"])
        yield f"{profile} = {float(np.sqrt(np.mean(errors**2))):.4f}"
    for metric in sorted(ORDER):
        if metric == "crossover_pct":
            continue
        yield from ("", f"[{metric}]")
        yield from (f"{p} = {sd_for_intervals(metric, outcome(p, 'tuning')):.4f}" for p in PROFILES)


def table(profile: str, groups: tuple[str, ...]) -> Iterator[str]:
    """What a person looks at."""
    yield "| measure | clips | bias | SD | MAE | target | n | in interval | SD of the truth | r |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for metric in ORDER:
        for group in groups:
            yield _row(metric, group, [n for n in outcome(profile, group).numbers if n.metric == metric])
    yield ""
    yield "| clips | refused | view wrong | contacts, toe-offs | side wrong | missed | invented | contact | toe-off |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for group in groups:
        out = outcome(profile, group)
        timing = " | ".join(_ms(out.events.get(kind, [])) for kind in ("contact", "toe_off"))
        told = f"{', '.join(out.refused) or '-'} | {', '.join(out.wrong_views) or '-'} | {out.n_steps}"
        yield f"| {_name(group)} | {told} | {out.n_wrong_side} | {out.n_missed} | {out.n_invented} | {timing} |"


def _name(group: str) -> str:
    return group.replace("_", " ")


def _ms(errors: list[float]) -> str:
    return f"{1000 * np.mean(errors):+.0f} ms, SD {1000 * np.std(errors):.0f}" if errors else "-"


def _row(metric: str, group: str, numbers: list[Found]) -> str:
    if len(numbers) < 2:
        return f"| {metric} | {_name(group)} | - | - | - | - | {len(numbers)} | - | - | - |"
    errors = np.array([n.error for n in numbers])
    stated = [n for n in numbers if n.uncertainty is not None]
    held = sum(abs(n.error) <= (n.uncertainty or 0.0) for n in stated)
    digits = 3 if metric.endswith("_s") else 2
    target = f"{TARGETS[metric]:g}" if metric in TARGETS else "-"
    sizes = f"{errors.mean():+.{digits}f} | {errors.std(ddof=1):.{digits}f} | {np.abs(errors).mean():.{digits}f}"
    share = f"{100 * held / len(stated):.0f} %" if stated else "-"
    true = np.array([n.true for n in numbers])
    follows = f"{true.std(ddof=1):.{digits}f} | {np.corrcoef(true, true + errors)[0, 1]:.2f}"
    return f"| {metric} | {_name(group)} | {sizes} | {target} | {len(errors)} | {share} | {follows} |"


HEAD = """# How accurate is the view from behind and in front?

Printed by `python tools/measure_rear.py --document` from {n} rendered clips made by
`python tools/render_clips.py --rear`: {tuning} for tuning, {held_out} held out (not looked at while anything was
tuned). {rear} are from behind, {front} from in front; in {travels} of them the runner goes away or comes nearer, in
the others runs on a treadmill. Pelvic drop, trunk lean, sway, step width and arms were drawn independently of one
another. The truth is the rendered skeleton; a rendered body is no real one, so these errors are the least to expect.
Error = found less true, of the number a reader sees for a clip and side. r: how far what is found follows the truth
from clip to clip; a number that hardly does, or whose truth hardly varies, says little about one runner against
another however small its error.

{stands} of the clips begin with quiet standing, of bodies whose pelvis is {low:+.1f} to {high:+.1f} degrees out of
level at rest, before cameras rolled by up to 2.5 degrees. The true drop there is less that tilt. `pelvic_drop_deg` is
of these clips with their standing; `pelvic_drop_without_standing_deg` is of all clips as if nobody had stood, the mean
tilt over the strides taken as level. Standing was missed in: {missed}.

`trunk_sway_range_deg` and the pelvis come from all joints by weights that `tools/train_pelvis.py` learned of other
bodies. `crossover_pct` jumps between 0 and 100 where feet land close to the midline; there none is given (n). Neither
it nor `knee_window_pct` is judged against a range.
"""


VIEWS = f"""What recognition says, with the `{views.PROFILE}` search. An error's name stands where a clip is refused."""


def document() -> Iterator[str]:
    """The whole page."""
    told = clips()
    yield from HEAD.format(
        n=len(told),
        tuning=len(clips("tuning")),
        held_out=len(clips("held_out")),
        rear=sum(c.truth["view"] == "rear" for c in told),
        front=sum(c.truth["view"] == "front" for c in told),
        travels=sum(c.truth["conditions"]["travels"] for c in told),
        stands=sum(stands(c) for c in told),
        low=min(own_tilt_deg(c) for c in told),
        high=max(own_tilt_deg(c) for c in told),
        missed=", ".join(name for g in GROUPS for name in outcome("balanced", g).standing_missed) or "none",
    ).splitlines()
    for profile in PROFILES:
        yield from ("", f"## Pose profile `{profile}`", "")
        yield from table(profile, GROUPS)
    yield from ("", "## From which side", "", VIEWS, "")
    yield from views.lines()


def main() -> int:
    """Print, and write where asked; 2 where there are no clips."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write formcheck/accuracy_rear.toml")
    parser.add_argument("--document", action="store_true", help="both halves, into docs/accuracy_rear.md")
    parser.add_argument("--profile", choices=PROFILES, default="balanced")
    args = parser.parse_args()
    problem = why_absent()
    if problem:
        print(problem, file=sys.stderr)
        return 2
    if args.write:
        (ROOT / "formcheck" / "accuracy_rear.toml").write_text("\n".join(lines()) + "\n", encoding="utf-8")
    told = list(document()) if args.document else list(table(args.profile, ("tuning",)))
    print("\n".join(told))
    if args.document:
        (ROOT / "docs" / "accuracy_rear.md").write_text("\n".join(told) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
