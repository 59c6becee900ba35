"""The steps in order: video -> poses -> signals -> events -> measurements -> findings -> words and pictures.

The only module that knows the order. Everything that takes longer than a second reports its progress and looks at
``should_stop`` at every frame; a stopped or failed analysis leaves no files.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from formcheck.cards import load_cards
from formcheck.folders import folder_name as folder_name  # others import it from here
from formcheck.folders import whole_folder
from formcheck.loading import doing_ahead, import_mediapipe, import_scipy_signal
from formcheck.pace import Stage as Stage
from formcheck.records import (
    Analysis,
    Answers,
    InputError,
    Note,
    PoseProfile,
    PoseTrack,
    Standing,
    Subject,
    VideoFacts,
)
from formcheck.watch import OnPreview as OnPreview
from formcheck.watch import OnProgress as OnProgress
from formcheck.watch import Preview as Preview
from formcheck.watch import Progress as Progress
from formcheck.watch import ShouldStop as ShouldStop
from formcheck.watch import Watch

if TYPE_CHECKING:
    from formcheck.activities.examined import Examined
    from formcheck.annotated_clip import Picture
    from formcheck.report import Figures
    from formcheck.video import VideoInfo

Lang = Literal["ja", "en"]
Extra = Literal["pdf", "opensim"]
"""Files on request: ``report.pdf`` and ``plan.pdf``; ``markers.trc`` and ``angles.mot``."""
STANDING_FILE = "standing.npz"
"""The pose in the clip of standing that was used, beside ``pose.npz``."""


@dataclass(frozen=True)
class Options:
    """What a user can ask for."""

    activity: str = "auto"
    """One of ``activities.ACTIVITIES``."""
    view: Literal["auto", "side", "rear", "front"] = "auto"
    height_cm: float | None = None
    belt_speed_mps: float | None = None
    slow_motion: float = 1.0
    pose: PoseProfile = "balanced"
    person: int | None = None
    lang: Lang = "en"
    workers: int | None = None
    """Pose networks side by side; None takes one for each core, four at most."""
    answers: Answers | None = None
    """The person's answers to the safety check; None where it was skipped, which the report then says."""
    blur_face: bool = False
    """Hide faces in every picture: preview, annotated clip, key moments, and so report and PDF."""
    standing: tuple[tuple[str, Path], ...] = ()
    """Clips of the same person standing quietly, one for each view, each with the name to call it by; where there is
    none the clip itself is searched."""
    mode: Literal["auto", "gentle", "full"] = "auto"
    """Which hip lift was meant: the pelvis just off the floor, or up to the straight line."""
    pain: float | None = None
    """How much it hurt in this movement, 0 to 10; None asks the ``answers``."""


def analyze_video(
    path: Path,
    options: Options | None = None,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    on_preview: OnPreview | None = None,
) -> Analysis:
    """Everything that can be found out about one clip; writes nothing.

    ``on_preview`` is shown the picture being worked on, at most every ``watch.PREVIEW_EVERY_S``.
    Raises InputError for a clip that cannot be analysed and Stopped when ``should_stop`` said so.
    """
    options = options or Options()
    _check(options)
    watch = Watch(on_progress, should_stop, on_preview, options.blur_face)
    from formcheck import pose_search, video  # noqa: F401  (before the thread begins: both want OpenCV)

    with doing_ahead(_what_follows(options)):
        standing = [_find_standing(name, Path(clip), options, watch) for name, clip in options.standing]
        pose, facts, warnings = _find_pose(Path(path), options, watch)
    try:
        with watch.stage("measures"):
            analysis = analyze_pose(pose, facts, options, standing)
    except InputError as error:
        analysis = analyze_motion(Path(path), pose, facts, options, error, watch.of_stage("measures"))
    return replace(analysis, warnings=(*warnings, *analysis.warnings))


def analyze_pose(
    pose: PoseTrack,
    facts: VideoFacts,
    options: Options | None = None,
    standing: Sequence[Standing] = (),
    known: bool = False,
) -> Analysis:
    """The same from a pose track in real time, without the video; ``standing`` instead of the clips of the options.

    ``known``: the numbers are there from an earlier day; of running only what they were made from is made again.
    Raises InputError as ``analyze_video``.
    """
    from formcheck.activities import examine

    options = options or Options()
    _check(options)
    mode = None if options.mode == "auto" else options.mode
    subject = Subject(options.height_cm, options.belt_speed_mps, mode)
    view = None if options.view == "auto" else options.view
    examined = examine(pose, subject, options.activity, view, standing, known)
    analysis = _as_analysis(examined, pose, facts, subject, options)
    return with_pain(_with_sides(analysis), _pain_told(examined.activity, options))


