"""Index letters that belong to one statement: where widths differ from layer to layer, so does what a letter runs over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bpdocs.notation import syntax as s
from bpdocs.notation.families import Families
from bpdocs.notation.ink import BIG, MARK, full_name, letter_of, pieces


def marked(node: s.Node, tag: str, families: Families) -> s.Node:
    """Return the statement with its index letters marked: they belong to this statement alone, so that their ranges are found from it alone."""
    statement = node

    def mark(node: s.Node) -> s.Node:
        if isinstance(node, s.Symbol):
            letter = letter_of(node)
            if letter and not node.font and letter not in families.fixed and letter not in families.tops and len(letter) == 1:
                return s.Symbol(node.span, f"{letter}{MARK}{tag}")
            return node
        if isinstance(node, s.Scripted) and isinstance(node.base, s.Symbol):
            base = mark(node.base) if node.primes and not node.sub and not node.sup else node.base
            return s.Scripted(node.span, base, None if node.sub is None else mark(node.sub), node.sup, node.primes)
        return s.mapped(node, mark)

    below = {letter for part in s.walk(node) if isinstance(part, s.Scripted) and isinstance(part.base, s.Symbol) for piece in pieces(part.sub) if (letter := letter_of(piece))}

    def condition(node: s.Node) -> s.Node:
        """Return a condition between indices, 1(q = j), with those letters marked that stand below some symbol."""
        return mark(node) if isinstance(node, s.Symbol) and letter_of(node) in below else visit(node)

    def visit(node: s.Node) -> s.Node:
        if isinstance(node, s.Relations) and node is not statement:
            return s.mapped(node, condition)
        if isinstance(node, s.Scripted):
            base = node.base if isinstance(node.base, s.Symbol) else visit(node.base)
            big = isinstance(node.base, s.Symbol) and node.base.name in BIG
            sup = node.sup if big else tuple(visit(part) for part in node.sup)
            sub = node.sub
            if sub is not None and not (node.sub and full_name(replace(node, base=base, sup=(), primes=0)) in families.labelled):
                sub = _limits(sub, mark) if big else mark(sub)
            return s.Scripted(node.span, base, sub, sup, node.primes)
        return s.mapped(node, visit)

    return visit(node)


def _limits(sub: s.Node, mark: Callable[[s.Node], s.Node]) -> s.Node:
    """Return the lower limits of a Σ with the letters that it binds marked."""
    if isinstance(sub, s.Listed):
        return replace(sub, items=tuple(_limits(item, mark) for item in sub.items))
    if isinstance(sub, s.Relations) and sub.relations == ("=",):
        return replace(sub, members=(mark(sub.members[0]), *sub.members[1:]))
    return mark(sub)
