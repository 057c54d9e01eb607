"""Known operators, entry by entry: what each is in terms of exp, log, roots and absolute values, and those that see a whole array."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bpdocs.notation import expr as e
from bpdocs.notation.operators import BY_NAME
from bpdocs.prove import functions
from bpdocs.prove.functions import HALF, exponential
from bpdocs.prove.inverses import DETERMINANT
from bpdocs.prove.shapes import LOOSE, Shape, common
from bpdocs.prove.table import Index, Poly, Unproved

if TYPE_CHECKING:
    from bpdocs.prove.meaning import Meaning
    from bpdocs.prove.ring import Ring
    from bpdocs.prove.state import Around

Place = tuple[Index, ...]


def shape(name: str, arguments: tuple[e.Expr, ...], shapes: list[Shape]) -> Shape:
    """Return the shape of a known operator's value."""
    if name == "abs" and shapes[0]:
        raise Unproved("bars around an array")
    if name in BY_NAME or name == "softmax":
        return shapes[0]
    if name == "kronecker":
        return ()
    if name in ("ones", "zeros"):
        if not arguments:
            return (LOOSE,)
        if isinstance(arguments[0], e.Size):
            return (arguments[0].name,)
    if name in ("max", "min"):
        return common(*shapes) if len(arguments) > 1 else ()
    if name in ("norm", "norm1") or (name == "norminf" and shapes[0]) or (name in ("tr", "det") and len(shapes[0]) == 2 and shapes[0][0] == shapes[0][1]):
        return ()
    if name == "diag" and len(shapes[0]) == 1:
        return shapes[0] * 2
    if name == "diag" and len(shapes[0]) == 2 and shapes[0][0] == shapes[0][1]:
        return shapes[0][:1]
    raise Unproved(f"{name} of this is not handled")


def entry(meaning: Meaning, name: str, arguments: tuple[e.Expr, ...], at: Place, around: Around) -> Poly:
    """Return an entry of a known operator's value."""
    ring = meaning.ring
    if name in ("ones", "zeros"):
        return ring.number(1 if name == "ones" else 0)
    if name == "kronecker":
        same = e.Compare(arguments[0].span, arguments[0], "=", arguments[1])
        return meaning.entry(same, (), around)
    argument, shape_ = arguments[0], meaning.shape(arguments[0], around)
    if name == "sqrt" and isinstance(argument, e.Pow) and isinstance(argument.exponent, e.Num) and argument.exponent.value == 2 and len(shape_) < 2:
        return functions.absolute(ring, meaning.entry(argument.base, at, around))
    if name in BY_NAME:
        return elementwise(meaning, name, meaning.entry(argument, at, around))
    if name in ("max", "min") and len(arguments) > 1:
        out = meaning.part(argument, at, around)
        for other in arguments[1:]:
            out = larger(meaning, out, meaning.part(other, at, around), 1 if name == "max" else -1)
        return out
    match name:
        case "softmax" if shape_:
            whole = meaning.over(shape_[-1], lambda m: exponential(ring, meaning.entry(argument, (*at[:-1], m), around)))
            return ring.mul(exponential(ring, meaning.entry(argument, at, around)), ring.inverse(whole))
        case "tr":
            return meaning.over(shape_[0], lambda m: meaning.entry(argument, (m, m), around))
        case "diag" if len(shape_) == 1:
            return ring.mul(ring.delta(at[0], at[1]), meaning.entry(argument, at[:1], around))
        case "diag":
            return meaning.entry(argument, (at[0], at[0]), around)
        case "norm" | "norm1":
            return _norm(meaning, name, argument, shape_, around)
        case "max" | "min" if shape_:
            return functions.open_function(ring, ("known", name), (), (), [meaning.whole(argument, around)])
        case "norminf":
            with meaning.bound(shape_) as letters:
                sizes = functions.shut(ring, letters, functions.absolute(ring, meaning.entry(argument, letters, around)))
            return functions.open_function(ring, ("known", "max"), (), (), [sizes])
        case "det":
            return functions.open_function(ring, DETERMINANT, (), (), [meaning.whole(argument, around)])
    raise Unproved(f"{name} of this is not handled")


def _norm(meaning: Meaning, name: str, argument: e.Expr, shape_: Shape, around: Around) -> Poly:
    ring = meaning.ring

    def summed(classes: Shape, place: Place) -> Poly:
        if classes:
            return meaning.over(classes[0], lambda index: summed(classes[1:], (*place, index)))
        part = meaning.entry(argument, place, around)
        return ring.power(part, 2) if name == "norm" else functions.absolute(ring, part)

    total = summed(shape_, ())
    return functions.root(ring, total, HALF) if name == "norm" and total else total


def larger(meaning: Meaning, a: Poly, b: Poly, unit: int) -> Poly:
    """Return max(a, b), or min(a, b) for a unit of -1."""
    ring = meaning.ring
    gap = functions.absolute(ring, ring.minus(a, b))
    return ring.scale(ring.add(ring.add(a, b), gap, unit), HALF)


def elementwise(meaning: Meaning, name: str, x: Poly) -> Poly:
    """Return a known function of one number."""
    row = BY_NAME[name].names[0]
    if row in ("log", "sqrt"):
        meaning.demand("positive", x)
    if row in ("sign", "heaviside", "tan"):
        meaning.demand("nonzero", x if row != "tan" else functions.cosine(meaning.ring, x))
    made = _ELEMENTWISE.get(row)
    if made is None:
        raise Unproved(f"{name} is not handled")
    return made(meaning.ring, x)


def _hyperbolic(ring: Ring, x: Poly, unit: int) -> Poly:
    return ring.scale(ring.add(exponential(ring, x), exponential(ring, ring.scale(x, -1)), unit), HALF)


def _sigmoid(ring: Ring, x: Poly) -> Poly:
    return ring.inverse(ring.add(ring.number(1), exponential(ring, ring.scale(x, -1))))


def _tanh(ring: Ring, x: Poly) -> Poly:
    return ring.add(ring.scale(_sigmoid(ring, ring.scale(x, 2)), 2), ring.number(-1))


_ELEMENTWISE: dict[str, Callable[[Any, Poly], Poly]] = {
    "exp": exponential,
    "log": functions.logarithm,
    "sqrt": lambda ring, x: functions.root(ring, x, HALF),
    "sin": lambda ring, x: functions.odd(ring, "sin", x),
    "cos": functions.cosine,
    "tan": lambda ring, x: ring.mul(functions.odd(ring, "sin", x), ring.inverse(functions.cosine(ring, x))),
    "sinh": lambda ring, x: _hyperbolic(ring, x, -1),
    "cosh": lambda ring, x: _hyperbolic(ring, x, 1),
    "tanh": _tanh,
    "arctan": lambda ring, x: functions.odd(ring, "arctan", x),
    "erf": lambda ring, x: functions.odd(ring, "erf", x),
    "abs": functions.absolute,
    "sign": functions.sign,
    "ReLU": lambda ring, x: ring.scale(ring.add(x, functions.absolute(ring, x)), HALF),
    "heaviside": lambda ring, x: ring.scale(ring.add(ring.number(1), functions.sign(ring, x)), HALF),
    "sigmoid": _sigmoid,
    "softplus": lambda ring, x: functions.logarithm(ring, ring.add(ring.number(1), exponential(ring, x))),
}
