"""``formcheck bench``: the whole product held against the bare pose loop, on one clip.

Each run has a process of its own, so that its peak memory is its own. Time counts from the moment the process is
started to the moment the landmarks are there (bare) or all files are written (whole): Python's own start, importing
libraries and opening the network are inside both. The bare loop runs before and after each whole run, so that other
work on the machine meets both alike.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
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
    """Medians over the runs at one number of cores."""

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
    video: Path, options: Mapping[str, Any], repeat: int, cores: int | None, on_run: Callable[[Kind], None]
) -> Bench:
    """Run bare, whole, bare (and whole, bare again for each repetition) on ``cores`` cores, None for all there are.

    ``options`` are fields of ``analysis.Options``; ``on_run`` hears of each run before it begins. Raises InputError for
    a clip that cannot be analysed, and ``process_died`` for a run that ended by itself.
    """
    runs: dict[Kind, list[Run]] = {"bare": [], "whole": []}
    kinds: list[Kind] = ["whole", "bare"]
    for kind in ["bare", *(repeat * kinds)]:
        on_run(kind)
        runs[kind].append(run_apart(kind, video, options, cores))
    return _summed_up(runs["bare"], runs["whole"], cores or usable_cores())


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


def _summed_up(bare: Sequence[Run], whole: Sequence[Run], cores: int) -> Bench:
    stages = {name: median(run.stages[name] for run in whole) for name in whole[0].stages}
    return Bench(
        cores=cores,
        bare_s=median(run.time_s for run in bare),
        whole_s=median(run.time_s for run in whole),
        bare_cpu_s=median(run.cpu_s for run in bare),
        cpu_s=median(run.cpu_s for run in whole),
        bare_peak_mb=_highest(bare),
        peak_mb=_highest(whole),
        n_frames=whole[0].n_frames,
        duration_s=whole[0].duration_s,
        stages=stages,
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
