"""The clips that come with formcheck."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from formcheck.cards import Lang
from formcheck.texts import codes, text

_PACKAGE = Path(__file__).parent.parent
_FOLDERS = (_PACKAGE / "sample_videos_data", _PACKAGE.parent / "sample_videos")
"""Where they lie in the installed package, and in a source tree."""


@dataclass(frozen=True)
class Sample:
    """A clip to try the page with."""

    path: Path

    def name(self, lang: Lang) -> str:
        """What a person reads: the sentence ``sample_<file name>`` if there is one, else the file's name."""
        code = f"sample_{self.path.stem}"
        return text(code, lang) if code in codes() else self.path.stem.replace("_", " ").capitalize()


def samples(folders: tuple[Path, ...] = _FOLDERS) -> tuple[Sample, ...]:
    """Every sample clip, runners first and then by file name; none where the clips were not installed."""
    for folder in folders:
        found = folder.glob("*.mp4") if folder.is_dir() else []
        clips = sorted(
            found, key=lambda clip: (not clip.stem.startswith("runner"), "runner" not in clip.stem, clip.stem)
        )
        if clips:
            return tuple(Sample(clip) for clip in clips)
    return ()
