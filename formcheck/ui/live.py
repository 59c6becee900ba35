"""In front of this device's camera: repetitions counted and faults called out while somebody moves.

The browser shows its own picture at once, sends a small copy whenever the last one has been answered, and draws and
speaks what comes back. Pictures are looked at and let go.
"""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass, field
from functools import cache
from html import escape
from threading import Lock, RLock, Thread
from typing import Any, Literal
from uuid import uuid4

import streamlit as st

from formcheck.activities.card import load_activity_cards
from formcheck.analysis import Options
from formcheck.cards import Lang, Text
from formcheck.guidance.cited import plain
from formcheck.guidance.exercises import load_exercises
from formcheck.live.picture import from_jpeg
from formcheck.live.session import Seen, Session, coached, ruled_out
from formcheck.records import Analysis, Answers, InputError
from formcheck.skeleton import INDEX
from formcheck.texts import text
from formcheck.ui.live_log import offer_log
from formcheck.ui.picking import pick, picked
from formcheck.ui.problems import sentence
from formcheck.ui.web_component import web_component
from formcheck.ui.whole import whole
from formcheck.ui.words import word, words_for

MODES = ("full", "gentle")
"""Told beforehand: what is too high for one is too low for the other."""
MOST_AT_ONCE, GONE_AFTER_S = 2, 20.0
"""Networks that look at cameras, for everybody at this server; after so long without a picture nobody is there."""
_LOOKED_AFTER_EVERY_S = 1.0
SIDE_PX, QUALITY = 640, 0.8
"""Of the copies that are looked at; the network itself takes the person out of them at 256 pixels."""
_LINES = (
    ("shoulder", "elbow"),
    ("elbow", "wrist"),
    ("shoulder", "hip"),
    ("hip", "knee"),
    ("knee", "ankle"),
    ("ankle", "heel"),
    ("heel", "foot_index"),
)
_ACROSS = ("shoulder", "hip")
_OVER = {"time": "over", "turned": "turned"}
"""Why a set ended by itself, as the browser is told."""
_WORDS = (
    "live_start", "live_stop", "live_aloud", "live_reps", "live_held", "live_waiting",
    "live_over", "live_busy", "live_lost", "live_turned", "live_picture", "live_mirror",
    "live_denied", "live_none", "live_no_voice",
)  # fmt: skip


class _Places:
    """Who is being looked at now, over all visitors; one set a visitor. The set of whoever sends nothing any more is
    ended: a tab that was closed, a device asleep. A connection that is back sooner goes on where it was.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._last_s: dict[Live, float] = {}
        self._is_watched = False

    def take(self, who: Live) -> bool:
        """Whether there was a place left. Another set of the same visitor, as of a page loaded anew, is ended first."""
        with self._lock:
            earlier = [one for one in self._last_s if one.of == who.of]
        self._end(earlier)
        with self._lock:
            if len(self._last_s) >= MOST_AT_ONCE:
                return False
            self._last_s[who] = time.monotonic()
            if not self._is_watched:
                self._is_watched = True
                Thread(target=self._watch, name="live places", daemon=True).start()
            return True

    def stay(self, who: Live) -> bool:
        """Whether the place is still this one's."""
        with self._lock:
            if who in self._last_s:
                self._last_s[who] = time.monotonic()
            return who in self._last_s

    def leave(self, who: Live) -> None:
        with self._lock:
            self._last_s.pop(who, None)

    def end_the_gone(self) -> None:
        """End the sets of those who have sent nothing for too long; waits for a look that is under way."""
        with self._lock:
            now_s = time.monotonic()
            gone = [one for one, last_s in self._last_s.items() if now_s - last_s >= GONE_AFTER_S]
        self._end(gone)

    def _end(self, sets: list[Live]) -> None:
        for one in sets:
            one.end()
            self.leave(one)

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOKED_AFTER_EVERY_S)
            self.end_the_gone()
            with self._lock:
                if not self._last_s:
                    self._is_watched = False
                    return

    def __len__(self) -> int:
        return len(self._last_s)


