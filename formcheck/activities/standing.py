"""Standing posture, seen from the side, the front or behind."""

from __future__ import annotations

from formcheck.activities.card import load_activity_cards
from formcheck.activities.examined import Examined
from formcheck.activities.exercise import Found, examine_exercise
from formcheck.activities.on_feet import held, not_square
from formcheck.records import PoseTrack, Signals, Subject, View


def examine(pose: PoseTrack, subject: Subject, view: View = "side") -> Examined:
    """Holds. Raises InputError as ``examine_exercise``."""
    return examine_exercise(pose, subject, "standing", view, lambda signals: find(signals, view))


def find(signals: Signals, view: View) -> Found:
    """The longest quiet standing."""
    card = load_activity_cards()["standing"]
    notes = not_square(signals) if view == "side" else ()
    return Found(holds=held(signals, card, signals.series["trunk_lean_deg"]), notes=notes)
