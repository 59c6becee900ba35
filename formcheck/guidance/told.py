"""The guidance in words: plain texts in both languages for the report, the page, the printed plan and the terminal.

Claims keep their keys in square brackets (see ``cited.py``); whoever shows them turns the keys into numbers. Here is
also the chain that each advice can be traced along: measured fact -> range -> rule -> advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from formcheck.cards import Lang, Text, load_cards
from formcheck.guidance import Guidance, guide_analysis
from formcheck.guidance.cited import keys_of
from formcheck.guidance.exercises import Dose, Exercise, Span
from formcheck.guidance.facts import Measured, measured_in, outside, overstride_signs
from formcheck.guidance.muscles import Verdict
from formcheck.guidance.plan import Item, PlanRule, RuledOut
from formcheck.guidance.questions import load_questions
from formcheck.guidance.running import load_principles
from formcheck.guidance.safety import Safety, SafetyRule
from formcheck.guidance.tables import read_table
from formcheck.records import Analysis, Finding
from formcheck.skeleton import Side
from formcheck.texts import both, format_range, format_value, text

_OF_FINDINGS = ("outside", "overstride_signs")
_MOMENT_OF = {
    "overstride_pct_leg": "contact",
    "shank_angle_at_contact_deg": "contact",
    "knee_flexion_at_contact_deg": "contact",
    "thigh_extension_at_toe_off_deg": "toe_off",
    "lumbar_share_pct": "toe_off",
    "lumbar_extension_change_deg": "toe_off",
    "peak_stance_knee_flexion_deg": "midstance",
    "trunk_lean_deg": "midstance",
    "trunk_lean_range_deg": "midstance",
    "pelvic_drop_deg": "midstance",
}
"""Which of the key moments shows a finding."""


@dataclass(frozen=True)
class ToldSafety:
    """The outcome; ``why`` are the deciding rules, ``also`` the others, each with the name of its rule."""

    id: str
    name: Text
    do: Text
    why: tuple[tuple[Text, Text], ...]
    also: tuple[tuple[Text, Text], ...]
    left_open: Text | None


@dataclass(frozen=True)
class ToldItem:
    """One thing to do."""

    id: str
    name: Text
    why: tuple[Text, ...]
    facts: tuple[Text, ...]
    """What was measured or said that led here, each with its range."""
    rules: Text
    """The names of the rules that led here, as one line."""
    picture: tuple[str, Side] | None
    """The key moment that shows it: kind and side."""
    steps: tuple[Text, ...]
    often: Text
    doses: tuple[tuple[str, Text], ...]
    """By source, how much."""
    start: Text
    progress: Text
    check: Text
    stop: Text
    retest: Text
    sure: Text


@dataclass(frozen=True)
class ToldGuidance:
    """All of the guidance in words."""

    safety: ToldSafety | None
    offers_form: bool
    headline: Text
    items: tuple[ToldItem, ...]
    cadence: tuple[Text, ...]
    load: tuple[tuple[Text, Text], ...]
    """What to do, and why."""
    habits: tuple[tuple[Text, Text], ...]
    """The same of the day around the run."""
    ruled_out: tuple[tuple[Text, Text, Text], ...]
    """Names, why, and the name of the rule, once for each rule."""
    muscles: tuple[tuple[Text, Text, Text], ...]
    """Muscle, suggestion, why."""
    look_also: tuple[tuple[Text, tuple[Text, ...]], ...]
    """Why, and which self-tests."""
    routine: tuple[tuple[Text, Text], ...]
    principles: tuple[Text, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key of a source that the words carry."""
        told = [text for item in self.items for text in (*item.why, item.sure)]
        told += [*self.cadence, *(why for _, why in (*self.load, *self.habits))]
        told += [why for _, why, _ in self.ruled_out]
        told += [*(why for _, _, why in self.muscles), *(why for why, _ in self.look_also), *self.principles]
        doses = [source for item in self.items for source, _ in item.doses]
        return tuple(dict.fromkeys([*self.safety_keys, *keys_of(*told), *doses]))

    @property
    def printed_keys(self) -> frozenset[str]:
        """Those of what is on paper, too: not what else was noted, reasons in boxes, further reading."""
        safety = () if self.safety is None else tuple(because for _, because in self.safety.why)
        items = [text for item in self.items for text in (*item.why, item.sure)]
        doses = [source for item in self.items for source, _ in item.doses]
        return frozenset([*keys_of(*safety, *items, *self.cadence, *(why for _, why, _ in self.ruled_out)), *doses])

    @property
    def safety_keys(self) -> tuple[str, ...]:
        """Those of the safety check alone."""
        safety = [] if self.safety is None else [because for _, because in (*self.safety.why, *self.safety.also)]
        return keys_of(*safety)


