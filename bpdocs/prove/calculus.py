"""Total derivatives on a program: what by is cut, the formula in it differentiated, then its own definition put in again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bpdocs.notation import expr as e
from bpdocs.prove import quantities
from bpdocs.prove.derivative import derivative
from bpdocs.prove.shapes import Shape
from bpdocs.prove.state import Around, Place
from bpdocs.prove.table import Leaf, Poly, Unproved

if TYPE_CHECKING:
    from bpdocs.prove.meaning import Meaning


def laid_out(meaning: Meaning, body: Shape, by: Shape, how: str) -> Shape:
    """Return the shape of a derivative of `body` by `by`."""
    if len(body) + len(by) > 2:
        raise Unproved("a derivative with more than two indices")
    return by + body if _transposed(meaning, how) else body + by


def _transposed(meaning: Meaning, how: str) -> bool:
    return how == "gradient" or meaning.program.survey.settings.layout == "denominator"


def _parts(meaning: Meaning, at: Place, body: Shape, how: str) -> tuple[Place, Place]:
    """Return the indices of a derivative: those of what is differentiated, and those of what by."""
    if _transposed(meaning, how):
        return at[len(at) - len(body) :], at[: len(at) - len(body)]
    return at[: len(body)], at[len(body) :]


def _first(x: e.Deriv) -> tuple[e.Expr, e.Ref]:
    """Return what is differentiated last, and what by."""
    return (x.body if len(x.wrt) == 1 else e.Deriv(x.span, x.body, x.wrt[1:], x.shape)), x.wrt[0]


def shape(meaning: Meaning, x: e.Deriv, around: Around) -> Shape:
    """Return the shape of a derivative."""
    body, by = _first(x)
    classes = quantities.shape(meaning, meaning.find(by))
    if by.indices and len(by.indices) != len(classes):
        raise Unproved(f"{by.name} stands with {len(by.indices)} index(es)")
    return meaning.shape(body, around) if by.indices else laid_out(meaning, meaning.shape(body, around), classes, x.shape)


def entry(meaning: Meaning, x: e.Deriv, at: Place, around: Around) -> Poly:
    """Return an entry of a derivative."""
    body, by = _first(x)
    if by.indices:
        return _derived(meaning, body, by, at, meaning.place(by.indices, quantities.shape(meaning, meaning.find(by)), around), around)
    above, below = _parts(meaning, at, meaning.shape(body, around), x.shape)
    return _derived(meaning, body, by, above, below, around)


def _derived(meaning: Meaning, body: e.Expr, by: e.Ref, at: Place, place: Place, around: Around) -> Poly:
    if by.name in around.parameters:
        raise Unproved("a derivative by a parameter inside its function")
    if by.name in meaning.program.survey.indexing:
        raise Unproved("a derivative by an index")
    target = meaning.find(by)
    leaf: Leaf = ("q", target.key)
    inside = replace(around, cuts=quantities.cut(meaning, around.cuts, {target.key: leaf}))
    with meaning.apart() as demands:
        poly = derivative(meaning.ring, meaning.entry(body, at, inside), leaf, place)
    if target.key in meaning.stepped:
        raise Unproved(f"a derivative by {target.name}, which has few values")
    if target.body is None and not any(key == target.key for key, _ in around.cuts):
        return meaning.settled(poly, demands, {}, {})
    return meaning.settled(poly, demands, {}, {leaf: lambda indices: quantities.entry(meaning, target, indices, around.cuts)})


def contracted(meaning: Meaning, x: e.Contract, at: Place, around: Around) -> Poly:
    """Return an entry of a product of derivatives, each denominator summed with the next numerator."""
    body = meaning.shape(x.factors[0].body, around)
    row, column = _parts(meaning, at, body, "layout")
    return _chain(meaning, x.factors, row, column, around)


def _chain(meaning: Meaning, factors: tuple[e.Deriv, ...], row: Place, column: Place, around: Around) -> Poly:
    first = factors[0]
    if len(factors) == 1:
        return _derived(meaning, first.body, first.wrt[0], row, column, around)
    middle = quantities.shape(meaning, meaning.find(first.wrt[0]))
    if meaning.shape(factors[1].body, around) != middle:
        raise Unproved("these derivatives do not chain")

    def summed(classes: Shape, place: Place) -> Poly:
        if classes:
            return meaning.over(classes[0], lambda index: summed(classes[1:], (*place, index)))
        return meaning.ring.mul(_derived(meaning, first.body, first.wrt[0], row, place, around), _chain(meaning, factors[1:], place, column, around))

    return summed(middle, ())
