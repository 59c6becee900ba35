"""A number over a person's analyses, and whether it has changed.

A change is told only where it is larger than the errors of both measurements together (root of the sum of their
squares, each a 95 % interval), and only between clips filmed at the same speed, as far as the speed is known: nearly
every number of running changes with it. Where many numbers are looked at together, the interval is widened so that
all of them are right 95 times in 100 (Bonferroni), as ``comparisons.notable`` does within one clip.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from scipy.special import ndtri
from sqlalchemy import select
from sqlalchemy.orm import Session

from formcheck.activities.variants import variant_of
from formcheck.history.tables import KeptAnalysis, Number, Person

SAME_SPEED = 0.05
"""House rule: speeds that differ by less than 5 % are the same; so much the belt's own display may be wrong."""
Verdict = Literal["up", "down", "within_error", "other_speed", "unknown"]
Series = dict[tuple[str, str], list["Point"]]
"""By metric and side ("" for none), oldest first."""


@dataclass(frozen=True)
class Point:
    """A number of one analysis."""

    analysis_id: str
    day: date
    value: float
    uncertainty: float | None
    """Half-width of the 95 % interval; None where nobody knows it."""
    status: str
    belt_speed_mps: float | None


@dataclass(frozen=True)
class Change:
    """The last number against an earlier one."""

    first: Point
    last: Point
    difference: float
    uncertainty: float | None
    """Half-width of the difference's interval; all that are looked at together are right 95 times in 100."""
    verdict: Verdict


def variants_of(session: Session, person: Person, activity: str) -> dict[str, str]:
    """The way of doing the activity in each of a person's analyses of it (``activities/variants.py``), by its id.

    Read from what was kept, so that analyses of any age are told apart.
    """
    rows = session.execute(
        select(KeptAnalysis.id, KeptAnalysis.content["quality"]["warnings"]).where(
            KeptAnalysis.person_id == person.id, KeptAnalysis.activity == activity
        )
    )
    return {id_: variant_of({note["code"] for note in notes or ()}) for id_, notes in rows}


def series_of(session: Session, person: Person, activity: str, variant: str = "") -> Series:
    """Every number of a person's analyses of one activity, done in one way; "": where there is one way only."""
    ways = variants_of(session, person, activity)
    speed = KeptAnalysis.content["subject"]["belt_speed_mps"].as_float()
    rows = session.execute(
        select(Number, KeptAnalysis.filmed_on, speed)
        .join(KeptAnalysis, Number.analysis_id == KeptAnalysis.id)
        .where(KeptAnalysis.person_id == person.id, KeptAnalysis.activity == activity)
        .order_by(KeptAnalysis.filmed_on, KeptAnalysis.kept_at)
    )
    series: Series = {}
    for number, day, belt_speed in rows:
        if ways[number.analysis_id] != variant:
            continue
        point = Point(number.analysis_id, day, number.value, number.uncertainty, number.status, belt_speed)
        series.setdefault((number.metric, number.side), []).append(point)
    return series


def changes(series: Series) -> dict[tuple[str, str], Change]:
    """The last number of each series against the first; none where there is one only."""
    several = {key: points for key, points in series.items() if len(points) > 1}
    return {key: change(points[0], points[-1], len(several)) for key, points in several.items()}


def change(first: Point, last: Point, n_compared: int = 1) -> Change:
    """One number against an earlier one, where ``n_compared`` numbers are looked at together."""
    difference = last.value - first.value
    if first.uncertainty is None or last.uncertainty is None:
        return Change(first, last, difference, None, "unknown")
    wider = float(ndtri(1 - 0.025 / n_compared) / ndtri(0.975))
    uncertainty = wider * math.hypot(first.uncertainty, last.uncertainty)
    if not same_speed((first, last)):
        return Change(first, last, difference, uncertainty, "other_speed")
    if abs(difference) <= uncertainty:
        return Change(first, last, difference, uncertainty, "within_error")
    return Change(first, last, difference, uncertainty, "up" if difference > 0 else "down")


def same_speed(points: Sequence[Point]) -> bool:
    """Whether the belt ran equally fast in all of them, as far as that is known."""
    known = [point.belt_speed_mps for point in points if point.belt_speed_mps is not None]
    return not known or max(known) <= (1 + SAME_SPEED) * min(known)
