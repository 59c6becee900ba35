"""A runner filmed at an angle from the side: times are told, and no picture or curve shows an angle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from synthetic import Runner

from formcheck.analysis import Options, analyze_pose
from formcheck.annotate import Annotator, draw_key_moment
from formcheck.annotate.timeline import Timeline
from formcheck.charts import curves_of, cycle_chart
from formcheck.records import Analysis, VideoFacts
from formcheck.skeleton import INDEX
from formcheck.ui.tracks import angles_of, block_of

WIDE_OF_TRUNK = 0.5
"""Shoulders between those of a view from the side and one from behind."""


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    pose = Runner(duration_s=8).pose()
    xy = pose.xy_px.copy()
    left, right = INDEX["left_shoulder"], INDEX["right_shoulder"]
    trunk_px = np.nanmedian(np.abs(xy[:, left, 1] - xy[:, INDEX["left_hip"], 1]))
    for joint, way in ((left, 0.5), (right, -0.5)):
        xy[:, joint, 0] += way * WIDE_OF_TRUNK * trunk_px
    n = len(pose.time_s)
    rate_hz = (n - 1) / float(pose.time_s[-1] - pose.time_s[0])
    facts = VideoFacts("oblique.mp4", pose.width_px, pose.height_px, n, n / rate_hz, rate_hz, False, 1.0)
    return analyze_pose(replace(pose, xy_px=xy), facts, Options())


def test_it_is_seen_as_filmed_at_an_angle_and_says_so(analysis: Analysis) -> None:
    assert analysis.view == "oblique"
    assert analysis.warnings[0].code == "oblique_view"
    given = {m.metric for m in analysis.measurements if m.value is not None}
    assert given == {"cadence_spm", "contact_time_s", "flight_time_s", "duty_factor_pct"}


def test_no_picture_shows_an_angle(analysis: Analysis) -> None:
    moments = Timeline(analysis, 1.0).moments
    assert moments
    for moment in moments:
        assert np.isnan([moment.readings.knee_deg, moment.readings.thigh_deg, moment.readings.ahead_pct]).all()
        assert np.isnan(moment.readings.trunk_deg)
    blank = np.zeros((analysis.pose.height_px, analysis.pose.width_px, 3), np.uint8)
    for key in analysis.key_moments:
        drawn = draw_key_moment(blank, analysis, key, "ja")
        assert drawn[: blank.shape[0]].any()
    assert Annotator(analysis).back is not None


def test_neither_plots_nor_player_have_curves_of_angles(analysis: Analysis) -> None:
    assert curves_of(analysis) == ["midhip_height"]
    assert cycle_chart(analysis, "midhip_height", "en").data
    assert angles_of(analysis) == ()
    assert block_of(analysis, analysis.pose.time_s).parts["xy"]["shape"][0] == len(analysis.signals.time_s)
