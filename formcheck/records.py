"""The read-only records that flow from one step to the next.

Conventions, stated once and kept everywhere:

* Positions are pixels of the upright picture: x to the right, y down. Never MediaPipe's 0..1, in which
  angles are wrong unless the picture is square.
* Times are seconds of real time from the clip's first frame, taken from the container's timestamps with
  slow motion undone. Never frame numbers, never ``i / fps``.
* NaN means "not seen". Zero is a number. Nothing is filled in before ``signals.py``.
* Angles are degrees; the sign is in the docstring of whatever makes them.
* Left and right are the person's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from formcheck.skeleton import Side

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

Facing = Literal["left", "right", "away", "camera", "unknown"]
View = Literal["side", "rear", "front", "oblique", "unknown"]
PoseProfile = Literal["fast", "balanced", "accurate"]
"""How much the search for the body may cost: see ``pose_search.PROFILES``."""
EventKind = Literal["contact", "toe_off", "rep_start", "rep_top", "rep_end", "hold_start", "hold_end"]
MomentKind = Literal["contact", "midstance", "toe_off", "rep_start", "rep_top", "rep_end", "hold", "best", "worst"]
Status = Literal["ok", "low_confidence", "not_measurable"]
Level = Literal["good", "watch", "act", "unknown"]
Basis = Literal["measured", "consensus", "house"]
Mode = Literal["gentle", "full"]
"""How high a hip lift goes: the pelvis just off the floor, or shoulder, hip and knee in line."""


class InputError(Exception):
    """The input cannot be analysed. ``code`` names the sentence in ``texts.toml``; details fill it in."""

    def __init__(self, code: str, **details: str | int | float) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details


class Stopped(Exception):  # noqa: N818  (not an error: someone pressed stop)
    """The user asked to stop; whatever was half-written has been removed."""


@dataclass(frozen=True)
class Note:
    """Something a reader should know about the clip: a code of ``texts.toml`` and what fills it in."""

    code: str
    details: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True)
class Subject:
    """What the user told us about the person and the clip; None where they did not."""

    height_cm: float | None = None
    belt_speed_mps: float | None = None
    mode: Mode | None = None
    """Which of an exercise's modes was meant; None: told from what was done."""
    pain: float | None = None
    """How much it hurt in this movement, 0 (not at all) to 10; None: not asked."""


@dataclass(frozen=True)
class Answers:
    """What a person said about age, pain, danger signs and training; the words are those of guidance/questions.toml."""

    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Options chosen, by question; empty where the answer was "none of these"."""
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class VideoFacts:
    """The clip as it was filmed, upright."""

    name: str
    width_px: int
    height_px: int
    n_frames: int
    duration_s: float
    """Real time, slow motion undone."""
    frame_rate_hz: float
    """Frames per second of real time."""
    variable_frame_rate: bool
    slow_motion: float
    """How many times slower than life the file plays; 1 for an ordinary clip."""
    filmed_on: str | None = None
    """The day the file says it was recorded on, as "2026-05-01"; None where it does not say."""


@dataclass(frozen=True)
class Motion:
    """What went up and came down in the pictures themselves, where no body could be followed (``to_and_fro.py``)."""

    time_s: FloatArray
    """(k,) strictly increasing, real time."""
    travel: FloatArray
    """(k,) how far up, shares of the picture's longer side; NaN where it was no such movement."""


@dataclass(frozen=True)
class PoseTrack:
    """Raw landmarks of the one chosen person; nothing smoothed, nothing filled."""

    time_s: FloatArray
    """(n,) strictly increasing: the pictures looked at."""
    xy_px: FloatArray
    """(n, 33, 2); NaN rows where no person was found."""
    visibility: FloatArray
    """(n, 33) in 0..1; NaN where no person was found."""
    width_px: int
    height_px: int
    outline_qpx: npt.NDArray[np.int16]
    """(n, m, 2) closed outline of the person's mask in quarter pixels, evenly spaced; -1: none."""
    finder: str
    """Which pose finder and model made it."""
    person: int = 1
    """Which person was followed, counting from the most likely one."""
    n_people: int = 1
    """How many people were seen for long."""
    cuts_s: tuple[float, ...] = ()
    """Begin and end of every cut or cross-fade of an edited clip."""
    camera: Literal["static", "moving"] = "static"
    frame_rate_hz: float | None = None
    """Of the camera in real time, where the network looked at some of its pictures only or some repeat others; None: it
    looked at all."""
    motion: Motion | None = None
    """Of the pictures themselves, where the body could not be followed and nothing else is told; else None."""

    def between(self, start_s: float, end_s: float) -> PoseTrack:
        """The pictures from ``start_s`` to before ``end_s``; times stay those of the clip."""
        inside = (self.time_s >= start_s) & (self.time_s < end_s)
        return replace(
            self,
            time_s=self.time_s[inside],
            xy_px=self.xy_px[inside],
            visibility=self.visibility[inside],
            outline_qpx=self.outline_qpx[inside],
        )


