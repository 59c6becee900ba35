"""One still per key moment: the frame with larger angles, and a caption below it."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from formcheck.annotate.across import Across, pelvis_text, seen_across, side_lean_text
from formcheck.annotate.back import DrawnBack
from formcheck.annotate.body import draw_body, draw_plumb, line_size
from formcheck.annotate.brush import INK, MARK, SHORT_SIDE, WHITE, Brush
from formcheck.annotate.callouts import ahead_code, draw_lean, draw_moment, lean_text
from formcheck.annotate.exercise import ExerciseDrawing, is_exercise
from formcheck.annotate.rgb import RgbImage, planes_of, rgb_of
from formcheck.annotate.timeline import MomentKind as StrideMoment
from formcheck.annotate.timeline import Readings, Timeline, readings_at, series_at
from formcheck.annotate.typeface import Typeface
from formcheck.cards import Lang, load_cards
from formcheck.records import Analysis, KeyMoment, Measurement, MomentKind
from formcheck.skeleton import other
from formcheck.texts import format_number, format_value, moment_text
from formcheck.texts import text as text_of

_LARGER = 1.2
_TITLE, _LETTERS, _PAD = 34.0, 28.0, 16.0


def draw_key_moment(
    image_rgb: RgbImage, analysis: Analysis, moment: KeyMoment, lang: Lang = "ja", back: DrawnBack | None = None
) -> RgbImage:
    """A new picture, taller by its caption: the moment's angles large, its numbers and the clip's beneath.

    ``image_rgb`` (h, w, 3) is the whole frame at ``moment.time_s``, at any size; it is left as it is. ``back`` is this
    clip's, where somebody has read it already.
    """
    face = Typeface()
    height, width = image_rgb.shape[:2]
    picture = planes_of(image_rgb)
    scale = width / analysis.pose.width_px if analysis.pose.width_px > 0 else 1.0
    brush = Brush(picture, face, _LARGER)
    timeline = Timeline(analysis, scale)
    pose = timeline.pose_at(moment.time_s)
    thin = Brush(picture, face, _LARGER * line_size(pose, min(brush.width, brush.height)))
    if not is_exercise(analysis):
        draw_plumb(thin, pose)
    draw_body(thin, pose, analysis.signals.near_side)
    if moment.kind == "toe_off":
        (back or DrawnBack(analysis, scale, lang)).at_scale(scale).draw(thin, moment.time_s)
    lines: list[str] = []
    if is_exercise(analysis):
        ExerciseDrawing(analysis, lang).draw_lines(thin, pose, moment.time_s, size=44.0)
        lines = _lines_of_exercise(analysis, moment, lang)
    elif seen_across(analysis):
        Across(analysis, timeline, scale, lang).draw_above(thin, pose, moment.time_s)
        lines = _lines_across(analysis, moment, lang) if moment.kind == "midstance" else []
    elif moment.side is not None and (kind := _of_stride(moment.kind)) is not None:
        readings = readings_at(analysis.signals, moment.side, moment.time_s)
        draw_moment(brush, pose, kind, moment.side, readings, lang)
        draw_lean(brush, pose, readings.trunk_deg, lang, strong=kind == "midstance")
        lines = [*caption_lines(analysis, moment, readings, lang), *_lines_of_back(analysis, moment, lang)]
    return _with_caption(rgb_of(picture, width, height), face, moment_text(moment, lang, with_time=True), lines)


def _lines_of_back(analysis: Analysis, moment: KeyMoment, lang: Lang) -> list[str]:
    """At push-off: what back and hip give, and how to read the line of the back; nothing where it was not drawn."""
    told = {m.metric: m for m in analysis.measurements if m.side == moment.side and isinstance(m.value, float)}
    back, hip = told.get("lumbar_extension_change_deg"), told.get("hip_extension_change_deg")
    if moment.kind != "toe_off" or back is None or hip is None:
        return []
    back_text, hip_text = (f"{m.value:+.0f}° ± {m.uncertainty or 0.0:.0f}°" for m in (back, hip))
    return [text_of("draw_back_still", lang, back=back_text, hip=hip_text), text_of("draw_back_hidden", lang)]


def _lines_across(analysis: Analysis, moment: KeyMoment, lang: Lang) -> list[str]:
    """At midstance: the trunk's lean and the pelvis beside the clip's own."""
    lean = series_at(analysis.signals, "trunk_side_lean_deg", moment.time_s)
    line = series_at(analysis.signals, "pelvis_line_deg", moment.time_s)
    lines = [_side_lean_line(analysis, moment, lean, lang)] if np.isfinite(lean) else []
    if np.isfinite(line) and (pelvis := _pelvis_line(analysis, moment, line, lang)):
        lines.append(pelvis)
    return lines


def _pelvis_line(analysis: Analysis, moment: KeyMoment, line_deg: float, lang: Lang) -> str | None:
    """Nothing where the clip has no drop of that side."""
    drop = _measured(analysis, "pelvic_drop_deg", moment)
    if moment.side is None or drop is None or not isinstance(drop.value, float) or drop.uncertainty is None:
        return None
    lower = other(moment.side) if drop.value >= 0 else moment.side  # a drop is of the lifted leg's side
    return text_of(
        "draw_pelvis_of_clip",
        lang,
        number=pelvis_text(line_deg, lang),
        side=text_of(f"side_{lower}", lang),
        value=f"{abs(drop.value):.1f}",
        half=f"{drop.uncertainty:.1f}",
    )


def _side_lean_line(analysis: Analysis, moment: KeyMoment, lean: float, lang: Lang) -> str:
    number, clip = side_lean_text(lean, lang), _measured(analysis, "trunk_side_lean_deg", moment)
    if clip is None or not isinstance(clip.value, float) or clip.uncertainty is None:
        return number
    to_left = clip.value if moment.side == "left" else -clip.value  # the clip's own is positive toward the standing leg
    side = text_of("side_left" if to_left > 0 else "side_right", lang)
    value, half = f"{abs(to_left):.1f}", f"{clip.uncertainty:.1f}"
    return text_of("draw_clip_side", lang, number=number, side=side, value=value, half=half)


def _lines_of_exercise(analysis: Analysis, moment: KeyMoment, lang: Lang) -> list[str]:
    """Findings' numbers at that repetition, worst first; of a hold, over the whole of it; none before it begins."""
    if moment.kind == "rep_start":
        return []
    cards = load_cards()
    told = []
    for finding in analysis.findings[:3]:
        found = next((m for m in analysis.measurements if (m.metric, m.side) == (finding.metric, finding.side)), None)
        if found is None or not isinstance(found.value, int | float):
            continue
        pairs = zip(found.values, found.times_s, strict=False)
        here = [value for value, time_s in pairs if abs(time_s - moment.time_s) < 0.05]
        card = cards[finding.metric]
        whole = format_value(found, card, lang)
        named = text_of(
            "draw_named_value",
            lang,
            name=card.name.get(lang),
            value=format_number(here[0], card, lang) if here else whole,
        )
        told.append(text_of("draw_clip_value", lang, number=named, value=whole) if here else named)
    return told


