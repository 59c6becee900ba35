"""``python -m tests.accuracy.runners``: how events are found too early or late in each runner, and what that tells.

A runner's own bias is what his way of landing and leaving adds to constants made for all. Four runners kept back show
the mean of four such biases, and that mean scatters between one four and the next.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np

from formcheck.records import FloatArray

from .camera import Filming
from .compare import EVENTS, Outcome, outcomes
from .truth import why_absent

FILMED = Filming(120.0, 3.0)
HEAD = """
{filmed}. In use: with the constants of the program, which were chosen on the tuning runners. Never seen: a tuning
runner's bias when the lags are shifted to be right, on average, for the other seven; of a runner held out, as it is.
Of the others: the same shift to the other eleven. SD: between runners. The standard error of the mean of {n} runners is
the SD of "never seen" over all twelve, divided by the root of {n}. (Leaving each of twelve out in turn gives a mean of
zero by its nature; what it tells is the SD.)
"""
MEANING = """
What that means: an unseen runner's contact is found some {sd_contact:.0f} ms early or late and his toe-off some
{sd_toe_off:.0f} ms (SD), because people land and push off differently, so that four of them can be off by
{se_contact:.1f} and {se_toe_off:.1f} ms on average by chance alone. The four held out are off by {off_contact:+.1f} and
{off_toe_off:+.1f} ms, which is {times_contact:.1f} and {times_toe_off:.1f} times that: whether the constants are at
fault or these four differ cannot be told from four people, and with {needed} runners held out a bias of 3 ms could be.
"""


def between_runners(outcome: Outcome, name: str) -> dict[str, float]:
    """Bias of each runner, seconds: their scatter is what an unseen runner has to expect."""
    runners = sorted({error.runner for error in outcome.errors if error.name == name})
    return {runner: float(outcome.of_runner(name, runner).mean()) for runner in runners}


def left_out(bias: FloatArray) -> FloatArray:
    """Each runner's bias less the mean of all the others'."""
    return np.asarray(bias - (bias.sum() - bias) / (len(bias) - 1))


def document_runners() -> Iterator[str]:
    """The section, line by line."""
    groups = [[between_runners(outcome, name) for name in EVENTS] for outcome in outcomes(FILMED)]
    names = [list(of_group[0]) for of_group in groups]
    held = np.repeat([False, True], [len(of) for of in names])
    columns = [_columns([1000 * np.array(list(of_group[k].values())) for of_group in groups]) for k in range(2)]
    n_held = int(held.sum())
    yield from ("", "## Bias of each runner (ms)", *HEAD.format(filmed=FILMED, n=n_held).splitlines(), "")
    yield "| runner | group | " + " | ".join(f"{e}: in use | never seen | of the others" for e in _WORDS) + " |"
    yield "|---|---|" + "---|" * 6
    for i, runner in enumerate(names[0] + names[1]):
        numbers = [f"{column[i]:+.1f}" for event in columns for column in event]
        yield f"| {runner} | {'held out' if held[i] else 'tuning'} | {' | '.join(numbers)} |"
    yield from _summary(columns, held)
    yield from _meaning(columns, held).splitlines()


_WORDS = ("contact", "toe-off")
Columns = tuple[FloatArray, FloatArray, FloatArray]


def _columns(bias_ms: list[FloatArray]) -> Columns:
    tuning, held = bias_ms
    every = np.concatenate(bias_ms)
    return every, np.concatenate([left_out(tuning), held]), left_out(every)


def _summary(columns: list[Columns], held: np.ndarray) -> Iterator[str]:
    every = np.ones(len(held), dtype=bool)
    for who, chosen in (("tuning", ~held), ("held out", held), ("all", every)):
        of = [column[chosen] for event in columns for column in event]
        yield f"| mean | {who} | " + " | ".join(f"{c.mean():+.1f}" for c in of) + " |"
        yield f"| SD | {who} | " + " | ".join(f"{c.std(ddof=1):.1f}" for c in of) + " |"
    for n in (int(held.sum()), len(held)):
        errors = [f"{column.std(ddof=1) / np.sqrt(n):.1f}" for event in columns for column in event]
        yield f"| standard error of the mean of {n} | | " + " | ".join(errors) + " |"


def _meaning(columns: list[Columns], held: np.ndarray) -> str:
    sd = [float(never.std(ddof=1)) for _, never, _ in columns]
    error = [each / np.sqrt(held.sum()) for each in sd]
    off = [float(in_use[held].mean()) for in_use, _, _ in columns]
    told: dict[str, float] = {}
    for event, *numbers in zip(("contact", "toe_off"), sd, error, off, strict=True):
        told |= {f"{key}_{event}": value for key, value in zip(("sd", "se", "off"), numbers, strict=True)}
        told[f"times_{event}"] = abs(numbers[2]) / numbers[1]
    return MEANING.format(needed=int(np.ceil((1.96 * max(sd) / 3.0) ** 2)), **told)


def main() -> int:
    """Print the table; 2 where there is no truth."""
    problem = why_absent()
    if problem:
        print(problem, file=sys.stderr)
        return 2
    for line in document_runners():
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