@dataclass(frozen=True)
class BackAtRest:
    """The back in quiet standing (``back_at_rest.py``): lumbar extension against its mean over the stride, degrees."""

    usual_deg: float
    """As the person stands by themselves."""
    flattest_deg: float | None = None
    most_arched_deg: float | None = None
    """Held on purpose; None where nobody arched or flattened."""


@dataclass(frozen=True)
class BackOverTime:
    """Lumbar extension with a cycle of its own for each stretch of a long clip (``back_over_time.py``)."""

    edges_s: FloatArray
    """(b + 1,) where the stretches begin and end."""
    lumbar_deg: FloatArray
    """(m,) about its mean over the stride; NaN in stretches that tell nothing."""
    errors_deg: FloatArray
    """(e, m) independent errors of it, each one SD: together they are what the looks scatter by."""


def stretch_of(edges_s: FloatArray, times_s: FloatArray) -> npt.NDArray[np.intp]:
    """(n,) which of the b stretches between ``edges_s`` (b + 1,) each time is in; outside, the first or the last."""
    return np.clip(np.searchsorted(edges_s, times_s, side="right") - 1, 0, len(edges_s) - 2)


@dataclass(frozen=True)
class Back:
    """What the outline of the back was good for (``lumbar.py``)."""

    reason: Note | None = None
    """Why it tells nothing; None where it does."""
    n_looks: int = 0
    """Looks at which enough of it was seen."""
    scatter_deg: float | None = None
    """Robust SD of lumbar extension at single looks about the runner's own cycle."""
    at_rest: BackAtRest | None = None
    """The same person's back in standing; None where none was seen, or its outline tells nothing."""
    halves_deg: tuple[FloatArray, ...] = field(default=(), repr=False, compare=False)
    """(m,) each: lumbar extension about its mean as the back and as the front tell it, as far as each was seen. What
    they differ by tells how sure their mean is."""
    steady: tuple[bool, ...] = ()
    """Which of these agree from look to look: their mean is what is told."""
    over_time: BackOverTime | None = field(default=None, repr=False, compare=False)
    """None for clips below two minutes."""


@dataclass(frozen=True)
class Signals:
    """Evenly timed, repaired and zero-lag filtered tracks of one person."""

    time_s: FloatArray
    """(m,) evenly spaced at ``rate_hz``."""
    rate_hz: float
    """Rate of this grid; never below the camera's own."""
    frame_rate_hz: float
    """Rate of the camera in real time: what limits events and filters."""
    xy_px: FloatArray
    """(m, 33, 2) in pixels of the upright picture; NaN in gaps too long to bridge."""
    visibility: FloatArray
    """(m, 33)."""
    doubtful: BoolArray
    """(m, 2) True where the left, the right leg was bridged for more than a frame: a stride with much of it is
    not counted."""
    facing: Facing
    near_side: Side
    level_deg: float
    """Turn of the phone, running-forward end up +; already taken out of all angles."""
    leg_length_px: float
    """Hip to knee to ankle, near side, median over the clip."""
    stride_rate_hz: float | None
    """Strides a second from the swing of the legs alone, for checking events; None where they do not swing in turn."""
    gait: Literal["running", "walking", "unknown"]
    """By the height of the hips: runners are lowest with the legs together, walkers with the legs apart."""
    finder: str
    """Which pose finder and network the landmarks are from."""
    n_exchanges: int
    n_jumps: int
    n_gaps: int
    pose_rate: float
    """Share of the frames in which the person was found, 0..1."""
    camera: Literal["static", "moving"]
    series: Mapping[str, FloatArray]
    """Every derived series, each (m,), each name ending in its unit."""
    yaw_deg: float = 0.0
    """How far the camera seems to have walked around the runner, toward the front +; 0 when square or unknown."""
    back: Back | None = None
    """What the back's outline was good for; None where nobody looked at it."""


@dataclass(frozen=True)
class Event:
    """A moment. ``clean`` is False where the tracks around it were repaired or hardly seen."""

    kind: EventKind
    side: Side | None
    time_s: float
    clean: bool = True


@dataclass(frozen=True)
class Stride:
    """One foot's contact to its next contact."""

    side: Side
    contact_s: float
    toe_off_s: float
    next_contact_s: float
    clean: bool


@dataclass(frozen=True)
class Repetition:
    """One repetition of an exercise: out of the rest position, to the far end of the movement and back."""

    side: Side | None
    start_s: float
    top_s: float
    """When the movement was at its far end: highest, deepest, widest."""
    end_s: float
    """NaN where the clip ends before."""
    hold_start_s: float = float("nan")
    hold_end_s: float = float("nan")
    """The stretch around ``top_s`` in which the body kept still; NaN where it did not."""
    complete: bool = True
    """False where the clip's beginning or end cuts it."""
    clean: bool = True


