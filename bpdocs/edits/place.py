"""The places in a relation's ink where an error may be planted: each node with what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bpdocs.diagnostic import Span
from bpdocs.edits.stock import Stock
from bpdocs.notation import syntax as s
from bpdocs.notation.derivatives import differential
from bpdocs.notation.ink import BIG, bound_letters, symbol_name
from bpdocs.notation.names import split_raised
from bpdocs.notation.operators import known
from bpdocs.notation.run import head_of

_BY = (r"\nabla", r"\partial")  # what they derive by stands below them


@dataclass(frozen=True)
class Place:
    """A node of a formula; `role` says as what it stands there, `bound` are the letters that a Σ around it binds."""

    node: s.Node
    source: str
    role: str = "value"  # or "statement", "condition", "function", "binder", "derivative", "operator", "exponent", "base" (of scripts)
    bound: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The ink of the node."""
        return self.of(self.node)

    def of(self, node: s.Node) -> str:
        """Return the ink of a node of the same formula."""
        return self.source[node.span.start : node.span.end]

    def put(self, text: str, span: Span) -> str:
        r"""Return `text` so that it neither runs into what follows (\alpha j) nor needs braces that are not there."""
        follows = self.source[span.end : span.end + 1]
        return f"{text} " if re.search(r"\\[A-Za-z]+$", text) and re.match(r"[A-Za-z]", follows) else text


@dataclass(frozen=True)
class Unit:
    """A factor with all that it takes: a function with its brackets, ∇ with its body; kind "factor", "operator", "binder", "differential"."""

    kind: str
    items: tuple[s.Node, ...]

    @property
    def span(self) -> Span:
        """The stretch from the first item to the last."""
        return Span(self.items[0].span.start, self.items[-1].span.end)


def bracket_of(node: s.Node | None) -> s.Fenced | None:
    """Return the brackets that a node is, with or without scripts."""
    base = node.base if isinstance(node, s.Scripted) else node
    return base if isinstance(base, s.Fenced) and base.kind in ("(", "[", "{", "group") else None


def binds(node: s.Node) -> bool:
    """Return whether a node is a Σ, Π or their like that binds a letter."""
    head = head_of(node)
    return isinstance(node, s.Scripted) and head is not None and symbol_name(head) in BIG and node.sub is not None


def derives(node: s.Node) -> bool:
    """Return whether a fraction is a derivative, or the operator of one."""
    if not isinstance(node, s.Fraction):
        return False
    over, under = _items(node.over), _items(node.under)
    return differential(over[0]) is not None and differential(under[0]) is not None and len(under) > 1


def applies(head: s.Symbol, stock: Stock) -> bool:
    """Return whether a symbol is applied to the brackets behind it."""
    name = symbol_name(head)
    return stock.survey.is_function(name) or name in stock.survey.parameters or (known(name) is not None and not stock.survey.is_quantity(name))


def units(items: tuple[s.Node, ...], stock: Stock) -> list[Unit]:
    """Return the items of a product in order, each with what it takes."""
    out: list[Unit] = []
    at = 0
    while at < len(items):
        taken = items[at : at + _extent(items, at, stock)]
        out.append(Unit(_kind(taken), taken))
        at += len(taken)
    return out


def _kind(taken: tuple[s.Node, ...]) -> str:
    if isinstance(taken[0], s.Operator):
        return "operator"
    if binds(taken[0]):
        return "binder"
    return "differential" if differential(taken[0]) is not None and not _slashed(taken) else "factor"


def _slashed(items: tuple[s.Node, ...]) -> bool:
    r"""Return whether items begin with `\partial J / \partial w`."""
    return len(items) > 4 and isinstance(items[2], s.Operator) and items[2].name == "/" and differential(items[0]) is not None and differential(items[3]) is not None


def _extent(items: tuple[s.Node, ...], at: int, stock: Stock) -> int:
    """Return how many items the factor at `at` takes."""
    item = items[at]
    head = head_of(item)
    following = items[at + 1] if at + 1 < len(items) else None
    if isinstance(item, s.Fraction):
        return 1 + _extent(items, at + 1, stock) if following is not None and derives(item) and len(_items(item.over)) == 1 else 1
    if head is None or binds(item) or following is None:
        return 1
    if _slashed(items[at : at + 5]):
        return 5
    name = symbol_name(head)
    bracket = bracket_of(following)
    if differential(item) is not None or name in _BY or (name == r"\Delta" and not stock.survey.is_quantity(name)):
        return 1 + _extent(items, at + 1, stock)
    if bracket is not None and (applies(head, stock) or isinstance(bracket.body, s.Relations) or stock.moves(item, following)):
        return 2
    if known(name) is not None and applies(head, stock) and not isinstance(following, s.Operator):
        return 1 + _extent(items, at + 1, stock)
    return 1


def _items(node: s.Node) -> tuple[s.Node, ...]:
    return node.items if isinstance(node, s.Sequence) and node.items else (node,)


def places(place: Place, stock: Stock) -> Iterator[Place]:
    """Yield a place and everything below it that has a value, indices and labels left out."""
    node = place.node
    if isinstance(node, s.Words | s.Empty | s.Dots):
        return
    yield place
    match node:
        case s.Sequence(_, items):
            yield from _inside(items, place, stock)
        case s.Scripted(_, base, _, sup):
            if not isinstance(base, s.Symbol):
                yield from places(replace(place, node=base, role="base"), stock)
            for part in split_raised(sup):
                if stock.counts(part):
                    continue
                if isinstance(part, s.Terms | s.Sequence) or (isinstance(part, s.Fenced) and part.kind == "group"):
                    yield from places(replace(place, node=part, role="exponent"), stock)
        case s.Labelled(_, body, _):
            yield from places(replace(place, node=body), stock)
        case _:
            for child in s.children(node):
                yield from places(replace(place, node=child, role="condition" if isinstance(child, s.Relations) else "value"), stock)


def _inside(items: tuple[s.Node, ...], place: Place, stock: Stock) -> Iterator[Place]:
    bound = place.bound
    for unit in units(items, stock):
        first = unit.items[0]
        if unit.kind == "operator":
            yield replace(place, node=first, role="operator", bound=bound)
        elif unit.kind == "binder":
            yield replace(place, node=first, role="binder", bound=bound)
            assert isinstance(first, s.Scripted)
            bound += tuple(letter for letter, _ in bound_letters(first))
        elif len(unit.items) == 1:
            yield from places(replace(place, node=first, role="value", bound=bound), stock)
        elif _slashed(unit.items):
            for what in unit.items[1::3]:
                yield from places(replace(place, node=what, role="derivative", bound=bound), stock)
        elif len(unit.items) == 2 and unit.kind == "differential":
            yield from places(replace(place, node=unit.items[1], role="derivative", bound=bound), stock)
        else:
            yield from _taking(unit, replace(place, bound=bound), stock)


def _taking(unit: Unit, place: Place, stock: Stock) -> Iterator[Place]:
    """Yield the places in a function with its brackets, in ∇ with its body."""
    first, rest = unit.items[0], unit.items[1:]
    if isinstance(first, s.Fraction):
        yield from places(replace(place, node=first, role="value"), stock)
    elif differential(first) is None:
        yield replace(place, node=first, role="function")
        if isinstance(first, s.Scripted) and first.sub is not None and (head := head_of(first)) is not None and head.name in _BY:
            yield from places(replace(place, node=first.sub, role="derivative"), stock)
    if len(rest) > 1:
        yield from _inside(rest, place, stock)
    else:
        yield from places(replace(place, node=rest[0], role="value"), stock)
