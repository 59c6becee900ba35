"""No face survives: held against where the rendered runner's nose truly is, picture by picture."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from conftest import SAMPLE

from formcheck.analysis import Options, Preview, analyze_video
from formcheck.annotate import Faces, hide_all_but_bodies
from formcheck.annotated_clip import write_annotated_clip
from formcheck.pose.recorded_pose import read_pose
from formcheck.records import Analysis, FloatArray
from formcheck.saved import read_results
from formcheck.skeleton import INDEX
from formcheck.ui.plain import PlainClip
from formcheck.video import read_frames, read_planar

Image = npt.NDArray[np.uint8]
LEFT = 0.25
"""Of a face's details at most so much stays: edges of the patches, none of its own."""
FACE_LEG = 0.09
"""Eyes, nose and mouth lie within so many leg lengths of a point this far behind the nose."""


def true_faces() -> FloatArray:
    """(105, 3) x, y, radius of the face in each picture of the tiny clip: half the size, every second frame."""
    truth = json.loads(SAMPLE.with_suffix(".truth.json").read_text(encoding="utf-8"))
    joints = {name: np.array(track)[::2][:105] / 2 for name, track in truth["frames"]["joints_px"].items()}
    thigh = np.hypot(*(joints["right_knee"] - joints["right_hip"]).T)
    leg = float(np.median(thigh + np.hypot(*(joints["right_ankle"] - joints["right_knee"]).T)))
    middle = joints["nose"] - [FACE_LEG * leg, 0.0]
    return np.column_stack([middle, np.full(len(middle), FACE_LEG * leg)])


def detail(image: Image, face: FloatArray) -> npt.NDArray[np.float64]:
    """What is finer than a few pixels, inside the face's circle."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) if image.ndim == 3 else image
    fine = grey.astype(np.float64) - cv2.GaussianBlur(grey, (0, 0), 4.0)
    y, x = np.mgrid[: grey.shape[0], : grey.shape[1]]
    return np.asarray(fine[np.hypot(x - face[0], y - face[1]) < face[2]])


def likeness(image: Image, drawn: Image, original: Image, face: FloatArray) -> float:
    """Correlation with what was filmed, of the face's pixels on which ``drawn`` has drawn nothing."""
    seen, bare, filmed = (_shades(picture, face) for picture in (image, drawn, original))
    untouched = np.abs(bare - filmed) < 20
    return float(np.corrcoef(seen[untouched], filmed[untouched])[0, 1])


def _shades(image: Image, face: FloatArray) -> npt.NDArray[np.float64]:
    """Brightness of the face's circle."""
    y, x = np.mgrid[: image.shape[0], : image.shape[1]]
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float64)
    return np.asarray(grey[np.hypot(x - face[0], y - face[1]) < face[2]])


def worst_left(analysis: Analysis, clip: Path) -> float:
    """The most detail that any picture's face keeps, as a share of what it had."""
    faces = Faces(analysis, 1.0)
    shares = []
    for frame, face in zip(read_planar(clip), true_faces(), strict=True):
        before = detail(frame.planes.luma, face).std()
        faces.hide(frame.planes, frame.time_s)
        shares.append(detail(frame.planes.luma, face).std() / before)
    return max(shares)


def with_pose(analysis: Analysis, change: Callable[[FloatArray, FloatArray], FloatArray]) -> Analysis:
    """The same with other landmarks; ``change`` is given times and a copy of the positions."""
    pose = analysis.pose
    return replace(analysis, pose=replace(pose, xy_px=change(pose.time_s, pose.xy_px.copy())))


def test_no_face_survives_in_any_picture(tiny_results: tuple[Analysis, Path], tiny_clip: Path) -> None:
    assert worst_left(tiny_results[0], tiny_clip) < LEFT


def test_nor_where_the_landmarks_are_missing_for_a_while(tiny_results: tuple[Analysis, Path], tiny_clip: Path) -> None:
    def lost(time_s: FloatArray, xy_px: FloatArray) -> FloatArray:
        xy_px[(time_s > 1.0) & (time_s < 1.7)] = np.nan
        return xy_px

    assert worst_left(with_pose(tiny_results[0], lost), tiny_clip) < LEFT


def test_nor_where_single_ones_jumped(tiny_results: tuple[Analysis, Path], tiny_clip: Path) -> None:
    def jumped(time_s: FloatArray, xy_px: FloatArray) -> FloatArray:
        xy_px[::7] += [120.0, 200.0]
        return xy_px

    assert worst_left(with_pose(tiny_results[0], jumped), tiny_clip) < LEFT


def test_nor_where_the_legs_are_out_of_the_picture(tiny_results: tuple[Analysis, Path], tiny_clip: Path) -> None:
    def no_legs(time_s: FloatArray, xy_px: FloatArray) -> FloatArray:
        xy_px[:, INDEX["left_knee"] :] = np.nan
        return xy_px

    assert worst_left(with_pose(tiny_results[0], no_legs), tiny_clip) < LEFT


