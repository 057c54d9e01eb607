"""Where in a formula the numbers stop to fit: the smallest part that has no value at a point, and why."""

from __future__ import annotations

from dataclasses import dataclass

from bpdocs.budget import OVER
from bpdocs.measure import values as v
from bpdocs.measure.evaluate import Ambiguous, Evaluator
from bpdocs.measure.values import Mismatch, NotSupported
from bpdocs.notation import expr as e
from bpdocs.notation.tokens import Unread

Letters = dict[str, tuple[str, str]]
Reason = Mismatch | NotSupported | Ambiguous
FAULTS = (Mismatch, NotSupported, Ambiguous, Unread, KeyError, IndexError, ValueError, TypeError, *OVER)  # why an expression may have no value at a point


@dataclass(frozen=True)
class Fault:
    """The smallest part of an expression that has no value, why, and what its own parts are (a column of n)."""

    part: e.Expr
    reason: Reason
    shapes: tuple[tuple[e.Expr, str], ...]


def smallest_fault(expr: e.Expr, evaluator: Evaluator, letters: Letters | None = None) -> Fault | None:
    """Return the innermost part that has no value, or None if all have; names without a definition are no matter of this."""
    letters = letters or {}
    try:
        evaluator.value(expr, letters, {})
        return None
    except (Mismatch, NotSupported, Ambiguous) as reason:
        for part, inner in below(expr, letters):
            if found := smallest_fault(part, evaluator, inner):
                return found
        return Fault(expr, reason, tuple(_shapes(expr, evaluator, letters)))
    except (Unread, KeyError, IndexError, ValueError):
        return None


def below(expr: e.Expr, letters: Letters) -> list[tuple[e.Expr, Letters]]:
    """Return the parts that have values of their own, with the letters that are bound there."""
    if isinstance(expr, e.Bind):
        return [(expr.body, {**letters, expr.letter: (expr.letter, expr.size)})]
    if isinstance(expr, e.Deriv):
        return [(expr.body, letters)]
    if isinstance(expr, e.Contract | e.At | e.Ref | e.Either):
        return []
    return [(part, letters) for part in e.parts(expr)]


def _shapes(expr: e.Expr, evaluator: Evaluator, letters: Letters) -> list[tuple[e.Expr, str]]:
    out = []
    for part, inner in below(expr, letters):
        value = evaluator.value(part, inner, {})
        out.append((part, v.described(value.shape, evaluator.sizes)))
    return out
