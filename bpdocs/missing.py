"""What a wrong claim lacks: the factor or the term by which its two sides differ, if it is a number or a quantity of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from bpdocs.diagnostic import Span
from bpdocs.measure import values as v
from bpdocs.measure.evaluate import Ambiguous, Evaluator
from bpdocs.measure.judge import judge
from bpdocs.measure.values import Mismatch, NotSupported, Value
from bpdocs.notation import expr as e
from bpdocs.notation.tokens import Unread
from bpdocs.relations import Context, Line
from bpdocs.spelled import on_page, spelled

_FAULTS = (Mismatch, NotSupported, Ambiguous, Unread, KeyError, IndexError, ValueError, TypeError)
_AT = Span(0, 0)
_ONE = e.Num(_AT, 1.0, "1")
_ROUGH = 1e-6  # how far a guess may be off before it is judged
_SIMPLE = 12  # numerator and denominator of a number that people would forget


def sign(line: Line, context: Context, evaluators: list[Evaluator]) -> str:
    """Return the words for a sign that is turned on the whole right side, or nothing."""
    assert line.right is not None
    ratio = _ratio(line, evaluators[0])
    if ratio is None or abs(ratio + 1) > _ROUGH or not _holds(line, e.Neg(line.right.span, line.right), context, evaluators):
        return ""
    return "without its minus" if isinstance(line.right, e.Neg) else "with a minus before the right side"


def number(line: Line, context: Context, evaluators: list[Evaluator]) -> str:
    """Return the words for a number, or a width, that is missing as a factor of the right side, or nothing."""
    assert line.right is not None
    ratio = _ratio(line, evaluators[0])
    if ratio is None:
        return ""
    for factor in _numbers(ratio, evaluators[0]):
        if _holds(line, e.Mul(line.right.span, factor, line.right), context, evaluators):
            return f"with the factor {spelled(factor)} on the right side"
    return ""


def factor(line: Line, context: Context, evaluators: list[Evaluator]) -> str:
    """Return the words for a quantity of the page that is missing as a factor of the right side, or nothing."""
    assert line.right is not None
    wanted = _sides(line, evaluators[0], lambda a, b: a / b)
    for candidate, value in _candidates(context, wanted, evaluators[0]):
        how = "⊙" if value.rank else ""
        for turned, inverse in ((candidate, False), (e.Div(_AT, _ONE, candidate), True)):
            if wanted is not None and not (inverse and value.rank) and _equal(wanted, value, evaluators[0], inverse):
                if _holds(line, e.Mul(line.right.span, line.right, turned, how), context, evaluators):
                    return f"with the factor {on_page(turned, context.survey)} on the right side"
    return ""


def term(line: Line, context: Context, evaluators: list[Evaluator]) -> str:
    """Return the words for a term that is missing on the right side, or nothing."""
    assert line.right is not None
    for minus in (False, True):
        wanted = _sides(line, evaluators[0], (lambda a, b: b - a) if minus else (lambda a, b: a - b))
        for candidate, value in _candidates(context, wanted, evaluators[0]):
            added = e.Neg(_AT, candidate) if minus else candidate
            if wanted is not None and _equal(wanted, value, evaluators[0]) and _holds(line, e.Add(line.right.span, (line.right, added)), context, evaluators):
                return f"with {'-' if minus else '+'} {on_page(candidate, context.survey)} added to the right side"
    return ""


def other(line: Line, context: Context, evaluators: list[Evaluator]) -> str:
    """Return the words for what should stand in the place of a right side that is one symbol or number, or nothing."""
    if not isinstance(line.right, e.Ref | e.Size | e.Num | e.Apply | e.Letter):
        return ""
    wanted = _sides(line, evaluators[0], lambda a, b: a + 0 * b)
    for candidate, value in _candidates(context, wanted, evaluators[0], line.left):
        if wanted is not None and _equal(wanted, value, evaluators[0]) and _holds(line, candidate, context, evaluators):
            return f"with {on_page(candidate, context.survey)} for {on_page(line.right, context.survey)}"
    return ""


def _holds(line: Line, right: e.Expr, context: Context, evaluators: list[Evaluator]) -> bool:
    changed = replace(line, right=right)
    return all(judge(changed, context, some, "", evaluators[0]).verdict == "agree" for some in (evaluators[:1], evaluators))


def _sides(line: Line, evaluator: Evaluator, how: Callable[[Any, Any], Any]) -> Value | None:
    """Return how the sides differ (left / right, left - right), entry by entry, or None where they do not line up."""
    assert line.left is not None and line.right is not None
    try:
        left, right = evaluator.value(line.left, {}, {}), evaluator.value(line.right, {}, {})
    except _FAULTS:
        return None
    if left.rank and right.rank and left.shape != right.shape:
        return None
    found = v.elementwise(lambda a, b: how(np.real(a), np.real(b)), left, right, evaluator.sizes)
    return found if np.isfinite(np.asarray(found.data)).all() else None


def _ratio(line: Line, evaluator: Evaluator) -> float | None:
    """Return left / right if it is the same at every entry."""
    found = _sides(line, evaluator, lambda a, b: a / b)
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
    if 0 < abs(exact.numerator) <= _SIMPLE and abs(float(exact) / ratio - 1) < _ROUGH:
        over, under = (e.Num(_AT, float(n), str(n)) for n in (abs(exact.numerator), exact.denominator))
        plain = over if exact.denominator == 1 else e.Div(_AT, over, under)
        yield plain if ratio > 0 else e.Neg(_AT, plain)


def _equal(wanted: Value, have: Value, evaluator: Evaluator, inverse: bool = False) -> bool:
    """Return whether a candidate is what is wanted (or its inverse is), entry by entry."""

    def gap(a: Any, b: Any) -> Any:
        b = 1 / np.real(b) if inverse else np.real(b)
        return np.abs(a - b) / np.maximum(np.abs(a), np.abs(b))

    return bool(np.all(np.asarray(v.elementwise(gap, wanted, have, evaluator.sizes).data) < _ROUGH))


def _candidates(context: Context, wanted: Value | None, evaluator: Evaluator, but: e.Expr | None = None) -> Iterator[tuple[e.Expr, Value]]:
    """Yield what may have been forgotten, with its value, where it lines up with what is wanted."""
    for candidate in _expressions(context, wanted) if wanted is not None else ():
        if but is not None and e.bare(candidate) == e.bare(but):
            continue
        try:
            have = evaluator.value(candidate, {}, {})
        except _FAULTS:
            continue
        if wanted is not None and have.rank in (0, wanted.rank) and (not have.rank or have.shape == wanted.shape) and set(have.axes) <= set(wanted.axes):
            yield candidate, have


def _expressions(context: Context, wanted: Value) -> Iterator[e.Expr]:
    """Yield slopes f'(…) of what the page applies, its quantities, widths and the number 1."""
    survey, program = context.survey, context.program
    bodies = [q.body for many in program.quantities.values() for q in many if q.body is not None]
    applied = [part for body in bodies for part in e.walk(body) if isinstance(part, e.Apply) and len(part.arguments) == 1]
    seen: set[e.Expr] = set()
    for part in applied:
        for found in (replace(part, primes=part.primes + 1), part):
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
