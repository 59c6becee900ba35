"""What an analysis tells the rules: findings clearly outside their range, muscles that come up short, drift."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from formcheck.cards import load_cards
from formcheck.guidance.cadence import has_room
from formcheck.guidance.conditions import Facts
from formcheck.records import Analysis, Comparison, Finding, Measurement
from formcheck.skeleton import Side

DRIFT_FROM_S = 600.0
"""House rule: a clip has to be ten minutes long before a drift is called fatigue."""
_DRIFTING = ("trunk_lean_deg", "overstride_pct_leg", "knee_flexion_at_contact_deg", "contact_time_s", "cadence_spm")
"""What changes with fatigue (Apte 2021, 10.3389/fphys.2021.646042)."""
OVERSTRIDE_SIGNS = (
    "overstride_pct_leg.above",
    "shank_angle_at_contact_deg.above",
    "knee_flexion_at_contact_deg.below",
    "cadence_spm.below",
)
"""Told together, as clinicians tell it: one alone may be harmless (Souza 2016, 10.1016/j.pmr.2015.08.006)."""
_AHEAD = frozenset(OVERSTRIDE_SIGNS[:2])
"""Without one of these nothing says that the foot is ahead."""


@dataclass(frozen=True)
class Measured:
    """What was found out about one clip; empty where there is none."""

    measurements: Sequence[Measurement] = ()
    findings: Sequence[Finding] = ()
    comparisons: Sequence[Comparison] = ()
    duration_s: float = 0.0


def measured_in(analysis: Analysis) -> Measured:
    """What an analysis found out about its clip."""
    return Measured(analysis.measurements, analysis.findings, analysis.comparisons, analysis.video.duration_s)


def outside(measured: Measured) -> dict[tuple[str, str], Finding]:
    """The findings clearly outside their range, worst first, by "metric.direction" and side ("" for none).

    "Clearly" is by more than the uncertainty: what the clip cannot tell gives no advice.
    """
    cards = load_cards()
    values = {(m.metric, m.side): m for m in measured.measurements}
    found: dict[tuple[str, str], Finding] = {}
    for finding in measured.findings:
        card, m = cards.get(finding.metric), values.get((finding.metric, finding.side))
        if finding.level in ("good", "unknown") or finding.direction not in ("below", "above"):
            continue
        if card is None or card.range is None or m is None or not isinstance(m.value, int | float):
            continue
        if m.uncertainty is not None and abs(card.range.margin(m.value)) > m.uncertainty:
            found[f"{finding.metric}.{finding.direction}", finding.side or ""] = finding
    return found


def overstride_signs(measured: Measured) -> dict[tuple[str, str], Finding]:
    """The signs of a foot ahead of the body on the leg with the most, by "metric.direction" and side; empty for none.

    A sign counts where its value lies outside the range, even where the clip cannot tell by this number alone, but
    not where the number is less sure. The cadence counts for either leg.
    """
    sure = {(m.metric, m.side) for m in measured.measurements if m.status == "ok"}
    found = {
        (name, finding.side): finding
        for finding in measured.findings
        if (name := f"{finding.metric}.{finding.direction}") in OVERSTRIDE_SIGNS
        and finding.level in ("watch", "act")
        and (finding.metric, finding.side) in sure
    }
    legs: tuple[Side, ...] = ("left", "right")
    by_leg: list[dict[tuple[str, str], Finding]] = [
        {(name, side or ""): f for (name, side), f in found.items() if side in (leg, None)} for leg in legs
    ]
    ahead = [signs for signs in by_leg if any(name in _AHEAD for name, _ in signs)]
    return max(ahead, key=len, default={})


def facts_of_clip(measured: Measured, short_in_use: Mapping[str, Iterable[str]]) -> Facts:
    """The clip as facts for the rules; ``short_in_use`` says which findings make a muscle short in use."""
    names = frozenset(name for name, _ in outside(measured))
    return {
        "outside": names,
        "in_use": frozenset(muscle for muscle, findings in short_in_use.items() if names & set(findings)),
        "drifts": frozenset({"yes" if drifts(measured) else "no"}),
        "overstride_signs": float(len(overstride_signs(measured))),
        "cadence_room": frozenset({"yes" if has_room(measured.measurements) else "no"}),
    }


def drifts(measured: Measured) -> bool:
    """Whether the form clearly changed during a clip long enough for fatigue."""
    if measured.duration_s < DRIFT_FROM_S:
        return False
    return any(
        c.kind == "drift"
        and c.metric in _DRIFTING
        and c.value is not None
        and c.uncertainty is not None
        # clear even against an error that grew over the whole clip
        and abs(c.value) > 2 * c.uncertainty
        for c in measured.comparisons
    )
