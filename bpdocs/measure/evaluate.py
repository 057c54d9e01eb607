"""A formula's value at a point: the page's program is run, and ∂a/∂b is b overridden, everything downstream recomputed, a read."""

from __future__ import annotations

import itertools
from functools import partial
from typing import Any

import numpy as np

from bpdocs.measure import values as v
from bpdocs.measure.jets import Jet, apply, choose, derivative, integer_power, primal, structural
from bpdocs.measure.sample import Point
from bpdocs.measure.values import Mismatch, NotSupported, Value
from bpdocs.notation import expr as e
from bpdocs.notation.operators import BY_NAME
from bpdocs.notation.tokens import Unread
from bpdocs.program import Key, Program, Quantity

STEP = 1e-20
_tags = itertools.count(1)
Letters = dict[str, tuple[str, str]]  # letter → (axis, class)


class Ambiguous(Exception):
    """Two readings of one formula that came out differently."""

    def __init__(self, hint: str) -> None:
        super().__init__(hint)
        self.hint = hint


class Evaluator:
    """Values at one point, with some quantities overridden."""

    def __init__(self, program: Program, point: Point, override: dict[Key, Value] | None = None, parent: Evaluator | None = None) -> None:
        self.program, self.point, self.override, self.parent = program, point, override or {}, parent
        self.memo: dict[Key, Value] = {}
        self.complex: bool = parent.complex if parent else False
        self.sizes = {size: name.lstrip("#") for name, size in point.sizes.items()}

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
        if quantity.body is None:
            data = self.point.inputs[key]
            found = Value(data, (), np.ndim(data))
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
                found = body
        self.memo[key] = found
        return found

    # -- expressions --------------------------------------------------------------------------------

    def value(self, x: e.Expr, letters: Letters, local: dict[str, Value]) -> Value:
        """Return the value of an expression."""
        match x:
            case e.Num(_, value, _):
                return v.number(value)
            case e.Ref():
                return self._reference(x, letters, local)
            case e.Letter(_, name):
                axis, klass = self._letter(name, letters)
                return Value(np.arange(1.0, self.point.sizes[klass] + 1), (axis,))
            case e.Size(_, name):
                return v.number(self.point.sizes[name])
            case e.Add(_, terms):
                total = self.value(terms[0], letters, local)
                for term in terms[1:]:
                    total = v.elementwise(lambda a, b: a + b, total, self.value(term, letters, local), self.sizes)
                return total
            case e.Neg(_, body):
                inner = self.value(body, letters, local)
                return Value(-inner.data, inner.axes, inner.rank)
            case e.Mul(_, left, right, how):
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
                return self._bind(x, letters, local)
            case e.Compare():
                return self._condition(x, letters, local)
            case e.Call(_, name, arguments):
                from bpdocs.measure.arrays import call

                return call(name, [self.value(argument, letters, local) for argument in arguments], self.sizes, self.point)
            case e.Apply():
                return self._apply(x, [self.value(argument, letters, local) for argument in x.arguments])
            case e.At(_, body, replaced):
                return self._at(body, replaced, letters, local)
            case e.Deriv(_, body, wrt, shape):
                return self._derivative(body, wrt, shape, letters, local)
            case e.Contract(_, factors):
                return self._contract(factors, letters, local)
            case e.Either(_, readings, hint):
                first, second = (self.value(reading, letters, local) for reading in readings)
                if not _same(first, second):
                    raise Ambiguous(hint)
                return first
            case e.Cases(_, branches):
                return self._cases(branches, letters, local)
            case e.Array(_, rows):
                return self._array(rows, letters, local)
            case e.Show(_, body, _):
                return self.value(body, letters, local)
        raise NotSupported(f"{type(x).__name__} is not supported")

    def _letter(self, name: str, letters: Letters) -> tuple[str, str]:
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
        if found.rank != len(indices):
            raise Mismatch(f"{name} is {v.described(found.shape, self.sizes)} and stands with {len(indices)} index(es)")
        if len(set(found.shape)) != len(found.shape) and any(isinstance(index, e.Size) for index in indices):
            pass
        names = tuple(f"@{place}" for place in range(found.rank))
        shape = found.shape
        value = v.name_array_axes(found, names)
        for axis, index, size in zip(names, indices, shape, strict=True):
            for part in e.walk(index):
                if isinstance(part, e.Letter):
                    klass = self._letter(part.name, letters)[1]
                    if self.point.sizes[klass] != size and isinstance(index, e.Letter):
                        raise Mismatch(f"{part.name} runs to {klass.lstrip('#')}, and this index of {name} to {self.sizes.get(size, size)}")
            if isinstance(index, e.Letter):
                target = self._letter(index.name, letters)[0]
                if target not in value.axes:
                    value = Value(value.data, tuple(target if a == axis else a for a in value.axes), value.rank)
                    continue
            value = v.gather(value, axis, self.value(index, letters, local))
        return value

    def _product(self, left: Value, right: Value, how: str) -> Value:
        if how == "⊙":
            return v.elementwise(lambda a, b: a * b, left, right, self.sizes)
        if how == "⊗":
            if left.rank != 1 or right.rank != 1:
                raise NotSupported("⊗ is supported between two columns")
            return v.matmul(left, v.transpose(right), self.sizes)
        if how == "·" and left.rank == 1 and right.rank == 1:
            return v.matmul(v.transpose(left), right, self.sizes)
        if how == "×" and left.rank and right.rank:
            raise NotSupported("× between arrays is not supported: write \\odot, or nothing for the matrix product")
        return v.matmul(left, right, self.sizes)

    def _quotient(self, over: Value, under: Value, how: str) -> Value:
        if under.rank and how != "⊘":
            raise NotSupported("an array stands below the bar: write \\oslash for the elementwise quotient")
        return v.elementwise(lambda a, b: a / b if isinstance(a, Jet) or isinstance(b, Jet) else _divide(a, b), over, under, self.sizes)

    def _power(self, x: e.Pow, letters: Letters, local: dict[str, Value]) -> Value:
        base = self.value(x.base, letters, local)
        whole = _integer(x.exponent)
        if whole is not None and base.rank == 2:
            if base.shape[0] != base.shape[1]:
                raise Mismatch(f"a power of a matrix that is {v.described(base.shape, self.sizes)} and not square")
            if whole < 1:
                raise NotSupported("the inverse of a matrix is not supported")
            out = base
            for _ in range(whole - 1):
                out = v.matmul(out, base, self.sizes)
            return out
        if whole is not None and 0 <= whole <= 12:
            return Value(integer_power(base.data, whole), base.axes, base.rank)
        if whole is not None and -12 <= whole < 0:
            return self._quotient(v.number(1.0), Value(integer_power(base.data, -whole), base.axes, 0 if not base.rank else base.rank), "⊘")
        exponent = self.value(x.exponent, letters, local)
        logs = Value(apply("log", base.data), base.axes, base.rank)
        product = v.elementwise(lambda a, b: a * b, logs, exponent, self.sizes)
        return Value(apply("exp", product.data), product.axes, product.rank)

    def _bind(self, x: e.Bind, letters: Letters, local: dict[str, Value]) -> Value:
        axis = x.letter
        taken = {found for found, _ in letters.values()} | {x.letter} & set(letters)
        while axis in taken or any(axis in value.axes for value in local.values()):
            axis += "~"
        inner: Letters = {**letters, x.letter: (axis, x.size)}
        size = self.point.sizes[x.size]
        body = self.value(x.body, inner, local)
        mask: Value | None = None
        span = x.span
        for bound, relation in ((x.low, "≥"), (x.high, "≤")):
            if bound is not None:
                part = self._condition(e.Compare(span, e.Letter(span, x.letter), relation, bound), inner, local)
                mask = part if mask is None else v.elementwise(np.logical_and, mask, part, self.sizes)
        if x.condition is not None:
            part = self._condition(x.condition, inner, local)
            mask = part if mask is None else v.elementwise(np.logical_and, mask, part, self.sizes)
        if mask is not None:
            axes = v.union(body, mask)
            neutral = {"Σ": 0.0, "Π": 1.0, "max": -np.inf, "min": np.inf}[x.how]
            data, condition = v.spread(body, axes), v.spread(mask, axes, body.rank)
            condition = np.reshape(condition, np.shape(condition)[: len(axes)] + (1,) * body.rank)
            shape = np.broadcast_shapes(np.shape(condition), v.shape_of(data))
            data = structural(data, lambda d: np.broadcast_to(d, shape))
            other = neutral + 0 * _finite(data) if isinstance(data, Jet) else np.full(shape, neutral)
            body = Value(choose(np.broadcast_to(condition, shape), data, other), axes, body.rank)
        if axis not in body.axes:
            if x.how == "Σ":
                return Value(body.data * float(size), body.axes, body.rank)
            return Value(integer_power(body.data, size), body.axes, body.rank) if x.how == "Π" else body
        return v.total(body, axis, x.how)

    def _condition(self, x: e.Compare, letters: Letters, local: dict[str, Value]) -> Value:
        left, right = self.value(x.left, letters, local), self.value(x.right, letters, local)
        ops = {"=": np.equal, "≠": np.not_equal, "<": np.less, "≤": np.less_equal, ">": np.greater, "≥": np.greater_equal}
        return v.elementwise(lambda a, b: ops[x.relation](primal(a), primal(b)), left, right, self.sizes)

    def _cases(self, branches: tuple[tuple[e.Expr, e.Compare | None], ...], letters: Letters, local: dict[str, Value]) -> Value:
        out: Value | None = None
        for value, condition in reversed(branches):
            here = self.value(value, letters, local)
            if condition is None:
                out = here
                continue
            test = self._condition(condition, letters, local)
            other = out if out is not None else Value(np.asarray(np.nan))
            axes, rank = v.union(here, test, other), max(here.rank, test.rank, other.rank)
            out = Value(choose(*(v.spread(part, axes, rank) for part in (test, here, other))), axes, rank)
        assert out is not None
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

    # -- functions ----------------------------------------------------------------------------------

    def _apply(self, x: e.Apply, arguments: list[Value]) -> Value:
        function = self.program.functions.get(x.name)
        if function is not None:
            if len(arguments) != len(function.parameters):
                raise NotSupported(f"{x.name} takes {len(function.parameters)} argument(s)")
            return self._defined(function.body, function.parameters, arguments, x.primes)
        if x.name in BY_NAME and x.name not in self.program.survey.functions:
            argument = arguments[0]
            return Value(derivative(x.name, argument.data, x.primes), argument.axes, argument.rank)
        signature = self.program.survey.signatures.get(x.name)
        if signature is not None and (any(signature[0]) or signature[1]):
            from bpdocs.measure.arrays import open_function

            return open_function(x.name, arguments, signature, self.point, self.sizes)
        if signature is not None and len(signature[0]) != len(arguments):
            raise NotSupported(f"{x.name} takes {len(signature[0])} argument(s)")
        if len(arguments) == 1:
            argument = arguments[0]
            return Value(self.point.function(x.name).at(argument.data, x.primes), argument.axes, argument.rank)
        if x.primes:
            raise NotSupported(f"{x.name}' of several arguments is not supported")
        weights = self.point.weights(x.name, (2, len(arguments)))
        out: Value | None = None
        for turn in range(2):
            mixed: Value | None = None
            for weight, argument in zip(weights[turn], arguments, strict=True):
                part = Value(argument.data * float(weight), argument.axes, argument.rank)
                mixed = part if mixed is None else v.elementwise(lambda a, b: a + b, mixed, part, self.sizes)
            assert mixed is not None
            part = Value(self.point.function(f"{x.name}{turn}").at(mixed.data), mixed.axes, mixed.rank)
            out = part if out is None else v.elementwise(lambda a, b: a * b, out, part, self.sizes)
        assert out is not None
        return out

    def _defined(self, body: e.Expr, parameters: tuple[str, ...], arguments: list[Value], primes: int) -> Value:
        whole = any(self.program.survey.shapes.get(parameter) for parameter in parameters)
        if whole:
            if primes:
                raise NotSupported("a prime of a function of an array is not supported: write \\partial")
            return self.value(body, {}, dict(zip(parameters, arguments, strict=True)))
        rank = max(argument.rank for argument in arguments)
        shape = next(argument.shape for argument in arguments if argument.rank == rank)
        names = tuple(f"@{next(_tags)}" for _ in range(rank))
        local = {name: v.name_array_axes(value, names) if value.rank else value for name, value in zip(parameters, arguments, strict=True)}
        if primes and len(parameters) != 1:
            raise NotSupported("a prime of a function of several arguments is not supported")
        out = self._primed(body, parameters[0], local, primes)
        return v.unname(out, names, shape) if rank else out

    def _primed(self, body: e.Expr, parameter: str, local: dict[str, Value], primes: int) -> Value:
        if primes == 0:
            return self.value(body, {}, local)
        argument = local[parameter]
        tag = next(_tags)
        inner = Evaluator(self.program, self.point, {}, self)
        if self.complex or primes > 1:
            data: Any = Jet(argument.data, 0 * argument.data + 1.0, tag)
        else:
            data, inner.complex = argument.data + 1j * STEP, True
        found = inner._primed(body, parameter, {**local, parameter: Value(data, argument.axes, argument.rank)}, primes - 1)
        out = _slope(found.data, tag, complex_step=not isinstance(data, Jet))
        return Value(out, found.axes, found.rank)

    def _at(self, body: e.Ref, replaced: tuple[tuple[str, e.Expr], ...], letters: Letters, local: dict[str, Value]) -> Value:
        key = self.program.find(body)
        override: dict[Key, Value] = {}
        for name, argument in replaced:
            target = self.program.find(e.Ref(body.span, name))
            if target.key not in self.program.ancestors(key.key):
                raise Unread(f"{body.name} does not depend on {name}", body.span, f"for a product write {body.name}\\,\\cdot(…)")
            if not (isinstance(argument, e.Ref) and argument.name == name and not argument.indices):
                override[target.key] = self.value(argument, letters, local)
        return self.quantity(key) if not override else Evaluator(self.program, self.point, override, self).quantity(key)

    # -- derivatives --------------------------------------------------------------------------------

    def _derivative(self, body: e.Expr, wrt: tuple[e.Ref, ...], shape: str, letters: Letters, local: dict[str, Value]) -> Value:
        if len(wrt) > 1:
            span = body.span
            return self._derivative(e.Deriv(span, body, wrt[1:], shape), wrt[:1], shape, letters, local)
        found, names, sizes = self._spread(body, wrt[0], letters, local)
        ref = wrt[0]
        if ref.indices:
            value = found
            for axis, index in zip(names, ref.indices, strict=True):
                if isinstance(index, e.Letter):
                    target, klass = self._letter(index.name, letters)
                    size = sizes[names.index(axis)]
                    if self.point.sizes[klass] != size:
                        raise Mismatch(f"{index.name} runs to {klass.lstrip('#')}, and this index of {ref.name} to {self.sizes.get(size, size)}")
                    if target not in value.axes:
                        value = Value(value.data, tuple(target if a == axis else a for a in value.axes), value.rank)
                        continue
                value = v.gather(value, axis, self.value(index, letters, local))
            return value
        if found.rank + len(names) > 2:
            raise NotSupported("the derivative of a matrix by an array has more than two indices: write it with indices")
        if not found.rank or not names:
            return v.unname(found, names, sizes) if names else found
        rows = tuple(f"@{place}" for place in range(found.rank))
        whole = v.name_array_axes(found, rows)
        denominator = shape == "gradient" or self.program.survey.settings.layout == "denominator"
        order, extent = ((names + rows), (sizes + found.shape)) if denominator else ((rows + names), (found.shape + sizes))
        return v.unname(whole, order, extent)

    def _spread(self, body: e.Expr, ref: e.Ref, letters: Letters, local: dict[str, Value]) -> tuple[Value, tuple[str, ...], tuple[int, ...]]:
        """Return d body / d ref for all entries of ref, along new named axes, with those axes and their sizes."""
        if ref.name in local:
            raise NotSupported(f"a derivative by {ref.name} inside its own function is not supported")
        target = self.program.find(ref)
        base = self.quantity(target)
        if ref.indices and base.rank != len(ref.indices):
            raise Mismatch(f"{ref.name} is {v.described(base.shape, self.sizes)} and stands with {len(ref.indices)} index(es)")
        tag = next(_tags)
        names = tuple(f"∂{tag}.{place}" for place in range(base.rank))
        unit = np.eye(int(np.prod(base.shape, dtype=int))).reshape(base.shape + base.shape) if base.rank else np.ones(())
        axes = names + base.axes
        spread = structural(base.data, lambda d: np.transpose(d, [*range(len(base.axes)), *range(len(base.axes), d.ndim)])[(None,) * len(names)])
        units = unit.reshape(base.shape + (1,) * len(base.axes) + base.shape)
        inner = Evaluator(self.program, self.point, None, self)
        if self.complex:
            data: Any = Jet(spread + 0 * units, units + 0 * spread, tag)
        else:
            data, inner.complex = spread + 1j * STEP * units, True
        inner.override = {target.key: Value(data, axes, base.rank)}
        found = inner.value(body, letters, local)
        slope = _slope(found.data, tag, complex_step=not isinstance(data, Jet))
        missing = tuple(name for name in names if name not in found.axes)
        if missing:
            shape = tuple(base.shape[names.index(name)] for name in missing)
            slope = structural(slope, lambda d: np.broadcast_to(d[(None,) * len(missing)], shape + d.shape))
        return Value(slope, missing + found.axes, found.rank), names, base.shape

    def _contract(self, factors: tuple[e.Deriv, ...], letters: Letters, local: dict[str, Value]) -> Value:
        first, names, sizes = self._spread(factors[0].body, factors[0].wrt[0], letters, local)
        total = first
        for factor in factors[1:]:
            part, columns, extent = self._spread(factor.body, factor.wrt[0], letters, local)
            if part.rank != len(names):
                raise Mismatch("these derivatives do not chain")
            named = v.name_array_axes(part, names)
            rank = total.rank
            axes = v.union(total, named)
            product = v.spread(total, axes) * structural(v.spread(named, axes), partial(_trailing, count=rank))
            total = Value(product, axes, rank)
            for name in names:
                total = v.total(total, name)
            names, sizes = columns, extent
        if not total.rank:
            return v.unname(total, names, sizes) if names else total
        rows = tuple(f"@{place}" for place in range(total.rank))
        shape = total.shape
        denominator = self.program.survey.settings.layout == "denominator"
        if len(rows) + len(names) > 2:
            raise NotSupported("this product of derivatives has more than two indices: write it with indices")
        whole = v.name_array_axes(total, rows)
        return v.unname(whole, names + rows, sizes + shape) if denominator else v.unname(whole, rows + names, shape + sizes)


