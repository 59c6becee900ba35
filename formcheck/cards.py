"""Cards: what a metric is called, what it means, where it stops being true and which range it is held against.

One card lies beside each metric's module: ``metrics/overstride.py`` computes, ``metrics/overstride.toml`` tells.
The sources the cards name are in ``bibliography.toml``. Cards are checked strictly when they are read, so that a
misspelt key, an unordered range or a sentence missing in one language stops the program at its start instead of
showing half a report.
"""

from __future__ import annotations

import math
import string
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast, get_args

from formcheck.records import Basis, View

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Lang = Literal["ja", "en"]
Unit = Literal["deg", "s", "spm", "pct", "cm", "m", "count", "steps", "class"]
Group = Literal["timing", "landing", "push_off", "trunk", "knee", "arms", "back", "sideways", "repetitions", "position"]
Worst = Literal["watch", "act"]
ReadAs = Literal["abstract", "excerpt", "memory"]

_T = TypeVar("_T")
LANGS: tuple[Lang, ...] = get_args(Lang)
GROUPS: tuple[Group, ...] = get_args(Group)
EXERCISES = "exercises"
PLACEHOLDERS = frozenset({"value", "low", "high", "uncertainty", "side"})
"""What the sentences of a card may leave open; filled in by ``texts.finding_text``."""

_CARD_KEYS = frozenset({"metric", "unit", "decimals", "per_side", "group", "order", "name", "what", "limits"})
_CARD_OPTIONAL = frozenset(
    {"sources", "range", "plausible", "sure_within", "finding", "advice", "activities", "views", "points_to", "cue"}
)
_RANGE_KEYS = frozenset({"basis", "sources", "worst", "note"})
_SOURCE_KEYS = frozenset({"authors", "title", "journal", "read"})


class CardError(ValueError):
    """A card or the bibliography is not as it should be; the message names the file and the key."""


@dataclass(frozen=True)
class Text:
    """The same sentence in both languages."""

    ja: str
    en: str

    def get(self, lang: Lang) -> str:
        """The sentence in ``lang``; ValueError for a language the project does not speak."""
        if lang not in LANGS:
            raise ValueError(f"unknown language {lang!r}: use one of {', '.join(LANGS)}")
        return self.ja if lang == "ja" else self.en


@dataclass(frozen=True)
class Range:
    """The borders a value is held against, in the card's unit; at least one of them is there."""

    low: float | None
    high: float | None
    basis: Basis
    """"measured": a published band; "consensus": what textbooks agree on; "house": this project's own rule."""
    sources: tuple[str, ...]
    worst: Worst
    """The worst level a finding may reach; "watch" where the evidence for harm is weak."""
    note: Text
    """What kind of range it is, for people: a band of which runners, at which speed."""

    def margin(self, value: float) -> float:
        """How far ``value`` is inside the nearer border; negative outside. In the card's unit."""
        above_low = math.inf if self.low is None else value - self.low
        below_high = math.inf if self.high is None else self.high - value
        return min(above_low, below_high)

    def nearer(self, value: float) -> Literal["below", "above"]:
        """Which border ``value`` is nearer to, or beyond: "below" for the low one."""
        if self.low is None:
            return "above"
        if self.high is None:
            return "below"
        return "below" if value - self.low <= self.high - value else "above"


@dataclass(frozen=True)
class Card:
    """All that is said about one metric."""

    metric: str
    unit: Unit
    decimals: int
    per_side: bool
    group: Group
    order: int
    name: Text
    what: Text
    limits: Text
    range: Range | None = None
    plausible: tuple[float, float] | None = None
    """Outside these the number is not believed at all; None for a class."""
    sure_within: float = 0.0
    """Without a range: an uncertainty up to this is small enough whatever the number (``sureness.py``)."""
    finding: Mapping[str, Text] = field(default_factory=dict)
    """Sentences "good", "near", and "below"/"above" where the range has that border."""
    advice: Mapping[str, Text] = field(default_factory=dict)
    """What to try: "below"/"above" where the range has that border."""
    points_to: Mapping[str, Text] = field(default_factory=dict)
    """What a value "below" or "above" may point to, as a possibility with its source; nothing where nobody says."""
    cue: Mapping[str, Text] = field(default_factory=dict)
    """What a trainer would call out while somebody moves, "below" or "above"; nothing where it is not said aloud."""
    sources: tuple[str, ...] = ()
    """Where the definition and the limits come from; the range's own sources are on the range."""
    activities: tuple[str, ...] = ("running",)
    """In which activities it is measured; ``EXERCISES`` among them stands for every one but running."""
    views: tuple[View, ...] = ("side",)
    """From which sides it can be seen."""

    def measured_in(self, activity: str, view: View) -> bool:
        """Whether it is measured in that activity from that side."""
        named = activity in self.activities or (EXERCISES in self.activities and activity != "running")
        return named and view in self.views

    def believable(self, value: float) -> bool:
        """Whether ``value`` can be a real runner's at all. NaN is not believable."""
        if self.plausible is None:
            return not math.isnan(value)
        return self.plausible[0] <= value <= self.plausible[1]