def test_where_nobody_knows_the_whole_picture_is_hidden(tiny_results: tuple[Analysis, Path], tiny_clip: Path) -> None:
    def never(time_s: FloatArray, xy_px: FloatArray) -> FloatArray:
        xy_px[time_s < 2.5] = np.nan
        return xy_px

    faces = Faces(with_pose(tiny_results[0], never), 1.0)
    whole = np.array([180.0, 320.0, 150.0])
    for frame in read_planar(tiny_clip, end_s=1.4):
        before = detail(frame.planes.luma, whole).std()
        faces.hide(frame.planes, frame.time_s)
        assert detail(frame.planes.luma, whole).std() < 0.1 * before


def test_only_the_head_is_hidden(tiny_results: tuple[Analysis, Path], tiny_clip: Path) -> None:
    analysis = tiny_results[0]
    faces = Faces(analysis, 1.0)
    for frame in read_planar(tiny_clip):
        before = frame.planes.luma.copy()
        faces.hide(frame.planes, frame.time_s)
        hips = analysis.pose.xy_px[np.argmin(np.abs(analysis.pose.time_s - frame.time_s)), INDEX["right_hip"]]
        assert np.array_equal(frame.planes.luma[int(hips[1]) - 20 :], before[int(hips[1]) - 20 :])
        assert (frame.planes.luma != before).mean() < 0.06


def test_no_face_in_clip_and_pictures(tiny_results: tuple[Analysis, Path], tiny_clip: Path, tmp_path: Path) -> None:
    analysis, shown = tiny_results
    hidden = replace(analysis, blur_face=True)
    pictures = write_annotated_clip(hidden, tiny_clip, tmp_path, "en", lambda _: None, lambda _time_s, _image: None)
    faces, originals = true_faces(), [frame.image for frame in read_frames(tiny_clip)]
    drawn, covered = ([f.image for f in read_frames(folder / "annotated.mp4")] for folder in (shown, tmp_path))
    before = [likeness(a, a, b, face) for a, b, face in zip(drawn, originals, faces, strict=True)]
    after = [likeness(*four) for four in zip(covered, drawn, originals, faces, strict=True)]
    assert min(before) > 0.8
    assert max(after) < 0.5
    for picture in pictures:
        number = round(picture.moment.time_s * 30)
        stills = [_image(jpeg)[:640] for jpeg in (picture.jpeg, (shown / "frames" / picture.file_name).read_bytes())]
        assert likeness(stills[0], stills[1], originals[number], faces[number]) < 0.6


def _image(jpeg: bytes) -> Image:
    return np.ascontiguousarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)[..., ::-1])


def test_the_live_picture_hides_it_too(tiny_clip: Path) -> None:
    shown: list[Preview] = []
    analysis = analyze_video(tiny_clip, Options(pose="fast", blur_face=True), on_preview=shown.append)
    assert analysis.blur_face
    faces, originals = true_faces(), [frame.image for frame in read_frames(tiny_clip)]
    assert shown
    for preview in shown:
        number = round(preview.time_s * 30)
        scale = preview.image.shape[1] / originals[number].shape[1]
        whole = cv2.resize(originals[number], preview.image.shape[1::-1], interpolation=cv2.INTER_AREA)
        face = scale * faces[number]
        original = detail(np.asarray(whole, np.uint8), face).std()
        assert detail(preview.image, face).std() < 0.2 * original


def test_a_live_picture_without_anybody_is_hidden_whole() -> None:
    image = np.random.default_rng(1).integers(0, 255, (120, 90, 3)).astype(np.uint8)
    hide_all_but_bodies(image, ())
    assert np.abs(np.diff(image.astype(int), axis=0)).max() < 20


def test_the_wish_is_kept_with_the_results(tiny_results: tuple[Analysis, Path], tmp_path: Path) -> None:
    from formcheck.exports.analysis_json import write_analysis_json

    analysis, folder = tiny_results
    assert not read_results(folder).blur_face
    write_analysis_json(replace(analysis, blur_face=True), tmp_path / "analysis.json")
    (tmp_path / "pose.npz").write_bytes((folder / "pose.npz").read_bytes())
    assert read_results(tmp_path).blur_face
    assert read_pose(tmp_path / "pose.npz").n_people == analysis.pose.n_people


@pytest.mark.parametrize("jump", [(1e6, -1e6), (-900.0, 4000.0)])
def test_a_head_far_outside_the_picture_harms_nothing(
    tiny_results: tuple[Analysis, Path], jump: tuple[float, float]
) -> None:
    image = np.full((640, 360, 3), 90, np.uint8)
    Faces(with_pose(tiny_results[0], lambda _, xy_px: xy_px + jump), 1.0).hide_rgb(image, 1.0)
    assert (image == 90).all()


def test_the_clip_without_drawings_hides_it_too(
    tiny_results: tuple[Analysis, Path], tiny_clip: Path, tmp_path: Path
) -> None:
    made = PlainClip(tiny_clip, tmp_path / "plain.mp4", replace(tiny_results[0], blur_face=True))
    assert made.wait(60)
    assert made.path is not None
    for frame, original, face in zip(read_frames(made.path), read_frames(tiny_clip), true_faces(), strict=True):
        assert detail(frame.image, face).std() < LEFT * detail(original.image, face).std()
