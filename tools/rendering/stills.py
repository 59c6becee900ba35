"""Single pictures of many bodies whose postures have nothing to do with one another: what the back's model learns from.

In a running clip the arch of the back goes with thigh, trunk and arms, so whoever sees these can guess it. Here lumbar
extension, trunk lean, both thighs, both arms, turns and rolls are drawn independently; the pelvis then follows from
trunk lean and lumbar extension, as it must. Each body has a standing shape of its own (more or less arched and rounded
than the mesh's) which no picture tells; the truth is relative to it. NumPy only; everything from ``SEED``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .bench import Gait, Row, parametric
from .body import Build
from .camera import Camera, fov_for_fill
from .clothes import Outfit
from .motion import RecordedMotion, arm_rotations
from .pose import SIDES, SPINE, Dimensions, Pose, joints, sole_points
from .recorded import SPEEDS_MPS, STARTS_S, TUNING_RUNNERS, Recorded, drawn_upper, recorded_motion
from .room import Colour, Room
from .rotations import Array, about_x, about_y, about_z, blend
from .running import Runner
from .running_steps import PELVIC_DROP_LATE, PELVIS_TURN_LATE
from .trunk import BEND_SHARES, TURN_SHARES

SEED = 51210
CLOTHES = ("bare", "tight", "usual", "loose", "flapping", "long")
HELD_OUT_CLOTHES = ("flapping", "long")
"""Only ever on bodies kept back."""
WIDE_ARMS_BELOW = 120
"""Bodies of lower numbers swing arms and trunk as wide as joints allow: most of their backs are partly covered."""
STRIDES_FROM = 240
"""Bodies from this number on are caught at moments of running strides; only back and lean are drawn for themselves."""
REAL_STRIDES_FROM = 2000
"""Bodies from this number on are caught in strides of real runners: pelvis and thighs turn and roll as theirs do."""
SIZE_PX = (416, 600)
FILL = 0.76
SKINS: tuple[Colour, ...] = ((236, 196, 170), (222, 172, 138), (198, 148, 112), (150, 102, 72), (96, 64, 46))
HAIRS: tuple[Colour, ...] = ((24, 20, 18), (70, 44, 28), (120, 84, 44), (176, 146, 96), (150, 148, 146))
LUMBAR_DEG, LEAN_DEG = (-15.0, 25.0), (-4.0, 18.0)


@dataclass(frozen=True)
class Person:
    """One body in one outfit, room and camera, with the shape of its spine when standing."""

    number: int
    held_out: bool
    clothes: str
    build: Build
    outfit: Outfit
    room: Room
    camera: Camera
    own_arch_deg: float
    own_rounding_deg: float
    bend_shares: tuple[float, ...]


def held_out(number: int) -> bool:
    """Every fifth body is kept back from training."""
    return number % 5 == 4


def person(number: int) -> Person:
    """The body of that number."""
    rng = np.random.default_rng([SEED, number])
    kept_back = held_out(number)
    kinds = CLOTHES if kept_back else tuple(kind for kind in CLOTHES if kind not in HELD_OUT_CLOTHES)
    clothes = str(rng.choice(kinds))
    build = _build(rng)
    dark = rng.random() < 0.2
    return Person(
        number,
        kept_back,
        clothes,
        build,
        outfit_of(rng, clothes, build.gender, dark),
        _room(rng, dark),
        _camera(rng, build.height_cm / 100.0),
        own_arch_deg=float(rng.normal(0.0, 5.0)),
        own_rounding_deg=float(rng.normal(2.0, 5.0)),
        bend_shares=_bend_shares(rng),
    )


def _build(rng: np.random.Generator) -> Build:
    gender = float(rng.choice([0.0, 1.0])) if rng.random() < 0.8 else float(rng.uniform(0, 1))
    return Build(
        float(rng.normal(178.0 - 13.0 * gender, 7.0)),
        gender=gender,
        age=float(rng.uniform(0.5, 0.85)),
        muscle=float(rng.uniform(0.3, 0.85)),
        weight=float(rng.uniform(0.2, 0.85)),
        proportions=float(rng.uniform(0.3, 0.8)),
        height=float(rng.uniform(0.35, 0.65)),
    )


def outfit_of(rng: np.random.Generator, clothes: str, gender: float, dark: bool = False) -> Outfit:
    """An outfit of one of the kinds of CLOTHES, colours and cuts drawn."""
    skin = SKINS[int(rng.integers(len(SKINS)))]
    loose = clothes in ("loose", "flapping")
    shirt_loose = {"bare": (0.0, 0.0), "tight": (0.001, 0.006), "usual": (0.007, 0.016), "long": (0.012, 0.022)}
    hem = {"bare": (0.03, 0.05), "long": (-0.13, -0.09), "loose": (-0.06, -0.03), "flapping": (-0.07, -0.03)}
    tights = clothes in ("bare", "tight") and rng.random() < 0.5
    low, high = (14, 48) if dark else (25, 245)
    hair = HAIRS[int(rng.integers(len(HAIRS)))]
    top = skin if gender <= 0.5 else hair  # "bare" is a short top for women
    return Outfit(
        skin=skin,
        hair_colour=hair,
        hair="long" if gender > 0.5 else "short",
        shirt=top if clothes == "bare" else _colour(rng, low, high),
        shorts=_colour(rng, 14, 48) if dark or rng.random() < 0.6 else _colour(rng, 40, 200),
        shoes=_colour(rng, 60, 250),
        socks=(36, 36, 38) if rng.random() < 0.5 else (235, 235, 235),
        sleeve=float(rng.choice([0.12, 0.55, 0.65, 0.75])),
        shirt_loose_m=float(rng.uniform(*shirt_loose.get(clothes, (0.020, 0.034)))),
        shirt_hem_m=float(rng.uniform(*hem.get(clothes, (-0.04, 0.01)))),
        shorts_loose_m=float(rng.uniform(0.03, 0.045) if loose else 0.003 if tights else rng.uniform(0.005, 0.022)),
        shorts_length=float(rng.uniform(0.7, 0.92) if loose else 1.85 if tights else rng.uniform(0.35, 0.7)),
        flap_m=float(rng.uniform(0.010, 0.022)) if clothes == "flapping" else 0.0,
    )


def _colour(rng: np.random.Generator, low: int, high: int) -> Colour:
    red, green, blue = (int(v) for v in rng.integers(low, high, 3))
    return red, green, blue


def _grey(rng: np.random.Generator, low: int, high: int) -> Colour:
    red, green, blue = (int(v) for v in np.clip(rng.uniform(low, high) + rng.uniform(-16, 16, 3), 0, 255))
    return red, green, blue


def _room(rng: np.random.Generator, dark: bool) -> Room:
    return Room(
        wall=_grey(rng, 34, 60) if dark else _grey(rng, 120, 230),
        wall_low=_grey(rng, 28, 50) if dark else _grey(rng, 70, 180),
        floor=_grey(rng, 30, 60) if dark else _grey(rng, 70, 150),
        machine=_grey(rng, 34, 90),
        trim=_colour(rng, 40, 230),
        style=str(rng.choice(["panels", "brick", "plain", "gym"])),
        light=float(rng.uniform(0.42, 0.6)) if dark else float(rng.uniform(0.75, 1.15)),
        warm=float(rng.uniform(-0.6, 0.9)),
        noise=4.0 if dark else float(rng.choice([0.0, 1.5, 3.0])),
        seed=int(rng.integers(1000)),
        handrail=bool(rng.random() < 0.15),
        neighbour=bool(rng.random() < 0.15),
    )


def _camera(rng: np.random.Generator, height_m: float) -> Camera:
    camera = Camera(
        str(rng.choice(["left", "right"])),
        distance_m=float(rng.uniform(2.6, 6.0)),
        height_m=float(rng.uniform(0.5, 1.4)),
        aim_height_m=0.5 * height_m,
        aim_x_m=float(rng.uniform(-0.05, 0.12)),
        yaw_deg=float(rng.uniform(-10.0, 10.0)),
        roll_deg=float(rng.normal(0.0, 0.7)),
        width_px=SIZE_PX[0],
        height_px=SIZE_PX[1],
    )
    return replace(camera, fov_deg=fov_for_fill(camera, height_m, FILL))


def _bend_shares(rng: np.random.Generator) -> tuple[float, ...]:
    """Which joints of the back bend more differs between people."""
    steps = np.diff([0.0, *BEND_SHARES[:4]]) * rng.uniform(0.5, 1.5, 4)
    return (*(float(v) for v in np.cumsum(steps / steps.sum())), 1.0)


# ----------------------------------------------------------------------------------------------------- postures


@dataclass(frozen=True)
class Posture:
    """One still: angles in degrees with the signs of the truth file; pairs are left, right."""

    lumbar_deg: float
    lean_deg: float
    thigh_deg: tuple[float, float]
    knee_deg: tuple[float, float]
    upper_arm_deg: tuple[float, float]
    elbow_deg: tuple[float, float]
    outward_deg: tuple[float, float]
    pelvis_turn_deg: float
    pelvis_roll_deg: float
    ribs_turn_deg: float
    ribs_roll_deg: float
    rounding_deg: float
    gaze_deg: float
    lift_m: float
    time_s: float


def posture(rng: np.random.Generator, wide: bool = False) -> Posture:
    """A posture of a runner (mostly), of someone standing, or of neither; the back's bend is drawn for itself."""
    kind = rng.choice(["run", "stand", "any"], p=[0.7, 0.15, 0.15])
    standing = kind == "stand"

    def two(low: float, high: float) -> tuple[float, float]:
        return float(rng.uniform(low, high)), float(rng.uniform(low, high))

    thigh, knee = two(-60.0, 35.0), two(0.0, 110.0)
    if kind == "run":
        behind, ahead = float(rng.uniform(-10.0, 35.0)), float(rng.uniform(-50.0, 10.0))
        bent = float(rng.uniform(8.0, 55.0)), float(rng.uniform(15.0, 120.0))
        swap = rng.random() < 0.5
        thigh, knee = ((ahead, behind), bent[::-1]) if swap else ((behind, ahead), bent)
    if standing:
        thigh, knee = two(-7.0, 7.0), two(0.0, 9.0)
    hanging = standing and rng.random() < 0.7
    turn = (0.3 if standing else 1.0) * (1.0 if wide else 0.65)
    forward = not wide and rng.random() < 0.65  # both elbows beside or before the trunk, so that the back is seen
    return Posture(
        float(rng.uniform(*LUMBAR_DEG)),
        float(rng.uniform(-4.0, 6.0) if standing else rng.uniform(*LEAN_DEG)),
        thigh,
        knee,
        two(-12.0, 22.0) if hanging else two(-42.0, 12.0) if forward else two(-42.0, 68.0),
        two(4.0, 30.0) if hanging else two(55.0, 118.0),
        two(4.0, 22.0),
        float(turn * rng.uniform(-12.0, 12.0)),
        float(turn * rng.uniform(-7.0, 7.0)),
        float(turn * rng.uniform(-14.0, 14.0)),
        float(turn * rng.uniform(-5.0, 5.0)),
        float(rng.normal(0.0, 2.0)),
        float(rng.uniform(-8.0, 18.0)),
        float(rng.uniform(0.0, 0.10)),
        float(rng.uniform(0.0, 10.0)),
    )


