"""Whether a polynomial is zero: denominators multiplied away, assumptions used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bpdocs.prove import normal
from bpdocs.prove.table import UNARY, Number, Poly

if TYPE_CHECKING:
    from bpdocs.prove.ring import Ring

_ROUNDS = 6


def vanishes(ring: Ring, poly: Poly) -> bool:
    """Return whether a polynomial is proved to be zero wherever its denominators are not."""
    for _ in range(_ROUNDS):
        if not poly:
            return True
        below: dict[int, Number] = {}
        for mono in poly:
            for atom, exponent in mono:
                if exponent < 0:
                    below[atom] = min(below.get(atom, 0), exponent)
        if not below:
            return False
        out: Poly = {}
        for mono, coefficient in poly.items():
            powers = dict(mono)
            for atom, exponent in below.items():
                powers[atom] = powers.get(atom, 0) - exponent
            out = ring.add(out, normal.product(ring, powers), coefficient)
        poly = out
    return not poly


def innermost(ring: Ring, poly: Poly) -> Poly | None:
    """Return what stands between bars somewhere in a polynomial, with no bars and no bound letter in it; None if nothing does."""
    for atom in _barred(ring, poly):
        data = dict(ring.table.data[atom])
        if all(index[0] == 1 for index in ring.table.free[atom]) and not has_bars(ring, data):
            return data
    return None


def has_bars(ring: Ring, poly: Poly) -> bool:
    """Return whether bars stand somewhere in a polynomial."""
    return next(_barred(ring, poly), None) is not None


def _barred(ring: Ring, poly: Poly) -> Iterator[int]:
    waiting = [atom for mono in poly for atom, _ in mono]
    seen: set[int] = set()
    while waiting:
        atom = waiting.pop()
        if atom not in seen:
            seen.add(atom)
            if ring.table.kind[atom] == "abs":
                yield atom
            waiting += _below(ring.table.kind[atom], ring.table.data[atom])


def _below(kind: str, data: Any) -> list[int]:
    """Return the atoms right below an atom."""
    if kind in UNARY:
        return [atom for mono, _ in data for atom, _ in mono]
    if kind == "Σ":
        return [atom for atom, _ in data[1]]
    if kind == "Π":
        return [atom for mono, _ in data[1] for atom, _ in mono]
    if kind == "fn":
        return [atom for _, body in data[3] for mono, _ in body for atom, _ in mono]
    return []
