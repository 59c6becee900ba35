"""Toes that are not drawn: of feet that stay flat on the floor, those that seem to go up and down beside their heels.

Seen lying, from the side, the pose network draws a toe up to a third of the shank above the shoe while it is sure of
it, and higher the higher the hips are. Of ten feet in five rendered tuning clips of hip lifts, the two toes that came
to lie 0.29 and 0.33 of the shank off (95th percentile) went through 0.17 and 0.22 of it against heels that did not
move; those that stayed within 0.15 went through 0.03 to 0.10. One, 0.25 off, went through 0.11 and is still drawn.
"""

from __future__ import annotations

import numpy as np

from formcheck.activities.card import load_activity_cards
from formcheck.activities.feet_seen import during
from formcheck.exercise_signals import planted_side
from formcheck.records import Analysis, FloatArray
from formcheck.skeleton import SIDES, Side, index_of

MOST_SHANKS = 0.15
"""Of the length of the shank: so far a toe of a flat foot goes up and down beside its heel, errors and all."""


def wrong_toes(analysis: Analysis) -> list[int]:
    """Indices of the toes that are to be left out of the drawing; none where feet may leave the floor."""
    card = load_activity_cards().get(analysis.activity)
    if card is None or not card.feet_flat:
        return []
    planted = planted_side(analysis.signals.series)
    sides = SIDES if planted is None else (planted,)
    return [index_of(side, "foot_index") for side in sides if _goes_up_and_down(analysis, side)]


def _goes_up_and_down(analysis: Analysis, side: Side) -> bool:
    signals = analysis.signals
    xy = signals.xy_px[during(signals, analysis.reps, analysis.holds)]
    toe, heel, knee, ankle = (xy[:, index_of(side, joint)] for joint in ("foot_index", "heel", "knee", "ankle"))
    shanks = (toe - heel)[:, 1] / np.hypot(*(knee - ankle).T)
    return _span(shanks[np.isfinite(shanks)]) > MOST_SHANKS


def _span(values: FloatArray) -> float:
    """From the 5th to the 95th percentile; 0 of none."""
    return float(np.subtract(*np.percentile(values, [95, 5]))) if len(values) else 0.0
