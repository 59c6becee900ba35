"""Make the model of the back: lumbar extension from the outline of the person's mask.

    python tools/train_lumbar.py stills --bodies 320      # render, look with the product's own network, keep masks
    python tools/train_lumbar.py stills --first 2000 --bodies 70             # the same in strides of real runners
    python tools/train_lumbar.py lines                    # whole back and front of stills in strides, arms left out
    python tools/train_lumbar.py fit                      # outlines -> models compared -> models/lumbar_back.npz
    python tools/train_lumbar.py front --write            # the same with the front -> models/lumbar_front.npz
    python tools/train_lumbar.py arching                  # people who stand flat, as usual and arched on purpose
    python tools/train_lumbar.py clips                    # runners to test it on: bodies and motions kept back

All but ``fit`` need the extra packages of ``tools/render_clips.py`` beside those of formcheck; what is made lies in
``.bench/lumbar`` (or below FORMCHECK_BENCH_DIR), a body's pictures are made once. ``fit`` writes the comparison into
``docs/lumbar.md``, too. Everything follows from the seed in ``rendering/stills.py``.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]

from rendering.bench import bench_folder  # noqa: E402  (found by the line above)

STILLS_A_BODY = 24
NETWORKS = ("heavy", "full")
ARCHING_BODIES = (604, 609, 614, 619, 624, 629, 634, 639)
ARCHED_DEG, LOOKS_EACH = (-8.0, 0.0, 10.0), 4
LEARNT_CLOTHES = ("bare", "tight", "usual")
"""Loose clothes show no back to learn from."""


def folder() -> Path:
    """Where the stills lie."""
    return bench_folder() / "lumbar"


# ------------------------------------------------------------------------------------------------------- stills


def make_stills(first: int, bodies: int) -> None:
    """Render and look at the bodies which are not there yet; of those in real strides only what is learnt from."""
    from rendering.stills import REAL_STRIDES_FROM, person

    folder().mkdir(parents=True, exist_ok=True)
    started = time.time()
    for number in range(first, first + bodies):
        who = person(number)
        if number >= REAL_STRIDES_FROM and (who.held_out or who.clothes not in LEARNT_CLOTHES):
            continue
        target = folder() / f"body_{number:04d}.npz"
        if not target.exists():
            made = _stills_of(number)
            partial = target.with_suffix(".part.npz")
            np.savez_compressed(partial, **made)
            partial.rename(target)
            print(f"{target.name}: {time.time() - started:.0f} s", flush=True)


def _stills_of(number: int) -> dict[str, np.ndarray]:
    """One body: masks (n, networks, 256, 256), landmarks, squares and the truth of its stills."""
    from rendering.body import make_body
    from rendering.clothes import dress
    from rendering.scene import Scene
    from rendering.stills import SEED, WIDE_ARMS_BELOW, person, pose_in_stride, pose_of, posture, running_of
    from rendering.truth import angles

    who = person(number)
    body = make_body(who.build)
    scene = Scene(body, dress(body, who.outfit), who.camera, who.room, 0.0, 1.25)
    rng = np.random.default_rng([SEED, number, 1])
    running = running_of(who, body.dimensions, rng)
    rows: list[dict[str, np.ndarray]] = []
    for _ in range(STILLS_A_BODY):
        drawn = posture(rng, number < WIDE_ARMS_BELOW)
        if running:
            pose = pose_in_stride(drawn, who, body.dimensions, running, float(rng.uniform(0.0, 1.0)))
        else:
            pose = pose_of(drawn, who, body.dimensions)
        picture = _filmed(scene.expose([pose]), rng)
        seen = _looked_at(picture, _square(pose, who, body, rng))
        if seen is not None:
            rows.append(seen | {name: track[0] for name, track in angles(pose, body.dimensions).items()})
    scene.close()
    about = {"number": number, "held_out": who.held_out, "clothes": who.clothes, "yaw_deg": who.camera.yaw_deg}
    about |= {"facing_right": who.camera.side == "right", "handrail": who.room.handrail}
    about |= {f"build_{name}": value for name, value in asdict(who.build).items()}
    stacked = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    return stacked | {name: np.array(value) for name, value in about.items()}


def make_lines() -> None:
    """Whole back and front of the stills in strides, without their arms: nothing is drawn."""
    from rendering.back_lines import back_lines
    from rendering.stills import STRIDES_FROM, person

    for stills in sorted(folder().glob("body_[0-9][0-9][0-9][0-9].npz")):
        number, target = int(stills.stem[5:]), stills.with_name(stills.name.replace("body", "line"))
        if number >= STRIDES_FROM and person(number).clothes in LEARNT_CLOTHES and not target.exists():
            partial = target.with_suffix(".part.npz")
            back, front = back_lines(number, stills).swapaxes(0, 1)
            np.savez_compressed(partial, back=back, front=front)
            partial.rename(target)
            print(target.name, flush=True)


def make_arching() -> None:
    """Looks at people kept back who stand flat, as usual and arched on purpose, swaying a little."""
    for number in ARCHING_BODIES:
        target = folder() / f"arch_{number:04d}.npz"
        if not target.exists():
            np.savez_compressed(target, **_arching_of(number))
            print(target.name, flush=True)


def _arching_of(number: int) -> dict[str, np.ndarray]:
    """Masks, landmarks and the truth of every look at one person."""
    from dataclasses import replace

    from rendering.body import make_body
    from rendering.clothes import dress
    from rendering.scene import Scene
    from rendering.stills import SEED, person, pose_of, standing

    who = person(number)
    body = make_body(who.build)
    scene = Scene(body, dress(body, who.outfit), who.camera, replace(who.room, handrail=False), 0.0, 1.25)
    rng = np.random.default_rng([SEED, number, 5])
    rows = []
    for arch_deg in ARCHED_DEG:
        for _ in range(LOOKS_EACH):
            pose = pose_of(standing(rng, arch_deg), who, body.dimensions)
            picture = _filmed(scene.expose([pose]), rng)
            seen = _looked_at(picture, _square(pose, who, body, rng))
            if seen is not None:
                rows.append(seen | {"lumbar_extension_deg": np.array(arch_deg)})
    scene.close()
    about = {"number": number, "held_out": who.held_out, "clothes": who.clothes}
    about |= {"facing_right": who.camera.side == "right"}
    stacked = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    return stacked | {name: np.array(value) for name, value in about.items()}


def _filmed(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The picture a little out of focus and compressed, as a phone's is."""
    import cv2

    sigma = float(rng.uniform(0.0, 0.9))
    if sigma > 0.3:
        picture = cv2.GaussianBlur(picture, (0, 0), sigma)
    _, code = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(55, 96))])
    return np.ascontiguousarray(cv2.imdecode(code, cv2.IMREAD_COLOR)[..., ::-1])


