"""A formula's value at a point: the page's program is run, and ∂a/∂b is b overridden, everything downstream recomputed, a read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from bpdocs.budget import numbers_fit, spend
from bpdocs.measure import choices, derive, functions
from bpdocs.measure import values as v
from bpdocs.measure.arrays import call
from bpdocs.measure.branches import Branches, even
from bpdocs.measure.jets import FEW, STEP, Jet, apply, integer_power, primal, structural
from bpdocs.measure.linear import inverse, kronecker
from bpdocs.measure.noise import Shaker
from bpdocs.measure.sample import Point
from bpdocs.measure.values import Ambiguous, Letters, Mismatch, NotSupported, Value
from bpdocs.notation import expr as e
from bpdocs.program import Key, Program, Quantity

__all__ = ["Ambiguous", "Evaluator"]


class Evaluator:
    """Values at one point, with some quantities overridden."""

    def __init__(self, program: Program, point: Point, override: dict[Key, Value] | None = None, parent: Evaluator | None = None) -> None:
        self.program, self.point, self.override, self.parent = program, point, override or {}, parent
        self.memo: dict[Key, Value] = {}
        self._shaken: dict[int, Evaluator] = {}
        self.complex: bool = parent.complex if parent else False
        self.shaker: Shaker | None = parent.shaker if parent else None
        self.branches: Branches = parent.branches if parent else Branches()
        self.sizes = {size: name.lstrip("#") for name, size in point.sizes.items()}

    def forget(self) -> None:
        """Drop all that was computed at this point, as its inputs are about to change."""
        self.memo.clear()
        self._shaken.clear()
        self.branches.clear()

    # -- quantities ---------------------------------------------------------------------------------

    def quantity(self, quantity: Quantity) -> Value:
        """Return a quantity with all its own axes as array axes."""
        key = quantity.key
        if key in self.override:
            return self.override[key]
        if key in self.memo:
            return self.memo[key]
        if self.parent is not None and not (self.program.ancestors(key) & self.override.keys()):
            return self.parent.quantity(quantity)
        self.program.ancestors(key)  # says so where a definition needs itself
        if quantity.body is None:
            data = self.point.inputs[key]
            found = Value(data, (), np.ndim(data), exact=True)
        else:
            letters = {letter: (letter, klass) for letter, klass in zip(quantity.letters, quantity.signature or (), strict=False)}
            body = self.value(quantity.body, letters, {})
            if quantity.letters:
                if body.rank:
                    raise Mismatch(f"the entries of {quantity.name} are numbers, and the right side is {v.described(body.shape, self.sizes)}")
                extra = [axis for axis in body.axes if not axis.startswith("∂") and axis not in quantity.letters]
                if extra:
                    raise Mismatch(f"{extra[0].rstrip('~')} is free on the right side and not on the left")
                found = v.unname(body, quantity.letters, tuple(self.point.sizes[klass] for klass in quantity.signature or ()))
            else:
                extra = [axis for axis in body.axes if not axis.startswith("∂")]
                if extra:
                    raise Mismatch(f"{extra[0].rstrip('~')} is free on the right side and not on the left")
                shape = tuple(self.point.sizes[klass] for klass in self.program.survey.shapes.get(quantity.name, ()))
                found = v.filled(body, shape) if shape and not body.rank else body
        self.memo[key] = found
        return found

    def inside(self, override: dict[Key, Value] | None = None) -> Evaluator:
        """Return an evaluator that sees this one, with some quantities overridden."""
        return Evaluator(self.program, self.point, override, self)

    # -- expressions --------------------------------------------------------------------------------

    def value(self, x: e.Expr, letters: Letters, local: dict[str, Value]) -> Value:
        """Return the value of an expression."""
        spend()
        found = self._value(x, letters, local)
        return found if self.shaker is None else self.shaker.value(found)

    @property
    def rounding(self) -> Callable[[Any], Any] | None:
        """What is done to intermediate results inside of a function, or nothing."""
        return None if self.shaker is None else self.shaker.data

    def shaken(self, turn: int) -> Evaluator:
        """Return an evaluator at the same point whose every intermediate result is off by a few units in its last place."""
        if turn not in self._shaken:
            self._shaken[turn] = Evaluator(self.program, self.point, self.override)
            self._shaken[turn].shaker = Shaker(turn)
        return self._shaken[turn]

    def _value(self, x: e.Expr, letters: Letters, local: dict[str, Value]) -> Value:
        match x:
            case e.Num(_, value, _):
                return v.number(value)
            case e.Ref():
                return self._reference(x, letters, local)
            case e.Letter(_, name):
                axis, klass = self.letter(name, letters)
                numbers_fit((self.point.sizes[klass],))
                return Value(np.arange(1.0, self.point.sizes[klass] + 1), (axis,), exact=True)
            case e.Size(_, name):
                return v.number(self.point.sizes[name])
            case e.Add(_, terms):
                values = [self.value(term, letters, local) for term in terms]
                self.branches.add(x, values)
                total = values[0]
                for following in values[1:]:
                    total = v.elementwise(lambda a, b: a + b, total, following, self.sizes)
                return total
            case e.Neg(_, body):
                inner = self.value(body, letters, local)
                return replace(inner, data=-inner.data)
            case e.Mul(_, left, right, how):
                if isinstance(left, e.Ref) and isinstance(right, e.Ref) and left.name == right.name:
                    self.branches.note(x, np.sign(primal(self.value(left, letters, local).data)))
                return self._product(self.value(left, letters, local), self.value(right, letters, local), how)
            case e.Div(_, over, under, how):
                return self._quotient(self.value(over, letters, local), self.value(under, letters, local), how)
            case e.Pow():
                return self._power(x, letters, local)
            case e.Transpose(span, body, letter):
                inner = self.value(body, letters, local)
                if inner.rank == 0 and letter:
                    return self._power(e.Pow(span, body, e.Ref(span, letter)), letters, local)
                return v.transpose(inner)
            case e.Pick(_, body, indices):
                inner = self.value(body, letters, local)
                return self._pick(inner, indices, letters, local, "what stands in brackets")
            case e.Bind():
                return choices.bind(self, x, letters, local)
            case e.Compare():
                return choices.condition(self, x, letters, local)
            case e.Call(_, name, arguments):
                values = [self.value(argument, letters, local) for argument in arguments]
                self.branches.call(x, name, values, self.sizes)
                return call(name, values, self.sizes, self.point)
            case e.Apply():
                values = [self.value(argument, letters, local) for argument in x.arguments]
                if x.name not in self.program.survey.functions:
                    self.branches.call(x, x.name, values, self.sizes)
                return functions.apply(self, x, values)
            case e.Bar(_, body, replaced):
                return functions.bar(self, body, replaced, letters, local)
            case e.At(_, body, replaced):
                return functions.at(self, body, replaced, letters, local)
            case e.Deriv(_, body, wrt, shape):
                return derive.derivative(self, body, wrt, shape, letters, local)
            case e.Contract(_, factors):
                return derive.contract(self, factors, letters, local)
            case e.Either(_, readings, hint):
                if self.shaker is not None:
                    return self.value(readings[0], letters, local)
                first, second = (self.value(reading, letters, local) for reading in readings)
                if not _same(first, second):
                    raise Ambiguous(hint)
                return first
            case e.Cases(_, branches):
                return choices.cases(self, branches, letters, local)
            case e.Array(_, rows):
                return self._array(rows, letters, local)
            case e.Family():
                return choices.family(self, x, letters, local)
            case e.Unsupported(_, what):
                raise NotSupported(f"{what} is not supported")
            case e.Show(_, body, _):
                return self.value(body, letters, local)
        raise NotSupported(f"{type(x).__name__} is not supported")

    def letter(self, name: str, letters: Letters) -> tuple[str, str]:
        """Return the axis and the class of an index letter."""
        if name in letters:
            return letters[name]
        klass = self.program.survey.klass(name)
        if klass is None:
            raise NotSupported(f"the index {name} has no range")
        return name, klass

    def _reference(self, x: e.Ref, letters: Letters, local: dict[str, Value]) -> Value:
        if x.name in local and not x.signature:
            return local[x.name]
        found = local[x.name] if x.name in local else self.quantity(self.program.find(x))
        if not x.indices:
            return found
        return self._pick(found, x.indices, letters, local, x.name)

    def _pick(self, found: Value, indices: tuple[e.Expr, ...], letters: Letters, local: dict[str, Value], name: str) -> Value:
        if found.rank == 2 and len(indices) == 1 and isinstance(indices[0], e.Ref):
            rows = v.gather(v.name_array_axes(found, ("@row", "@column")), "@row", self.value(indices[0], letters, local))
            return v.unname(rows, ("@column",), found.shape[1:])
        if found.rank != len(indices):
            raise Mismatch(f"{name} is {v.described(found.shape, self.sizes)} and stands with {len(indices)} index(es)")
        names = tuple(f"@{place}" for place in range(found.rank))
        shape = found.shape
        value = v.name_array_axes(found, names)
        for axis, index, size in zip(names, indices, shape, strict=True):
            for part in e.walk(index):
                if isinstance(part, e.Letter):
                    klass = self.letter(part.name, letters)[1]
                    if self.point.sizes[klass] != size and isinstance(index, e.Letter):
                        raise Mismatch(f"{part.name} runs to {klass.lstrip('#')}, and this index of {name} to {self.sizes.get(size, size)}")
            if isinstance(index, e.Letter):
                target = self.letter(index.name, letters)[0]
                if target not in value.axes:
                    value = replace(value, axes=tuple(target if a == axis else a for a in value.axes))
                    continue
            value = v.gather(value, axis, self.value(index, letters, local))
        return value

    def _product(self, left: Value, right: Value, how: str) -> Value:
        if how == "⊙":
            return v.elementwise(lambda a, b: a * b, left, right, self.sizes)
        if how == "⊗":
            if left.rank == 1 and right.rank == 1:
                return v.matmul(left, v.transpose(right), self.sizes)
            return kronecker(left, right)
        if how == "·" and left.rank == 1 and right.rank == 1:
            return v.matmul(v.transpose(left), right, self.sizes)
        if how == "×" and left.rank and right.rank:
            raise NotSupported("× between arrays is not supported: write \\odot, or nothing for the matrix product")
        if how not in ("", "·", "×"):
            raise NotSupported(f"{how} is not supported")
        return v.matmul(left, right, self.sizes)

    def _quotient(self, over: Value, under: Value, how: str) -> Value:
        if under.rank and how != "⊘":
            raise NotSupported("an array stands below the bar: write \\oslash for the elementwise quotient")
        return v.elementwise(lambda a, b: a / b if isinstance(a, Jet) or isinstance(b, Jet) else _divide(a, b), over, under, self.sizes)

    def _power(self, x: e.Pow, letters: Letters, local: dict[str, Value]) -> Value:
        base = self.value(x.base, letters, local)
        if even(x):
            self.branches.note(x, np.sign(primal(base.data)))
        whole = _integer(x.exponent)
        if whole is not None and base.rank == 2:
            if base.shape[0] != base.shape[1]:
                raise Mismatch(f"a power of a matrix that is {v.described(base.shape, self.sizes)} and not square")
            if whole == 0:
                raise NotSupported("the power 0 of a matrix is not supported: write I")
            base = Value(inverse(base.data), base.axes, 2) if whole < 0 else base
            return self._matrix_power(base, abs(whole))
        if whole is not None and 0 <= whole <= FEW:
            return replace(base, data=integer_power(base.data, whole))
        if whole is not None and -FEW <= whole < 0:
            return self._quotient(v.number(1.0), Value(integer_power(base.data, -whole), base.axes, 0 if not base.rank else base.rank), "⊘")
        exponent = self.value(x.exponent, letters, local)
        turn = Value(np.ones(()))
        if not isinstance(exponent.data, Jet) and np.array_equal(exponent.data, np.rint(np.real(exponent.data))):
            sign = Value(np.where(primal(base.data) < 0, -1.0, 1.0), base.axes, base.rank)
            base = v.elementwise(lambda a, b: a * b, base, sign, self.sizes)
            turn = v.elementwise(lambda a, b: a ** np.real(b), sign, exponent, self.sizes)
        logs = Value(apply("log", base.data), base.axes, base.rank)
        product = v.elementwise(lambda a, b: a * b, logs, exponent, self.sizes)
        return v.elementwise(lambda a, b: a * b, Value(apply("exp", product.data), product.axes, product.rank), turn, self.sizes)

    def _matrix_power(self, base: Value, whole: int) -> Value:
        if whole > FEW:
            half = self._matrix_power(base, whole // 2)
            square = v.matmul(half, half, self.sizes)
            return v.matmul(square, base, self.sizes) if whole % 2 else square
        out = base
        for _ in range(whole - 1):
            out = v.matmul(out, base, self.sizes)
        return out

    def _array(self, rows: tuple[tuple[e.Expr, ...], ...], letters: Letters, local: dict[str, Value]) -> Value:
        cells = [[self.value(cell, letters, local) for cell in row] for row in rows]
        if any(cell.rank for row in cells for cell in row):
            raise NotSupported("a matrix of arrays is not supported")
        axes = v.union(*(cell for row in cells for cell in row))
        total: Any = 0.0
        for i, row in enumerate(cells):
            for j, cell in enumerate(row):
                unit = np.zeros((len(rows), len(row)))
                unit[i, j] = 1.0
                total = total + structural(v.spread(cell, axes), lambda d: d[..., None, None]) * unit
        out = Value(total, axes, 2)
        return Value(structural(total, lambda d: d[..., 0]), axes, 1) if len(rows[0]) == 1 else out


def _divide(a: Any, b: Any) -> Any:
    with np.errstate(all="ignore"):
        return a / b


def _integer(x: e.Expr) -> int | None:
    if isinstance(x, e.Num) and x.value.is_integer():
        return int(x.value)
    if isinstance(x, e.Neg) and (inner := _integer(x.body)) is not None:
        return -inner
    return None


def _same(first: Value, second: Value) -> bool:
    """Return whether two readings came out the same, in their derivatives too if they carry any."""
    if first.rank != second.rank or first.shape != second.shape:
        return False
    axes = v.union(first, second)
    return all(np.allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True) for a, b in zip(_parts(v.spread(first, axes)), _parts(v.spread(second, axes)), strict=True))


def _parts(data: Any) -> list[Any]:
    """Return the real numbers that a value is made of: its own and those of its derivatives."""
    if isinstance(data, Jet):
        return [*_parts(data.value), *_parts(data.slope)]
    return [np.real(data), np.imag(data) / STEP]
