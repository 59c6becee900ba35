"""One set in front of a camera: pictures in, the body and what to say out.

session = Session(Options(activity="hip_lift"))
seen = session.look(picture, time_s)      # as often as there is time
analysis = session.end()                  # what a clip of it would have told
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from formcheck.activities.card import load_activity_cards
from formcheck.activities.danger import ruled_out_for
from formcheck.analysis import Options, analyze_pose
from formcheck.guidance.safety import SafetyRule
from formcheck.live.coach import HOLD_WINDOW_S, Coach, Remark, cued
from formcheck.live.record import CAMERA_HZ, LiveRecord
from formcheck.pose import Person, PoseFinder
from formcheck.pose.mediapipe_pose import MediaPipePose, MediaPipeSettings
from formcheck.pose_search import PROFILES
from formcheck.records import Analysis, InputError, VideoFacts
from formcheck.texts import sentence

LISTENS_EVERY_S = 0.5
"""So often everything seen so far is analysed anew: 0.02 s of work in the first minute, 0.1 s in the fourth."""
LONGEST_S, LEAST_APART_S = 300.0, 1 / 30
"""Pictures that come sooner than the second are not looked at."""
FEWEST_LOOKS = 8
UNSEEN_S, REMINDS_EVERY_S = 2.5, 12.0
"""Nobody in the picture for the first is told, no more often than the second."""
LEAST_HZ = 7.0
"""Fewer looks a second miss repetitions: at 5, one in ten of those on one leg and in the bird dog."""
_JUDGED_FROM_S, _RATE_OVER_S = 3.0, 10.0
PUZZLED_S = 8.0
_ON_THE_WAY = ("no_repetitions", "no_person", "hardly_seen", "too_few_frames", "too_short")
"""No problem, but nothing yet: somebody on the way to the mat."""


@dataclass(frozen=True)
class Seen:
    """What came of one picture."""

    person: Person | None
    """In pixels of the picture; None where nobody is there."""
    count: int
    held_s: float
    say: tuple[Remark, ...]
    unseen: bool
    """Nobody has been there for some time."""
    problem: InputError | None
    """Why nothing can be counted, where that has been so for some time."""
    slow: bool
    """Fewer looks a second than it takes."""
    over: Literal["", "time", "turned"]
    """Why nothing more is looked at: the longest time is over, or the camera was turned in the middle of a set."""


def coached() -> tuple[str, ...]:
    """The activities that can be coached: those with a fault that can be said aloud."""
    return tuple(activity for activity in load_activity_cards() if cued(activity))


def ruled_out(options: Options) -> SafetyRule | None:
    """The rule by which the person's answers rule the exercise out; None where they do not."""
    notes = [] if options.mode == "auto" else [f"{options.activity}_{options.mode}_chosen"]
    return ruled_out_for(options.activity, notes, options.answers)