@dataclass(frozen=True)
class Source:
    """One entry of the bibliography."""

    key: str
    authors: str
    title: str
    journal: str
    read: ReadAs
    """How much of it the project has read: its abstract, an excerpt, or nothing beyond general knowledge."""
    year: int | None = None
    doi: str | None = None
    note: Text | None = None


@cache
def load_cards() -> dict[str, Card]:
    """Every card in ``formcheck/metrics`` and its folders, by metric, in the order in which they are shown.

    Raises CardError where a card is incomplete, names an unknown source or says something twice.
    """
    known = frozenset(load_bibliography())
    folder = files("formcheck").joinpath("metrics")
    cards: dict[str, Card] = {}
    for entry in sorted(_card_files(folder), key=lambda file: file.name):
        card = parse_card(entry.read_text(encoding="utf-8"), known, entry.name)
        if card.metric in cards:
            raise CardError(f"{entry.name}: there is already a card for {card.metric}")
        cards[card.metric] = card
    return dict(sorted(cards.items(), key=lambda item: (item[1].order, item[0])))


def _card_files(folder: Traversable) -> Iterator[Traversable]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _card_files(entry)
        elif entry.name.endswith(".toml"):
            yield entry


@cache
def load_bibliography() -> dict[str, Source]:
    """Every source by its key. Raises CardError where an entry is incomplete."""
    return parse_bibliography(files("formcheck").joinpath("bibliography.toml").read_text(encoding="utf-8"))


def parse_bibliography(toml: str, where: str = "bibliography.toml") -> dict[str, Source]:
    """The sources written in ``toml``. Raises CardError where an entry is incomplete."""
    return {key: _source(key, entry, f"{where}: {key}") for key, entry in _read(toml, where).items()}


def parse_card(toml: str, known_sources: Collection[str], where: str = "card") -> Card:
    """The card written in ``toml``; ``where`` names it in error messages.

    Raises CardError where a key is missing or unknown, a sentence lacks a language or leaves something open that
    cannot be filled in, a range is empty, unordered or not inside the plausible values, or a source is unknown.
    """
    data = _read(toml, where)
    _keys(data, _CARD_KEYS, _CARD_OPTIONAL, where)
    unit = cast(Unit, _one_of(data["unit"], get_args(Unit), f"{where}: unit"))
    plausible = _plausible(data.get("plausible"), unit, f"{where}: plausible")
    range_ = _range(data.get("range"), plausible, f"{where}: range")
    per_side = _typed(data["per_side"], bool, f"{where}: per_side")
    card = Card(
        metric=_words(data["metric"], f"{where}: metric"),
        unit=unit,
        decimals=_typed(data["decimals"], int, f"{where}: decimals"),
        per_side=per_side,
        group=cast(Group, _one_of(data["group"], GROUPS, f"{where}: group")),
        order=_typed(data["order"], int, f"{where}: order"),
        name=_text(data["name"], f"{where}: name"),
        what=_text(data["what"], f"{where}: what"),
        limits=_text(data["limits"], f"{where}: limits"),
        range=range_,
        plausible=plausible,
        sure_within=_sure_within(data, range_, f"{where}: sure_within"),
        finding=_sentences(data.get("finding", {}), _expected(range_, ("good", "near")), f"{where}: finding"),
        advice=_sentences(data.get("advice", {}), _expected(range_, ()), f"{where}: advice"),
        points_to=_possibilities(data.get("points_to", {}), range_, f"{where}: points_to"),
        cue=_possibilities(data.get("cue", {}), range_, f"{where}: cue"),
        sources=tuple(data.get("sources", ())),
        activities=tuple(_words(name, f"{where}: activities") for name in data.get("activities", ("running",))),
        views=tuple(cast(View, _one_of(v, get_args(View), f"{where}: views")) for v in data.get("views", ("side",))),
    )
    _check_sources(card, known_sources, where)
    _check_placeholders(card, where)
    return card


