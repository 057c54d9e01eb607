"""Total derivatives on the page's program: the denominator overridden by a complex step (a jet within another derivative), all downstream recomputed."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from bpdocs.budget import numbers_fit
from bpdocs.measure import values as v
from bpdocs.measure.jets import STEP, Jet, slope_of, structural, tags
from bpdocs.measure.values import Letters, Mismatch, NotSupported, Value
from bpdocs.notation import expr as e

if TYPE_CHECKING:
    from bpdocs.measure.evaluate import Evaluator


def derivative(ev: Evaluator, body: e.Expr, wrt: tuple[e.Ref, ...], shape: str, letters: Letters, local: dict[str, Value]) -> Value:
    """Return the total derivative of `body` by each of `wrt` in turn, with the indices that these are written with."""
    if len(wrt) > 1:
        span = body.span
        return derivative(ev, e.Deriv(span, body, wrt[1:], shape), wrt[:1], shape, letters, local)
    found, names, sizes = spread(ev, body, wrt[0], letters, local)
    ref = wrt[0]
    if ref.indices:
        value = found
        for axis, index in zip(names, ref.indices, strict=True):
            if isinstance(index, e.Letter):
                target, klass = ev.letter(index.name, letters)
                size = sizes[names.index(axis)]
                if ev.point.sizes[klass] != size:
                    raise Mismatch(f"{index.name} runs to {klass.lstrip('#')}, and this index of {ref.name} to {ev.sizes.get(size, size)}")
                if target not in value.axes:
                    value = Value(value.data, tuple(target if a == axis else a for a in value.axes), value.rank)
                    continue
            value = v.gather(value, axis, ev.value(index, letters, local))
        return value
    if found.rank + len(names) > 2:
        raise NotSupported("the derivative of a matrix by an array has more than two indices: write it with indices")
    if not found.rank or not names:
        return v.unname(found, names, sizes) if names else found
    rows = tuple(f"@{place}" for place in range(found.rank))
    whole = v.name_array_axes(found, rows)
    denominator = shape == "gradient" or ev.program.survey.settings.layout == "denominator"
    order, extent = ((names + rows), (sizes + found.shape)) if denominator else ((rows + names), (found.shape + sizes))
    return v.unname(whole, order, extent)


def spread(ev: Evaluator, body: e.Expr, ref: e.Ref, letters: Letters, local: dict[str, Value]) -> tuple[Value, tuple[str, ...], tuple[int, ...]]:
    """Return d body / d ref for all entries of ref, along new named axes, with those axes and their sizes."""
    if ref.name in local:
        raise NotSupported(f"a derivative by {ref.name} inside its own function is not supported")
    target = ev.program.find(ref)
    base = ev.quantity(target)
    if ref.indices and base.rank != len(ref.indices):
        raise Mismatch(f"{ref.name} is {v.described(base.shape, ev.sizes)} and stands with {len(ref.indices)} index(es)")
    tag = next(tags)
    names = tuple(f"∂{tag}.{place}" for place in range(base.rank))
    inside, count = v.shape_of(base.data), prod(base.shape)
    numbers_fit((count, prod(inside)))  # each entry of the denominator has a copy of all of it
    unit = np.eye(count).reshape(base.shape + base.shape) if base.rank else np.ones(())
    axes = names + base.axes
    wide = structural(base.data, lambda d: np.transpose(d, [*range(len(base.axes)), *range(len(base.axes), d.ndim)])[(None,) * len(names)])
    units = unit.reshape(base.shape + (1,) * len(base.axes) + base.shape)
    inner = ev.inside()
    stepped = not ev.complex
    if stepped:
        data: Any = wide + 1j * STEP * units
        inner.complex = True
    else:
        data = Jet(wide + 0 * units, units + 0 * wide, tag)
    inner.override = {target.key: Value(data, axes, base.rank)}
    found = inner.value(body, letters, local)
    slope = slope_of(found.data, tag, complex_step=stepped)
    missing = tuple(name for name in names if name not in found.axes)
    if missing:
        shape = tuple(base.shape[names.index(name)] for name in missing)
        slope = structural(slope, lambda d: np.broadcast_to(d[(None,) * len(missing)], shape + d.shape))
    return Value(slope, missing + found.axes, found.rank), names, base.shape


def contract(ev: Evaluator, factors: tuple[e.Deriv, ...], letters: Letters, local: dict[str, Value]) -> Value:
    """Return a product of derivatives in which each denominator is the next numerator."""
    first, names, sizes = spread(ev, factors[0].body, factors[0].wrt[0], letters, local)
    total = first
    for factor in factors[1:]:
        part, columns, extent = spread(ev, factor.body, factor.wrt[0], letters, local)
        if part.rank != len(names):
            raise Mismatch("these derivatives do not chain")
        named = v.name_array_axes(part, names)
        rank = total.rank
        axes = v.union(total, named)
        numbers_fit(tuple(map(max, v.shape_of(v.spread(total, axes))[: len(axes)], v.shape_of(v.spread(named, axes)))) + total.shape)
        product = v.spread(total, axes) * structural(v.spread(named, axes), partial(_trailing, count=rank))
        total = Value(product, axes, rank)
        for name in names:
            total = v.total(total, name)
        names, sizes = columns, extent
    if not total.rank:
        return v.unname(total, names, sizes) if names else total
    rows = tuple(f"@{place}" for place in range(total.rank))
    shape = total.shape
    denominator = ev.program.survey.settings.layout == "denominator"
    if len(rows) + len(names) > 2:
        raise NotSupported("this product of derivatives has more than two indices: write it with indices")
    whole = v.name_array_axes(total, rows)
    return v.unname(whole, names + rows, sizes + shape) if denominator else v.unname(whole, rows + names, shape + sizes)


def _trailing(data: Any, count: int) -> Any:
    return data.reshape(data.shape + (1,) * count)
