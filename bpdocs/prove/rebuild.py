"""Polynomials put together anew: letters renamed, quantities and parameters replaced, everything above them rewritten again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bpdocs.prove import functions
from bpdocs.prove.table import UNARY, Index, Leaf, Poly, bound, renamed

if TYPE_CHECKING:
    from bpdocs.prove.ring import Ring

Source = Callable[[tuple[Index, ...]], Poly]


def transform(ring: Ring, poly: Poly, names: dict[Index, Index], leaves: dict[Leaf, Source], *, everything: bool = False) -> Poly:
    """Return a polynomial with letters renamed and leaves replaced, at once; with `everything` each atom is made anew."""
    if not (names or leaves or everything):
        return poly
    return _Transform(ring, names, leaves, everything).poly(poly)


class _Transform:
    def __init__(self, ring: Ring, names: dict[Index, Index], leaves: dict[Leaf, Source], everything: bool) -> None:
        self.ring, self.names, self.leaves, self.everything = ring, names, leaves, everything
        self.moved, self.changed = frozenset(names), frozenset(leaves)
        self.done: dict[int, Poly] = {}

    def poly(self, poly: Poly) -> Poly:
        ring = self.ring
        out: Poly = {}
        for mono, coefficient in poly.items():
            touched = [factor for factor in mono if self._touched(factor[0])]
            if not touched:
                ring.accumulate(out, {mono: coefficient})
                continue
            part: Poly = {tuple(factor for factor in mono if factor not in touched): coefficient}
            for atom, exponent in touched:
                part = ring.mul(part, ring.power(self.atom(atom), exponent))
            ring.accumulate(out, part)
        return out

    def _touched(self, atom: int) -> bool:
        table = self.ring.table
        return self.everything or not self.moved.isdisjoint(table.free[atom]) or (bool(self.changed) and not self.changed.isdisjoint(table.leaves[atom]))

    def atom(self, atom: int) -> Poly:
        found = self.done.get(atom)
        if found is None:
            found = self.done[atom] = self._atom(atom) if self.leaves or self.everything else self._renamed(atom)
        return found

    def _renamed(self, atom: int) -> Poly:
        free = self.ring.table.free[atom]
        key = (atom, tuple(pair for pair in self.names.items() if pair[0] in free))
        found = self.ring.light.renamed.get(key)
        if found is None:
            self.ring.spend()
            found = self.ring.light.renamed[key] = self._atom(atom)
        return found

    def _atom(self, atom: int) -> Poly:
        ring, kind, data = self.ring, self.ring.table.kind[atom], self.ring.table.data[atom]
        match kind:
            case "q" | "p":
                name, indices = data
                moved = tuple(self.index(index) for index in indices)
                source = self.leaves.get((kind, name))
                return ring.single(kind, (name, moved)) if source is None else source(moved)
            case "i":
                return ring.place(self.index(data))
            case "δ":
                return ring.delta(self.index(data[0]), self.index(data[1]))
            case "<":
                return ring.less(self.index(data[0]), self.index(data[1]))
            case "Σ":
                with ring.opened(data[0]) as letters:
                    return ring.close(letters, self.poly(body_of_sum(ring, atom, letters)))
            case "Π":
                with ring.opened((data[0],)) as letters:
                    return functions.over_letter(ring, letters[0], self.poly(functions.body_of(ring, data[1], letters)))
            case "fn":
                name, out, slots, arguments = data
                inner = []
                for classes, body in arguments:
                    with ring.opened(classes) as letters:
                        inner.append(functions.shut(ring, letters, self.poly(functions.body_of(ring, body, letters))))
                places = tuple((number, tuple(self.index(index) for index in place)) for number, place in slots)
                return functions.open_function(ring, name, tuple(self.index(index) for index in out), places, inner)
            case _ if kind in UNARY:
                return made(ring, kind, self.poly(dict(data)))
        return {((atom, 1),): 1}

    def index(self, index: Index) -> Index:
        return renamed(index, self.names)


def made(ring: Ring, kind: str, poly: Poly) -> Poly:
    """Return a function of one polynomial, by the kind of its atom."""
    match kind:
        case "exp":
            return functions.exponential(ring, poly)
        case "log":
            return functions.logarithm(ring, poly)
        case "abs":
            return functions.absolute(ring, poly)
        case "cos":
            return functions.cosine(ring, poly)
        case "sin" | "arctan" | "erf":
            return functions.odd(ring, kind, poly)
        case "poly":
            return poly
    return {((ring.keep(kind, poly), 1),): 1}


def body_of_sum(ring: Ring, atom: int, letters: tuple[Index, ...]) -> Poly:
    """Return the body of a Σ with letters in place of its own."""
    classes, mono = ring.table.data[atom]
    height = ring.table.height[atom]
    return ring.rename({mono: 1}, {bound(height, place, klass): letters[place] for place, klass in enumerate(classes)})