def placeholders(sentence: str) -> frozenset[str]:
    """Names left open in a sentence, e.g. {"value", "side"}. Raises ValueError for an unbalanced brace."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None)


def _read(toml: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise CardError(f"{where}: {error}") from error


def _keys(data: Any, needed: Collection[str], optional: Collection[str], where: str) -> None:
    if not isinstance(data, dict):
        raise CardError(f"{where}: a table was expected")
    if missing := sorted(set(needed) - set(data)):
        raise CardError(f"{where}: missing {', '.join(missing)}")
    if unknown := sorted(set(data) - set(needed) - set(optional)):
        raise CardError(f"{where}: unknown {', '.join(unknown)}")


def _words(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise CardError(f"{where}: words were expected")
    return value.strip()


def _typed(value: Any, kind: type[_T], where: str) -> _T:
    # bool is an int in Python, but "decimals = true" is a mistake
    if type(value) is not kind:
        raise CardError(f"{where}: {kind.__name__} was expected, not {value!r}")
    return value


def _one_of(value: Any, allowed: tuple[str, ...], where: str) -> str:
    if value not in allowed:
        raise CardError(f"{where}: {value!r} is none of {', '.join(allowed)}")
    return str(value)


def _text(data: Any, where: str) -> Text:
    _keys(data, LANGS, (), where)
    return Text(ja=_words(data["ja"], f"{where}.ja"), en=_words(data["en"], f"{where}.en"))


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise CardError(f"{where}: a number was expected, not {value!r}")
    return float(value)


def _plausible(data: Any, unit: Unit, where: str) -> tuple[float, float] | None:
    if unit == "class":
        if data is not None:
            raise CardError(f"{where}: a class has no plausible numbers")
        return None
    if data is None:
        raise CardError(f"{where}: missing")
    _keys(data, ("low", "high"), (), where)
    low, high = _number(data["low"], f"{where}.low"), _number(data["high"], f"{where}.high")
    if low >= high:
        raise CardError(f"{where}: low must be below high")
    return low, high


def _sure_within(data: Mapping[str, Any], range_: Range | None, where: str) -> float:
    if "sure_within" not in data:
        return 0.0
    if range_ is not None:
        raise CardError(f"{where}: the range says already what is sure enough")
    if (within := _number(data["sure_within"], where)) <= 0:
        raise CardError(f"{where}: must be above zero")
    return within


def _range(data: Any, plausible: tuple[float, float] | None, where: str) -> Range | None:
    if data is None:
        return None
    _keys(data, _RANGE_KEYS, ("low", "high"), where)
    low, high = (_number(data[k], f"{where}.{k}") if k in data else None for k in ("low", "high"))
    borders = [border for border in (low, high) if border is not None]
    if not borders:
        raise CardError(f"{where}: needs low, high or both")
    if borders != sorted(set(borders)):
        raise CardError(f"{where}: low must be below high")
    if plausible is None or borders[0] < plausible[0] or borders[-1] > plausible[1]:
        raise CardError(f"{where}: must be inside the plausible values")
    basis = cast(Basis, _one_of(data["basis"], get_args(Basis), f"{where}.basis"))
    sources = tuple(data["sources"])
    if basis != "house" and not sources:
        raise CardError(f"{where}: only a house rule may stand without a source")
    worst = cast(Worst, _one_of(data["worst"], get_args(Worst), f"{where}.worst"))
    return Range(low, high, basis, sources, worst, _text(data["note"], f"{where}.note"))


def _expected(range_: Range | None, always: tuple[str, ...]) -> tuple[str, ...]:
    """Which sentences a card with this range must have: no more and no fewer."""
    if range_ is None:
        return ()
    below = ("below",) if range_.low is not None else ()
    above = ("above",) if range_.high is not None else ()
    return (*always, *below, *above)


def _sentences(data: Any, expected: tuple[str, ...], where: str) -> dict[str, Text]:
    _keys(data, expected, (), where)
    return {key: _text(data[key], f"{where}.{key}") for key in expected}


def _possibilities(data: Any, range_: Range | None, where: str) -> dict[str, Text]:
    """Some of the sentences that advice may have, none needed."""
    _keys(data, (), _expected(range_, ()), where)
    return {key: _text(value, f"{where}.{key}") for key, value in data.items()}


def _check_sources(card: Card, known: Collection[str], where: str) -> None:
    named = (*card.sources, *(card.range.sources if card.range else ()))
    if unknown := sorted(set(named) - set(known)):
        raise CardError(f"{where}: not in the bibliography: {', '.join(unknown)}")


def _check_placeholders(card: Card, where: str) -> None:
    """Only what can be filled in may be left open, and only in findings and advice."""
    allowed = set(PLACEHOLDERS)
    if not card.per_side:
        allowed.discard("side")
    if card.range is None or card.range.low is None:
        allowed.discard("low")
    if card.range is None or card.range.high is None:
        allowed.discard("high")
    for text in (*card.finding.values(), *card.advice.values()):
        _check_open(text, allowed, where)
    for text in (
        card.name,
        card.what,
        card.limits,
        *card.points_to.values(),
        *card.cue.values(),
        *([card.range.note] if card.range else []),
    ):
        _check_open(text, frozenset(), where)


def _check_open(text: Text, allowed: Collection[str], where: str) -> None:
    for sentence in (text.ja, text.en):
        try:
            excess = sorted(placeholders(sentence) - set(allowed))
        except ValueError as error:
            raise CardError(f"{where}: {error} in {sentence!r}") from error
        if excess:
            raise CardError(f"{where}: {', '.join(excess)} cannot be filled in: {sentence!r}")


def _source(key: str, data: Any, where: str) -> Source:
    _keys(data, _SOURCE_KEYS, ("year", "doi", "note"), where)
    return Source(
        key=key,
        authors=_words(data["authors"], f"{where}.authors"),
        title=_words(data["title"], f"{where}.title"),
        journal=_words(data["journal"], f"{where}.journal"),
        read=cast(ReadAs, _one_of(data["read"], get_args(ReadAs), f"{where}.read")),
        year=_typed(data["year"], int, f"{where}.year") if "year" in data else None,
        doi=_words(data["doi"], f"{where}.doi") if "doi" in data else None,
        note=_text(data["note"], f"{where}.note") if "note" in data else None,
    )
