"""What a click sets off is done whole, whatever the browser asks for meanwhile."""

from __future__ import annotations

import io
import time
from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.runtime.state.session_state import SessionState

from formcheck.analysis import Options
from formcheck.ui import whole as module
from formcheck.ui.job import Line
from formcheck.ui.visit import Visit
from formcheck.ui.whole import whole


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> SafeSessionState:
    """Streamlit's own state of a visit whose browser asks for another run all the time."""

    def asks() -> None:
        raise RerunException(RerunData())

    state = SafeSessionState(SessionState(), asks)
    monkeypatch.setattr(module, "get_script_run_ctx", lambda **_: SimpleNamespace(session_state=state))
    return state


def test_a_callback_ends_what_it_began(hasty: SafeSessionState) -> None:
    def act(value: int) -> int:
        hasty["first"] = value
        hasty["second"] = hasty["first"] + 1
        return value

    with pytest.raises(RerunException):
        act(1)
    assert whole(act)(1) == 1
    assert hasty.filtered_state == {"first": 1, "second": 2}


def test_afterwards_the_browser_is_heard_again(hasty: SafeSessionState) -> None:
    @whole
    def fails() -> None:
        inner()
        hasty["first"] = 1
        raise ZeroDivisionError

    @whole
    def inner() -> None:
        hasty["inner"] = 0

    with pytest.raises(ZeroDivisionError):
        fails()
    assert hasty.filtered_state == {"inner": 0, "first": 1}
    with pytest.raises(RerunException):
        hasty["second"] = 2


def test_without_a_page_it_is_just_called() -> None:
    assert whole(lambda: 3)() == 3


def test_each_of_several_clips_is_told_of_also_where_one_fails_before_the_next_is_sent_off() -> None:
    visit, names = Visit(Line(1)), ["a.mp4", "b.mp4", "c.mp4"]
    try:
        visit.begin_anew()
        for name in names:
            visit.analyse(visit.keep(name, io.BytesIO()), Options())
            _until_quiet(visit)
        assert [failure.name for failure in visit.failures] == names
        visit.begin_anew()
        assert visit.failures == []
    finally:
        visit.close()


def _until_quiet(visit: Visit) -> None:
    deadline_s = time.monotonic() + 30
    while visit.job is not None:
        assert time.monotonic() < deadline_s
        time.sleep(0.01)
