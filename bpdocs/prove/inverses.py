"""Inverses and determinants of matrices: functions of a whole array, whose derivatives are known, and A⁻¹A = I."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpdocs.prove import functions
from bpdocs.prove.table import Index, Number, Poly, places

if TYPE_CHECKING:
    from bpdocs.prove.ring import Ring

INVERSE, DETERMINANT = ("known", "inverse"), ("known", "det")


def slope(ring: Ring, data: Any, change: Any) -> Poly:
    """Return the derivative of an inverse, -A⁻¹ dA A⁻¹, or of a determinant, det A tr(A⁻¹ dA); `change` gives dA at a row and a column."""
    name, out, _, (argument,) = data
    with ring.opened(argument[0]) as (a, b):

        def inverse(row: Index, column: Index) -> Poly:
            return functions.open_function(ring, INVERSE, (row, column), (), [argument])

        d = change((a, b))
        if name == INVERSE:
            return ring.scale(ring.close((a, b), ring.product([inverse(out[0], a), d, inverse(b, out[1])])), -1)
        return ring.mul(functions.open_function(ring, DETERMINANT, (), (), [argument]), ring.close((a, b), ring.mul(inverse(b, a), d)))


def cancelled(ring: Ring, names: tuple[Index, ...], factors: dict[int, Number]) -> tuple[Index, Poly] | None:
    """Return a letter over which A⁻¹ and A are multiplied, and all factors with δ in place of the two; None if there is none."""
    table = ring.table
    for atom, exponent in factors.items():
        if table.kind[atom] != "fn" or table.data[atom][0] != INVERSE or exponent != 1:
            continue
        _, (row, column), _, ((_, body),) = table.data[atom]
        for name, end in ((column, row), (row, column)):
            others = [other for other in factors if other != atom and name in table.free[other]]
            if name not in names or name == end or len(others) != 1 or factors[others[0]] != 1 or table.kind[others[0]] != "q":
                continue
            key, place = table.data[others[0]]
            if len(place) != 2 or not _is_entry(table.data, table.kind, body, key):
                continue
            first, second = place if name == column else place[::-1]
            if first == name and second != name:
                rest: Poly = {tuple(sorted((other, e) for other, e in factors.items() if other not in (atom, others[0]))): 1}
                return name, ring.mul(rest, ring.delta(end, second))
    return None


def _is_entry(data: list[Any], kind: list[str], body: Any, key: Any) -> bool:
    """Return whether an array argument is an input itself, entry by entry."""
    if len(body) != 1 or body[0][1] != 1 or len(body[0][0]) != 1:
        return False
    ((atom, exponent),) = body[0][0]
    return bool(exponent == 1 and kind[atom] == "q" and data[atom][0] == key and places(data[atom][1]) == [0, 1])
