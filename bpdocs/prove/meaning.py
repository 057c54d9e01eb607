"""What an expression means to the prover: its shape, and each entry of it as a polynomial in inputs with letters for indices.

Definitions are put in until inputs are left, or quantities that are cut: a derivative ∂a/∂b cuts b, so that a is a formula in b.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from bpdocs.notation import expr as e
from bpdocs.prove import applied, arrays, calculus, conditions, functions, products, quantities
from bpdocs.prove.decide import vanishes
from bpdocs.prove.shapes import ONE, Shape, common, turned
from bpdocs.prove.state import Around, Place, State
from bpdocs.prove.table import LAST, Index, Poly, Unproved


class Meaning(State):
    """Expressions of one program as polynomials."""

    def shape(self, x: e.Expr, around: Around) -> Shape:
        """Return the shape of an expression."""
        if around.parameters:
            return self._shape(x, around)
        kept = self.expressions.get(id(x))
        if kept is None:
            kept = self.expressions[id(x)] = (x, self._shape(x, around))
        return kept[1]

    def _shape(self, x: e.Expr, around: Around) -> Shape:
        match x:
            case e.Num() | e.Letter() | e.Size():
                return ()
            case e.Ref(_, name, indices, _):
                base = self._base_shape(x, around)
                if self._is_row(x, base):
                    return base[1:]
                if indices and len(indices) != len(base):
                    raise Unproved(f"{name} stands with {len(indices)} index(es)")
                return () if indices else base
            case e.Add(_, terms):
                return common(*(self.shape(term, around) for term in terms))
            case e.Neg(_, body) | e.Show(_, body, _):
                return self.shape(body, around)
            case e.Mul(_, left, right, how):
                return products.shape(self.shape(left, around), self.shape(right, around), how)
            case e.Div(_, over, under, how):
                below = self.shape(under, around)
                if below and how != "⊘":
                    raise Unproved("an array stands below the bar")
                return common(self.shape(over, around), below)
            case e.Pow(_, base, exponent):
                return common(self.shape(base, around), self.shape(exponent, around))
            case e.Transpose(_, body, letter):
                shape = self.shape(body, around)
                return () if letter and not shape else turned(shape)
            case e.Pick(_, body, indices):
                if len(self.shape(body, around)) != len(indices):
                    raise Unproved("the number of indices does not fit")
                return ()
            case e.Bind():
                return self.shape(x.body, around)
            case e.Compare(_, left, _, right):
                return common(self.shape(left, around), self.shape(right, around))
            case e.Call(_, name, arguments):
                return arrays.shape(name, arguments, [self.shape(argument, around) for argument in arguments])
            case e.Apply(_, name, primes, arguments):
                return applied.shape(self, name, primes, [self.shape(argument, around) for argument in arguments], around)
            case e.At(_, body, _):
                return quantities.shape(self, self.find(body))
            case e.Deriv():
                return calculus.shape(self, x, around)
            case e.Contract(_, factors):
                first, last = self.shape(factors[0].body, around), quantities.shape(self, self.find(factors[-1].wrt[0]))
                return calculus.laid_out(self, first, last, "layout")
            case e.Either(_, readings, _):
                first, second = (self.shape(reading, around) for reading in readings)
                if first != second:
                    raise Unproved("two readings of different shapes")
                return first
            case e.Cases(_, branches):
                return common(*(self.shape(part, around) for branch in branches for part in branch if part is not None))
            case e.Bar(_, body, _):
                return self.shape(body, around)
            case e.Family(_, _, size, body, way):
                return products.family_shape(self.shape(body, around), size, way)
            case e.Array(_, cells):
                return (str(len(cells)),) if len(cells[0]) == 1 else (str(len(cells)), str(len(cells[0])))
        raise Unproved(f"{type(x).__name__} is not handled")

    def entry(self, x: e.Expr, at: Place, around: Around) -> Poly:
        """Return one entry of an expression; `at` has an index for each axis of its shape (or none, where it is a number)."""
        ring = self.ring
        match x:
            case e.Num(_, value, text):
                return self._number(value, text)
            case e.Letter(_, name):
                return ring.place(self.letter(name, around))
            case e.Size(_, name):
                return ring.size(name)
            case e.Ref():
                return self._reference(x, at, around)
            case e.Add(_, terms):
                return ring.total(self.part(term, at, around) for term in terms)
            case e.Neg(_, body):
                return ring.scale(self.entry(body, at, around), -1)
            case e.Show(_, body, _):
                return self.entry(body, at, around)
            case e.Mul(_, left, right, how):
                return products.entry(self, left, right, how, at, around)
            case e.Div(_, over, under, _):
                below = self.part(under, at, around)
                self.demand("nonzero", below)
                return ring.mul(self.part(over, at, around), ring.inverse(below))
            case e.Pow(_, base, exponent):
                return products.power(self, base, exponent, at, around)
            case e.Transpose(span, body, letter):
                shape = self.shape(body, around)
                if letter and not shape:
                    return self.entry(e.Pow(span, body, e.Ref(span, letter)), at, around)
                return self.entry(body, at[1:] if len(shape) == 1 else ((0, 1, ONE), *at) if len(at) == 1 else at[::-1], around)
            case e.Pick(_, body, indices):
                return self.entry(body, self.place(indices, self.shape(body, around), around), around)
            case e.Bind():
                return conditions.bind(self, x, at, around)
            case e.Compare():
                return conditions.indicator(self, x, at, around)
            case e.Call(_, name, arguments):
                return arrays.entry(self, name, arguments, at, around)
            case e.Apply():
                return applied.entry(self, x, at, around)
            case e.At():
                return quantities.moved(self, x, at, around)
            case e.Deriv():
                return calculus.entry(self, x, at, around)
            case e.Contract():
                return calculus.contracted(self, x, at, around)
            case e.Either(_, readings, _):
                first, second = (self.entry(reading, at, around) for reading in readings)
                if first != second and not vanishes(ring, ring.minus(first, second)):
                    raise Unproved("two readings that are not proved equal")
                return first
            case e.Cases(_, branches):
                return conditions.cases(self, branches, at, around)
            case e.Bar():
                return quantities.barred(self, x, at, around)
            case e.Family(_, letter, _, body, way):
                column = way == "row" or not self.shape(body, around)
                index, place = (at[-1], ()) if column else (at[0], ((0, 1, ONE), at[1]))
                return self.entry(body, place, self.inside(around, letter, index))
            case e.Array(_, cells):
                return products.cell(self, cells, at, around)
        raise Unproved(f"{type(x).__name__} is not handled")

    def part(self, x: e.Expr, at: Place, around: Around) -> Poly:
        """Return an entry of what is combined entry by entry: a number goes with every entry."""
        return self.entry(x, at if self.shape(x, around) else (), around)

    def over(self, klass: str, term: Callable[[Index], Poly]) -> Poly:
        """Return the sum of terms over a class."""
        if klass.isdigit():
            return self.ring.total(term((0, place, klass)) for place in range(1, int(klass) + 1))
        with self.bound((klass,)) as (letter,):
            return self.ring.close((letter,), term(letter))

    def whole(self, x: e.Expr, around: Around) -> functions.Argument:
        """Return all entries of an array, as an argument of a function of arrays."""
        with self.bound(self.shape(x, around)) as letters:
            return functions.shut(self.ring, letters, self.entry(x, letters, around))

    # -- letters and numbers ------------------------------------------------------------------------

    def letter(self, name: str, around: Around) -> Index:
        """Return the index that a letter is."""
        found = around.letters.get(name)
        if found is not None:
            return found
        klass = self.program.survey.klass(name)
        if klass is None or klass == "?" or around.closed:
            raise Unproved(f"the index {name} is free")
        return (1, name, klass)

    def inside(self, around: Around, letter: str, index: Index) -> Around:
        """Return what stands around with a letter bound."""
        return replace(around, letters={**around.letters, letter: index})

    def place(self, indices: tuple[e.Expr, ...], shape: Shape, around: Around) -> Place:
        """Return the indices of an entry."""
        return tuple(self.index(index, klass, around) for index, klass in zip(indices, shape, strict=True))

    def index(self, x: e.Expr, klass: str, around: Around) -> Index:
        """Return an index along an axis of class `klass`."""
        if isinstance(x, e.Letter):
            found = self.letter(x.name, around)
            if found[2] != klass:
                raise Unproved(f"{x.name} does not run to {klass}")
            return found
        if isinstance(x, e.Num) and x.value == int(x.value) and 1 <= x.value and (not klass.isdigit() or x.value <= int(klass)):
            return (0, int(x.value), klass)
        if isinstance(x, e.Size) and x.name == klass:
            return (0, int(klass) if klass.isdigit() else LAST, klass)
        if isinstance(x, e.Ref) and self.program.survey.indexing.get(x.name) == klass:
            return self.looked_up(x, around)
        raise Unproved("an index that is computed")

    def looked_up(self, x: e.Ref, around: Around) -> Index:
        """Return the index that an entry of an input is."""
        quantity = self.find(x)
        if x.name in around.parameters or quantity.body is not None or any(key == quantity.key for key, _ in around.cuts):
            raise Unproved("an index that is computed")
        shape = quantities.shape(self, quantity)
        if len(shape) != len(x.indices):
            raise Unproved(f"{x.name} stands with {len(x.indices)} index(es)")
        return (-1, (quantity.key, self.place(x.indices, shape, around)), self.program.survey.indexing[x.name])

    def _number(self, value: float, text: str) -> Poly:
        if text in ("e", r"\mathrm{e}"):
            return functions.exponential(self.ring, self.ring.number(1))
        if text == r"\pi":
            return self.ring.single("π", None)
        exact = Fraction(text)
        if float(exact) != value:
            raise Unproved(f"the number {text}")
        return self.ring.number(int(exact) if exact.denominator == 1 else exact)

    # -- references ---------------------------------------------------------------------------------

    def _reference(self, x: e.Ref, at: Place, around: Around) -> Poly:
        shape = self._base_shape(x, around)
        place = (*self.place(x.indices, shape[:1], around), *at) if self._is_row(x, shape) else self.place(x.indices, shape, around) if x.indices else at
        if x.name in around.parameters:
            kind, name = around.parameters[x.name][0]
            return self.ring.single(kind, (name, place))
        if x.name in self.program.survey.indexing:
            return self.ring.place(self.looked_up(x, around))
        return quantities.entry(self, self.find(x), place, around.cuts)

    @staticmethod
    def _is_row(x: e.Ref, base: Shape) -> bool:
        """Return whether a reference is a row of a matrix, by an index that is looked up."""
        return len(base) == 2 and len(x.indices) == 1 and isinstance(x.indices[0], e.Ref)

    def _base_shape(self, x: e.Ref, around: Around) -> Shape:
        if x.name in around.parameters:
            return around.parameters[x.name][1]
        return quantities.shape(self, self.find(x))
