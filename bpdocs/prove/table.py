"""Atoms: what the prover's polynomials are made of, each kept once and known by a number.

An index is (0, number, class) for a fixed place, (1, name, class) for a letter, (2, place, class) for the letter of a Σ, Π or array argument
around it, and (-1, (key, place), class) for an entry of an input that is itself an index. Letters carry the height of what binds them, so that
nothing is captured when formulas are put into one another.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

Number = int | Fraction
Index = tuple[int, Any, str]
Mono = tuple[tuple[int, Number], ...]  # atoms with their exponents, in order
Poly = dict[Mono, Number]
Frozen = tuple[tuple[Mono, Number], ...]
Leaf = tuple[str, Any]  # ("q", key of a quantity) or ("p", name of a parameter)

UNARY = ("exp", "log", "sin", "cos", "arctan", "erf", "abs", "poly", "box")
LAST = 10**9  # the number of a class's last place, whatever its width
_WIDTH = 1000  # letters that one binder may have


class Unproved(Exception):
    """Why a claim is not proved, for people."""


def bound(height: int, place: int, klass: str) -> Index:
    """Return the letter at `place` of what binds at `height`."""
    return (2, height * _WIDTH + place, klass)


def places(indices: tuple[Index, ...]) -> list[int]:
    """Return the places of the letters among indices that something around binds."""
    return [index[1] % _WIDTH for index in indices if index[0] == 2]


def freeze(poly: Poly) -> Frozen:
    """Return a polynomial in a form that can be kept inside an atom."""
    return tuple(sorted(poly.items()))


class Table:
    """All atoms, with what is asked of them again and again: their free letters, their leaves, their height."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, Any], int] = {}
        self._skeletons: dict[Any, int] = {}
        self.kind: list[str] = []
        self.data: list[Any] = []
        self.free: list[frozenset[Index]] = []
        self.leaves: list[frozenset[Leaf]] = []
        self.height: list[int] = []
        self.skeleton: list[int] = []

    def atom(self, kind: str, data: Any) -> int:
        """Return the number of an atom."""
        key = (kind, data)
        found = self._numbers.get(key)
        if found is not None:
            return found
        number = len(self.kind)
        self._numbers[key] = number
        free, leaves, height, shape = self._described(kind, data)
        self.kind.append(kind)
        self.data.append(data)
        self.free.append(free)
        self.leaves.append(leaves)
        self.height.append(height)
        rank = len(self._skeletons) if leaves or free else -1 - len(self._skeletons)  # what is constant comes after all that is not
        self.skeleton.append(self._skeletons.setdefault((kind, shape), rank))
        return number

    def _described(self, kind: str, data: Any) -> tuple[frozenset[Index], frozenset[Leaf], int, Any]:
        """Return an atom's free letters, leaves, height, and its skeleton: itself with every index forgotten."""
        if kind in ("q", "p"):
            name, indices = data
            return letters(indices), frozenset({(kind, name)}), 0, (name, tuple(index[2] for index in indices))
        if kind in ("δ", "<"):
            return letters(data), frozenset(), 0, data[0][2]
        if kind == "i":
            return letters((data,)), frozenset(), 0, data[2]
        if kind in UNARY:
            return self._of(data)
        if kind == "Σ":
            classes, mono = data
            free, leaves, height, shape = self._of(((mono, 1),))
            return outside(free, self.own(height + 1, classes)), leaves, height + 1, (classes, shape)
        if kind == "Π":
            klass, body = data
            free, leaves, height, shape = self._of(body)
            return outside(free, self.own(height + 1, (klass,))), leaves, height + 1, (klass, shape)
        if kind == "fn":
            name, out, slots, arguments = data
            every = [self._of(body) for _, body in arguments]
            free = letters(out) | letters(index for _, place in slots for index in place)
            top = 0
            for (classes, _), (inner, _, height, _) in zip(arguments, every, strict=True):
                free |= outside(inner, self.own(height + 1, classes))
                top = max(top, height + 1 if classes else height)
            leaves = frozenset().union(*(part[1] for part in every))
            return free, leaves, top, (name, len(out), tuple(sorted(place for place, _ in slots)), tuple(part[3] for part in every))
        return frozenset(), frozenset(), 0, data

    def _of(self, body: Frozen) -> tuple[frozenset[Index], frozenset[Leaf], int, Any]:
        atoms = {atom for mono, _ in body for atom, _ in mono}
        free = frozenset().union(*(self.free[atom] for atom in atoms))
        leaves = frozenset().union(*(self.leaves[atom] for atom in atoms))
        height = max((self.height[atom] for atom in atoms), default=0)
        return free, leaves, height, tuple(sorted((self.outline(mono), coefficient) for mono, coefficient in body))

    def outline(self, mono: Mono) -> tuple[tuple[int, Number], ...]:
        """Return a product with every index forgotten, the most telling factor first: what products are ordered by."""
        if len(mono) == 1:
            return ((self.skeleton[mono[0][0]], mono[0][1]),)
        powers: dict[int, Number] = {}
        for atom, exponent in mono:
            powers[self.skeleton[atom]] = powers.get(self.skeleton[atom], 0) + exponent
        return tuple(sorted(powers.items(), reverse=True))

    @staticmethod
    def own(height: int, classes: tuple[str, ...]) -> frozenset[Index]:
        """Return the letters that a binder of this height has."""
        return frozenset(bound(height, place, klass) for place, klass in enumerate(classes))

    def inner_height(self, body: Frozen) -> int:
        """Return the height of what stands inside a binder."""
        return max((self.height[atom] for mono, _ in body for atom, _ in mono), default=0)


def letters(indices: Iterable[Index]) -> frozenset[Index]:
    """Return the letters among indices, those that are looked up, and the letters in these."""
    out: set[Index] = set()
    for index in indices:
        if index[0]:
            out.add(index)
        if index[0] < 0:
            out |= letters(index[1][1])
    return frozenset(out)


def outside(free: frozenset[Index], own: frozenset[Index]) -> frozenset[Index]:
    """Return the letters that are free where some are bound."""
    return frozenset(index for index in free if index not in own and (index[0] > 0 or own.isdisjoint(letters((index,)))))


def renamed(index: Index, names: dict[Index, Index]) -> Index:
    """Return an index with letters replaced."""
    if index[0] < 0 and index not in names:
        key, place = index[1]
        return (-1, (key, tuple(renamed(inner, names) for inner in place)), index[2])
    return names.get(index, index)
