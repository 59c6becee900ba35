"""An example of a file of answers, made from the questions themselves."""

from __future__ import annotations

from formcheck.cards import Lang
from formcheck.guidance.questions import Question, load_questions

_SAID = {
    "age": "34",
    "place": "[lower_back]",
    "when": "[after]",
    "kind": "[dull]",
    "running": "same",
    "with_rest": "better",
    "signs": "[]",
    "hip_flexors": "normal",
    "week_km": "20",
    "next_week_km": "22",
}


def example_yaml(lang: Lang) -> str:
    """A file of answers in which every question stands with what it can be answered; unanswered ones as comments."""
    return "\n".join(line for question in load_questions().values() for line in _lines(question, lang)) + "\n"


def _lines(question: Question, lang: Lang) -> list[str]:
    said = _SAID.get(question.id)
    answer = f"{question.id}: {said}" if said is not None else f"# {question.id}:"
    head = [f"# {question.ask.get(lang)}"]
    if question.kind == "number":
        return [*head, answer, ""]
    options = [f"#   {option.id} = {option.label.get(lang)}" for option in question.options.values()]
    return [*head, *options, answer, ""]
