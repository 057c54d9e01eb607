r"""Quantities that a page names by their square: `\sigma_B^2 = \frac1m \sum_i (x_i - \mu_B)^2`, and then `\frac{\partial J}{\partial \sigma_B^2}`."""

from __future__ import annotations

from collections.abc import Iterable

from bpdocs.notation import syntax as s
from bpdocs.notation.ink import symbol_name


def squared(statements: Iterable[s.Node]) -> frozenset[str]:
    """Return the symbols whose square a statement defines before they stand anywhere without one."""
    found: set[str] = set()
    plain: set[str] = set()
    for node in statements:
        left = node.members[0] if isinstance(node, s.Relations) and node.relations[0] in ("=", ":=") else None
        if isinstance(left, s.Scripted) and (name := _square(left)) and name not in plain:
            found.add(name)
        plain |= _plain(node)
    return frozenset(found)


def rename(node: s.Node, names: frozenset[str]) -> s.Node:
    """Return the statement with the squares of `names` as symbols of their own, and what stands without a square as their root."""
    if not names:
        return node

    def change(node: s.Node) -> s.Node:
        if isinstance(node, s.Scripted) and isinstance(node.base, s.Symbol) and symbol_name(node.base) in names and not node.primes:
            symbol = s.Symbol(node.base.span, f"{node.base.name}^{{2}}", node.base.font)
            sub = None if node.sub is None else change(node.sub)
            rest = tuple(part for part in node.sup if not _two(part))
            named: s.Node = s.Scripted(node.span, symbol, sub) if sub is not None else symbol
            if len(rest) == len(node.sup):
                root = s.Root(node.span, named, None)
                return s.Scripted(node.span, s.Fenced(node.span, "group", root), None, tuple(map(change, rest))) if rest else root
            return named if not rest else s.Scripted(node.span, s.Fenced(node.span, "group", named), None, tuple(map(change, rest)))
        if isinstance(node, s.Symbol) and symbol_name(node) in names:
            return s.Root(node.span, s.Symbol(node.span, f"{node.name}^{{2}}", node.font), None)
        return s.mapped(node, change)

    return change(node)


def _square(node: s.Scripted) -> str | None:
    return symbol_name(node.base) if isinstance(node.base, s.Symbol) and len(node.sup) == 1 and _two(node.sup[0]) and not node.primes else None


def _two(node: s.Node) -> bool:
    return isinstance(node, s.Number) and node.text == "2"


def _plain(node: s.Node) -> set[str]:
    """Return the symbols that stand below a node without a square."""
    if isinstance(node, s.Scripted) and isinstance(node.base, s.Symbol):
        mine = set() if _square(node) else {symbol_name(node.base)}
        return mine.union(*(_plain(part) for part in (*((node.sub,) if node.sub else ()), *node.sup)), set())
    if isinstance(node, s.Symbol):
        return {symbol_name(node)}
    return set().union(*(_plain(child) for child in s.children(node)), set())