class Session:
    """One set. Raises InputError ``model_missing`` or ``model_damaged``, and ``unknown_activity`` for others than
    ``coached()``.
    """

    def __init__(self, options: Options, finder: PoseFinder | None = None) -> None:
        if options.activity not in coached():
            raise InputError("unknown_activity", name=options.activity)
        self._options = options
        self._is_hold = load_activity_cards()[options.activity].is_hold
        self._finder = finder or MediaPipePose(MediaPipeSettings(PROFILES["balanced"].network))
        self._record: LiveRecord | None = None
        self._coach = Coach()
        self._told: Seen | None = None
        self._size_px = 0, 0
        self._began_s = self._last_s = 0.0
        self._listened_s = self._reminded_s = -np.inf
        self._problem: tuple[float, InputError] | None = None
        """Since when it has not been clear what is done, and why."""

    def look(self, image_rgb: npt.NDArray[np.uint8], time_s: float) -> Seen:
        """The next picture (h, w, 3), taken at ``time_s`` on any clock that only goes forward.

        A picture of another size begins the set anew while nothing has been counted, as of a phone that is propped up
        after the start; later it ends the set. Raises ValueError for a time that is none or earlier than the last.
        """
        height, width = image_rgb.shape[:2]
        unwanted = self._unwanted(time_s, width, height)
        return unwanted or self.follow(self._finder.find(image_rgb), time_s, width, height)

    def follow(self, people: list[Person], time_s: float, width_px: int, height_px: int) -> Seen:
        """The same from the people in it."""
        unwanted = self._unwanted(time_s, width_px, height_px)
        if unwanted is not None:
            return unwanted
        if self._record is None or (width_px, height_px) != self._size_px:
            finder = f"live: {self._finder.describe()}"
            self._record, self._began_s = LiveRecord(width_px, height_px, finder), time_s
            self._size_px = width_px, height_px
            self._listened_s = self._reminded_s = -np.inf
            self._problem = None
        person = self._record.add(time_s, people)
        self._last_s = time_s
        self._told = Seen(
            person=person,
            say=tuple(self._remarks(time_s - self._began_s)),
            count=self._coach.count,
            held_s=self._coach.held_s,
            unseen=self._record.unseen_s() > UNSEEN_S,
            problem=self._lasting_problem(time_s - self._began_s),
            slow=self._record.rate_hz(_RATE_OVER_S) < LEAST_HZ,
            over="",
        )
        return self._told

    def _unwanted(self, time_s: float, width_px: int, height_px: int) -> Seen | None:
        """What was told last, where a picture is not looked at: past the end, turned after something was counted, or
        too soon.
        """
        if not math.isfinite(time_s) or (self._told is not None and time_s < self._last_s):
            raise ValueError("pictures have to come in order, each with its time")
        if self._told is None:
            return None
        if time_s - self._began_s > LONGEST_S:
            return replace(self._told, say=(), over="time")
        if (width_px, height_px) != self._size_px and (self._told.count or self._told.held_s):
            return replace(self._told, say=(), over="turned")
        return replace(self._told, say=()) if time_s - self._last_s < LEAST_APART_S else None

    def end(self) -> Analysis | None:
        """What a clip of all this would have told; None where nothing was found in it."""
        self.close()
        return self._analysis()

    def close(self) -> None:
        """Free the network."""
        self._finder.close()

    def _remarks(self, now_s: float) -> list[Remark]:
        assert self._record is not None
        if self._record.unseen_s() > UNSEEN_S:
            if now_s - self._reminded_s < REMINDS_EVERY_S:
                return []
            self._reminded_s = now_s
            return [Remark("fault", sentence("live_unseen"))]
        if now_s - self._listened_s < LISTENS_EVERY_S:
            return []
        self._listened_s = now_s
        analysis = self._analysis()
        if analysis is None:
            return []
        if not self._is_hold:
            return self._coach.repetitions(analysis)
        recent = self._analysis(now_s - HOLD_WINDOW_S) if now_s > _JUDGED_FROM_S else None
        return self._coach.hold(analysis, recent, now_s)

    def _analysis(self, since_s: float = 0.0) -> Analysis | None:
        record = self._record
        if record is None or len(record) < FEWEST_LOOKS:
            return None
        pose = record.track()
        if since_s > 0:
            pose = pose.between(since_s, np.inf)
        if len(pose.time_s) < FEWEST_LOOKS or not np.isfinite(pose.xy_px).any():
            return None
        duration_s = float(pose.time_s[-1] - pose.time_s[0])
        facts = VideoFacts("live", *self._size_px, len(pose.time_s), duration_s, CAMERA_HZ, False, 1.0)
        try:
            analysis = analyze_pose(pose, facts, self._options)
        except InputError as problem:
            self._puzzled_by(problem)
            return None
        self._problem = None
        return analysis

    def _puzzled_by(self, problem: InputError) -> None:
        if problem.code in _ON_THE_WAY:
            self._problem = None
        elif self._problem is None or self._problem[1].code != problem.code:
            self._problem = self._last_s - self._began_s, problem

    def _lasting_problem(self, now_s: float) -> InputError | None:
        if self._problem is None or now_s - self._problem[0] < PUZZLED_S:
            return None
        return self._problem[1]
