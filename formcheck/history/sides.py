"""Whose numbers an exercise's are: of one leg, or of the other, which a trend must not mix.

Most numbers of an exercise are of all its repetitions. Where a clip shows one side only (a clamshell, a stretch, a
stance on one leg) they are that side's, and where it shows both, each side has its own besides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from formcheck.exercise_sides import by_side
from formcheck.records import Hold, Measurement, Repetition


def measurements_of(content: Mapping[str, Any]) -> list[Measurement]:
    """The numbers of an ``analysis.json``, each with the side it is of; classes and missing numbers are left out."""
    found = [_measurement(kept) for kept in content["measurements"] if isinstance(kept["value"], int | float)]
    reps = [Repetition(**_only(kept, Repetition)) for kept in content.get("repetitions") or ()]
    holds = [Hold(**_only(kept, Hold)) for kept in content.get("holds") or ()]
    sides = {rep.side for rep in reps if rep.side} | {hold.side for hold in holds if hold.side}
    if len(sides) == 1:
        (side,) = sides
        taken = {m.metric for m in found if m.side == side}
        return [replace(m, side=side) if m.side is None and m.metric not in taken else m for m in found]
    if len(sides) > 1:
        known = {(m.metric, m.side) for m in found}
        return found + [m for m in by_side(found, reps, holds) if (m.metric, m.side) not in known]
    return found


def _measurement(kept: Mapping[str, Any]) -> Measurement:
    names = ("metric", "side", "unit", "spread", "n", "uncertainty", "status")
    return Measurement(
        value=float(kept["value"]),
        values=_numbers(kept.get("values") or ()),
        times_s=_numbers(kept.get("times_s") or ()),
        **{name: kept[name] for name in names if name in kept},
    )


def _numbers(values: Sequence[float | None]) -> tuple[float, ...]:
    return tuple(float("nan") if value is None else value for value in values)


def _only(kept: Mapping[str, Any], record: type[Repetition] | type[Hold]) -> dict[str, Any]:
    """What the record has a place for; a time that the clip cuts is NaN."""
    names = record.__dataclass_fields__
    found = {name: value for name, value in kept.items() if name in names}
    return {name: float("nan") if value is None and name.endswith("_s") else value for name, value in found.items()}
