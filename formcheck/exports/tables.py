"""``signals.csv`` and ``events.csv``: what a spreadsheet or a script wants to go on with.

Both are UTF-8 with one header line, a comma between columns and a point in numbers; what is not known is blank.
Yes and no are 1 and 0.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from formcheck.records import Analysis, Event, FloatArray
from formcheck.skeleton import SIDES, Side

DECIMALS = 4
MAX_SWING_S = 1.5
"""A foot "in the air" for longer was lost from sight, not in the air."""

Words = npt.NDArray[np.str_]


def write_signals_csv(analysis: Analysis, path: Path) -> None:
    """One row a frame of the even grid: ``time_s``, every series, and ``doubtful`` and ``phase`` of either leg.

    A phase is "stance" from contact to toe-off and "swing" from toe-off to contact; blank where one of them is missing.
    """
    signals = analysis.signals
    numbers = np.column_stack([signals.time_s, *signals.series.values()])
    # rounded first and + 0.0, so that no "-0.0000" is written
    rows = (np.round(numbers, DECIMALS) + 0.0).tolist()
    form = ",".join([f"%.{DECIMALS}f"] * numbers.shape[1])
    doubtful = signals.doubtful.astype(int).tolist()
    phases = [phase_of(analysis.events, side, signals.time_s).tolist() for side in SIDES]
    names = [*(f"doubtful_{side}" for side in SIDES), *(f"phase_{side}" for side in SIDES)]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(",".join(["time_s", *signals.series, *names]) + "\n")
        file.writelines(
            f"{(form % tuple(row)).replace('nan', '')},{doubt[0]},{doubt[1]},{left},{right}\n"
            for row, doubt, left, right in zip(rows, doubtful, *phases, strict=True)
        )


def write_events_csv(analysis: Analysis, path: Path) -> None:
    """One row an event: ``kind``, ``side``, ``time_s``, ``clean``."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["kind", "side", "time_s", "clean"])
        for event in analysis.events:
            writer.writerow([event.kind, event.side or "", f"{event.time_s:.{DECIMALS}f}", int(event.clean)])


def phase_of(events: Iterable[Event], side: Side, time_s: FloatArray) -> Words:
    """(m,) "stance", "swing" or "" for each time; a time on an event belongs to the phase that it begins."""
    phase = np.full(len(time_s), "", dtype="<U6")
    mine = sorted((e for e in events if e.side == side and e.kind in ("contact", "toe_off")), key=lambda e: e.time_s)
    for first, second in pairwise(mine):
        inside = slice(*np.searchsorted(time_s, [first.time_s, second.time_s]))
        if (first.kind, second.kind) == ("contact", "toe_off"):
            phase[inside] = "stance"
        elif first.kind == "toe_off" and second.kind == "contact" and second.time_s - first.time_s <= MAX_SWING_S:
            phase[inside] = "swing"
    return phase
