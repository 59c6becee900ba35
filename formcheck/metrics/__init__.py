"""One metric, one module, one card: ``overstride.py`` measures, ``overstride.toml`` tells.

A metric's module has one public function, ``measure(recording) -> list[Measurement]``. It never raises, never changes
its input, and says why when it has no number. Whatever has a card is a metric: nothing is registered anywhere.
"""

from __future__ import annotations

from importlib import import_module, resources

from formcheck.cards import load_cards
from formcheck.records import Measurement, Note, Recording


def names() -> list[str]:
    """Module names of all metrics, in alphabetical order."""
    return sorted(entry.name.removesuffix(".toml") for entry in _here().iterdir() if entry.name.endswith(".toml"))


def measure_all(recording: Recording) -> list[Measurement]:
    """Every metric's measurements of one recording; a number outside its card's plausible values is none."""
    found: list[Measurement] = []
    for name in names():
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


def _here() -> resources.abc.Traversable:
    return resources.files(__name__)
