"""The clips that ship with the project: who runs, how, in what, filmed from where. Edit here to make others."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .body import Build
from .camera import Camera
from .clothes import Outfit
from .rear_running import RearParams, Sideways
from .recorded import Recorded
from .room import Room
from .running_steps import LegStyle, RunnerParams
from .standing import Stand, askew


@dataclass(frozen=True)
class Clip:
    """One clip. ``fill`` is the share of the picture height the person takes; 0 keeps the camera's own angle.

    ``subframes`` > 1 averages that many pictures over ``shutter_s`` (motion blur). ``finer`` as in ``Scene``.
    ``recorded`` takes the motion of a real runner; of ``params`` only the belt's and the legs' part is then unused.
    ``stand``: quiet standing before the running.
    """

    name: str
    about: str
    build: Build
    outfit: Outfit
    params: RunnerParams
    camera: Camera
    room: Room = field(default_factory=Room)
    duration_s: float = 8.0
    frame_rate_hz: float = 60.0
    fill: float = 0.67
    subframes: int = 1
    shutter_s: float = 1 / 250
    crf: int = 22
    finer: float = 0.0
    preset: str = "medium"
    recorded: Recorded | None = None
    stand: Stand | None = None


def _both(style: LegStyle, **changes: float) -> dict[str, LegStyle]:
    """The same style for both legs, the left one with small differences."""
    return {"right": style, "left": replace(style, **changes)}


GOOD = Clip(
    "runner_right_good",
    "woman, faces right, 172 steps/min, moderate lean, foot close to under the body",
    Build(166, gender=1.0, age=0.58, muscle=0.6, weight=0.40, proportions=0.65),
    Outfit(
        skin=(222, 172, 138), hair_colour=(70, 44, 28), hair="long", shirt=(38, 150, 160), shorts=(34, 36, 48),
        shoes=(240, 110, 60), sleeve=0.55, shorts_length=0.55, shorts_loose_m=0.006, shirt_loose_m=0.010,
    ),
    RunnerParams(
        cadence_spm=172, belt_speed_mps=3.0, landing_slip_share=0.40, trunk_lean_deg=8.0, trunk_lean_swing_deg=1.5,
        lumbar_extension_change_deg=5.0, arm_swing_deg=54, seed=11,
        **_both(
            LegStyle(
                contact_time_s=0.235, overstride_share=0.22, foot_angle_at_contact_deg=5.0,
                knee_flexion_at_contact_deg=16, peak_stance_knee_flexion_deg=45, peak_swing_knee_flexion_deg=103,
                knee_flexion_at_toe_off_deg=14.5, peak_thigh_flexion_deg=33, toe_roll_deg=17,
            ),
            contact_time_s=0.238,
        ),
    ),
    Camera("right", distance_m=4.0, height_m=0.95, aim_height_m=0.86, aim_x_m=0.06),
    Room(seed=1),
)  # fmt: skip

OVERSTRIDE = Clip(
    "runner_left_overstride",
    "heavier man, faces left, 154 steps/min, lands far ahead on the heel with a nearly straight knee",
    Build(179, gender=0.0, age=0.68, muscle=0.5, weight=0.85, proportions=0.45),
    Outfit(
        skin=(233, 188, 160), hair_colour=(60, 52, 46), shirt=(176, 44, 52), shorts=(60, 66, 78),
        shoes=(60, 120, 220), sleeve=0.7, shorts_length=0.72, shorts_loose_m=0.024, shirt_loose_m=0.016,
        socks=(40, 40, 44),
    ),
    RunnerParams(
        cadence_spm=154, belt_speed_mps=3.25, landing_slip_share=0.21, trunk_lean_deg=4.0, trunk_lean_swing_deg=2.0,
        lumbar_extension_change_deg=6.0, arm_swing_deg=48, elbow_deg=88, pelvic_drop_deg=5.0, seed=22,
        **_both(
            LegStyle(
                contact_time_s=0.278, overstride_share=0.325, foot_angle_at_contact_deg=21.0,
                knee_flexion_at_contact_deg=11, peak_stance_knee_flexion_deg=46, peak_swing_knee_flexion_deg=94,
                knee_flexion_at_toe_off_deg=18.5, peak_thigh_flexion_deg=31, toe_out_deg=9, flat_share=0.26,
                toe_roll_deg=20.5,
            ),
            overstride_share=0.335,
        ),
    ),
    Camera("left", distance_m=4.2, height_m=1.0, aim_height_m=0.92, aim_x_m=0.06),
    Room(
        wall=(222, 214, 200), wall_low=(150, 128, 108), floor=(92, 96, 100), machine=(60, 62, 66),
        trim=(60, 130, 200), style="brick", seed=2, warm=0.5,
    ),
)  # fmt: skip

SWAY = Clip(
    "runner_right_sway",
    "man, faces right, trunk pitches back and forth, thigh goes back little, the lower back gives instead",
    Build(172, gender=0.15, age=0.62, muscle=0.62, weight=0.5, proportions=0.5),
    Outfit(
        skin=(124, 82, 56), hair_colour=(24, 20, 18), shirt=(236, 196, 60), shorts=(40, 44, 62),
        shoes=(80, 200, 120), sleeve=0.62, shorts_length=0.6, shorts_loose_m=0.020, shirt_loose_m=0.013,
    ),
    RunnerParams(
        cadence_spm=166, belt_speed_mps=2.85, landing_slip_share=0.28, trunk_lean_deg=6.5, trunk_lean_swing_deg=8.5,
        lumbar_extension_deg=-2.0, lumbar_extension_change_deg=15.0, trunk_sway_deg=5.5, hip_sway_m=0.018,
        arm_swing_deg=62, ribs_turn_deg=11, seed=33,
        **_both(
            LegStyle(
                contact_time_s=0.245, overstride_share=0.25, foot_angle_at_contact_deg=13.0,
                knee_flexion_at_contact_deg=14, peak_stance_knee_flexion_deg=47, peak_swing_knee_flexion_deg=92,
                knee_flexion_at_toe_off_deg=20, peak_thigh_flexion_deg=31, foot_angle_at_toe_off_deg=-38,
                toe_roll_deg=15.6,
            ),
            contact_time_s=0.252,
        ),
    ),
    Camera("right", distance_m=3.8, height_m=0.9, aim_height_m=0.88, aim_x_m=0.06, roll_deg=0.6),
    Room(
        wall=(176, 190, 178), wall_low=(96, 116, 104), floor=(132, 118, 100), machine=(36, 38, 42),
        trim=(230, 170, 40), seed=3,
    ),
)  # fmt: skip

TALL = Clip(
    "runner_left_tall",
    "tall man in a singlet and tights, faces left, 30 frames a second, camera a little behind",
    Build(189, gender=0.0, age=0.55, muscle=0.6, weight=0.38, proportions=0.75),
    Outfit(
        skin=(196, 146, 112), hair_colour=(120, 84, 44), shirt=(225, 228, 232), shorts=(30, 34, 60),
        shoes=(200, 220, 60), sole=(40, 40, 44), sleeve=0.12, shorts_length=1.8, shorts_loose_m=0.003,
        shirt_loose_m=0.010,
    ),
    RunnerParams(
        cadence_spm=163, belt_speed_mps=3.3, landing_slip_share=0.75, trunk_lean_deg=7.0, trunk_lean_swing_deg=3.0,
        lumbar_extension_change_deg=7.0, arm_swing_deg=58, seed=44,
        **_both(
            LegStyle(
                contact_time_s=0.245, overstride_share=0.21, foot_angle_at_contact_deg=-5.0,
                knee_flexion_at_contact_deg=17, peak_stance_knee_flexion_deg=44, peak_swing_knee_flexion_deg=108,
                peak_thigh_flexion_deg=33, toe_roll_deg=17,
            ),
            overstride_share=0.22,
        ),
    ),
    Camera("left", distance_m=4.6, height_m=1.05, aim_height_m=0.96, aim_x_m=0.06, yaw_deg=-6.0),
    Room(wall=(168, 178, 200), wall_low=(110, 116, 140), trim=(90, 200, 120), seed=4, light=0.92),
    frame_rate_hz=30.0,
)  # fmt: skip

_STAND = Stand(stand_s=2.4, pelvis_deg=-1.5, ribs_deg=1.0)
_SIDEWAYS = Sideways(pelvic_drop_deg=8.0, ribs_lean_deg=7.0, hip_sway_m=0.02, foot_line_m=0.01, arm_swing_deg=62)
REAR = replace(
    SWAY,
    name="rear_runner_sway",
    about="the man of runner_right_sway from behind: stands, then runs; trunk and hips sway, the pelvis drops",
    params=askew(
        RearParams(
            **{name: getattr(SWAY.params, name) for name in SWAY.params.__dataclass_fields__},
            sideways_left=_SIDEWAYS,
            sideways_right=replace(_SIDEWAYS, pelvic_drop_deg=5.0, foot_line_m=0.03),
        ),
        _STAND,
    ),
    stand=_STAND,
    camera=Camera("rear", distance_m=4.0, height_m=0.95, aim_height_m=0.88, width_px=406, height_px=720),
    duration_s=9.0,
    frame_rate_hz=30.0,
    fill=0.75,
    finer=1.25,
    crf=24,
)

CLIPS = {clip.name: clip for clip in (GOOD, OVERSTRIDE, SWAY, TALL, REAR)}