@dataclass(frozen=True)
class Hold:
    """A stretch in which a position was kept."""

    side: Side | None
    start_s: float
    end_s: float
    complete: bool = True
    """False where the clip's beginning or end cuts it."""
    clean: bool = True


@dataclass(frozen=True)
class Standing:
    """Quiet standing of the same person, filmed from the same side: what is theirs at rest (``standing.py``)."""

    pose: PoseTrack
    """Its looks only; times are those of the clip it is in."""
    view: View
    clip: str | None = None
    """Name of the clip that was given for it; None: it was found in the analysed clip itself."""

    @property
    def start_s(self) -> float:
        """When it begins."""
        return float(self.pose.time_s[0])

    @property
    def end_s(self) -> float:
        """When it ends."""
        return float(self.pose.time_s[-1])


@dataclass(frozen=True)
class Recording:
    """All that a metric may look at."""

    signals: Signals
    events: tuple[Event, ...]
    strides: tuple[Stride, ...]
    subject: Subject
    activity: str = "running"
    view: View = "side"
    reps: tuple[Repetition, ...] = ()
    holds: tuple[Hold, ...] = ()
    standing: Standing | None = None
    """The same person at rest; None where they were not seen standing quietly."""


@dataclass(frozen=True)
class Segment:
    """A measurement over one stretch of a long clip."""

    metric: str
    side: Side | None
    unit: str
    start_s: float
    end_s: float
    value: float | None
    """Median over the strides begun in it; None where there were too few."""
    uncertainty: float | None
    """Half-width of the 95 % interval against the clip's other stretches: errors they share are not in it."""
    n: int


@dataclass(frozen=True)
class Measurement:
    """One number a person should read, or the reason why there is none."""

    metric: str
    side: Side | None
    unit: str
    value: float | str | None
    spread: float | None = None
    """SD over strides or repetitions."""
    n: int = 0
    uncertainty: float | None = None
    """Half-width of the 95 % interval of ``value``, in ``unit``."""
    status: Status = "ok"
    reason: Note | None = None
    """Why there is no number, or why it deserves less trust."""
    values: tuple[float, ...] = ()
    times_s: tuple[float, ...] = ()
    probabilities: Mapping[str, float] = field(default_factory=dict)
    """For classes: how likely each one is."""
    stretches: tuple[Segment, ...] = ()
    """Of a long clip, for what is told from all strides together: the same from those of each stretch."""
    may_wander: float = 0.0
    """SD, in ``unit``, of what may be wrong with one stretch and not with another, beyond what strides scatter by."""


@dataclass(frozen=True)
class Comparison:
    """How a measurement differs: left less right, from stride to stride (SD), or per minute of the clip."""

    kind: Literal["asymmetry", "variability", "drift"]
    metric: str
    side: Side | None
    unit: str
    """Of ``value``; a drift's is this per minute."""
    value: float | None
    uncertainty: float | None
    """Half-width of the 95 % interval."""
    n: int
    status: Status = "ok"
    reason: Note | None = None
    span_s: float | None = None
    """Of a drift: first stride to last."""


@dataclass(frozen=True)
class Finding:
    """A measurement held against the range on its card: keys and numbers, no words."""

    metric: str
    side: Side | None
    level: Level
    direction: Literal["below", "within", "above", "unknown"]
    low: float | None
    high: float | None
    basis: Basis
    sources: tuple[str, ...]
    time_s: float | None
    """A moment of the clip at which it can be seen."""


@dataclass(frozen=True)
class KeyMoment:
    """A picture worth looking at."""

    kind: MomentKind
    side: Side | None
    time_s: float
    n: int | None = None
    """Which repetition, from 1; None where there is one such moment only."""

    @property
    def id(self) -> str:
        """Its name among the clip's moments, e.g. "contact_right", "rep_top_3"."""
        return "_".join(str(part) for part in (self.kind, self.side, self.n) if part is not None)


@dataclass(frozen=True)
class Analysis:
    """Everything found out about one clip."""

    activity: str
    view: View
    video: VideoFacts
    subject: Subject
    pose: PoseTrack
    signals: Signals
    events: tuple[Event, ...]
    strides: tuple[Stride, ...]
    measurements: tuple[Measurement, ...]
    comparisons: tuple[Comparison, ...]
    findings: tuple[Finding, ...]
    key_moments: tuple[KeyMoment, ...]
    warnings: tuple[Note, ...]
    made_with: Mapping[str, str]
    segments: tuple[Segment, ...] = ()
    """Of a clip of two minutes or more: every number over equal stretches of time."""
    answers: Answers | None = None
    """What the person said in the safety check; None where none was made."""
    blur_face: bool = False
    """Whether the face is hidden in every picture made of it."""
    reps: tuple[Repetition, ...] = ()
    holds: tuple[Hold, ...] = ()
    standing: Standing | None = None
    """Quiet standing that numbers were held against; None where none was seen, or none is needed."""
