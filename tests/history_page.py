"""The page with a visit on it, run without a browser, and what its history holds then."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from formcheck.cards import Lang
from formcheck.guidance import read_answers
from formcheck.history import analyses, people
from formcheck.history.database import History
from formcheck.ui.asking import Check
from formcheck.ui.visit import Visit

ROOT = Path(__file__).resolve().parent.parent
LOCAL = people.LOCAL


def page(visit: Visit, lang: Lang = "ja", area: str = "clip", settled: bool = True) -> AppTest:
    """The page as it first stands, in one of its areas; ``settled``: the safety check is done."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["visit"], app.session_state["lang"], app.session_state["area"] = visit, lang, area
    app.session_state["check"] = Check(settled, read_answers({"age": 34, "pain": "none", "signs": []}))
    return ran(app.run())


def ran(app: AppTest) -> AppTest:
    """The page, which has met no exception."""
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """Everything there is to read."""
    found = []
    for node in app.main:
        values = [getattr(node, name, None) for name in ("label", "help", "caption", "value", "options")]
        texts = [v for value in values for v in (value if isinstance(value, list) else [value])]
        found += [v for v in texts if isinstance(v, str) and not v.lstrip().startswith("<style")]
    return re.sub(r"<[^>]+>", "\n", "\n".join(found))


def names_in(history: History) -> list[str]:
    """Everybody who is kept."""
    with history.reading() as session:
        return [person.name for person in people.listed(session, LOCAL)]


def kept_of(history: History, name: str) -> list[Any]:
    """Somebody's kept analyses, newest first."""
    with history.reading() as session:
        return list(analyses.listed(session, people.find(session, LOCAL, name)))


def kept_for_somebody_new(visit: Visit, name: str, with_clip: bool = False, lang: Lang = "ja") -> AppTest:
    """The page after its result was kept for a new name."""
    app = page(visit, lang)
    app.text_input(key="keep_name").set_value(name)
    if with_clip:
        app.checkbox(key="keep_clip").check()
    return ran(app.button(key="keep").click().run())


def finish(app: AppTest) -> None:
    """Wait until no job runs, and run the page once more."""
    deadline_s = time.monotonic() + 30
    while app.session_state["visit"].job is not None:
        assert time.monotonic() < deadline_s
        time.sleep(0.1)
    ran(app.run())
