"""What a wrong claim lacks: the factor or the term by which its two sides differ, if it is a number or a quantity of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from bpdocs.diagnostic import Span
from bpdocs.lines import Context, Line
from bpdocs.locate import FAULTS
from bpdocs.measure import values as v
from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.judge import judge
from bpdocs.measure.values import Value
from bpdocs.notation import expr as e
from bpdocs.spelled import on_page, spelled

_AT = Span(0, 0)
_ONE = e.Num(_AT, 1.0, "1")
_ROUGH = 1e-6  # how far a guess may be off before it is judged
_SIMPLE = 12  # numerator and denominator of a number that people would forget


@dataclass(frozen=True)
class Place:
    """A claim where it is judged: a claim about layers has one for each."""

    line: Line
    context: Context
    evaluators: list[Evaluator]

    @property
    def right(self) -> e.Expr:
        """The right side."""
        assert self.line.right is not None
        return self.line.right

    def put(self, right: e.Expr) -> Place:
        """Return the claim with another right side."""
        return replace(self, line=replace(self.line, right=right))


def agrees(places: Sequence[Place]) -> bool:
    """Return whether a changed claim agrees everywhere, at one point first and then at all."""
    return all(
        judge(place.line, place.context, place.evaluators[:many], "", place.evaluators[0]).verdict == "agree"
        for many in (1, len(places[0].evaluators))
        for place in places
    )  # fmt: skip


def sign(places: Sequence[Place]) -> str:
    """Return the words for a sign that is turned on the whole right side, or nothing."""
    ratio = _ratio(places[0])
    if ratio is None or abs(ratio + 1) > _ROUGH or not agrees([place.put(e.Neg(place.right.span, place.right)) for place in places]):
        return ""
    return "without its minus" if isinstance(places[0].right, e.Neg) else "with a minus before the right side"


def turned(places: Sequence[Place]) -> str:
    """Return the words for a right side that is the transpose of what it should be, or nothing."""
    return "with the whole right side transposed" if agrees([place.put(e.Transpose(place.right.span, place.right)) for place in places]) else ""


def number(places: Sequence[Place]) -> str:
    """Return the words for a number, or a width, that is missing as a factor of the right side, or nothing."""
    ratio = _ratio(places[0])
    for found in _numbers(ratio, places[0].evaluators[0]) if ratio is not None else ():
        if agrees([place.put(e.Mul(place.right.span, found, place.right)) for place in places]):
            return f"with the factor {spelled(found)} on the right side"
    return ""


def factor(place: Place) -> str:
    """Return the words for a quantity of the page that is missing as a factor of the right side, or nothing."""
    wanted = _sides(place, lambda a, b: a / b)
    for candidate, value in _candidates(place, wanted):
        how = "⊙" if value.rank else ""
        for found, inverse in ((candidate, False), (e.Div(_AT, _ONE, candidate), True)):
            if wanted is not None and not (inverse and value.rank) and _equal(wanted, value, place.evaluators[0], inverse):
                if agrees([place.put(e.Mul(place.right.span, place.right, found, how))]):
                    return f"with the factor {on_page(found, place.context.survey)} on the right side"
    return ""


def term(place: Place) -> str:
    """Return the words for a term that is missing on the right side, or nothing."""
    for minus in (False, True):
        wanted = _sides(place, (lambda a, b: b - a) if minus else (lambda a, b: a - b))
        for candidate, value in _candidates(place, wanted):
            added = e.Neg(_AT, candidate) if minus else candidate
            if wanted is not None and _equal(wanted, value, place.evaluators[0]) and agrees([place.put(e.Add(place.right.span, (place.right, added)))]):
                return f"with {'-' if minus else '+'} {on_page(candidate, place.context.survey)} added to the right side"
    return ""


def other(place: Place) -> str:
    """Return the words for what should stand in the place of a right side that is one symbol or number, or nothing."""
    if not isinstance(place.right, e.Ref | e.Size | e.Num | e.Apply | e.Letter):
        return ""
    wanted = _sides(place, lambda a, b: a + 0 * b)
    for candidate, value in _candidates(place, wanted, place.line.left):
        if wanted is not None and _equal(wanted, value, place.evaluators[0]) and agrees([place.put(candidate)]):
            return f"with {on_page(candidate, place.context.survey)} for {on_page(place.right, place.context.survey)}"
    return ""


def _sides(place: Place, how: Callable[[Any, Any], Any]) -> Value | None:
    """Return how the sides differ (left / right, left - right), entry by entry, or None where they do not line up."""
    evaluator = place.evaluators[0]
    assert place.line.left is not None
    try:
        left, right = evaluator.value(place.line.left, {}, {}), evaluator.value(place.right, {}, {})
    except FAULTS:
        return None
    if left.rank and right.rank and left.shape != right.shape:
        return None
    found = v.elementwise(lambda a, b: how(np.real(a), np.real(b)), left, right, evaluator.sizes)
    return found if np.isfinite(np.asarray(found.data)).all() else None


def _ratio(place: Place) -> float | None:
    """Return left / right if it is the same at every entry."""
    found = _sides(place, lambda a, b: a / b)
    if found is None:
        return None
    data = np.ravel(np.asarray(found.data))
    return float(data[0]) if np.max(np.abs(data - data[0])) <= _ROUGH * abs(data[0]) else None


def _numbers(ratio: float, evaluator: Evaluator) -> Iterator[e.Expr]:
    """Yield numbers and widths that a ratio may be."""
    for name in sorted(evaluator.program.survey.sizes):
        size = evaluator.point.sizes.get(name, 0)
        whole: e.Expr = e.Size(_AT, name)
        for value, found in ((size, whole), (1 / size if size else 0.0, e.Div(_AT, _ONE, whole))):
            if value and abs(abs(ratio) / value - 1) < _ROUGH:
                yield found if ratio > 0 else e.Neg(_AT, found)
    exact = Fraction(ratio).limit_denominator(_SIMPLE)
    if exact != 1 and 0 < abs(exact.numerator) <= _SIMPLE and abs(float(exact) / ratio - 1) < _ROUGH:
        over, under = (e.Num(_AT, float(n), str(n)) for n in (abs(exact.numerator), exact.denominator))
        plain = over if exact.denominator == 1 else e.Div(_AT, over, under)
        yield plain if ratio > 0 else e.Neg(_AT, plain)


def _equal(wanted: Value, have: Value, evaluator: Evaluator, inverse: bool = False) -> bool:
    """Return whether a candidate is what is wanted (or its inverse is), entry by entry."""

    def gap(a: Any, b: Any) -> Any:
        b = 1 / np.real(b) if inverse else np.real(b)
        return np.abs(a - b) / np.maximum(np.abs(a), np.abs(b))

    return bool(np.all(np.asarray(v.elementwise(gap, wanted, have, evaluator.sizes).data) < _ROUGH))


def _candidates(place: Place, wanted: Value | None, but: e.Expr | None = None) -> Iterator[tuple[e.Expr, Value]]:
    """Yield what may have been forgotten, with its value, where it lines up with what is wanted."""
    evaluator = place.evaluators[0]
    for candidate in _expressions(place.context, wanted) if wanted is not None else ():
        if but is not None and e.bare(candidate) == e.bare(but):
            continue
        try:
            have = evaluator.value(candidate, {}, {})
        except FAULTS:
            continue
        if wanted is not None and have.rank in (0, wanted.rank) and (not have.rank or have.shape == wanted.shape) and set(have.axes) <= set(wanted.axes):
            yield candidate, have


def _expressions(context: Context, wanted: Value) -> Iterator[e.Expr]:
    """Yield slopes f'(…) of what the page applies, its quantities, widths and the number 1."""
    survey, program = context.survey, context.program
    bodies = [q.body for many in program.quantities.values() for q in many if q.body is not None]
    applied = [part for body in bodies for part in e.walk(body) if isinstance(part, e.Apply) and len(part.arguments) == 1]
    seen: set[e.Expr] = set()
    for found in [replace(part, primes=part.primes + 1) for part in applied]:
        if e.bare(found) not in seen:
            seen.add(e.bare(found))
            yield found
    for name, many in program.quantities.items():
        for signature in [quantity.signature or () for quantity in many]:
            yield from _with_letters(name, signature, context, wanted)
            if wanted.rank or not signature:
                yield e.Ref(_AT, name, (), signature)
    for size in sorted(survey.sizes):
        yield e.Size(_AT, size)
        yield e.Div(_AT, _ONE, e.Size(_AT, size))
    yield _ONE


def _with_letters(name: str, signature: tuple[str, ...], context: Context, wanted: Value) -> Iterator[e.Ref]:
    """Yield the entries of a quantity that the free letters of what is wanted can name."""
    choices = [[axis for axis in wanted.axes if context.survey.klass(axis) == klass] for klass in signature]
    if 0 < len(choices) <= 2:
        for letters in product(*choices):
            yield e.Ref(_AT, name, tuple(e.Letter(_AT, letter) for letter in letters), signature)
