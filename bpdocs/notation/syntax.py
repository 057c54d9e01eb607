"""The tree of a formula as it is written, before anything is known of what its symbols mean.

Each node has the stretch of the formula's LaTeX that it was read from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from bpdocs.diagnostic import Span


@dataclass(frozen=True)
class Node:
    """A piece of a formula."""

    span: Span


@dataclass(frozen=True)
class Number(Node):
    """A decimal number as printed."""

    text: str


@dataclass(frozen=True)
class Symbol(Node):
    r"""A letter, a Greek command, a word in `\mathrm`; `font` is "" or the font command, accents are part of the name."""

    name: str
    font: str = ""


@dataclass(frozen=True)
class Words(Node):
    """Prose inside a formula, with the maths that stands between dollars in it."""

    text: str
    maths: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Operator(Node):
    r"""Ink between factors: \cdot, \times, \odot, / and the like."""

    name: str


@dataclass(frozen=True)
class At(Node):
    r"""An evaluation bar behind factors: `|_{x = 0}`."""

    where: Node


@dataclass(frozen=True)
class Scripted(Node):
    """A base with a subscript, superscripts (in order) and primes."""

    base: Node
    sub: Node | None = None
    sup: tuple[Node, ...] = ()
    primes: int = 0


@dataclass(frozen=True)
class Sequence(Node):
    """Factors and operators side by side, in order."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Terms(Node):
    """A sum of signed terms; signs are "+", "-" or "±"."""

    terms: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class Relations(Node):
    """A chain `a = b ≤ c`: members, and the relation before each but the first."""

    members: tuple[Node, ...]
    relations: tuple[str, ...]


@dataclass(frozen=True)
class Listed(Node):
    """Items between commas."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Fenced(Node):
    """Something between delimiters: "(", "[", "{", "|", "‖", "⟨", "⌊" (left one names the kind); "group" for bare braces."""

    kind: str
    body: Node


@dataclass(frozen=True)
class Fraction(Node):
    """A stacked fraction."""

    over: Node
    under: Node


@dataclass(frozen=True)
class Root(Node):
    """A root; `degree` is None for a square root."""

    body: Node
    degree: Node | None


@dataclass(frozen=True)
class Matrix(Node):
    """Rows of cells; kind is the environment's name."""

    kind: str
    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True)
class Dots(Node):
    """Dots that stand for what the pattern says."""


@dataclass(frozen=True)
class Family(Node):
    """What dots stand for in a list: `body` for each value of `letter` from `low` to `high`, as a column or as a row."""

    letter: str
    low: Node
    high: Node
    body: Node
    way: str = "column"


@dataclass(frozen=True)
class Printed(Node):
    r"""`\num[digits]{body}`: replaced by the value at the page's settings when the page is built."""

    body: Node
    digits: int


@dataclass(frozen=True)
class Labelled(Node):
    """A body under a brace with a label, in a box, or in colour: the body is what counts."""

    body: Node
    label: Node | None = None


@dataclass(frozen=True)
class Empty(Node):
    """Nothing (an empty cell or group)."""


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes right below `node`, in the order of the page."""
    match node:
        case Scripted(_, base, sub, sup):
            return (base, *((sub,) if sub else ()), *sup)
        case Family(_, _, low, high, body):
            return (low, high, body)
        case At(_, where):
            return (where,)
        case Words(_, _, maths):
            return maths
        case Sequence(_, items) | Listed(_, items):
            return items
        case Terms(_, terms):
            return tuple(term for _, term in terms)
        case Relations(_, members, _):
            return members
        case Fenced(_, _, body) | Printed(_, body):
            return (body,)
        case Fraction(_, over, under):
            return (over, under)
        case Root(_, body, degree):
            return (body,) if degree is None else (degree, body)
        case Labelled(_, body, label):
            return (body,) if label is None else (body, label)
        case Matrix(_, _, rows):
            return tuple(cell for row in rows for cell in row)
        case _:
            return ()


def walk(node: Node) -> list[Node]:
    """Return `node` and everything below it."""
    out = [node]
    for child in children(node):
        out += walk(child)
    return out


def mapped(node: Node, change: Callable[[Node], Node]) -> Node:
    """Return the node with `change` made to every node right below it."""

    def within(value: object) -> object:
        if isinstance(value, Node):
            return change(value)
        if isinstance(value, tuple):
            return tuple(within(item) for item in value)
        return value

    changes: dict[str, Any] = {}
    for one in fields(node):
        if one.name != "span":
            old = getattr(node, one.name)
            new = within(old)
            if new is not old and new != old:
                changes[one.name] = new
    return replace(node, **changes) if changes else node
