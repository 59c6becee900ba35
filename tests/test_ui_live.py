"""What a browser may send to the camera's part of the page, and who gets a place there."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from test_coach import Nobody

from formcheck.analysis import Options
from formcheck.live.session import Session
from formcheck.ui import live as page
from formcheck.ui.live import GONE_AFTER_S, MOST_AT_ONCE, Live


def picture(width: int = 320, height: int = 240) -> str:
    file = io.BytesIO()
    Image.new("RGB", (width, height)).save(file, "JPEG")
    return base64.b64encode(file.getvalue()).decode()


def sent(**other: Any) -> dict[str, Any]:
    return {"kind": "frame", "n": 1, "at_s": 0.5, "jpeg": picture()} | other


@pytest.fixture
def trained() -> Iterator[Live]:
    """Somebody before the camera, with a place."""
    live = Live("somebody")
    assert page._PLACES.take(live)
    live.session = Session(Options(activity="hip_lift"), Nobody())
    yield live
    live.leave()


def places() -> int:
    return len(page._PLACES)


def test_a_picture_is_answered_by_its_number(trained: Live) -> None:
    trained.look(sent(n=7), "ja")
    assert (trained.answer["state"], trained.answer["seen"], trained.answer["points"]) == ("on", 7, [])
    assert trained.problem is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"jpeg": "%%%"},
        {"jpeg": base64.b64encode(b"no picture").decode()},
        {"jpeg": None},
        {"jpeg": picture(20, 20)},
        {"at_s": "soon"},
        {"at_s": "nan"},
        {"at_s": "inf"},
        {"at_s": None},
        {"n": []},
        {"n": "1e9999"},
        {"n": float("inf")},
        {"at_s": 10**400},
    ],
    ids=str,
)
def test_anything_else_ends_the_set_with_a_sentence_and_gives_the_place_back(
    trained: Live, wrong: dict[str, Any]
) -> None:
    before = places()
    trained.look(sent(**wrong), "en")
    assert trained.problem is not None
    assert trained.session is None
    assert places() == before - 1
    trained.look(sent(), "en")  # nobody looks any more
    assert trained.session is None


def test_a_camera_turned_in_the_middle_of_a_set_ends_it_with_what_was_counted(trained: Live) -> None:
    trained.look(sent(), "en")
    trained.look(sent(at_s=0.7, jpeg=picture(240, 320)), "en")
    assert trained.answer["state"] == "on", "nothing had been counted"
    assert trained.session is not None
    trained.session._coach.count = 3
    trained.look(sent(at_s=0.9, jpeg=picture(240, 320)), "en")
    trained.look(sent(at_s=1.1), "en")
    assert trained.answer == {"state": "turned"}
    assert trained.ended
    assert trained.problem is None
    assert trained.session is None


def test_places_are_few_and_the_set_of_who_sends_nothing_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    places = page._Places()
    now_s = [1000.0]
    monkeypatch.setattr("formcheck.ui.live.time.monotonic", lambda: now_s[0])
    sets = [Live(f"visitor {n}") for n in range(MOST_AT_ONCE + 2)]
    assert [places.take(one) for one in sets[: MOST_AT_ONCE + 1]] == [True] * MOST_AT_ONCE + [False]
    places.leave(sets[0])
    sets[-1].session = Session(Options(activity="hip_lift"), Nobody())
    assert places.take(sets[-1])
    now_s[0] += GONE_AFTER_S - 1
    assert places.stay(sets[-1])
    now_s[0] += 2
    places.end_the_gone()
    assert places.take(sets[0]), "the other has sent nothing for too long"
    assert places.stay(sets[-1])
    assert not places.stay(sets[1])
    now_s[0] += GONE_AFTER_S + 1
    places.end_the_gone()
    assert len(places) == 0
    assert sets[-1].ended
    assert sets[-1].session is None, "its network is not kept for a tab that sleeps"


def test_a_visitor_has_one_set(trained: Live) -> None:
    anew, before = Live(trained.of), places()
    assert page._PLACES.take(anew), "the page was loaded anew"
    assert places() == before
    assert trained.ended
    assert trained.session is None
    anew.leave()
    page._PLACES.leave(anew)


def test_whoever_is_gone_makes_room_without_anybody_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "GONE_AFTER_S", 0.05)
    monkeypatch.setattr(page, "_LOOKED_AFTER_EVERY_S", 0.02)
    places, gone = page._Places(), Live("somebody")
    gone.session = Session(Options(activity="hip_lift"), Nobody())
    assert places.take(gone)
    until_s = time.monotonic() + 20.0
    while len(places) and time.monotonic() < until_s:
        time.sleep(0.02)
    assert len(places) == 0
    assert gone.ended


def test_without_a_place_nothing_is_looked_at(trained: Live) -> None:
    page._PLACES.leave(trained)
    trained.look(sent(), "en")
    assert trained.answer == {"state": "lost"}
    assert trained.ended
    assert trained.session is None