def _as_analysis(
    examined: Examined, pose: PoseTrack, facts: VideoFacts, subject: Subject, options: Options
) -> Analysis:
    """What was examined, with how sure it is and what differs; not yet judged."""
    from formcheck.comparisons import compare, segments
    from formcheck.file_notes import file_notes, repeats_pictures
    from formcheck.sureness import changed_notes, of_repeated_pictures, weighed

    found = examined.measurements
    if examined.activity == "running" and repeats_pictures(facts, pose):
        found = of_repeated_pictures(found)
    measurements = weighed(found, load_cards())
    notes = (*examined.warnings, *changed_notes(measurements))
    return Analysis(
        activity=examined.activity,
        view=examined.view,
        video=facts,
        subject=subject,
        pose=pose,
        signals=examined.signals,
        events=examined.events,
        strides=examined.strides,
        measurements=measurements,
        comparisons=compare(found, examined.signals.frame_rate_hz),
        findings=(),
        key_moments=examined.key_moments,
        warnings=(*file_notes(facts, pose, options.blur_face), *notes, *_safety_notes(options.answers)),
        made_with={"formcheck": _version(), "pose": pose.finder, "numpy": np.__version__},
        segments=segments(found),
        answers=options.answers,
        blur_face=options.blur_face,
        reps=examined.reps,
        holds=examined.holds,
        standing=examined.standing,
    )


def analyze_motion(
    path: Path,
    pose: PoseTrack,
    facts: VideoFacts,
    options: Options,
    why: InputError,
    report: Callable[[float], None] | None = None,
) -> Analysis:
    """Of an exercise whose body could not be followed: what the pictures' own motion tells.

    Somebody named it, or it was recognised, which then is called unsure. ``why`` is what ``analyze_pose`` raised; it is
    raised again where motion tells nothing either, or must not be asked (``activities/by_motion.py``).
    """
    from formcheck.activities.by_motion import may_be_counted, without_body
    from formcheck.motion import motion_in
    from formcheck.video import check_readable

    is_named = options.activity != "auto"
    activity = options.activity if is_named else str(why.details.get("activity", ""))
    if not may_be_counted(activity, pose, why):
        raise why
    motion = motion_in(path, check_readable(path), options.slow_motion, report)
    if motion is None:
        raise why
    found = analyze_pose(without_body(pose, motion), facts, replace(options, activity=activity))
    return found if is_named else replace(found, warnings=(Note("activity_unsteady"), *found.warnings))


def with_answers(analysis: Analysis, answers: Answers | None) -> Analysis:
    """The same analysis with other answers to the safety check; None where it was skipped."""
    others = [note for note in analysis.warnings if note.code != "no_safety_check"]
    return _judged(replace(analysis, answers=answers, warnings=(*others, *_safety_notes(answers))))


def _with_sides(analysis: Analysis) -> Analysis:
    """With left against right of an exercise done on both sides in one clip."""
    from formcheck.exercise_sides import left_right

    if not (analysis.reps or analysis.holds):
        return analysis
    known = {c.metric for c in analysis.comparisons if c.kind == "asymmetry"}
    more = [c for c in left_right([analysis]) if c.metric not in known]
    return replace(analysis, comparisons=(*more, *analysis.comparisons))


def with_pain(analysis: Analysis, pain: float | None) -> Analysis:
    """The same analysis with how much the movement hurt, 0 to 10; None where nobody was asked."""
    from formcheck.metrics.exercise import movement_pain

    subject = replace(analysis.subject, pain=pain)
    others = [m for m in analysis.measurements if m.metric != movement_pain.METRIC]
    notes = [note for note in analysis.warnings if note.code != movement_pain.HURTS]
    told = movement_pain.told(analysis.activity, pain, analysis.video.duration_s / 2)
    if told:
        notes += [Note(movement_pain.HURTS, {"pain": f"{pain:g}"})] if pain else []
    return _judged(replace(analysis, subject=subject, measurements=(*others, *told), warnings=tuple(notes)))


def _pain_told(activity: str, options: Options) -> float | None:
    if options.pain is not None or options.answers is None:
        return options.pain
    return options.answers.numbers.get(f"{activity}_pain")