def standing(rng: np.random.Generator, lumbar_deg: float) -> Posture:
    """Somebody who stands quietly and bends the back by so much; trunk, arms and legs sway a little."""

    def two(low: float, high: float) -> tuple[float, float]:
        return float(rng.uniform(low, high)), float(rng.uniform(low, high))

    return Posture(
        lumbar_deg,
        float(rng.uniform(-2.0, 4.0)),
        two(-3.0, 3.0),
        two(0.0, 4.0),
        two(-25.0, -10.0),
        two(20.0, 40.0),
        two(6.0, 14.0),
        *(float(rng.uniform(-1.5, 1.5)) for _ in range(4)),
        0.0,
        float(rng.uniform(-4.0, 8.0)),
        0.0,
        float(rng.uniform(0.0, 10.0)),
    )


def pose_of(p: Posture, who: Person, body: Dimensions) -> Pose:
    """The posture on this body, its lowest sole point ``lift_m`` above the belt."""
    spine, tilt = _spine(p, who, 0.0), 0.0
    for _ in range(2):  # lean follows the pelvis almost one to one
        pose = _assembled(p, spine, tilt)
        tilt += p.lean_deg - _lean_deg(pose, body)
        spine = _spine(p, who, tilt)
    pose = _assembled(p, spine, tilt)
    floor = min(points[..., 2].min() for points in sole_points(pose, body).values())
    return replace(pose, pelvis_m=pose.pelvis_m + np.array([0.0, 0.0, p.lift_m - floor]))


