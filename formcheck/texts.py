"""Every sentence a person reads, in Japanese and English, by its code.

The sentences are in ``texts.toml``, in sections that are there for the reader only: a code is unique over the whole
file. What cards say about metrics is on the cards; the functions here fill in the numbers.
"""

from __future__ import annotations

import math
import string
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from formcheck.cards import Card, Lang, Text
from formcheck.records import Comparison, Finding, KeyMoment, Measurement, Note

_CLOSE_UNITS = frozenset({"deg", "pct"})
"""Units written against the number without a space, in both languages."""


def text(code: str, lang: Lang, **details: object) -> str:
    """The sentence ``code`` in ``lang`` with its details filled in.

    A detail that was not given shows as "?": a report with a hole is better than none. Numbers are shortened to one
    decimal. Raises KeyError for a code that is not in ``texts.toml``.
    """
    return _FILL.vformat(_texts()[code].get(lang), (), details)


def both(say: Callable[[Lang], str]) -> Text:
    """What ``say`` says in each language."""
    return Text(ja=say("ja"), en=say("en"))


def sentence(code: str) -> Text:
    """The sentence ``code`` in both languages. Raises KeyError for a code that is not in ``texts.toml``."""
    return both(lambda lang: text(code, lang))


def code_for(code: str, activity: str) -> str:
    """The code of the words for that activity: an exercise has no strides, and words of its own where that matters."""
    own = f"{code}_exercise"
    return own if activity != "running" and own in _texts() else code


def codes() -> frozenset[str]:
    """Every code there is."""
    return frozenset(_texts())


def note_text(note: Note, lang: Lang) -> str:
    """A warning or a reason as a sentence; a detail may be there in both languages, as ``why_ja`` and ``why_en``.

    Raises KeyError for an unknown code.
    """
    details = dict(note.details)
    details |= {name.removesuffix(f"_{lang}"): said for name, said in details.items() if name.endswith(f"_{lang}")}
    if "instead" in details:  # other activities, by their ids
        names = [f"activity_{name}" for name in str(details["instead"]).split(", ")]
        details["instead"] = text("list_join", lang).join(text(n, lang) if n in _texts() else n for n in names)
    return text(note.code, lang, **details)


def problem_text(code: str, lang: Lang, details: Mapping[str, object]) -> str:
    """An error as a sentence; activities and views by their names. Raises KeyError as ``text``."""
    named = dict(details)
    if code == "bad_option" and {"low", "high"} <= named.keys():
        code = "bad_option_range"
    for which in {"before", "after", "activity"} & named.keys():
        known = next((c for c in (f"activity_{named[which]}", f"view_{named[which]}") if c in _texts()), None)
        named[which] = named[which] if known is None else text(known, lang)
    return text(code, lang, **named)


def noted(note: Note) -> Text:
    """A warning or a reason in both languages. Raises KeyError for an unknown code."""
    return both(lambda lang: note_text(note, lang))


def moment_text(moment: KeyMoment, lang: Lang, with_time: bool = False) -> str:
    """What a key moment is called: "Contact, left leg, 2.31 s", "Top, repetition 3"."""
    parts = [text(f"moment_{moment.kind}", lang)]
    if moment.n is not None:
        parts.append(text("moment_number", lang, n=moment.n))
    if moment.side is not None:
        parts.append(text("moment_leg", lang, side=text(f"side_{moment.side}", lang)))
    if with_time:
        parts.append(text("moment_time", lang, seconds=f"{moment.time_s:.2f}"))
    return text("moment_join", lang).join(parts)


def format_number(value: float, card: Card, lang: Lang) -> str:
    """A number with its unit: "7.3°", "0.245 s", "0.245秒"."""
    return _with_unit(_rounded(value, card.decimals), card, lang)


def format_value(measurement: Measurement, card: Card, lang: Lang) -> str:
    """What a person reads: "7.3 ± 1.2°", "heel first (92%)", or that it was not measured."""
    value = measurement.value
    if isinstance(value, str):
        return _class_name(measurement, value, lang)
    if value is None or math.isnan(value):
        return text("no_value", lang)
    number = _rounded(value, card.decimals)
    if measurement.uncertainty is not None and math.isfinite(measurement.uncertainty):
        number = f"{number} ± {_rounded_uncertainty(measurement.uncertainty, card.decimals)}"
    return _with_unit(number, card, lang)


