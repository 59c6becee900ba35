"""Whether the quick look tells loose clothes: ``python -m tests.accuracy.clothes``, on the rendered runners."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.first_look import first_look
from tests.accuracy.rendered import Clip, clips, why_absent


@dataclass(frozen=True)
class Told:
    """What is true of one clip and what the quick look said."""

    name: str
    is_loose: bool
    has_rail: bool
    said: frozenset[str]


def told(clip: Clip) -> Told:
    """One clip, looked at as the page does."""
    said = frozenset(doubt.code for doubt in first_look(clip.video).doubts)
    conditions = clip.truth["conditions"]
    return Told(clip.name, conditions["clothes"] == "loose", bool(conditions["handrail"]), said)


def main() -> None:
    """Print a line a clip and the counts."""
    if why := why_absent():
        print(why)
        return
    found = [told(clip) for clip in clips()]
    for one in found:
        print(
            one.name, "loose" if one.is_loose else "close", "rail" if one.has_rail else "", ", ".join(sorted(one.said))
        )
    for loose, words in ((True, "in loose clothes"), (False, "in close clothes")):
        mine = [one for one in found if one.is_loose == loose]
        print(f"{words}: {sum('loose' in one.said for one in mine)} of {len(mine)} told to be loose")


if __name__ == "__main__":
    main()