def tell(guidance: Guidance, measured: Measured | None = None) -> ToldGuidance:
    """The guidance in words; ``measured`` is what it was made from."""
    measured = measured or Measured()
    principles = () if not guidance.items else tuple(p.because for p in load_principles().values())
    return ToldGuidance(
        safety=None if guidance.safety is None else _safety(guidance.safety),
        offers_form=guidance.offers_form,
        headline=_headline(guidance, measured),
        items=tuple(_item(item, guidance, measured) for item in guidance.items),
        cadence=_cadence(guidance),
        load=tuple((_filled(a.rule.do, limit=f"{a.limit_km or 0:g}"), a.rule.because) for a in guidance.load),
        habits=tuple((rule.do, rule.because) for rule in guidance.habits),
        ruled_out=_ruled_out(guidance.ruled_out),
        muscles=tuple((v.muscle.name, say(f"verdict_{v.rule.verdict}"), v.rule.because) for v in guidance.verdicts),
        look_also=tuple((c.because, tuple(_ask(test) for test in c.tests)) for c in guidance.look_also),
        routine=tuple((part.exercise.name, part.how) for part in guidance.routine),
        principles=principles,
    )


def tell_analysis(analysis: Analysis) -> ToldGuidance:
    """The guidance for one analysis and the answers it was made with, in words."""
    return tell(guide_analysis(analysis), measured_in(analysis))


def say(code: str, **details: object) -> Text:
    """A phrase of ``words.toml`` with its details filled in; a detail that is a Text is taken in its language."""
    return _filled(_phrases()[code], **details)


@cache
def _phrases() -> dict[str, Text]:
    return {code: Text(**entry) for code, entry in read_table("words.toml").items()}


def dose_text(dose: Dose) -> Text:
    """How much a source asks for: "10 to 15 times, 2 to 3 sets, hold 2 to 5 s"."""
    spans = (("reps", dose.reps), ("sets", dose.sets), ("hold", dose.hold_s), ("minutes", dose.minutes))
    parts = [say(f"dose_{name}", n=_span(span)) for name, span in spans if span is not None]
    if dose.each_side:
        parts.append(say("dose_each_side"))
    return _listed(parts)


# ------------------------------------------------------------------------------------------------------- parts


def _safety(safety: Safety) -> ToldSafety:
    deciding = safety.deciding
    others = [rule for rule in safety.fired if rule not in deciding]
    questions = load_questions()
    names = Text(
        ja="、".join(questions[name].ask.ja for name in safety.unanswered),
        en="; ".join(questions[name].ask.en for name in safety.unanswered),
    )
    return ToldSafety(
        id=safety.outcome.id,
        name=safety.outcome.name,
        do=safety.outcome.do,
        why=tuple((_rule(rule), rule.because) for rule in deciding),
        also=tuple((_rule(rule), rule.because) for rule in others),
        left_open=say("taken_as_no", names=names) if safety.unanswered else None,
    )


def _headline(guidance: Guidance, measured: Measured) -> Text:
    if guidance.items:
        n = len(guidance.items)
        return say("one_thing_title") if n == 1 else say("findings_plan_title", n=n)
    if guidance.safety is not None and not guidance.safety.outcome.offers:
        return say("nothing_offered")
    if guidance.ruled_out:
        return say("nothing_left")
    unchecked = guidance.safety is None
    if outside(measured):
        return say("told_below_unchecked" if unchecked else "told_below")
    if not measured.measurements:
        return say("nothing_in_answers")
    if all(finding.level == "unknown" for finding in measured.findings):
        return say("nothing_judged")
    return say("nothing_clear_unchecked" if unchecked else "nothing_to_change")


def _item(item: Item, guidance: Guidance, measured: Measured) -> ToldItem:
    exercise = item.exercise
    findings = [finding for rule in item.rules for finding in _findings(rule, measured)]
    return ToldItem(
        id=exercise.id,
        name=exercise.name,
        why=tuple(rule.because for rule in item.rules[:2]),
        facts=tuple(dict.fromkeys(fact for rule in item.rules for fact in facts_behind(rule, guidance, measured))),
        rules=_listed([_rule(rule) for rule in item.rules]),
        picture=_picture(findings),
        steps=exercise.steps,
        often=say("on_running_days" if exercise.kind in ("form", "care") else "times_a_week"),
        doses=tuple((dose.source, dose_text(dose)) for dose in exercise.dose),
        start=exercise.start,
        progress=exercise.progress,
        check=exercise.check,
        stop=exercise.stop,
        retest=_retest(exercise),
        sure=exercise.sure,
    )


def facts_behind(rule: PlanRule, guidance: Guidance, measured: Measured) -> tuple[Text, ...]:
    """What was measured or said that made the rule fire; numbers with the range they were held against."""
    told: list[Text] = []
    for clause in rule.all:
        known = guidance.facts.get(clause.fact, frozenset())
        met = sorted(clause.words & known) if isinstance(known, frozenset) else []
        if clause.fact in _OF_FINDINGS:
            told += [_number(finding, measured) for finding in _findings(rule, measured)]
        elif clause.fact == "verdict":
            told += [fact for v in guidance.verdicts if v.word in met for fact in _behind(v, guidance, measured)]
        elif clause.fact == "drifts":
            told.append(say("fact_drift"))
        elif clause.fact in load_questions():
            options = load_questions()[clause.fact].options
            told += [say("fact_said", answer=options[word].label) for word in met]
    return tuple(told)


