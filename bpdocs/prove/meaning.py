"""What an expression means to the prover: its shape, and each entry of it as a polynomial in inputs with letters for indices.

Definitions are put in until inputs are left, or quantities that are cut: a derivative ∂a/∂b cuts b, so that a is a formula in b.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from bpdocs.notation import expr as e
from bpdocs.program import Key
from bpdocs.prove import arrays, conditions, functions
from bpdocs.prove.calculus import Calculus
from bpdocs.prove.decide import vanishes
from bpdocs.prove.shapes import ONE, Shape, common, inner, outer, rows, turned
from bpdocs.prove.table import LAST, Index, Leaf, Poly, Unproved

Place = tuple[Index, ...]


@dataclass(frozen=True)
class Around:
    """What stands around an expression: letters that are bound, parameters of the function that it defines, quantities that are cut."""

    letters: dict[str, Index] = field(default_factory=dict)
    parameters: dict[str, tuple[Leaf, Shape]] = field(default_factory=dict)
    cuts: frozenset[tuple[Key, Leaf]] = frozenset()
    closed: bool = True  # a letter that nothing binds is an error (in a definition), not free (in a claim)


class Meaning(Calculus):
    """Expressions of one program as polynomials."""

    def shape(self, x: e.Expr, around: Around) -> Shape:
        """Return the shape of an expression."""
        match x:
            case e.Num() | e.Letter() | e.Size():
                return ()
            case e.Ref(_, name, indices, _):
                base = self._base_shape(x, around)
                if indices and len(indices) != len(base):
                    raise Unproved(f"{name} stands with {len(indices)} index(es)")
                return () if indices else base
            case e.Add(_, terms):
                return common(*(self.shape(term, around) for term in terms))
            case e.Neg(_, body) | e.Show(_, body, _):
                return self.shape(body, around)
            case e.Mul(_, left, right, how):
                return self._product_shape(self.shape(left, around), self.shape(right, around), how)
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
            case e.Bind(_, _, letter, size, _, _, _, body):
                return self.shape(body, self._inside(around, letter, (1, f"@{letter}", size)))
            case e.Compare(_, left, _, right):
                return common(self.shape(left, around), self.shape(right, around))
            case e.Call(_, name, arguments):
                return arrays.shape(name, arguments, [self.shape(argument, around) for argument in arguments])
            case e.Apply(_, name, primes, arguments):
                return self.applied_shape(name, primes, [self.shape(argument, around) for argument in arguments], around)
            case e.At(_, body, _):
                return self.quantity_shape(self.program.find(body))
            case e.Deriv():
                return self.derivative_shape(x, around)
            case e.Contract(_, factors):
                first, last = self.shape(factors[0].body, around), self.quantity_shape(self.program.find(factors[-1].wrt[0]))
                return self.laid_out(first, last, "layout")
            case e.Either(_, readings, _):
                first, second = (self.shape(reading, around) for reading in readings)
                if first != second:
                    raise Unproved("two readings of different shapes")
                return first
            case e.Cases(_, branches):
                return common(*(self.shape(part, around) for branch in branches for part in branch if part is not None))
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
                return self._product(left, right, how, at, around)
            case e.Div(_, over, under, _):
                below = self.part(under, at, around)
                self.demand("nonzero", below)
                return ring.mul(self.part(over, at, around), ring.inverse(below))
            case e.Pow(_, base, exponent):
                return self._power(base, exponent, at, around)
            case e.Transpose(span, body, letter):
                shape = self.shape(body, around)
                if letter and not shape:
                    return self.entry(e.Pow(span, body, e.Ref(span, letter)), at, around)
                return self.entry(body, at[1:] if len(shape) == 1 else ((0, 1, ONE), *at) if len(at) == 1 else at[::-1], around)
            case e.Pick(_, body, indices):
                return self.entry(body, self.place(indices, self.shape(body, around), around), around)
            case e.Bind():
                return self._bind(x, at, around)
            case e.Compare():
                return conditions.indicator(self, x, at, around)
            case e.Call(_, name, arguments):
                return arrays.entry(self, name, arguments, at, around)
            case e.Apply():
                return self.applied(x, at, around)
            case e.At():
                return self.moved(x, at, around)
            case e.Deriv():
                return self.derivative_entry(x, at, around)
            case e.Contract():
                return self.contracted(x, at, around)
            case e.Either(_, readings, _):
                first, second = (self.entry(reading, at, around) for reading in readings)
                if first != second and not vanishes(ring, ring.minus(first, second)):
                    raise Unproved("two readings that are not proved equal")
                return first
            case e.Cases(_, branches):
                return conditions.cases(self, branches, at, around)
            case e.Array(_, cells):
                return self._array(cells, at, around)
        raise Unproved(f"{type(x).__name__} is not handled")

    def part(self, x: e.Expr, at: Place, around: Around) -> Poly:
        """Return an entry of what is combined entry by entry: a number goes with every entry."""
        return self.entry(x, at if self.shape(x, around) else (), around)

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
        raise Unproved("an index that is computed")

    def _inside(self, around: Around, letter: str, index: Index) -> Around:
        return replace(around, letters={**around.letters, letter: index})

    def _number(self, value: float, text: str) -> Poly:
        if text in ("e", r"\mathrm{e}"):
            return functions.exponential(self.ring, self.ring.number(1))
        if text == r"\pi":
            return self.ring.single("π", None)
        exact = Fraction(text)
        if float(exact) != value:
            raise Unproved(f"the number {text}")
        return self.ring.number(int(exact) if exact.denominator == 1 else exact)

    def _reference(self, x: e.Ref, at: Place, around: Around) -> Poly:
        shape = self._base_shape(x, around)
        place = self.place(x.indices, shape, around) if x.indices else at
        if x.name in around.parameters:
            kind, name = around.parameters[x.name][0]
            return self.ring.single(kind, (name, place))
        return self.quantity(self.program.find(x), place, around.cuts)

    def _base_shape(self, x: e.Ref, around: Around) -> Shape:
        if x.name in around.parameters:
            return around.parameters[x.name][1]
        return self.quantity_shape(self.program.find(x))

    # -- products and powers ------------------------------------------------------------------------

    @staticmethod
    def _product_shape(left: Shape, right: Shape, how: str) -> Shape:
        if how == "⊙":
            return common(left, right)
        if how == "⊗":
            if len(left) != 1 or len(right) != 1:
                raise Unproved("⊗ between what are not columns")
            return outer(left, turned(right))
        if how == "·" and len(left) == len(right) == 1:
            return outer(turned(left), right)
        if how == "×" and left and right:
            raise Unproved("× between arrays")
        if how not in ("", "·", "×"):
            raise Unproved(f"the product {how}")
        return outer(left, right) if left and right else left or right

    def _product(self, left: e.Expr, right: e.Expr, how: str, at: Place, around: Around) -> Poly:
        a, b = self.shape(left, around), self.shape(right, around)
        self._product_shape(a, b, how)
        if how == "⊙" or not a or not b:
            return self.ring.mul(self.entry(left, at if a else (), around), self.entry(right, at if b else (), around))
        if how == "⊗":
            return self.ring.mul(self.entry(left, at[:1], around), self.entry(right, at[1:], around))
        if how == "·" and len(a) == len(b) == 1:
            return self.over(inner(turned(a), b), lambda m: self.ring.mul(self.entry(left, (m,), around), self.entry(right, (m,), around)))
        whole = (rows(a)[0], rows(b)[1])
        row, column = at if len(at) == 2 else (at[0], (0, 1, ONE)) if at else ((0, 1, whole[0]), (0, 1, whole[1]))

        def term(m: Index) -> Poly:
            return self.ring.mul(self.entry(left, (row, m)[: len(a)], around), self.entry(right, (m, column)[: len(b)], around))

        return self.over(inner(a, b), term)

    def over(self, klass: str, term: Callable[[Index], Poly]) -> Poly:
        """Return the sum of terms over a class."""
        if klass.isdigit():
            return self.ring.total(term((0, place, klass)) for place in range(1, int(klass) + 1))
        with self.bound((klass,)) as (letter,):
            return self.ring.close((letter,), term(letter))

    def _power(self, base: e.Expr, exponent: e.Expr, at: Place, around: Around) -> Poly:
        ring, shape = self.ring, self.shape(base, around)
        raised = self.part(exponent, at, around)
        whole = raised.get((), 0) if len(raised) <= 1 and set(raised) <= {()} else None
        literal = isinstance(exponent, e.Num) or (isinstance(exponent, e.Neg) and isinstance(exponent.body, e.Num))
        if literal and whole is not None and whole.denominator == 1 and len(shape) == 2:
            if whole < 1 or shape[0] != shape[1]:
                raise Unproved("this power of a matrix")
            if whole == 1:
                return self.entry(base, at, around)
            less = e.Pow(exponent.span, base, e.Num(exponent.span, float(int(whole) - 1), str(int(whole) - 1)))
            return self.over(shape[0], lambda m: ring.mul(self.entry(base, (at[0], m), around), self.entry(less, (m, at[1]), around)))
        below = self.part(base, at, around)
        if whole is not None and whole.denominator == 1 and literal and -12 <= whole <= 12:
            if whole < 0:
                self.demand("nonzero", below)
            return ring.power(below, int(whole))
        self.demand("positive", below)
        if whole is not None:
            return ring.power(below, whole)
        return functions.exponential(ring, ring.mul(raised, functions.logarithm(ring, below)))

    def _array(self, cells: tuple[tuple[e.Expr, ...], ...], at: Place, around: Around) -> Poly:
        if any(self.shape(cell, around) for row in cells for cell in row):
            raise Unproved("a matrix of arrays")
        classes = self.shape(e.Array(cells[0][0].span, cells), around)
        out: Poly = {}
        for i, row in enumerate(cells):
            for j, cell in enumerate(row):
                part = self.entry(cell, (), around)
                for index, place, klass in zip(at, (i, j), classes, strict=False):
                    part = self.ring.mul(part, self.ring.delta(index, (0, place + 1, klass)))
                out = self.ring.add(out, part)
        return out

    # -- what binds ---------------------------------------------------------------------------------

    def _bind(self, x: e.Bind, at: Place, around: Around) -> Poly:
        with self.bound((x.size,)) as (letter,):
            return self._bound(x, letter, at, around)

    def _bound(self, x: e.Bind, letter: Index, at: Place, around: Around) -> Poly:
        ring = self.ring
        within = self._inside(around, x.letter, letter)
        body = self.entry(x.body, at, within)
        limits = [e.Compare(x.span, e.Letter(x.span, x.letter), relation, limit) for limit, relation in ((x.low, "≥"), (x.high, "≤")) if limit is not None]
        limits += [x.condition] if x.condition is not None else []
        mask = ring.product(conditions.indicator(self, limit, (), within) for limit in limits)
        if x.how == "Σ":
            return ring.close((letter,), ring.mul(mask, body))
        if mask != ring.number(1):
            return conditions.product_without(self, letter, body, mask) if x.how == "Π" else self._refused()
        if x.how == "Π":
            return functions.over_letter(ring, letter, body)
        return functions.open_function(ring, ("known", x.how), (), (), [functions.shut(ring, (letter,), body)])

    def _refused(self) -> Poly:
        raise Unproved("max or min over some of the indices")
