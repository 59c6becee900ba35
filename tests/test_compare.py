"""Two clips in step, and what changed between them beyond the error of measuring."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import write_clip
from hypothesis import given
from hypothesis import strategies as st
from made_clips import number_in, numbered_picture
from synthetic_analysis import build_analysis, without_body

from formcheck.cards import LANGS, Lang
from formcheck.cli import run
from formcheck.cli.words import error_text
from formcheck.compare import compare_analyses, heads, labels, told, write_comparison, write_side_by_side
from formcheck.compare.differences import CHANGES
from formcheck.compare.moments import paired_moments
from formcheck.records import Analysis, Event, InputError, Measurement, Stopped, Subject
from formcheck.saved import read_results
from formcheck.texts import text
from formcheck.ui.problems import sentence
from formcheck.video import probe, read_frames

LONGEST_S = 0.05


def stretched(analysis: Analysis, factor: float, later_s: float = 0.0) -> Analysis:
    """The same runner, everything so many times slower, and later."""

    def at(time_s: float) -> float:
        return factor * time_s + later_s

    return replace(
        analysis,
        events=tuple(replace(e, time_s=at(e.time_s)) for e in analysis.events),
        strides=tuple(
            replace(s, contact_s=at(s.contact_s), toe_off_s=at(s.toe_off_s), next_contact_s=at(s.next_contact_s))
            for s in analysis.strides
        ),
        key_moments=tuple(replace(m, time_s=at(m.time_s)) for m in analysis.key_moments),
    )


def with_numbers(analysis: Analysis, **values: float) -> Analysis:
    """Other numbers for some metrics."""
    rows = tuple(replace(m, value=values.get(m.metric, m.value)) for m in analysis.measurements)
    return replace(analysis, measurements=rows)


# ------------------------------------------------------------------------------------------------------ in step


@given(factor=st.floats(0.5, 2.0), later_s=st.floats(0.0, 20.0))
def test_the_same_runner_slower_and_later_is_found_again_at_every_moment(factor: float, later_s: float) -> None:
    before = build_analysis()
    step = compare_analyses(before, stretched(before, factor, later_s)).step
    assert step is not None
    for time_s in np.linspace(step.before_s[0], step.before_s[-1], 50):
        assert step.after_at(time_s) == pytest.approx(factor * time_s + later_s, abs=1e-6)


def test_moments_of_one_kind_lie_on_one_another_when_the_contact_takes_longer() -> None:
    before = build_analysis()
    longer = tuple(replace(s, toe_off_s=s.toe_off_s + LONGEST_S) for s in before.strides)
    late = tuple(replace(e, time_s=e.time_s + LONGEST_S) if e.kind == "toe_off" else e for e in before.events)
    step = compare_analyses(before, replace(before, strides=longer, events=late)).step
    assert step is not None
    for first, second in step.cycles:
        assert step.after_at(first.start_s) == pytest.approx(second.start_s)
        assert step.after_at(first.marks_s["toe_off"]) == pytest.approx(first.marks_s["toe_off"] + LONGEST_S)
        assert step.after_at(first.marks_s["other_toe_off"]) == pytest.approx(second.marks_s["other_toe_off"])
    assert (np.diff(step.before_s) > 0).all()
    assert (np.diff(step.after_s) >= 0).all()


def test_from_the_left_and_from_the_right_the_near_legs_go_together() -> None:
    compared = compare_analyses(build_analysis(near_side="right"), build_analysis(facing="left", near_side="left"))
    assert compared.step is not None
    assert compared.step.sides == ("right", "left")
    assert "compare_sides_differ" in [note.code for note in compared.notes]
    bend = next(d for d in compared.differences if d.metric == "knee_flexion_at_contact_deg")
    assert bend.sides == ("right", "left")
    assert {(pair.before.side, pair.after.side) for pair in compared.moments} == {("right", "left")}


def test_strides_after_a_gap_are_not_played() -> None:
    before = build_analysis(duration_s=6.0)
    mine = [s for s in before.strides if s.side == "right"]
    gap = replace(before, strides=tuple(s for s in before.strides if s is not mine[2]))
    step = compare_analyses(before, gap).step
    assert step is not None
    assert step.cycles[0][1].start_s == mine[3].contact_s  # the longer stretch is the one behind the gap
    assert len(step.cycles) == len(mine) - 3


def test_repetitions_go_from_start_to_top_to_end() -> None:
    def lifts(times_s: list[float]) -> Analysis:
        kinds = ("rep_start", "rep_top", "rep_end")
        events = tuple(Event(kinds[n % 3], None, time_s) for n, time_s in enumerate(times_s))
        return replace(build_analysis(), activity="hip_lift", strides=(), events=events)

    step = compare_analyses(lifts([1, 2, 4, 6, 7, 8]), lifts([0, 2, 3, 4, 5, 9])).step
    assert step is not None
    assert [step.after_at(t) for t in (1, 1.5, 2, 4, 5, 6, 7, 8)] == [0, 1, 2, 3, 3.5, 4, 5, 9]


def test_a_clip_without_strides_is_compared_without_playing(tmp_path: Path) -> None:
    compared = compare_analyses(build_analysis(), without_body(build_analysis()))
    assert compared.step is None
    with pytest.raises(InputError, match="compare_no_step"):
        write_side_by_side(compared, (tmp_path / "a.mp4", tmp_path / "b.mp4"), tmp_path / "c.mp4", "en")


# -------------------------------------------------------------------------------------------------- differences


@given(shift=st.floats(-40.0, 40.0))
def test_changed_is_what_is_beyond_the_error_and_the_same_the_other_way_round(shift: float) -> None:
    before = build_analysis()
    after = with_numbers(before, trunk_lean_deg=6.0 + shift)
    there = next(d for d in compare_analyses(before, after).differences if d.metric == "trunk_lean_deg")
    back = next(d for d in compare_analyses(after, before).differences if d.metric == "trunk_lean_deg")
    assert there.value is not None
    assert back.value is not None
    assert there.uncertainty is not None
    own = [m.uncertainty or 0.0 for m in (there.before, there.after)]
    assert there.uncertainty == pytest.approx(float(np.hypot(*own)))
    assert (there.value, there.change) == (pytest.approx(-back.value), back.change)
    if there.change == "changed":
        assert abs(there.value) > there.uncertainty
    if abs(there.value) <= there.uncertainty:
        assert there.change == "same"


def test_by_chance_hardly_any_comparison_of_one_runner_with_itself_changes() -> None:
    """Errors drawn as the uncertainties say: all intervals together hold in about 95 of 100 comparisons."""
    chance = np.random.default_rng(8)
    before, alarms, tried = build_analysis(), 0, 400
    for _ in range(tried):
        drawn = [_drawn(before, chance) for _ in range(2)]
        alarms += any(d.change == "changed" for d in compare_analyses(*drawn).differences)
    assert alarms / tried < 0.05 + 3 * (0.05 * 0.95 / tried) ** 0.5


def _drawn(analysis: Analysis, chance: np.random.Generator) -> Analysis:
    rows = [_drawn_row(m, chance) for m in analysis.measurements]
    return replace(analysis, measurements=tuple(rows))


def _drawn_row(m: Measurement, chance: np.random.Generator) -> Measurement:
    if not isinstance(m.value, float) or m.uncertainty is None:
        return m
    return replace(m, value=m.value + float(chance.normal()) * m.uncertainty / 1.96)


def test_what_changed_stands_first_and_a_number_less_sure_changes_perhaps() -> None:
    before = build_analysis()
    after = with_numbers(before, trunk_lean_deg=30.0, overstride_pct_leg=60.0)
    doubtful = tuple(
        replace(m, status="low_confidence") if m.metric == "overstride_pct_leg" else m for m in after.measurements
    )
    found = compare_analyses(before, replace(after, measurements=doubtful)).differences
    change = {d.metric: d.change for d in found}
    assert (change["trunk_lean_deg"], change["overstride_pct_leg"]) == ("changed", "perhaps")
    assert [CHANGES.index(d.change) for d in found] == sorted(CHANGES.index(d.change) for d in found)


def test_classes_change_only_when_both_are_likely() -> None:
    def landing(rearfoot: float) -> Analysis:
        name = "rearfoot" if rearfoot > 0.5 else "forefoot"
        chances = {"rearfoot": rearfoot, "forefoot": 1 - rearfoot}
        row = Measurement("foot_strike", "right", "class", name, probabilities=chances)
        return replace(build_analysis(), measurements=(row,))

    def change(first: float, second: float) -> str:
        return compare_analyses(landing(first), landing(second)).differences[0].change

    assert (change(0.99, 0.01), change(0.6, 0.4), change(0.9, 0.8)) == ("changed", "perhaps", "same")


def test_other_activities_and_views_are_refused() -> None:
    before = build_analysis()
    with pytest.raises(InputError, match="compare_activities"):
        compare_analyses(before, replace(before, activity="hip_lift"))
    with pytest.raises(InputError, match="compare_views"):
        compare_analyses(before, replace(before, view="rear"))


@pytest.mark.parametrize("lang", LANGS)
def test_what_cannot_be_compared_is_called_by_name(lang: Lang) -> None:
    names = [text(code, lang) for code in ("activity_running", "activity_hip_lift", "view_side", "view_rear")]
    before = build_analysis()
    said = ""
    for after in (replace(before, activity="hip_lift"), replace(before, view="rear")):
        with pytest.raises(InputError) as refused:
            compare_analyses(before, after)
        said += error_text(refused.value, lang)
        assert sentence(refused.value, lang) == error_text(refused.value, lang)
    assert all(name in said for name in names), said
    assert "hip_lift" not in said


def test_what_else_differs_is_said() -> None:
    before = replace(build_analysis(), subject=Subject(belt_speed_mps=2.5))
    after = replace(build_analysis(rate_hz=120.0), subject=Subject(height_cm=170.0, belt_speed_mps=3.5))
    codes = [note.code for note in compare_analyses(before, after).notes]
    assert codes == ["compare_speed_differs", "compare_height_differs", "compare_rate_differs"]
    assert [n.code for n in compare_analyses(before, before).notes] == []


# ------------------------------------------------------------------------------------------------ pictures, files


def test_each_picture_shows_the_moments_that_belong_together(tmp_path: Path) -> None:
    """Frames are numbered by their pixels; the second clip is slower and was stored as slow motion."""
    before = build_analysis(rate_hz=60.0)
    after = stretched(before, 1.25, 0.2)
    after = replace(after, video=replace(after.video, slow_motion=2.0))
    pictures = [numbered_picture(n, 256, 192) for n in range(240)]
    clips = [write_clip(tmp_path / f"{rate_hz}.mp4", pictures, rate_hz) for rate_hz in (60, 30)]
    compared = compare_analyses(before, after)
    write_side_by_side(compared, (clips[0], clips[1]), tmp_path / "both.mp4", "ja", speed=0.5)
    assert compared.step is not None
    frames = list(read_frames(tmp_path / "both.mp4"))
    start_s = compared.step.before_s[0]
    for n, frame in enumerate(frames):
        before_s = start_s + n * 0.5 / 30
        seen = [number_in(frame.image[40:200, part]) for part in (slice(0, 256), slice(260, 516))]
        assert abs(seen[0] / 60 - before_s) <= 1 / 120 + 1e-6
        assert abs(seen[1] / 30 / 2 - compared.step.after_at(before_s)) <= 1 / 120 + 1e-6
    assert frames[-1].time_s == pytest.approx((compared.step.before_s[-1] - start_s) / 0.5, abs=0.05)
    assert probe(tmp_path / "both.mp4").codec == "h264"


def test_a_comparison_that_is_stopped_leaves_nothing(tiny_results: tuple[Analysis, Path], tmp_path: Path) -> None:
    analysis, folder = tiny_results

    def stop(share: float) -> None:
        if share > 0.3:
            raise Stopped

    with pytest.raises(Stopped):
        write_comparison(compare_analyses(analysis, analysis), (folder, folder), tmp_path / "out", "en", stop)
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_two_folders_on_the_command_line(
    tiny_results: tuple[Analysis, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    analysis, folder = tiny_results
    out = tmp_path / "out"
    assert run(["compare", str(folder), str(folder), "--out", str(out), "--lang", lang]) == 0
    written: dict[str, Any] = json.loads((out / "compare.json").read_text(encoding="utf-8"))
    assert {row["change"] for row in written["differences"]} <= {"same", "unknown"}
    assert all(row["difference"] in (0, None) for row in written["differences"])
    assert {path.name for path in out.iterdir()} == {"compare.html", "compare.json", "moments", "side_by_side.mp4"}
    pictures = {path.stem for path in (out / "moments").iterdir()}
    assert pictures == {m.id for m in analysis.key_moments}
    html = (out / "compare.html").read_text(encoding="utf-8")
    assert "https://" not in html
    assert html.count("data:image/jpeg") == len(pictures)
    shown = capsys.readouterr().out
    known = [d for d in compare_analyses(analysis, analysis).differences if d.change != "unknown"]
    assert shown.count("＝") == len(known) + 1  # the line of counts has one too
    assert all(told(d, "ja" if lang == "ja" else "en").difference.split(" ± ")[0] in shown for d in known)


def test_a_clip_against_a_folder(
    tiny_results: tuple[Analysis, Path], tiny_clip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--pose", "fast", "--height-cm", "166", "--lang", "en"]
    assert run(["compare", str(tiny_clip), str(tiny_results[1]), *asked]) == 0
    shown = capsys.readouterr().out
    assert "◆ 0 changed" in shown
    assert "◇ 0 may have changed" in shown


def test_what_is_no_result_is_one_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "analysis.json").write_text("[]")
    for there in (tmp_path, tmp_path / "nothing"):
        assert run(["compare", str(there), str(tmp_path), "--out", str(tmp_path / "out")]) == 2
        assert len(capfd.readouterr().err.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_folder_gives_back_its_analysis(tiny_results: tuple[Analysis, Path]) -> None:
    analysis, folder = tiny_results
    back = read_results(folder)
    assert [(m.metric, m.side, m.status, m.n) for m in back.measurements] == [
        (m.metric, m.side, m.status, m.n) for m in analysis.measurements
    ]
    for old, new in zip(analysis.measurements, back.measurements, strict=True):
        assert new.value == old.value or new.value == pytest.approx(old.value, abs=1e-4)
    assert [m.id for m in back.key_moments] == [m.id for m in analysis.key_moments]
    assert np.allclose([s.contact_s for s in back.strides], [s.contact_s for s in analysis.strides], atol=0.002)
    assert back.video == replace(
        analysis.video, duration_s=back.video.duration_s, frame_rate_hz=back.video.frame_rate_hz
    )


def test_moments_pair_once() -> None:
    analysis = build_analysis()
    twice = replace(analysis, key_moments=analysis.key_moments * 2)
    assert len(paired_moments(twice, analysis, ("right", "right"))) == len(analysis.key_moments)


@pytest.mark.parametrize("lang", LANGS)
def test_the_two_are_called_by_camera_by_speed_or_by_before_and_after(lang: Lang) -> None:
    one = build_analysis()
    assert heads(one, one, lang) == (text("compare_before", lang), text("compare_after", lang))
    left = replace(one, signals=replace(one.signals, near_side="left"))
    sides = [text("compare_from_side", lang, side=text(f"side_{side}", lang)) for side in ("right", "left")]
    assert list(heads(one, left, lang)) == sides
    slow, fast = (replace(one, subject=Subject(belt_speed_mps=speed)) for speed in (2.5, 3.5))
    assert heads(slow, fast, lang) == ("9.0 km/h", "12.6 km/h")
    assert labels(slow, fast, lang)[0].startswith("9.0 km/h  ")
