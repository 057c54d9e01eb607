"""Whether a polynomial is zero: denominators multiplied away, assumptions used."""

from __future__ import annotations

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
    table = ring.table
    waiting = [atom for mono in poly for atom, _ in mono]
    seen: set[int] = set()
    while waiting:
        atom = waiting.pop()
        if atom in seen:
            continue
        seen.add(atom)
        kind, data = table.kind[atom], table.data[atom]
        below = _below(kind, data)
        if kind == "abs" and all(index[0] == 1 for index in table.free[atom]):
            inside = {other for mono, _ in data for other, _ in mono}
            if innermost(ring, dict(data)) is None and not any(table.kind[other] == "abs" for other in inside):
                return dict(data)
        waiting += below
    return None


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
