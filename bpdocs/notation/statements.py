"""From what stands between commas to statements: ranges and memberships are one each, boxes are opened."""

from __future__ import annotations

from itertools import pairwise

from bpdocs.diagnostic import Span
from bpdocs.notation import syntax as s
from bpdocs.notation.tokens import Unread


def grouped(items: list[s.Node]) -> list[s.Node]:
    r"""Return statements: `k = 1, \dots, c` and `x, y \in …` are one each."""
    out: list[s.Node] = []
    waiting: list[s.Node] = []
    at = 0
    while at < len(items):
        item = items[at]
        at += 1
        if not isinstance(item, s.Relations):
            waiting.append(item)
            continue
        tail = at
        while tail < len(items) and isinstance(items[tail], s.Dots | s.Number):
            tail += 1
        dotted = any(isinstance(part, s.Dots) for part in items[at:tail])
        if dotted and tail < len(items) and isinstance(items[tail - 1], s.Dots):
            tail += 1
        if dotted or (tail > at and item.relations == ("=",) and isinstance(item.members[-1], s.Number)):
            values = (item.members[-1], *items[at:tail])
            last = values[-1]
            if isinstance(last, s.Relations):
                raise Unread("this range runs into the next relation", last.span, "put the two into formulas of their own")
            listed = s.Listed(Span(values[0].span.start, last.span.end), values)
            item = s.Relations(Span(item.span.start, last.span.end), (*item.members[:-1], listed), item.relations)
            at = tail
        if waiting and (dotted or item.relations[:1] in (("∈",), (":",))):
            first = s.Listed(Span(waiting[0].span.start, item.members[0].span.end), (*waiting, item.members[0]))
            item = s.Relations(Span(first.span.start, item.span.end), (first, *item.members[1:]), item.relations)
            waiting = []
        out += [*waiting, item]
        waiting = []
    return out + waiting


def unwrapped(node: s.Node) -> list[s.Node]:
    """Return the statements inside a box, colour or braces; raise Unread for a relation anywhere else that would go unseen."""
    if isinstance(node, s.Labelled) or (isinstance(node, s.Fenced) and node.kind in ("group", "(", "[")):
        body = node.body
        if isinstance(body, s.Relations):
            return unwrapped(body)
        if isinstance(body, s.Listed) and any(isinstance(item, s.Relations) for item in body.items):
            return [part for item in body.items for part in unwrapped(item)]
    if not isinstance(node, s.Relations):
        hidden = next((part for part in s.walk(node) if isinstance(part, s.Relations) and part.relations[0] in ("=", ":=", "≈")), None)
        if hidden is not None and not _conditional(node, hidden):
            raise Unread("a relation stands inside something where it would not be checked", hidden.span, "write it as a formula of its own")
    return [node]


def _conditional(node: s.Node, relation: s.Relations) -> bool:
    """Return whether a relation is only a condition: below a Σ, in an indicator, in a case."""
    for part in s.walk(node):
        if isinstance(part, s.Fenced) and part.kind == "[" and part.body is relation and part is not node:
            return True
        if isinstance(part, s.At) and relation in s.walk(part.where):
            return True
        if isinstance(part, s.Scripted) and relation in (*(s.walk(part.sub) if part.sub else ()), *(found for up in part.sup for found in s.walk(up))):
            return True
        if isinstance(part, s.Sequence):
            for before, after in pairwise(part.items):
                if isinstance(after, s.Fenced) and after.body is relation and isinstance(before, s.Symbol) and before.name == "1":
                    return True
        if isinstance(part, s.Matrix) and part.kind.endswith("cases") and any(relation in s.walk(cell) for row in part.rows for cell in row[1:]):
            return True
    return False
