"""Are people found who take up a third of the picture? ``python -m tests.accuracy.small_people`` prints a table.

The exercise samples, made smaller and set into a picture of 1920 x 1080 whose walls and floor go on as at their edges:
the person's longer extent is a third of the picture's width, or of its height for somebody upright.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from formcheck.analysis import Options, analyze_video
from formcheck.pose.mediapipe_pose import MediaPipePose, MediaPipeSettings
from formcheck.pose_search import INFERENCE_SIDE_PX
from formcheck.records import Analysis
from formcheck.video import VideoWriter, read_frames

SAMPLES = Path(__file__).parents[2] / "sample_videos"
DOCUMENT = Path(__file__).parents[2] / "docs" / "accuracy_small.md"
NAMES = ("hip_lift_over_arched", "plank_sagging", "overhead_squat")
WIDTH_PX, HEIGHT_PX = 1920, 1080
SHARE = 1 / 3
EVERY = 5
"""Frames of which one is looked at as a whole, without the product's search."""


@dataclass(frozen=True)
class Found:
    """What became of one sample made small."""

    name: str
    plain_share: float
    """Of pictures in which MediaPipe finds anybody when it is given them whole."""
    share: float
    """Of pictures looked at in which the product found the person."""
    apart_pct: float
    """Median distance of the landmarks from those in the untouched sample, of the person's longer extent."""
    truth: dict[str, Any]
    analysis: Analysis

    @property
    def counted(self) -> str:
        """Repetitions, or seconds held, found and true."""
        if self.truth["reps"]:
            return (
                f"{sum(rep.complete for rep in self.analysis.reps)} of {sum(r['complete'] for r in self.truth['reps'])}"
            )
        true_s = max(hold["end_s"] - hold["start_s"] for hold in self.truth["holds"])
        return f"{max((hold.end_s - hold.start_s for hold in self.analysis.holds), default=0.0):.1f} of {true_s:.1f} s"


@cache
def found(name: str) -> Found:
    """The sample of that name, made small and analysed."""
    video = SAMPLES / f"{name}.mp4"
    truth = json.loads(video.with_suffix(".truth.json").read_text("utf-8"))
    options = Options(height_cm=truth["height_cm"])
    usual = analyze_video(video, options).pose
    low, high = (np.nanpercentile(usual.xy_px.reshape(-1, 2), q, axis=0) for q in (1, 99))
    across, down = high - low
    scale = SHARE * (WIDTH_PX / across if across > down else HEIGHT_PX / down)
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / f"{name}.mp4"
        beside = _write_small(video, small, scale)
        analysis = analyze_video(small, options)
        plain = _plain_share(small)
    seen = np.isfinite(analysis.pose.xy_px[:, 0, 0])
    n = min(len(seen), len(usual.time_s))
    apart = np.linalg.norm((analysis.pose.xy_px[:n] - beside) / scale - usual.xy_px[:n], axis=2)
    apart_pct = 100 * float(np.nanmedian(apart)) / float(max(across, down))
    return Found(name, plain, float(seen.mean()), apart_pct, truth, analysis)


def _write_small(video: Path, target: Path, scale: float) -> npt.NDArray[np.float64]:
    """The clip made smaller within a large picture; where its upper left corner is (2,)."""
    at = (0, 0)
    with read_frames(video) as frames, VideoWriter(target, WIDTH_PX, HEIGHT_PX) as writer:
        for frame in frames:
            image = cv2.resize(frame.image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            height, width = image.shape[:2]
            at = ((WIDTH_PX - width) // 2, max(HEIGHT_PX - height - HEIGHT_PX // 8, 0))
            right, below = WIDTH_PX - width - at[0], HEIGHT_PX - height - at[1]
            whole = cv2.copyMakeBorder(image, at[1], below, at[0], right, cv2.BORDER_REPLICATE)
            writer.write(np.asarray(whole, np.uint8), frame.time_s)
    return np.array(at, dtype=np.float64)


def _plain_share(video: Path) -> float:
    finder = MediaPipePose(MediaPipeSettings("heavy", with_outline=False))
    try:
        with read_frames(video, INFERENCE_SIDE_PX, wanted=lambda index: index % EVERY == 0) as frames:
            return float(np.mean([bool(finder.find(frame.image)) for frame in frames]))
    finally:
        finder.close()


def document() -> Iterator[str]:
    """Lines of docs/accuracy_small.md."""
    yield "# Small people in large pictures"
    yield ""
    yield "Written by `python -m tests.accuracy.small_people --write`, balanced profile: the exercise samples,"
    yield f"set into a picture of {WIDTH_PX} x {HEIGHT_PX} in which the person takes up a third of the width, or of"
    yield "the height when upright. Whole: MediaPipe is given the whole picture, as it would be without the search for"
    yield "small people. Apart: how far landmarks lie from those in the untouched sample, of the person's length."
    yield "Walls and floor go on as at the sample's edges: a furnished room is harder."
    yield ""
    yield "| sample | found, whole | found | apart | told | counted |"
    yield "|---|---|---|---|---|---|"
    for name in NAMES:
        one = found(name)
        shares = f"{100 * one.plain_share:.0f} % | {100 * one.share:.0f} %"
        yield f"| {name} | {shares} | {one.apart_pct:.1f} % | {one.analysis.activity} | {one.counted} |"


def main() -> None:
    """Print the document; write it when asked to."""
    lines = []
    for line in document():
        print(line, flush=True)
        lines.append(line)
    if "--write" in sys.argv:
        DOCUMENT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
