"""Σ in one form: equal letters eliminated, independent factors taken apart, the letters of each part named in one way."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product
from math import factorial, floor, prod
from typing import TYPE_CHECKING, Any

from bpdocs.prove import inverses, normal
from bpdocs.prove.rebuild import body_of_sum
from bpdocs.prove.table import Index, Mono, Number, Poly, Unproved, bound, letters

if TYPE_CHECKING:
    from bpdocs.prove.ring import Ring

Factors = dict[int, Number]
_ORDERS = 720  # orders of like letters that are tried


def close(ring: Ring, names: tuple[Index, ...], poly: Poly) -> Poly:
    """Return Σ of a polynomial over letters."""
    if not names:
        return poly
    out: Poly = {}
    for mono, coefficient in poly.items():
        found = ring.light.closed.get((names, mono))
        if found is None:
            ring.spend()
            found = ring.light.closed[names, mono] = _term(ring, names, mono)
        ring.accumulate(out, found, coefficient)
    return out


def _term(ring: Ring, names: tuple[Index, ...], mono: Mono) -> Poly:
    table = ring.table
    for name in names:
        if name[2].isdigit():
            others = tuple(other for other in names if other != name)
            return ring.total(close(ring, others, ring.rename({mono: 1}, {name: (0, place, name[2])})) for place in range(1, int(name[2]) + 1))
    for atom, _ in mono:
        if table.kind[atom] == "δ" and not table.free[atom].isdisjoint(names):
            a, b = table.data[atom]
            gone, kept = (b, a) if b in names else (a, b)
            if gone not in names or gone in letters((kept,)):
                continue
            rest = tuple(factor for factor in mono if factor[0] != atom)
            return close(ring, tuple(other for other in names if other != gone), ring.rename({rest: 1}, {gone: kept}))
    nested = [(atom, floor(e)) for atom, e in mono if table.kind[atom] == "Σ" and e >= 1 and not table.free[atom].isdisjoint(names)]
    if nested:
        return _flattened(ring, names, mono, nested)
    inside = [(atom, e) for atom, e in mono if not table.free[atom].isdisjoint(names)]
    out: Poly = {tuple(factor for factor in mono if factor not in inside): 1}
    for group, factors in _groups(ring, names, inside):
        out = ring.mul(out, _part(ring, group, factors) if factors else ring.size(group[0][2]))
    return out


def _flattened(ring: Ring, names: tuple[Index, ...], mono: Mono, nested: list[tuple[int, int]]) -> Poly:
    """Return Σ x Σ y as one Σ over the letters of both."""
    powers = dict(mono)
    for atom, times in nested:
        powers[atom] -= times
    whole = normal.product(ring, powers)
    each = [atom for atom, times in nested for _ in range(times)]
    with ring.opened(tuple(klass for atom in each for klass in ring.table.data[atom][0])) as more:
        at = 0
        for atom in each:
            count = len(ring.table.data[atom][0])
            whole = ring.mul(whole, body_of_sum(ring, atom, more[at : at + count]))
            at += count
        return close(ring, names + more, whole)


def _groups(ring: Ring, names: tuple[Index, ...], inside: list[tuple[int, Number]]) -> list[tuple[tuple[Index, ...], Factors]]:
    """Return the letters that hang together, each group with the factors that they stand in."""
    groups: list[tuple[set[Index], Factors]] = [({name}, {}) for name in names]
    for atom, exponent in inside:
        joined: tuple[set[Index], Factors] = (set(), {atom: exponent})
        rest = []
        for among, factors in groups:
            if among.isdisjoint(ring.table.free[atom]):
                rest.append((among, factors))
            else:
                joined = (joined[0] | among, joined[1] | factors)
        groups = [*rest, joined]
    return [(tuple(sorted(among)), factors) for among, factors in groups]


def _part(ring: Ring, names: tuple[Index, ...], factors: Factors) -> Poly:
    """Return Σ over letters that hang together."""
    if (found := inverses.cancelled(ring, names, factors)) is not None:
        return close(ring, tuple(name for name in names if name != found[0]), found[1])
    folded = _refolded(ring, names, factors)
    if folded is not None:
        return folded
    orders = [atom for atom in factors if ring.table.kind[atom] == "<" and all(index in names for index in ring.table.data[atom])]
    if len(orders) == 1:
        ordered = _ordered(ring, names, factors, orders[0])
        if ordered is not None:
            return ordered
    mono, coefficient, order = labelled(ring, names, factors)
    atom = ring.table.atom("Σ", (tuple(name[2] for name in order), mono))
    value = _assumed(ring, atom)
    return ring.scale({((atom, 1),): 1} if value is None else value, coefficient)


def _refolded(ring: Ring, names: tuple[Index, ...], factors: Factors) -> Poly | None:
    r"""Return a Σ of which an inner Σ stands below the bar as well, or has a value by assumption, with that inner Σ for itself."""
    table = ring.table
    wanted: set[int] = set()
    for atom, exponent in factors.items():
        if exponent < 0:
            lead = ((atom, 1),) if table.kind[atom] == "Σ" else ring.leading(table.data[atom])[0] if table.kind[atom] == "poly" else ()
            wanted |= {other for other, _ in lead if table.kind[other] == "Σ"}
    if len(names) < 2 or not (wanted or ring.light.rules):
        return None
    sizes = {len(table.data[atom][0]) for atom in wanted} | ({1} if ring.light.rules else set())
    for size in sorted(sizes):
        if size >= len(names) or size > 2:
            continue
        for some in permutations(names, size) if size == 1 else ((a, b) for a in names for b in names if a < b):
            inner = {atom: e for atom, e in factors.items() if not table.free[atom].isdisjoint(some)}
            if any(e < 0 and atom in wanted for atom, e in inner.items()) or len(_groups(ring, some, list(inner.items()))) != 1:
                continue
            mono, coefficient, order = labelled(ring, some, inner)
            atom = table.atom("Σ", (tuple(name[2] for name in order), mono))
            value = _assumed(ring, atom)
            if value is None and atom not in wanted:
                continue
            outer = normal.product(ring, {other: e for other, e in factors.items() if other not in inner})
            whole = ring.mul(outer, value if value is not None else {((atom, 1),): 1})
            return ring.scale(close(ring, tuple(name for name in names if name not in some), whole), coefficient)
    return None


def _assumed(ring: Ring, atom: int) -> Poly | None:
    """Return the value that an assumption gives a Σ, whatever its free letters are called."""
    if not ring.light.rules:
        return None
    pattern, coefficient, order = pattern_of(ring, atom)
    found = ring.light.rules.get(pattern)
    if found is None or not coefficient:
        return None
    return ring.scale(ring.rename(found[1], dict(zip(found[0], order, strict=True))), coefficient)


def pattern_of(ring: Ring, atom: int) -> tuple[int, Number, tuple[Index, ...]]:
    """Return an atom that forgets the names of its free letters, the coefficient before it (0: not in one way), and those letters in order."""
    with ring.lit(None):
        mono, coefficient, order = labelled(ring, tuple(sorted(index for index in ring.table.free[atom] if index[0] > 0)), {atom: 1})
    return ring.table.atom("all", mono), coefficient, order


def _ordered(ring: Ring, names: tuple[Index, ...], factors: Factors, atom: int) -> Poly | None:
    """Return Σ_{i<j}: half of what is left without i = j where i and j play one role, else in one of the two directions."""
    a, b = ring.table.data[atom]
    if a[2] != b[2]:
        return None
    rest = normal.product(ring, {other: e for other, e in factors.items() if other != atom})
    turned = ring.rename(rest, {a: b, b: a})
    mono, coefficient, _ = labelled(ring, names, factors)
    if len(turned) != 1:
        return None
    ((other, factor),) = turned.items()
    back, again, _ = labelled(ring, names, {**dict(other), atom: 1})
    if mono < back or (mono == back and coefficient != again * factor):
        return None
    diagonal = close(ring, tuple(name for name in names if name != b), ring.rename(rest, {b: a}))
    whole = ring.minus(close(ring, names, rest), diagonal)
    if mono == back:
        return ring.scale(whole, Fraction(1, 2))
    return ring.minus(whole, close(ring, names, ring.mul(turned, {((atom, 1),): 1})))


def labelled(ring: Ring, names: tuple[Index, ...], factors: Factors) -> tuple[Mono, Number, tuple[Index, ...]]:
    """Return factors with their letters named by place, a coefficient that comes out, and the letters in the order of their places.

    The coefficient is 0 where two orders of the letters give the same factors with different coefficients: a Σ over them is its own negative.
    """
    height = 1 + max((ring.table.height[atom] for atom in factors), default=0)
    groups = _alike(ring, names, factors)
    tries = prod(factorial(len(group)) for group in groups)
    if tries > _ORDERS:
        raise Unproved("too many letters that play one role")
    best: tuple[Mono, Number, tuple[Index, ...]] | None = None
    for choice in product(*(permutations(group) for group in groups)):
        order = tuple(name for group in choice for name in group)
        mono, coefficient = _renamed(ring, factors, {name: bound(height, place, name[2]) for place, name in enumerate(order)})
        if best is None or mono < best[0]:
            best = (mono, coefficient, order)
        elif mono == best[0] and coefficient != best[1]:
            best = (mono, 0, order)
    assert best is not None
    return best


def _renamed(ring: Ring, factors: Factors, names: dict[Index, Index]) -> tuple[Mono, Number]:
    out = ring.rename({tuple(sorted(factors.items())): 1}, names)
    if len(out) != 1:
        raise Unproved("a term has no one form")
    ((mono, coefficient),) = out.items()
    return mono, coefficient


def _alike(ring: Ring, names: tuple[Index, ...], factors: Factors) -> list[list[Index]]:
    """Return the letters in groups of those that cannot be told apart by their class or by where they stand, in order."""
    by_class: dict[str, list[Index]] = {}
    for name in names:
        by_class.setdefault(name[2], []).append(name)
    out: list[list[Index]] = []
    for _, group in sorted(by_class.items()):
        if len(group) == 1:
            out.append(group)
            continue
        marks = {name: _mark(ring, name, names, factors) for name in group}
        by_mark: dict[Any, list[Index]] = {}
        for name in group:
            by_mark.setdefault(marks[name], []).append(name)
        out += [alike for _, alike in sorted(by_mark.items())]
    return out


def _mark(ring: Ring, name: Index, names: tuple[Index, ...], factors: Factors) -> Any:
    """Return where a letter stands, in a form that does not depend on what letters are called."""
    out = []
    for atom, exponent in factors.items():
        if name not in ring.table.free[atom]:
            continue
        others = {other: (1, "?", other[2]) for other in names if other != name}
        try:
            moved = ring.rename({((atom, 1),): 1}, {name: (1, "*", name[2]), **others})
            mark = ring.keep("box", ring.monic(moved)[1] if moved else moved)
        except Unproved:
            mark = -1 - ring.table.skeleton[atom]
        out.append((mark, exponent))
    return tuple(sorted(out))