def _judged(analysis: Analysis) -> Analysis:
    """The analysis with its findings; danger first: an exercise that the answers rule out has none, and says so."""
    from formcheck import findings as held_against_ranges
    from formcheck.activities.danger import RULED_OUT, ruled_out_for, ruled_out_note

    notes = [note for note in analysis.warnings if note.code != RULED_OUT]
    rule = ruled_out_for(analysis.activity, [note.code for note in notes], analysis.answers)
    if rule is not None:
        return replace(analysis, findings=(), warnings=(ruled_out_note(rule), *notes))
    found = held_against_ranges.findings(analysis.measurements, load_cards())
    return replace(analysis, findings=found, warnings=tuple(notes))


def write_results(
    analysis: Analysis,
    video: Path,
    out_dir: Path,
    lang: Lang = "en",
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    on_preview: OnPreview | None = None,
    also: Collection[Extra] = (),
) -> Path:
    """Write the clip's folder ``out_dir/<clip name>/`` with all eight outputs, and return it.

    With a safety check there is a ninth, ``plan.html``; ``also`` asks for more.

    The folder appears only when it is whole; an earlier one of the same clip is replaced. Raises InputError
    ``cannot_write_output`` where it cannot be written and Stopped when ``should_stop`` said so.
    """
    from formcheck.annotated_clip import write_annotated_clip

    watch = Watch(on_progress, should_stop, on_preview)
    watch.expect(analysis.video.n_frames, analysis.pose.finder.partition(":")[0])
    charts: dict[str, Figures] = {}
    with whole_folder(Path(out_dir), folder_name(Path(video))) as folder:
        with watch.stage("drawing"), doing_ahead(_charts(analysis, charts)):
            pictures = write_annotated_clip(analysis, Path(video), folder, lang, watch.of_stage("drawing"), watch.show)
        with watch.stage("report"):
            _write_tables(analysis, folder, watch)
            watch.report("report", 0.5)
            _write_pages(analysis, pictures, folder, lang, charts)
            watch.report("report", 0.8)
            _write_also(analysis, pictures, also, folder, lang)
    return Path(out_dir) / folder_name(Path(video))


def _write_tables(analysis: Analysis, folder: Path, watch: Watch) -> None:
    """What is for programs, and the poses for doing the analysis again."""
    from formcheck.exports.analysis_json import write_analysis_json
    from formcheck.exports.tables import write_events_csv, write_signals_csv
    from formcheck.pose.recorded_pose import write_pose

    write_analysis_json(analysis, folder / "analysis.json")
    write_signals_csv(analysis, folder / "signals.csv")
    watch.report("report", 0.4)
    write_events_csv(analysis, folder / "events.csv")
    write_pose(analysis.pose, folder / "pose.npz")
    if analysis.standing is not None and analysis.standing.clip is not None:
        write_pose(analysis.standing.pose, folder / STANDING_FILE)


def _charts(analysis: Analysis, drawn: dict[str, Figures]) -> Iterator[object]:
    """``report.charts_ahead``; also its import is for the thread that takes the steps."""
    from formcheck.report import charts_ahead

    yield from charts_ahead(analysis, drawn)


def _write_pages(
    analysis: Analysis, pictures: Sequence[Picture], folder: Path, lang: Lang, charts: Mapping[str, Figures]
) -> None:
    """What is to be read: the report, and the plan where there was a safety check."""
    from formcheck.guidance.sheet import write_plan
    from formcheck.guidance.told import tell_analysis
    from formcheck.report import write_report

    write_report(analysis, pictures, folder / "report.html", lang, charts)
    if analysis.answers is not None:
        write_plan(tell_analysis(analysis), folder / "plan.html", lang, analysis.video.name)


def _write_also(
    analysis: Analysis, pictures: Sequence[Picture], also: Collection[Extra], folder: Path, lang: Lang
) -> None:
    if "opensim" in also:
        from formcheck.exports.opensim import write_opensim

        write_opensim(analysis, folder)
    if "pdf" in also:
        from formcheck.guidance.told import tell_analysis
        from formcheck.pdf import plan_pdf, report_pdf

        (folder / "report.pdf").write_bytes(report_pdf(analysis, pictures, lang))
        plan = plan_pdf(tell_analysis(analysis), lang, analysis.video.name, pictures)
        (folder / "plan.pdf").write_bytes(plan)