def _class_name(measurement: Measurement, value: str, lang: Lang) -> str:
    name = text(f"{measurement.metric}_{value}", lang)
    if value not in measurement.probabilities:
        return name
    return text("class_with_chance", lang, name=name, chance=round(100 * measurement.probabilities[value]))


def format_border(value: float, card: Card, lang: Lang) -> str:
    """A border of a range with its unit and no more digits than it has: "155 steps/min"."""
    return _with_unit(f"{value:g}", card, lang)


def format_comparison(comparison: Comparison, card: Card, lang: Lang) -> str:
    """What a person reads: "0.006 ± 0.012 s", a drift as what it came to: "-4.1 ± 1.2 steps/min over 30 min"."""
    if comparison.value is None:
        return text("no_value", lang)
    times = _span_min(comparison)
    shown = _with_error(times * comparison.value, times * (comparison.uncertainty or 0.0), card, lang)
    return text("over_span", lang, value=shown, span=_span(comparison, lang)) if comparison.kind == "drift" else shown


def comparison_text(comparison: Comparison, card: Card, lang: Lang) -> str | None:
    """A difference between the sides or a drift as a sentence; None where it rounds to nothing, or for another kind."""
    times = _span_min(comparison)
    change = times * (comparison.value or 0.0)
    if comparison.kind == "variability" or round(change, card.decimals) == 0:
        return None
    codes_of = {"asymmetry": ("right_is_more", "left_is_more"), "drift": ("drifted_down", "drifted_up")}
    name = card.name.get(lang)
    if comparison.side is not None:
        name = text("name_and_side", lang, name=name, side=text(f"side_{comparison.side}", lang))
    value = _with_error(abs(change), times * (comparison.uncertainty or 0.0), card, lang)
    code = codes_of[comparison.kind][change > 0]
    return text(code, lang, name=name, value=value, span=_span(comparison, lang))


def format_difference(value: float, uncertainty: float, card: Card, lang: Lang) -> str:
    """How much more or less: "+17.0 ± 3.2 steps/min", "-0.012 ± 0.020 s"."""
    number = _rounded(value, card.decimals)
    signed = number if number.startswith("-") else f"+{number}"
    return _with_unit(f"{signed} ± {_rounded_uncertainty(uncertainty, card.decimals)}", card, lang)


def _with_error(value: float, uncertainty: float, card: Card, lang: Lang) -> str:
    number = f"{_rounded(value, card.decimals)} ± {_rounded_uncertainty(uncertainty, card.decimals)}"
    return _with_unit(number, card, lang)


def _span_min(comparison: Comparison) -> float:
    """What turns a drift per minute into the change that was seen; 1 for everything else."""
    return (comparison.span_s or 60.0) / 60.0 if comparison.kind == "drift" else 1.0


def _span(comparison: Comparison, lang: Lang) -> str:
    span_s = comparison.span_s or 60.0
    if span_s < 100:
        return text("span_seconds", lang, n=round(span_s))
    return text("span_minutes", lang, n=round(span_s / 60))


def format_range(card: Card, lang: Lang) -> str:
    """The card's range: "2 to 14°", "155 steps/min or more"; a dash where it has none."""
    if card.range is None:
        return "–"
    low, high = card.range.low, card.range.high
    if low is None:
        assert high is not None
        return text("range_at_most", lang, high=format_border(high, card, lang))
    if high is None:
        return text("range_at_least", lang, low=format_border(low, card, lang))
    return text("range_between", lang, low=f"{low:g}", high=format_border(high, card, lang))


def finding_text(finding: Finding, measurement: Measurement, card: Card, lang: Lang) -> str:
    """The finding as one sentence, with a second one where the number deserves less trust.

    Raises KeyError where the card has no range (then there is no finding either).
    """
    key = _sentence(finding, measurement, card)
    if key == "unknown":
        return text("finding_unknown", lang, name=_name(measurement, card, lang), reason=_reason(measurement, lang))
    if key == "good" and finding.level == "watch" and isinstance(measurement.value, int | float):
        # it changed within the clip, and not all of it is good
        name, value = _name(measurement, card, lang), format_number(measurement.value, card, lang)
        return text("finding_not_throughout", lang, name=name, value=value, reason=_reason(measurement, lang))
    sentence = _fill_card(card.finding[key], measurement, card, lang)
    if measurement.status == "low_confidence":
        sentence += text("finding_low_confidence", lang, reason=_reason(measurement, lang))
    return sentence