def _of_stride(kind: MomentKind) -> StrideMoment | None:
    """The moment as one of a stride; None for one of a repetition."""
    return kind if kind == "contact" or kind == "midstance" or kind == "toe_off" else None


def caption_lines(analysis: Analysis, moment: KeyMoment, readings: Readings, lang: Lang) -> list[str]:
    """Two or three numbers of the moment, each beside the clip's own with its 95 % half-width.

    The knee at midstance is beside its deepest bend. A number without one of the clip is called rough.
    """
    of_knee = {"contact": "knee_flexion_at_contact_deg", "midstance": "peak_stance_knee_flexion_deg"}
    knee = (of_knee.get(moment.kind, ""), readings.knee_deg, _knee_text)
    trunk = ("trunk_lean_deg", readings.trunk_deg, lean_text)
    chosen: dict[str, list[tuple[str, float, Callable[[float, Lang], str]]]] = {
        "contact": [knee, ("overstride_pct_leg", readings.ahead_pct, _ahead_text), trunk],
        "midstance": [knee, trunk],
        "toe_off": [("thigh_extension_at_toe_off_deg", readings.thigh_deg, _thigh_text), trunk],
    }
    return [
        _beside_clip(write(value, lang), _measured(analysis, metric, moment), lang)
        for metric, value, write in chosen[moment.kind]
        if np.isfinite(value)
    ]


