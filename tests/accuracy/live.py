"""Counting and correcting aloud, on rendered exercises with exact truth: ``python -m tests.accuracy.live [--write]``.

The landmarks that the network found in a clip are handed to a session one look after the other, as a camera would; the
session cannot see ahead. What it says is held against when the repetitions truly ended, and against which numbers of
the drawn body were truly outside their ranges.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from formcheck.analysis import Options
from formcheck.cards import load_cards
from formcheck.live.coach import Remark
from formcheck.live.session import Session, coached
from formcheck.pose import Person
from formcheck.records import InputError, PoseTrack

from . import exercises
from .exercise_truths import TRUTHS
from .poses import pose_of

DOCUMENT = Path(__file__).parents[2] / "docs" / "accuracy_live.md"
LIVE_HZ = 10.0
"""Looks a second at most; a laptop of two cores does as many."""
END_S = 60.0


class _Found:
    """Stands where the network would: everything has been found."""

    def describe(self) -> str:
        return "recorded"

    def find(self, image_rgb: object) -> list[Person]:
        raise AssertionError("people are handed on as they were found")

    def close(self) -> None: ...


@dataclass
class Set:
    """What was said during one clip."""

    clip: exercises.Clip
    said: list[tuple[float, Remark]] = field(default_factory=list)
    at_the_end: int = 0
    """Repetitions of the analysis of all of it."""

    @property
    def counted_s(self) -> list[float]:
        """When each number was said."""
        return [time_s for time_s, remark in self.said if remark.kind == "count"]

    @property
    def counted(self) -> int:
        """The last number that was said."""
        return max((int(remark.words.en) for _, remark in self.said if remark.kind == "count"), default=0)

    @property
    def true(self) -> int:
        """Whole repetitions of the clip."""
        return len(self.clip.whole_reps)

    @property
    def late_s(self) -> list[float]:
        """How long after its true end each repetition was counted, where the numbers agree."""
        ends = sorted(rep["end_s"] for rep in self.clip.whole_reps)
        return [t - end for t, end in zip(self.counted_s, ends, strict=False)] if self.counted == self.true else []

    @property
    def faults(self) -> list[str]:
        """The metrics of the faults that were called out, in order."""
        return [remark.metric for _, remark in self.said if remark.kind == "fault"]

    def is_true(self, metric: str) -> bool | None:
        """Whether the drawn body was outside that range in any repetition; None where nobody knows."""
        range_, true_of = load_cards()[metric].range, TRUTHS.get(metric)
        assert range_ is not None
        if true_of is None:
            return None if self.clip.truth["faults"] else False
        values = [true_of(at) for at in exercises.moments(self.clip)]
        known = [value for value in values if math.isfinite(value)]
        return any(range_.margin(value) < 0 for value in known) if known else None


def people_of(pose: PoseTrack, i: int) -> list[Person]:
    """The person of one look of a track, as a finder would give them."""
    if not np.isfinite(pose.xy_px[i]).any():
        return []
    outline = pose.outline_qpx[i]
    line = None if (outline == -1).all() else outline.astype(np.float32) / 4
    return [Person(pose.xy_px[i].astype(np.float32), pose.visibility[i].astype(np.float32), line)]


def heard(clip: exercises.Clip) -> Set:
    """The clip played to a session."""
    pose = pose_of(exercises.folder(), clip.video, exercises.PROFILE, str(clip.truth["spec_hash"]), workers=1)
    mode = clip.truth.get("mode") or "auto"
    session = Session(Options(activity=clip.activity, mode=mode if mode in ("gentle", "full") else "auto"), _Found())
    out, next_s = Set(clip), -math.inf
    for i, time_s in enumerate(pose.time_s):
        if time_s < next_s or time_s > END_S:
            continue
        next_s = time_s + 0.6 / LIVE_HZ  # looks are not evenly spread
        seen = session.follow(people_of(pose, i), float(time_s), pose.width_px, pose.height_px)
        out.said += [(float(time_s), remark) for remark in seen.say if remark.metric or remark.kind != "fault"]
    analysis = session.end()
    out.at_the_end = 0 if analysis is None else sum(rep.complete for rep in analysis.reps)
    return out


@cache
def sets(group: str) -> tuple[Set, ...]:
    """All clips of a group that show an exercise which can be coached."""
    out = []
    for clip in exercises.clips(group):
        if clip.activity in coached():
            try:
                out.append(heard(clip))
            except InputError as error:
                if error.code != "no_person":
                    raise
    return tuple(out)


# ----------------------------------------------------------------------------------------------------------- tables


def document() -> Iterator[str]:
    """The whole document, line by line."""
    yield "# Counting and correcting while somebody moves"
    yield ""
    yield "Written by `python -m tests.accuracy.live --write`. Rendered exercises, landmarks found by the product's own"
    yield f"network, some {LIVE_HZ:.0f} looks a second, handed on one after the other; a true repetition ends when the"
    yield "drawn body is back at rest. Held-out clips have bodies of their own."
    yield ""
    yield "## Counting"
    yield ""
    yield "| activity | view | group | clips | true | said | counted right | as at the end | late s, median | 95 % |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for key, found in _by_kind(counting=True).items():
        late = np.array([late for one in found for late in one.late_s])
        right = sum(one.counted == one.true for one in found)
        same = sum(one.counted == one.at_the_end for one in found)
        times = f"{np.median(late):.1f} | {np.percentile(late, 95):.1f}" if len(late) else "- | -"
        n = len(found)
        yield (
            f"| {' | '.join(key)} | {n} | {sum(one.true for one in found)} | {sum(one.counted for one in found)} "
            f"| {right} of {n} | {same} of {n} | {times} |"
        )
    yield ""
    yield "## Correcting"
    yield ""
    yield "A remark is wrong where the drawn body was inside that range in every repetition. A clip's fault is what"
    yield "it was drawn for; it counts as heard where any true fault was said."
    yield ""
    yield "| activity | view | group | clips with a fault that can be said | heard | remarks | of them wrong |"
    yield "|---|---|---|---|---|---|---|"
    for key, found in _by_kind(counting=False).items():
        with_fault = [one for one in found if _true_faults(one)]
        hit = sum(bool(set(one.faults) & _true_faults(one)) for one in with_fault)
        remarks = [(one, metric) for one in found for metric in one.faults]
        wrong = sum(one.is_true(metric) is False for one, metric in remarks)
        yield f"| {' | '.join(key)} | {len(with_fault)} | {hit} | {len(remarks)} | {wrong} |"


def _true_faults(one: Set) -> set[str]:
    from formcheck.live.coach import cued

    drawn = exercises.FAULTS.get((one.clip.activity, one.clip.view), {})
    wanted = {metric for fault in one.clip.truth["faults"] for metric in drawn.get(fault, ())}
    return {metric for metric in wanted & set(cued(one.clip.activity)) if one.is_true(metric)}


def _by_kind(counting: bool) -> dict[tuple[str, str, str], list[Set]]:
    out: dict[tuple[str, str, str], list[Set]] = {}
    for group in ("tuning", "held_out"):
        for one in sets(group):
            if one.clip.whole_reps or not counting:
                out.setdefault((one.clip.activity, one.clip.view, one.clip.group), []).append(one)
    return out


def wrong_remarks(group: str) -> list[str]:
    """Clip and metric of every wrong remark, for whoever looks into it."""
    return [
        f"{one.clip.name}: {metric}"
        for one in sets(group)
        for metric in dict.fromkeys(one.faults)
        if one.is_true(metric) is False
    ]


def main() -> int:
    """The command."""
    import sys

    why = exercises.why_absent()
    if why:
        print(why, file=sys.stderr)
        return 2
    lines = list(document())
    print("\n".join(lines))
    print("\nwrong (tuning):", *wrong_remarks("tuning"), sep="\n  ")
    if "--write" in sys.argv:
        DOCUMENT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    import sys

    sys.exit(main())
