"""What tests of the history keep: an analysis of every kind of part, and files of no weight beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from synthetic_analysis import build_analysis

from formcheck.cards import load_cards
from formcheck.findings import findings
from formcheck.guidance import read_answers
from formcheck.records import Analysis, Note

_, _ENCODED = cv2.imencode(".jpg", np.full((48, 27, 3), 128, np.uint8))
A_JPEG = _ENCODED.tobytes()


def kept_kind_of_analysis() -> Analysis:
    """A runner whose answers, reasons, warnings and findings are of the kinds there are."""
    made = build_analysis()
    measured = tuple(
        replace(m, status="not_measurable", reason=Note("needs_belt_speed")) if m.value is None else m
        for m in made.measurements
    )
    notes = (Note("jumps", {"count": 2}), Note("low_frame_rate", {"rate": 29.97}))
    answers = read_answers({"age": 34, "pain": [{"place": "knee", "when": "after"}], "signs": []})
    found = findings(measured, load_cards())
    return replace(made, measurements=measured, findings=found, warnings=notes, answers=answers)


def a_clip_and_its_results(folder: Path) -> tuple[Path, Path]:
    """Files named as they are beside an upload and in a folder of results."""
    clip, results = folder / "f3a1.MP4", folder / "results"
    (results / "frames").mkdir(parents=True)
    clip.write_bytes(b"as filmed")
    (results / "annotated.mp4").write_bytes(b"annotated")
    (results / "frames" / "contact_right.jpg").write_bytes(A_JPEG)
    return clip, results
