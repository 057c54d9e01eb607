"""What is known of one program while claims are proved: its polynomials so far, and where what is said holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bpdocs.notation import expr as e
from bpdocs.program import Key, Program, Quantity
from bpdocs.prove.rebuild import Source, transform
from bpdocs.prove.ring import Light, Ring
from bpdocs.prove.shapes import Shape
from bpdocs.prove.table import Index, Leaf, Poly, Unproved

Place = tuple[Index, ...]
Cuts = frozenset[tuple[Key, Leaf]]
Demand = tuple[str, Poly]
Known = tuple[Place, Poly, list[Demand]]


@dataclass(frozen=True)
class Around:
    """What stands around an expression: letters that are bound, parameters of the function that it defines, quantities that are cut."""

    letters: dict[str, Index] = field(default_factory=dict)
    parameters: dict[str, tuple[Leaf, Shape]] = field(default_factory=dict)
    cuts: Cuts = frozenset()
    closed: bool = True  # a letter that nothing binds is an error (in a definition), not free (in a claim)


class State:
    """What has been found of one program."""

    def __init__(self, program: Program, ring: Ring) -> None:
        """Begin with nothing known."""
        self.program, self.ring = program, ring
        self.demands: list[Demand] = []
        self.quantities: dict[tuple[Key, Cuts], Known] = {}
        self.functions: dict[Any, Known] = {}
        self.shapes: dict[Key, Shape] = {}
        self.expressions: dict[int, tuple[e.Expr, Shape]] = {}  # shapes by identity; the expression is kept so that its id is not used again
        self.few = Light()  # powers of inputs of few values
        self.stepped: set[Key] = set()  # inputs of few values that a condition asks for: it says nothing between them
        self._found: dict[Any, Quantity] = {}
        self._reached: dict[str, frozenset[Key]] = {}

    def find(self, ref: e.Ref) -> Quantity:
        """Return the quantity that a reference means."""
        key = (ref.name, bool(ref.indices), len(ref.indices) == 1 and isinstance(ref.indices[0], e.Ref), ref.signature)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self.program.find(ref)
        return found

    def reached(self, name: str) -> frozenset[Key]:
        """Return the keys of all that a function of the page depends on."""
        if name not in self._reached:
            self._reached[name] = self.program.reached(self.program.functions[name].body)
        return self._reached[name]

    # -- where it holds -----------------------------------------------------------------------------

    def at_few_values(self, poly: Poly) -> Poly:
        """Return a polynomial with the powers of inputs lowered that have few values."""
        if not self.few.powers:
            return poly
        with self.ring.lit(self.few):
            return transform(self.ring, poly, {}, {}, everything=True)

    def demand(self, kind: str, poly: Poly) -> None:
        """Note that what follows holds only where a polynomial is "positive", or "nonzero"."""
        if kind == "nonzero" and not poly:
            raise Unproved("a division by zero")
        if len(poly) == 1 and () in poly and poly[()] > 0:
            return
        if not any(known == (kind, poly) for known in self.demands[-8:]):
            self.demands.append((kind, poly))

    @contextmanager
    def bound(self, classes: tuple[str, ...]) -> Iterator[tuple[Index, ...]]:
        """Yield letters for what binds; demands that speak of them keep them under names of their own."""
        kept, self.demands = self.demands, []
        try:
            with self.ring.opened(classes) as letters:
                yield letters
        finally:
            made, self.demands = self.demands, kept
            for kind, poly in made:
                names = {letter: self.ring.fresh(letter[2]) for letter in letters if letter in self.ring.free(poly)}
                self.demand(kind, self.ring.rename(poly, names) if names else poly)

    @contextmanager
    def apart(self) -> Iterator[list[Demand]]:
        """Yield a list that collects the demands made meanwhile."""
        kept, self.demands = self.demands, []
        try:
            yield self.demands
        finally:
            self.demands = kept

    def settled(self, poly: Poly, demands: list[Demand], names: dict[Index, Index], leaves: dict[Leaf, Source]) -> Poly:
        """Return a polynomial with letters renamed and leaves replaced, and make the demands that come with it."""
        for kind, what in demands:
            self.demand(kind, transform(self.ring, what, names, leaves))
        return transform(self.ring, poly, names, leaves)
