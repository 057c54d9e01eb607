"""Points at which a scope's claims are compared: random ones that satisfy the assumptions, and the page's own example."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from bpdocs.lines import Context
from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.sample import Point, draw
from bpdocs.measure.values import Mismatch, NotSupported
from bpdocs.notation import expr as e
from bpdocs.notation.tokens import Unread
from bpdocs.program import Key, Program, Quantity

SEEDS = 4
TRIES = 24
MODES = ("signed", "signed", "positive", "unit")


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
    classes, why = classes_of(context), ""
    good: list[Evaluator] = []
    for turn in range(TRIES):
        if len(good) == SEEDS:
            break
        seed = len(good) + (turn // 4) * 10
        point = draw(context.program, classes, avoid, seed, context.depths, MODES[turn % 4] if turn >= SEEDS or context.assumptions else "signed")
        evaluator = Evaluator(context.program, point)
        try:
            if not _assumed(context, evaluator):
                why = "no point was found that satisfies the assumptions"
                continue
            if not _real(context.program, evaluator):
                why = "a definition has no real value at any point that was tried"
                continue
        except (Mismatch, NotSupported, Unread, KeyError):
            pass
        good.append(evaluator)
    return good, why


def _real(program: Program, evaluator: Evaluator) -> bool:
    with np.errstate(all="ignore"):
        for many in program.quantities.values():
            for quantity in many:
                if quantity.body is None:
                    continue
                try:
                    if not np.isfinite(np.asarray(evaluator.quantity(quantity).data)).all():
                        return False
                except (Mismatch, NotSupported, Unread, KeyError, TypeError):
                    continue
                except Exception as error:
                    if type(error).__name__ != "Ambiguous":
                        raise
    return True


def _assumed(context: Context, evaluator: Evaluator) -> bool:
    equalities = [(left, right) for left, relation, right in context.assumptions if relation == "="]
    if equalities:
        _solve(context, evaluator, equalities)
    for left, relation, right in context.assumptions:
        a, b = evaluator.value(left, {}, {}), evaluator.value(right, {}, {})
        gap = np.asarray(_minus(evaluator, a, b))
        holds = {"<": gap < 0, "≤": gap <= 0, ">": gap > 0, "≥": gap >= 0, "≠": gap != 0, "=": np.abs(gap) < 1e-11}.get(relation)
        if holds is None or not np.all(holds):
            return False
    return True


def _minus(evaluator: Evaluator, a: Any, b: Any) -> Any:
    from bpdocs.measure.values import elementwise

    return elementwise(lambda x, y: x - y, a, b, evaluator.sizes).data


def _solve(context: Context, evaluator: Evaluator, equalities: list[tuple[e.Expr, e.Expr]]) -> None:
    """Move the inputs by least squares until the equalities among the assumptions hold."""
    keys: list[Key] = []
    for left, right in equalities:
        for key in sorted(context.program.reached(left) | context.program.reached(right), key=str):
            if key in evaluator.point.inputs and key not in keys:
                keys.append(key)

    def residual() -> Any:
        evaluator.memo.clear()
        return np.concatenate([np.ravel(_minus(evaluator, evaluator.value(left, {}, {}), evaluator.value(right, {}, {}))) for left, right in equalities])

    for _ in range(30):
        r = residual()
        if np.abs(r).max() < 1e-13:
            break
        columns = []
        for key in keys:
            data = np.atleast_1d(evaluator.point.inputs[key])
            for place in np.ndindex(*data.shape):
                step = np.zeros(data.shape)
                step[place] = 1e-7
                kept = evaluator.point.inputs[key]
                evaluator.point.inputs[key] = kept + step.reshape(np.shape(kept))
                columns.append((residual() - r) / 1e-7)
                evaluator.point.inputs[key] = kept
        change = np.linalg.lstsq(np.array(columns).T, -r, rcond=None)[0]
        at = 0
        for key in keys:
            kept = evaluator.point.inputs[key]
            count = int(np.size(kept))
            evaluator.point.inputs[key] = kept + change[at : at + count].reshape(np.shape(kept))
            at += count
    evaluator.memo.clear()


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
    array = inputs.setdefault(quantity.key, np.full((32,) * len(place), np.nan))
    array[place] = value
    for klass, at in zip(quantity.signature or (), place, strict=True):
        sizes[klass] = max(sizes[klass], at + 1)
