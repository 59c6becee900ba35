"""Networks and ways to look compared on rendered runners: ``docs/pose_variants.md``.

    python tools/compare_pose_variants.py [--write] [--frames 20] [CLIP ...]

MediaPipe's lite, full and heavy network, each in VIDEO mode (tracked from picture to picture), in IMAGE mode (each
picture alone) and alone in a square that stays on the runner (``formcheck/pose/steady_crop.py``), once and averaged
with a second pass over the mirrored picture. Raw landmarks of the same pictures against the true shank: nothing is
repaired, filtered or put right. Cost is the processor time of all threads against full VIDEO in the same run.

Samples of the project and, where they have been made, some tuning clips of the accuracy bench; pictures 30 a second.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from rendering.bench import bench_folder  # noqa: E402

from formcheck.geometry import behind_deg  # noqa: E402
from formcheck.models import model_bytes  # noqa: E402
from formcheck.pose.bare_loop import upright_pictures  # noqa: E402
from formcheck.pose.mediapipe_pose import (  # noqa: E402
    MediaPipePose,
    MediaPipeSettings,
    Network,
    keep_to_this_machine,
)
from formcheck.pose.steady_crop import Crop, SteadyCropPose, landmark_network, steady_crop  # noqa: E402
from formcheck.skeleton import INDEX, SIDES, Side, index_of, other  # noqa: E402

TARGET = ROOT / "docs" / "pose_variants.md"
SAMPLES = ("runner_right_good", "runner_left_overstride")
BENCH = ("bench_04", "bench_16")
"""Tuning clips: dark clothes in the dark, camera 8 deg off; camera 7 deg off."""
NETWORKS: tuple[Network, ...] = ("lite", "full", "heavy")
WAYS = ("VIDEO", "IMAGE", "steady crop")
RATE_HZ = 30.0
N_SIGHTINGS = 8

Find = Callable[[int, np.ndarray], np.ndarray | None]
"""Time in milliseconds and picture (h, w, 3) -> landmarks (33, 2) in pixels, or nobody."""


@dataclass
class Tally:
    """What one variant did on all clips."""

    cpu_s: float = 0.0
    n: int = 0
    n_nobody: int = 0
    n_exchanged: int = 0
    near_deg: list[float] = field(default_factory=list)
    far_deg: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Clip:
    """Pictures with their times, and the true shanks."""

    pictures: list[tuple[int, np.ndarray]]
    near: Side
    shank_deg: dict[Side, np.ndarray]


def clip_of(video: Path, n: int) -> Clip:
    """The first pictures of a rendered clip, some 30 a second."""
    truth = json.loads(video.with_suffix(".truth.json").read_text(encoding="utf-8"))
    step = max(1, round(truth["video"]["frame_rate_hz"] / RATE_HZ))
    pictures = []
    for index, (time_ms, picture) in enumerate(upright_pictures(video)):
        pictures += [(time_ms, picture)] if index % step == 0 else []
        if len(pictures) == n:
            break
    rows = step * np.arange(len(pictures))
    shanks: dict[Side, np.ndarray] = {side: np.array(truth["frames"][f"shank_{side}_deg"])[rows] for side in SIDES}
    return Clip(pictures, truth["near_side"], shanks)


def variants(clip: Clip) -> Iterator[tuple[str, str, bool, Find]]:
    """(network, way, mirrored, finder) of every combination, each made when its turn comes."""
    width = clip.pictures[0][1].shape[1]
    square = _square(clip)
    for network in NETWORKS:
        for way in WAYS:
            yield network, way, False, _finder(network, way, square)
            there, back = _finder(network, way, square), _finder(network, way, _mirrored_square(square, width))
            yield network, way, True, _averaged(there, back)


def _square(clip: Clip) -> Crop:
    """Where the runner stays, from a few pictures as in the product. Raises ValueError for a clip where nobody does."""
    scout = MediaPipePose(MediaPipeSettings("full", n_people=2, with_outline=False))
    every = max(1, len(clip.pictures) // N_SIGHTINGS)
    square = steady_crop([scout.find(picture) for _, picture in clip.pictures[::every]])
    scout.close()
    if square is None:
        raise ValueError("nobody stays in one place of this clip")
    return square


def _mirrored_square(square: Crop, width: int) -> Crop:
    return Crop(width - square.x_px, square.y_px, square.side_px)


def _finder(network: Network, way: str, square: Crop) -> Find:
    if way == "VIDEO":
        return _tracking(network)
    steady = way == "steady crop"
    made = SteadyCropPose(network, landmark_network(network), square) if steady else _alone(network)

    def find(_: int, picture: np.ndarray) -> np.ndarray | None:
        people = made.find(picture)
        return people[0].xy_px.astype(float) if people else None

    return find


def _alone(network: Network) -> MediaPipePose:
    return MediaPipePose(MediaPipeSettings(network, with_outline=False))


def _tracking(network: Network) -> Find:
    """VIDEO mode with true times, as in the bare loop."""
    keep_to_this_machine()
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions, vision

    base = BaseOptions(model_asset_buffer=model_bytes(network))
    options = vision.PoseLandmarkerOptions(base_options=base, running_mode=vision.RunningMode.VIDEO)
    landmarker = vision.PoseLandmarker.create_from_options(options)

    def find(time_ms: int, picture: np.ndarray) -> np.ndarray | None:
        found = landmarker.detect_for_video(mp.Image(image_format=mp.ImageFormat.SRGB, data=picture), time_ms)
        size = np.array(picture.shape[1::-1], dtype=float)
        return size * [(p.x, p.y) for p in found.pose_landmarks[0]] if found.pose_landmarks else None

    return find


def _averaged(there: Find, back: Find) -> Find:
    """Mean of what is found in the picture and, mirrored back, in its mirror image; one where the other sees nobody."""
    names = [name.replace("left", "?").replace("right", "left").replace("?", "right") for name in INDEX]
    swapped = [INDEX[name] for name in names]

    def find(time_ms: int, picture: np.ndarray) -> np.ndarray | None:
        seen, mirrored = there(time_ms, picture), back(time_ms, np.ascontiguousarray(picture[:, ::-1]))
        if mirrored is None:
            return seen
        mirrored = (mirrored * [-1.0, 1.0] + [picture.shape[1], 0.0])[swapped]
        return mirrored if seen is None else (seen + mirrored) / 2

    return find


def count(tally: Tally, clip: Clip, find: Find) -> None:
    """Look at every picture of a clip; the first is not counted as time: networks warm up."""
    for i, (time_ms, picture) in enumerate(clip.pictures):
        began_s = time.process_time()
        xy = find(time_ms, picture)
        if i:
            tally.cpu_s += time.process_time() - began_s
            tally.n += 1
        if xy is None:
            tally.n_nobody += 1
            continue
        true = {side: float(clip.shank_deg[side][i]) for side in SIDES}
        seen = _shanks_deg(xy, clip.near)
        apart = sum(abs(seen[side] - true[side]) for side in SIDES)
        tally.n_exchanged += sum(abs(seen[side] - true[other(side)]) for side in SIDES) < apart - 20.0
        tally.near_deg.append(seen[clip.near] - true[clip.near])
        tally.far_deg.append(seen[other(clip.near)] - true[other(clip.near)])


def _shanks_deg(xy: np.ndarray, near: Side) -> dict[Side, float]:
    """Shanks against the vertical, ankle ahead +; who shows the left side faces left."""
    points = xy * [1.0 if near == "right" else -1.0, -1.0]
    return {s: -float(behind_deg(points[index_of(s, "knee")], points[index_of(s, "ankle")])) for s in SIDES}


HEAD = """# Networks and ways to look

