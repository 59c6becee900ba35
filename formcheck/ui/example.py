"""The result of a sample: something to see at once, before anybody has brought a clip.

The pose found in it lies beside the clip, so only the measuring is left to do: a second, once for the whole server.
Nobody's own clip is in it, so everybody may see it. ``FORMCHECK_EXAMPLE=no`` leaves it out.
"""

from __future__ import annotations

import logging
import os
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from formcheck.analysis import Options, analyze_pose
from formcheck.records import Analysis, InputError, VideoFacts
from formcheck.ui.samples import Sample, samples

SWITCH = "FORMCHECK_EXAMPLE"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shown:
    """The sample and its result."""

    sample: Sample
    analysis: Analysis


def pose_file(sample: Sample) -> Path:
    """Where the pose that was found in a sample lies, if it came along."""
    return sample.path.with_suffix(".pose.npz")


def analysed(sample: Sample) -> Analysis:
    """The sample's analysis, from its pose. Raises InputError where clip or pose cannot be read."""
    from formcheck.pose.recorded_pose import read_pose
    from formcheck.video import probe  # only now: the page is to be there soon

    info = probe(sample.path)
    facts = VideoFacts(
        name=sample.path.name,
        width_px=info.width_px,
        height_px=info.height_px,
        n_frames=info.n_frames,
        duration_s=info.duration_s,
        frame_rate_hz=info.frame_rate_hz,
        variable_frame_rate=info.variable_frame_rate,
        slow_motion=1.0,
        filmed_on=info.filmed_on,
    )
    return analyze_pose(read_pose(pose_file(sample)), facts, Options())


class Example:
    """Measures ``sample`` in a thread of its own."""

    def __init__(self, sample: Sample) -> None:
        self._sample = sample
        self.shown: Shown | None = None
        """The result; None while there is none."""
        self._thread = threading.Thread(target=self._run, name="example", daemon=True)
        self._thread.start()

    @property
    def pending(self) -> bool:
        """Whether it is worth asking again."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            self.shown = Shown(self._sample, analysed(self._sample))
        except (InputError, OSError):
            _log.warning("the sample could not be analysed", exc_info=True)


def example() -> Example | None:
    """This server's example; None where there is no sample with its pose, or it is not wanted."""
    found = samples() if os.environ.get(SWITCH, "yes") != "no" else ()
    return _begun(found[0]) if found and pose_file(found[0]).is_file() else None


_lock = threading.Lock()


def _begun(sample: Sample) -> Example:
    with _lock:
        return _only(sample)


@cache
def _only(sample: Sample) -> Example:
    return Example(sample)
