"""The second verdict: a relation proved for all widths, all inputs and every differentiable function, with nothing of the measured one."""

from __future__ import annotations

from dataclasses import dataclass

from bpdocs import budget
from bpdocs.notation import expr as e
from bpdocs.notation.tokens import Unread
from bpdocs.prove.session import Session, session_of
from bpdocs.prove.table import Unproved
from bpdocs.relations import Context, Line


@dataclass(frozen=True)
class Proof:
    """Whether a claim is proved, and why not if it is not."""

    proved: bool
    reason: str = ""


def prove(line: Line, context: Context) -> Proof:
    """Return whether the two members of a claim are proved equal."""
    if line.relation != "=" or line.left is None or line.right is None or line.fault is not None:
        return Proof(False, "only an equality is proved")
    return _proved(line.left, line.right, context, same_letters=False)


def equal(left: e.Expr, right: e.Expr, context: Context) -> bool:
    """Return whether two expressions are proved equal, with the same free indices and the same shape."""
    return _proved(left, right, context, same_letters=True).proved


def _proved(left: e.Expr, right: e.Expr, context: Context, *, same_letters: bool) -> Proof:
    try:
        with budget.part():
            reason = session_of(context).compare(left, right, same_letters=same_letters)
    except (Unproved, Unread) as why:
        reason = str(why) or "not read"
    except RecursionError:
        reason = "too deep"
    except Exception as fault:  # a proof that fails is no proof; a page is never lost for it
        reason = f"{type(fault).__name__}: {fault}"
    return Proof(not reason, reason)


__all__ = ["Proof", "Session", "equal", "prove"]
