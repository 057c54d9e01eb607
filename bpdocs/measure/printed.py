"""Printed decimals: compared at the page's own example, to the digits that are printed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from bpdocs.lines import Context, Line
from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.outcome import Outcome
from bpdocs.measure.values import Mismatch
from bpdocs.notation import expr as e

_ROUNDING = 1e-9  # half a unit of the last digit counts as right both ways, up to this share of it


def is_printed(line: Line, context: Context, example: Evaluator) -> bool:
    """Return whether a plain = is between a decimal and what the page's example gives, or arithmetic on printed numbers."""
    assert line.left is not None and line.right is not None
    rests = [_rests(side, context) for side in (line.left, line.right)]
    if not any(rests):
        return any(_decimals(side) and _halves(side) is not None for side in (line.left, line.right))
    return any(_decimals(one) and not rest and _set(other, context, example) for one, rest, other in zip((line.left, line.right), rests, (line.right, line.left), strict=True))


def printed(line: Line, context: Context, example: Evaluator) -> Outcome:
    """Return the verdict on ≈, or on = with a printed decimal."""
    assert line.left is not None and line.right is not None
    sides = (line.left, line.right)
    rests = [_rests(side, context) for side in sides]
    if all(rests):
        return Outcome("unread", message="≈ between two formulas says nothing that can be checked", suggestion="print the number, write =, or = … + O(\\epsilon^2)")
    shown = 1 if _halves(sides[1]) is not None and not rests[1] else 0 if _halves(sides[0]) is not None and not rests[0] else None
    if not any(rests) and shown is None and not any(_decimals(side) for side in sides):
        return Outcome("unread", message="≈ without a printed number is not checked", suggestion="print the number, or write =")
    for side in sides:
        if _rests(side, context) and not _set(side, context, example) and not _fixed(side, context):
            return Outcome("unread", message="an input of this number has no value set", suggestion="set it: $x = 0.5$")
    a, b = (example.value(side, {}, {}) for side in sides)
    if a.rank != b.rank or a.shape != b.shape or a.axes != b.axes:
        raise Mismatch("the two sides of a printed number differ in their shapes")
    left, right = np.real(np.asarray(a.data)), np.real(np.asarray(b.data))
    if not (np.isfinite(left).all() and np.isfinite(right).all()):
        return Outcome("disagree", message="a member has no real value at the page's example")
    tolerance: Any = _halves(sides[shown]) if shown is not None else _inherited(sides, rests, context, example)
    gap = np.abs(left - right)
    slack = tolerance * (1 + _ROUNDING) + 1e-15 * np.maximum(1.0, np.maximum(np.abs(left), np.abs(right)))
    if (gap <= slack).all():
        return Outcome("agree", float(gap.max(initial=0.0)), 1)
    place = np.unravel_index(int(np.argmax(gap - slack)), gap.shape)
    true = left if shown != 0 else right
    words = f"left is {float(left[place]):.10g}, right is {float(right[place]):.10g} at the page's example"
    mend = "" if shown is None else f"print {_in_digits(float(true[place]), float(np.broadcast_to(tolerance, gap.shape)[place]))}"
    return Outcome("disagree", float(gap[place]), 1, words, mend)


def _rests(side: e.Expr, context: Context) -> bool:
    """Return whether a side depends on quantities of the page."""
    return any(isinstance(part, e.Ref | e.Letter | e.Size) or (isinstance(part, e.Apply) and part.name in context.program.survey.functions) for part in e.walk(side))


def _set(side: e.Expr, context: Context, example: Evaluator) -> bool:
    """Return whether all inputs that a side depends on have values at the page's example."""
    keys = context.program.reached(side)
    inputs = [key for key in keys for quantity in context.program.quantities[key[0]] if quantity.key == key and quantity.body is None]
    return bool(inputs) and all(key in example.point.inputs and np.isfinite(example.point.inputs[key]).all() for key in inputs)


def _fixed(side: e.Expr, context: Context) -> bool:
    """Return whether a side is the same whatever the example: functions of the page, defined there, of numbers alone."""
    functions, program = context.survey.functions, context.program
    names = program.names(side)
    bodies = [side, *(program.functions[name].body for name in names if name in program.functions)]
    free = any(isinstance(part, e.Letter | e.Size) for body in bodies for part in e.walk(body))
    return not free and not program.reached(side) and all(name in program.functions for name in names if name in functions)


def _decimals(side: e.Expr) -> list[e.Num]:
    return [part for part in e.walk(side) if isinstance(part, e.Num) and "." in part.text]


def _halves(side: e.Expr) -> Any:
    """Return half a unit of the last printed digit, entry by entry, or None if a side is no printed number."""
    match side:
        case e.Num(_, _, text) if text.replace(".", "").isdigit():
            return np.asarray(0.5 * 10.0 ** -len(text.partition(".")[2]))
        case e.Neg(_, body):
            return _halves(body)
        case e.Div(_, e.Num() as digits, _, "%"):
            return _halves(digits) / 100.0
        case e.Mul(_, e.Num() as digits, e.Pow(_, e.Num(_, 10.0, _), exponent), _):
            power = _whole(exponent)
            return None if power is None else _halves(digits) * 10.0**power
        case e.Transpose(_, e.Array() as body, _):
            found = _halves(body)
            return None if found is None else found.T if found.ndim == 2 else found[None]
        case e.Array(_, rows):
            cells = [[_halves(cell) for cell in row] for row in rows]
            if any(cell is None for row in cells for cell in row):
                return None
            found = np.array(cells, dtype=float)
            return found[:, 0] if found.shape[1] == 1 else found
    return None


def _whole(side: e.Expr) -> int | None:
    if isinstance(side, e.Neg):
        inner = _whole(side.body)
        return None if inner is None else -inner
    return int(side.value) if isinstance(side, e.Num) and side.value == int(side.value) else None


def _inherited(sides: tuple[e.Expr, e.Expr], rests: list[bool], context: Context, example: Evaluator) -> float:
    """Return how far arithmetic on rounded numbers may be off: each of them by half a unit of its last digit, settings by nothing."""
    exact = {setting.text for setting in context.settings}
    if not any(rests):
        exact |= {number.text for number in _decimals(sides[0])}
    total = 0.0
    for side, rest in zip(sides, rests, strict=True):
        if not rest:
            for number in _decimals(side):
                if number.text not in exact:
                    half = _halves(number)
                    total += _sensitivity(side, number, example) * float(half)
    return total


def _sensitivity(side: e.Expr, number: e.Num, example: Evaluator) -> float:
    """Return how much a side changes with one of its printed numbers."""

    def moved(expr: e.Expr, by: float) -> e.Expr:
        if expr is number:
            return replace(number, value=number.value + by)
        changes: dict[str, Any] = {}
        for name, value in vars(expr).items():
            if isinstance(value, e.Expr):
                changes[name] = moved(value, by)
            elif isinstance(value, tuple) and value and all(isinstance(item, e.Expr) for item in value):
                changes[name] = tuple(moved(item, by) for item in value)
        return replace(expr, **changes) if changes else expr

    step = 1e-6
    up, down = (np.real(np.asarray(example.value(moved(side, by), {}, {}).data)) for by in (step, -step))
    return float(np.max(np.abs(up - down)) / (2 * step))


def _in_digits(value: float, half: float) -> str:
    """Return a number with as many decimals as were printed."""
    return f"{value:.{max(0, round(-np.log10(2 * half)))}f}"
