"""Drawing on every frame of a clip."""

from __future__ import annotations

from formcheck.annotate.across import Across, seen_across
from formcheck.annotate.back import DrawnBack
from formcheck.annotate.body import draw_body, draw_feet, draw_plumb, line_size
from formcheck.annotate.brush import Brush
from formcheck.annotate.callouts import draw_lean, draw_moment
from formcheck.annotate.exercise import ExerciseDrawing, is_exercise
from formcheck.annotate.panels import Panels
from formcheck.annotate.timeline import Timeline
from formcheck.annotate.typeface import Typeface
from formcheck.cards import Lang
from formcheck.planes import Planes
from formcheck.records import Analysis


class Annotator:
    """Draws skeleton, angles and phases of one analysed clip; settings are fixed when it is made.

    ``scale`` is the width of the pictures to be drawn on over the width of the pictures the tracks were found in.
    One Annotator serves one thread.
    """

    def __init__(self, analysis: Analysis, lang: Lang = "ja", scale: float = 1.0) -> None:
        self._near = analysis.signals.near_side
        self._lang: Lang = lang
        self._timeline = Timeline(analysis, scale)
        self._panels = Panels(analysis, self._timeline, lang)
        self.back = DrawnBack(analysis, scale, lang)
        self._face = Typeface()
        self._exercise = ExerciseDrawing(analysis, lang) if is_exercise(analysis) else None
        self._across = Across(analysis, self._timeline, scale, lang) if seen_across(analysis) else None

    def annotate(self, picture: Planes, time_s: float) -> None:
        """Draw everything on the picture, in place, as it is at ``time_s`` seconds of real time."""
        brush = Brush(picture, self._face)
        pose = self._timeline.pose_at(time_s)
        thin = Brush(brush.picture, self._face, line_size(pose, min(brush.width, brush.height)))
        if self._exercise is not None:
            self._exercise.draw(brush, thin, pose, time_s)
            return
        self._panels.draw_bar(brush, time_s)  # under the feet, which may reach down to it
        if self._across is not None:
            self._across.draw_below(thin, time_s)
        draw_plumb(thin, pose)
        draw_body(thin, pose, self._near)
        self.back.draw(thin, time_s)
        draw_feet(thin, pose, self._timeline, self._near, time_s)
        self._panels.draw_header(brush, time_s)
        self._panels.draw_legend(brush)
        if self._across is not None:
            self._across.draw_above(thin, pose, time_s)
            return
        moment = self._timeline.moment_at(time_s)
        if moment is not None:
            draw_moment(brush, pose, moment.kind, moment.side, moment.readings, self._lang)
        held = moment is not None and moment.kind == "midstance"
        lean = moment.readings.trunk_deg if moment is not None and held else self._timeline.trunk_deg(time_s)
        draw_lean(brush, pose, lean, self._lang, strong=held)
