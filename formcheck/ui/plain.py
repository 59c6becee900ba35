"""The clip without drawings, as any browser plays it, made while the result is already being read.

Its pictures are those of the annotated clip, at the same times and in the same size: what the player draws over it lies
where it belongs, also where the file as it was filmed would be turned, in another codec, or not played at all.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.records import Analysis, InputError, Stopped
from formcheck.ui.afterwards import Afterwards

if TYPE_CHECKING:
    from formcheck.annotate import HeadLook

_WAITING = 3
_log = logging.getLogger(__name__)


class PlainClip:
    """Writes ``target`` from ``source`` in a thread of its own."""

    def __init__(self, source: Path, target: Path, analysis: Analysis | None = None) -> None:
        """Faces are hidden where ``analysis`` says so."""
        self._source, self._target, self._analysis = source, target, analysis
        self._stop = threading.Event()
        self._afterwards = Afterwards()
        self._thread = threading.Thread(target=self._run, name="plain clip", daemon=True)
        self._thread.start()

    @property
    def path(self) -> Path | None:
        """The finished file; None while it is being made, and where it could not be."""
        return self._target if self._afterwards.ended and self._target.is_file() else None

    @property
    def pending(self) -> bool:
        """Whether it is worth asking again."""
        return not self._afterwards.ended

    def stop(self) -> None:
        """Leave it; nothing half-written stays."""
        self._stop.set()

    def remove(self) -> None:
        """Stop, and remove the file once nobody writes it any more."""
        self.stop()
        self.then(lambda: self._target.unlink(missing_ok=True))

    def then(self, action: Callable[[], None]) -> None:
        """Do ``action`` once the thread no longer touches any file; at once if it has ended."""
        self._afterwards.then(action)

    def wait(self, timeout_s: float) -> bool:
        """Whether it has ended within that time."""
        self._thread.join(timeout_s)
        return self._afterwards.ended

    def _run(self) -> None:
        try:
            self._write()
        except Stopped:
            pass
        except (InputError, OSError):
            if not self._stop.is_set():
                _log.warning("the clip without drawings could not be made", exc_info=True)
        finally:
            self._afterwards.end()

    def _write(self) -> None:
        from formcheck.annotate import hiding  # only now: the page is to be there soon
        from formcheck.annotated_clip import DRAWN_SIDE_PX
        from formcheck.video import VideoWriter, ahead, behind, read_planar

        looks = self._looks()
        with ahead(read_planar(self._source, max_side_px=DRAWN_SIDE_PX), _WAITING, "decode") as frames:
            first = next(frames)
            height, width = first.planes.luma.shape
            hide = hiding(self._analysis, looks, width)
            with (
                VideoWriter(self._target, width, height, matrix=first.planes.matrix) as writer,
                behind(writer.write_planar, _WAITING, "encode") as write,
            ):
                for frame in chain([first], frames):
                    self._goes_on(0.0)
                    hide(frame.planes, frame.time_s)
                    write(frame)

    def _looks(self) -> Sequence[HeadLook]:
        """For the heads of others, where they are to be hidden."""
        if self._analysis is None or not self._analysis.blur_face:
            return ()
        from formcheck.bystanders import head_looks

        return head_looks(self._source, self._goes_on)

    def _goes_on(self, _share: float) -> None:
        if self._stop.is_set():
            raise Stopped
