"""Signing in through a real OpenID provider on this machine: two of a practice, each with people of their own."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from formcheck.history import people
from formcheck.history.database import open_history
from formcheck.history.place import Place
from formcheck.texts import text
from formcheck.ui import app_path, streamlit_arguments
from formcheck.ui.words import word

pytest.importorskip("playwright", reason="playwright is not installed")
pytest.importorskip("authlib", reason="sign-in is not installed (pip install 'formcheck[practice]')")
from oidc_provider import CLIENT_ID, CLIENT_SECRET, NAMES, provider
from playwright.sync_api import Browser, BrowserContext, Page, expect
from visitors import ARTIFACTS, ROOT, browser, wait_until_healthy

__all__ = ["browser"]
pytestmark = pytest.mark.browser

SECRETS = """[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "{cookie}"
client_id = "{client}"
client_secret = "{secret}"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
"""


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Place]]:
    """A page whose secrets ask for sign-in: its address, the provider's, and where things are kept."""
    folder = tmp_path_factory.mktemp("practice")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with provider() as issuer, (folder / "log").open("wb") as log:
        words = {"cookie": secrets.token_hex(16), "client": CLIENT_ID, "secret": CLIENT_SECRET, "issuer": issuer}
        (folder / "secrets.toml").write_text(SECRETS.format(port=port, **words), encoding="utf-8")
        command = [sys.executable, "-m", "streamlit", "run", str(app_path()), f"--server.port={port}"]
        command += [f"--secrets.files={folder / 'secrets.toml'}", *streamlit_arguments()]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "FORMCHECK_DATA": str(folder / "data")}
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"127.0.0.1:{port}", issuer, Place(folder / "data")
        finally:
            process.terminate()
            process.wait(20)


def to_the_people(page: Page, host: str) -> None:
    page.goto(f"http://{host}")
    page.locator(".st-key-area_en").get_by_text(word("area_people", "en"), exact=True).click(timeout=30_000)


def signed_in(browser: Browser, host: str, who: str) -> tuple[BrowserContext, Page, set[str]]:
    """Somebody who came, was asked to sign in, and did."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    page, asked = context.new_page(), set[str]()
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))  # "" is the page's own data: and blob:
    to_the_people(page, host)
    expect(page.get_by_text(text("sign_in_why", "en"))).to_be_visible(timeout=30_000)
    expect(page.get_by_text(text("people_name", "en"), exact=True)).to_have_count(0)
    if who == "mori":
        ARTIFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTIFACTS / "people_sign_in.png")
    page.locator(".st-key-sign_in button").click()
    page.get_by_role("link", name=who, exact=True).click(timeout=30_000)
    to_the_people(page, host)
    expect(page.get_by_text(text("signed_in_as", "en", name=NAMES[who]))).to_be_visible(timeout=30_000)
    return context, page, asked


def test_each_sees_their_own_people_only(browser: Browser, practice: tuple[str, str, Place]) -> None:
    host, issuer, place = practice
    moris, mori, asked = signed_in(browser, host, "mori")
    mori.locator(".st-key-new_person input").fill("Client of Mori")
    mori.locator(".st-key-new_person input").press("Tab")
    mori.locator(".st-key-add_person button").click()
    expect(mori.get_by_text(text("people_added", "en", name="Client of Mori"))).to_be_visible(timeout=30_000)
    mori.screenshot(path=ARTIFACTS / "people_signed_in.png")
    satos, sato, _ = signed_in(browser, host, "sato")
    expect(sato.get_by_text(text("people_none", "en"))).to_be_visible(timeout=30_000)
    assert "Client of Mori" not in sato.content()
    with open_history(place) as history, history.reading() as session:
        assert [p.name for p in people.listed(session, f"{issuer} mori")] == ["Client of Mori"]
        assert people.listed(session, people.LOCAL) == people.listed(session, f"{issuer} sato") == []
    mori.locator(".st-key-sign_out button").click()
    mori.wait_for_timeout(3000)
    to_the_people(mori, host)
    expect(mori.get_by_text(text("sign_in_why", "en"))).to_be_visible(timeout=30_000)
    assert "Client of Mori" not in mori.content()
    assert asked - {""} == {host, issuer.removeprefix("http://")}, "nothing but the page and the provider"
    moris.close()
    satos.close()
