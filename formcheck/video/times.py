"""When the frames of a clip were taken: its own timestamps, read without decoding and repaired where they are bad."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, cast

import av
import numpy as np

from formcheck.records import FloatArray
from formcheck.video.files import DAMAGE

MIN_RATE_HZ, MAX_RATE_HZ = 1.0, 1000.0
_FALLBACK_RATE_HZ = 30.0
_DUPLICATE_STEP_S = 0.001
_LONGEST_GAP_S = 60.0


@dataclass(frozen=True)
class FrameTimes:
    """Facts about the rhythm of a clip, from its frames' true times."""

    time_s: FloatArray
    """(n,) strictly increasing seconds."""

    @cached_property
    def steps_s(self) -> FloatArray:
        """(n - 1,) time from each frame to the next."""
        return np.diff(self.time_s)

    @property
    def average_rate_hz(self) -> float:
        """Frames over time, gaps included; NaN below two frames."""
        return float(1.0 / self.steps_s.mean()) if self.steps_s.size else float("nan")

    @cached_property
    def median_rate_hz(self) -> float:
        """Rate between gaps; NaN below two frames.

        The mean of the steps near the median one: containers that round to milliseconds store 60 Hz as steps
        of 16 and 17 ms, whose plain median would be 58.8 Hz.
        """
        if not self.steps_s.size:
            return float("nan")
        middle = float(np.sort(self.steps_s)[self.steps_s.size // 2])
        near = np.abs(self.steps_s - middle) <= max(0.25 * middle, 0.0011)
        return float(1.0 / self.steps_s[near].mean())

    @property
    def variable(self) -> bool:
        """True when more than 2 % of the steps differ from the usual one by over 10 % and over a millisecond.

        One dropped frame is a gap, not a variable rate; a millisecond is what containers round away.
        """
        if self.steps_s.size < 2:
            return False
        usual = 1.0 / self.median_rate_hz
        off = np.abs(self.steps_s - usual) > max(0.1 * usual, 0.0011)
        return bool(off.mean() > 0.02)

    def gaps(self, factor: float = 2.5) -> list[tuple[float, float]]:
        """(start, end) in seconds of every step longer than ``factor`` usual steps."""
        if not self.steps_s.size:
            return []
        at = np.flatnonzero(self.steps_s > factor / self.median_rate_hz)
        return [(float(self.time_s[i]), float(self.time_s[i + 1])) for i in at]


@dataclass(frozen=True)
class Scan:
    """What the packets of a stream tell without decoding."""

    ticks: list[int | None]
    """Timestamp of each shown frame in order of showing, in the stream's time base."""
    last_duration_s: float
    cut_off: bool
    orderly: bool
    """True when every frame has its own, later timestamp: one can be told which frame it is by it."""


class Clock:
    """Turns container timestamps into strictly increasing seconds after the first frame.

    A missing timestamp is one usual step later than the one before; a repeated one is a millisecond later;
    a jump backwards, or forwards by over a minute, is a clock that was set anew and goes on from there.
    """

    def __init__(self, time_base: Fraction, step_s: float, first_ticks: int | None = None) -> None:
        self._time_base = time_base
        self._step_s = step_s
        self._zero_s = None if first_ticks is None else float(first_ticks * time_base)
        self._last_s: float | None = None

    def seconds(self, ticks: int | None) -> float:
        """Time of the next frame, whose timestamp is ``ticks``."""
        self._last_s = self._next(None if ticks is None else float(ticks * self._time_base))
        return self._last_s

    def _next(self, raw_s: float | None) -> float:
        if raw_s is not None and self._zero_s is None:
            self._zero_s = raw_s - (0.0 if self._last_s is None else self._last_s + self._step_s)
        if self._last_s is None:
            return 0.0 if raw_s is None or self._zero_s is None else raw_s - self._zero_s
        if raw_s is None or self._zero_s is None:
            return self._last_s + self._step_s
        ahead = raw_s - self._zero_s - self._last_s
        if 0 < ahead <= _LONGEST_GAP_S:
            return self._last_s + ahead
        if -self._step_s < ahead <= 0:
            return self._last_s + min(_DUPLICATE_STEP_S, self._step_s)
        self._zero_s = raw_s - self._last_s - self._step_s
        return self._last_s + self._step_s


def usual_step_s(stream: Any) -> float:
    """Step of a stream whose frames carry no time: its declared average rate, else 30 a second."""
    rate = stream.average_rate or stream.guessed_rate
    sane = rate is not None and MIN_RATE_HZ <= rate <= MAX_RATE_HZ
    return 1.0 / (float(rate) if sane else _FALLBACK_RATE_HZ)


def has_show_times(container: Any) -> bool:
    """False for AVI, which only numbers its packets in decoding order; FFmpeg makes up the rest, wrongly."""
    return bool(container.format.name != "avi")


def scan_packets(container: Any, stream: Any) -> Scan:
    """Read every packet's timestamp, without decoding."""
    shown: list[tuple[int | None, int | None]] = []
    duration = n_packets = 0
    cut_off = False
    try:
        for packet in container.demux(stream):
            if not packet.size:
                continue  # asks the decoder for its last frames
            cut_off |= packet.is_corrupt
            n_packets += 1
            if not packet.is_discard:  # else hidden by the edit list
                shown.append((packet.pts if has_show_times(container) else None, packet.dts))
                duration = packet.duration or duration
    except DAMAGE:
        cut_off = True
    ticks = _in_showing_order(shown)
    orderly = has_show_times(container) and _increasing(ticks)
    cut_off |= _ends_early(container, stream, n_packets, ticks)
    return Scan(ticks, float(duration * stream.time_base), cut_off, orderly)


def _ends_early(container: Any, stream: Any, n_packets: int, ticks: list[int | None]) -> bool:
    """True when the file promised clearly more than it holds."""
    if container.format.name.startswith("mov"):
        return bool(n_packets < stream.frames)
    if not container.format.name.startswith("matroska") or not container.duration or not ticks or not ticks[-1]:
        return False
    promised_s = container.duration / av.time_base
    return bool(ticks[-1] * stream.time_base < 0.9 * promised_s - 0.5)


def _increasing(ticks: list[int | None]) -> bool:
    return None not in ticks and all(a < b for a, b in itertools.pairwise(cast("list[int]", ticks)))


def _in_showing_order(packets: list[tuple[int | None, int | None]]) -> list[int | None]:
    """Timestamps of (shown, decoded) pairs, sorted within stretches where the clock was not set anew."""
    ticks = [decoded if shown is None else shown for shown, decoded in packets]
    if None in ticks:
        return ticks
    known = cast("list[int]", ticks)
    clock = _decoding_clock(packets, known)
    starts = [0, *(i for i in range(1, len(clock)) if clock[i] < clock[i - 1]), len(clock)]
    return [tick for start, end in itertools.pairwise(starts) for tick in sorted(known[start:end])]


def _decoding_clock(packets: list[tuple[int | None, int | None]], shown: list[int]) -> list[int]:
    """When each is decoded. Matroska does not say it of the first packets; where nothing says it, they are in order."""
    known = [i for i, (_, decoded) in enumerate(packets) if decoded is not None]
    if not known:
        return shown
    nearest = np.searchsorted(known, np.arange(len(packets)), side="right") - 1
    return [cast(int, packets[known[max(i, 0)]][1]) for i in nearest]


def frame_times(scan: Scan, stream: Any) -> FrameTimes:
    """Repaired times of all frames."""
    clock = Clock(stream.time_base, usual_step_s(stream))
    times = np.array([clock.seconds(t) for t in scan.ticks], dtype=np.float64)
    times.setflags(write=False)
    return FrameTimes(times)
