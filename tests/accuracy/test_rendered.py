"""A few bench clips, drawn small and short on the spot, through the real pose network. Needs the render packages."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from . import rendered
from .rendered_tables import document_profile

pytestmark = pytest.mark.accuracy
ROOT = Path(__file__).resolve().parents[2]
PYTHON = os.environ.get("FORMCHECK_RENDER_PYTHON", sys.executable)
"""The Python that draws; another one where the render packages live apart from formcheck."""
PROFILE = "balanced"
NAMES = ("bench_02", "bench_19")
SECONDS = 3.6


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[rendered.Outcome]:
    """Two parametric clips: loose clothes before a turned camera at 60 frames a second; the other at 30."""
    if subprocess.run([PYTHON, "-c", "import anny, pyvista, torch"], capture_output=True, check=False).returncode:
        pytest.skip("the render packages are not installed: pip install formcheck[render]")
    folder = tmp_path_factory.mktemp("bench")
    only = [word for name in NAMES for word in ("--only", name)]
    command = [PYTHON, "tools/render_clips.py", "--bench", *only, "--seconds", str(SECONDS), "--out", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FORMCHECK_BENCH_DIR", str(folder))
        rendered.clips.cache_clear()
        rendered.outcome.cache_clear()
        yield rendered.outcome(PROFILE, "tuning")
    rendered.clips.cache_clear()
    rendered.outcome.cache_clear()


def test_every_clip_is_understood(outcome: rendered.Outcome) -> None:
    assert not outcome.refused
    assert {error.clip.name for error in outcome.errors} == set(NAMES)


def test_events_are_near_the_truth(outcome: rendered.Outcome) -> None:
    assert outcome.n_missed + outcome.n_invented <= 0.1 * outcome.n_events
    for name in ("contact_event_s", "toe_off_event_s"):
        assert np.abs(outcome.of(name)).mean() < 0.03


def test_near_leg_follows_the_truth_over_the_whole_stride(outcome: rendered.Outcome) -> None:
    for track in ("near_thigh", "near_shank"):
        assert outcome.of(f"{track}_rms_less_offset_deg").max() < 6.0


def test_found_poses_are_kept_and_used_again(outcome: rendered.Outcome) -> None:
    kept = list((rendered.folder() / "poses" / PROFILE).glob("*.npz"))
    assert len(kept) == len(NAMES)
    clip = rendered.clips()[0]
    again = rendered.Outcome()
    rendered.compare(again, clip, rendered.analysed(clip, PROFILE))
    first = [e.error for e in outcome.errors if e.clip == clip]
    assert [e.error for e in again.errors] == pytest.approx(first, abs=0.05)


def test_tables_have_a_row_for_every_measure(outcome: rendered.Outcome) -> None:
    lines = list(document_profile(PROFILE, ["tuning"]))
    assert any(line.startswith("| Contact (ms) | tuning | ") for line in lines)
    assert any(line.startswith("| near shank | tuning | ") for line in lines)
