"""What a wrong claim may take for granted: that something sums to 1, is positive, is 0 or 1; or the other layout of derivatives."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace

from bpdocs.diagnostic import Span
from bpdocs.edits import Stock, read_again
from bpdocs.lines import Context, Line
from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.judge import judge
from bpdocs.measure.points import points
from bpdocs.missing import Place
from bpdocs.notation import expr as e
from bpdocs.notation.tokens import Unread
from bpdocs.program import Quantity
from bpdocs.spelled import name_of, spelled

_AT = Span(0, 0)
_ONE = e.Num(_AT, 1.0, "1")
_MOST = 8  # inputs that are tried: each costs a search for points


def supposition(place: Place) -> str:
    """Return the assumption under which a claim agrees, in words, or nothing."""
    line, context = place.line, place.context
    try:
        inputs = _inputs(line, context)
    except Unread:
        return ""
    for make in (_sums_to_one, _positive, _zero_or_one):
        for quantity in inputs[:_MOST]:
            for supposed, words in make(quantity, context):
                if _agrees_if(line, supposed):
                    return words
    return ""


def _inputs(line: Line, context: Context) -> list[Quantity]:
    program = context.program
    assert line.left is not None and line.right is not None
    keys = program.reached(line.left) | program.reached(line.right)
    return [q for many in program.quantities.values() for q in many if q.body is None and q.key in keys]


def _agrees_if(line: Line, context: Context) -> bool:
    evaluators, _ = points(context, set())
    return len(evaluators) > 1 and judge(line, context, evaluators, "", evaluators[0]).verdict == "agree"


def _entry(quantity: Quantity, context: Context) -> e.Ref | None:
    """Return a quantity with letters of the page at its places, or None where the page has none."""
    letters: list[str] = []
    for klass in quantity.signature or ():
        found = next((letter for letter, other in context.survey.ranges.items() if other == klass and letter not in letters), None)
        if found is None:
            return None
        letters.append(found)
    return e.Ref(_AT, quantity.name, tuple(e.Letter(_AT, letter) for letter in letters), quantity.signature or ())


Supposed = tuple[Context, str]


def _assuming(context: Context, left: e.Expr, sign: str, right: e.Expr) -> Context:
    return replace(context, assumptions=[*context.assumptions, (left, sign, right)])


def _sums_to_one(quantity: Quantity, context: Context) -> Iterator[Supposed]:
    signature = quantity.signature or ()
    if len(signature) != 1:
        return
    entry = _entry(quantity, context)
    letter = entry.indices[0] if entry is not None else e.Letter(_AT, "k")
    assert isinstance(letter, e.Letter)
    term = entry or e.Ref(_AT, quantity.name, (letter,), signature)
    name = name_of(quantity.name)
    words = rf"if \sum_{spelled(letter)} {spelled(term)} = 1" if entry is not None else rf"if the entries of {name} sum to 1: \mathbf{{1}}^\top {name} = 1"
    yield _assuming(context, e.Bind(_AT, "Σ", letter.name, signature[0], None, None, None, term), "=", _ONE), words


def _positive(quantity: Quantity, context: Context) -> Iterator[Supposed]:
    entry = _entry(quantity, context)
    if entry is not None:
        yield _assuming(context, entry, ">", e.Num(_AT, 0.0, "0")), f"if {spelled(entry)} > 0"


def _zero_or_one(quantity: Quantity, context: Context) -> Iterator[Supposed]:
    entry = _entry(quantity, context)
    if entry is not None and len(quantity.signature or ()) <= 1:
        survey = copy.copy(context.survey)
        survey.choices = {**survey.choices, quantity.name: (0.0, 1.0)}
        yield replace(context, survey=survey, program=context.program.copy(survey)), rf"if {spelled(entry)} is 0 or 1: {spelled(entry)} \in \{{0, 1\}}"


def layout(place: Place) -> str:
    """Return the words for the other layout of derivatives, if the claim agrees in it."""
    line, context, evaluators = place.line, place.context, place.evaluators
    sides = [side for side in (line.left, line.right) if side is not None]
    whole = [part for side in sides for part in e.walk(side) if isinstance(part, e.Deriv | e.Contract)]
    bodies = [q.body for many in context.program.quantities.values() for q in many if q.body is not None]
    if not whole or any(isinstance(part, e.Contract) for body in bodies for part in e.walk(body)):
        return ""
    settings = context.survey.settings
    other = "denominator" if settings.layout == "numerator" else "numerator"
    survey = copy.copy(context.survey)
    survey.settings = replace(settings, layout=other)
    turned = replace(context, survey=survey, program=context.program.copy(survey))
    again = read_again(line, Stock(turned, None))
    there = [Evaluator(turned.program, evaluator.point) for evaluator in evaluators]
    if again is not None and judge(again, turned, there, "", there[0]).verdict == "agree":
        return f"in {other} layout (for the whole page, in the front matter: layout: {other})"
    return ""
