"""Arrays whose index axes have names: x_i w_{ji} lines up by letters, W x by rows and columns.

A value has named axes first and then `rank` axes of an array (0: a number, 1: a column, 2: a matrix).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from bpdocs.budget import numbers_fit, spend
from bpdocs.measure.jets import Jet, choose, compared, structural

Numbers = Any
Letters = dict[str, tuple[str, str]]  # letter → (axis, class)


class Mismatch(Exception):
    """Shapes or free indices that do not fit together."""


class Ambiguous(Exception):
    """Two readings of one formula that came out differently."""

    def __init__(self, hint: str) -> None:
        super().__init__(hint)
        self.hint = hint


class NotSupported(Exception):
    """An operation on arrays that has no meaning here."""


@dataclass(frozen=True)
class Value:
    """Numbers with named axes, then the axes of an array."""

    data: Numbers
    axes: tuple[str, ...] = ()
    rank: int = 0
    loose: bool = False  # an array axis of size 1 stretches: a \mathbf{1} whose length the page leaves to what it meets
    exact: bool = False  # its whole numbers are counts and indices, without rounding error

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array part."""
        whole = shape_of(self.data)
        return whole[len(self.axes) :]


def shape_of(data: Numbers) -> tuple[int, ...]:
    """Return the shape of an array or of a jet over arrays."""
    return shape_of(data.value) if isinstance(data, Jet) else np.shape(data)


def number(x: float) -> Value:
    """Return a plain number as a value."""
    return Value(np.asarray(float(x)), exact=True)


def spread(value: Value, axes: tuple[str, ...], rank: int | None = None) -> Numbers:
    """Return the data of `value` lined up with `axes` (size 1 where it has none), and with `rank` array axes at the end."""
    rank = value.rank if rank is None else rank
    order = [value.axes.index(axis) for axis in axes if axis in value.axes] + list(range(len(value.axes), len(value.axes) + value.rank))
    have = [axis in value.axes for axis in axes]

    def change(data: Numbers) -> Numbers:
        data = np.transpose(data, order)
        shape, at = [], 0
        for there in have:
            shape.append(data.shape[at] if there else 1)
            at += there
        tail = data.shape[at:]
        return data.reshape((*shape, *((1,) * (rank - value.rank)), *tail))

    return structural(value.data, change)


def union(*values: Value) -> tuple[str, ...]:
    """Return the axes of all values, each once."""
    return tuple(dict.fromkeys(axis for value in values for axis in value.axes))


def described(shape: tuple[int, ...], sizes: dict[int, str]) -> str:
    """Return a shape in words: c × d."""
    names = [sizes.get(size, str(size)) for size in shape]
    return "a number" if not shape else f"a column of {names[0]}" if len(shape) == 1 else " × ".join(names)


def elementwise(op: Any, left: Value, right: Value, sizes: dict[int, str], *, numbers: bool = True) -> Value:
    """Return `op` on two values of one shape, or of a number and an array."""
    axes = union(left, right)
    rank = max(left.rank, right.rank)
    if left.rank and right.rank and left.shape != right.shape and not stretches(left, right):
        raise Mismatch(f"{described(left.shape, sizes)} does not fit {described(right.shape, sizes)}")
    if not numbers and left.rank != right.rank:
        raise Mismatch(f"{described(left.shape, sizes)} does not fit {described(right.shape, sizes)}")
    loose = (left.loose or not left.rank) and (right.loose or not right.rank) and (left.loose or right.loose)
    a, b = spread(left, axes, rank), spread(right, axes, rank)
    numbers_fit(tuple(map(max, shape_of(a), shape_of(b))))
    return Value(op(a, b), axes, rank, loose, left.exact and right.exact)


def stretches(left: Value, right: Value) -> bool:
    r"""Return whether two shapes fit because one is a \mathbf{1} of open length."""
    if left.rank != right.rank or not (left.loose or right.loose):
        return False
    return all(a == b or (a == 1 and left.loose) or (b == 1 and right.loose) for a, b in zip(left.shape, right.shape, strict=True))


def as_matrix(value: Value) -> Value:
    """Return a column as a matrix with one column; a matrix as it is."""
    return Value(structural(value.data, lambda data: data[..., None]), value.axes, 2, value.loose, value.exact) if value.rank == 1 else value