_PLACES = _Places()


@dataclass(eq=False)
class Live:
    """One tab's set; what was said is numbered, so that the browser says each thing once."""

    of: str
    """The visitor."""
    session: Session | None = None
    answer: dict[str, Any] = field(default_factory=dict)
    analysis: Analysis | None = None
    ended: bool = False
    """Whether a set has been done, be it without a result."""
    activity: str = ""
    set_id: str = ""
    problem: InputError | None = None
    n_said: int = 0
    lock: RLock = field(default_factory=RLock)
    """The set of a tab that was closed is ended on another thread than that which looks at its pictures."""

    def begin(self, options: Options) -> None:
        """A new set, if there is a place. A problem is told with the next answer."""
        with self.lock:
            self.leave()
            self.set_id = uuid4().hex
            self.analysis, self.ended, self.problem, self.activity = None, False, None, options.activity
        # without the lock: it may wait for another tab's set, which may be waiting for this one
        has_place = _PLACES.take(self)
        with self.lock:
            if not has_place:
                self.answer = {"state": "busy"}
                return
            try:
                self.session = Session(options)
            except InputError as problem:
                _PLACES.leave(self)
                self.problem = problem

    def look(self, sent: dict[str, Any], lang: Lang) -> None:
        """One picture of the browser."""
        with self.lock:
            self._look(sent, lang)

    def _look(self, sent: dict[str, Any], lang: Lang) -> None:
        if self.session is None or not _PLACES.stay(self):
            self.end()  # what was seen so far is told
            self.answer = {"state": "lost"}
            return
        try:
            number, at_s = int(sent["n"]), float(sent["at_s"])
            image = from_jpeg(base64.b64decode(str(sent["jpeg"]), validate=True))
            seen = self.session.look(image, at_s)
            self.answer = self._answer(seen, image.shape[1], image.shape[0], number, lang)
            if seen.over:
                self.end()
                self.answer = {"state": _OVER[seen.over]}
        except (ArithmeticError, KeyError, TypeError, ValueError):
            self.problem = InputError("unreadable_video")
            self.leave()
        except InputError as problem:
            self.problem = problem
            self.leave()

    def end(self) -> None:
        """The set is over: what a clip of it would have told."""
        with self.lock:
            if self.session is not None:
                self.analysis, self.ended = self.session.end(), True
                self.answer = {"state": "over"}
            self.leave()

    def leave(self) -> None:
        """Give network and place back."""
        with self.lock:
            session, self.session = self.session, None
            if session is not None:
                session.close()
                _PLACES.leave(self)

    def _answer(self, seen: Seen, width_px: int, height_px: int, n: int, lang: Lang) -> dict[str, Any]:
        self.n_said += bool(seen.say)
        return {
            "state": "on",
            "seen": n,
            "points": [] if seen.person is None else _points(seen.person.xy_px, width_px, height_px),
            "count": seen.count,
            "held_s": round(seen.held_s, 1),
            "unseen": seen.unseen,
            "note": _note(seen, lang),
            "said": self.n_said,
            "say": [{"kind": r.kind, "words": r.words.get(lang)} for r in seen.say],
        }


def leave_live() -> None:
    """Whoever goes to another part of the page stands before the camera no more."""
    if "live_of" in st.session_state:
        st.session_state["live_of"].leave()