# -------------------------------------------------------------------------------------------------------- steps


def _what_follows(options: Options) -> Iterator[object]:
    """What the later steps import and read first, piece by piece; each would find it by itself."""
    from formcheck.models import read_ahead
    from formcheck.pose.mediapipe_pose import keep_to_this_machine
    from formcheck.pose_search import PROFILES

    keep_to_this_machine()
    import_mediapipe()
    yield None
    with suppress(InputError):  # the search will say what is missing
        read_ahead(PROFILES[options.pose].network)
    yield None
    import_scipy_signal()
    yield None
    for name in ("repair", "activities.running_side", "comparisons", "sureness", "findings", "exercise_sides"):
        yield import_module(f"formcheck.{name}")
    yield load_cards()
    from formcheck import metrics

    for name in metrics.names():
        if "." not in name:
            yield import_module(f"formcheck.metrics.{name}")
    yield import_module("formcheck.annotated_clip")
    from formcheck.annotate.typeface import Typeface

    yield Typeface()
    yield import_module("formcheck.report")
    from formcheck.charts import plain_figure
    from formcheck.pages import page_template

    yield page_template("report.html.j2")
    yield plain_figure("", "").add_scatter(x=[0.0], y=[0.0]).to_json()


def _check(options: Options) -> None:
    """Raise InputError: ``unknown_activity``, and ``bad_option`` for numbers no person or treadmill has."""
    if options.activity != "auto":
        from formcheck.activities import ACTIVITIES

        if options.activity not in ACTIVITIES:
            raise InputError("unknown_activity", name=options.activity)
    limits = {
        "height_cm": (options.height_cm, 80, 250),
        "belt_speed_mps": (options.belt_speed_mps, 0.3, 12),
        "slow_motion": (options.slow_motion, 0.1, 64),
        "pain": (options.pain, 0, 10),
    }
    for name, (value, low, high) in limits.items():
        if value is not None and not low <= value <= high:
            raise InputError("bad_option", name=name, value=value, low=low, high=high)


def _find_pose(path: Path, options: Options, watch: Watch) -> tuple[PoseTrack, VideoFacts, tuple[Note, ...]]:
    from formcheck.pose_search import Request, search
    from formcheck.video import check_readable

    info = check_readable(path)
    request = Request(options.pose, options.person, options.slow_motion, options.workers)
    watch.expect(info.n_frames, options.pose)
    with watch.stage("pose"):
        try:
            pose, end_s = search(path, info, request, watch)
        except InputError as error:
            pose, end_s = _nobody(info, options, error), info.duration_s
    facts = VideoFacts(
        name=path.name.encode("utf-8", "replace").decode("utf-8"),  # a name need not be text
        width_px=info.width_px,
        height_px=info.height_px,
        n_frames=info.n_frames,
        duration_s=info.duration_s / options.slow_motion,
        frame_rate_hz=info.frame_rate_hz * options.slow_motion,
        variable_frame_rate=info.variable_frame_rate,
        slow_motion=options.slow_motion,
        filmed_on=info.filmed_on,
    )
    cut_short = info.truncated or end_s < info.duration_s - 1.0
    return pose, facts, (Note("truncated"),) if cut_short else ()


def _nobody(info: VideoInfo, options: Options, error: InputError) -> PoseTrack:
    """The track of a clip in which nobody was found but motion may tell; raises the error again for any other."""
    from formcheck.activities.by_motion import COUNTED, nobody

    if error.code != "no_person" or options.activity not in COUNTED:
        raise error
    return nobody(info.times.time_s / options.slow_motion, (info.width_px, info.height_px), options.pose)


def _find_standing(name: str, path: Path, options: Options, watch: Watch) -> Standing:
    """Raises InputError ``standing_not_read`` with why, and ``no_standing``."""
    from formcheck.pose_search import Request, search
    from formcheck.standing import find_standing
    from formcheck.video import check_readable

    try:
        info = check_readable(path)
        pose, _ = search(path, info, Request(options.pose, None, options.slow_motion, options.workers), watch.silent())
    except InputError as error:
        raise InputError("standing_not_read", clip=name) from error
    standing = find_standing(pose, name)
    if standing is None:
        raise InputError("no_standing", clip=name)
    return standing


def _safety_notes(answers: Answers | None) -> list[Note]:
    return [Note("no_safety_check")] if answers is None else []


def _version() -> str:
    return version("formcheck")
