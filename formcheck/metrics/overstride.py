"""Overstride: how far ahead of the hips the foot lands."""

from __future__ import annotations

from formcheck.metrics.summary import Curve, near_side
from formcheck.records import Measurement, Recording, Stride
from formcheck.scale import belt_legs_per_s
from formcheck.signals import NETWORK

LOOKED_BACK_S = 0.1
"""A foot is farthest ahead within so long before it lands. In the 10 ms around contact it comes back by 2 % of leg
length, and through the pose network contact is found some 9 ms early or late (SD of rendered runners), in blur and
behind rails 40. How far ahead it gets does not depend on that moment: it is read there, and what runners' feet come
back until they touch is taken off: ..."""
COMES_BACK_PCT, PER_SPEED_PCT, MEDIUM_SPEED = 3.0, 1.1, 4.0
"""... at ``MEDIUM_SPEED`` (leg lengths a second), and by how much more with each leg length a second. Seven runners at
2.5 to 4.5 m/s (motion capture), who differ by 1.2 (SD); ``tests/accuracy/test_overstride.py`` fits it anew."""
SEEN_AHEAD_PCT = 0.6
"""So much too far ahead the ankle is seen then: by 0.3 (standard error 0.5) in 20 rendered clips moved by real runners'
joint angles, by 1.7 in 23 of the parametric runner, whose foot comes back by 5 before it lands, as no recorded runner's
does at such speeds; the real ones count three times."""


def measure(recording: Recording) -> list[Measurement]:
    """Ankle ahead of mid-hip at contact, percent of leg length (hip to knee to ankle), near foot, ahead +.

    Follows Lieberman et al. 2015, 10.1242/jeb.125500, with the ankle for the heel. Grows with speed; a camera turned by
    10 deg shortens it by 2 % of itself.
    """
    ahead = Curve(recording.signals, f"ankle_ahead_{recording.signals.near_side}_pct_leg")
    if NETWORK not in recording.signals.finder:
        return near_side(recording, "overstride_pct_leg", "pct", lambda stride: ahead(stride.contact_s))
    less_pct = _less_pct(recording)
    return near_side(recording, "overstride_pct_leg", "pct", lambda stride: _farthest(ahead, stride) - less_pct)


def _farthest(ahead: Curve, stride: Stride) -> float:
    return float(ahead.span(stride.contact_s - LOOKED_BACK_S, stride.contact_s).max())


def _less_pct(recording: Recording) -> float:
    """To take off the farthest, percent of leg length; as at ``MEDIUM_SPEED`` where the speed cannot be told."""
    faster = (belt_legs_per_s(recording) or MEDIUM_SPEED) - MEDIUM_SPEED
    return SEEN_AHEAD_PCT + COMES_BACK_PCT + PER_SPEED_PCT * faster
