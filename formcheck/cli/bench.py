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
from formcheck.cli.options import asked_options, choices
from formcheck.cli.showing import results_console, table_of
from formcheck.records import InputError
from formcheck.texts import text

if TYPE_CHECKING:
    from rich.console import Console

    from formcheck.bench import Bench


BUSY_SHARE = 0.05
"""Of the bare loop spent waiting for its core: more than on a machine that does nothing else."""


def bench(
    context: typer.Context,
    clip: Annotated[Path, typer.Argument(metavar="CLIP")],
    as_json: Annotated[bool, typer.Option("--json")] = False,
    poses: Annotated[str | None, typer.Option("--pose", metavar="fast,balanced,accurate|all")] = None,
    pose_workers: Annotated[int | None, typer.Option("--workers", metavar="N", min=1)] = None,
    repeat: Annotated[int, typer.Option(metavar="N", min=1)] = 1,
    cores: Annotated[str | None, typer.Option(metavar="1,2")] = None,
    lang: Literal["ja", "en"] | None = None,
) -> None:
    """``formcheck bench``."""
    from formcheck.bench import bench_clip

    lang = lang or context.obj
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    asked = [{"pose": pose, "workers": pose_workers, "lang": lang} for pose in _profiles(poses, pose_workers, lang)]
    runs = [bench_clip(clip, asked, repeat, n, _teller(n, lang)) for n in _core_counts(cores)]
    by_profile = [list(benches) for benches in zip(*runs, strict=True)]
    if as_json:
        print(json.dumps(as_dict(clip, by_profile, {"workers": pose_workers, "repeat": repeat})))
    else:
        _show(results_console(), by_profile, lang)


def _profiles(asked: str | None, workers: int | None, lang: Lang) -> list[str]:
    """The profiles to run, without repeats. Raises InputError ``bad_option``."""
    names = choices("pose") if asked == "all" else (asked or "").split(",")
    return [*dict.fromkeys(asked_options(lang, pose=name.strip() or None, workers=workers).pose for name in names)]


def as_dict(clip: Path, by_profile: Sequence[Sequence[Bench]], setting: Mapping[str, Any]) -> dict[str, Any]:
    """What ``--json`` prints: the first profile's numbers and how they were made, and each profile's of several."""
    numbers = [_numbers(benches) for benches in by_profile]
    answer = {"clip": clip.name, **setting, **numbers[0]}
    return answer if len(numbers) == 1 else answer | {"profiles": numbers}


def _numbers(benches: Sequence[Bench]) -> dict[str, Any]:
    """One profile's runs with the most cores, and its times at each number of cores."""
    from formcheck.bench import MODELLED_CORES, modelled_ratio

    answer = max(benches, key=lambda bench: bench.cores).as_json()
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

    def tell(run: str) -> None:
        if sys.stderr.isatty():
            what = text("bench_bare", lang) if run == "bare" else f"{text('bench_whole', lang)}, {run}"
            where = "" if cores is None else text("bench_on_cores", lang, cores=cores)
            print(f"{what} {where}…", file=sys.stderr)

    return tell


def _show(console: Console, by_profile: Sequence[Sequence[Bench]], lang: Lang) -> None:
    for side_by_side in zip(*by_profile, strict=True):
        _show_sides(console, side_by_side, lang)
        _show_stages(console, side_by_side, lang)
    for benches in by_profile:
        if len(benches) > 1:
            _show_scaling(console, benches, lang)
    console.print(_told_load([bench for benches in by_profile for bench in benches], lang))
    console.print(text("bench_how", lang), style="dim")


def _show_sides(console: Console, benches: Sequence[Bench], lang: Lang) -> None:
    """The bare loop beside every profile, at one number of cores."""
    rows = {
        "bench_time": ("bare_s", "whole_s", "{:.1f} s"),
        "bench_per_frame": ("bare_ms_per_frame", "ms_per_frame", "{:.1f} ms"),
        "bench_real_time_factor": ("bare_real_time_factor", "real_time_factor", "{:.2f}"),
        "bench_cpu": ("bare_cpu_s", "cpu_s", "{:.1f} s"),
        "bench_peak": ("bare_peak_mb", "peak_mb", "{:.0f} MB"),
    }
    numbers, unknown = [bench.as_json() for bench in benches], text("no_value", lang)
    table = table_of(("bench_measured", "bench_bare"), lang)
    for bench in benches:
        table.add_column(bench.pose if len(benches) > 1 else text("bench_whole", lang))
    for code, (bare, whole, form) in rows.items():
        found = [numbers[0][bare], *(profile[whole] for profile in numbers)]
        table.add_row(text(code, lang), *(unknown if value is None else form.format(value) for value in found))
    table.add_row(text("bench_over_bare", lang), "1", *(_told_ratio(bench) for bench in benches))
    for bench in benches:
        details = {"pose": bench.pose, "frames": bench.n_frames, "cores": bench.cores}
        console.print(text("bench_ratio", lang, ratio=f"{bench.ratio:.2f}", **details), style="bold")
    console.print(table)


def _told_ratio(bench: Bench) -> str:
    """The ratio, and how far it went over the repetitions."""
    spread = f" ({min(bench.ratios):.2f}–{max(bench.ratios):.2f})" if len(bench.ratios) > 1 else ""
    return f"{bench.ratio:.2f}{spread}"


def _show_stages(console: Console, benches: Sequence[Bench], lang: Lang) -> None:
    table = table_of(("bench_stage",), lang)
    for bench in benches:
        table.add_column(bench.pose)
    for stage in benches[0].stages:
        told = [f"{b.stages[stage]:.1f} s  {100 * b.stages[stage] / sum(b.stages.values()):3.0f}%" for b in benches]
        table.add_row(text(f"stage_{stage}", lang), *told)
    console.print(table)


def _show_scaling(console: Console, benches: Sequence[Bench], lang: Lang) -> None:
    from formcheck.bench import MODELLED_CORES, modelled_ratio

    table = table_of(("bench_cores", "bench_bare", "bench_whole", "bench_over_bare"), lang)
    for bench in benches:
        table.add_row(str(bench.cores), f"{bench.bare_s:.1f} s", f"{bench.whole_s:.1f} s", f"{bench.ratio:.2f}")
    console.print(table)
    modelled = f"{modelled_ratio(benches):.2f}"
    console.print(text("bench_modelled", lang, pose=benches[0].pose, cores=MODELLED_CORES, ratio=modelled))


def _told_load(benches: Sequence[Bench], lang: Lang) -> str:
    """How busy the machine was; a warning where that is more than chance."""
    loads = [load for bench in benches if bench.load is not None for load in bench.load]
    busy = max(bench.busy_share for bench in benches)
    code = "bench_busy" if busy > BUSY_SHARE else "bench_quiet"
    load = f"{min(loads):.1f}–{max(loads):.1f}" if loads else text("no_value", lang)
    return text(code, lang, waited=f"{100 * busy:.0f}", load=load)
