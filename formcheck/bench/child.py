"""One run of ``formcheck bench``: python -m formcheck.bench.child ORDER

The last line it writes is its answer, in JSON. Its clock was started by whoever started the process: ``time.monotonic``
is the same for the whole system.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from formcheck.analysis import Progress


class StageClock:
    """Seconds by stage: the time up to a report of progress belongs to the stage that was reported before it."""

    def __init__(self, start_s: float) -> None:
        self._stage, self._last_s = "start_up", start_s
        self.spent_s: dict[str, float] = {}

    def __call__(self, progress: Progress) -> None:
        """What ``on_progress`` is called with."""
        self.stop()
        self._stage = progress.stage

    def stop(self) -> None:
        """Count the time up to now."""
        now_s = time.monotonic()
        self.spent_s[self._stage] = self.spent_s.get(self._stage, 0.0) + now_s - self._last_s
        self._last_s = now_s


def main(order: Mapping[str, Any]) -> dict[str, Any]:
    """Do what the order says and measure it; an InputError comes back as code and details."""
    if order["cores"] is not None:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: order["cores"]])
    from formcheck.records import InputError

    try:
        measured = _bare(order) if order["kind"] == "bare" else _whole(order)
    except InputError as error:
        return {"error": error.code, "details": {name: str(value) for name, value in error.details.items()}}
    return measured | {"cpu_s": time.process_time(), "peak_mb": peak_mb()}


def _bare(order: Mapping[str, Any]) -> dict[str, Any]:
    from formcheck.pose.bare_loop import bare_loop

    video = Path(order["video"])
    try:
        landmarks = bare_loop(video)
    except Exception:
        from formcheck.video import check_readable

        check_readable(video)  # the clip may be to blame, and this says how
        raise
    return {
        "time_s": time.monotonic() - order["began_s"],
        "n_frames": len(landmarks),
        "duration_s": 0.0,
        "stages": {},
    }


def _whole(order: Mapping[str, Any]) -> dict[str, Any]:
    from formcheck.analysis import Options, analyze_video, write_results

    clock, video, options = StageClock(order["began_s"]), Path(order["video"]), Options(**order["options"])
    analysis = analyze_video(video, options, clock)
    write_results(analysis, video, Path(order["folder"]), options.lang, clock)
    clock.stop()
    return {
        "time_s": time.monotonic() - order["began_s"],
        "n_frames": analysis.video.n_frames,
        "duration_s": analysis.video.duration_s * analysis.video.slow_motion,
        "stages": clock.spent_s,
    }


def peak_mb() -> float | None:
    """Largest resident memory of this process so far, 10^6 bytes; None on Windows, which is not asked."""
    try:
        # Not ru_maxrss: Linux hands a parent's down to its children.
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * 1024 / 1e6
    except (OSError, StopIteration):
        pass
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
