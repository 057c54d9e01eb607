"""What a formula means: expressions over quantities, indices and functions.

Written forms that mean the same are one form here; what stays ambiguous is an `Either`, which must come out the same both ways.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from bpdocs.budget import spend
from bpdocs.diagnostic import Span


@dataclass(frozen=True)
class Expr:
    """A piece of meaning, with the stretch of LaTeX that says it."""

    span: Span


@dataclass(frozen=True)
class Num(Expr):
    """A number; `text` is how it was printed."""

    value: float
    text: str


@dataclass(frozen=True)
class Letter(Expr):
    """An index letter: its number, along its own axis."""

    name: str


@dataclass(frozen=True)
class Size(Expr):
    """A width such as n, as a number."""

    name: str


@dataclass(frozen=True)
class Ref(Expr):
    """A quantity, or entries of it; `name` is the quantity's own, `signature` the classes of its index letters."""

    name: str
    indices: tuple[Expr, ...] = ()
    signature: tuple[str, ...] = ()


@dataclass(frozen=True)
class Add(Expr):
    """A sum of terms."""

    terms: tuple[Expr, ...]


@dataclass(frozen=True)
class Neg(Expr):
    """Minus something."""

    body: Expr


@dataclass(frozen=True)
class Mul(Expr):
    """A product; `how` is "" (side by side), "·", "×", "⊙" or "⊗"."""

    left: Expr
    right: Expr
    how: str = ""


@dataclass(frozen=True)
class Contract(Expr):
    """A product of derivatives in which each denominator is the next numerator, contracted."""

    factors: tuple[Deriv, ...]
    hows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Div(Expr):
    """A quotient; `how` is "/", "⊘" (elementwise) or "%" (hundredths)."""

    over: Expr
    under: Expr
    how: str = "/"


@dataclass(frozen=True)
class Pow(Expr):
    """A power: entrywise of a vector, the matrix power of a square matrix."""

    base: Expr
    exponent: Expr


@dataclass(frozen=True)
class Transpose(Expr):
    """A transposed array; `letter` is the T that is a power if the base is a number."""

    body: Expr
    letter: str = ""


@dataclass(frozen=True)
class Pick(Expr):
    """Entries of an array that is an expression: (W x)_k."""

    body: Expr
    indices: tuple[Expr, ...]


@dataclass(frozen=True)
class Bind(Expr):
    """Σ, Π, max or min over a letter; `size` is the class it runs over, limits and condition narrow it."""

    how: str
    letter: str
    size: str
    low: Expr | None
    high: Expr | None
    condition: Compare | None
    body: Expr


@dataclass(frozen=True)
class Order(Expr):
    """O(εᵖ): a remainder that vanishes at least as fast as a power of an input."""

    of: Ref
    power: int


@dataclass(frozen=True)
class Compare(Expr):
    """A condition between two numbers, or ("∧", "∨") between two conditions."""

    left: Expr
    relation: str
    right: Expr


@dataclass(frozen=True)
class Call(Expr):
    """A known operator, applied."""

    name: str
    arguments: tuple[Expr, ...]


@dataclass(frozen=True)
class Apply(Expr):
    """A function of the page (defined or unknown), applied; `primes` counts derivatives."""

    name: str
    primes: int
    arguments: tuple[Expr, ...]


@dataclass(frozen=True)
class At(Expr):
    """A quantity with some of its inputs replaced: J(w + ε)."""

    body: Ref
    replaced: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True)
class Bar(Expr):
    """A value at the foot of an evaluation bar: some inputs are set, all else is computed from them."""

    body: Expr
    replaced: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True)
class Deriv(Expr):
    """A total derivative; `shape` is "layout" (∂a/∂b) or "gradient" (∇: the denominator's shape)."""

    body: Expr
    wrt: tuple[Ref, ...]
    shape: str = "layout"


@dataclass(frozen=True)
class Either(Expr):
    """Two readings, which must come out the same."""

    readings: tuple[Expr, ...]
    hint: str


@dataclass(frozen=True)
class Cases(Expr):
    """Values with conditions; a condition of None is "otherwise"."""

    branches: tuple[tuple[Expr, Compare | None], ...]


@dataclass(frozen=True)
class Family(Expr):
    """The column (or row) of what `body` is for each value of a letter: (x_1, …, x_n)."""

    letter: str
    size: str
    body: Expr
    way: str = "column"


@dataclass(frozen=True)
class Unsupported(Expr):
    """Something that is recognised, in a text that is only read, and has no value here."""

    what: str
    parts: tuple[Expr, ...] = ()


@dataclass(frozen=True)
class Array(Expr):
    """An explicit matrix or vector."""

    rows: tuple[tuple[Expr, ...], ...]


@dataclass(frozen=True)
class Show(Expr):
    """A value to be printed: the body, at the page's settings."""

    body: Expr
    digits: int


_made_of: dict[type[Expr], tuple[str, ...]] = {}


def _names(kind: type[Expr]) -> tuple[str, ...]:
    """Return what an expression of a kind is made of, its place apart."""
    if kind not in _made_of:
        _made_of[kind] = tuple(field.name for field in fields(kind) if field.name != "span")
    return _made_of[kind]


def parts(expr: Expr) -> list[Expr]:
    """Return the expressions right below `expr`."""
    out: list[Expr] = []

    def gather(value: object) -> None:
        if isinstance(value, Expr):
            out.append(value)
        elif isinstance(value, tuple):
            for item in value:
                gather(item)

    for name in _names(type(expr)):
        gather(getattr(expr, name))
    return out


def same(left: object, right: object) -> bool:
    """Return whether two expressions are the same apart from their places."""
    if type(left) is not type(right):
        return False
    if isinstance(left, Expr):
        return all(same(getattr(left, name), getattr(right, name)) for name in _names(type(left)))
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    return left == right


def walk(expr: Expr) -> list[Expr]:
    """Return `expr` and everything below it."""
    out: list[Expr] = []
    waiting = [expr]
    while waiting:
        here = waiting.pop()
        out.append(here)
        waiting += reversed(parts(here))
        if not len(out) % _GLANCE:  # where one node stands in many places, there may be no end
            spend(_GLANCE // 8)
    return out


_NOWHERE = Span(0, 0)
_GLANCE = 1024


def bare(expr: Expr) -> Expr:
    """Return `expr` without its places, for comparing meanings."""

    def strip(value: object) -> Any:
        if isinstance(value, Expr):
            return type(value)(_NOWHERE, *(strip(getattr(value, name)) for name in _names(type(value))))
        if isinstance(value, tuple):
            return tuple(strip(item) for item in value)
        return value

    stripped = strip(expr)
    assert isinstance(stripped, Expr)
    return stripped
