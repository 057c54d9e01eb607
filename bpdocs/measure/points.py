"""Points at which a scope's claims are compared: random ones that satisfy the assumptions, and the page's own example."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from bpdocs.budget import OVER, numbers_fit
from bpdocs.lines import Context
from bpdocs.measure.assume import satisfy
from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.infer import settle
from bpdocs.measure.sample import Point, draw
from bpdocs.measure.values import Ambiguous, Mismatch, NotSupported
from bpdocs.notation import expr as e
from bpdocs.notation.tokens import Unread
from bpdocs.program import Key, Program, Quantity

_MOST = 32  # entries of an array along one index that are set one by one
SEEDS = 4
TRIES = 24
SINGULAR = 1e-6  # rounding may change a definition by this much; an inverse of nothing has no value
MODES = ("signed", "signed", "positive", "unit")
FARTHEST = 1000  # printed numbers up to here may be thresholds, on both sides of which points are drawn
FURTHER = ("wide", "beyond", "signed", "small", "beyond", "positive", "wide", "unit")


def classes_of(context: Context) -> list[str]:
    """Return every class that something on the page runs over or is wide."""
    survey = context.survey
    found = [*survey.ranges.values(), *(size for shape in survey.shapes.values() for size in shape), *sorted(survey.sizes)]
    found += [size for sides in survey.signatures.values() for shape in (*sides[0], sides[1]) for size in shape]
    bodies = [q.body for many in context.program.quantities.values() for q in many if q.body is not None]
    bodies += [function.body for function in context.program.functions.values()]
    bodies += [side for line in context.lines for side in (line.left, line.right) if side is not None]
    found += [part.size for body in bodies for part in e.walk(body) if isinstance(part, e.Bind)]
    found += [klass for many in context.program.quantities.values() for q in many for klass in q.signature or ()]
    return list(dict.fromkeys(klass for klass in found if klass != "?"))


def printed_numbers(texts: list[str]) -> set[int]:
    """Return the whole numbers that stand in the page's formulas."""
    return {int(number) for text in texts for number in re.findall(r"(?<![\d.])\d{1,4}(?![\d.])", text)}


