"""Contacts and toe-offs found on real clips against those marked by eye: ``python -m tests.accuracy.marks``.

``marks/README.md`` tells how they were marked. The clips are read from ``<parent of this project>/shared/clips``; the
environment variable ``FORMCHECK_CLIPS`` names another folder. Nothing here copies or keeps anything of them.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from formcheck.analysis import Options, analyze_video
from formcheck.events import detect_events
from formcheck.pose import Person
from formcheck.pose_search import PROFILES, Request, search
from formcheck.records import Event, EventKind, FloatArray, InputError, PoseProfile, PoseTrack
from formcheck.signals import build_signals
from formcheck.skeleton import Side
from formcheck.video import check_readable

from .compare import END_S

MARKS = Path(__file__).with_name("marks")
KINDS: tuple[EventKind, ...] = ("contact", "toe_off")
SAME_EVENT_S = 0.1
STRETCH_GAP_S = 1.0
"""Marks further apart than this belong to stretches of their own: in between nothing was marked."""
AROUND_S = 1.0
"""So much of the clip around the marks is looked at where the product itself refuses the clip."""


@dataclass(frozen=True)
class Clip:
    """A clip of which there are marks."""

    name: str
    what: str
    slow_motion: float = 1.0
    """How many times slower than life it plays, told to the product."""
    from_s: float = 0.0
    """As played; what was marked before plays at another speed and is left out."""

    @property
    def video(self) -> Path:
        """The clip itself."""
        named = os.environ.get("FORMCHECK_CLIPS")
        clips = Path(named) if named else Path(__file__).resolve().parents[3] / "shared" / "clips"
        return clips / f"{self.name}.mp4"


CLIPS = (
    Clip("tm_movup_goodbad", "treadmill, 25 frames/s with uneven steps, trunk bending, then good"),
    Clip("tm_mhuang_slowmo", "treadmill, small, some 9 times slow", slow_motion=9.0),
    Clip("tm_lf_tutorial", "treadmill, one jog of 4 s in an edited clip"),
    Clip("og_pd_road", "road, camera follows, half speed", slow_motion=2.0),
    Clip("og_s2d_demo3", "grass, one short pass"),
    Clip(
        "og_bf_sprint", "track, screen recording, the part that plays some 3.5 times slow", slow_motion=3.5, from_s=2.2
    ),
    Clip("wk_s2d_demo4", "walking"),
    Clip("fr_jk_inplace", "running on the spot, from in front"),
)


@dataclass(frozen=True)
class Mark:
    """One moment, marked twice. Frames count from 0; ``time_s`` as played, after the clip's first frame."""

    frame: int
    time_s: float
    side: Side
    near: bool
    kind: EventKind
    uncertainty_frames: float
    second_frame: int


@dataclass(frozen=True)
class Moment:
    """A mark in real time: the middle between the marked frame and the one before, both marks averaged."""

    time_s: float
    side: Side
    near: bool
    kind: EventKind


@dataclass(frozen=True)
class Found:
    """What the product made of a clip, real times."""

    events: tuple[Event, ...]
    refusal: str | None = None
    """Code of the product's refusal; the events are then the detector's on the pose around the marks, none where the
    clip is not from the side."""


@dataclass(frozen=True)
class Held:
    """Found moments of one clip against the marked ones."""

    errors: tuple[tuple[Moment, float], ...]
    """Found less marked, seconds of real time."""
    missed: tuple[Moment, ...]
    invented: tuple[Event, ...]


