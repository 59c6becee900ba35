"""Render the runners of the back's test once more, standing as usual, arched on purpose and flat.

    python tools/render_standing.py

Needs the extra packages of ``tools/render_clips.py`` beside those of formcheck; what is made lies in
``.bench/lumbar/standing`` (or below FORMCHECK_BENCH_DIR). ``python -m tests.accuracy.standing`` says what is told.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]

from rendering.arching_clips import make_arching_clips  # noqa: E402  (found by the line above)
from rendering.bench import bench_folder  # noqa: E402

if __name__ == "__main__":
    make_arching_clips(bench_folder() / "lumbar" / "standing")
