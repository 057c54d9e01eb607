"""Products of numbers and arrays, powers, explicit matrices: entry by entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpdocs.notation import expr as e
from bpdocs.prove import functions, inverses
from bpdocs.prove.shapes import ONE, Shape, common, inner, outer, rows, turned
from bpdocs.prove.state import Around, Place
from bpdocs.prove.table import Index, Poly, Unproved

if TYPE_CHECKING:
    from bpdocs.prove.meaning import Meaning


def shape(left: Shape, right: Shape, how: str) -> Shape:
    """Return the shape of a product."""
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


def entry(meaning: Meaning, left: e.Expr, right: e.Expr, how: str, at: Place, around: Around) -> Poly:
    """Return an entry of a product."""
    a, b = meaning.shape(left, around), meaning.shape(right, around)
    shape(a, b, how)
    if how == "⊙" or not a or not b:
        return meaning.ring.mul(meaning.entry(left, at if a else (), around), meaning.entry(right, at if b else (), around))
    if how == "⊗":
        return meaning.ring.mul(meaning.entry(left, at[:1], around), meaning.entry(right, at[1:], around))
    if how == "·" and len(a) == len(b) == 1:
        return meaning.over(inner(turned(a), b), lambda m: meaning.ring.mul(meaning.entry(left, (m,), around), meaning.entry(right, (m,), around)))
    whole = (rows(a)[0], rows(b)[1])
    row, column = at if len(at) == 2 else (at[0], (0, 1, ONE)) if at else ((0, 1, whole[0]), (0, 1, whole[1]))

    def term(m: Index) -> Poly:
        return meaning.ring.mul(meaning.entry(left, (row, m)[: len(a)], around), meaning.entry(right, (m, column)[: len(b)], around))

    return meaning.over(inner(a, b), term)


def power(meaning: Meaning, base: e.Expr, exponent: e.Expr, at: Place, around: Around) -> Poly:
    """Return an entry of a power."""
    ring, classes = meaning.ring, meaning.shape(base, around)
    raised = meaning.part(exponent, at, around)
    whole = raised.get((), 0) if len(raised) <= 1 and set(raised) <= {()} else None
    literal = isinstance(exponent, e.Num) or (isinstance(exponent, e.Neg) and isinstance(exponent.body, e.Num))
    if literal and whole is not None and whole.denominator == 1 and len(classes) == 2:
        if not whole or classes[0] != classes[1]:
            raise Unproved("this power of a matrix")
        return _matrix_power(meaning, base, int(whole), at, around)
    below = meaning.part(base, at, around)
    if whole is not None and whole.denominator == 1 and literal and -12 <= whole <= 12:
        if whole < 0:
            meaning.demand("nonzero", below)
        return ring.power(below, int(whole))
    meaning.demand("positive", below)
    if whole is not None:
        return ring.power(below, whole)
    return functions.exponential(ring, ring.mul(raised, functions.logarithm(ring, below)))


def family_shape(body: Shape, size: str, way: str) -> Shape:
    """Return the shape of what a body is for each value of a letter: a column or a row of numbers, or rows one below another."""
    if not body:
        return (ONE, size) if way == "row" else (size,)
    if len(body) != 2 or body[0] != ONE or way == "row":
        raise Unproved("dots between arrays")
    return (size, body[1])


def _matrix_power(meaning: Meaning, base: e.Expr, whole: int, at: Place, around: Around) -> Poly:
    """Return an entry of a power of a square matrix, or of its inverse."""
    if whole == 1:
        return meaning.entry(base, at, around)
    if whole == -1:
        return functions.open_function(meaning.ring, inverses.INVERSE, at, (), [meaning.whole(base, around)])
    unit = 1 if whole > 0 else -1
    klass = meaning.shape(base, around)[0]

    def term(m: Index) -> Poly:
        return meaning.ring.mul(_matrix_power(meaning, base, unit, (at[0], m), around), _matrix_power(meaning, base, whole - unit, (m, at[1]), around))

    return meaning.over(klass, term)


def cell(meaning: Meaning, cells: tuple[tuple[e.Expr, ...], ...], at: Place, around: Around) -> Poly:
    """Return an entry of an explicit matrix."""
    if any(meaning.shape(one, around) for row in cells for one in row):
        raise Unproved("a matrix of arrays")
    classes = meaning.shape(e.Array(cells[0][0].span, cells), around)
    out: Poly = {}
    for i, row in enumerate(cells):
        for j, one in enumerate(row):
            part = meaning.entry(one, (), around)
            for index, place, klass in zip(at, (i, j), classes, strict=False):
                part = meaning.ring.mul(part, meaning.ring.delta(index, (0, place + 1, klass)))
            out = meaning.ring.add(out, part)
    return out
