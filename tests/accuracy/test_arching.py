"""Whoever arches on purpose is told from neutral and from flat, every time."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from . import arching

pytestmark = pytest.mark.accuracy


@pytest.fixture(scope="module")
def people() -> list[Path]:
    """Everybody made."""
    found = arching.people()
    if not found:
        pytest.skip("nobody arches (make them with: python tools/train_lumbar.py arching)")
    return found


def test_arched_is_above_neutral_and_neutral_above_flat(people: list[Path]) -> None:
    assert len(people) >= 6
    for person in people:
        values = list(arching.told(person).values())
        assert len(values) == 3
        assert all(after > before for before, after in pairwise(values)), (person.name, values)


def test_how_much_is_about_right(people: list[Path]) -> None:
    slopes = [np.polyfit(list(found), list(found.values()), 1)[0] for found in map(arching.told, people)]
    assert 0.7 < np.median(slopes) < 1.3