def _knee_text(flexion_deg: float, lang: Lang) -> str:
    return text_of("draw_knee_bend", lang, deg=round(flexion_deg))


def _ahead_text(ahead_pct: float, lang: Lang) -> str:
    return text_of(f"{ahead_code(ahead_pct)}_hip", lang, pct=round(abs(ahead_pct)))


def _thigh_text(thigh_deg: float, lang: Lang) -> str:
    code = "draw_thigh_front" if thigh_deg < 0 else "draw_thigh_back"
    return text_of(code, lang, deg=round(abs(thigh_deg)))


def _measured(analysis: Analysis, metric: str, moment: KeyMoment) -> Measurement | None:
    """The clip's number for that side, or for both sides together; None where there is none."""
    found = [m for m in analysis.measurements if m.metric == metric and m.side in (moment.side, None)]
    numbers = [m for m in found if isinstance(m.value, (int, float)) and np.isfinite(m.value)]
    return max(numbers, key=lambda m: m.side is not None, default=None)


def _beside_clip(number: str, measurement: Measurement | None, lang: Lang) -> str:
    if measurement is None:
        return text_of("draw_rough", lang, number=number)
    mean = f"{measurement.value:.1f}"
    half = measurement.uncertainty
    if half is None or not np.isfinite(half):
        return text_of("draw_clip_value", lang, number=number, value=mean)
    code = "draw_clip_deepest" if measurement.metric == "peak_stance_knee_flexion_deg" else "draw_clip_range"
    return text_of(code, lang, number=number, value=mean, half=f"{max(abs(half), 0.1):.1f}")


_PHRASE_ENDS = re.compile(r"(?<=[：・、；])|(?=（)|(?<=[,:;] )|(?<= )(?=\()")
_WORD_ENDS = re.compile(r"(?<= )(?<!± )(?!±)")


def _wrapped(line: str, face: Typeface, size_px: int, room_px: float) -> list[str]:
    """The line in as few rows as fit, broken between phrases, or between words where a phrase alone is too wide."""
    pieces = [
        word
        for phrase in _PHRASE_ENDS.split(line)
        for word in ([phrase] if face.width_px(phrase, size_px) <= room_px else _WORD_ENDS.split(phrase))
    ]
    rows = [""]
    for piece in pieces:
        if rows[-1] and face.width_px((rows[-1] + piece).rstrip(), size_px) > room_px:
            rows.append("")
        rows[-1] += piece
    return [row.strip().rstrip("・") for row in rows]


def _with_caption(image_rgb: RgbImage, face: Typeface, title: str, lines: list[str]) -> RgbImage:
    """The picture on top of a dark strip with the words: long lines go on below, all letters are of one size.

    They shrink only where a single phrase is wider than the picture.
    """
    height, width = image_rgb.shape[:2]
    unit = min(height, width) / SHORT_SIDE
    room = width - 2 * _PAD * unit
    rows = [
        (piece, size, color)
        for line, size, color in [(title, _TITLE, WHITE), *((line, _LETTERS, MARK) for line in lines)]
        for piece in _wrapped(line, face, round(size * unit), room)
    ]
    widest = max(face.width_px(text, round(size * unit)) for text, size, _ in rows)
    fit = min(1.0, room / widest) if widest > 0 and room > 0 else 1.0
    high = round(2 * _PAD * unit + sum(1.4 * fit * size * unit for _, size, _ in rows))
    if high == 0:
        return image_rgb
    strip = Brush(planes_of(np.full((high, width, 3), INK, dtype=np.uint8)), face)
    strip.unit = unit
    y = _PAD * unit
    for text, size, color in rows:
        strip.text(text, _PAD * unit, y + 0.7 * fit * size * unit, fit * size, color)
        y += 1.4 * fit * size * unit
    return np.concatenate([image_rgb, rgb_of(strip.picture, width, high)])
