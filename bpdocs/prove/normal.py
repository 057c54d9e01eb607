"""Products in one form: what a product of atoms is rewritten to, rule by rule, until no rule applies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any

from bpdocs.prove.table import Mono, Number, Poly, Unproved, letters

if TYPE_CHECKING:
    from bpdocs.prove.ring import Ring

Powers = dict[int, Number]


def product(ring: Ring, powers: Powers) -> Poly:
    """Return a product of atoms with their exponents."""
    ring.spend()
    kinds = ring.table.kind
    if ring.light.powers and (lowered := _lowered(ring, powers)) is not None:
        return lowered
    plain = {atom: exponent for atom, exponent in powers.items() if exponent}
    for atom, exponent in plain.items():
        rule = _RULES.get(kinds[atom])
        if rule is not None:
            found = rule(ring, atom, exponent, plain)
            if found is not None:
                return found
    return {tuple(sorted(plain.items())): 1}


def _lowered(ring: Ring, powers: Powers) -> Poly | None:
    """Return a product with a power of an input lowered, as its few possible values allow: y² is y for a y that is 0 or 1."""
    for atom, exponent in powers.items():
        degree, lower = ring.light.powers.get(ring.table.data[atom][0], (0, {})) if ring.table.kind[atom] == "q" else (0, {})
        if degree and exponent >= degree and exponent.denominator == 1:
            rest = product(ring, {**powers, atom: exponent - degree})
            return ring.mul(rest, ring.total({((atom, power),) if power else (): factor} for power, factor in lower.items()))
    return None


def _without(powers: Powers, atom: int, exponent: Number = 0) -> Powers:
    return {**powers, atom: exponent}


def _delta(ring: Ring, atom: int, exponent: Number, powers: Powers) -> Poly | None:
    """One of two equal letters is enough: δ_ij g_j is δ_ij g_i."""
    if exponent < 0:
        raise Unproved("a division by something that is zero for some indices")
    small, large = ring.table.data[atom]
    if small[0] < 0 < large[0]:  # a letter rather than what is looked up: it may be free where that is bound
        small, large = large, small
    rest = _without(powers, atom)
    nested = large in letters((small,)) or small in letters((large,))
    touched = {other: e for other, e in rest.items() if e and large in ring.table.free[other] and not nested}
    if touched:
        kept = {other: e for other, e in rest.items() if other not in touched}
        moved = ring.number(1)
        for other, e in touched.items():
            moved = ring.mul(moved, ring.power(ring.rename({((other, 1),): 1}, {large: small}), e))
        return ring.mul({((atom, 1),): 1}, ring.mul(product(ring, kept), moved))
    return product(ring, _without(powers, atom, 1)) if exponent != 1 else None


def _less(ring: Ring, atom: int, exponent: Number, powers: Powers) -> Poly | None:
    """An order holds or it does not, and not both ways."""
    if exponent < 0:
        raise Unproved("a division by something that is zero for some indices")
    a, b = ring.table.data[atom]
    if powers.get(ring.table.atom("<", (b, a)), 0):
        return {}
    return product(ring, _without(powers, atom, 1)) if exponent != 1 else None


def _polynomial(ring: Ring, atom: int, exponent: Number, powers: Powers) -> Poly | None:
    """Whole powers of a polynomial are multiplied out, and its leading term is cancelled against its inverse."""
    found = ring.denominators.get(atom)
    if found is None:
        found = ring.denominators[atom] = _described(ring, dict(ring.table.data[atom]))
    whole = floor(exponent)
    if whole >= 1:
        return ring.mul(ring.power(found.body, whole), product(ring, _without(powers, atom, exponent - whole)))
    if exponent > 0:
        return None
    if exponent.denominator == 1 and not found.primitive:
        return ring.mul(ring.power(ring.inverse(found.body), -int(exponent)), product(ring, _without(powers, atom)))
    if found.first and all(powers.get(other, 0) >= e for other, e in found.first):
        return _cancelled(ring, powers, atom, exponent, found.body, found.first)
    if found.last is not None and any(powers.get(other, 0) < 0 for other, _ in found.first) and all(powers.get(other, 0) >= e for other, e in found.last):
        return _cancelled(ring, powers, atom, exponent, found.body, found.last)
    return None


@dataclass(frozen=True)
class Denominator:
    """A polynomial below the bar: whether it is reduced, the term that is cancelled against it, and the one that is where the first cannot be."""

    body: Poly
    primitive: bool
    first: Mono
    last: Mono | None


def _described(ring: Ring, body: Poly) -> Denominator:
    lead, coefficient = ring.leading(body)
    if any(ring.table.kind[other] in ("δ", "<") for mono in body for other, _ in mono):
        lead = ()
    short = len(body) == 2 or len({other for mono in body for other, _ in mono}) == 1
    last = min(body, key=lambda mono: (ring.table.outline(mono), mono)) if short and lead else None
    return Denominator(body, len(body) > 1 and coefficient == 1 and not content(body), lead, last)


def _cancelled(ring: Ring, powers: Powers, atom: int, exponent: Number, body: Poly, term: Mono) -> Poly:
    """Return a product that has a term of the body and a negative power of the body: the term is (body - the others) / coefficient."""
    rest = dict(powers)
    for other, e in term:
        rest[other] -= e
    out = dict(product(ring, _without(rest, atom, exponent + 1)))
    for mono, factor in body.items():
        if mono == term:
            continue
        part = _without(rest, atom, exponent)
        for other, e in mono:
            part[other] = part.get(other, 0) + e
        ring.accumulate(out, product(ring, part), -factor)
    return ring.scale(out, Fraction(1) / body[term])


def content(body: Poly) -> Powers:
    """Return the atoms that all terms share."""
    shared: Powers | None = None
    for mono in body:
        powers = dict(mono)
        if shared is None:
            shared = dict(powers)
            continue
        for atom in {*shared, *powers}:
            shared[atom] = min(shared.get(atom, 0), powers.get(atom, 0))
    return {atom: exponent for atom, exponent in (shared or {}).items() if exponent}


def _absolute(ring: Ring, atom: int, exponent: Number, powers: Powers) -> Poly | None:
    """|u|² is u²."""
    even = 2 * floor(Fraction(exponent) / 2)
    if not even:
        return None
    body: Poly = dict(ring.table.data[atom])
    below = ring.table.atom("poly", ring.table.data[atom])
    if powers.get(below, 0) < 0:  # u² against 1/u, before u² is multiplied out
        return product(ring, {**powers, atom: exponent - even, below: powers[below] + even})
    return ring.mul(ring.power(body, even), product(ring, _without(powers, atom, exponent - even)))


def _sine(ring: Ring, atom: int, exponent: Number, powers: Powers) -> Poly | None:
    """sin² is 1 - cos²."""
    if exponent < 2:
        return None
    cosine = ring.table.atom("cos", ring.table.data[atom])
    square = ring.minus(ring.number(1), {((cosine, 2),): 1})
    return ring.mul(square, product(ring, _without(powers, atom, exponent - 2)))


def _root_of_a_number(ring: Ring, atom: int, exponent: Number, powers: Powers) -> Poly | None:
    """√2 √2 is 2."""
    whole = floor(exponent)
    if not whole:
        return None
    return ring.scale(product(ring, _without(powers, atom, exponent - whole)), Fraction(ring.table.data[atom]) ** whole)


_RULES: dict[str, Callable[[Any, int, Number, Powers], Poly | None]] = {
    "δ": _delta,
    "<": _less,
    "poly": _polynomial,
    "abs": _absolute,
    "sin": _sine,
    "num": _root_of_a_number,
}


def inverse(ring: Ring, poly: Poly) -> Poly:
    """Return 1 / poly: each factor that all terms share for itself, and what is left with the leading coefficient 1."""
    if not poly:
        raise Unproved("a division by zero")
    shared: Poly = ring.number(1)
    for _ in range(4):
        common = content(poly)
        if any(ring.table.kind[atom] in ("δ", "<") for atom in common):
            raise Unproved("a division by something that is zero for some indices")
        if not common:
            break
        away = product(ring, {atom: -exponent for atom, exponent in common.items()})
        shared, poly = ring.mul(shared, away), ring.mul(poly, away)
    if len(poly) == 1:
        ((mono, coefficient),) = poly.items()
        return ring.mul(shared, ring.scale(product(ring, {atom: -exponent for atom, exponent in mono}), Fraction(1) / coefficient))
    coefficient, body = ring.monic(poly)
    return ring.mul(shared, ring.scale({((ring.keep("poly", body), -1),): 1}, Fraction(1) / coefficient))
