"""The back in quiet standing, told on the scale of the same person's running: their own zero, and their own range.

Standing and running are read together, as looks of one person, by the model of ``lumbar.py``; so what differs between
them is told, not what either is. Somebody who stands as usual, then arches and flattens the back on purpose and holds
each for a second or two, shows their own range too: how much of it the push-off uses needs no degrees to be true.

Between postures as unlike as standing and running the landmarks of hips and shoulders shift a little, so the zero is
off by several degrees (``accuracy_standing.toml``), which more looks do not mend. Within standing the range is told
better. It stops being true where the clothes of the two differ, and for a back that hands or arms hide.
"""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from formcheck.legs import sort_legs
from formcheck.lumbar import MOST_LOOKS, LookEstimates, estimate_looks, evenly, fit_cycle, load_model
from formcheck.outline import BackLine, back_line, faces_right
from formcheck.records import BackAtRest, FloatArray, PoseTrack

MOST_LOOKS_AT_REST = 150
FEWEST_LOOKS, SEEN_SHARE = 10, 0.5
"""At rest; of fewer, or of a smaller share of them, nothing is told."""
USUAL_FOR_S = 1.5
"""From the beginning: who also arches and flattens stands as usual first."""
HELD_S = 1.0
"""An arch counts where it is held so long."""
LEAST_RANGE_DEG = 8.0
"""Between flattest and most arched: less is the swaying of somebody who stands."""


def back_at_rest(running: PoseTrack, standing: PoseTrack) -> BackAtRest | None:
    """How the back is held in standing; None where the outline tells too little of standing or of running."""
    phase = sort_legs(running.time_s, running.xy_px).phase
    if phase is None or not (standing.outline_qpx[:, 0, 0] >= 0).any():
        return None
    run, rest = evenly(running, MOST_LOOKS), evenly(standing, MOST_LOOKS_AT_REST)
    at = np.interp(run.time_s, running.time_s, phase)
    line = _joined(back_line(run, faces_right(running.xy_px)), back_line(rest, faces_right(standing.xy_px)))
    xy_px = np.concatenate([run.xy_px, rest.xy_px])
    expected: FloatArray | None = None
    for _ in range(2):  # the second time knowing about where the back is, as ``stride_cycles``
        looks = estimate_looks(line, xy_px, load_model(), expected)
        cycle = fit_cycle(at, _first(looks, len(at)))
        if cycle is None:
            return None
        own = looks.lumbar_deg[len(at) :] - cycle.waves[0]
        expected = np.concatenate([cycle.at(at), np.nan_to_num(own)])
    return _told(rest.time_s, own)


def _joined(first: BackLine, second: BackLine) -> BackLine:
    """Two lines of one person, one after the other."""
    return BackLine(*(np.concatenate([getattr(line, f.name) for line in (first, second)]) for f in fields(BackLine)))


def _first(looks: LookEstimates, n: int) -> LookEstimates:
    return LookEstimates(looks.time_s[:n], looks.lumbar_deg[:n], looks.sd_deg[:n], looks.back[:n], looks.misfit)


def _told(time_s: FloatArray, own_deg: FloatArray) -> BackAtRest | None:
    """From lumbar extension at every look of standing (n,)."""
    seen = np.isfinite(own_deg)
    time_s, own_deg = time_s[seen], own_deg[seen]
    if len(own_deg) < max(FEWEST_LOOKS, SEEN_SHARE * len(seen)):
        return None
    first = own_deg[time_s < time_s[0] + USUAL_FOR_S]
    held = np.array([np.median(own_deg[np.abs(time_s - t) <= HELD_S / 2]) for t in time_s])
    usual, flattest, most = float(np.median(first)), float(held.min()), float(held.max())
    if most - flattest < LEAST_RANGE_DEG:
        return BackAtRest(float(np.median(own_deg)))
    return BackAtRest(usual, flattest, most)
