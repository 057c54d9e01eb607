"""Derivatives of polynomials by one entry of a quantity, or by a parameter of a function: ∂x_i/∂x_j is δ_ij."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from bpdocs.prove import functions, inverses
from bpdocs.prove.rebuild import body_of_sum
from bpdocs.prove.table import Index, Leaf, Poly

if TYPE_CHECKING:
    from bpdocs.prove.ring import Ring

Place = tuple[Index, ...]


def derivative(ring: Ring, poly: Poly, leaf: Leaf, place: Place) -> Poly:
    """Return the derivative of a polynomial by the entry of `leaf` at `place`."""
    out: Poly = {}
    for mono, coefficient in poly.items():
        for at, (atom, exponent) in enumerate(mono):
            if leaf not in ring.table.leaves[atom]:
                continue
            rest: Poly = {(): 1}
            for other, e in (*mono[:at], *mono[at + 1 :], (atom, exponent - 1)):
                if e:
                    rest = ring.mul(rest, {((other, e),): 1})
            ring.accumulate(out, ring.mul(rest, _slope(ring, atom, leaf, place)), coefficient * exponent)
    return out


def _slope(ring: Ring, atom: int, leaf: Leaf, place: Place) -> Poly:
    key = (atom, leaf, place)
    found = ring.derivatives.get(key)
    if found is None:
        ring.spend()
        found = ring.derivatives[key] = _atom(ring, atom, leaf, place)
    return found


def _atom(ring: Ring, atom: int, leaf: Leaf, place: Place) -> Poly:
    kind, data = ring.table.kind[atom], ring.table.data[atom]
    if kind in ("q", "p"):
        return ring.product(ring.delta(a, b) for a, b in zip(data[1], place, strict=True))
    if kind == "Σ":
        with ring.opened(data[0]) as letters:
            return ring.close(letters, derivative(ring, body_of_sum(ring, atom, letters), leaf, place))
    if kind == "Π":
        with ring.opened((data[0],)) as letters:
            each = functions.body_of(ring, data[1], letters)
            share = ring.close(letters, ring.mul(ring.inverse(each), derivative(ring, each, leaf, place)))
        return ring.mul({((atom, 1),): 1}, share)
    if kind == "fn":
        return _open(ring, data, leaf, place)
    body: Poly = dict(data)
    return ring.mul(_OUTER[kind](ring, body, {((atom, 1),): 1}), derivative(ring, body, leaf, place))


def _open(ring: Ring, data: Any, leaf: Leaf, place: Place) -> Poly:
    """Return the chain rule for an open function, over every entry of every argument."""
    name, out, slots, arguments = data
    if name in (inverses.INVERSE, inverses.DETERMINANT):
        return inverses.slope(ring, data, lambda letters: derivative(ring, functions.body_of(ring, arguments[0][1], letters), leaf, place))
    total: Poly = {}
    for number, argument in enumerate(arguments):
        with ring.opened(argument[0]) as letters:
            slope = derivative(ring, functions.body_of(ring, argument[1], letters), leaf, place)
            if slope:
                outer = functions.open_function(ring, name, out, (*slots, (number, letters)), list(arguments))
                total = ring.add(total, ring.close(letters, ring.mul(outer, slope)))
    return total


def _gauss(ring: Ring, body: Poly, _: Poly) -> Poly:
    """Return the derivative of erf: 2/√π e^(-u²)."""
    return ring.mul(ring.scale(ring.power(ring.single("π", None), Fraction(-1, 2)), 2), functions.exponential(ring, ring.scale(ring.power(body, 2), -1)))


_OUTER: dict[str, Callable[[Any, Poly, Poly], Poly]] = {
    "exp": lambda ring, body, itself: itself,
    "log": lambda ring, body, itself: ring.inverse(body),
    "sin": lambda ring, body, itself: functions.cosine(ring, body),
    "cos": lambda ring, body, itself: ring.scale(functions.odd(ring, "sin", body), -1),
    "arctan": lambda ring, body, itself: ring.inverse(ring.add(ring.number(1), ring.power(body, 2))),
    "erf": _gauss,
    "abs": lambda ring, body, itself: ring.mul(itself, ring.inverse(body)),
    "poly": lambda ring, body, itself: ring.number(1),
    "box": lambda ring, body, itself: ring.number(1),
}