def advice_text(finding: Finding, measurement: Measurement, card: Card, lang: Lang) -> str | None:
    """What to try, or None where nothing is clearly outside its range and so nothing is worth changing."""
    key = _sentence(finding, measurement, card)
    if key not in ("below", "above"):
        return None
    return _fill_card(card.advice[key], measurement, card, lang)


def points_to_text(finding: Finding, measurement: Measurement, card: Card, lang: Lang) -> str | None:
    """What a value clearly outside its range may point to; None where nobody says, or where it is not outside."""
    possibility = card.points_to.get(_sentence(finding, measurement, card))
    return None if possibility is None else possibility.get(lang)


def _sentence(finding: Finding, measurement: Measurement, card: Card) -> str:
    """Which of the card's sentences fits: "near" wherever the uncertainty reaches over the border."""
    value, uncertainty = measurement.value, measurement.uncertainty
    if finding.level == "unknown" or not isinstance(value, int | float) or uncertainty is None:
        return "unknown"
    if card.range is not None and abs(card.range.margin(value)) <= uncertainty:
        return "near"
    return "good" if finding.direction == "within" else finding.direction


def _name(measurement: Measurement, card: Card, lang: Lang) -> str:
    name = card.name.get(lang)
    if measurement.side is None:
        return name
    return text("name_and_side", lang, name=name, side=text(f"side_{measurement.side}", lang))


def _reason(measurement: Measurement, lang: Lang) -> str:
    """Why there is no number or less trust, without a full stop: it goes into a longer sentence."""
    if measurement.reason is not None:
        return note_text(measurement.reason, lang).rstrip(".。")
    if measurement.uncertainty is None and measurement.value is not None:
        return text("uncertainty_unknown", lang)
    return text("not_seen", lang)


def _fill_card(sentence: Text, measurement: Measurement, card: Card, lang: Lang) -> str:
    assert isinstance(measurement.value, int | float)
    assert card.range is not None
    details = {"value": format_number(measurement.value, card, lang)}
    borders = {"low": card.range.low, "high": card.range.high}
    details |= {name: format_border(v, card, lang) for name, v in borders.items() if v is not None}
    if measurement.uncertainty is not None:
        shown = _rounded_uncertainty(measurement.uncertainty, card.decimals)
        details["uncertainty"] = _with_unit(shown, card, lang)
    if measurement.side is not None:
        details["side"] = text(f"side_{measurement.side}", lang)
    return _FILL.vformat(sentence.get(lang), (), details)


def _rounded(value: float, decimals: int) -> str:
    # + 0.0 turns -0.0, which nobody wants to read, into 0.0
    return f"{round(value, decimals) + 0.0:.{decimals}f}"


def _rounded_uncertainty(value: float, decimals: int) -> str:
    # never "± 0.0": what is smaller than the last digit shown is shown as that digit
    return _rounded(max(abs(value), 10.0**-decimals), decimals)


def _with_unit(number: str, card: Card, lang: Lang) -> str:
    space = "" if lang == "ja" or card.unit in _CLOSE_UNITS else " "
    unit = "count_one" if card.unit == "count" and number == "1" else card.unit
    return f"{number}{space}{text(f'unit_{unit}', lang)}"


class _Fill(string.Formatter):
    """``str.format`` that survives a missing detail and writes 29.97002997 as 30."""

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        return kwargs.get(str(key), "?")

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, float) and not format_spec:
            return f"{round(value, 1) + 0.0:g}"
        return str(super().format_field(value, format_spec))


_FILL = _Fill()


@cache
def _texts() -> dict[str, Text]:
    return parse_texts(files("formcheck").joinpath("texts.toml").read_text(encoding="utf-8"))


def parse_texts(toml: str) -> dict[str, Text]:
    """All sentences of a file of sections, by code.

    Raises ValueError for a code that is there twice or is not written in exactly Japanese and English.
    """
    found: dict[str, Text] = {}
    for section, entries in tomllib.loads(toml).items():
        for code, sentence in entries.items():
            if code in found:
                raise ValueError(f"[{section}] {code}: this code is already used in another section")
            if set(sentence) != {"ja", "en"} or not all(isinstance(s, str) and s for s in sentence.values()):
                raise ValueError(f"[{section}] {code}: needs ja and en, and nothing else")
            found[code] = Text(**sentence)
    return found