Written by `python tools/compare_pose_variants.py --write`; do not edit by hand.

Raw landmarks of {n} pictures (30 a second) of rendered runners against the true shank:
{clips}.
Nothing is repaired, filtered or put right here; what comes out in the end is in [accuracy.md](accuracy.md).

* VIDEO: tracked from picture to picture. IMAGE: each picture alone, with the detector. Steady crop: each picture
  alone, without the detector, in a square that stays on the runner. Mirrored: mean with a second pass over the mirrored
  picture, left and right swapped back.
* RMSE: of the shank's angle over all pictures, degrees. Middle half: without what single wild pictures do to it (half
  the distance of the quartiles / 0.6745). Exchanged: pictures in which both shanks fit better with the legs' names the
  other way round, by 20 degrees or more.
* Cost: processor time of all threads against full VIDEO in this run; drawing and repair are not in it.

| network | way | mirrored | near RMSE | near, middle half | far RMSE | far, middle half | exchanged | nobody | cost |
|---|---|---|---|---|---|---|---|---|---|"""

TAIL = """
## What was chosen, and why

* VIDEO mode smooths and lags behind fast shanks: in the middle half each picture alone does better with every network.
  Single wild pictures, which raise the RMSE of IMAGE mode, are found and taken out later. VIDEO mode is not used.
