"""An exercise's card, the ``.toml`` beside its ``.py``: how to film it, what tells it from others, what to draw.

The same conditions recognise an exercise and gate its repetitions, so that what was recognised is what is counted:

* ``position``: intervals of series that hold at every moment of it. Where they do not, the body is getting into
  position, or standing up, or the exercise is another one.
* ``moves``: how far series go while in position, 5th to 95th percentile, as intervals.

Series are those of ``exercise_signals.py``. A name may end in ``:spread``, the difference between left and right.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast, get_args

import numpy as np

from formcheck.cards import CardError, Text
from formcheck.records import BoolArray, FloatArray, Signals, View

SPREAD = ":spread"
TRAVEL = "travel_pct"
"""The series that takes the place of an exercise's own where only the pictures' motion was followed."""
_KEYS = frozenset({"views", "order", "curve", "draw", "position", "moves", "film", "exercises", "is_hold"})
_OPTIONAL = frozenset({"min_share", "min_position_s", "across", "across_view", "feet_flat"})
_PART_KEYS = frozenset({"joints", "of", "judged_by", "views", "shows", "at", "beside"})
Interval = tuple[float, float]
Of = Literal["near", "planted", "work", "free", "each", "middle", "across", "open", "plumb"]
"""Of whom a drawn line is: the side near the camera, the leg that stays down, the side at work and the other one, both
sides each by itself, the middle of both, from left to right, from left over the middle to right, upright from there."""


@dataclass(frozen=True)
class Part:
    """A line that matters, drawn thick in the colour of the number that judges it."""

    joints: tuple[str, ...]
    """From end to end; "" lifts the pen."""
    of: Of
    judged_by: str
    """The metric whose range colours it; "" none."""
    views: tuple[View, ...]
    """Seen from where it is drawn; empty: from everywhere."""
    shows: str
    """The series written beside it all the time; "" the metric's own number of that repetition or hold."""
    at: str
    """Beside which joint; "" the first."""
    beside: bool = False
    """Its number stands beside the body, always; else on it, and of lines after the first only where it is trouble."""


@dataclass(frozen=True)
class ActivityCard:
    """What is known about an exercise besides how it is measured."""

    activity: str
    views: tuple[View, ...]
    order: int
    """In lists, and which of two equally good guesses is told first."""
    curve: str
    """The series whose ups and downs are the repetitions."""
    draw: tuple[Part, ...]
    """The lines that matter, the most telling first."""
    is_hold: bool
    """Held still, not repeated."""
    position: Mapping[str, Interval]
    moves: Mapping[str, Interval]
    min_share: float
    """Of the time in which the body was seen, at least so much in position."""
    min_position_s: float
    across: Interval | None
    """Width of the shoulders across the trunk over its length: what the view must look like to be recognised."""
    across_view: tuple[Interval, Mapping[str, Interval]] | None
    """``across`` and ``moves`` of what looks otherwise from the front and behind; None where it does not."""
    feet_flat: bool
    """Whether a foot on the floor lies flat on it all the time: a toe that goes up and down is then a wrong one."""
    exercises: tuple[str, ...]
    """Its pages in the guidance (``guidance/exercises.toml``): dose, steps, when to stop."""
    film: Text

    @property
    def curve_words(self) -> str:
        """Code of the words for what the curve shows: an angle, or of a draw-in the height of the belly."""
        return "chart_angle" if self.curve.endswith("_deg") else "chart_belly"

    def parts(self, view: View) -> tuple[Part, ...]:
        """The lines that matter seen from there."""
        return tuple(part for part in self.draw if not part.views or view in part.views)


@cache
def load_activity_cards() -> dict[str, ActivityCard]:
    """Every exercise's card by its activity, in their order. Raises CardError where one is wrong."""
    folder = files("formcheck").joinpath("activities")
    found = {}
    for entry in folder.iterdir():
        if entry.name.endswith(".toml"):
            name = entry.name.removesuffix(".toml")
            found[name] = _card(name, tomllib.loads(entry.read_text(encoding="utf-8")))
    return dict(sorted(found.items(), key=lambda item: item[1].order))


