"""``formcheck bench``: the whole product held against the bare pose loop, on one clip.

Each run has a process of its own, so that its peak memory is its own. Time counts from the moment the process is
started to the moment the landmarks are there (bare) or all files are written (whole): Python's own start, importing
libraries and opening the network are inside both. The bare loop runs before and after all profiles of each repetition,
so that other work on the machine meets them alike; as it can only make a run longer, the shortest of each counts. How
busy the machine was is told with the numbers: on a busy one even the shortest run is too long.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from formcheck.cores import usable_cores
from formcheck.records import InputError

Kind = Literal["bare", "whole"]
MODELLED_CORES = 8
_SAID_AT_THE_END = 300
"""Characters kept of what a process said before it died."""


@dataclass(frozen=True)
class Run:
    """What one process measured of itself."""

    time_s: float
    cpu_s: float
    """Of all its threads: what other work on the machine changes least."""
    peak_mb: float | None
    """Largest resident memory, 10^6 bytes; None where the system does not tell (Windows)."""
    n_frames: int
    duration_s: float
    """Of the clip as it plays; 0 from the bare loop, which does not ask."""
    stages: Mapping[str, float]
    """Seconds by stage, "start_up" first; of the whole product only."""


@dataclass(frozen=True)
class Bench:
    """One profile at one number of cores: the shortest of its runs, and the shortest of the bare loop's."""

    pose: str
    cores: int
    bare_s: float
    whole_s: float
    bare_cpu_s: float
    cpu_s: float
    bare_peak_mb: float | None
    peak_mb: float | None
    n_frames: int
    duration_s: float
    stages: Mapping[str, float]
    ratios: tuple[float, ...]
    """Of each repetition: the whole against the shorter of the bare loops right before and after."""
    busy_share: float
    """Of the shortest bare loop, one thread for the most part, in which it had to wait for its core."""
    load: tuple[float, float] | None
    """Processes that wanted a core, over the last minute before and after; None where the system does not tell."""

    @property
    def ratio(self) -> float:
        """How many times as long as the bare loop everything takes."""
        return self.whole_s / self.bare_s

    def as_json(self) -> dict[str, Any]:
        """Every number by its name; times in seconds, memory in 10^6 bytes, factors below 1 are faster than life."""
        factors = {"real_time_factor": self.whole_s, "bare_real_time_factor": self.bare_s}
        milliseconds = {"ms_per_frame": self.whole_s, "bare_ms_per_frame": self.bare_s}
        return {
            "ratio": self.ratio,
            **asdict(self),
            **{name: spent_s / self.duration_s for name, spent_s in factors.items()},
            **{name: 1000 * spent_s / self.n_frames for name, spent_s in milliseconds.items()},
        }


def bench_clip(
    video: Path, each: Sequence[Mapping[str, Any]], repeat: int, cores: int | None, on_run: Callable[[str], None]
) -> list[Bench]:
    """Run bare, every profile, bare (and every profile, bare again for each repetition) on ``cores``, None for all.

    ``each`` has fields of ``analysis.Options`` for one profile, "pose" among them; ``on_run`` hears "bare" or the pose
    before each run. Raises InputError for a clip that cannot be analysed, and ``process_died`` for a run that ended by
    itself.
    """
    before = _load()
    whole: list[list[Run]] = [[] for _ in each]
    bare = [_told_run(on_run, "bare", video, {}, cores)]
    for _ in range(repeat):
        for options, runs in zip(each, whole, strict=True):
            runs.append(_told_run(on_run, "whole", video, options, cores))
        bare.append(_told_run(on_run, "bare", video, {}, cores))
    after = _load()
    load = None if before is None or after is None else (before, after)
    count = cores or usable_cores()
    return [_summed_up(options["pose"], count, bare, runs, load) for options, runs in zip(each, whole, strict=True)]