def show_live(visitor: str, lang: Lang, answers: Answers | None) -> None:
    """Choose an exercise, stand before the camera, be counted; below, what the set was like."""
    st.subheader(word("live_title", lang), anchor=False)
    st.write(word("live_how", lang))
    live = _live(visitor)
    names = coached()
    cards = load_activity_cards()
    activity = pick(text("activity", lang), names, lambda name: text(f"activity_{name}", lang), lang, "live_activity")
    if activity == "hip_lift":
        pick(word("mode", lang), MODES, lambda mode: word(f"mode_{mode}", lang), lang, "live_mode")
    st.caption(cards[activity].film.get(lang))
    rule = ruled_out(_options(lang, answers))
    if rule is not None:
        live.leave()
        why = plain(rule.because.get(lang))
        st.warning(text("exercise_ruled_out", lang, why=why), icon=":material/warning:")
        return
    if cards[activity].exercises:
        st.caption(_stop(activity).get(lang))

    if live.session is not None and live.activity != activity:
        live.leave()
        live.answer = {"state": "over"}

    @st.fragment
    def before_the_camera() -> None:
        web_component("live", "fcl")(
            key="live",
            data={
                "lang": lang,
                "side_px": SIDE_PX,
                "quality": QUALITY,
                "is_hold": cards[activity].is_hold,
                "lines": _lines(),
                "words": {**words_for(_WORDS, lang), "live_unseen": text("live_unseen", lang)},
                "answer": live.answer,
                "problem": "" if live.problem is None else sentence(live.problem, lang),
            },
            on_event_change=_on_event(live, lang, answers),
        )
        if live.session is None and live.ended:
            _told(live.analysis, live.set_id, lang)

    before_the_camera()


def _on_event(live: Live, lang: Lang, answers: Answers | None) -> Any:
    @whole
    def on_event() -> None:
        sent = st.session_state["live"].get("event")
        if not isinstance(sent, dict):
            return
        kind = sent.get("kind")
        if kind == "begin":
            live.answer = {"state": "ready"}
            live.begin(_options(lang, answers))
        elif kind == "frame":
            live.look(sent, lang)
        elif kind == "end":
            live.end()

    return on_event


def _told(analysis: Analysis | None, set_id: str, lang: Lang) -> None:
    """What the set was like, as of a clip."""
    if analysis is None:
        st.info(word("live_nothing", lang))
        return
    from formcheck.ui.results import show_findings  # plots take a moment to load

    n = sum(rep.complete for rep in analysis.reps)
    held_s = max((hold.end_s - hold.start_s for hold in analysis.holds), default=0.0)
    name = text(f"activity_{analysis.activity}", lang)
    what = word("live_sum_held", lang, n=f"{held_s:.0f}") if analysis.holds and not n else word("live_sum", lang, n=n)
    st.html(f'<p class="fc-head"><b class="fc-clip">{escape(name)}</b><br>{escape(what)}</p>')
    show_findings(analysis, lang)
    offer_log(analysis, set_id, lang)
    st.caption(word("live_kept", lang))


def _note(seen: Seen, lang: Lang) -> str:
    if seen.slow:
        return word("live_slow", lang)
    return "" if seen.problem is None else sentence(seen.problem, lang)


def _stop(activity: str) -> Text:
    return load_exercises()[load_activity_cards()[activity].exercises[0]].stop


def _options(lang: Lang, answers: Answers | None) -> Options:
    activity = picked("live_activity", lang, coached()[0])
    mode: Literal["auto", "full", "gentle"] = picked("live_mode", lang, MODES[0]) if activity == "hip_lift" else "auto"
    return Options(activity=activity, mode=mode, lang=lang, answers=answers)


def _points(xy_px: Any, width_px: int, height_px: int) -> list[list[float]]:
    """(33, 2) in shares of the picture."""
    return [[round(float(x) / width_px, 4), round(float(y) / height_px, 4)] for x, y in xy_px]


@cache
def _lines() -> list[list[int]]:
    """Pairs of landmarks to draw a line between."""
    along = [[INDEX[f"{side}_{a}"], INDEX[f"{side}_{b}"]] for side in ("left", "right") for a, b in _LINES]
    return along + [[INDEX[f"left_{name}"], INDEX[f"right_{name}"]] for name in _ACROSS]


def _live(visitor: str) -> Live:
    """This tab's set, which stays also where the connection is lost for a moment."""
    live: Live = st.session_state.setdefault("live_of", Live(visitor))
    return live
