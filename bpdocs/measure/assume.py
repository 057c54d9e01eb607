"""Points that satisfy a page's assumptions: searched for by Gauss-Newton steps, as random ones almost never do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bpdocs.lines import Context
from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.values import Value, elementwise
from bpdocs.notation import expr as e
from bpdocs.program import Key

MARGINS = (0.2, 0.02, 1e-3)  # how far inside of an inequality the point is put, as far as there is room
STEPS = 30
PROJECTIONS = 10
REDRAWS = 200
_EQUAL = 1e-11
_SIGNS = {"<": 1.0, "≤": 1.0, ">": -1.0, "≥": -1.0}
TESTS: dict[str, Any] = {"<": np.less, "≤": np.less_equal, ">": np.greater, "≥": np.greater_equal, "≠": np.not_equal}
Assumption = tuple[e.Expr, str, e.Expr]


def satisfy(context: Context, evaluator: Evaluator) -> bool:
    """Move the inputs until all assumptions hold, and return whether they do."""
    if holds(context.assumptions, evaluator):
        return True
    if _redrawn(context, evaluator):
        return True
    survey = context.survey
    keys = [key for key in _keys(context, evaluator) if key[0] not in survey.choices and key[0] not in survey.indexing]
    start = {key: np.array(evaluator.point.inputs[key]) for key in keys}
    for margin in MARGINS:
        evaluator.point.inputs.update({key: np.array(data) for key, data in start.items()})
        _search(context.assumptions, evaluator, keys, margin)
        if holds(context.assumptions, evaluator):
            return True
    return False


def _redrawn(context: Context, evaluator: Evaluator) -> bool:
    """Draw the inputs that have few values anew until all assumptions hold, and return whether they do."""
    choices = context.survey.choices
    keys = [key for key in _keys(context, evaluator) if key[0] in choices]
    random = np.random.default_rng(evaluator.point.seed)
    for _ in range(REDRAWS if keys else 0):
        for key in keys:
            evaluator.point.inputs[key] = random.choice(choices[key[0]], np.shape(evaluator.point.inputs[key]))
        if holds(context.assumptions, evaluator):
            return True
    return False


def holds(assumptions: list[Assumption], evaluator: Evaluator) -> bool:
    """Return whether every assumption holds at a point, each strictly where it is strict."""
    evaluator.forget()
    for left, relation, right in assumptions:
        gap = _gap(evaluator, left, right)
        good = np.abs(gap) < _EQUAL if relation == "=" else TESTS[relation](gap, 0.0) if relation in TESTS else np.zeros(1, bool)
        if not np.all(good):
            return False
    return True


def holds_where(assumptions: list[Assumption], evaluator: Evaluator, axis: str) -> Any:
    """Return, along a named axis of samples, at which of them every assumption holds."""
    good: Any = np.ones(1, dtype=bool)

    def alike(data: Any, axes: tuple[str, ...]) -> Any:
        flat = np.moveaxis(data, axes.index(axis), 0) if axis in axes else np.asarray(data)[None]
        return flat.reshape(flat.shape[0], -1).all(axis=1)

    for left, relation, right in assumptions:
        a, b = evaluator.value(left, {}, {}), evaluator.value(right, {}, {})
        gap: Value = elementwise(lambda x, y: np.real(x) - np.real(y), a, b, evaluator.sizes)
        with np.errstate(all="ignore"):
            met = np.abs(gap.data) < 1e-9 if relation == "=" else TESTS[relation](gap.data, 0.0)
        good = good & alike(met, gap.axes)
    return good


def _gap(evaluator: Evaluator, left: e.Expr, right: e.Expr) -> Any:
    a, b = evaluator.value(left, {}, {}), evaluator.value(right, {}, {})
    gap: Value = elementwise(lambda x, y: x - y, a, b, evaluator.sizes)
    return np.asarray(np.real(gap.data))


def _keys(context: Context, evaluator: Evaluator) -> list[Key]:
    """Return the inputs that the assumptions rest on."""
    found: list[Key] = []
    for left, _, right in context.assumptions:
        for key in sorted(context.program.reached(left) | context.program.reached(right), key=str):
            if key in evaluator.point.inputs and key not in found:
                found.append(key)
    return found


def _search(assumptions: list[Assumption], evaluator: Evaluator, keys: list[Key], margin: float) -> None:
    """Take Gauss-Newton steps upon the equalities and the inequalities that fail, each with a margin of its own."""

    def residual() -> Any:
        evaluator.forget()
        random, parts = np.random.default_rng(evaluator.point.seed), []
        for left, relation, right in assumptions:
            gap = np.ravel(_gap(evaluator, left, right))
            if relation == "=":
                parts.append(gap)
            elif relation in _SIGNS:
                inside = margin * random.uniform(0.5, 1.5, gap.shape)
                parts.append(np.maximum(0.0, _SIGNS[relation] * gap + inside))
        return np.concatenate(parts) if parts else np.zeros(1)

    for _ in range(STEPS):
        r = residual()
        if not np.isfinite(r).all() or np.abs(r).max() < 1e-13:
            break
        columns = []
        for key in keys:
            kept = np.array(evaluator.point.inputs[key])
            for place in np.ndindex(*kept.shape):
                moved = kept.copy()
                moved[place] += 1e-7
                evaluator.point.inputs[key] = moved
                columns.append((residual() - r) / 1e-7)
            evaluator.point.inputs[key] = kept
        matrix = np.array(columns).T
        if not matrix.size or not np.isfinite(matrix).all():
            break
        change, at = np.linalg.lstsq(matrix, -r, rcond=None)[0], 0
        for key in keys:
            kept = evaluator.point.inputs[key]
            evaluator.point.inputs[key] = kept + change[at : at + kept.size].reshape(kept.shape)
            at += kept.size
    evaluator.forget()


def project(assumptions: list[Assumption], batch: dict[Key, Any], at: Callable[[dict[Key, Any]], Evaluator], axis: str) -> dict[Key, Any]:
    """Return many points at once, each moved by Gauss-Newton steps until the equalities among the assumptions hold."""
    equal = [(left, right) for left, relation, right in assumptions if relation == "="]
    keys = [key for key in batch if any(key in at(batch).program.reached(side) for pair in equal for side in pair)]
    if not equal or not keys:
        return batch
    count = len(batch[keys[0]])

    def residual(points: dict[Key, Any]) -> Any:
        evaluator, parts = at(points), []
        for left, right in equal:
            gap: Value = elementwise(lambda x, y: np.real(x) - np.real(y), evaluator.value(left, {}, {}), evaluator.value(right, {}, {}), evaluator.sizes)
            parts.append(np.moveaxis(np.asarray(gap.data), gap.axes.index(axis), 0).reshape(count, -1))
        return np.concatenate(parts, axis=1)

    for _ in range(PROJECTIONS):
        r, columns = residual(batch), []
        for key in keys:
            for place in np.ndindex(*batch[key].shape[1:]):
                moved = batch[key].copy()
                moved[(slice(None), *place)] += 1e-7
                columns.append((residual({**batch, key: moved}) - r) / 1e-7)
        matrix = np.nan_to_num(np.stack(columns, axis=2), posinf=0.0, neginf=0.0)
        change, begin = np.einsum("sij,sj->si", np.linalg.pinv(matrix, rcond=1e-9), np.nan_to_num(-r, posinf=0.0, neginf=0.0)), 0
        batch = dict(batch)
        for key in keys:
            size = int(np.prod(batch[key].shape[1:], dtype=int))
            batch[key] = batch[key] + change[:, begin : begin + size].reshape(batch[key].shape)
            begin += size
    return batch
