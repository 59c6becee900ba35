"""Hip against back at push-off, as one bar and one sentence a side: reads measurements, measures nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from formcheck.cards import Text
from formcheck.records import Analysis, Measurement
from formcheck.skeleton import SIDES, Side
from formcheck.texts import both, note_text, sentence, text

HIP, BACK, SHARE = "hip_extension_change_deg", "lumbar_extension_change_deg", "lumbar_share_pct"
A_THIRD_PCT = 100.0 / 3.0
"""House rule: a back that gives more than a third of the thigh's way back against the trunk pays for the push-off."""
AGAINST_STANDING, OF_RANGE = "lumbar_extension_at_push_off_vs_standing_deg", "lumbar_range_used_pct"
SOURCES = ("schache2000", "franz2009", "smith2022", "seed_s0")
"""Behind what is said about it."""


@dataclass(frozen=True)
class Split:
    """One side's push-off. Shares of the bar in percent; ``low`` and ``high`` are where its border may lie."""

    side: Side
    hip: Text
    back: Text
    """Degrees with their error; said to be less sure where they are."""
    hip_share: float
    low: float
    high: float
    hip_deg: float
    back_deg: float
    verdict: Text
    back_pays: bool


def splits(analysis: Analysis) -> list[Split]:
    """Near side first; none where hip or back was not measured."""
    near = analysis.signals.near_side
    told = {(m.metric, m.side): m for m in analysis.measurements}
    rows = []
    for side in sorted(SIDES, key=lambda s: s != near):
        found = [told.get((metric, side)) for metric in (HIP, BACK, SHARE)]
        hip, back, share = found
        if hip and back and share and all(m and isinstance(m.value, float) for m in found):
            rows.append(_split(side, hip, back, share))
    return rows


def side_to_advise(shown: Sequence[Split]) -> Side | None:
    """The first foot whose push-off the back pays for: what to try is the same for both, and said once."""
    return next((split.side for split in shown if split.back_pays), None)


def _split(side: Side, hip: Measurement, back: Measurement, share: Measurement) -> Split:
    border, half = 100.0 - float(share.value or 0), share.uncertainty or 0.0
    return Split(
        side,
        told_of(hip),
        told_of(back),
        min(max(border, 0.0), 100.0),
        min(max(border - half, 0.0), 100.0),
        min(max(border + half, 0.0), 100.0),
        max(float(hip.value or 0), 0.0),
        max(float(back.value or 0), 0.0),
        _verdict(share),
        verdict_code(share) == "back_pays",
    )


def told_of(m: Measurement) -> Text:
    """The number with its error, marked where its error is too large for it or its side hidden."""
    number = f"{_whole(m.value)}° ± {_whole(m.uncertainty)}°"
    if m.status == "ok":
        return Text(ja=number, en=number)
    code = "status_low_confidence"
    return Text(ja=f"{number}（{text(code, 'ja')}）", en=f"{number} ({text(code, 'en')})")


def _whole(value: float | str | None) -> str:
    """Rounded, never "-0"."""
    return f"{round(float(value or 0.0))}"


def verdict_code(share: Measurement) -> str:
    """ "hip_pays", "back_pays" or "push_off_unsure", by the whole stated interval of the back's share."""
    value, half = share.value, share.uncertainty
    if not isinstance(value, float) or half is None:
        return "push_off_unsure"
    if value - half > A_THIRD_PCT:
        return "back_pays"
    return "hip_pays" if value + half < A_THIRD_PCT else "push_off_unsure"


def _verdict(share: Measurement) -> Text:
    code = verdict_code(share)
    numbers = {"share": _whole(share.value), "half": _whole(share.uncertainty)}
    return both(lambda lang: text(code, lang, **numbers))


def against_standing(analysis: Analysis) -> list[Text]:
    """What quiet standing adds about the near foot's push-off; nothing where nobody was seen standing."""
    near = analysis.signals.near_side
    told = {m.metric: m for m in analysis.measurements if m.side == near and isinstance(m.value, float)}
    rows = []
    for metric, code in ((AGAINST_STANDING, "push_off_vs_standing"), (OF_RANGE, "push_off_of_range")):
        m = told.get(metric)
        if m is not None:
            number = _whole(m.value)
            more = "+" if metric == AGAINST_STANDING and not number.startswith(("-", "0")) else ""
            numbers = {"value": f"{more}{number}", "half": _whole(m.uncertainty)}
            rows.append(both(lambda lang, code=code, numbers=numbers: text(code, lang, **numbers)))  # type: ignore[misc]
    return rows


def why_none(analysis: Analysis) -> Text | None:
    """Why a runner from the side has no split; None where there is one, or none was to be expected."""
    if (analysis.activity, analysis.view) != ("running", "side") or splits(analysis):
        return None
    near = analysis.signals.near_side
    rows = [m for m in analysis.measurements if m.metric in (BACK, HIP, SHARE) and m.side == near]
    reason = next((m.reason for m in rows if m.value is None and m.reason is not None), None)
    why = sentence("not_seen") if reason is None else both(lambda lang: note_text(reason, lang))
    return both(lambda lang: text("push_off_none", lang, why=why.get(lang).rstrip("。.")))
