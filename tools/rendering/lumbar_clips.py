"""Runners to test the back's model on: bodies, outfits and motions that no still was made of.

Each body runs three times with the same legs, arms and trunk lean; only who pays for the push-off differs: lumbar
extension grows by a drawn amount from midstance to toe-off, by 4 and by 7 degrees more, and the pelvis takes the rest.
Some run once more with the first amount before another camera, in another outfit and room.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from .body import make_body
from .clip import render
from .recorded import SPEEDS_MPS, STARTS_S, TUNING_RUNNERS, Recorded, drawn_upper
from .samples import Clip
from .stills import CLOTHES, FILL, SEED, Person, outfit_of, person, runner

FIRST_BODY, N_BODIES, N_TWICE = 904, 12, 6
MORE_DEG = (0.0, 4.0, 7.0)
CLOTHES_IN_TURN = ("usual", "tight", "usual", "loose", "usual", "flapping")
FRAME_RATE_HZ, DURATION_S = 20.0, 4.5
FIRST_AFTER, N_AFTER, AFTER_MORE_DEG = 964, 8, (0.0, 6.0)
"""Bodies rendered after reading, model and limits had been settled."""
AFTER_CLOTHES = ("usual", "tight", "tight", "usual")
FIRST_FRESH, N_FRESH, FRESH_MORE_DEG = 1204, 14, (0.0, 5.0)
"""Bodies rendered for, and looked at after, the joint reading of the whole clip."""
FIRST_TUNING, N_TUNING, TUNING_MORE_DEG = 1301, 12, (0.0, 5.0)
TUNING_CLOTHES = ("usual", "tight", "usual", "tight", "loose", "usual")
"""Bodies to choose limits on: none of those kept back, and none of which a still was made."""

FIRST_MORE, N_MORE, MORE_TUNING_DEG = 1402, 40, (0.0, 2.0, 4.0)
"""Further bodies to choose on, each running once, every other one as a real runner of the bench's tuning group."""
FIRST_UNSEEN, N_UNSEEN, UNSEEN_MORE_DEG = 1702, 28, (0.0, 3.0, 6.0)
UNSEEN_RUNNERS = ("RBDS020", "RBDS022", "RBDS024", "RBDS028")
"""Bodies rendered when the outline's edges, the model and the reading had been settled, and looked at once; every other
one moves as a real runner kept back."""


FIRST_NEWEST, N_NEWEST, NEWEST_MORE_DEG, NEWEST_RATE_HZ = 1842, 28, (0.0, 2.0, 4.0), 30.0
"""The same once more, nothing chosen on them; filmed as often as a phone does: at 20 pictures a second too few strides
are clean enough to tell of."""


def _dressed(who: Person, clothes: str, seed: int) -> Person:
    rng = np.random.default_rng([SEED, who.number, seed])
    return replace(who, clothes=clothes, outfit=outfit_of(rng, clothes, who.build.gender))


def _clip(name: str, who: Person, more_deg: float, look: Person) -> Clip:
    """``who`` runs, filmed and dressed as ``look``."""
    rng = np.random.default_rng([SEED, who.number, 7])
    change = float(rng.uniform(-1.0, 7.0))
    params = replace(
        runner(who, make_body(who.build).dimensions, rng).params,
        lumbar_extension_deg=0.5 * -change,
        lumbar_extension_change_deg=change + more_deg,
    )
    return Clip(
        name,
        f"{look.clothes}, {more_deg:+.0f} deg",
        who.build,
        look.outfit,
        params,
        look.camera,
        replace(look.room, handrail=False),
        duration_s=DURATION_S,
        frame_rate_hz=FRAME_RATE_HZ,
        fill=FILL,
        finer=1.0,
        preset="fast",
    )


def lumbar_clips() -> list[tuple[Clip, dict[str, object]]]:
    """All clips, each with what its truth says on top."""
    made = []
    for i in range(N_BODIES):
        clothes = CLOTHES_IN_TURN[i % len(CLOTHES_IN_TURN)]
        assert clothes in CLOTHES
        number = FIRST_BODY + 5 * i
        who = _dressed(person(number), clothes, 2)
        for more in MORE_DEG:
            clip = _clip(f"body_{number}_{more:.0f}", who, more, who)
            made.append((clip, {"body": number, "more_deg": more, "clothes": clothes, "again": False}))
        if clothes != "flapping" and i < N_TWICE + 1:
            other = replace(person(number + 1000), number=number)
            look = _dressed(other, "tight" if clothes == "usual" else "usual", 3)
            clip = _clip(f"body_{number}_again", who, 0.0, look)
            made.append((clip, {"body": number, "more_deg": 0.0, "clothes": look.clothes, "again": True}))
    return made


