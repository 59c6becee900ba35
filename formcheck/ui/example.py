"""The result of a sample, made once for the whole server while visitors still read: something to see at once.

Nobody's own clip is in it, so everybody may see it. It is made only while no visitor's analysis waits: such a one stops
it within a frame, and it begins again afterwards. ``FORMCHECK_EXAMPLE=no`` leaves it out.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import threading
import time
import weakref
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from formcheck.analysis import Options, analyze_video, write_results
from formcheck.cards import LANGS, Lang
from formcheck.records import Analysis, InputError, Stopped
from formcheck.ui.job import SERVER_LINE, Line
from formcheck.ui.plain import PlainClip
from formcheck.ui.samples import Sample, samples

SWITCH = "FORMCHECK_EXAMPLE"
PREFIX = "formcheck-example-"
_AGAIN_AFTER_S = 2.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shown:
    """The sample's result in one language."""

    sample: Sample
    analysis: Analysis
    folder: Path
    plain: PlainClip


class Example:
    """Analyses ``sample`` in a thread of its own and draws it in both languages, the asked-for one first."""

    def __init__(self, sample: Sample, first: Lang, line: Line = SERVER_LINE) -> None:
        self._sample, self._line = sample, line
        self._langs = (first, *(lang for lang in LANGS if lang != first))
        self._folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self._remove = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._shown: dict[Lang, Shown] = {}
        self._given_up = False
        threading.Thread(target=self._run, name="example", daemon=True).start()

    def shown(self, lang: Lang) -> Shown | None:
        """The result in this language, or None while there is none."""
        return self._shown.get(lang)

    @property
    def pending(self) -> bool:
        """Whether it is worth asking again."""
        return len(self._shown) < len(LANGS) and not self._given_up

    def _run(self) -> None:
        while self.pending:
            try:
                with self._line.turn(self, lambda: False):
                    self._make()
            except Stopped:
                time.sleep(_AGAIN_AFTER_S)  # a visitor's own clip goes first
            except (InputError, OSError):
                _log.warning("the sample could not be analysed", exc_info=True)
                self._given_up = True
            except Exception:
                _log.exception("the sample could not be analysed")
                self._given_up = True

    def _make(self) -> None:
        clip = self._sample.path
        first = next(iter(self._shown.values()), None)
        analysis = first.analysis if first else self._analysed()
        plain = first.plain if first else PlainClip(clip, self._folder / "plain.mp4")
        for lang in self._langs:
            if lang not in self._shown:
                folder = write_results(analysis, clip, self._folder / lang, lang, should_stop=self._others_wait)
                self._shown[lang] = Shown(self._sample, analysis, folder, plain)

    def _analysed(self) -> Analysis:
        analysis = analyze_video(self._sample.path, Options(), should_stop=self._others_wait)
        return replace(analysis, video=replace(analysis.video, name=self._sample.path.name))

    def _others_wait(self) -> bool:
        return self._line.waiting > 0


def example_of(lang: Lang) -> Example | None:
    """This server's example; None where there is no sample, or it is not wanted."""
    return _example(lang) if os.environ.get(SWITCH, "yes") != "no" and samples() else None


@cache
def _begun() -> list[Example]:
    return []


_lock = threading.Lock()


def _example(lang: Lang) -> Example:
    with _lock:
        if not _begun():
            _begun().append(Example(samples()[0], lang))
        return _begun()[0]
