"""analysis.json key by key, and tables with one row a frame; nothing known is nothing written."""

from __future__ import annotations

import csv
import json
import math
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from synthetic_analysis import FIRST_CONTACT_S, STANCE_SHARE, STRIDE_S, build_analysis, without_body

from formcheck.cards import load_cards
from formcheck.exports.analysis_json import analysis_as_dict, write_analysis_json
from formcheck.exports.tables import MAX_SWING_S, phase_of, write_events_csv, write_signals_csv
from formcheck.findings import findings
from formcheck.records import Analysis, Event, Measurement, Note

KEYS = {
    "standing",
    "repetitions",
    "holds",
    "schema",
    "activity",
    "mode",
    "view",
    "facing",
    "near_side",
    "video",
    "subject",
    "quality",
    "events",
    "key_moments",
    "measurements",
    "comparisons",
    "segments",
    "findings",
    "guidance",
    "made_with",
    "blur_face",
}
VIDEO_KEYS = {
    "name",
    "width_px",
    "height_px",
    "n_frames",
    "duration_s",
    "frame_rate_hz",
    "variable_frame_rate",
    "slow_motion",
    "filmed_on",
}
QUALITY_KEYS = {"pose_rate", "camera", "warnings", "legs_exchanged", "jumps", "gaps", "level_deg"}
MEASUREMENT_KEYS = {
    "metric",
    "side",
    "unit",
    "value",
    "spread",
    "n",
    "uncertainty",
    "status",
    "reason",
    "reason_text",
    "reason_details",
    "values",
    "times_s",
}
FINDING_KEYS = {
    "metric",
    "side",
    "level",
    "direction",
    "low",
    "high",
    "basis",
    "sources",
    "time_s",
    "text",
    "advice",
}


def judged() -> Analysis:
    """A clip with a finding of every level, a class, a warning and a number that is not there."""
    measurements = (
        Measurement(
            "cadence_spm", None, "spm", 171.43219, 1.2, 3, 0.6, values=(170.0, 171.43219, 173.0), times_s=(1, 2, 3)
        ),
        Measurement("overstride_pct_leg", "right", "pct", 40.0, 1.0, 4, 2.0),
        Measurement("shank_angle_at_contact_deg", "right", "deg", 20.0, 1.0, 4, 2.0),
        Measurement("trunk_lean_deg", None, "deg", 14.0, 1.0, 4, 2.0),
        Measurement(
            "foot_strike", "right", "class", "rearfoot", n=4, probabilities={"rearfoot": 0.91234567, "midfoot": 0.08765}
        ),
        Measurement(
            "overstride_pct_leg",
            "left",
            "pct",
            math.nan,
            status="not_measurable",
            reason=Note("far_side"),
            values=(math.nan,),
        ),
    )
    return replace(
        build_analysis(),
        measurements=measurements,
        findings=findings(measurements, load_cards()),
        warnings=(Note("low_frame_rate", {"rate": 29.97}), Note("no_safety_check")),
    )


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


