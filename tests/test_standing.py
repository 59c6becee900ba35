"""Quiet standing: found where it is, never in movement, and taken off what a runner from behind shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic import Runner, jittered, rotated, squatting
from test_running_rear import Across

from formcheck.activities import examine
from formcheck.activities.examined import Examined
from formcheck.records import PoseTrack, Standing, Subject, View
from formcheck.standing import find_standing, quiet_spans, without_standing

NOBODY = Subject()
RATE_HZ = 60.0


def at_rest(view: View = "rear", duration_s: float = 2.5) -> PoseTrack:
    """The runner of ``Across`` with both feet on the ground, the hips where the legs are straight."""
    level = Across(view=view, lean_left_deg=0.0, lean_right_deg=0.0, sway_leg=0.0)
    moving = level.pose()
    quarter = round(RATE_HZ * 30.0 / level.cadence_spm)
    n = round(duration_s * RATE_HZ)
    return jittered(
        replace(
            moving,
            time_s=np.arange(n) / RATE_HZ,
            xy_px=np.repeat(moving.xy_px[quarter : quarter + 1], n, axis=0),
            visibility=moving.visibility[:n],
            outline_qpx=moving.outline_qpx[:n],
        ),
        1.0,
    )


def joined(*parts: PoseTrack) -> PoseTrack:
    """One clip of all parts, one after the other."""
    n = sum(len(part.time_s) for part in parts)
    return replace(
        parts[0],
        time_s=np.arange(n) / RATE_HZ,
        xy_px=np.concatenate([part.xy_px for part in parts]),
        visibility=np.concatenate([part.visibility for part in parts]),
        outline_qpx=np.concatenate([part.outline_qpx for part in parts]),
    )


def drops(found: Examined) -> dict[str, float]:
    return {str(m.side): m.value for m in found.measurements if m.metric == "pelvic_drop_deg"}  # type: ignore[misc]


def codes(found: Examined) -> set[str]:
    return {note.code for note in found.warnings}


class TestFinding:
    @pytest.mark.parametrize("first", [True, False])
    def test_before_and_after_the_running(self, first: bool) -> None:
        rest, run = at_rest(), Across().pose()
        pose = joined(rest, run) if first else joined(run, rest)
        standing = find_standing(pose)
        assert standing is not None
        assert standing.view == "rear"
        assert standing.clip is None
        start_s = 0.0 if first else 8.0
        assert standing.start_s == pytest.approx(start_s, abs=0.4)
        assert standing.end_s == pytest.approx(start_s + 2.5, abs=0.4)
        moving = without_standing(pose)
        assert moving.time_s[-1] - moving.time_s[0] == pytest.approx(8.0, abs=0.5)

    @pytest.mark.parametrize("pose", [Across().pose(), Across(cadence_spm=70.0).pose(), Runner().pose(), squatting()])
    def test_never_in_movement(self, pose: PoseTrack) -> None:
        assert quiet_spans(pose) == []
        assert without_standing(pose) is pose

    def test_a_moment_is_not_enough(self) -> None:
        assert find_standing(joined(at_rest(duration_s=1.0), Across().pose())) is None

    def test_an_edited_clip_has_none(self) -> None:
        pose = replace(joined(at_rest(), Across().pose()), cuts_s=(2.5, 2.6))
        assert quiet_spans(pose) == []

    @given(seed=st.integers(0, 1000), lost=st.integers(20, 100))
    @settings(max_examples=20, deadline=None)
    def test_unseen_is_not_quiet(self, seed: int, lost: int) -> None:
        pose = jittered(at_rest(), 1.0, seed)
        xy = pose.xy_px.copy()
        xy[lost] = np.nan
        for start, stop in quiet_spans(replace(pose, xy_px=xy)):
            assert not start <= lost < stop


class TestSubtracting:
    def test_a_tilted_phone_matters_little(self) -> None:
        """As the standing is tilted, so is the running: what is left hardly knows of it."""
        level = joined(at_rest(), Across().pose())
        straight, tilted = (examine(pose, NOBODY, "running", "rear") for pose in (level, rotated(level, 3.0)))
        assert codes(straight) & {"standing_subtracted", "standing_unknown"} == {"standing_subtracted"}
        for side, drop in drops(straight).items():
            assert drops(tilted)[side] == pytest.approx(drop, abs=0.5)

    def test_a_body_tilted_more_in_running_than_at_rest_drops_more_on_one_side(self) -> None:
        """Without standing nobody could know which of the two is the person's own."""
        rest, run = at_rest(), Across().pose()
        level, more = (drops(examine(joined(rest, pose), NOBODY, "running", "rear")) for pose in (run, rotated(run, 3)))
        assert abs(more["left"] - more["right"] - level["left"] + level["right"]) > 1.5
        alone, alone_more = (drops(examine(pose, NOBODY, "running", "rear")) for pose in (run, rotated(run, 3)))
        assert alone_more["left"] - alone_more["right"] == pytest.approx(alone["left"] - alone["right"], abs=0.5)

    def test_without_standing_it_says_that_the_sides_cannot_be_told_apart(self) -> None:
        """An estimate it is always."""
        alone, with_rest = (
            examine(pose, NOBODY, "running", "rear") for pose in (Across().pose(), joined(at_rest(), Across().pose()))
        )
        found = [next(m for m in one.measurements if m.metric == "pelvic_drop_deg") for one in (alone, with_rest)]
        assert "standing_unknown" in codes(alone)
        assert [m.status for m in found] == ["low_confidence"] * 2
        assert [m.reason and m.reason.code for m in found] == ["standing_unknown_reason", "pelvis_estimated"]

    def test_a_clip_of_its_own_counts_as_standing_in_the_clip(self) -> None:
        rest = find_standing(rotated(at_rest(), 2.0), "stand.mp4")
        assert rest is not None
        run = rotated(Across().pose(), 2.0)
        given_it = examine(run, NOBODY, "running", "rear", (rest,))
        own = examine(rotated(joined(at_rest(), Across().pose()), 2.0), NOBODY, "running", "rear")
        assert "standing_clip_subtracted" in codes(given_it)
        for side, drop in drops(own).items():
            assert drops(given_it)[side] == pytest.approx(drop, abs=0.3)

    def test_another_view_is_not_used_and_told(self) -> None:
        rest = find_standing(at_rest("front"), "front.mp4")
        assert rest is not None
        assert rest.view == "front"
        found = examine(Across().pose(), NOBODY, "running", "rear", (rest,))
        assert {"standing_other_view", "standing_unknown"} <= codes(found)
        assert found.standing is None

    def test_of_several_the_one_from_this_side_is_taken(self) -> None:
        both = [find_standing(at_rest(view), f"{view}.mp4") for view in ("front", "rear")]
        found = examine(Across().pose(), NOBODY, "running", "rear", [s for s in both if s is not None])
        assert isinstance(found.standing, Standing)
        assert found.standing.clip == "rear.mp4"

    def test_who_stands_first_still_runs(self) -> None:
        """Recognised without being told, and the steps are those of the running."""
        found = examine(joined(at_rest(), Across().pose()), NOBODY)
        assert (found.activity, found.view) == ("running", "rear")
        assert min(event.time_s for event in found.events) > 2.2