def matmul(left: Value, right: Value, sizes: dict[int, str]) -> Value:
    """Return the product of two arrays, or a number times an array."""
    if left.rank == 0 or right.rank == 0:
        return elementwise(lambda a, b: a * b, left, right, sizes)
    a, b = as_matrix(left), as_matrix(right)
    if left.loose and right.loose:
        raise NotSupported("\\mathbf{1} does not say how long it is: write \\mathbf{1}_N")
    if a.shape[1] != b.shape[0] and not (a.loose and a.shape[1] == 1) and not (b.loose and b.shape[0] == 1):
        raise Mismatch(f"{described(left.shape, sizes)} times {described(right.shape, sizes)} does not fit")
    axes = union(a, b)
    x, y = spread(a, axes), spread(b, axes)
    numbers_fit((*map(max, shape_of(x)[:-2], shape_of(y)[:-2]), *shape_of(x)[-2:], shape_of(y)[-1]))
    product = structural(x, lambda d: d[..., :, :, None]) * structural(y, lambda d: d[..., None, :, :])
    total = structural(product, lambda d: d.sum(axis=-2))
    out = Value(total, axes, 2, (left.loose and left.rank == 1) or (right.loose and right.rank == 2))
    if out.shape == (1, 1):
        return Value(structural(total, lambda d: d[..., 0, 0]), axes, 0)
    if right.rank == 1 and out.shape[1] == 1:
        return Value(structural(total, lambda d: d[..., 0]), axes, 1)
    return out


def transpose(value: Value) -> Value:
    """Return the transposed array; a column becomes a row."""
    if value.rank == 0:
        raise Mismatch("a number has no transpose: declare the shape of what is transposed")
    if value.rank == 1:
        return Value(structural(value.data, lambda d: d[..., None, :]), value.axes, 2, value.loose, value.exact)
    turned = Value(structural(value.data, lambda d: np.swapaxes(d, -1, -2)), value.axes, 2, value.loose, value.exact)
    if turned.shape[1] == 1 and not turned.loose:
        return Value(structural(turned.data, lambda d: d[..., 0]), value.axes, 1)
    return turned


def total(value: Value, axis: str, how: str = "Σ") -> Value:
    """Return the sum (product, largest, smallest) along a named axis."""
    at = value.axes.index(axis)
    axes = tuple(other for other in value.axes if other != axis)
    if how == "Σ":
        return Value(structural(value.data, lambda d: d.sum(axis=at)), axes, value.rank)
    count = shape_of(value.data)[at]
    spend(count)
    slices = [structural(value.data, partial(np.take, indices=i, axis=at)) for i in range(count)]
    out = slices[0]
    for part in slices[1:]:
        if how == "Π":
            out = out * part
        else:
            out = choose(compared(np.greater if how == "max" else np.less, part, out), part, out)
    return Value(out, axes, value.rank)


def _primal(data: Numbers) -> Numbers:
    return _primal(data.value) if isinstance(data, Jet) else np.real(data)


def name_array_axes(value: Value, names: tuple[str, ...]) -> Value:
    """Return the value with its array axes named."""
    return Value(value.data, value.axes + names[: value.rank], 0, exact=value.exact)


def unname(value: Value, names: tuple[str, ...], sizes: tuple[int, ...]) -> Value:
    """Return the value with the named axes `names` as its array axes, in that order (constant along those it lacks)."""
    if value.rank:
        raise Mismatch("an array stands where a number is wanted")
    rest = tuple(axis for axis in value.axes if axis not in names)
    data = spread(value, rest + names)
    shape = tuple(shape_of(data)[: len(rest)]) + sizes
    data = structural(data, lambda d: np.broadcast_to(d, shape))
    return Value(data, rest, len(names), exact=value.exact)


def filled(value: Value, shape: tuple[int, ...]) -> Value:
    """Return an array of a shape whose entries are all one number: `h_0 = 0`, where h_0 is declared a column."""
    names = tuple(f"@{place}" for place in range(len(shape)))
    return unname(value, names, shape)


def gather(value: Value, axis: str, index: Value) -> Value:
    """Return the entries of `value` along a named axis at 1-based `index` (NaN outside of the range)."""
    axes = union(Value(value.data, tuple(a for a in value.axes if a != axis), value.rank), index)
    data = spread(value, (*axes, axis))
    size = shape_of(data)[len(axes)]
    at = np.asarray(np.rint(primal_of(index))).astype(int).reshape(np.shape(spread(index, axes))) - 1
    shape = np.broadcast_shapes(np.shape(at), shape_of(data)[: len(axes)])
    at = np.broadcast_to(at, shape)
    numbers_fit(shape)
    outside = (at < 0) | (at >= size)
    clipped = np.clip(at, 0, size - 1)

    def change(d: Numbers) -> Numbers:
        tail = d.shape[len(axes) + 1 :]
        full = np.broadcast_to(d, (*shape, size, *tail))
        place = clipped.reshape((*shape, 1, *((1,) * len(tail))))
        found = np.take_along_axis(full, np.broadcast_to(place, (*shape, 1, *tail)), axis=len(axes))
        found = np.squeeze(found, axis=len(axes))
        return np.where(outside.reshape((*shape, *((1,) * len(tail)))), np.nan, found) if outside.any() else found

    return Value(structural(data, change), axes, value.rank, exact=value.exact)


def primal_of(value: Value) -> Numbers:
    """Return the real numbers of a value."""
    return _primal(value.data)
