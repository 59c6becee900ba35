"""The picture a therapist draws: this runner at push-off, beside the same pose with the hip doing the work. As SVG.

Both figures are the runner's own outline and leg at their typical toe-off. What differs is what cannot be seen in a
picture of one moment: how far the pelvis has tipped with the back since midstance. Angles are drawn as large as they
are; the numbers are those of the measurements, so the figure says nothing that they do not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.ndimage import gaussian_filter1d

from formcheck.back_curve import LUMBAR, BackCurve, back_curve
from formcheck.lumbar import evenly
from formcheck.outline import STATIONS
from formcheck.records import Analysis, FloatArray
from formcheck.skeleton import SIDES, Side, index_of

XMLNS = 'xmlns="http://www.w3.org/2000/svg"'
WIDTH, HEIGHT, MARGIN = 210.0, 300.0, 8.0
HIP, BACK, BODY, GHOST = "#0072b2", "#b35c00", "#d3dae1", "#4a5764"
"""Blue and brown are told apart by everybody; place, shape and words tell the same."""
SMOOTHED_STATIONS = 1.0
"""SD of the smoothing along the drawn back."""
MOST_LOOKS = 300
"""Of a long clip: more would not draw the person's own back any better."""
PELVIS_WIDE, SPINE_BEND, HEAD = 0.34, 0.45, 0.21
"""Trunk lengths: the pelvis' line; how far up the spine follows what is square to it; the head's radius."""


