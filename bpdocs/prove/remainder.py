"""Claims up to O(εᵖ): both sides have the same Taylor coefficients below the power, for functions that have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpdocs.notation import expr as e
from bpdocs.prove import quantities
from bpdocs.prove.decide import vanishes
from bpdocs.prove.derivative import derivative
from bpdocs.prove.state import Demand
from bpdocs.prove.table import Leaf, Poly, Unproved

if TYPE_CHECKING:
    from bpdocs.prove.meaning import Meaning

_MOST = 6


def orders(*sides: e.Expr) -> list[e.Order]:
    """Return the remainders that stand in expressions."""
    return [part for side in sides for part in e.walk(side) if isinstance(part, e.Order)]


def without(x: e.Expr) -> e.Expr:
    """Return a sum without its remainders; raise Unproved where one stands elsewhere."""
    terms = x.terms if isinstance(x, e.Add) else (x,)
    kept = tuple(term for term in terms if not isinstance(term.body if isinstance(term, e.Neg) else term, e.Order))
    if orders(*kept):
        raise Unproved("O(…) inside of a term")
    if not kept:
        return e.Num(x.span, 0.0, "0")
    return kept[0] if len(kept) == 1 else e.Add(x.span, kept)


def small(meaning: Meaning, gap: Poly, demands: list[Demand], found: list[e.Order]) -> tuple[list[Poly], list[Demand]]:
    """Return what must be zero for a difference to be of the smallest order that is claimed, and where all that has a value."""
    ring = meaning.ring
    target = meaning.find(found[0].of)
    if target.body is not None or any(meaning.find(order.of) is not target or order.of.indices for order in found):
        raise Unproved("O(…) of something that is not one input")
    classes = quantities.shape(meaning, target)
    leaf: Leaf = ("q", target.key)
    power = min(order.power for order in found)
    atom = ring.table.atom("q", (target.key, ()))
    pole = -min([exponent for mono in gap for other, exponent in mono if other == atom and exponent < 0], default=0)
    if pole:
        gap, power = ring.mul(gap, ring.power(ring.single("q", (target.key, ())), pole)), power + int(pole)
    if power > _MOST or any(klass.isdigit() for klass in classes):
        raise Unproved("O(…) of this")

    def at_zero(poly: Poly) -> Poly:
        return ring.replace(poly, {leaf: lambda _: {}})

    coefficients: list[Poly] = []
    for turn in range(power):
        coefficients.append(at_zero(gap))
        if turn < power - 1:
            gap = derivative(ring, gap, leaf, tuple(ring.fresh(klass) for klass in classes))
    there = [(kind, at_zero(poly)) for kind, poly in demands if kind == "positive" or leaf not in ring.leaves(poly)]
    return [coefficient for coefficient in coefficients if not vanishes(ring, coefficient)], there