def _lean_deg(pose: Pose, body: Dimensions) -> float:
    at = joints(pose, body)
    up = at["left_shoulder"] + at["right_shoulder"] - at["left_hip"] - at["right_hip"]
    return float(np.degrees(np.arctan2(up[0, 0], up[0, 2])))


def _spine(p: Posture, who: Person, tilt: float) -> dict[str, Array]:
    one = np.ones(1)
    out = {"pelvis": about_z(p.pelvis_turn_deg * one) @ about_y(tilt * one) @ about_x(p.pelvis_roll_deg * one)}
    arch = p.lumbar_deg + who.own_arch_deg
    for i, (name, bend, turn) in enumerate(zip(SPINE, who.bend_shares, TURN_SHARES, strict=True)):
        rounding = (0.0, 0.0, 0.1, 0.45, 1.0)[i] * (p.rounding_deg + who.own_rounding_deg)
        yaw = (1 - turn) * p.pelvis_turn_deg + turn * p.ribs_turn_deg
        roll = (1 - turn) * p.pelvis_roll_deg + turn * p.ribs_roll_deg
        out[name] = about_z(yaw * one) @ about_y((tilt - bend * arch + rounding) * one) @ about_x(roll * one)
    out["head"] = blend(about_y(p.gaze_deg * one), out["spine5"], 0.25)
    return out


