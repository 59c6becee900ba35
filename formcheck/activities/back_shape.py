"""How the lower back arches or rounds during an exercise, as the outline of the back tells it: an indication.

The model of ``lumbar.py`` was trained on rendered runners. Held against rendered exercises it follows the back where
the back is seen and the trunk is upright or bent forward; it does not where the floor or the arms hide it, nor between
two postures as unlike as standing and half kneeling (``docs/accuracy_exercises.md``). Only differences within one clip
mean anything: the outline has no zero.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.exercise_signals import trunk_length_px, with_series
from formcheck.lumbar import SMALL_PERSON_TRUNK_PX, estimated
from formcheck.records import Back, BoolArray, Note, PoseTrack, Signals
from formcheck.repair import low_pass
from formcheck.skeleton import SIDES, index_of

TOLD_OF = frozenset({"single_leg_deadlift", "bird_dog", "forward_bend"})
"""In these the outline followed the back of rendered people; squats and stretches: ``back_bend.py``."""
SLOW_HZ = 1.0
SEEN_FOR = 0.7
"""Of the looks."""
MOST_MISFIT = 1.9
"""Against what the rendered runners do; clothes and an outline that is no back's give more. In a single-leg deadlift
with more, a back rounded by 30 degrees came out as arched by 15."""
MOST_ON_ALL_FOURS = 2.5
"""There those with up to 2.4 were told as well as the others."""
MOST_FOLDED = 12.0
"""The same where the whole back folds, as in no bodies learnt from; its rounding was told within 13 degrees."""
FEWEST_LOOKS = 20
SQUARE_BELOW = 0.24
"""Distance of the shoulders in the picture, trunk lengths: up to 0.20 on people rendered up to 13 deg off square, 0.27
to 0.29 on filmed ones who turned visibly toward the camera."""


def is_square(pose: PoseTrack) -> bool:
    """Whether the camera looks at the person's side, so that the outline runs along the middle of the back."""
    left, right = (pose.xy_px[:, index_of(side, "shoulder")] for side in SIDES)
    wide = np.linalg.norm(left - right, axis=1) / trunk_length_px(pose.xy_px)
    return bool(np.nanmedian(wide) <= SQUARE_BELOW) if np.isfinite(wide).any() else False


def with_back_shape(signals: Signals, pose: PoseTrack, activity: str) -> Signals:
    """The signals with ``back_deg``, arched +, without a zero, or why the outline tells nothing (``Signals.back``).

    How unlike a runner's the back may be depends on the activity: in a forward bend all of it rounds.
    """
    if not (pose.outline_qpx[:, 0, 0] >= 0).any():
        return replace(signals, back=Back(Note("needs_outline")))
    looks = estimated(pose)
    inside = (looks.time_s >= signals.time_s[0] - 1e-6) & (looks.time_s <= signals.time_s[-1] + 1e-6)
    seen: BoolArray = inside & np.isfinite(looks.lumbar_deg)
    if seen.sum() < max(FEWEST_LOOKS, SEEN_FOR * inside.sum()):
        return replace(signals, back=Back(Note("back_hidden")))
    if trunk_length_px(pose.xy_px) < SMALL_PERSON_TRUNK_PX:
        return replace(signals, back=Back(Note("back_too_small")))
    most = {"forward_bend": MOST_FOLDED, "bird_dog": MOST_ON_ALL_FOURS}.get(activity, MOST_MISFIT)
    if looks.misfit > most:
        return replace(signals, back=Back(Note("back_unlike")))
    raw = np.interp(signals.time_s, looks.time_s[seen], looks.lumbar_deg[seen])
    told = with_series(signals, back_deg=low_pass(raw, SLOW_HZ, signals.rate_hz))
    return replace(told, back=Back(None, int(seen.sum())))
