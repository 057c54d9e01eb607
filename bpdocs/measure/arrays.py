"""Operators that see a whole array: softmax, diag, trace, norms; and open functions of several arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from bpdocs.budget import numbers_fit
from bpdocs.measure import values as v
from bpdocs.measure.jets import apply, choose, compared, primal, structural
from bpdocs.measure.linear import determinant, vec
from bpdocs.measure.sample import Point
from bpdocs.measure.values import Mismatch, NotSupported, Value
from bpdocs.notation.operators import BY_NAME

Sizes = dict[int, str]


def call(name: str, arguments: list[Value], sizes: Sizes, point: Point) -> Value:
    """Return a known operator at its arguments."""
    if name in BY_NAME:
        x = arguments[0]
        if name == "abs" and x.rank:
            raise NotSupported("bars around an array are not supported: write \\lVert…\\rVert, \\det, or \\sum_i |x_i|")
        return Value(apply(name, x.data), x.axes, x.rank, loose=x.loose)
    if name == "kronecker":
        return v.elementwise(lambda a, b: compared(np.equal, a, b), arguments[0], arguments[1], sizes)
    if name in ("ones", "zeros"):
        if not arguments:
            return Value(np.ones(1) if name == "ones" else np.zeros(1), (), 1, loose=True)
        fill = np.ones if name == "ones" else np.zeros
        if arguments[0].axes or arguments[0].rank:
            raise NotSupported("an index says how long this is: give it a width")
        length = float(primal(arguments[0].data))
        if not length.is_integer() or length < 0:
            raise Mismatch(f"a column of {length:g} entries")
        numbers_fit((int(length),))
        return Value(fill(int(length)), (), 1)
    if name in ("max", "min") and len(arguments) > 1:
        out = arguments[0]
        for other in arguments[1:]:
            out = v.elementwise(lambda a, b: choose(compared(np.greater if name == "max" else np.less, a, b), a, b), out, other, sizes)
        return out
    x = arguments[0]
    if x.loose:
        raise NotSupported("\\mathbf{1} does not say how long it is: write \\mathbf{1}_N")
    rows = tuple(f"@{place}" for place in range(x.rank))
    named = v.name_array_axes(x, rows)
    match name:
        case "softmax" if x.rank:
            top = structural(named.data, lambda d: 0 * d + np.real(d).max(axis=-1, keepdims=True))
            powers = Value(apply("exp", named.data - primal(top)), named.axes)
            whole = v.total(powers, rows[-1])
            return v.unname(v.elementwise(lambda a, b: a / b, powers, whole, sizes), rows, x.shape)
        case "tr" if x.rank == 2 and x.shape[0] == x.shape[1]:
            return Value(structural(x.data, lambda d: np.trace(d, axis1=-2, axis2=-1)), x.axes)
        case "diag" if x.rank == 1:
            size = x.shape[0]
            return Value(structural(x.data, lambda d: d[..., None]) * np.eye(size), x.axes, 2)
        case "diag" if x.rank == 2 and x.shape[0] == x.shape[1]:
            return Value(structural(x.data, lambda d: np.einsum("...ii->...i", d)), x.axes, 1)
        case "det" if x.rank == 2 and x.shape[0] == x.shape[1]:
            return Value(determinant(x.data), x.axes)
        case "vec" if x.rank == 2:
            return vec(x)
        case "norminf" if x.rank:
            for row in rows:
                named = v.total(Value(apply("abs", named.data), named.axes), row, "max")
            return named
        case "norm" | "norm1":
            part = Value(named.data * named.data if name == "norm" else apply("abs", named.data), named.axes)
            for row in rows:
                part = v.total(part, row)
            return Value(apply("sqrt", part.data), part.axes) if name == "norm" else part
        case "max" | "min" if x.rank:
            for row in rows:
                named = v.total(named, row, name)
            return named
    raise Mismatch(f"{name} does not take {v.described(x.shape, sizes)}")


def open_function(name: str, arguments: list[Value], signature: tuple[tuple[tuple[str, ...], ...], tuple[str, ...]], point: Point, sizes: Sizes, rounding: Any) -> Value:
    """Return a random smooth function of arrays, as declared: f : R^c × R^c → R."""
    sources, target = signature
    if len(sources) != len(arguments):
        raise Mismatch(f"{name} takes {len(sources)} argument(s)")
    out_shape = tuple(point.sizes[klass] for klass in target)
    outs = tuple(f"@out{place}" for place in range(len(out_shape)))
    total: Value | None = None
    for turn in range(2):
        mixed: Value = v.number(0.0)
        for place, (argument, source) in enumerate(zip(arguments, sources, strict=True)):
            shape = tuple(point.sizes[klass] for klass in source)
            if argument.shape != shape:
                raise Mismatch(f"{name} wants {v.described(shape, sizes)} and is given {v.described(argument.shape, sizes)}")
            rows = tuple(f"@in{row}" for row in range(len(shape)))
            weights = Value(point.weights(f"{name}{turn}{place}", out_shape + shape), outs + rows)
            part: Any = v.elementwise(lambda a, b: a * b, v.name_array_axes(argument, rows), weights, sizes)
            for row in rows:
                part = v.total(part, row)
            mixed = v.elementwise(lambda a, b: a + b, mixed, part, sizes)
        value = Value(point.function(f"{name}{turn}").at(mixed.data, 0, rounding), mixed.axes)
        total = value if total is None else v.elementwise(lambda a, b: a * b + a, total, value, sizes)
    assert total is not None
    return v.unname(total, outs, out_shape) if outs else total
