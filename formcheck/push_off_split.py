"""Hip against back at push-off, as one bar and one sentence a side: reads measurements, measures nothing."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.cards import Text
from formcheck.records import Analysis, Measurement
from formcheck.skeleton import SIDES, Side
from formcheck.texts import text

HIP, BACK, SHARE = "hip_extension_change_deg", "lumbar_extension_change_deg", "lumbar_share_pct"
A_THIRD_PCT = 100.0 / 3.0
"""House rule: a back that gives more than a third of the thigh's way back pays for the push-off."""


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


def _split(side: Side, hip: Measurement, back: Measurement, share: Measurement) -> Split:
    hip_deg, back_deg = max(float(hip.value or 0), 0.0), max(float(back.value or 0), 0.0)
    whole = max(hip_deg + back_deg, 1.0)
    border, half = 100.0 * hip_deg / whole, 100.0 * (back.uncertainty or 0.0) / whole
    return Split(
        side,
        told_of(hip),
        told_of(back),
        border,
        max(border - half, 0.0),
        min(border + half, 100.0),
        hip_deg,
        back_deg,
        _verdict(share),
        verdict_code(share) == "back_pays",
    )


def told_of(m: Measurement) -> Text:
    """The number with its error, marked where its error is too large for it or its side hidden."""
    number = f"{m.value:.0f}° ± {m.uncertainty or 0:.0f}°"
    if m.status == "ok":
        return Text(ja=number, en=number)
    code = "status_low_confidence"
    return Text(ja=f"{number}（{text(code, 'ja')}）", en=f"{number} ({text(code, 'en')})")


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
    return Text(ja=text(code, "ja"), en=text(code, "en"))
