"""``python -m tests.accuracy [--write] [--events] [--fit]``: print the tables; write them into docs/accuracy.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from formcheck.records import PoseProfile

from . import causes, marks, rendered_tables
from .fit import report
from .rendered import why_absent as why_no_clips
from .tables import document, worst
from .truth import why_absent


def main() -> int:
    """Print the tables; 2 where there is no truth to measure against."""
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/accuracy.md as well")
    parser.add_argument("--events", action="store_true", help="list every event missed or invented")
    parser.add_argument("--fit", action="store_true", help="only the lags of contact and toe-off, tuning runners only")
    arguments = parser.parse_args()
    problem = why_absent()
    if problem:
        print(problem, file=sys.stderr)
        return 2
    if arguments.fit:
        print(*report(), sep="\n")
        return 0
    lines = []
    for line in _sections():
        print(line, flush=True)
        lines.append(line)
    if arguments.events:
        print(*worst(), sep="\n")
    if arguments.write:
        target = Path(__file__).parents[2] / "docs" / "accuracy.md"
        target.parent.mkdir(exist_ok=True)
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


def _sections() -> Iterator[str]:
    """Motion capture; rendered clips where they have been made; marks on real clips where these are."""
    yield from document()
    yield ""
    yield from causes.document_causes()
    yield ""
    missing = why_no_clips()
    yield from ([missing] if missing else rendered_tables.document_rendered(get_args(PoseProfile)))
    yield ""
    yield from marks.document_marks()


if __name__ == "__main__":
    sys.exit(main())
