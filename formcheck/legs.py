"""Telling the left leg from the right, and a leg from a wrong guess, over the whole clip.

A pose network names left and right in each frame alone; from the side it exchanges the legs again and again (in real
treadmill clips 20-70 times in 20 s), and sometimes lays both on one leg. But the legs of a walker or runner swing in
turn, and that settles it for the clip as a whole:

1. The difference between the two feet, forward as the real part and up as the imaginary part, turns once per stride.
   Its square does not change when the names are exchanged, so its phase can be followed through any exchange.
2. With the phase known, the difference of all leg joints is a sum of odd harmonics of it (half a stride later the same
   with the legs exchanged). Names are right in a frame when they agree with that sum. Fitted and decided in turn.
3. Each leg's own path is a sum of harmonics too. A joint far off its leg's path, against how far it usually is, is a
   jump: it becomes NaN and is bridged, or not, later.

The network's own names decide only which of the two legs is called left. Where legs do not swing in turn (exercises),
nothing is changed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from formcheck.records import BoolArray, FloatArray
from formcheck.skeleton import LEG, SIDES, index_of, leg_indices

MIN_FRAMES = 12
MIN_TURNING = 0.45
"""Share of the squared difference that turns steadily (0..1) below which legs do not swing in turn."""
SLOWEST_TURN_HZ, FASTEST_TURN_HZ = 0.08, 7.0
"""Of the square: twice the stride rate. Below 1.5 only slow motion, above 4.5 only sprinting or time lapse."""
DIFFERENCE_HARMONICS = (1, 3, 5)
PATH_HARMONICS = (1, 2, 3, 4)
JUMP_MIN_LEG = 0.15
"""A joint nearer to its leg's usual path than this many leg lengths is never a jump."""
JUMP_SDS = 5.0
_ROUNDS = 4

ComplexArray = npt.NDArray[np.complex128]


@dataclass(frozen=True)
class Legs:
    """Landmarks with the legs in order and jumps taken out, and how much had to be done."""

    xy_px: FloatArray
    """(n, 33, 2)."""
    exchanged: BoolArray
    """(n,) True where the network had the legs the other way round."""
    jumped: BoolArray
    """(n, 33) True where a leg joint was a jump and is now NaN."""
    stride_rate_hz: float | None
    """Strides a second from the phase alone, which survives exchanges and jumps; None without a phase."""
    phase: FloatArray | None = None
    """(n,) the stride's phase, radians, growing or falling steadily; None where legs do not swing in turn."""

    @property
    def n_exchanges(self) -> int:
        """Stretches of frames that were exchanged."""
        return int((np.diff(np.concatenate([[False], self.exchanged]).astype(np.int8)) == 1).sum())


def sort_legs(time_s: FloatArray, xy_px: FloatArray) -> Legs:
    """Landmarks (n, 33, 2) with legs named consistently and jumps made NaN; frames without a person stay NaN."""
    left, right = leg_indices("left"), leg_indices("right")
    seen = np.isfinite(xy_px[:, left + right, 0]).all(axis=1)
    unchanged = Legs(xy_px, np.zeros(len(xy_px), dtype=bool), np.zeros(xy_px.shape[:2], dtype=bool), None)
    if seen.sum() < MIN_FRAMES:
        return unchanged
    leg_px = _leg_px(xy_px[seen])
    difference = (xy_px[seen][:, left] - xy_px[seen][:, right]) / leg_px
    phase = _stride_phase(time_s[seen], difference)
    if phase is None:
        return unchanged
    exchanged = np.zeros(len(xy_px), dtype=bool)
    exchanged[seen], phase = _wrongly_named(phase, difference)
    sorted_px = xy_px.copy()
    rows = np.flatnonzero(exchanged)[:, None]
    sorted_px[rows, left], sorted_px[rows, right] = xy_px[rows, right], xy_px[rows, left]
    jumped = np.zeros(xy_px.shape[:2], dtype=bool)
    for side in SIDES:
        jumped[np.ix_(np.flatnonzero(seen), np.array(leg_indices(side)))] = off_path(
            phase, sorted_px[seen], side, leg_px
        )
    sorted_px[jumped] = np.nan
    whole = np.interp(time_s, time_s[seen], phase)
    return Legs(sorted_px, exchanged, jumped, _strides_a_second(time_s[seen], phase), whole)