def _trailing(data: Any, count: int) -> Any:
    return data.reshape(data.shape + (1,) * count)


def _slope(data: Any, tag: int, *, complex_step: bool) -> Any:
    if complex_step:
        return _imaginary(data)
    if isinstance(data, Jet):
        if data.tag == tag:
            return data.slope
        if data.tag > tag:
            return Jet(_slope(data.value, tag, complex_step=False), _slope(data.slope, tag, complex_step=False), data.tag)
    return 0 * data


def _imaginary(data: Any) -> Any:
    return structural(data, lambda d: np.imag(d) / STEP)


def _finite(data: Any) -> Any:
    return structural(data, lambda d: np.nan_to_num(d))


def _divide(a: Any, b: Any) -> Any:
    with np.errstate(all="ignore"):
        return a / b


def _integer(x: e.Expr) -> int | None:
    if isinstance(x, e.Num) and x.value == int(x.value):
        return int(x.value)
    if isinstance(x, e.Neg) and (inner := _integer(x.body)) is not None:
        return -inner
    return None


def _same(first: Value, second: Value) -> bool:
    if set(first.axes) != set(second.axes) and (first.rank != second.rank):
        return False
    if first.rank != second.rank or first.shape != second.shape:
        return False
    axes = v.union(first, second)
    a, b = primal(v.spread(first, axes)), primal(v.spread(second, axes))
    return bool(np.allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True))
