"""What makes one runner's motion, and the steps that follow from it: the first thing ``running.py`` builds on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from .pose import Stance


@dataclass(frozen=True)
class LegStyle:
    """What one leg does. Angles in degrees, signs as in the measurement names.

    Attributes:
        contact_time_s: seconds on the belt.
        overstride_share: ankle ahead of mid-hip at contact, share of leg length.
        foot_angle_at_contact_deg: shoe against the belt, heel strike +, forefoot -.
        knee_flexion_at_contact_deg, peak_stance_knee_flexion_deg, knee_flexion_at_toe_off_deg,
        peak_swing_knee_flexion_deg: 0 straight.
        peak_thigh_flexion_deg: knee ahead of the hip in swing (+ here).
        foot_angle_at_toe_off_deg: pitch of the rear shoe, negative.
        flat_share: share of stance until the foot is flat (heel strike) or the heel is down (forefoot).
        heel_rise_share: share of stance at which the heel leaves.
        toe_out_deg: foot turned outward.
        toe_roll_deg: how far the toes have rolled over the front edge of the shoe at toe-off.
    """

    contact_time_s: float = 0.245
    overstride_share: float = 0.22
    foot_angle_at_contact_deg: float = 10.0
    knee_flexion_at_contact_deg: float = 14.0
    peak_stance_knee_flexion_deg: float = 42.0
    knee_flexion_at_toe_off_deg: float = 14.0
    peak_swing_knee_flexion_deg: float = 100.0
    peak_thigh_flexion_deg: float = 30.0
    foot_angle_at_toe_off_deg: float = -48.0
    flat_share: float = 0.17
    heel_rise_share: float = 0.42
    toe_out_deg: float = 6.0
    toe_roll_deg: float = 16.0


PELVIS_TURN_LATE, PELVIC_DROP_LATE = (-0.15, 0.10), (-0.35, 0.12)
"""Mean and SD in steps, of seven treadmill runners at three speeds (``recorded.TUNING_RUNNERS``), who turned the pelvis
by 5.3 deg and dropped it by 2.3 deg."""


@dataclass(frozen=True)
class RunnerParams:
    """Everything that makes one runner's motion. Degrees, metres, seconds.

    Attributes:
        left, right: leg styles; give different ones for asymmetry.
        step_share_left: share of the stride that the step *onto* the left foot takes.
        trunk_lean_deg: mean forward lean of mid-hip -> mid-shoulder.
        trunk_lean_swing_deg: lean at midstance minus lean at toe-off (+: the trunk rears back at push-off).
        lumbar_extension_deg: lumbar extension at midstance, against the body's own standing shape.
        lumbar_extension_change_deg: added until toe-off.
        trunk_sway_deg: side lean of the ribs toward the stance leg, each way.
        hip_sway_m: mid-hip's sideways path, each way.
        pelvis_turn_deg, ribs_turn_deg: axial turn each way; the ribs turn with the arms.
        pelvic_drop_deg: swing side of the pelvis below the stance side at midstance.
        pelvis_turn_late, pelvic_drop_late: how much later than at midstance these are largest, in steps. By default
            the pelvis turns as in walking, with the leg that swings forward; for running see ``PELVIS_TURN_LATE``.
        landing_slip_share, landing_slip_s: the foot meets the belt this share of its speed slower and takes this long
            to reach it, as sole and heel pad give way (in 11 treadmill runners on force plates: 0.4 and 0.03 s).
        step_width_m: distance between the lines of left and right feet.
        speed_change_mps: half of how much the pelvis slows and speeds up in stance.
        drift_m: slow wandering on the belt, each way.
        arm_swing_deg: range of the upper arm; arm_middle_deg: its middle, elbow behind +.
        elbow_deg: mean elbow flexion.
        variation: 1 = usual stride-to-stride variation (about 1 % of step time), 0 = none.
    """

    cadence_spm: float = 170.0
    belt_speed_mps: float = 2.9
    left: LegStyle = field(default_factory=LegStyle)
    right: LegStyle = field(default_factory=LegStyle)
    step_share_left: float = 0.5
    trunk_lean_deg: float = 7.0
    trunk_lean_swing_deg: float = 3.0
    lumbar_extension_deg: float = -2.0
    lumbar_extension_change_deg: float = 4.0
    trunk_sway_deg: float = 2.0
    hip_sway_m: float = 0.008
    pelvis_turn_deg: float = 5.0
    ribs_turn_deg: float = 8.0
    pelvic_drop_deg: float = 4.0
    pelvis_turn_late: float = 0.5
    pelvic_drop_late: float = 0.0
    landing_slip_share: float = 0.35
    landing_slip_s: float = 0.03
    step_width_m: float = 0.05
    speed_change_mps: float = 0.05
    drift_m: float = 0.012
    arm_swing_deg: float = 55.0
    arm_middle_deg: float = 18.0
    elbow_deg: float = 95.0
    variation: float = 1.0
    seed: int = 0


@dataclass(frozen=True)
class Step(Stance):
    """One stance with its style, which already carries this step's own variation."""

    style: LegStyle


def _varied(style: LegStyle, rng: np.random.Generator, amount: float) -> LegStyle:
    """The style with one step's random departures."""

    def off(sigma: float) -> float:
        return float(np.clip(rng.normal(), -2.0, 2.0)) * sigma * amount

    return replace(
        style,
        contact_time_s=style.contact_time_s * (1 + off(0.012)),
        overstride_share=style.overstride_share + off(0.008),
        foot_angle_at_contact_deg=style.foot_angle_at_contact_deg + off(1.0),
        knee_flexion_at_contact_deg=style.knee_flexion_at_contact_deg + off(0.8),
        knee_flexion_at_toe_off_deg=style.knee_flexion_at_toe_off_deg + off(0.8),
        peak_swing_knee_flexion_deg=style.peak_swing_knee_flexion_deg + off(2.0),
        peak_thigh_flexion_deg=style.peak_thigh_flexion_deg + off(1.0),
    )


def plan_steps(params: RunnerParams, start_s: float, end_s: float) -> list[Step]:
    """Alternating steps that cover start to end with two whole strides to spare on both sides."""
    rng = np.random.default_rng(params.seed)
    stride = 120.0 / params.cadence_spm
    time = start_s - 2.5 * stride + (rng.uniform(0, stride) if params.variation else 0.0)
    steps: list[Step] = []
    side = "left"
    while time < end_s + 2.5 * stride:
        style = _varied(getattr(params, side), rng, params.variation)
        steps.append(Step(side, time, time + style.contact_time_s, style))
        side = "right" if side == "left" else "left"
        share = params.step_share_left if side == "left" else 1.0 - params.step_share_left
        time += stride * share * (1 + params.variation * 0.01 * float(np.clip(rng.normal(), -2, 2)))
        if time <= steps[-1].toe_off_s:
            raise ValueError("no flight left: contact time is longer than the step time")
    return steps
