"""``formcheck bench``: how long everything takes, held against the bare pose loop."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from formcheck.cards import Lang
from formcheck.cli.options import Pose, asked_options
from formcheck.cli.showing import results_console, table_of
from formcheck.records import InputError
from formcheck.texts import text

if TYPE_CHECKING:
    from rich.console import Console

    from formcheck.bench import Bench, Kind


def bench(
    context: typer.Context,
    clip: Annotated[Path, typer.Argument(metavar="CLIP")],
    as_json: Annotated[bool, typer.Option("--json")] = False,
    pose: Pose = None,
    pose_workers: Annotated[int | None, typer.Option("--workers", metavar="N", min=1)] = None,
    repeat: Annotated[int, typer.Option(metavar="N", min=1)] = 1,
    cores: Annotated[str | None, typer.Option(metavar="1,2")] = None,
    lang: Literal["ja", "en"] | None = None,
) -> None:
    """``formcheck bench``."""
    from formcheck.bench import bench_clip

    lang = lang or context.obj
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = asked_options(lang, pose=pose, workers=pose_workers)
    asked = {"pose": options.pose, "workers": options.workers, "lang": lang}
    benches = [bench_clip(clip, asked, repeat, n, _teller(n, lang)) for n in _core_counts(cores)]
    if as_json:
        print(json.dumps(as_dict(clip, benches, {"pose": options.pose, "workers": options.workers, "repeat": repeat})))
    else:
        _show(results_console(), benches, lang)


def as_dict(clip: Path, benches: Sequence[Bench], setting: Mapping[str, Any]) -> dict[str, Any]:
    """What ``--json`` prints: the run with the most cores, how it was made, and each number of cores."""
    from formcheck.bench import MODELLED_CORES, modelled_ratio

    answer = max(benches, key=lambda bench: bench.cores).as_json() | {"clip": clip.name, **setting}
    if len(benches) > 1:
        answer["scaling"] = [
            {"cores": bench.cores, "ratio": bench.ratio, "bare_s": bench.bare_s, "whole_s": bench.whole_s}
            for bench in benches
        ]
        answer["modelled"] = {"cores": MODELLED_CORES, "ratio": modelled_ratio(benches), "by": "Amdahl's law"}
    return answer


def _core_counts(asked: str | None) -> list[int | None]:
    """The numbers of cores to run on, without repeats; None stands for all. Raises InputError ``bad_option``."""
    from formcheck.cores import usable_cores

    if asked is None:
        return [None]
    counts = [int(word) if word.strip().isdecimal() else 0 for word in asked.split(",")]
    if not hasattr(os, "sched_setaffinity") or not all(1 <= count <= usable_cores() for count in counts):
        raise InputError("bad_option", name="cores", value=asked)
    return [*dict.fromkeys(counts)]


def _teller(cores: int | None, lang: Lang) -> Any:
    """Says on a terminal which run begins."""

    def tell(kind: Kind) -> None:
        if sys.stderr.isatty():
            where = "" if cores is None else text("bench_on_cores", lang, cores=cores)
            print(f"{text(f'bench_{kind}', lang)} {where}…", file=sys.stderr)

    return tell


def _show(console: Console, benches: Sequence[Bench], lang: Lang) -> None:
    for bench in benches:
        _show_sides(console, bench, lang)
        _show_stages(console, bench, lang)
    if len(benches) > 1:
        _show_scaling(console, benches, lang)
    console.print(text("bench_how", lang), style="dim")


def _show_sides(console: Console, bench: Bench, lang: Lang) -> None:
    numbers, unknown = bench.as_json(), text("no_value", lang)
    rows = {
        "bench_time": ("bare_s", "whole_s", "{:.1f} s"),
        "bench_per_frame": ("bare_ms_per_frame", "ms_per_frame", "{:.1f} ms"),
        "bench_real_time_factor": ("bare_real_time_factor", "real_time_factor", "{:.2f}"),
        "bench_cpu": ("bare_cpu_s", "cpu_s", "{:.1f} s"),
        "bench_peak": ("bare_peak_mb", "peak_mb", "{:.0f} MB"),
    }
    table = table_of(("bench_measured", "bench_bare", "bench_whole"), lang)
    for code, (bare, whole, form) in rows.items():
        shown = [unknown if numbers[name] is None else form.format(numbers[name]) for name in (bare, whole)]
        table.add_row(text(code, lang), *shown)
    headline = text("bench_ratio", lang, ratio=f"{bench.ratio:.2f}", frames=bench.n_frames, cores=bench.cores)
    console.print(headline, style="bold")
    console.print(table)


def _show_stages(console: Console, bench: Bench, lang: Lang) -> None:
    table = table_of(("bench_stage", "bench_time", "bench_share"), lang)
    total_s = sum(bench.stages.values())
    for stage, spent_s in bench.stages.items():
        table.add_row(text(f"stage_{stage}", lang), f"{spent_s:.1f} s", f"{100 * spent_s / total_s:.0f}%")
    console.print(table)


def _show_scaling(console: Console, benches: Sequence[Bench], lang: Lang) -> None:
    from formcheck.bench import MODELLED_CORES, modelled_ratio

    table = table_of(("bench_cores", "bench_bare", "bench_whole", "bench_ratio_heading"), lang)
    for bench in benches:
        table.add_row(str(bench.cores), f"{bench.bare_s:.1f} s", f"{bench.whole_s:.1f} s", f"{bench.ratio:.2f}")
    console.print(table)
    modelled = f"{modelled_ratio(benches):.2f}"
    console.print(text("bench_modelled", lang, cores=MODELLED_CORES, ratio=modelled))
