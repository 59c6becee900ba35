"""The runners of ``lumbar_clips.py`` once more, standing: as usual, arched on purpose, flattened.

Same body, outfit, camera and room as in their running, so that what standing tells about running can be held against
the truth. How each stands as usual, and how far each arches, is drawn for itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from .clip import render
from .lumbar_clips import clips_after, lumbar_clips
from .samples import Clip
from .standing import ArchingStand
from .stills import SEED

FRAME_RATE_HZ = 12.0
LASTS_S = 4 * 2.0 + 3 * 0.6


def arching_clips() -> Iterator[Clip]:
    """One clip for each body that runs, named ``body_<number>_standing``."""
    for clip, about in (*lumbar_clips(), *clips_after()):
        if about["more_deg"] == 0.0 and not about["again"]:
            yield _standing(clip, int(str(about["body"])))


def _standing(clip: Clip, number: int) -> Clip:
    rng = np.random.default_rng([SEED, number, 11])
    usual = float(rng.uniform(-6.0, 6.0))
    stand = ArchingStand(
        stand_s=60.0,
        lean_deg=float(rng.uniform(-1.0, 3.0)),
        feet_apart_m=float(rng.uniform(0.14, 0.26)),
        usual_deg=usual,
        arched_deg=usual + float(rng.uniform(8.0, 18.0)),
        flat_deg=usual - float(rng.uniform(4.0, 12.0)),
    )
    return replace(
        clip,
        name=f"body_{number}_standing",
        stand=stand,
        duration_s=LASTS_S,
        frame_rate_hz=FRAME_RATE_HZ,
        crf=20,
    )


def make_arching_clips(folder: Path) -> None:
    """Render what is not there yet."""
    started = time.time()
    for clip in arching_clips():
        if (folder / f"{clip.name}.truth.json").exists():
            continue
        try:
            render(clip, folder)
        except ValueError as error:
            # A leg as straight as this one's cannot reach the strides that follow, though nobody runs here.
            print(f"{clip.name} left out: {error}", flush=True)
        else:
            print(f"{clip.name}: {time.time() - started:.0f} s", flush=True)