def in_position(signals: Signals, position: Mapping[str, Interval]) -> BoolArray:
    """(m,) True where every series is within its interval; unseen is not."""
    ready = np.ones(len(signals.time_s), dtype=bool)
    for name, (low, high) in position.items():
        values = series_of(signals, name)
        with np.errstate(invalid="ignore"):
            ready &= (values >= low) & (values <= high)
    return ready


def series_of(signals: Signals, name: str) -> FloatArray:
    """A series by its name, or the distance of its left from its right for a name that ends in ``SPREAD``."""
    if not name.endswith(SPREAD):
        return signals.series[name]
    stem, _, unit = name.removesuffix(SPREAD).rpartition("_")
    return np.abs(signals.series[f"{stem}_left_{unit}"] - signals.series[f"{stem}_right_{unit}"])


def curve_of(signals: Signals, card: ActivityCard) -> FloatArray | None:
    """The series whose ups and downs were counted; None where there is none."""
    known = (signals.series.get(name) for name in (TRAVEL, "curve_deg", card.curve))
    return next((curve for curve in known if curve is not None), None)


def curve_words(signals: Signals, card: ActivityCard) -> str:
    """Code of the words for what that shows: an angle, of a draw-in the height of the belly, or motion alone."""
    return "chart_travel" if TRAVEL in signals.series else card.curve_words


def _card(name: str, data: Mapping[str, Any]) -> ActivityCard:
    if missing := sorted(_KEYS - set(data)):
        raise CardError(f"activities/{name}.toml: missing {', '.join(missing)}")
    if unknown := sorted(set(data) - _KEYS - _OPTIONAL):
        raise CardError(f"activities/{name}.toml: unknown {', '.join(unknown)}")
    across = data.get("across")
    return ActivityCard(
        activity=name,
        views=tuple(data["views"]),
        order=int(data["order"]),
        curve=str(data["curve"]),
        draw=tuple(_part(entry, name) for entry in data["draw"]),
        is_hold=bool(data["is_hold"]),
        position=_intervals(data["position"], name),
        moves=_intervals(data["moves"], name),
        min_share=float(data.get("min_share", 0.5)),
        min_position_s=float(data.get("min_position_s", 2.0)),
        across=None if across is None else (float(across[0]), float(across[1])),
        across_view=_across_view(data.get("across_view"), name),
        feet_flat=bool(data.get("feet_flat", False)),
        exercises=tuple(data["exercises"]),
        film=Text(ja=data["film"]["ja"], en=data["film"]["en"]),
    )


def _part(entry: Mapping[str, Any], name: str) -> Part:
    if not {"joints", "of"} <= set(entry) <= _PART_KEYS or entry["of"] not in get_args(Of):
        raise CardError(f"activities/{name}.toml: a line to draw needs joints and a known of")
    return Part(
        joints=tuple(entry["joints"]),
        of=cast(Of, entry["of"]),
        judged_by=str(entry.get("judged_by", "")),
        views=tuple(entry.get("views", ())),
        shows=str(entry.get("shows", "")),
        at=str(entry.get("at", "")),
        beside=bool(entry.get("beside", False)),
    )


def _across_view(data: Mapping[str, Any] | None, name: str) -> tuple[Interval, Mapping[str, Interval]] | None:
    if data is None:
        return None
    (across,) = _intervals({"across": data["across"]}, name).values()
    return across, _intervals(data["moves"], name)


def _intervals(data: Mapping[str, Any], name: str) -> dict[str, Interval]:
    for series, ends in data.items():
        if len(ends) != 2 or not ends[0] < ends[1]:
            raise CardError(f"activities/{name}.toml: {series} needs [low, high]")
    return {series: (float(low), float(high)) for series, (low, high) in data.items()}
