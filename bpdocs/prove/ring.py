"""Arithmetic of the prover: polynomials over exact fractions, whose products are rewritten to one form as they are made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from typing import Any

from bpdocs.prove import functions, normal, rebuild, sums
from bpdocs.prove.table import LAST, Frozen, Index, Leaf, Mono, Number, Poly, Table, Unproved, freeze

LIMIT = 30_000  # steps for one claim, well under a second; what derivations need is below 5 000
POWER = 12
BITS = 8_192  # of a number


@dataclass
class Light:
    """What is assumed while polynomials are rewritten, and what was rewritten in this light before."""

    rules: dict[int, tuple[tuple[Index, ...], Poly]] = field(default_factory=dict)  # sums that have a value
    powers: dict[Any, tuple[int, dict[int, Number]]] = field(default_factory=dict)  # by key of an input: a power of it as a sum of lower powers
    branch: set[Frozen] = field(default_factory=set)  # polynomials that are positive in the case that is looked at
    renamed: dict[tuple[int, tuple[tuple[Index, Index], ...]], Poly] = field(default_factory=dict)
    closed: dict[tuple[tuple[Index, ...], Mono], Poly] = field(default_factory=dict)


class Ring:
    """The atoms of one context, and the operations on polynomials in them."""

    def __init__(self) -> None:
        self.table = Table()
        self.left = LIMIT
        self.positive: set[Any] = set()  # keys of inputs that are assumed positive
        self.facts: set[int] = set()  # polynomials that are assumed positive, closed over their letters
        self.assumed: set[Frozen] = set()  # polynomials without letters that are assumed positive
        self.light = Light()
        self._plain = self.light
        self.derivatives: dict[tuple[int, Leaf, tuple[Index, ...]], Poly] = {}
        self.denominators: dict[int, normal.Denominator] = {}
        self.depth = 0
        self._names = count()

    def spend(self, steps: int = 1) -> None:
        """Take steps from what a claim may cost; raise Unproved when there are none left."""
        self.left -= steps
        if self.left < 0:
            raise Unproved("too large")

    def fresh(self, klass: str) -> Index:
        """Return a letter that stands nowhere yet."""
        return (1, f"!{next(self._names)}", klass)

    @contextmanager
    def opened(self, classes: tuple[str, ...]) -> Iterator[tuple[Index, ...]]:
        """Yield letters that nothing around has; they may come again as soon as they are closed, so that what was done with them is found again."""
        letters = tuple((1, f"~{self.depth + place}", klass) for place, klass in enumerate(classes))
        self.depth += len(classes)
        try:
            yield letters
        finally:
            self.depth -= len(classes)

    @contextmanager
    def lit(self, light: Light | None) -> Iterator[None]:
        """Rewrite in another light for a while; in none, where `light` is None."""
        kept, self.light = self.light, light or self._plain
        try:
            yield
        finally:
            self.light = kept

    # -- making -------------------------------------------------------------------------------------

    def number(self, value: Number) -> Poly:
        """Return a number."""
        return {(): value} if value else {}

    def single(self, kind: str, data: Any, exponent: Number = 1) -> Poly:
        """Return an atom as a polynomial."""
        return {((self.table.atom(kind, data), exponent),): 1}

    def size(self, klass: str) -> Poly:
        """Return the width of a class."""
        return self.number(int(klass)) if klass.isdigit() else self.single("n", klass)

    def place(self, index: Index) -> Poly:
        """Return the number that an index is."""
        if index[0]:
            return self.single("i", index)
        return self.size(index[2]) if index[1] == LAST else self.number(index[1])

    def delta(self, a: Index, b: Index) -> Poly:
        """Return 1 where two indices are equal, else 0."""
        if a == b:
            return self.number(1)
        if a[0] == b[0] == 0 and LAST not in (a[1], b[1]):
            return {}
        return self.single("δ", (a, b) if a < b else (b, a))

    def less(self, a: Index, b: Index) -> Poly:
        """Return 1 where a < b, else 0."""
        if a == b or a[:2] == (0, LAST):
            return {}
        one = self.number(1)
        if b[:2] == (0, LAST):
            return self.minus(one, self.delta(a, b))
        if a[0] == 0 and b[0] == 0:
            return self.number(int(a[1] < b[1]))
        if b[0] == 0:
            return self.total(self.delta(a, (0, place, b[2])) for place in range(1, b[1]))
        if a[0] == 0:
            return self.minus(one, self.total(self.delta(b, (0, place, a[2])) for place in range(1, a[1] + 1)))
        if a[0] == 1 and b[0] == 1 and a > b:
            return self.minus(self.minus(one, self.single("<", (b, a))), self.delta(a, b))
        return self.single("<", (a, b))

    # -- adding and multiplying ---------------------------------------------------------------------

    def accumulate(self, out: Poly, right: Poly, factor: Number = 1) -> None:
        """Add factor · right to `out`, which is changed."""
        self.spend(len(right) // 2)
        for mono, coefficient in right.items():
            value = out.get(mono, 0) + factor * coefficient
            if not value:
                out.pop(mono, None)
            else:
                out[mono] = value if type(value) is int or value.denominator != 1 else int(value)

    def add(self, left: Poly, right: Poly, factor: Number = 1) -> Poly:
        """Return left + factor · right."""
        out = dict(left)
        self.accumulate(out, right, factor)
        return out

    def minus(self, left: Poly, right: Poly) -> Poly:
        """Return left - right."""
        return self.add(left, right, -1)

    def total(self, polys: Any) -> Poly:
        """Return the sum of polynomials."""
        out: Poly = {}
        for poly in polys:
            self.accumulate(out, poly)
        return out

    def scale(self, poly: Poly, factor: Number) -> Poly:
        """Return factor · poly."""
        if factor == 1:
            return poly
        return {mono: factor * coefficient for mono, coefficient in poly.items()} if factor else {}

    def mul(self, left: Poly, right: Poly) -> Poly:
        """Return the product."""
        if len(left) == 1 and () in left:
            return self.scale(right, left[()])
        if len(right) == 1 and () in right:
            return self.scale(left, right[()])
        out: Poly = {}
        for a, x in left.items():
            for b, y in right.items():
                powers = dict(a)
                for atom, exponent in b:
                    powers[atom] = powers.get(atom, 0) + exponent
                self.accumulate(out, normal.product(self, powers), x * y)
        return out

    def product(self, polys: Any) -> Poly:
        """Return the product of polynomials."""
        out = self.number(1)
        for poly in polys:
            out = self.mul(out, poly)
        return out

    def power(self, poly: Poly, exponent: Number) -> Poly:
        """Return a power, with a negative or broken exponent too."""
        if exponent == 1:
            return poly
        if exponent.denominator != 1:
            return functions.root(self, poly, Fraction(exponent))
        whole = int(exponent)
        if whole < 0:
            return self.power(self.inverse(poly), -whole)
        if len(poly) == 1:
            ((mono, coefficient),) = poly.items()
            if whole * max(abs(coefficient.numerator), coefficient.denominator).bit_length() > BITS:
                raise Unproved("this power is too large")
            return self.scale(normal.product(self, {atom: e * whole for atom, e in mono}), coefficient**whole)
        if whole > POWER:
            raise Unproved("this power is too large")
        out = self.number(1)
        for _ in range(whole):
            out = self.mul(out, poly)
        return out

    def inverse(self, poly: Poly) -> Poly:
        """Return 1 / poly."""
        return normal.inverse(self, poly)

    # -- going inside -------------------------------------------------------------------------------

    def close(self, names: tuple[Index, ...], poly: Poly) -> Poly:
        """Return Σ of a polynomial over letters."""
        return sums.close(self, names, poly)

    def rename(self, poly: Poly, names: dict[Index, Index]) -> Poly:
        """Return a polynomial with letters replaced."""
        return rebuild.transform(self, poly, names, {})

    def replace(self, poly: Poly, leaves: dict[Leaf, rebuild.Source]) -> Poly:
        """Return a polynomial with quantities or parameters replaced by what they are."""
        return rebuild.transform(self, poly, {}, leaves)

    def leaves(self, poly: Poly) -> frozenset[Leaf]:
        """Return the quantities and parameters that a polynomial is made of."""
        return frozenset().union(*(self.table.leaves[atom] for mono in poly for atom, _ in mono))

    def free(self, poly: Poly) -> frozenset[Index]:
        """Return the letters that are free in a polynomial."""
        return frozenset().union(*(self.table.free[atom] for mono in poly for atom, _ in mono))

    def leading(self, body: Poly | Frozen) -> tuple[Mono, Number]:
        """Return the leading term, in an order that renaming letters does not change (but for ties)."""
        items = body.items() if isinstance(body, dict) else body
        return max(items, key=lambda item: (self.table.outline(item[0]), item[0]))

    def monic(self, poly: Poly) -> tuple[Number, Poly]:
        """Return the leading coefficient, and the polynomial divided by it."""
        coefficient = self.leading(poly)[1]
        return coefficient, poly if coefficient == 1 else self.scale(poly, Fraction(1) / coefficient)

    def keep(self, kind: str, poly: Poly) -> int:
        """Return the atom that is a function of one polynomial."""
        return self.table.atom(kind, freeze(poly))
