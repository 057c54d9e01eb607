"""Mutants that are no errors, by proof."""

from __future__ import annotations

from bpdocs.lines import Line
from bpdocs.mutate.worlds import World
from bpdocs.notation import expr as e
from bpdocs.prove import equal, prove


def equivalent(old: Line, new: Line, world: World) -> bool:
    """Return whether it is proved that a changed claim holds, or that a changed relation says the same as before."""
    assert old.left is not None and old.right is not None and new.left is not None and new.right is not None
    if old.kind == "claim" and (_follows(old, new) or prove(new, world.context).proved):
        return True
    return equal(old.left, new.left, world.context) and equal(old.right, new.right, world.context)


def _follows(old: Line, new: Line) -> bool:
    """Return whether a changed claim says no more than the old one: a remainder of the other sign or of a lower power, or 0 = -x for 0 = x."""
    assert old.left is not None and old.right is not None and new.left is not None and new.right is not None
    before, after = [_terms(side) for side in (old.left, old.right)], [_terms(side) for side in (new.left, new.right)]
    same = all(mine[0] == others[0] and len(mine[1]) == len(others[1]) for mine, others in zip(before, after, strict=True))
    if same and any(orders for _, orders in before):
        pairs = [pair for mine, others in zip(before, after, strict=True) for pair in zip(mine[1], others[1], strict=True)]
        return all(was.of == now.of and now.power <= was.power for was, now in pairs)
    sides = ((old.left, new.left, old.right, new.right), (old.right, new.right, old.left, new.left))
    return any(
        isinstance(zero, e.Num) and not zero.value and e.bare(zero) == e.bare(still) and isinstance(now, e.Neg) and e.bare(now.body) == e.bare(was)
        for was, now, zero, still in sides
    )


def _terms(side: e.Expr) -> tuple[list[e.Expr], list[e.Order]]:
    """Return the terms of a side without its remainders, and the remainders without their signs."""
    terms = [e.bare(term) for term in (side.terms if isinstance(side, e.Add) else (side,))]
    bodies = [term.body if isinstance(term, e.Neg) else term for term in terms]
    rest = [term for term, body in zip(terms, bodies, strict=True) if not isinstance(body, e.Order)]
    return rest, [body for body in bodies if isinstance(body, e.Order)]