def _leg_px(xy: FloatArray) -> float:
    lengths = []
    for side in SIDES:
        hip, knee, ankle = (xy[:, index_of(side, joint)] for joint in ("hip", "knee", "ankle"))
        lengths.append(np.linalg.norm(hip - knee, axis=1) + np.linalg.norm(knee - ankle, axis=1))
    return float(max(np.median(np.concatenate(lengths)), 1.0))


# ------------------------------------------------------------------------------------------------------- phase


def _strides_a_second(time_s: FloatArray, phase: FloatArray) -> float | None:
    turns = abs(float(phase[-1] - phase[0])) / (2 * np.pi)
    return turns / float(time_s[-1] - time_s[0]) if turns >= 1.5 else None


def _stride_phase(time_s: FloatArray, difference: FloatArray) -> FloatArray | None:
    """Phase of the stride (n,) in radians, up to half a stride; None where the legs do not swing in turn.

    ``difference`` is (n, joints, 2): left leg less right leg, in leg lengths.
    """
    feet = difference[:, 2:].mean(axis=1)
    spread = np.maximum(np.sqrt(np.mean(feet**2, axis=0)), 1e-6)
    turning: ComplexArray = ((feet[:, 0] / spread[0]) + 1j * (feet[:, 1] / spread[1])) ** 2
    turning = turning / np.maximum(np.abs(turning), 0.3)
    rate_hz = 1.0 / float(np.median(np.diff(time_s)))
    grid = np.arange(time_s[0], time_s[-1] + 0.5 / rate_hz, 1.0 / rate_hz)
    even = np.interp(grid, time_s, turning.real) + 1j * np.interp(grid, time_s, turning.imag)
    turn_hz = _turn_rate_hz(even, rate_hz)
    if turn_hz is None:
        return None
    carried = even * np.exp(-2j * np.pi * turn_hz * grid)
    slow = smoothed(carried, max(3, round(1.5 * rate_hz / abs(turn_hz))))
    if float(np.median(np.abs(slow))) < MIN_TURNING:
        return None
    double = np.unwrap(np.angle(slow)) + 2 * np.pi * turn_hz * grid
    return np.asarray(np.interp(time_s, grid, double / 2))


def _turn_rate_hz(turning: ComplexArray, rate_hz: float) -> float | None:
    """Rate and sense at which the square turns: the strongest line of its spectrum, zero left out."""
    size = 8 * (1 << len(turning).bit_length())
    spectrum = np.abs(np.fft.fft(turning * np.hanning(len(turning)), size))
    rates = np.fft.fftfreq(size, 1.0 / rate_hz)
    slowest = max(SLOWEST_TURN_HZ, 2.0 * rate_hz / len(turning))
    spectrum[(np.abs(rates) < slowest) | (np.abs(rates) > min(FASTEST_TURN_HZ, 0.45 * rate_hz))] = 0.0
    best = int(np.argmax(spectrum))
    return float(rates[best]) if spectrum[best] > 0 else None


def smoothed(values: FloatArray | ComplexArray, n: int) -> ComplexArray:
    """Mean under a raised-cosine window reaching ``n`` samples either way, as far as values (m,) go."""
    window = np.hanning(2 * n + 3)[1:-1]
    inside = np.convolve(np.ones(len(values)), window, mode="full")[n : n + len(values)]
    return np.asarray(np.convolve(values, window, mode="full")[n : n + len(values)] / inside, dtype=np.complex128)


# ------------------------------------------------------------------------------------------------------- names


def _harmonics(phase: FloatArray, orders: tuple[int, ...], constant: bool) -> FloatArray:
    columns = [f(k * phase) for k in orders for f in (np.cos, np.sin)]
    if constant:
        columns.append(np.ones_like(phase))
    return np.stack(columns, axis=1)


