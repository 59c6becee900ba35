"""People in front of the page: a real browser each, what they do, and where they have been."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import av
import pytest

from formcheck.cards import Lang
from formcheck.guidance.told import say
from formcheck.texts import text
from formcheck.ui import app_path, streamlit_arguments
from formcheck.ui.samples import samples
from formcheck.video import VideoWriter, read_frames

pytest.importorskip("playwright", reason="playwright is not installed")
pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent.parent
ARTIFACTS = ROOT / "test-artifacts"
CHROMIUM = Path(os.environ.get("FORMCHECK_CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
WIDTHS = {"wide": 1280, "phone": 390}
LANGS: tuple[Lang, ...] = ("ja", "en")
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
ENGLISH = re.compile(r"\b[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}\b")
FILE_NAME = re.compile(r"[\w.-]+\.(?:mp4|mov|webm|zip|txt|trc|mot)(?![A-Za-z0-9])")
OWN_NAMES = re.compile(
    r"formcheck|English|OpenSim|Sports2D|MP4 MOV M4V WEBM AVI GIF MKV|Shift|(?<![A-Za-z])[A-Z0-9]{2,5}(?![A-Za-z])"
)
HEARD = """() => [...document.querySelectorAll('[data-testid=stMain] *')].flatMap(
  e => ['aria-label', 'title', 'placeholder', 'alt'].map(name => e.getAttribute(name))).filter(Boolean)"""
SETTLED = """() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
  && !document.querySelector('[data-testid=stSkeleton], [data-stale=true]')"""
STILL = """async () => {
  const clips = [...document.querySelectorAll('.fcp video')];
  const state = () => clips.map(v => `${v.currentSrc} ${v.seeking} ${v.readyState} ${v.currentTime}`).join() +
    [...document.querySelectorAll('.fcp-root')].map(root => root.dataset.t).join();
  const before = state();
  await new Promise(done => setTimeout(done, 250));
  return clips.every(v => !v.seeking && v.readyState >= 2) && state() === before; }"""
ANALYSIS_MS = 240_000
expect.set_options(timeout=30_000)  # Playwright's 5 s are too few where several suites share two cores
SERIOUS = ("serious", "critical")
T = TypeVar("T")


@dataclass
class Visitor:
    """One browser of its own, and where it has been."""

    page: Page
    asked: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("request", lambda request: self._asks(request.url))
        self.page.on("websocket", lambda socket: self._asks(socket.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asks(self, url: str) -> None:
        if not url.startswith(("blob:", "data:")):  # these never leave the page
            self.asked.add(urlsplit(url).netloc)

    def upload(self, path: Path) -> None:
        """Choose a file and press the button."""
        self.choose(path)
        self.page.locator(".st-key-analyse button").click()

    def choose(self, path: Path) -> None:
        """Choose a file; then it only remains to press the button."""
        self.page.locator(".st-key-upload input[type=file]").set_input_files(path)
        # an earlier choice leaves the button enabled: a person waits until the new name is there, and so the server
        expect(self.page.get_by_text(path.name, exact=True).first).to_be_visible(timeout=30_000)
        settled(self.page, 1000)
        expect(self.page.locator(".st-key-analyse button")).to_be_enabled(timeout=30_000)

    def answer(self, lang: Lang) -> None:
        """The safety check of somebody who is well: 34, no pain, no danger sign."""
        expect(self.page.locator(".st-key-analyse_sample button")).to_be_disabled(timeout=60_000)
        self.page.locator(f".st-key-check_age_{lang} input").fill("34")
        self.page.locator(f".st-key-check_age_{lang} input").press("Tab")
        self.page.locator(f".st-key-check_hurts_{lang}").get_by_text(say("no").get(lang), exact=True).click()
        self.page.locator(f".st-key-check_nothing_{lang} label").click()
        done = self.page.locator(".st-key-check_done button")
        expect(done).to_be_enabled(timeout=30_000)
        done.click()
        expect(self.page.locator(".st-key-check_again button")).to_be_visible(timeout=30_000)
        settled(self.page, 1500)

    def switch(self, lang: Lang) -> None:
        """Change the language and wait until the page has changed."""
        self.page.locator(".st-key-lang").get_by_text({"ja": "日本語", "en": "English"}[lang], exact=True).click()
        expect(self.page.get_by_role("heading", name=text("page_title", lang))).to_be_visible(timeout=30_000)
        settled(self.page, 1500)

    def words(self) -> str:
        """Everything there is to read, also what is chosen in a list."""
        chosen = self.page.evaluate("[...document.querySelectorAll('[data-testid=stMain] input')].map(i => i.value)")
        lists = self.page.locator('[data-testid="stSelectbox"]').all_text_contents()
        return "\n".join([self.page.locator('[data-testid="stMain"]').inner_text(), *chosen, *lists])

    def left_over(self, lang: Lang) -> list[str]:
        """What is written, or told to who cannot see it, in the other language."""
        heard = self.page.evaluate(HEARD)
        said = [FILE_NAME.sub("", line) for line in [*self.words().splitlines(), *heard]]
        if lang == "en":
            return [line for line in said if JAPANESE.search(line.replace("日本語", ""))]
        seen = [line for line in said[: len(said) - len(heard)] if ENGLISH.search(OWN_NAMES.sub("", line))]
        told = [OWN_NAMES.sub("", line) for line in said[len(said) - len(heard) :]]
        return seen + [line for line in told if re.search(r"[A-Za-z]{3}", line)]

    def picture(self, name: str) -> None:
        """The whole page, at both widths."""
        for width_name, width in WIDTHS.items():
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.wait_for_timeout(700)
            height = self.page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
            self.page.set_viewport_size({"width": width, "height": min(height + 10, 12_000)})
            self.page.wait_for_timeout(700)
            self.page.screenshot(path=ARTIFACTS / f"page_{name}_{width_name}.png")
        self.page.set_viewport_size({"width": 1280, "height": 900})


def while_there(act: Callable[[], T]) -> T:
    """What ``act`` gives; once more where Streamlit made that part of the page anew between finding and touching it."""
    for _ in range(5):
        try:
            return act()
        except Error as why:
            if "not attached" not in str(why):
                raise
    return act()


def unfold(page: Page, name: str) -> None:
    """Open the fold ``name``, where it is not open yet: a second try of a test finds it as the first left it."""
    inside = _inside(page, name)
    expect(inside).to_be_attached()
    if inside.get_attribute("inert") is not None:
        page.locator(f".st-key-fold_{name} summary").first.click()
    unfolded(page, name)


def unfolded(page: Page, name: str) -> None:
    """The fold ``name`` is open."""
    expect(_inside(page, name)).not_to_have_attribute("inert", re.compile(".*"))


def _inside(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-fold_{name} [data-testid=stExpanderDetails]").first


def portrait(part: Locator, name: str) -> None:
    """A picture of a part of the page to look at; of what there is to be seen where the part has gone meanwhile."""
    try:
        while_there(lambda: part.screenshot(path=ARTIFACTS / name, timeout=10_000))
    except Error:
        part.page.screenshot(path=ARTIFACTS / name)


def settled(page: Page, after_ms: int = 800) -> None:
    """Wait until the page has been made anew: nothing runs on the server, nothing shown is of before."""
    page.wait_for_timeout(after_ms)  # until the server knows of what was done
    page.wait_for_function(SETTLED, timeout=60_000)


def still(page: Page) -> None:
    """Wait until every clip shows the frame that it was sent to, and has stopped there."""
    page.wait_for_function(STILL, timeout=30_000)


def emptied(folders: Iterable[Path], timeout_s: float = 20.0) -> list[str]:
    """What lies in them when there is nothing left, or the time is over: threads that still write end first."""
    until_s = time.monotonic() + timeout_s
    while (left := [path.name for folder in folders for path in folder.iterdir()]) and time.monotonic() < until_s:
        time.sleep(0.2)
    return left


def faults(page: Page) -> list[str]:
    """What axe-core calls serious or critical on the page as it is now: rule, and where."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {[n['target'] for n in v['nodes']][:3]}" for v in found if v["impact"] in SERIOUS]