def points(context: Context, avoid: set[int]) -> tuple[list[Evaluator], str]:
    """Return evaluators at good points (at most SEEDS), and why there are none if there are none."""
    classes = classes_of(context)
    settle(context, classes, avoid)
    why, known = "", levels(context)
    good: list[Evaluator] = []
    for turn in range(TRIES):
        if len(good) == (SEEDS // 2 if context.depths else SEEDS):  # of layers there are two programs, and so as many points
            break
        mode = MODES[turn % 4] if turn >= 2 * SEEDS else "signed"  # of inputs that are bound, as of others, both signs where they may
        evaluator = Evaluator(context.program, draw(context.program, classes, avoid, len(good) + (turn // 4) * 10, context.depths, mode, known))
        why = _fault(context, evaluator)
        if not why and (not evaluator.branches.close or turn >= TRIES // 2):
            good.append(evaluator)
    return good, why


def further(context: Context, avoid: set[int], turn: int) -> Evaluator | None:
    """Return one more point, of another kind than those before it, or None if that one is not good."""
    mode = FURTHER[turn % len(FURTHER)]
    reach = max((number for number in avoid if 0 < number <= FARTHEST), default=1) if mode == "beyond" else 1
    evaluator = Evaluator(context.program, draw(context.program, classes_of(context), avoid, 100 + turn, context.depths, mode, levels(context), reach))
    return None if _fault(context, evaluator) or evaluator.branches.close else evaluator


def levels(context: Context) -> dict[Key, list[float]]:
    """Return the numbers that inputs are compared with for equality (t = 1, t = 0); NaN among them stands for any other number."""
    found: dict[Key, list[float]] = {}
    sides = [side for line in context.lines for side in (line.left, line.right) if side is not None]
    sides += [function.body for function in context.program.functions.values()]
    sides += [q.body for many in context.program.quantities.values() for q in many if q.body is not None]
    for part in (part for side in sides for part in e.walk(side) if isinstance(part, e.Cases)):
        for _, test in part.branches:
            if test is None or test.relation != "=" or not isinstance(test.left, e.Ref) or not isinstance(test.right, e.Num):
                continue
            for quantity in context.program.quantities.get(test.left.name, []):
                if quantity.body is None:
                    known = found.setdefault(quantity.key, [])
                    known += [test.right.value, *([np.nan] if part.branches[-1][1] is None else [])]
    return found


def _fault(context: Context, evaluator: Evaluator) -> str:
    """Return what is wrong with a point, moved until it satisfies the assumptions if it can be, or nothing."""
    with np.errstate(all="ignore"):
        try:
            if not satisfy(context, evaluator):
                return "no point was found that satisfies the assumptions"
        except (Mismatch, NotSupported, Ambiguous, Unread) as fault:
            return f"the assumptions cannot be evaluated: {fault}"
        return "" if _real(context.program, evaluator) else "a definition has no real value at any point that was tried"


def _real(program: Program, evaluator: Evaluator) -> bool:
    for many in program.quantities.values():
        for quantity in many:
            if quantity.body is None:
                continue
            try:
                value = np.asarray(evaluator.quantity(quantity).data)
                if not np.isfinite(value).all():
                    return False
                off = np.abs(np.asarray(evaluator.shaken(0).quantity(quantity).data) - value).max(initial=0.0)
                if not off <= SINGULAR * np.abs(value).max(initial=1e-300):
                    return False
            except (Mismatch, NotSupported, Ambiguous, Unread, KeyError, *OVER):
                continue  # its own line is reported, and every claim that rests on it
    return True


def example(context: Context) -> Evaluator:
    """Return the evaluator at the page's own example: the inputs that it sets, and no others."""
    sizes = {**dict.fromkeys(classes_of(context), 2), **context.depths}
    sizes |= {klass: int(klass) for klass in sizes if klass.isdigit()}
    inputs: dict[Key, Any] = {}
    for setting in context.settings:
        if setting.ref.name in sizes and isinstance(setting.value, e.Num):
            sizes[setting.ref.name] = int(setting.value.value)
    bare = Evaluator(context.program, Point(sizes, {}, 0, {}, {}, printed=True))
    for setting in context.settings:
        candidates = [q for q in context.program.quantities.get(setting.ref.name, []) if q.body is None]
        value = np.asarray(bare.value(setting.value, {}, {}).data)
        for quantity in candidates:
            if not setting.ref.indices and np.ndim(value) == len(quantity.signature or ()):
                inputs[quantity.key] = value
                for klass, size in zip(quantity.signature or (), np.shape(value), strict=True):
                    sizes[klass] = size
            elif setting.ref.indices and len(setting.ref.indices) == len(quantity.signature or ()):
                _entry(inputs, quantity, setting.ref, value, sizes)
    for key, value in inputs.items():
        inputs[key] = value[tuple(slice(0, sizes[klass]) for klass in key[1] or ())] if np.ndim(value) else value
    return Evaluator(context.program, Point(sizes, inputs, 0, {}, {}, printed=True))


def _entry(inputs: dict[Key, Any], quantity: Quantity, ref: e.Ref, value: Any, sizes: dict[str, int]) -> None:
    place = tuple(int(index.value) - 1 for index in ref.indices if isinstance(index, e.Num))
    if any(not 0 <= at < _MOST for at in place):
        raise Unread(f"an example sets the entries from 1 to {_MOST} one by one", ref.span, "set the array as a whole")
    numbers_fit((_MOST,) * len(place))
    array = inputs.setdefault(quantity.key, np.full((_MOST,) * len(place), np.nan))
    array[place] = value
    for klass, at in zip(quantity.signature or (), place, strict=True):
        sizes[klass] = max(sizes[klass], at + 1)
