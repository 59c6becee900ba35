"""The comparison of networks and ways to look, on a few pictures of a sample."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_each_picture_alone_follows_the_shank_better_than_tracking() -> None:
    """In the middle half of the pictures: a single wild one decides nothing."""
    sample = "sample_videos/runner_right_good.mp4"
    command = [sys.executable, "tools/compare_pose_variants.py", "--frames", "12", sample]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in printed.splitlines() if line.startswith("|")]
    rows = {tuple(row[:3]): row[3:] for row in cells[2:]}
    assert len(rows) == 18
    assert float(rows["full", "VIDEO", "no"][-1]) == 1.0
    for network in ("full", "heavy"):
        tracked, alone, steady = (float(rows[network, way, "no"][1]) for way in ("VIDEO", "IMAGE", "steady crop"))
        assert max(alone, steady) < tracked
        once, twice = (float(rows[network, "IMAGE", mirrored][-1]) for mirrored in ("no", "yes"))
        assert twice > 1.3 * once
