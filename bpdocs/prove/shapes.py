"""Shapes with named widths: what fits what, and the shape of a product."""

from __future__ import annotations

from bpdocs.prove.table import Unproved

Shape = tuple[str, ...]
LOOSE = "*"  # the length of a \mathbf{1} that the page leaves open
ONE = "1"


def fits(a: str, b: str) -> bool:
    """Return whether two widths are the same, or one of them is open."""
    return a == b or LOOSE in (a, b)


def common(*shapes: Shape) -> Shape:
    """Return the shape of what is combined entry by entry: numbers go with every array."""
    out: Shape = ()
    for shape in shapes:
        if not shape:
            continue
        if not out:
            out = shape
            continue
        if len(out) != len(shape) or not all(map(fits, out, shape)):
            raise Unproved(f"the shapes {' × '.join(out)} and {' × '.join(shape)} do not fit")
        out = tuple(b if a == LOOSE else a for a, b in zip(out, shape, strict=True))
    return out


def rows(shape: Shape) -> tuple[str, str]:
    """Return a column or a matrix as a matrix."""
    return (shape[0], ONE) if len(shape) == 1 else (shape[0], shape[1])


def inner(left: Shape, right: Shape) -> str:
    """Return the width that a matrix product sums over."""
    a, b = rows(left)[1], rows(right)[0]
    if not fits(a, b):
        raise Unproved(f"the product of {' × '.join(left)} and {' × '.join(right)} does not fit")
    if a == b == LOOSE:
        raise Unproved("a sum over an open length")
    return b if a == LOOSE else a


def outer(left: Shape, right: Shape) -> Shape:
    """Return the shape of a product of two arrays."""
    inner(left, right)
    shape = (rows(left)[0], rows(right)[1])
    if shape == (ONE, ONE):
        return ()
    return shape[:1] if len(right) == 1 and shape[1] == ONE else shape


def turned(shape: Shape) -> Shape:
    """Return the shape of the transpose."""
    if not shape:
        raise Unproved("a number has no transpose")
    if len(shape) == 1:
        return (ONE, shape[0])
    return shape[1:] if shape[0] == ONE else (shape[1], shape[0])
