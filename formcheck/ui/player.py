"""The player on the page: one clip to go through frame by frame, or two in step. See ``web/player.js``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from streamlit.runtime import get_instance

from formcheck.cards import Lang
from formcheck.records import Analysis, InputError
from formcheck.texts import text
from formcheck.ui.web_component import web_component
from formcheck.ui.words import words_for

_WORDS = (
    *(f"player_{name}" for name in (
        "name", "controls", "play", "pause", "frame_back", "frame_on", "moment_back", "moment_on", "speed", "times",
        "where", "moments", "curve", "layers", "keys", "clock", "doubtful", "failed", "plain_soon", "of_side",
    )),
    *(f"layer_{name}" for name in ("saved", "none", "near", "far", "trunk", "angles", "outline")),
    *(f"angle_{name}_deg" for name in ("curve", "trunk_lean", "trunk_side_lean", "knee_flexion", "thigh", "shank")),
    *(f"band_{name}" for name in ("left", "right", "rep", "hold")),
    *(f"moment_{kind}" for kind in (
        "contact", "midstance", "toe_off", "rep_start", "rep_top", "rep_end", "hold_start", "hold_end",
    )),
)  # fmt: skip


def clip_for_player(
    analysis: Analysis, annotated: Path | None, plain: Path | None, key: str, lang: Lang, name: str = ""
) -> dict[str, Any]:
    """One clip as the player wants it; its files are served to this visitor for as long as the page shows them.

    Either file may be missing, not both. Raises InputError where it cannot be read.
    """
    from formcheck.ui.tracks import block_of, story_of  # only now: the page is to be there soon
    from formcheck.video import probe

    either = annotated or plain
    if either is None:
        raise InputError("not_a_video")
    times_s = probe(either).times.time_s / analysis.video.slow_motion
    block = block_of(analysis, times_s)
    return {
        "clip": None if annotated is None else served(str(annotated), "video/mp4", f"{key}-clip"),
        "plain": None if plain is None else served(str(plain), "video/mp4", f"{key}-plain"),
        "tracks": served(block.data, "application/octet-stream", f"{key}-tracks"),
        "parts": block.parts,
        "story": story_of(analysis),
        "name": name,
        "label": text("annotated_clip", lang),
    }


def first_moment_s(analysis: Analysis) -> float:
    """What is shown before anybody has played anything: the first key moment says more than the first frame."""
    near = analysis.signals.near_side
    first = min(analysis.key_moments, key=lambda m: (m.side != near, m.time_s), default=None)
    return 0.0 if first is None else round(first.time_s, 4)


def show_player(
    name: str,
    clips: list[dict[str, Any]],
    lang: Lang,
    seek: dict[str, Any] | None = None,
    anchors: list[tuple[float, float]] | None = None,
) -> None:
    """Mount the player ``name``; ``anchors`` are moments of the first clip and the same of the second (s)."""
    sides = {f"side_{side}": text(f"side_{side}", lang) for side in ("left", "right")}
    data = {
        "name": name,
        "lang": lang,
        "clips": clips,
        "words": words_for(_WORDS, lang) | sides,
        "seek": seek,
        "anchors": anchors,
    }
    web_component("player", "fcp")(key=f"player_{name}", data=data)


def served(path_or_data: str | bytes, kind: str, place: str) -> str:
    """Address of a file on this page's own server, for this visitor, until a run of the page does not ask for it."""
    address: str = get_instance().media_file_mgr.add(path_or_data, kind, f"formcheck-{place}")
    return address
