"""People in the background: their heads are hidden too, held against where they truly are, picture by picture."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from conftest import ROOT, write_clip
from hypothesis import given
from hypothesis import strategies as st

from formcheck.analysis import Options, analyze_video, write_results
from formcheck.annotate import Faces, HeadLook
from formcheck.annotate.other_heads import HOLDS_S, SURE, OtherHeads
from formcheck.bystanders import head_looks
from formcheck.records import Analysis, FloatArray, PoseTrack, Stopped
from formcheck.video import read_frames

SIZE = (540, 960)
LEFT = 0.25
"""Of a face's details at most so much stays."""
BEHIND = ROOT / "sample_videos" / "overhead_squat.mp4"
"""Whoever stands there faces the camera."""


@pytest.fixture(scope="module")
def two_people(tmp_path_factory: pytest.TempPathFactory, tiny_clip: Path) -> tuple[Path, FloatArray]:
    """The tiny clip's runner, somebody else smaller beside her, and that one's nose in each picture."""
    if not BEHIND.is_file():
        pytest.skip("the sample videos have not been rendered")
    truth = json.loads(BEHIND.with_suffix(".truth.json").read_text(encoding="utf-8"))
    with read_frames(BEHIND) as frames:
        others = [next(frames).image for _ in range(105)]
    scale = 400 / others[0].shape[0]
    beside = [
        np.asarray(cv2.resize(o, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8) for o in others
    ]
    width = 360 + beside[0].shape[1] // 2 * 2
    pictures = []
    with read_frames(tiny_clip) as runner:
        for frame, other in zip(runner, beside, strict=True):
            picture = np.full((640, width, 3), 120, np.uint8)
            picture[:, :360], picture[100:500, 360:] = frame.image, other[:, : width - 360]
            pictures.append(picture)
    nose = scale * np.array(truth["frames"]["joints_px"]["nose"])[:105] + [360.0, 100.0]
    path = write_clip(tmp_path_factory.mktemp("two") / "two.mp4", pictures)
    return path, nose


@pytest.fixture(scope="module")
def analysed(two_people: tuple[Path, FloatArray]) -> Analysis:
    """As it comes out where faces are to be hidden; the runner is the livelier one."""
    return analyze_video(two_people[0], Options(activity="running", pose="fast", blur_face=True))


def detail(image: np.ndarray, place: FloatArray, radius: float) -> float:
    """How much is finer than a few pixels, inside a circle."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float64)
    y, x = np.mgrid[: grey.shape[0], : grey.shape[1]]
    fine = grey - cv2.GaussianBlur(grey, (0, 0), 3.0)
    return float(fine[np.hypot(x - place[0], y - place[1]) < radius].std())


def test_nobody_is_recognisable_in_clip_and_stills(
    two_people: tuple[Path, FloatArray], analysed: Analysis, tmp_path: Path
) -> None:
    clip, nose = two_people
    assert np.nanmedian(analysed.pose.xy_px[:, 0, 0]) < 360, "it is the runner who is analysed"
    folder = write_results(analysed, clip, tmp_path)
    with read_frames(clip) as before, read_frames(folder / "annotated.mp4") as after:
        for original, shown, place in zip(before, after, nose, strict=True):
            assert detail(shown.image, place, 10) < LEFT * detail(original.image, place, 10), original.index
    assert "faces_hidden" in {note.code for note in analysed.warnings}


def test_the_runner_stays_to_be_seen(two_people: tuple[Path, FloatArray], analysed: Analysis) -> None:
    """No shoe, hand or knee of the one analysed is taken for a head of somebody else."""
    others = OtherHeads(head_looks(two_people[0]), analysed.pose, 200.0, 1.0)
    for time_s in analysed.pose.time_s:
        assert all(x > 360 for x, _, _ in others.at(float(time_s)))


def test_looking_can_be_stopped(two_people: tuple[Path, FloatArray], tmp_path: Path) -> None:
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(two_people[0].read_bytes())

    def stop(_: float) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        head_looks(copy, stop)


def nobody() -> PoseTrack:
    """A track on which the one analysed was never seen."""
    shape = (2, 33)
    outline = np.full((2, 4, 2), -1, np.int16)
    return PoseTrack(
        np.array([0.0, 99.0]), np.full((*shape, 2), np.nan), np.full(shape, np.nan), *SIZE, outline, "none"
    )


def looks(*heads: tuple[float, float, float]) -> list[HeadLook]:
    """Looks at one head of 20 px: seconds, x and how sure."""
    return [HeadLook(time_s, np.array([[x, 300.0, 20.0, sure]])) for time_s, x, sure in heads]


@given(speed=st.floats(-150, 150), when=st.floats(0.0, 3.0))
def test_a_walker_is_hidden_between_the_looks(speed: float, when: float) -> None:
    found = OtherHeads(looks(*((t, 400 + speed * t, 0.5) for t in np.arange(0.0, 3.1, 0.5))), nobody(), 200.0, 1.0)
    [(x, y, radius)] = found.at(when)
    assert np.hypot(x - (400 + speed * when), y - 300) + 20 <= radius


def test_one_faint_sight_hides_nothing_and_a_sure_one_does() -> None:
    assert len(OtherHeads(looks((1.0, 400.0, SURE - 0.01)), nobody(), 200.0, 1.0).at(1.0)) == 0
    sure = OtherHeads(looks((1.0, 400.0, SURE)), nobody(), 200.0, 1.0)
    assert len(sure.at(1.0 + 0.9 * HOLDS_S)) == 1
    assert len(sure.at(1.0 + 1.1 * HOLDS_S)) == 0


def test_slow_motion_is_undone_and_who_sits_stays_hidden_while_unseen() -> None:
    sits = OtherHeads(looks((0.0, 400.0, 0.5), (10.0, 402.0, 0.5)), nobody(), 200.0, slow_motion=4.0)
    [(x, _, _)] = sits.at(1.25)
    assert x == pytest.approx(401.0)


def test_faces_hides_others_on_a_picture(tiny_results: tuple[Analysis, Path]) -> None:
    image = np.random.default_rng(2).integers(0, 255, (640, 360, 3)).astype(np.uint8)
    filmed = image.copy()
    Faces(tiny_results[0], 1.0, [HeadLook(1.0, np.array([[30.0, 40.0, 20.0, 0.9]]))]).hide_rgb(image, 1.0)
    corner = np.array([30.0, 40.0])
    assert detail(image, corner, 15) < LEFT * detail(filmed, corner, 15)
    assert np.array_equal(image[-100:], filmed[-100:])