def _assembled(p: Posture, spine: dict[str, Array], tilt: float) -> Pose:
    one = np.ones(1)
    rotation = dict(spine)
    for i, side in enumerate(SIDES):
        shank = -p.thigh_deg[i] - p.knee_deg[i]
        foot = about_y((p.thigh_deg[i] + 0.6 * p.knee_deg[i]) * one)
        rotation |= {
            f"{side}_thigh": about_y(p.thigh_deg[i] * one),
            f"{side}_shank": about_y(-shank * one),
            f"{side}_foot": foot,
            f"{side}_toes": foot,
        }
        arms = arm_rotations(
            side, p.upper_arm_deg[i] * one, p.elbow_deg[i] * one, p.ribs_turn_deg * one, outward_deg=p.outward_deg[i]
        )
        rotation |= arms
    return Pose(p.time_s * one, np.zeros((1, 3)), rotation, p.lumbar_deg * one, tilt * one)


# ------------------------------------------------------------------------------------------------------- strides


def runner(who: Person, body: Dimensions, rng: np.random.Generator) -> Runner:
    """A running motion for this body; drawn again until leg length, speed and contact go together."""
    while True:
        gait = Gait(
            float(rng.uniform(154, 188)),
            float(rng.uniform(2.3, 4.0)),
            float(rng.uniform(0.14, 0.30)),
            float(rng.uniform(-5, 18)),
            float(rng.uniform(0, 12)),
            float(rng.uniform(1, 6)),
            trail_share=float(rng.uniform(0.58, 0.68)),
        )
        row = Row("still", "tuning", (who.build.height_cm, 0.0, 0.0, 0.0), gait, who.camera.side)
        params = replace(
            parametric(row, rng),
            arm_middle_deg=float(rng.uniform(4.0, 26.0)),
            elbow_deg=float(rng.uniform(70.0, 112.0)),
            pelvis_turn_deg=float(rng.uniform(2.0, 9.0)),
            ribs_turn_deg=float(rng.uniform(4.0, 13.0)),
            pelvis_turn_late=float(rng.normal(*PELVIS_TURN_LATE)),
            pelvic_drop_deg=float(rng.uniform(0.7, 4.0)),
            pelvic_drop_late=float(rng.normal(*PELVIC_DROP_LATE)),
        )
        try:
            return Runner(params, body, 1.0)
        except ValueError:
            continue


def running_of(who: Person, body: Dimensions, rng: np.random.Generator) -> Runner | RecordedMotion | None:
    """What this body runs like in its stills; None for one in postures of any kind."""
    if who.number < STRIDES_FROM:
        return None
    return runner(who, body, rng) if who.number < REAL_STRIDES_FROM else _real_runner(body, rng)


def _real_runner(body: Dimensions, rng: np.random.Generator) -> RecordedMotion:
    source = Recorded(
        str(rng.choice(TUNING_RUNNERS)),
        float(rng.choice(SPEEDS_MPS)),
        round(float(rng.uniform(*STARTS_S)), 3),
        drawn_upper(rng),
    )
    return recorded_motion(source, body, 1.0)


def pose_in_stride(p: Posture, who: Person, body: Dimensions, running: Runner | RecordedMotion, time_s: float) -> Pose:
    """Legs, arms and turns of a moment of running; back and lean of the posture."""
    p = replace(p, **_turns(running, time_s))
    spine = {"pelvis", "head", *SPINE}
    limbs = {name: turn for name, turn in running.pose(np.array([time_s])).rotation.items() if name not in spine}
    pose = pose_of(p, who, body)
    pose = replace(pose, rotation=pose.rotation | limbs)
    floor = min(points[..., 2].min() for points in sole_points(pose, body).values())
    return replace(pose, pelvis_m=pose.pelvis_m + np.array([0.0, 0.0, p.lift_m - floor]))


def _turns(running: Runner | RecordedMotion, time_s: float) -> dict[str, float]:
    """How pelvis and ribs are turned and rolled at that moment of running, degrees."""
    return {name: float(turn[0]) for name, turn in running.turns(np.array([time_s])).items()}
