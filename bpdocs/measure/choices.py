"""What chooses: Σ, Π, max and min over a letter, conditions, cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bpdocs.measure import values as v
from bpdocs.measure.jets import Jet, choose, compared, integer_power, primal, structural
from bpdocs.measure.values import Letters, Mismatch, NotSupported, Value
from bpdocs.notation import expr as e

if TYPE_CHECKING:
    from bpdocs.measure.evaluate import Evaluator

_RELATIONS: dict[str, Any] = {"=": np.equal, "≠": np.not_equal, "<": np.less, "≤": np.less_equal, ">": np.greater, "≥": np.greater_equal}
_TIE = 1e-11
_NEUTRAL = {"Σ": 0.0, "Π": 1.0, "max": -np.inf, "min": np.inf}


def bind(ev: Evaluator, x: e.Bind, letters: Letters, local: dict[str, Value]) -> Value:
    """Return a sum, product, maximum or minimum over a letter."""
    axis = _fresh(x.letter, letters, local)
    inner: Letters = {**letters, x.letter: (axis, x.size)}
    size = ev.point.sizes[x.size]
    body = ev.value(x.body, inner, local)
    mask = _mask(ev, x, inner, local, size)
    if mask is not None:
        axes = v.union(body, mask)
        data, kept = v.spread(body, axes), v.spread(mask, axes, body.rank)
        kept = np.reshape(kept, np.shape(kept)[: len(axes)] + (1,) * body.rank)
        shape = np.broadcast_shapes(np.shape(kept), v.shape_of(data))
        data = structural(data, lambda d: np.broadcast_to(d, shape))
        other = _NEUTRAL[x.how] + 0 * _finite(data) if isinstance(data, Jet) else np.full(shape, _NEUTRAL[x.how])
        body = Value(choose(np.broadcast_to(kept, shape), data, other), axes, body.rank)
    if x.how == "Π" and body.rank:
        raise NotSupported("∏ of arrays is not supported: people mean the matrix product, or the elementwise one")
    if axis not in body.axes:
        if x.how == "Σ":
            return Value(body.data * float(size), body.axes, body.rank)
        return Value(integer_power(body.data, size), body.axes, body.rank) if x.how == "Π" else body
    if x.how in ("max", "min"):
        ev.branches.largest(x, (1.0 if x.how == "max" else -1.0) * primal(body.data), (body.axes.index(axis),))
    return v.total(body, axis, x.how)


def family(ev: Evaluator, x: e.Family, letters: Letters, local: dict[str, Value]) -> Value:
    """Return the column or row of what the body is for each value of its letter; rows one below another make a matrix."""
    axis = _fresh(x.letter, letters, local)
    body = ev.value(x.body, {**letters, x.letter: (axis, x.size)}, local)
    size = ev.point.sizes[x.size]
    if body.rank == 0:
        column = v.unname(body, (axis,), (size,))
        return v.transpose(column) if x.way == "row" else column
    if body.rank != 2 or body.shape[0] != 1 or x.way == "row":
        raise NotSupported("dots between arrays are not supported")
    rows = v.unname(v.name_array_axes(body, ("@row", "@cell")), (axis, "@row", "@cell"), (size, *body.shape))
    return Value(structural(rows.data, lambda d: d[..., 0, :]), rows.axes, 2)


def _fresh(letter: str, letters: Letters, local: dict[str, Value]) -> str:
    """Return a name for the axis of a letter that is bound here."""
    axis = letter
    taken = {found for found, _ in letters.values()} | {letter} & set(letters)
    while axis in taken or any(axis in value.axes for value in local.values()):
        axis += "~"
    return axis


def _mask(ev: Evaluator, x: e.Bind, inner: Letters, local: dict[str, Value], size: int) -> Value | None:
    """Return which terms there are, or None if all; a bound outside the letter's range is an error, an empty sum is not."""
    parts: list[Value] = []
    for bound, relation in ((x.low, "≥"), (x.high, "≤")):
        if bound is not None:
            limit = primal(ev.value(bound, inner, local).data)
            if (limit < 1).any() if relation == "≥" else (limit > size).any():
                raise Mismatch(f"a bound of {x.letter} is outside its range, 1 to {x.size.lstrip('#')}")
            parts.append(condition(ev, e.Compare(x.span, e.Letter(x.span, x.letter), relation, bound), inner, local))
    if x.condition is not None:
        parts.append(condition(ev, x.condition, inner, local))
    mask: Value | None = None
    for part in parts:
        mask = part if mask is None else v.elementwise(lambda a, b: a * b, mask, part, ev.sizes)
    return mask


def condition(ev: Evaluator, x: e.Compare, letters: Letters, local: dict[str, Value]) -> Value:
    """Return 1 where a condition holds, 0 where not, NaN where a side has no value."""
    if x.relation in ("∧", "∨"):
        assert isinstance(x.left, e.Compare) and isinstance(x.right, e.Compare)
        one, other = condition(ev, x.left, letters, local), condition(ev, x.right, letters, local)
        return v.elementwise((lambda a, b: a * b) if x.relation == "∧" else (lambda a, b: a + b - a * b), one, other, ev.sizes)
    left, right = ev.value(x.left, letters, local), ev.value(x.right, letters, local)
    ev.branches.compare(x, left, right, ev.sizes)
    if ev.shaker is not None:
        # what is equal stays so when it is shaken
        right = v.elementwise(lambda a, b: np.where(np.abs(primal(a) - primal(b)) <= _TIE * np.abs(primal(b)), primal(a), primal(b)), left, right, ev.sizes)
    return v.elementwise(lambda a, b: compared(_RELATIONS[x.relation], a, b), left, right, ev.sizes)


def cases(ev: Evaluator, branches: tuple[tuple[e.Expr, e.Compare | None], ...], letters: Letters, local: dict[str, Value]) -> Value:
    """Return the first value whose condition holds; NaN where none does."""
    out: Value | None = None
    for value, test in reversed(branches):
        here = ev.value(value, letters, local)
        if test is None:
            out = here
            continue
        holds = condition(ev, test, letters, local)
        other = out if out is not None else Value(np.asarray(np.nan), exact=True)
        axes, rank = v.union(here, holds, other), max(here.rank, holds.rank, other.rank)
        shapes = {part.shape for part in (here, holds, other) if part.rank}
        if len(shapes) > 1:
            raise Mismatch("the cases differ in their shapes")
        out = Value(choose(*(v.spread(part, axes, rank) for part in (holds, here, other))), axes, rank, exact=holds.exact and here.exact and other.exact)
    assert out is not None
    return out


def _finite(data: Any) -> Any:
    return structural(data, lambda d: np.nan_to_num(d))
