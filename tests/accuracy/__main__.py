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

TARGET = Path(__file__).parents[2] / "docs" / "accuracy.md"


def main() -> int:
    """Print the tables; 2 where there is no truth to measure against."""
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/accuracy.md as well")
    parser.add_argument("--events", action="store_true", help="list every event missed or invented")
    parser.add_argument("--fit", action="store_true", help="only the lags of contact and toe-off, tuning runners only")
    parser.add_argument(
        "--rendered", action="store_true", help="only causes and rendered clips; --write keeps the rest"
    )
    arguments = parser.parse_args()
    problem = why_absent()
    if problem:
        print(problem, file=sys.stderr)
        return 2
    if arguments.fit:
        print(*report(), sep="\n")
        return 0
    if arguments.rendered:
        return _rendered(arguments.write)
    lines = []
    for line in _sections():
        print(line, flush=True)
        lines.append(line)
    if arguments.events:
        print(*worst(), sep="\n")
    if arguments.write:
        TARGET.parent.mkdir(exist_ok=True)
        TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


def _rendered(write: bool) -> int:
    """Print what follows motion capture, real clips left out; put it in the place of the document's earlier one."""
    missing = why_no_clips()
    if missing:
        print(missing, file=sys.stderr)
        return 2
    lines = [*causes.document_causes(), "", *rendered_tables.document_rendered(get_args(PoseProfile))]
    print(*lines, sep="\n")
    if write:
        before = TARGET.read_text(encoding="utf-8")
        head = before.partition(rendered_tables.TITLE)[0].partition(causes.TITLE)[0]
        following = marks.TITLE + before.partition(marks.TITLE)[2]
        TARGET.write_text("\n".join([head + lines[0], *lines[1:], "", following]), encoding="utf-8")
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
