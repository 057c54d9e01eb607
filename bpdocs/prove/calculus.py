"""Quantities, functions and derivatives of a program, as polynomials: definitions put in, quantities cut."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bpdocs.notation import expr as e
from bpdocs.notation.operators import BY_NAME
from bpdocs.program import Key, Program, Quantity
from bpdocs.prove import arrays, functions
from bpdocs.prove.derivative import derivative
from bpdocs.prove.rebuild import Source
from bpdocs.prove.ring import Ring
from bpdocs.prove.shapes import Shape, common
from bpdocs.prove.table import Index, Leaf, Poly, Unproved, freeze

if TYPE_CHECKING:
    from bpdocs.prove.meaning import Around

Place = tuple[Index, ...]
Cuts = frozenset[tuple[Key, Leaf]]
Demand = tuple[str, Poly]
Known = tuple[Place, Poly, list[Demand]]


class Calculus:
    """The part of `Meaning` that knows quantities, functions and derivatives."""

    def __init__(self, program: Program, ring: Ring) -> None:
        self.program, self.ring = program, ring
        self.demands: list[Demand] = []
        self._quantities: dict[tuple[Key, Cuts], Known] = {}
        self._functions: dict[Any, Known] = {}
        self._shapes: dict[Key, Shape] = {}

    if TYPE_CHECKING:

        def shape(self, x: e.Expr, around: Around) -> Shape: ...
        def entry(self, x: e.Expr, at: Place, around: Around) -> Poly: ...
        def part(self, x: e.Expr, at: Place, around: Around) -> Poly: ...
        def place(self, indices: tuple[e.Expr, ...], shape: Shape, around: Around) -> Place: ...
        def over(self, klass: str, term: Any) -> Poly: ...

    # -- where it holds -----------------------------------------------------------------------------

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
    def _apart(self) -> Iterator[list[Demand]]:
        """Yield a list that collects the demands made meanwhile."""
        kept, self.demands = self.demands, []
        try:
            yield self.demands
        finally:
            self.demands = kept

    def _settled(self, poly: Poly, demands: list[Demand], names: dict[Index, Index], leaves: dict[Leaf, Source]) -> Poly:
        """Return a polynomial with letters renamed and leaves replaced, and make the demands that come with it."""
        from bpdocs.prove.rebuild import transform

        for kind, what in demands:
            self.demand(kind, transform(self.ring, what, names, leaves))
        return transform(self.ring, poly, names, leaves)

    # -- quantities ---------------------------------------------------------------------------------

    def quantity_shape(self, quantity: Quantity) -> Shape:
        """Return the shape of a quantity."""
        from bpdocs.prove.meaning import Around

        if quantity.letters or quantity.body is None:
            signature = quantity.signature or ()
            if "?" in signature:
                raise Unproved(f"the shape of {quantity.name} is not known")
            return signature
        found = self._shapes.get(quantity.key)
        if found is None:
            self.program.ancestors(quantity.key)
            found = self._shapes[quantity.key] = self.shape(quantity.body, Around())
        return found

    def quantity(self, quantity: Quantity, at: Place, cuts: Cuts) -> Poly:
        """Return an entry of a quantity."""
        from bpdocs.prove.meaning import Around

        key = quantity.key
        for cut, (kind, name) in cuts:
            if cut == key:
                return self.ring.single(kind, (name, at))
        if quantity.body is None:
            return self.ring.single("q", (key, at))
        ancestors = self.program.ancestors(key)
        relevant = frozenset(cut for cut in cuts if cut[0] in ancestors)
        found = self._quantities.get((key, relevant))
        if found is None:
            shape = self.quantity_shape(quantity)
            letters = tuple((1, f"@{place}", klass) for place, klass in enumerate(shape))
            with self._apart() as demands:
                if quantity.letters:
                    around = Around(dict(zip(quantity.letters, letters, strict=True)), {}, relevant)
                    if self.shape(quantity.body, around):
                        raise Unproved(f"the entries of {quantity.name} are not numbers")
                    poly = self.entry(quantity.body, (), around)
                else:
                    poly = self.entry(quantity.body, letters, Around({}, {}, relevant))
            found = self._quantities[key, relevant] = (letters, poly, demands)
        letters, poly, demands = found
        return self._settled(poly, demands, {a: b for a, b in zip(letters, at, strict=True) if a != b}, {})

    # -- functions ----------------------------------------------------------------------------------

    def applied_shape(self, name: str, primes: int, shapes: list[Shape], around: Around) -> Shape:
        """Return the shape of a function's value."""
        function = self.program.functions.get(name)
        if function is not None and self._whole(name):
            return self.shape(function.body, self._parameters(name, shapes, around))
        signature = self.program.survey.signatures.get(name)
        if function is None and signature is not None and (any(signature[0]) or signature[1]):
            if primes or list(signature[0]) != shapes:
                raise Unproved(f"{name} is not given what it takes")
            return signature[1]
        return common(*shapes)

    def _whole(self, name: str) -> bool:
        """Return whether a function of the page takes arrays as a whole, not entry by entry."""
        return any(self.program.survey.shapes.get(parameter) for parameter in self.program.functions[name].parameters)

    def _parameters(self, name: str, shapes: list[Shape], around: Around) -> Around:
        parameters = self.program.functions[name].parameters
        if len(parameters) != len(shapes):
            raise Unproved(f"{name} takes {len(parameters)} argument(s)")
        local: dict[str, tuple[Leaf, Shape]] = {parameter: (("p", (name, parameter)), shape) for parameter, shape in zip(parameters, shapes, strict=True)}
        return replace(around, letters={}, parameters=local, closed=True)

    def applied(self, x: e.Apply, at: Place, around: Around) -> Poly:
        """Return an entry of a function's value."""
        name, shapes = x.name, [self.shape(argument, around) for argument in x.arguments]
        function = self.program.functions.get(name)
        if function is not None:
            whole = self._whole(name)
            letters, poly, demands = self._defined(name, x.primes, shapes if whole else [() for _ in shapes], around)
            names = {a: b for a, b in zip(letters, at, strict=True) if a != b} if whole else {}
            leaves: dict[Leaf, Source] = {}
            for parameter, argument in zip(function.parameters, x.arguments, strict=True):
                leaves["p", (name, parameter)] = self._source(argument, at, around, whole=whole)
            return self._settled(poly, demands, names, leaves)
        if name in BY_NAME and name not in self.program.survey.functions:
            return self._known(name, x, at, around)
        signature = self.program.survey.signatures.get(name)
        if signature is not None and (any(signature[0]) or signature[1]):
            self.applied_shape(name, x.primes, shapes, around)
            arguments = []
            for argument, shape in zip(x.arguments, shapes, strict=True):
                with self.bound(shape) as letters:
                    arguments.append(functions.shut(self.ring, letters, self.entry(argument, letters, around)))
            return functions.open_function(self.ring, name, at, (), arguments)
        if signature is not None and len(signature[0]) != len(shapes):
            raise Unproved(f"{name} takes {len(signature[0])} argument(s)")
        if x.primes and len(shapes) != 1:
            raise Unproved("a prime of a function of several arguments")
        slots: tuple[tuple[int, Place], ...] = ((0, ()),) * x.primes
        every: list[functions.Argument] = [((), freeze(self.part(argument, at, around))) for argument in x.arguments]
        return functions.open_function(self.ring, name, (), slots, every)

    def _source(self, argument: e.Expr, at: Place, around: Around, *, whole: bool) -> Source:
        return (lambda place: self.entry(argument, place, around)) if whole else (lambda place: self.part(argument, at, around))

    def _defined(self, name: str, primes: int, shapes: list[Shape], around: Around) -> Known:
        """Return a function of the page, differentiated `primes` times, in its parameters."""
        cuts = frozenset(cut for cut in around.cuts if cut[0] in self.program.reached(self.program.functions[name].body))
        key = (name, primes, tuple(shapes), cuts)
        found = self._functions.get(key)
        if found is None:
            function = self.program.functions[name]
            within = replace(self._parameters(name, shapes, around), cuts=cuts)
            shape = self.shape(function.body, within)
            if primes and (len(function.parameters) != 1 or any(shapes)):
                raise Unproved("a prime of a function of several numbers")
            if shape and not any(shapes):
                raise Unproved(f"{name} of a number is an array")
            letters = tuple((1, f"@{place}", klass) for place, klass in enumerate(shape))
            with self._apart() as demands:
                poly = self.entry(function.body, letters, within)
                for _ in range(primes):
                    poly = derivative(self.ring, poly, ("p", (name, function.parameters[0])), ())
            found = self._functions[key] = (letters, poly, demands)
        return found

    def _known(self, name: str, x: e.Apply, at: Place, around: Around) -> Poly:
        """Return a derivative of a known function."""
        leaf: Leaf = ("p", ("known", name))
        with self._apart() as demands:
            poly = arrays.elementwise(self, name, self.ring.single("p", (leaf[1], ())))
            for _ in range(x.primes):
                poly = derivative(self.ring, poly, leaf, ())
        return self._settled(poly, demands, {}, {leaf: lambda _: self.part(x.arguments[0], at, around)})

    def moved(self, x: e.At, at: Place, around: Around) -> Poly:
        """Return an entry of a quantity with some inputs replaced."""
        quantity = self.program.find(x.body)
        leaves: dict[Leaf, Source] = {}
        cut: dict[Key, Leaf] = {}
        for name, argument in x.replaced:
            target = self.program.find(e.Ref(x.span, name))
            if target.key not in self.program.ancestors(quantity.key):
                raise Unproved(f"{quantity.name} does not depend on {name}")
            if isinstance(argument, e.Ref) and argument.name == name and not argument.indices:
                continue
            if self.shape(argument, around) != self.quantity_shape(target):
                raise Unproved(f"{name} is replaced by something of another shape")
            cut[target.key] = ("p", ("at", target.key))
            leaves[cut[target.key]] = self._source(argument, (), around, whole=True)
        with self._apart() as demands:
            poly = self.quantity(quantity, at, self._cut(around.cuts, cut))
        return self._settled(poly, demands, {}, leaves)

    def _cut(self, cuts: Cuts, more: dict[Key, Leaf]) -> Cuts:
        """Return the cuts with some added: what is cut already must not depend on what is cut now."""
        for key, _ in cuts:
            if key not in more and not self.program.ancestors(key).isdisjoint(more):
                raise Unproved(f"{key[0]} is held fixed while something that it depends on varies")
        return frozenset(cut for cut in cuts if cut[0] not in more) | frozenset(more.items())

    # -- derivatives --------------------------------------------------------------------------------

    def laid_out(self, body: Shape, by: Shape, how: str) -> Shape:
        """Return the shape of a derivative of `body` by `by`."""
        if len(body) + len(by) > 2:
            raise Unproved("a derivative with more than two indices")
        return by + body if self._transposed(how) else body + by

    def _transposed(self, how: str) -> bool:
        return how == "gradient" or self.program.survey.settings.layout == "denominator"

    def _parts(self, at: Place, body: Shape, how: str) -> tuple[Place, Place]:
        """Return the indices of a derivative: those of what is differentiated, and those of what by."""
        if self._transposed(how):
            return at[len(at) - len(body) :], at[: len(at) - len(body)]
        return at[: len(body)], at[len(body) :]

    @staticmethod
    def _first(x: e.Deriv) -> tuple[e.Expr, e.Ref]:
        """Return what is differentiated last, and what by."""
        return (x.body if len(x.wrt) == 1 else e.Deriv(x.span, x.body, x.wrt[1:], x.shape)), x.wrt[0]

    def derivative_shape(self, x: e.Deriv, around: Around) -> Shape:
        """Return the shape of a derivative."""
        body, by = self._first(x)
        shape = self.quantity_shape(self.program.find(by))
        if by.indices and len(by.indices) != len(shape):
            raise Unproved(f"{by.name} stands with {len(by.indices)} index(es)")
        return self.shape(body, around) if by.indices else self.laid_out(self.shape(body, around), shape, x.shape)

    def derivative_entry(self, x: e.Deriv, at: Place, around: Around) -> Poly:
        """Return an entry of a derivative."""
        body, by = self._first(x)
        if by.indices:
            return self._derived(body, by, at, self.place(by.indices, self.quantity_shape(self.program.find(by)), around), around)
        inner, outer = self._parts(at, self.shape(body, around), x.shape)
        return self._derived(body, by, inner, outer, around)

    def _derived(self, body: e.Expr, by: e.Ref, at: Place, place: Place, around: Around) -> Poly:
        if by.name in around.parameters:
            raise Unproved("a derivative by a parameter inside its function")
        target = self.program.find(by)
        leaf: Leaf = ("q", target.key)
        inside = replace(around, cuts=self._cut(around.cuts, {target.key: leaf}))
        with self._apart() as demands:
            poly = derivative(self.ring, self.entry(body, at, inside), leaf, place)
        if target.body is None and not any(key == target.key for key, _ in around.cuts):
            return self._settled(poly, demands, {}, {})
        return self._settled(poly, demands, {}, {leaf: lambda indices: self.quantity(target, indices, around.cuts)})

    def contracted(self, x: e.Contract, at: Place, around: Around) -> Poly:
        """Return an entry of a product of derivatives, each denominator summed with the next numerator."""
        body = self.shape(x.factors[0].body, around)
        row, column = self._parts(at, body, "layout")
        return self._chain(x.factors, row, column, around)

    def _chain(self, factors: tuple[e.Deriv, ...], row: Place, column: Place, around: Around) -> Poly:
        first = factors[0]
        if len(factors) == 1:
            return self._derived(first.body, first.wrt[0], row, column, around)
        middle = self.quantity_shape(self.program.find(first.wrt[0]))
        if self.shape(factors[1].body, around) != middle:
            raise Unproved("these derivatives do not chain")

        def summed(classes: Shape, place: Place) -> Poly:
            if classes:
                return self.over(classes[0], lambda index: summed(classes[1:], (*place, index)))
            return self.ring.mul(self._derived(first.body, first.wrt[0], row, place, around), self._chain(factors[1:], place, column, around))

        return summed(middle, ())
