"""Linear algebra on stacks of matrices, complex or jets: inverse, determinant, Kronecker product, vec."""

from __future__ import annotations

from typing import Any

import numpy as np

from bpdocs.budget import numbers_fit
from bpdocs.measure import values as v
from bpdocs.measure.jets import Jet, structural
from bpdocs.measure.values import Value

Numbers = Any


def _times(a: Numbers, b: Numbers) -> Numbers:
    """Return the matrix product along the last two axes."""
    product = structural(a, lambda d: d[..., :, :, None]) * structural(b, lambda d: d[..., None, :, :])
    return structural(product, lambda d: d.sum(axis=-2))


def inverse(x: Numbers) -> Numbers:
    """Return the inverses of square matrices; NaN where one has none."""
    if isinstance(x, Jet):
        found = inverse(x.value)
        return Jet(found, -_times(_times(found, x.slope), found), x.tag)
    try:
        return np.linalg.inv(x)
    except np.linalg.LinAlgError:
        return x * np.nan


def determinant(x: Numbers) -> Numbers:
    """Return the determinants of square matrices."""
    if isinstance(x, Jet):
        found = determinant(x.value)
        change = _times(inverse(x.value), x.slope)
        return Jet(found, found * structural(change, lambda d: np.trace(d, axis1=-2, axis2=-1)), x.tag)
    return np.linalg.det(x)


def kronecker(left: Value, right: Value) -> Value:
    """Return the Kronecker product of two arrays, a column counting as a matrix with one column."""
    if not left.rank or not right.rank:
        return v.matmul(left, right, {})
    a, b = v.as_matrix(left), v.as_matrix(right)
    axes = v.union(a, b)
    numbers_fit((*v.shape_of(v.spread(a, axes)), *b.shape))
    product = structural(v.spread(a, axes), lambda d: d[..., :, None, :, None]) * structural(v.spread(b, axes), lambda d: d[..., None, :, None, :])
    rows, columns = a.shape[0] * b.shape[0], a.shape[1] * b.shape[1]
    data = structural(product, lambda d: d.reshape((*d.shape[:-4], rows, columns)))
    return Value(structural(data, lambda d: d[..., 0]), axes, 1) if columns == 1 else Value(data, axes, 2)


def vec(x: Value) -> Value:
    """Return the columns of a matrix, one below the other."""
    size = x.shape[0] * x.shape[1]
    return Value(structural(x.data, lambda d: np.swapaxes(d, -1, -2).reshape((*d.shape[:-2], size))), x.axes, 1)
