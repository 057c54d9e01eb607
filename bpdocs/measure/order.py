"""Claims up to O(εᵖ): ε is halved many times over, and the remainder must shrink at least as fast as it says, down to the rounding noise."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from bpdocs.lines import Context, Line
from bpdocs.measure.compare import MARGIN
from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.outcome import Outcome
from bpdocs.measure.values import Mismatch, Value, spread, union
from bpdocs.notation import expr as e
from bpdocs.notation.tokens import Unread

HALVINGS = 44
CLEAR = 50.0  # a remainder counts while it is this much above its noise
SLACK = 0.15  # a measured order may fall short by this much
STEADY = 0.1  # two orders in a row are the same up to this
_AXIS = "∂halving"


def has_order(line: Line) -> bool:
    """Return whether a claim holds up to O(…) only."""
    return any(isinstance(part, e.Order) for side in (line.left, line.right) if side is not None for part in e.walk(side))


def order(line: Line, context: Context, evaluators: list[Evaluator]) -> Outcome:
    """Return the verdict on a claim with a remainder O(εᵖ)."""
    assert line.left is not None and line.right is not None
    left, first = _without(line.left)
    right, second = _without(line.right)
    remainders = first + second
    wanted = min(remainder.power for remainder in remainders)
    target = context.program.find(remainders[0].of)
    if target.body is not None or any(remainder.of.name != target.name for remainder in remainders):
        raise Unread("O(…) wants a power of one input", remainders[0].span, "write O(\\epsilon^2)")
    if target.key not in context.program.reached(left) | context.program.reached(right):
        return Outcome("inconclusive", message=f"nothing here depends on {target.name}", suggestion="leave out the O(…)")
    for count, evaluator in enumerate(evaluators, 1):
        gap, noise = _gaps(left, right, evaluator, evaluator.point.inputs[target.key], target.key)
        if not np.isfinite(gap).all():
            return Outcome("disagree", None, count, "a member has no real value")
        for column in range(gap.shape[1]):
            found = _order(gap[:, column], noise[:, column])
            if found is None:
                return Outcome("inconclusive", None, count, "the remainder is drowned in rounding noise", "write it so that less cancels")
            if found < wanted - SLACK:
                return Outcome("disagree", None, count, f"the remainder shrinks like {target.name}^{{{found:.2f}}}, not like {target.name}^{{{wanted}}}",
                               _mend(target.name, found))  # fmt: skip
    return Outcome("agree", 0.0, len(evaluators))


def _mend(name: str, found: float) -> str:
    power = round(found)
    return "" if power < 1 or abs(found - power) > STEADY else f"agrees with O({name})" if power == 1 else f"agrees with O({name}^{{{power}}})"


def _without(side: e.Expr) -> tuple[e.Expr, list[e.Order]]:
    """Return a side without its O(…) terms, and these."""
    terms = side.terms if isinstance(side, e.Add) else (side,)
    kept, found = [], []
    for term in terms:
        body = term.body if isinstance(term, e.Neg) else term
        if isinstance(body, e.Order):
            found.append(body)
        elif inner := [part for part in e.walk(term) if isinstance(part, e.Order)]:
            raise Unread("O(…) stands inside another term", inner[0].span, "write it as a term of its own")
        else:
            kept.append(term)
    if not kept:
        return e.Num(side.span, 0.0, "0"), found
    return (kept[0] if len(kept) == 1 else e.Add(side.span, tuple(kept))), found


def _gaps(left: e.Expr, right: e.Expr, evaluator: Evaluator, base: Any, key: Any) -> tuple[Any, Any]:
    """Return |left - right| and its noise, by halving and entry."""
    scale = 0.5 ** np.arange(1, HALVINGS + 1)
    data = np.asarray(base)[None] * scale.reshape((-1,) + (1,) * np.ndim(base))
    at = Evaluator(evaluator.program, evaluator.point, {key: Value(data, (_AXIS,), np.ndim(base), exact=True)})

    def sides(here: Evaluator) -> tuple[Any, Any]:
        a, b = here.value(left, {}, {}), here.value(right, {}, {})
        if a.rank != b.rank and not any(isinstance(side, e.Num) and side.value == 0 for side in (left, right)):
            raise Mismatch("left and right differ in their shapes")
        axes, rank = (_AXIS, *(axis for axis in union(a, b) if axis != _AXIS)), max(a.rank, b.rank)
        pair = np.broadcast_arrays(np.real(spread(a, axes, rank)), np.real(spread(b, axes, rank)))
        flat = [np.broadcast_to(part, (HALVINGS, *part.shape[1:])).reshape(HALVINGS, -1) for part in pair]
        return flat[0], flat[1]

    a, b = sides(at)
    noise = np.zeros(a.shape)
    for turn in range(3):
        c, d = sides(at.shaken(turn))
        noise = np.maximum(noise, np.nan_to_num(np.abs(a - c) + np.abs(b - d), nan=np.inf))
    return np.abs(a - b), MARGIN * noise + 8 * np.finfo(float).eps * np.maximum(np.abs(a), np.abs(b))


def _order(gap: Any, noise: Any) -> float | None:
    """Return the order at which a remainder vanishes; inf if it is zero up to small noise, None if the noise hides it."""
    clear = gap > CLEAR * noise
    orders = [float(np.log2(gap[k] / gap[k + 1])) for k in range(len(gap) - 1) if clear[k] and clear[k + 1]]
    if len(orders) < 2:
        small = noise[:8] <= 1e-9 * max(1.0, float(gap.max()))
        return np.inf if not clear.any() and small.all() else None
    steady = [min(pair) for pair in pairwise(orders) if abs(pair[0] - pair[1]) < STEADY]
    return steady[-1] if steady else None
