"""People and clips for the tests of the guidance: built as the program builds them, no mocks."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from formcheck.cards import load_cards
from formcheck.findings import findings
from formcheck.guidance import Measured
from formcheck.records import Comparison, Measurement
from formcheck.skeleton import Side

CASES: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("guidance_cases.toml").read_text(encoding="utf-8")
)["case"]


def measured(rows: Sequence[Sequence[Any]], drift: Sequence[Any] = ()) -> Measured:
    """A clip with these numbers (metric, side or "", value, uncertainty) and at most one drift a minute."""
    cards = load_cards()
    numbers = [
        Measurement(metric, cast(Side, side) or None, cards[metric].unit, float(value), 1.0, 12, float(uncertainty))
        for metric, side, value, uncertainty in rows
    ]
    drifts, duration_s = [], 20.0
    if drift:
        metric, value, uncertainty, duration_s = drift
        drifts = [Comparison("drift", metric, None, cards[metric].unit, value, uncertainty, 500)]
    return Measured(numbers, findings(numbers, cards), drifts, duration_s)


def measured_in(case: Mapping[str, Any]) -> Measured:
    """The clip of a case story."""
    return measured(case["measured"], case.get("drift", ()))
