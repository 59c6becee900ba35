"""Measure what drawing a clip costs: processor time a frame on one core, stage by stage, and peak memory.

    python tools/measure_drawing.py [CLIP] [--seconds 5] [--side 1280] [--memory]

The clip (the README's sample unless given) is analysed with the fast network and made 1080p by scaling it up; each
stage of the drawing pass then runs alone, on one core, over the same frames. Processor time is what is counted, so that
a busy machine changes little. ``--memory`` takes a short clip and one six times as long, each in fresh processes: drawn
only, and everything that ``formcheck analyze`` does.
"""

from __future__ import annotations

import argparse
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from formcheck.analysis import Options, analyze_video
from formcheck.annotate import Annotator
from formcheck.annotated_clip import DRAWN_SIDE_PX, write_annotated_clip
from formcheck.bench import run_apart
from formcheck.records import Analysis
from formcheck.video import VideoWriter, read_frames, read_planar
from formcheck.video.files import decoded, opened

SAMPLE = Path(__file__).resolve().parent.parent / "sample_videos" / "runner_right_good.mp4"
SHORT_SIDE, LONG_SIDE = 1080, 1920
INFERENCE_SIDE_PX = 960


def make_1080p(source: Path, target: Path, seconds: float) -> Path:
    """The clip's first seconds with a short side of 1080, as a phone would have stored them."""
    with av.open(str(source)) as given, av.open(str(target), "w") as made:
        stream = given.streams.video[0]
        upright = stream.height > stream.width
        size = (SHORT_SIDE, LONG_SIDE) if upright else (LONG_SIDE, SHORT_SIDE)
        out: Any = made.add_stream("libx264", rate=stream.average_rate, options={"preset": "fast", "crf": "20"})
        out.width, out.height, out.pix_fmt = *size, "yuv420p"
        out.codec_context.time_base = Fraction(1, 90_000)
        for frame in given.decode(stream):
            if frame.time >= seconds:
                break
            larger = frame.reformat(*size, "yuv420p", interpolation="BICUBIC")
            larger.pts, larger.time_base = round(frame.time * 90_000), Fraction(1, 90_000)
            made.mux(out.encode(larger))
        made.mux(out.encode(None))
    return target


def repeated(source: Path, target: Path, times: int) -> Path:
    """The clip's packets again and again, not encoded anew."""
    with av.open(str(target), "w") as made:
        out: Any = None
        for turn in range(times):
            with av.open(str(source)) as given:
                stream = given.streams.video[0]
                out = out or made.add_stream_from_template(stream)
                for packet in given.demux(stream):
                    if packet.dts is not None:
                        packet.pts += turn * stream.duration
                        packet.dts += turn * stream.duration
                        packet.stream = out
                        made.mux(packet)
    return target


def stage_ms(clip: Path, analysis: Analysis, folder: Path, side_px: int) -> dict[str, float]:
    """Processor milliseconds a frame of each stage, one after the other in one thread."""
    spent: Counter[str] = Counter()

    @contextmanager
    def timed(stage: str) -> Iterator[None]:
        start = time.process_time()
        yield
        spent[stage] += time.process_time() - start

    with timed("decode"), opened(clip) as (container, stream):
        n_frames = sum(1 for _ in decoded(container, stream))
    with timed("decode and scale"), read_planar(clip, side_px) as frames:
        first = next(frames)
        for _ in frames:
            pass
    high, wide = first.planes.luma.shape
    annotator = Annotator(analysis, "ja", wide / analysis.video.width_px)
    with VideoWriter(folder / "drawn.mp4", wide, high, matrix=first.planes.matrix) as writer:
        for frame in read_planar(clip, side_px):
            with timed("draw"):
                annotator.annotate(frame.planes, frame.time_s)
            with timed("encode"):
                writer.write_planar(frame)
    with timed("read for the pose network"), read_frames(clip, INFERENCE_SIDE_PX) as images:
        for _ in images:
            pass
    spent["draw and encode"] = spent["draw"] + spent["encode"]
    spent["drawing pass, without stills"] = spent["decode and scale"] + spent["draw and encode"]
    return {stage: 1000 * seconds / n_frames for stage, seconds in spent.items()}


def peak_mb(clip: Path, analysis: Path) -> float:
    """Peak memory of a fresh process that draws the clip."""
    command = [sys.executable, __file__, str(clip), "--draw-only", str(analysis)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])


def draw_only(clip: Path, analysis: Path) -> None:
    """Draw and print the peak memory; what ``peak_mb`` starts."""
    with tempfile.TemporaryDirectory() as folder:
        found: Analysis = pickle.loads(analysis.read_bytes())  # written by this program a moment ago
        write_annotated_clip(found, clip, Path(folder), "ja", lambda _: None, lambda *_: None)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10))


def print_memory(clip: Path, analysis: Analysis, folder: Path) -> None:
    (folder / "analysis.pickle").write_bytes(pickle.dumps(analysis))
    for times in (2, 12):
        path = repeated(clip, folder / f"times{times}.mp4", times)
        with av.open(str(path)) as made:
            seconds = made.duration / av.time_base
        print(f"peak memory, {seconds:.0f} s of 1080p drawn: {peak_mb(path, folder / 'analysis.pickle'):.0f} MB")
        everything = run_apart("whole", path, {}).peak_mb
        if everything is not None:
            print(f"peak memory, {seconds:.0f} s of 1080p, everything: {everything:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("clip", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--side", type=int, default=DRAWN_SIDE_PX, help="longest side of the drawn clip")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--draw-only", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.draw_only is not None:
        draw_only(chosen.clip, chosen.draw_only)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        analysis = analyze_video(chosen.clip, Options(pose="fast"))
        clip = make_1080p(chosen.clip, folder / "1080p.mp4", chosen.seconds)
        if chosen.memory:
            print_memory(clip, analysis, folder)
            return
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        for stage, ms in stage_ms(clip, analysis, folder, chosen.side).items():
            print(f"{stage:30s}{ms:6.2f} ms a 1080p frame")
        size = (folder / "drawn.mp4").stat().st_size
        print(f"{'drawn clip':30s}{8e-6 * size / chosen.seconds:6.1f} Mbit/s at {chosen.side} px")


if __name__ == "__main__":
    main()
