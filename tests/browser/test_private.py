"""The server's own calls while it analyses a visitor's clip: not one goes beyond this machine."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from formcheck.texts import text

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, expect
from visitors import ANALYSIS_MS, browser, clips, served, visitor

__all__ = ["browser", "clips"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace"),
]
ADDRESS = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')


def test_the_server_asks_nobody(browser: Browser, clips: tuple[Path, Path], tmp_path: Path) -> None:
    """Not even for an address, whatever proxy the user has set; the browser's own calls are in the other tests."""
    trace = tmp_path / "trace"
    calls = ["-e", "trace=connect,sendto,sendmmsg,sendmsg", "-o", str(trace)]
    watch = ["strace", "-D", "-f", "-qq", "--seccomp-bpf", *calls]
    with served(tmp_path, watch, NO_PROXY="*", no_proxy="*") as (host, _):
        one, context = visitor(browser, host, "ja-JP")
        one.upload(clips[0])
        shown = one.page.get_by_role("heading", name=text("findings", "ja"), exact=True)
        expect(shown).to_be_visible(timeout=2 * ANALYSIS_MS)
        context.close()
    seen = {v4 or v6 for v4, v6 in ADDRESS.findall(trace.read_text())}
    assert "127.0.0.1" in seen, "the watch was on"
    assert seen <= {"127.0.0.1", "::1"}
