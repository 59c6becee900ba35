"""Differences in words: a row of the table, a sentence, what stands on the clip and above the pictures."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.cards import Card, Lang, load_cards
from formcheck.compare.differences import CHANGES, FASTER_MPS, Difference, of_change
from formcheck.records import Analysis
from formcheck.skeleton import Side
from formcheck.texts import format_difference, format_value, note_text, text

MARKS = {"changed": "◆", "perhaps": "◇", "same": "＝", "unknown": "○"}
"""A change is told by shape and word."""
LINES_ON_CLIP = 3
KMH_PER_MPS = 3.6


@dataclass(frozen=True)
class ToldDifference:
    """One row of the table, in one language."""

    name: str
    before: str
    after: str
    difference: str
    change: str
    mark: str
    why: str | None
    """Why there is no difference or less trust in it."""


def told(difference: Difference, lang: Lang) -> ToldDifference:
    """A difference in words. Raises KeyError for a metric without a card."""
    card = load_cards()[difference.metric]
    number = "–"
    if difference.value is not None and difference.uncertainty is not None:
        number = format_difference(difference.value, difference.uncertainty, card, lang)
    reasons = [m.reason for m in (difference.before, difference.after) if m.reason is not None]
    return ToldDifference(
        name=name_of(difference, card, lang),
        before=format_value(difference.before, card, lang),
        after=format_value(difference.after, card, lang),
        difference=number,
        change=text(f"compare_{difference.change}", lang),
        mark=MARKS[difference.change],
        why=note_text(reasons[0], lang) if reasons else None,
    )


def name_of(difference: Difference, card: Card, lang: Lang) -> str:
    """ "Knee bend at contact (left)", with both sides where they are not the same."""
    name, (first, second) = card.name.get(lang), difference.sides
    if first is None:
        return name
    side = _side(first, lang)
    if second is not None and second != first:
        side = text("compare_two_sides", lang, before=side, after=_side(second, lang))
    return text("name_and_side", lang, name=name, side=side)


def lines(differences: tuple[Difference, ...], lang: Lang) -> list[str]:
    """What differs in a few lines, for the clip: what changed, else what may have, else that nothing did."""
    cards = load_cards()
    known = [d for d in differences if d.metric in cards]
    changed = of_change(known, "changed") or of_change(known, "perhaps")
    rows = [told(d, lang) for d in changed[:LINES_ON_CLIP]]
    said = [f"{r.mark} {r.name}  {r.before} → {r.after}  ({r.difference})" for r in rows]
    rest = len(changed) - len(said)
    if not said:
        return [text("compare_nothing_changed", lang, n=len(of_change(known, "same")))]
    return said + ([text("compare_more_changed", lang, n=rest)] if rest else [])


def summary(differences: tuple[Difference, ...], lang: Lang) -> str:
    """How many changed, may have and did not."""
    cards = load_cards()
    counts = {change: sum(d.change == change and d.metric in cards for d in differences) for change in CHANGES}
    return text("compare_counts", lang, **counts)


def heads(before: Analysis, after: Analysis, lang: Lang) -> tuple[str, str]:
    """What the two are called: by the side of the camera or the speed where these differ, else before and after."""
    near = before.signals.near_side, after.signals.near_side
    if before.view == "side" and near[0] != near[1]:
        first, second = (text("compare_from_side", lang, side=_side(side, lang)) for side in near)
        return first, second
    speeds = before.subject.belt_speed_mps, after.subject.belt_speed_mps
    if speeds[0] is not None and speeds[1] is not None and abs(speeds[0] - speeds[1]) > FASTER_MPS:
        slow, fast = (text("compare_at_speed", lang, kmh=f"{KMH_PER_MPS * speed:.1f}") for speed in speeds if speed)
        return slow, fast
    return text("compare_before", lang), text("compare_after", lang)


def labels(before: Analysis, after: Analysis, lang: Lang) -> tuple[str, str]:
    """ "Before  2026-05-01  run.mp4" and the same of the other clip."""
    first, second = heads(before, after, lang)
    return _label(first, before), _label(second, after)


def _label(head: str, analysis: Analysis) -> str:
    return "  ".join(part for part in (head, analysis.video.filmed_on or "", analysis.video.name) if part)


def _side(side: Side, lang: Lang) -> str:
    return text(f"side_{side}", lang)