def _square(pose, who, body, rng: np.random.Generator):
    """The square a clip of this person would be looked at with: about as in ``pose/steady_crop.py``."""
    from rendering.pose import joints

    from formcheck.pose.steady_crop import MARGIN, Crop

    at = {name: who.camera.project(points)[0] for name, points in joints(pose, body.dimensions).items()}
    up = np.array([0.0, 0.0, body.dimensions.height])
    top, floor = who.camera.project(np.stack([up, 0 * up]))
    height = float(np.hypot(*(top - floor)))
    side = MARGIN * 0.97 * height * float(rng.uniform(0.95, 1.10))
    x = 0.25 * sum(at[f"{s}_{j}"][0] for s in ("left", "right") for j in ("shoulder", "hip"))
    off = rng.uniform(-1.0, 1.0, 2) * [0.05, 0.02]
    return Crop(float(x + off[0] * side), float((top[1] + floor[1]) / 2 + off[1] * side), side)


_FINDERS: dict = {}


def _looked_at(picture: np.ndarray, crop) -> dict[str, np.ndarray] | None:
    """Masks and landmarks of every network; None where one sees nobody."""
    from formcheck.pose.steady_crop import SteadyCropPose, landmark_network, shift_of

    crop = crop.shifted(*shift_of(picture))
    found = []
    for network in NETWORKS:
        if network not in _FINDERS:
            _FINDERS[network] = SteadyCropPose(network, landmark_network(network), crop)
        found.append(_FINDERS[network].look(picture, crop))
    if any(look is None for look in found):
        return None
    return {
        "mask": np.stack([np.rint(255 * look.mask).astype(np.uint8) for look in found]),
        "xy_input": np.stack([look.xy_input for look in found]).astype(np.float32),
        "visibility": np.stack([look.visibility for look in found]),
        "square": np.array([crop.x_px, crop.y_px, crop.side_px]),
    }


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tasks = parser.add_subparsers(dest="task", required=True)
    stills = tasks.add_parser("stills")
    stills.add_argument("--first", type=int, default=0)
    stills.add_argument("--bodies", type=int, default=300)
    tasks.add_parser("fit").add_argument(
        "--dry", action="store_true", help="print, write neither model nor docs/lumbar.md"
    )
    tasks.add_parser("lines")
    front = tasks.add_parser("front", help="the model of back and front, and what it is compared to")
    front.add_argument("--write", action="store_true", help="the model, and the tables into docs/lumbar.md")
    tasks.add_parser("arching")
    tasks.add_parser("clips")
    args = parser.parse_args()
    if args.task == "stills":
        make_stills(args.first, args.bodies)
    elif args.task == "lines":
        make_lines()
    elif args.task == "arching":
        make_arching()
    elif args.task == "front":
        from lumbar_front import fit_front

        fit_front(folder(), args.write)
    elif args.task == "fit":
        from lumbar_fit import fit

        fit(folder(), write=not args.dry)
    else:
        from rendering.lumbar_clips import (
            clips_after,
            clips_fresh,
            clips_more,
            clips_newest,
            clips_tuning,
            clips_unseen,
            lumbar_clips,
            make_clips,
        )

        for name, made in (
            ("clips", lumbar_clips),
            ("clips_after", clips_after),
            ("clips_tuning", clips_tuning),
            ("clips_fresh", clips_fresh),
            ("clips_more", clips_more),
            ("clips_unseen", clips_unseen),
            ("clips_newest", clips_newest),
        ):
            make_clips(folder() / name, made())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