class TestJson:
    def test_has_the_promised_keys(self) -> None:
        data = analysis_as_dict(judged())
        assert set(data) == KEYS
        assert data["schema"] == 1
        assert (data["activity"], data["view"], data["facing"], data["near_side"]) == (
            "running",
            "side",
            "right",
            "right",
        )
        assert set(data["video"]) == VIDEO_KEYS
        assert set(data["quality"]) == QUALITY_KEYS
        assert all(set(event) == {"kind", "side", "time_s", "clean"} for event in data["events"])
        assert all(set(moment) == {"kind", "side", "time_s", "n"} for moment in data["key_moments"])
        assert all(set(row) - {"probabilities"} == MEASUREMENT_KEYS for row in data["measurements"])
        assert all(set(finding) == FINDING_KEYS for finding in data["findings"])
        assert data["made_with"] == {"formcheck": "test"}

    def test_says_everything_in_both_languages(self) -> None:
        data = analysis_as_dict(judged())
        said = [warning["text"] for warning in data["quality"]["warnings"]]
        said += [finding["text"] for finding in data["findings"]]
        said += [finding["advice"] for finding in data["findings"] if finding["advice"]]
        said += [row["reason_text"] for row in data["measurements"] if row["reason"]]
        assert len(said) > 8
        assert all(
            set(both) == {"ja", "en"} and both["ja"] and both["en"] and both["ja"] != both["en"] for both in said
        )

    def test_codes_stand_beside_the_words(self) -> None:
        data = analysis_as_dict(judged())
        assert [warning["code"] for warning in data["quality"]["warnings"]] == ["low_frame_rate", "no_safety_check"]
        lost = data["measurements"][-1]
        assert lost["reason"] == "far_side"
        assert lost["value"] is None
        assert lost["values"] == [None]
        assert data["measurements"][0]["reason"] is None
        assert data["measurements"][0]["reason_text"] is None

    def test_levels_and_advice(self) -> None:
        by_metric = {(f["metric"], f["side"]): f for f in analysis_as_dict(judged())["findings"]}
        assert by_metric["overstride_pct_leg", "right"]["level"] == "act"
        assert by_metric["overstride_pct_leg", "right"]["advice"] is not None
        assert by_metric["trunk_lean_deg", None]["level"] == "watch"
        assert by_metric["trunk_lean_deg", None]["advice"] is None
        assert by_metric["cadence_spm", None]["level"] == "good"
        assert by_metric["overstride_pct_leg", "left"]["level"] == "unknown"

    def test_numbers_are_rounded_and_classes_are_words(self) -> None:
        rows = {(row["metric"], row["side"]): row for row in analysis_as_dict(judged())["measurements"]}
        assert rows["cadence_spm", None]["value"] == 171.4322
        assert rows["foot_strike", "right"]["value"] == "rearfoot"
        assert rows["foot_strike", "right"]["probabilities"] == {"rearfoot": 0.9123, "midfoot": 0.0877}
        assert "probabilities" not in rows["cadence_spm", None]

    def test_a_finding_nobody_measured_is_left_out(self) -> None:
        orphaned = replace(judged(), measurements=())
        assert analysis_as_dict(orphaned)["findings"] == []

    @pytest.mark.parametrize("analysis", [judged(), without_body(judged())], ids=["runner", "nobody"])
    def test_comes_back_the_same_and_without_nan(self, analysis: Analysis, tmp_path: Path) -> None:
        path = tmp_path / "analysis.json"
        write_analysis_json(analysis, path)

        def refuse(constant: str) -> float:
            raise AssertionError(constant)

        back = json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)
        assert back == analysis_as_dict(analysis)
        assert all(math.isfinite(leaf) for leaf in leaves(back) if isinstance(leaf, float))

    def test_hostile_names_and_numpy_numbers_are_only_data(self, tmp_path: Path) -> None:
        analysis = build_analysis()
        video = replace(analysis.video, name='"},\n</script>日本\u2028', frame_rate_hz=np.float64(29.97002997))
        write_analysis_json(replace(analysis, video=video), tmp_path / "a.json")
        back = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
        assert back["video"]["name"] == video.name
        assert back["video"]["frame_rate_hz"] == 29.97


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class TestSignalsTable:
    def test_one_row_a_frame_and_every_series(self, tmp_path: Path) -> None:
        analysis = build_analysis()
        write_signals_csv(analysis, tmp_path / "s.csv")
        rows = rows_of(tmp_path / "s.csv")
        signals = analysis.signals
        assert len(rows) == len(signals.time_s)
        flags = ["doubtful_left", "doubtful_right", "phase_left", "phase_right"]
        assert list(rows[0]) == ["time_s", *signals.series, *flags]
        for name, values in {"time_s": signals.time_s, **signals.series}.items():
            assert np.array([float(row[name]) for row in rows]) == pytest.approx(values, abs=5.1e-5)

    def test_what_was_not_seen_is_blank(self, tmp_path: Path) -> None:
        write_signals_csv(without_body(build_analysis()), tmp_path / "s.csv")
        rows = rows_of(tmp_path / "s.csv")
        assert len(rows) == 181
        assert {row["trunk_lean_deg"] for row in rows} == {""}
        assert {row["phase_left"] for row in rows} == {""}
        assert "nan" not in (tmp_path / "s.csv").read_text(encoding="utf-8")

    def test_doubt_is_told_for_each_leg(self, tmp_path: Path) -> None:
        analysis = build_analysis()
        doubtful = np.zeros((len(analysis.signals.time_s), 2), dtype=np.bool_)
        doubtful[10, 1] = True
        write_signals_csv(replace(analysis, signals=replace(analysis.signals, doubtful=doubtful)), tmp_path / "s.csv")
        rows = rows_of(tmp_path / "s.csv")
        assert [k for k, row in enumerate(rows) if row["doubtful_right"] == "1"] == [10]
        assert {row["doubtful_left"] for row in rows} == {"0"}

    def test_zero_has_no_sign(self, tmp_path: Path) -> None:
        analysis = build_analysis()
        tiny = {"trunk_lean_deg": np.full(len(analysis.signals.time_s), -1e-9)}
        write_signals_csv(replace(analysis, signals=replace(analysis.signals, series=tiny)), tmp_path / "s.csv")
        assert "-0.0000" not in (tmp_path / "s.csv").read_text(encoding="utf-8")

    def test_ten_minutes_take_a_moment(self, tmp_path: Path) -> None:
        analysis = build_analysis(duration_s=600.0)
        start = time.perf_counter()
        write_signals_csv(analysis, tmp_path / "s.csv")
        assert time.perf_counter() - start < 3.0  # 0.2 s on a plain machine; csv.writer took ten times as long