def _told_run(
    on_run: Callable[[str], None], kind: Kind, video: Path, options: Mapping[str, Any], cores: int | None
) -> Run:
    on_run(options.get("pose", kind))
    return run_apart(kind, video, options, cores)


def _load() -> float | None:
    try:
        return os.getloadavg()[0]
    except (AttributeError, OSError):  # Windows
        return None


def run_apart(kind: Kind, video: Path, options: Mapping[str, Any], cores: int | None = None) -> Run:
    """One run in a fresh process. Raises InputError as ``bench_clip``."""
    with tempfile.TemporaryDirectory(prefix="formcheck-bench-") as folder:
        order: dict[str, Any] = {"kind": kind, "video": str(video), "options": dict(options), "cores": cores}
        order |= {"folder": folder, "began_s": time.monotonic()}
        command = [sys.executable, "-m", "formcheck.bench.child", json.dumps(order)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode != 0:
        raise InputError("process_died", why=" ".join(done.stderr.split())[-_SAID_AT_THE_END:])
    answer = json.loads(done.stdout.splitlines()[-1])
    if "error" in answer:
        raise InputError(answer["error"], **answer["details"])
    return Run(**answer)


def _summed_up(
    pose: str, cores: int, bare: Sequence[Run], whole: Sequence[Run], load: tuple[float, float] | None
) -> Bench:
    shortest, bare_shortest = (min(runs, key=lambda run: run.time_s) for runs in (whole, bare))
    beside = [min(earlier.time_s, later.time_s) for earlier, later in pairwise(bare)]
    return Bench(
        pose=pose,
        cores=cores,
        bare_s=bare_shortest.time_s,
        whole_s=shortest.time_s,
        bare_cpu_s=min(run.cpu_s for run in bare),
        cpu_s=min(run.cpu_s for run in whole),
        bare_peak_mb=_highest(bare),
        peak_mb=_highest(whole),
        n_frames=shortest.n_frames,
        duration_s=shortest.duration_s,
        stages=shortest.stages,
        ratios=tuple(run.time_s / bare_s for run, bare_s in zip(whole, beside, strict=True)),
        busy_share=max(0.0, 1.0 - bare_shortest.cpu_s / bare_shortest.time_s),
        load=load,
    )


def _highest(runs: Sequence[Run]) -> float | None:
    return max((run.peak_mb for run in runs if run.peak_mb is not None), default=None)


def modelled_s(measured_s: Mapping[int, float], cores: int) -> float:
    """Seconds at ``cores`` cores by Amdahl's law, fitted to the seconds measured at two or more numbers of cores.

    ``time = serial + parallel / cores`` (Amdahl 1967, doi 10.1145/1465482.1465560), least squares, both parts at least
    zero. A model, not a measurement: memory bandwidth, clock rates that fall with load, and the four pose networks that
    are the most formcheck uses at once all make many cores slower than it says. Raises ValueError for fewer than two.
    """
    if len(measured_s) < 2:
        raise ValueError("a line needs two points")
    x = [1 / n for n in measured_s]
    mean_x, mean_s = sum(x) / len(x), sum(measured_s.values()) / len(x)
    across = sum((a - mean_x) * (s - mean_s) for a, s in zip(x, measured_s.values(), strict=True))
    slope = across / sum((a - mean_x) ** 2 for a in x)
    if slope <= 0:  # more cores did not help at all
        return mean_s
    serial = mean_s - slope * mean_x
    if serial < 0:  # better than perfect, which is noise: no serial part
        return sum(a * s for a, s in zip(x, measured_s.values(), strict=True)) / sum(a * a for a in x) / cores
    return serial + slope / cores


def modelled_ratio(benches: Sequence[Bench], cores: int = MODELLED_CORES) -> float:
    """``ratio`` at ``cores`` cores, both times by ``modelled_s``. Raises ValueError as it does."""
    whole = modelled_s({bench.cores: bench.whole_s for bench in benches}, cores)
    return whole / modelled_s({bench.cores: bench.bare_s for bench in benches}, cores)