* The steady crop saves the detector and does not jump about with the pose. It is used whenever one upright person stays
  in one place; else IMAGE mode with the detector. The square is shifted a little at random from picture to picture, so
  that what the network sees wrongly of one shift averages out over the strides.
* The mirrored pass costs as much again. What it does against exchanges, `formcheck/legs.py` does for nothing over the
  whole clip (99 % and more of injected exchanges repaired, none made: `accuracy.md`), and a look more at another moment
  tells more of a stride than a second one at the same. It is not used.
* `accurate`: heavy, steady crop, every picture. `balanced`: the same at a third of the pictures, between them the
  runner's own cycle. `fast`: full, steady crop, at 10 to 12 pictures a second."""


def rows_of(tallies: dict[tuple[str, str, bool], Tally]) -> Iterator[str]:
    """One line for each variant."""
    yardstick = tallies["full", "VIDEO", False]
    unit_s = yardstick.cpu_s / yardstick.n
    for (network, way, mirrored), t in tallies.items():
        spread = [f"{_rms(e):.2f} | {_middle_half(e):.2f}" for e in (t.near_deg, t.far_deg)]
        told = f"{network} | {way} | {'yes' if mirrored else 'no'} | {spread[0]} | {spread[1]}"
        yield f"| {told} | {t.n_exchanged} | {t.n_nobody} | {t.cpu_s / t.n / unit_s:.2f} |"


def _rms(errors: list[float]) -> float:
    return float(np.sqrt(np.mean(np.square(errors))))


def _middle_half(errors: list[float]) -> float:
    low, high = np.percentile(errors, [25, 75])
    return float(high - low) / 2 / 0.6745


def videos(names: list[str]) -> list[Path]:
    """The clips asked for, or those of the comparison that are there."""
    if names:
        return [Path(name) for name in names]
    places = [ROOT / "sample_videos" / f"{name}.mp4" for name in SAMPLES]
    return [path for path in [*places, *(bench_folder() / f"{name}.mp4" for name in BENCH)] if path.exists()]


def main() -> int:
    """Print the table; write the document."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="*", help="rendered clips with their truth beside them")
    parser.add_argument("--frames", type=int, default=20, help="pictures of each clip")
    parser.add_argument("--write", action="store_true", help="write docs/pose_variants.md as well")
    args = parser.parse_args()
    tallies: dict[tuple[str, str, bool], Tally] = {}
    looked = videos(args.clips)
    n = 0
    for video in looked:
        clip = clip_of(video, args.frames)
        n += len(clip.pictures)
        for network, way, mirrored, find in variants(clip):
            count(tallies.setdefault((network, way, mirrored), Tally()), clip, find)
        print(video.stem, file=sys.stderr, flush=True)
    lines = [HEAD.format(n=n, clips=", ".join(path.stem for path in looked)), *rows_of(tallies), TAIL]
    print("\n".join(lines))
    if args.write:
        TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