class TestPhase:
    def test_stance_from_contact_to_toe_off(self) -> None:
        analysis = build_analysis()
        times = analysis.signals.time_s
        phase = phase_of(analysis.events, "right", times)
        share = ((times - FIRST_CONTACT_S["right"]) / STRIDE_S) % 1.0
        known = (times > FIRST_CONTACT_S["right"] + 1e-9) & (times < 2.85)
        safe = known & (np.abs(share - STANCE_SHARE) > 1e-6) & (share > 1e-6) & (share < 1 - 1e-6)
        assert (phase[safe] == np.where(share < STANCE_SHARE, "stance", "swing")[safe]).all()
        assert (phase[times < FIRST_CONTACT_S["right"] - 1e-9] == "").all()

    def test_blank_where_an_event_is_missing(self) -> None:
        times = np.arange(0.0, 6.0, 0.5)
        events = [
            Event("contact", "left", 0.5),
            Event("contact", "left", 1.5),
            Event("toe_off", "left", 2.5),
            Event("contact", "left", 2.5 + MAX_SWING_S + 0.5),
            Event("hold_start", None, 5.0),
        ]
        assert phase_of(events, "left", times).tolist() == ["", "", "", "stance", "stance", *[""] * 7]

    def test_without_frames(self) -> None:
        assert phase_of([], "left", np.empty(0)).shape == (0,)


class TestEventsTable:
    def test_one_row_an_event(self, tmp_path: Path) -> None:
        analysis = replace(
            build_analysis(), events=(Event("contact", "left", 0.12345), Event("hold_start", None, 2.0, clean=False))
        )
        write_events_csv(analysis, tmp_path / "e.csv")
        assert (tmp_path / "e.csv").read_text(encoding="utf-8").splitlines() == [
            "kind,side,time_s,clean",
            f"contact,left,{0.12345:.4f},1",
            "hold_start,,2.0000,0",
        ]

    def test_without_events_there_is_the_header(self, tmp_path: Path) -> None:
        write_events_csv(without_body(build_analysis()), tmp_path / "e.csv")
        assert (tmp_path / "e.csv").read_text(encoding="utf-8") == "kind,side,time_s,clean\n"
