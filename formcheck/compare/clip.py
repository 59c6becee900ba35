"""Two clips of one length: both in the same phase of the stride all the time, side by side, with what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from formcheck.annotate import PairSheet, Row
from formcheck.cards import Lang
from formcheck.compare.in_step import Cycle, InStep
from formcheck.records import FloatArray
from formcheck.texts import text
from formcheck.video import PlanarFrame, VideoWriter, ahead, behind, blank_planar, probe, read_planar

HALF_SPEED = 0.5
"""At full speed a stride is over before both sides were looked at."""
MAX_REAL_S = 10.0
PICTURE_HEIGHT_PX, CANVAS_WIDTH_PX = 900, 1920
RATE_HZ = 30.0
_WAITING = 3
_LEGENDS = {"other_contact": "compare_legend_stride", "toe_off": "compare_legend_stride", "top": "compare_legend_rep"}


@dataclass(frozen=True)
class Source:
    """One of the clips: its file, how many times slower than life the file plays, and what to call it."""

    path: Path
    slow_motion: float
    label: str


def write_in_step(
    step: InStep,
    sources: tuple[Source, Source],
    lines: list[str],
    path: Path,
    lang: Lang,
    report: Callable[[float], None],
    speed: float = HALF_SPEED,
) -> None:
    """Write one H.264 MP4 of at most ``MAX_REAL_S`` of the first clip, at ``speed`` times life.

    The first clip keeps its own time; the second is stretched to it (``in_step.py``). Every picture is one that was
    filmed, the nearest to the moment wanted: nothing is mixed between frames.
    """
    times = _times(step, speed)
    sizes = _sizes(sources)
    sheet = PairSheet(sizes, (sources[0].label, sources[1].label), lines, _legend(step, lang, speed))
    longest = max(cycle.length_s for pair in step.cycles for cycle in pair)
    with ExitStack() as stack:
        pictures = [
            stack.enter_context(_nearest(source, size, _of(which, step, times)))
            for which, (source, size) in enumerate(zip(sources, sizes, strict=True))
        ]
        writer = stack.enter_context(
            VideoWriter(path, sheet.width, sheet.height, frame_rate_hz=RATE_HZ, preset="veryfast")
        )
        write = stack.enter_context(behind(writer.write_planar, _WAITING, "encode"))
        for n, before_s in enumerate(times):
            canvas = blank_planar(sheet.width, sheet.height, n / RATE_HZ)
            sheet.lay(canvas.planes, (next(pictures[0]).planes, next(pictures[1]).planes))
            sheet.draw_words(canvas.planes)
            sheet.draw_rows(canvas.planes, _rows(step, float(before_s), longest, lang))
            write(canvas)
            report((n + 1) / len(times))


def _times(step: InStep, speed: float) -> FloatArray:
    """Of the first clip, one for each picture."""
    start_s = float(step.before_s[0])
    end_s = min(float(step.before_s[-1]), start_s + MAX_REAL_S)
    return np.arange(start_s, end_s, speed / RATE_HZ)


def _of(which: int, step: InStep, times: FloatArray) -> FloatArray:
    return times if which == 0 else np.interp(times, step.before_s, step.after_s)


def _sizes(sources: tuple[Source, Source]) -> tuple[tuple[int, int], tuple[int, int]]:
    """(width, height) of either picture: equally high, as large as fits, never enlarged, even."""
    shapes = [(info.width_px, info.height_px) for info in (probe(source.path) for source in sources)]
    high = min(PICTURE_HEIGHT_PX, CANVAS_WIDTH_PX / sum(w / h for w, h in shapes), *(h for _, h in shapes))
    first, second = ((2 * max(round(high * w / h / 2), 1), 2 * max(round(high / 2), 1)) for w, h in shapes)
    return first, second


@contextmanager
def _nearest(source: Source, size: tuple[int, int], times_s: FloatArray) -> Iterator[Iterator[PlanarFrame]]:
    """The frames of a clip nearest to some times of real time, in order, one for each."""
    file_s = times_s * source.slow_motion
    margin_s = 2.0 / probe(source.path).times.median_rate_hz
    # the reader goes by the longer side and may be a pixel off: a little larger, and cut when it is laid down
    reader = read_planar(
        source.path, max(size) + 4, float(file_s[0]) - margin_s, float(file_s[-1]) + margin_s, as_bt601=True
    )
    with ahead(reader, _WAITING, "decode") as frames:
        yield _nearest_of(frames, file_s)


def _nearest_of(frames: Iterator[PlanarFrame], file_s: FloatArray) -> Iterator[PlanarFrame]:
    here, following = next(frames), next(frames, None)
    for wanted_s in file_s:
        while following is not None and abs(following.time_s - wanted_s) <= abs(here.time_s - wanted_s):
            here, following = following, next(frames, None)
        yield here


# ------------------------------------------------------------------------------------------------ phase bars


def _rows(step: InStep, before_s: float, longest_s: float, lang: Lang) -> tuple[Row, Row]:
    now = (before_s, step.after_at(before_s))
    pair = step.at(before_s) or min(step.cycles, key=lambda cycles: abs(cycles[0].start_s - before_s))
    first, second = (
        _row(text(f"compare_{which}", lang), cycle, time_s, longest_s, lang)
        for which, cycle, time_s in zip(("before", "after"), pair, now, strict=True)
    )
    return first, second


def _row(name: str, cycle: Cycle, time_s: float, longest_s: float, lang: Lang) -> Row:
    def share(moment_s: float) -> float:
        return min(max((moment_s - cycle.start_s) / cycle.length_s, 0.0), 1.0)

    turn = cycle.marks_s.get("toe_off", cycle.marks_s.get("top"))
    others = [moment_s for mark, moment_s in cycle.marks_s.items() if mark.startswith("other_")]
    passed_s = min(max(time_s - cycle.start_s, 0.0), cycle.length_s)
    return Row(
        name=name,
        share=cycle.length_s / longest_s,
        turn=None if turn is None else share(turn),
        ticks=tuple(share(moment_s) for moment_s in others),
        now=share(time_s),
        words=text("compare_passed", lang, now=f"{passed_s:.2f}", whole=f"{cycle.length_s:.2f}"),
    )


def _legend(step: InStep, lang: Lang, speed: float) -> str:
    marks = {name for pair in step.cycles for name in pair[0].marks_s}
    code = next((code for mark, code in _LEGENDS.items() if mark in marks), "compare_legend_hold")
    return text("compare_speed_and_legend", lang, speed=f"{speed:g}", legend=text(code, lang))
