"""One clip filmed well and filmed badly, through the pose network: in the dark, tilted, with the feet cut off."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import numpy.typing as npt
import pytest

from formcheck import analyze_video
from formcheck.analysis import Options
from formcheck.records import Analysis, InputError

Image = npt.NDArray[np.uint8]
SAMPLE = Path(__file__).resolve().parent.parent / "sample_videos" / "runner_right_good.mp4"
SECONDS = 4.5
RATE_HZ = 30
SOLES_PX = 1045
"""Below it are the toes of the near foot in most of the stance."""

pytestmark = pytest.mark.slow


@cache
def _pictures() -> tuple[Image, ...]:
    """Every other picture, to keep it short."""
    with av.open(str(SAMPLE)) as clip:
        frames = (frame.to_ndarray(format="rgb24") for frame in clip.decode(video=0))
        return tuple(
            picture for i, picture in zip(range(round(SECONDS * 2 * RATE_HZ)), frames, strict=False) if not i % 2
        )


def _analysed(folder: Path, change: Callable[[Image], Image]) -> Analysis:
    pictures = [np.ascontiguousarray(change(picture)) for picture in _pictures()]
    path = folder / "changed.mp4"
    with av.open(str(path), "w") as made:
        stream: Any = made.add_stream("libx264", rate=RATE_HZ, options={"crf": "18", "preset": "ultrafast"})
        stream.height, stream.width, stream.pix_fmt = *pictures[0].shape[:2], "yuv420p"
        for picture in pictures:
            made.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        made.mux(stream.encode(None))
    return analyze_video(path, Options(height_cm=166, belt_speed_mps=3.0, pose="accurate"))


def _codes(analysis: Analysis) -> set[str]:
    return {note.code for note in analysis.warnings}


@pytest.fixture(scope="module")
def as_filmed(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    return _analysed(tmp_path_factory.mktemp("as_filmed"), lambda picture: picture)


def test_as_filmed_there_is_nothing_to_tell(as_filmed: Analysis) -> None:
    told = {"feet_cut_off", "camera_tilted", "camera_yaw", "belt_speed_disagrees", "scale_doubtful", "person_small"}
    assert not _codes(as_filmed) & told


def test_in_the_dark_nobody_is_found_and_the_dark_is_blamed(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        _analysed(tmp_path, lambda picture: (0.02 * picture).astype(np.uint8))
    assert refused.value.code == "too_dark"


def test_feet_out_of_the_picture_are_told(tmp_path: Path) -> None:
    assert "feet_cut_off" in _codes(_analysed(tmp_path, lambda picture: picture[: SOLES_PX - SOLES_PX % 2]))


@pytest.mark.parametrize(
    "tilt_deg",
    [
        -3.0,
        2.0,
    ],
)
def test_a_tilted_phone_changes_no_angle_by_more_than_its_repeatability(
    tmp_path: Path, as_filmed: Analysis, tilt_deg: float
) -> None:
    """The level is taken out to a tenth; the network's own toes in another picture come on top."""

    def tilted(picture: Image) -> Image:
        height, width = picture.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), tilt_deg, 1.0)
        return cv2.warpAffine(picture, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)  # type: ignore[return-value]

    analysis = _analysed(tmp_path, tilted)
    assert analysis.signals.level_deg - as_filmed.signals.level_deg == pytest.approx(tilt_deg, abs=1.0)
    before = {(m.metric, m.side): m.value for m in as_filmed.measurements}
    for m in analysis.measurements:
        if m.metric in ("thigh_extension_at_toe_off_deg", "trunk_lean_deg") and isinstance(m.value, float):
            assert m.value == pytest.approx(before[m.metric, m.side], abs=1.5)