def clips_after() -> list[tuple[Clip, dict[str, object]]]:
    """Clips of further bodies, each running twice."""
    return _each_twice(FIRST_AFTER, N_AFTER, AFTER_CLOTHES, AFTER_MORE_DEG)


def clips_fresh() -> list[tuple[Clip, dict[str, object]]]:
    """Clips of yet other bodies kept back, every other one with more given by the back."""
    made = _each_twice(FIRST_FRESH, N_FRESH, AFTER_CLOTHES, FRESH_MORE_DEG)
    return [made[2 * i + i % 2] for i in range(N_FRESH)]


def clips_tuning() -> list[tuple[Clip, dict[str, object]]]:
    """Clips to tune on, each body running twice."""
    return _each_twice(FIRST_TUNING, N_TUNING, TUNING_CLOTHES, TUNING_MORE_DEG)


def clips_more() -> list[tuple[Clip, dict[str, object]]]:
    """Further clips to tune on, each of another body, with none, some or more given by the back in turn."""
    return _some_real(FIRST_MORE, N_MORE, MORE_TUNING_DEG, TUNING_RUNNERS)


def clips_unseen() -> list[tuple[Clip, dict[str, object]]]:
    """Clips of bodies, outfits and motions that nothing was chosen on."""
    return _some_real(FIRST_UNSEEN, N_UNSEEN, UNSEEN_MORE_DEG, UNSEEN_RUNNERS)


def clips_newest() -> list[tuple[Clip, dict[str, object]]]:
    """The same, later."""
    made = _some_real(FIRST_NEWEST, N_NEWEST, NEWEST_MORE_DEG, UNSEEN_RUNNERS)
    return [(replace(clip, frame_rate_hz=NEWEST_RATE_HZ), more) for clip, more in made]


def _some_real(
    first: int, bodies: int, more_degs: tuple[float, ...], runners: tuple[str, ...]
) -> list[tuple[Clip, dict[str, object]]]:
    """Each body running once, every other one as one of the real runners."""
    made = []
    for i in range(bodies):
        number, clothes = first + 5 * i, TUNING_CLOTHES[i % len(TUNING_CLOTHES)]
        who = _dressed(person(number), clothes, 2)
        more = more_degs[i % len(more_degs)]
        clip = _clip(f"body_{number}_{more:.0f}", who, more, who)
        if i % 2:
            clip = replace(clip, recorded=_real_runner(runners, i // 2, np.random.default_rng([SEED, number, 8])))
        made.append((clip, {"body": number, "more_deg": more, "clothes": clothes, "again": False}))
    return made


def _real_runner(runners: tuple[str, ...], i: int, rng: np.random.Generator) -> Recorded:
    """The i-th of the runners at the i-th of the speeds, from any moment on; the upper body drawn for itself."""
    return Recorded(
        runners[i % len(runners)],
        SPEEDS_MPS[i % len(SPEEDS_MPS)],
        round(float(rng.uniform(*STARTS_S)), 3),
        drawn_upper(rng),
    )


def _each_twice(
    first: int, bodies: int, clothes_in_turn: tuple[str, ...], more_degs: tuple[float, ...]
) -> list[tuple[Clip, dict[str, object]]]:
    made = []
    for i in range(bodies):
        number, clothes = first + 5 * i, clothes_in_turn[i % len(clothes_in_turn)]
        who = _dressed(person(number), clothes, 2)
        for more in more_degs:
            clip = _clip(f"body_{number}_{more:.0f}", who, more, who)
            made.append((clip, {"body": number, "more_deg": more, "clothes": clothes, "again": False}))
    return made


def make_clips(folder: Path, clips: list[tuple[Clip, dict[str, object]]]) -> None:
    """Render what is not there yet."""
    started = time.time()
    for clip, more in clips:
        if not (folder / f"{clip.name}.truth.json").exists():
            render(clip, folder, more=more)
            print(f"{clip.name}: {time.time() - started:.0f} s", flush=True)