class PushOffFigures:
    """The two figures of one side; ``None`` from ``make`` where the outline told nothing at a push-off."""

    def __init__(self, analysis: Analysis, side: Side, curve: BackCurve, look: int, time_s: float) -> None:
        signals, pose = analysis.signals, analysis.pose
        self._outline = pose.outline_qpx[look] / 4.0
        self._up, self._behind = curve.line.up[look], curve.line.behind[look]
        self._trunk, self._midhip = float(curve.line.trunk_px[look]), curve.line.midhip_px[look]
        ears = [pose.xy_px[look, index_of(s, "ear")] for s in SIDES]
        self._leg = np.array([pose.xy_px[look, index_of(side, joint)] for joint in ("hip", "knee", "ankle")])
        lumbar = float(np.interp(time_s, signals.time_s, signals.series[LUMBAR]))
        self._offset_at: Callable[[float], FloatArray] = lambda less_deg: curve.bent(lumbar - less_deg)
        self._head = (np.mean(ears, axis=0) + 0.05 * self._trunk * self._up, HEAD * self._trunk)
        self._place = self._placing()

    @classmethod
    def make(cls, analysis: Analysis, side: Side) -> PushOffFigures | None:
        """At the key moment of that side's push-off."""
        moment = next((m for m in analysis.key_moments if (m.kind, m.side) == ("toe_off", side)), None)
        if moment is None:
            return None
        analysis = _with_few_looks(analysis, moment.time_s)
        curve = back_curve(analysis)
        if curve is None:
            return None
        look = _nearest(analysis.pose.time_s, moment.time_s)
        leg = [analysis.pose.xy_px[look, index_of(side, joint)] for joint in ("hip", "knee", "ankle")]
        whole = np.isfinite(np.concatenate([*leg, curve.line.midhip_px[look]])).all()
        if not whole or analysis.pose.outline_qpx[look, 0, 0] < 0:
            return None
        return cls(analysis, side, curve, look, moment.time_s)

    def svg(self, hip_deg: float, back_deg: float, less_deg: float) -> str:
        """One figure: these two angles, the back arched by ``less_deg`` less than it was."""
        own = self._curve(self._offset_at(0.0))
        (x, y), radius = self._place(self._head[0][None])[0], self._head[1] * self._scale
        parts = [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{BODY}"/>',
            f'<polygon points="{self._points(self._outline)}" fill="{BODY}"/>',
        ]
        if less_deg:
            parts.append(_path(own, GHOST, 1.5, "3 4"))
        parts.append(_path(self._curve(self._offset_at(less_deg)), BACK, 4.0))
        parts += self._skeleton(back_deg)
        parts += self._numbers(hip_deg, back_deg)
        size = f'viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" width="{WIDTH:.0f}" height="{HEIGHT:.0f}"'
        head = f'<svg {XMLNS} {size} font-family="Noto Sans JP, sans-serif" aria-hidden="true" focusable="false">'
        return f"{head}{''.join(parts)}</svg>"

    def _skeleton(self, back_deg: float) -> list[str]:
        """Spine from the pelvis' line to the shoulders, the pelvis tipped by what the back gave, the leg."""
        tipped = self._turned(self._up, -back_deg)
        square = self._turned(self._behind, -back_deg)
        half = 0.5 * PELVIS_WIDE * self._trunk * square
        ends = np.stack([self._midhip - half, self._midhip + half])
        bend, top = self._midhip + SPINE_BEND * self._trunk * tipped, self._midhip + self._trunk * self._up
        spine = [self._place(point[None])[0] for point in (self._midhip, bend, top)]
        (ax, ay), (bx, by), (cx, cy) = spine
        return [
            f'<path d="M{ax:.1f} {ay:.1f} Q{bx:.1f} {by:.1f} {cx:.1f} {cy:.1f}" fill="none" stroke="{BACK}" '
            'stroke-width="3" stroke-dasharray="7 3" stroke-linecap="round"/>',
            _path(self._place(self._leg), HIP, 6.0),
            _path(self._place(ends), "#1f2933", 7.0),
            *(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#fff" stroke="#1f2933" stroke-width="2"/>'
                for x, y in spine[:1]
            ),
        ]

    def _numbers(self, hip_deg: float, back_deg: float) -> list[str]:
        """The two angles, in front of the body at the height of what they are about."""
        rows = []
        for degrees, station, color in ((back_deg, 0.17, BACK), (hip_deg, -0.17, HIP)):
            x, y = self._place((self._midhip + self._trunk * (station * self._up - 0.62 * self._behind))[None])[0]
            anchor = "start" if self._behind[0] < 0 else "end"
            rows.append(
                f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="19" font-weight="700" fill="{color}" '
                f'stroke="#fff" stroke-width="4" paint-order="stroke">{degrees:.0f}°</text>'
            )
        return rows

    def _curve(self, offset: FloatArray) -> FloatArray:
        """(m, 2) the back with these offsets in the figure, drawn smooth: looks at each station are few."""
        good = np.isfinite(offset) & (STATIONS > -0.2) & (STATIONS < 1.05)
        smooth = gaussian_filter1d(offset[good], SMOOTHED_STATIONS, mode="nearest")
        along = STATIONS[good, None] * self._up + smooth[:, None] * self._behind
        return self._place(self._midhip + self._trunk * along)

    def _turned(self, vector: FloatArray, deg: float) -> FloatArray:
        """Turned by so much toward the back (upper end backward +), on whichever side of the picture that is."""
        c, s = np.cos(np.radians(deg)), np.sin(np.radians(deg))
        along, across = vector @ self._up, vector @ self._behind
        return np.asarray((c * along - s * across) * self._up + (s * along + c * across) * self._behind)

    def _placing(self) -> Callable[[FloatArray], FloatArray]:
        """Pixels of the clip (m, 2) -> the figure."""
        centre, radius = self._head
        whole = np.concatenate([self._outline, [centre - radius, centre + radius]])
        low, high = whole.min(axis=0), whole.max(axis=0)
        scale = min((WIDTH - 2 * MARGIN) / (high[0] - low[0]), (HEIGHT - 2 * MARGIN) / (high[1] - low[1]))
        shift = np.array([WIDTH, HEIGHT]) / 2 - scale * (low + high) / 2
        self._scale = float(scale)
        return lambda points: np.asarray(scale * points + shift)

    def _points(self, outline: FloatArray) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self._place(outline))