def read_marks(clip: Clip) -> tuple[Mark, ...]:
    """The marks of one clip in the order of their time."""
    with (MARKS / f"{clip.name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_mark(row) for row in csv.DictReader(file))


def _mark(row: dict[str, str]) -> Mark:
    return Mark(
        frame=int(row["frame"]),
        time_s=float(row["time_s"]),
        side=cast(Side, row["side"]),
        near=row["near"] == "yes",
        kind=cast(EventKind, row["kind"]),
        uncertainty_frames=float(row["uncertainty_frames"]),
        second_frame=int(row["second_frame"]),
    )


def why_absent() -> str | None:
    """What to tell where the clips are not there; None where they are."""
    missing = [clip.name for clip in CLIPS if not clip.video.is_file()]
    return f"no real clips ({', '.join(missing)}) in {CLIPS[0].video.parent} (set FORMCHECK_CLIPS)" if missing else None


# --------------------------------------------------------------------------------------------------- comparing


def moments(clip: Clip) -> tuple[Moment, ...]:
    """When the marked things happened, in real time; as with the plates, not so close to the clip's ends."""
    times = check_readable(clip.video).times.time_s / clip.slow_motion
    between = np.concatenate([times[:1], (times[1:] + times[:-1]) / 2])
    all_of_them = (
        Moment(float(between[[mark.frame, mark.second_frame]].mean()), mark.side, mark.near, mark.kind)
        for mark in read_marks(clip)
        if mark.time_s >= clip.from_s
    )
    return tuple(moment for moment in all_of_them if times[0] + END_S < moment.time_s < times[-1] - END_S)


@cache
def found(clip: Clip, profile: PoseProfile = "balanced") -> Found:
    """The product's events; where it refuses the clip, the detector's on the pose of the marked stretches."""
    try:
        return Found(analyze_video(clip.video, Options(slow_motion=clip.slow_motion, pose=profile)).events)
    except InputError as error:
        if error.code == "not_side_view":
            return Found((), refusal=error.code)
        request = Request(profile, slow_motion=clip.slow_motion)
        pose, _ = search(clip.video, check_readable(clip.video), request, _Nobody())
        events = [event for span in _spans(moments(clip)) for event in _events_in(pose, *span)]
        return Found(tuple(events), refusal=error.code)


class _Nobody:
    """Follows a search without a word."""

    def check(self) -> None: ...

    def progress(self, share: float) -> None: ...

    def show(self, time_s: float, image: npt.NDArray[np.uint8], people: Iterable[Person] = ()) -> None: ...


def _events_in(pose: PoseTrack, start_s: float, end_s: float) -> tuple[Event, ...]:
    kept = (pose.time_s >= start_s - AROUND_S) & (pose.time_s <= end_s + AROUND_S)
    part = replace(
        pose,
        time_s=pose.time_s[kept],
        xy_px=pose.xy_px[kept],
        visibility=pose.visibility[kept],
        outline_qpx=pose.outline_qpx[kept],
    )
    try:
        return detect_events(build_signals(part))
    except InputError:
        return ()


def _spans(marked: Sequence[Moment]) -> list[tuple[float, float]]:
    """Start and end of each stretch in which everything was marked."""
    times = sorted(moment.time_s for moment in marked)
    breaks = [(a, b) for a, b in pairwise(times) if b - a > STRETCH_GAP_S]
    return list(zip([times[0], *(b for _, b in breaks)], [*(a for a, _ in breaks), times[-1]], strict=True))


def held(marked: Sequence[Moment], events: Iterable[Event]) -> Held:
    """Each mark with the nearest event of its foot and kind, if that is the same moment.

    Invented: an event inside a marked stretch that is no mark's.
    """
    events = tuple(events)
    errors, missed = [], []
    for moment in marked:
        apart = np.array([e.time_s - moment.time_s for e in events if (e.side, e.kind) == (moment.side, moment.kind)])
        nearest = apart[np.abs(apart).argmin()] if len(apart) else np.inf
        if abs(nearest) < SAME_EVENT_S:
            errors.append((moment, float(nearest)))
        else:
            missed.append(moment)
    return Held(tuple(errors), tuple(missed), tuple(e for e in events if _is_invented(e, marked)))


def _is_invented(event: Event, marked: Sequence[Moment]) -> bool:
    inside = any(start <= event.time_s <= end for start, end in _spans(marked))
    alike = [m.time_s for m in marked if (m.side, m.kind) == (event.side, event.kind)]
    return inside and all(abs(event.time_s - time_s) >= SAME_EVENT_S for time_s in alike)


def contact_time_errors(result: Held, near: bool) -> FloatArray:
    """Found less marked contact time, seconds, of every stance of which both ends were found."""
    error_of = dict(result.errors)
    errors = []
    for side in ("left", "right"):
        mine = sorted((m for m in error_of if m.side == side and m.near == near), key=lambda m: m.time_s)
        for first, second in pairwise(mine):
            if (first.kind, second.kind) == ("contact", "toe_off") and second.time_s - first.time_s < STRETCH_GAP_S:
                errors.append(error_of[second] - error_of[first])
    return np.array(errors)


# ------------------------------------------------------------------------------------------------------ tables


TITLE = "## Real clips against marks by eye"
HEAD = (
    TITLE
    + """

Marked blind, twice, by one reader: `tests/accuracy/marks/README.md`. Printed by `python -m tests.accuracy.marks`;
setting of the pose search here: {profile}.

* Error = found less marked, in real time; a mark is the middle between the first frame after the moment and the frame
  before. Missed: no event of that foot and kind within 100 ms. Invented: such an event without a mark, inside a marked
  stretch. 0.2 s at either end of a clip left out.
* Whole frames alone scatter by frame length / √12, which stands beside the SD: an SD near it is as good as the marks
  can tell.
* Toe-off was marked where the **last part of the shoe leaves**. Events are found where a **force plate** would feel
  less than 50 N. In a slow jog the tip of the shoe trails on the belt without force for some time: a bias below zero at
  toe-off, and in contact time, is largely that, and differs from runner to runner."""
)


def document_marks(profile: PoseProfile = "balanced", clips: Sequence[Clip] = CLIPS) -> Iterator[str]:
    """The whole section, line by line; each clip is analysed when its table is needed."""
    yield from HEAD.format(profile=profile).splitlines()
    for clip in clips:
        yield from _clip_table(clip, profile)
    yield from _repeatability_table()


def each_event(profile: PoseProfile, clips: Sequence[Clip]) -> Iterator[str]:
    """Every mark and what was made of it, times as played."""
    for clip in clips:
        result = held(moments(clip), found(clip, profile).events)
        lines = [(m, f"{1000 * error:+.0f} ms") for m, error in result.errors]
        lines += [(m, "missed") for m in result.missed] + [(e, "invented") for e in result.invented]
        for what, outcome in sorted(lines, key=lambda line: line[0].time_s):
            yield f"{clip.name} {what.time_s * clip.slow_motion:.3f} s {what.side} {what.kind}: {outcome}"


def _clip_table(clip: Clip, profile: PoseProfile) -> Iterator[str]:
    marked, product = moments(clip), found(clip, profile)
    result = held(marked, product.events)
    frame_ms = 1000 / (check_readable(clip.video).frame_rate_hz * clip.slow_motion)
    scatter_ms = frame_ms / 12**0.5
    yield f"{clip.what[0].upper()}{clip.what[1:]}. Frame {frame_ms:.1f} ms, / √12 = {scatter_ms:.1f} ms."
    yield _said(product)
    if product.refusal == "not_side_view":
        return
    yield from ("", "| moment | foot | marked | found | missed | invented | bias ms | SD ms | MAE ms |")
    yield "|---|---|---|---|---|---|---|---|---|"
    for near in (True, False):
        if any(moment.near == near for moment in marked):
            yield from _rows(marked, result, near)


def _said(product: Found) -> str:
    if product.refusal is None:
        return "Analysed."
    instead = "nothing to compare" if product.refusal == "not_side_view" else "the detector alone on its pose"
    return f"**Refused: `{product.refusal}`**; {instead}."


def _rows(marked: Sequence[Moment], result: Held, near: bool) -> Iterator[str]:
    foot = "near" if near else "far"
    sides = {moment.side for moment in marked if moment.near == near}
    for kind in KINDS:
        errors = np.array([e for m, e in result.errors if m.near == near and m.kind == kind])
        n_marked = sum(m.near == near and m.kind == kind for m in marked)
        n_missed = sum(m.near == near and m.kind == kind for m in result.missed)
        n_invented = sum(e.side in sides and e.kind == kind for e in result.invented)
        yield f"| {kind} | {foot} | {n_marked} | {len(errors)} | {n_missed} | {n_invented} | {_summary(errors)} |"
    times = contact_time_errors(result, near)
    yield f"| contact time | {foot} | | {len(times)} | | | {_summary(times)} |"


def _summary(errors_s: FloatArray) -> str:
    """Bias, SD and mean absolute error in milliseconds."""
    if len(errors_s) == 0:
        return "- | - | -"
    sd = f"{1000 * errors_s.std(ddof=1):.0f}" if len(errors_s) > 1 else "-"
    return f"{1000 * errors_s.mean():+.0f} | {sd} | {1000 * np.abs(errors_s).mean():.0f}"


def second_less_first(clip: Clip, kind: EventKind) -> FloatArray:
    """How many frames later the same moment was marked the second time."""
    return np.array([mark.second_frame - mark.frame for mark in read_marks(clip) if mark.kind == kind], dtype=float)


def _repeatability_table() -> Iterator[str]:
    yield from ("", "### The same moment marked twice", "", "Second mark less first; milliseconds of real time.", "")
    yield "| clip | moment | marks | mean, frames | SD, frames | SD, ms | largest, frames |"
    yield "|---|---|---|---|---|---|---|"
    for clip in CLIPS:
        frame_ms = 1000 / (check_readable(clip.video).frame_rate_hz * clip.slow_motion)
        for kind in KINDS:
            apart = second_less_first(clip, kind)
            sd = apart.std(ddof=1)
            numbers = f"{apart.mean():+.2f} | {sd:.2f} | {sd * frame_ms:.0f} | {np.abs(apart).max():.0f}"
            yield f"| {clip.name} | {kind} | {len(apart)} | {numbers} |"


def main() -> int:
    """Print the tables; 2 where the clips are not there."""
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy.marks", description=__doc__)
    parser.add_argument("clips", nargs="*", help="names of clips; all when none is given")
    parser.add_argument("--pose", choices=list(PROFILES), default="balanced", help="the product's setting")
    parser.add_argument("--events", action="store_true", help="list every mark and what was made of it")
    arguments = parser.parse_args()
    problem = why_absent()
    if problem:
        print(problem, file=sys.stderr)
        return 2
    clips = [clip for clip in CLIPS if not arguments.clips or clip.name in arguments.clips]
    for line in document_marks(arguments.pose, clips):
        print(line, flush=True)
    if arguments.events:
        print(*each_event(arguments.pose, clips), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