def _behind(verdict: Verdict, guidance: Guidance, measured: Measured) -> list[Text]:
    """What a verdict on a muscle rests on: the findings of its use, the answers to its tests, and the rule."""
    found = [f for (name, _), f in outside(measured).items() if name in verdict.muscle.short_in_use]
    tests = (verdict.muscle.id, "after_stretch", "after_strength")
    questions = load_questions()
    said = [
        say("fact_said", answer=_joined(questions[test].ask, questions[test].options[word].label))
        for test in tests
        for word in sorted(_words(guidance, test))
    ]
    return [*(_number(finding, measured) for finding in found), *said]


def _joined(question: Text, answer: Text) -> Text:
    return Text(ja=f"{question.ja} → {answer.ja}", en=f"{question.en} → {answer.en}")


def _words(guidance: Guidance, fact: str) -> frozenset[str]:
    known = guidance.facts.get(fact, frozenset())
    return known if isinstance(known, frozenset) else frozenset()


def _findings(rule: PlanRule, measured: Measured) -> list[Finding]:
    wanted = {word for clause in rule.all if clause.fact == "outside" for word in clause.words}
    found = [finding for (name, _), finding in outside(measured).items() if name in wanted]
    if any(clause.fact == "overstride_signs" for clause in rule.all):
        found += overstride_signs(measured).values()
    return found


def _number(finding: Finding, measured: Measured) -> Text:
    card = load_cards()[finding.metric]
    rows = [m for m in measured.measurements if (m.metric, m.side) == (finding.metric, finding.side)]
    name = card.name if finding.side is None else say("side_of", name=card.name, side=_say_side(finding.side))
    return say(
        "fact_number",
        name=name,
        value=both(lambda lang: format_value(rows[0], card, lang)),
        range=both(lambda lang: format_range(card, lang)),
        basis=both(lambda lang: text(f"basis_{finding.basis}", lang)),
    )


def _picture(findings: Iterable[Finding]) -> tuple[str, Side] | None:
    for finding in findings:
        if finding.metric in _MOMENT_OF and finding.side is not None:
            return _MOMENT_OF[finding.metric], finding.side
    return None


def _ruled_out(out: Iterable[RuledOut]) -> tuple[tuple[Text, Text, Text], ...]:
    by_rule: dict[str, tuple[Text, Text, Text]] = {}
    for one in out:
        name, rule = one.exercise.name, one.by
        if rule.id in by_rule:
            before = by_rule[rule.id][0]
            name = Text(ja=f"{before.ja}、{name.ja}", en=f"{before.en}; {name.en}")
        by_rule[rule.id] = name, rule.because, _rule(rule)
    return tuple(by_rule.values())


def _retest(exercise: Exercise) -> Text:
    if exercise.retest in load_cards():
        return say("retest_number", name=load_cards()[exercise.retest].name)
    if exercise.retest in load_questions():
        return say("retest_self_test", name=_ask(exercise.retest))
    return say("retest_diary")


def _cadence(guidance: Guidance) -> tuple[Text, ...]:
    target = guidance.cadence
    if target is None:
        return ()
    told = [say("cadence_target", own=f"{target.own_spm:.0f}", target=f"{target.target_spm:.0f}", most=target.most_spm)]
    if target.overstride_now_pct is not None and target.overstride_then_pct is not None:
        low, high = target.overstride_then_pct
        now = f"{target.overstride_now_pct:.1f}"
        told.append(say("cadence_effect", now=now, low=f"{low:.1f}", high=f"{high:.1f}"))
        if target.within_error:
            told.append(say("cadence_small"))
    return tuple(told)


# ------------------------------------------------------------------------------------------------------- words


def _ask(name: str) -> Text:
    return load_questions()[name].ask


def _rule(rule: PlanRule | SafetyRule) -> Text:
    return say("rule", name=rule.name)


def _listed(parts: Sequence[Text]) -> Text:
    return Text(ja="、".join(part.ja for part in parts), en=", ".join(part.en for part in parts))


def _say_side(side: Side) -> Text:
    return both(lambda lang: text(f"side_{side}", lang))


def _filled(sentence: Text, **details: object) -> Text:
    def fill(lang: Lang) -> str:
        given = {name: value.get(lang) if isinstance(value, Text) else str(value) for name, value in details.items()}
        return sentence.get(lang).format(**given)

    return both(fill)


def _span(span: Span) -> Text:
    low, high = f"{span[0]:g}", f"{span[1]:g}"
    return Text(low, low) if low == high else Text(ja=f"{low}〜{high}", en=f"{low} to {high}")
