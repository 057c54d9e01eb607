"""Whether a polynomial is zero: denominators multiplied away, assumptions used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpdocs.prove import normal
from bpdocs.prove.table import Number, Poly

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
            ring.spend()
            out = ring.add(out, normal.product(ring, powers), coefficient)
        poly = out
    return not poly