def visitor(
    browser: Browser, host: str, locale: str, before: Callable[[Page], object] = lambda page: None
) -> tuple[Visitor, BrowserContext]:
    """Somebody new who has answered the questions; ``before`` is done with the page before it is opened."""
    context = browser.new_context(locale=locale, viewport={"width": 1280, "height": 900})
    one = Visitor(context.new_page())
    one.listen()
    before(one.page)
    one.page.goto(f"http://{host}")
    lang: Lang = "ja" if locale.startswith("ja") else "en"
    expect(one.page.get_by_role("heading", name=text("page_title", lang))).to_be_visible(timeout=60_000)
    one.answer(lang)
    return one, context


# Fixtures: a test file imports those it needs.


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server that analyses what visitors bring and nothing else."""
    with served(tmp_path_factory.mktemp("server")) as found:
        yield found


@contextmanager
def served(
    place: Path, watch: Sequence[str] = (), script: Path | None = None, **settings: str
) -> Iterator[tuple[str, Path]]:
    """A server as ``formcheck app`` starts it: from the package, with flags, where no settings file is found.

    ``watch`` is a command that runs the server and looks on; ``script`` is served instead of the page.
    """
    temporary = place / "tmp"
    temporary.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*watch, sys.executable, "-m", "streamlit", "run", str(script or app_path()), f"--server.port={port}"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(temporary),
        "FORMCHECK_DATA": str(place / "data"),
        **settings,
    }
    with (place / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, *streamlit_arguments()], cwd=place, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"127.0.0.1:{port}", temporary
        finally:
            process.terminate()
            process.wait(20)
    assert list(temporary.glob("formcheck-*")) == [], "a server that ends leaves nothing"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.is_file():
        pytest.skip(f"no Chromium at {CHROMIUM}; set FORMCHECK_CHROMIUM to where it is")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def filming(browser: Browser, clip: Path, seen: Path, every: int = 1, times: int = 1) -> Iterator[Browser]:
    """A browser whose camera sees the ``every``-th frame of a clip, each ``times``, at 30 a second, over and over."""
    with read_frames(clip, max_side_px=640) as frames, av.open(str(seen), "w", format="mjpeg") as made:
        stream = None
        for frame in frames:
            if stream is None:
                stream = made.add_stream("mjpeg", rate=30)
                stream.height, stream.width, stream.pix_fmt = *frame.image.shape[:2], "yuvj420p"
            for _ in range(0 if frame.index % every else times):
                made.mux(stream.encode(av.VideoFrame.from_ndarray(frame.image, format="rgb24")))
        assert stream is not None
        made.mux(stream.encode(None))
    arguments = [*ARGUMENTS, f"--use-file-for-fake-video-capture={seen}"]
    one = browser.browser_type.launch(executable_path=CHROMIUM, args=arguments)
    yield one
    one.close()


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same five seconds of a sample, small, under two names."""
    found = samples()
    if not found:
        pytest.skip("no sample clips here")
    folder = tmp_path_factory.mktemp("clips")
    first, second = folder / "anna.mp4", folder / "ben.mp4"
    with read_frames(found[0].path, max_side_px=640, end_s=5.0) as frames:
        frame = next(frames)
        height, width = frame.image.shape[:2]
        with VideoWriter(first, width, height) as writer:
            writer.write(frame.image, frame.time_s)
            for frame in frames:
                writer.write(frame.image, frame.time_s)
    second.write_bytes(first.read_bytes())
    return first, second


def wait_until_healthy(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until the page answers; fails where the server ends or never does."""
    for _ in range(120):
        assert process.poll() is None, "the server ended by itself"
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    pytest.fail("the server did not start")
