r"""Shapes that a page leaves open, found from where they stand: in `W x + b` with a matrix W and a column b, x is a column.

An input without a declared shape is a number. Only where that fits nowhere is it an array: the one after which most statements fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from bpdocs.budget import OVER
from bpdocs.defining import OPEN_IDENTITY
from bpdocs.lines import Context, Line
from bpdocs.measure import values as v
from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.sample import draw
from bpdocs.measure.values import Ambiguous, Mismatch, NotSupported, Value
from bpdocs.notation import expr as e
from bpdocs.notation.tokens import Unread
from bpdocs.program import Key, Quantity

MOST_NAMES, MOST_CLASSES, ROUNDS = 8, 8, 12
Shape = tuple[str, ...]


def settle(context: Context, classes: list[str], avoid: set[int]) -> None:
    """Give the inputs without a shape the shapes in which the statements of the scope fit together."""
    names = _open(context)
    if not names or not classes:
        return
    lines = [line for line in context.lines if line.fault is None and line.kind in ("claim", "definition") and line.right is not None]
    best = _fitting(context, lines, classes, avoid)
    if best == len(lines):
        return
    failing = [line for line in lines if not _fits(line, _evaluator(context, classes, avoid))]
    reached = {key[0] for line in failing for key in _reached(line, context)}
    names = [name for name in names if name in reached][:MOST_NAMES]
    for _ in range(ROUNDS):
        found: tuple[int, tuple[str, ...], Shape] | None = None
        for group, shape in _moves(context, names, classes[:MOST_CLASSES]):
            before = _give(context, group, shape)
            score = _fitting(context, lines, classes, avoid)
            _put(context, before)
            if score > (found[0] if found else best):
                found = score, group, shape
                if score == len(lines):
                    break
        if found is None:
            return
        best = found[0]
        _give(context, found[1], found[2])
        names = [name for name in names if name not in found[1]]
        if best == len(lines):
            return


def _open(context: Context) -> list[str]:
    """Return the inputs that are numbers only because nothing is said of them."""
    survey, told = context.survey, {setting.ref.name for setting in context.settings}
    known = {*survey.shapes, *survey.arities, *survey.choices, *survey.indexing, *told}
    open_ = [(None, ()), (None, OPEN_IDENTITY)]
    return [name for name, found in sorted(context.program.quantities.items()) if name not in known and len(found) == 1 and (found[0].body, found[0].signature) in open_]


def _moves(context: Context, names: list[str], classes: list[str]) -> Iterator[tuple[tuple[str, ...], Shape]]:
    """Yield what may be given a shape, and which: steps together, layers and single names each."""
    groups: dict[str, list[str]] = {}
    for name, klass in product(sorted(context.survey.identities & set(names)), classes):
        yield (name,), (klass, klass)
    names = [name for name in names if name not in context.survey.identities]
    for name in names:
        if name in context.instances:
            groups.setdefault(name.split("_")[0].split("^")[0], []).append(name)
    several = [tuple(group) for group in groups.values() if len(group) > 1]
    for group, klass in product([*several, *((name,) for name in names)], classes):
        yield group, (klass,)
    if len(names) <= MOST_NAMES // 2:
        for name, rows, columns in product(names, classes, classes):
            yield (name,), (rows, columns)


def _give(context: Context, group: tuple[str, ...], shape: Shape) -> dict[str, list[Quantity]]:
    before = {name: context.program.quantities[name] for name in group}
    _put(context, {name: [Quantity(name, shape)] for name in group})
    return before


def _put(context: Context, quantities: dict[str, list[Quantity]]) -> None:
    context.program.quantities.update(quantities)
    context.program.forget()


def _evaluator(context: Context, classes: list[str], avoid: set[int]) -> Evaluator:
    return Evaluator(context.program, draw(context.program, classes, avoid, 0, context.depths))


def _fitting(context: Context, lines: list[Line], classes: list[str], avoid: set[int]) -> int:
    """Return how many lines fit."""
    evaluator = _evaluator(context, classes, avoid)
    return sum(_fits(line, evaluator) for line in lines)


def _fits(line: Line, evaluator: Evaluator) -> bool:
    """Return whether both sides of a line have a value, and values of one shape."""
    assert line.right is not None
    try:
        with np.errstate(all="ignore"):
            if line.kind == "definition":
                if isinstance(line.left, e.Ref):
                    evaluator.quantity(evaluator.program.find(line.left))
                return True
            left = evaluator.value(line.left, {}, {}) if line.left is not None else v.number(0.0)
            return _alike(left, evaluator.value(line.right, {}, {}))
    except (Mismatch, Unread):
        return False
    except (NotSupported, Ambiguous, KeyError, *OVER):
        return True


def _alike(left: Value, right: Value) -> bool:
    if left.rank != right.rank:
        zero = right if left.rank else left
        return not zero.rank and not zero.axes and not np.any(np.real(zero.data))
    return left.shape == right.shape or v.stretches(left, right)


def _reached(line: Line, context: Context) -> frozenset[Key]:
    try:
        return frozenset().union(*(context.program.reached(side) for side in (line.left, line.right) if side is not None))
    except Unread:
        return frozenset()
