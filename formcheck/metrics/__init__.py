"""One metric, one module, one card: ``overstride.py`` measures, ``overstride.toml`` tells.

A metric's module has one public function, ``measure(recording) -> list[Measurement]``. It never raises, never changes
its input, and says why when it has no number. Whatever has a card is a metric: nothing is registered anywhere. The
card says in which activities and from which sides it is measured; folders here only keep kindred metrics together.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module, resources
from typing import TYPE_CHECKING

from formcheck.cards import load_bibliography, load_cards, parse_card
from formcheck.records import Measurement, Note, Recording

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def names() -> list[str]:
    """Module names of all metrics below this package ("cadence", "rear.pelvic_drop"), in alphabetical order."""
    return sorted(_modules())


def measure_all(recording: Recording) -> list[Measurement]:
    """What can be measured in that activity from that side; a number outside its card's plausible values is none."""
    found: list[Measurement] = []
    for name, metric in _modules().items():
        if load_cards()[metric].measured_in(recording.activity, recording.view):
            found += import_module(f"{__name__}.{name}").measure(recording)
    return [_believed(measurement) for measurement in found]


def _believed(measurement: Measurement) -> Measurement:
    """The measurement, or the reason why there is none where no body could give that number."""
    value = measurement.value
    if not isinstance(value, float) or load_cards()[measurement.metric].believable(value):
        return measurement
    return Measurement(
        measurement.metric,
        measurement.side,
        measurement.unit,
        None,
        n=measurement.n,
        status="not_measurable",
        reason=Note("implausible_value"),
    )


@cache
def _modules() -> dict[str, str]:
    """The metric whose card lies beside each module."""
    known = load_bibliography().keys()
    files = sorted(_cards_in(resources.files(__name__), ""))
    return {name: parse_card(text, known, name).metric for name, text in files}


def _cards_in(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _cards_in(entry, f"{prefix}{entry.name}.")
        elif entry.name.endswith(".toml"):
            yield prefix + entry.name.removesuffix(".toml"), entry.read_text(encoding="utf-8")
