"""Render the sample clips: side views of treadmill runners whose joints, events and measures are known exactly.

    python tools/render_clips.py --list
    python tools/render_clips.py --check
    python tools/render_clips.py --out sample_videos
    python tools/render_clips.py --only runner_right_good --out /tmp/clips --seconds 2 --scale 0.5
    python tools/render_clips.py --bench --list
    python tools/render_clips.py --bench
    python tools/render_clips.py --rear
    python tools/render_clips.py --exercises --list
    python tools/render_clips.py --exercises hip_lift plank

``--exercises`` makes the exercise clips which are absent or whose description has changed, all or those whose names
begin so, in ``exercise`` of the folder of the bench.

``--bench`` makes the clips of the accuracy bench which are absent or whose description has changed, in ``.bench`` of
the project (or where FORMCHECK_BENCH_DIR says). About half of them move like real runners from ``../shared/truth``;
without that folder only the others are made. ``--rear`` makes those from behind and in front, in ``rear`` below it.

Needs the extra packages ``anny``, ``pyvista`` and a CPU build of ``torch``; no screen (EGL or OSMesa draws).
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from rendering.bench import BenchClip, bench, bench_folder, is_made
from rendering.rear import rear_clips, rear_folder
from rendering.recorded import folder as recordings_folder
from rendering.recorded import present as recordings_present
from rendering.samples import CLIPS, Clip


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", action="store_true", help="the clips of the accuracy bench instead of the samples")
    parser.add_argument("--rear", action="store_true", help="the clips from behind and in front instead of the samples")
    parser.add_argument("--exercises", nargs="*", metavar="NAME", help="the exercise clips whose names begin so")
    parser.add_argument("--samples", action="store_true", help="of the exercise clips those that ship, by their names")
    parser.add_argument("--group", choices=("tuning", "held_out"), help="of the exercise clips only these")
    parser.add_argument("--list", action="store_true", help="name the clips and stop")
    parser.add_argument("--check", action="store_true", help="check the physics of the motion; draw nothing")
    parser.add_argument("--only", action="append", metavar="NAME", help="make only this clip (may be repeated)")
    parser.add_argument("--out", type=Path, help="folder to write to (sample_videos, or that of the bench)")
    parser.add_argument("--seconds", type=float, help="another length, for a quick look")
    parser.add_argument("--scale", type=float, default=1.0, help="picture size against the clip's own")
    parser.add_argument("--subframes", type=int, help="pictures averaged over one exposure (motion blur)")
    return parser.parse_args()


def _changed(clip: Clip, args: argparse.Namespace) -> Clip:
    """The clip with length, size and blur from the command line."""
    camera = clip.camera
    if args.scale != 1.0:
        size = [2 * round(side * args.scale / 2) for side in (camera.width_px, camera.height_px)]
        camera = replace(camera, width_px=size[0], height_px=size[1])
    return replace(
        clip,
        camera=camera,
        duration_s=args.seconds or clip.duration_s,
        subframes=args.subframes or clip.subframes,
    )


def _show(name: str, started: float, done: int, of: int) -> None:
    if done % 30 == 0 or done == of:
        print(f"\r{name}: {done}/{of} frames, {time.time() - started:.0f} s", end="", flush=True)


def _check(clips: list[Clip]) -> int:
    """Print what must hold of each motion; 1 when something does not."""
    from rendering.body import make_body
    from rendering.check import faults
    from rendering.running import Runner

    bad = False
    for clip in clips:
        found = faults(Runner(clip.params, make_body(clip.build).dimensions, clip.duration_s), clip.duration_s)
        print(clip.name, "  ".join(f"{name} {value:.3g}" for name, value in found.items()))
        bad |= found["flight_mps2"] > 1e-6 or found["slide_mm"] > 1 or found["sunk_mm"] > 0.5
        bad |= found["straightest_knee_deg"] < 0
    return int(bad)


def _make(clip: Clip, folder: Path, more: dict | None = None) -> None:
    from rendering.clip import render  # torch and PyVista load only when something is drawn

    started = time.time()
    video, _ = render(clip, folder, lambda done, of: _show(clip.name, started, done, of), more)
    print(f"\n  {video} {video.stat().st_size / 1e6:.2f} MB", flush=True)


def _make_bench(clips: list[BenchClip], args: argparse.Namespace) -> int:
    """Make what is absent or has changed; without recordings only what needs none."""
    folder = args.out or (rear_folder() if args.rear else bench_folder())
    if not args.rear and not recordings_present():
        print(f"no motion capture in {recordings_folder()}: only the parametric clips are made", file=sys.stderr)
        clips = [clip for clip in clips if not clip.clip.recorded]
    for clip in (replace(clip, clip=_changed(clip.clip, args)) for clip in clips):
        if not is_made(clip, folder):
            _make(clip.clip, folder, clip.truth())
    return 0


def _exercises(args: argparse.Namespace) -> int:
    """Make the exercise clips which are absent or have changed."""
    from rendering.exercise_bench import exercise_clips, exercise_folder, is_made
    from rendering.exercise_rows import ROWS
    from rendering.exercise_rows_more import WIDER

    clips = exercise_clips(ROWS, WIDER)
    if args.samples:
        return _exercise_samples(clips, args.out or Path("sample_videos"))
    begins = tuple(args.exercises) or ("",)
    folder = args.out or exercise_folder()
    for name, clip in clips.items():
        if not name.startswith(begins) or args.group not in (None, clip.group):
            continue
        if args.list:
            print(f"{name:36} {clip.about}")
        elif not is_made(clip, folder):
            from rendering.exercise_clip import render

            started = time.time()
            video, _ = render(clip, folder)
            print(f"{name:36} {time.time() - started:5.1f} s  {video.stat().st_size / 1e6:.2f} MB", flush=True)
    return 0


def _exercise_samples(clips: dict, folder: Path) -> int:
    from rendering.exercise_clip import render
    from rendering.exercise_rows import SAMPLES

    for name, clip in SAMPLES.items():
        for made in render(clips[clip], folder, finer=1.25):
            made.replace(made.with_name(made.name.replace(clip, name)))
    return 0


def main() -> int:
    """Command line."""
    args = _arguments()
    if args.exercises is not None:
        return _exercises(args)
    known = rear_clips() if args.rear else bench() if args.bench else CLIPS
    if args.list:
        for name, clip in known.items():
            print(f"{name:26} {clip.about}")
        return 0
    unknown = set(args.only or []) - set(known)
    if unknown:
        print(f"no such clip: {', '.join(sorted(unknown))}; see --list", file=sys.stderr)
        return 2
    names = args.only or list(known)
    if args.bench or args.rear:
        return _make_bench([known[name] for name in names], args)
    if args.check:
        return _check([_changed(CLIPS[name], args) for name in names])
    for name in names:
        _make(_changed(CLIPS[name], args), args.out or Path("sample_videos"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