def _wrongly_named(phase: FloatArray, difference: FloatArray) -> tuple[BoolArray, FloatArray]:
    """Frames whose names contradict the clip's own pattern (at most half of them), and the phase made exact by it."""
    flat = difference.reshape(len(difference), -1)
    feet = difference[:, 2:].mean(axis=1)
    spread = np.maximum(np.sqrt(np.mean(feet**2, axis=0)), 1e-6)
    turned = ((feet[:, 0] / spread[0]) + 1j * (feet[:, 1] / spread[1])) * np.exp(-1j * phase)
    name = np.where(turned.real >= 0, 1.0, -1.0)
    frames_a_turn = 2 * np.pi / max(abs(float(np.median(np.diff(phase)))), 1e-3)
    for _ in range(_ROUNDS):
        fit = _robust_fit(_harmonics(phase, DIFFERENCE_HARMONICS, constant=False), flat * name[:, None])
        phase = phase + _late_by(phase, fit, flat * name[:, None], max(2, round(frames_a_turn / 4)))
        agreement = (flat * (_harmonics(phase, DIFFERENCE_HARMONICS, constant=False) @ fit)).sum(axis=1)
        name = np.where(agreement >= 0, 1.0, -1.0)
    majority = 1.0 if name.sum() >= 0 else -1.0
    return np.asarray(name != majority), phase


def _late_by(phase: FloatArray, fit: FloatArray, values: FloatArray, n: int) -> FloatArray:
    """How far the phase lags what is seen, radians (n,): residual against the pattern's slope, over ``n`` frames."""
    pattern = _harmonics(phase, DIFFERENCE_HARMONICS, constant=False) @ fit
    slope = _harmonics_slope(phase, DIFFERENCE_HARMONICS) @ fit
    push = smoothed(((values - pattern) * slope).sum(axis=1), n).real
    stiffness = smoothed((slope**2).sum(axis=1), n).real
    return np.asarray(np.clip(push / np.maximum(stiffness, 1e-9), -0.5, 0.5))


def _harmonics_slope(phase: FloatArray, orders: tuple[int, ...]) -> FloatArray:
    return np.stack([f for k in orders for f in (-k * np.sin(k * phase), k * np.cos(k * phase))], axis=1)


def _robust_fit(basis: FloatArray, values: FloatArray) -> FloatArray:
    """Least squares with rows far off counted less (three reweightings); (columns of basis, columns of values)."""
    weight = np.ones(len(basis))
    ridge = 1e-3 * len(basis) * np.eye(basis.shape[1])
    for _ in range(3):
        weighted = basis * weight[:, None]
        fit = np.linalg.solve(weighted.T @ basis + ridge, weighted.T @ values)
        off = np.sqrt(np.mean((values - basis @ fit) ** 2, axis=1))
        weight = 1.0 / (1.0 + (off / (2.0 * np.median(off) + 1e-9)) ** 2)
    return np.asarray(fit)


# ------------------------------------------------------------------------------------------------------- jumps


def off_path(phase: FloatArray, xy: FloatArray, side: str, leg_px: float) -> BoolArray:
    """(n, leg joints) True where a joint is far from where its leg usually is at that phase of the stride."""
    leg = np.array([index_of("left" if side == "left" else "right", joint) for joint in LEG])
    midhip = (xy[:, index_of("left", "hip")] + xy[:, index_of("right", "hip")]) / 2
    paths = (xy[:, leg] - midhip[:, None]) / leg_px
    basis = _harmonics(phase, PATH_HARMONICS, constant=True)
    flat = paths.reshape(len(paths), -1)
    off = np.linalg.norm((flat - basis @ _robust_fit(basis, flat)).reshape(paths.shape), axis=2)
    usual = 1.4826 * np.median(off, axis=0)
    return np.asarray(off > np.maximum(JUMP_MIN_LEG, JUMP_SDS * usual))