def _with_few_looks(analysis: Analysis, time_s: float) -> Analysis:
    """With the look nearest to a time, and of a long clip so many others as tell the person's own back as well."""
    pose = analysis.pose
    return replace(analysis, pose=evenly(pose, MOST_LOOKS, _nearest(pose.time_s, time_s)))


def _nearest(times_s: FloatArray, time_s: float) -> int:
    return int(np.argmin(np.abs(times_s - time_s)))


def pair_of(analysis: Analysis, hip_deg: float, back_deg: float) -> list[str]:
    """This runner's push-off with the near foot and the same with all of it from the hip; [] where it was not seen."""
    figures = PushOffFigures.make(analysis, analysis.signals.near_side)
    if figures is None:
        return []
    return [figures.svg(hip_deg, back_deg, 0.0), figures.svg(hip_deg + back_deg, 0.0, back_deg)]


BAR_LONG, BAR_TOP, BAR_HIGH, BAR_MARGIN, HATCH_APART = 300.0, 5.0, 16.0, 6.0, 8.0


def bar_svg(hip_share: float, low: float, high: float, third: float) -> str:
    """Hip (hatched) against back (plain) as one bar, its border's interval as a line; all in per cent of the bar.

    ``third``: where the border would lie if the back gave just a third.
    """
    border, left, right, at_third = (BAR_LONG * share / 100.0 for share in (hip_share, low, high, third))
    box, middle = f'y="{BAR_TOP}" height="{BAR_HIGH}"', BAR_TOP + BAR_HIGH / 2
    view = f"{-BAR_MARGIN} 0 {BAR_LONG + 2 * BAR_MARGIN} {2 * BAR_TOP + BAR_HIGH}"
    return (
        f'<svg {XMLNS} class="gauge" viewBox="{view}" aria-hidden="true" focusable="false">'
        f'<rect x="0" {box} width="{border:.1f}" fill="#bcd9ee"/>{_hatching(border)}'
        f'<rect x="{border:.1f}" {box} width="{BAR_LONG - border:.1f}" fill="#e69f00"/>'
        f'<line x1="{at_third:.1f}" x2="{at_third:.1f}" y1="0" y2="{2 * BAR_TOP + BAR_HIGH}" stroke="#1f2933" '
        'stroke-width="1.5" stroke-dasharray="3 2"/>'
        f'<line x1="{left:.1f}" x2="{right:.1f}" y1="{middle}" y2="{middle}" stroke="#1f2933" stroke-width="3"/>'
        + "".join(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{middle - 4}" y2="{middle + 4}" stroke="#1f2933" stroke-width="2"/>'
            for x in (left, right)
        )
        + f'<circle cx="{border:.1f}" cy="{middle}" r="4.5" fill="#1f2933" stroke="#fff" stroke-width="1.5"/></svg>'
    )


def _hatching(wide: float) -> str:
    """Slanting lines over the first ``wide`` of the bar; drawn one by one, as a pattern's tiles show seams on paper."""
    lines = []
    for x in np.arange(-BAR_HIGH + HATCH_APART / 2, wide, HATCH_APART):
        start, end = max(float(x), 0.0), min(float(x) + BAR_HIGH, wide)
        low, high = (BAR_TOP + BAR_HIGH - (along - x) for along in (start, end))
        lines.append(f"M{start:.1f} {low:.1f} L{end:.1f} {high:.1f}")
    return f'<path d="{" ".join(lines)}" stroke="{HIP}" stroke-width="2.5"/>' if lines else ""


def _path(points: FloatArray, color: str, width: float, dash: str = "") -> str:
    way = " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="M{way}" fill="none" stroke="{color}" stroke-width="{width}" stroke-linecap="round" '
        f'stroke-linejoin="round"{dashes}/>'
    )
