"""Conditions: of cases and indicators, below an evaluation bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from bpdocs.diagnostic import Span
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.ink import full_name
from bpdocs.notation.tokens import Unread

if TYPE_CHECKING:
    from bpdocs.notation.resolve import Resolver

_CONDITIONS = ("=", "≠", "<", "≤", ">", "≥")
_JOINING = {"if": "", "for": "", "when": "", "where": "", "and": "", "with": "", "이면": "", "일 때": "", "일때": "", "그리고": ""}
_OTHERWISE = ("otherwise", "else", "그 외", "그외", "나머지", "if otherwise", "in all other cases", "elsewhere")


def condition(resolver: Resolver, node: s.Node) -> e.Compare:
    """Return a condition: one comparison, a chain, or several that hold together."""
    if isinstance(node, s.Fenced) and node.kind in ("(", "{", "group"):
        return condition(resolver, node.body)
    if isinstance(node, s.Listed) and node.items:
        return _all([condition(resolver, item) for item in node.items])
    if not isinstance(node, s.Relations):
        raise Unread("this condition is not understood", node.span, "write it as a > b")
    if not set(node.relations) <= set(_CONDITIONS):
        if not resolver.survey.foreign:
            raise Unread("this condition is not understood", node.span, "write it as a > b")
        return e.Compare(node.span, resolver.loosely(node.members[0]), node.relations[0], resolver.loosely(node.members[1]))
    members = [resolver.expression(member) for member in node.members]
    return _all([e.Compare(node.span, a, relation, b) for a, relation, b in zip(members, node.relations, members[1:], strict=False)])


def _all(found: list[e.Compare]) -> e.Compare:
    total = found[0]
    for one in found[1:]:
        total = e.Compare(Span(total.span.start, one.span.end), total, "∧", one)
    return total


def branch(resolver: Resolver, row: tuple[s.Node, ...], span: Span) -> tuple[e.Expr, e.Compare | None]:
    """Return one line of cases: its value, and its condition (None for “otherwise”)."""
    parts = [part for cell in row for part in (cell.items if isinstance(cell, s.Listed) else (cell,)) if not isinstance(part, s.Empty)]
    if not parts:
        raise Unread("a case wants a value", span)
    first, rest = parts[0], parts[1:]
    value = resolver.loosely(first)
    notes = [part for part in rest if _note(part)]
    if any(not isinstance(item, s.Words) for part in notes for item in s.children(part.body)):
        value = resolver.unsupported("maths in a note beside a case", span, (value, *(resolver.loosely(part) for part in notes)))
    rest = [part for part in rest if part not in notes and not (isinstance(part, s.Words) and part.text.lower() in _JOINING)]
    conditions = [part for part in rest if isinstance(part, s.Relations | s.Fenced)]
    words = [part for part in rest if part not in conditions]
    if conditions and not words:
        return value, _all([condition(resolver, part) for part in conditions])
    if len(words) == 1 and not conditions and _otherwise(words[0]):
        return value, None
    if resolver.survey.foreign and words and not conditions:
        return value, e.Compare(span, e.Unsupported(span, "a condition in words"), "=", e.Num(span, 1.0, "1"))
    raise Unread("a case wants one condition, or “otherwise”", span)


def _note(part: s.Node) -> TypeGuard[s.Fenced]:
    return isinstance(part, s.Fenced) and isinstance(part.body, s.Listed) and any(isinstance(item, s.Words) for item in part.body.items)


def _otherwise(part: s.Node) -> bool:
    text = part.text if isinstance(part, s.Words) else full_name(part)
    return text.lower().strip(" .,") in _OTHERWISE


def indicator(resolver: Resolver, span: Span, node: s.Node) -> e.Expr:
    """Return 1 where a condition holds, and 0 elsewhere."""
    one, zero = e.Num(span, 1.0, "1"), e.Num(span, 0.0, "0")
    return e.Cases(span, ((one, condition(resolver, node)), (zero, None)))


def conditional(node: s.Node) -> bool:
    """Return whether a condition stands in these brackets."""
    return isinstance(node, s.Relations) and set(node.relations) <= set(_CONDITIONS)


def full_indicator(head: s.Symbol) -> bool:
    """Return whether a symbol marks an indicator where a condition follows."""
    return head.name == "1" or (head.name == "I" and head.font in (r"\mathbb", r"\mathbf", r"\mathds"))


def opened(node: s.Node) -> s.Node:
    """Return what stands in brackets or braces, or the node itself."""
    while isinstance(node, s.Fenced) and node.kind in ("{", "(", "[", "group"):
        node = node.body
    return node


def evaluated(resolver: Resolver, body: e.Expr, where: s.Node, span: Span) -> e.Expr:
    r"""Return `body` with the inputs set as the foot of an evaluation bar says: `|_{x = 0}`, or `|_0` behind a derivative."""
    replaced: list[tuple[str, e.Expr]] = []
    for item in where.items if isinstance(where, s.Listed) else (where,):
        if isinstance(item, s.Relations) and item.relations == ("=",):
            target, value = resolver.expression(item.members[0]), resolver.expression(item.members[1])
        elif isinstance(body, e.Deriv) and len({by.name for by in body.wrt}) == 1 and not isinstance(item, s.Relations):
            target, value = body.wrt[0], resolver.expression(item)
        else:
            return resolver.unsupported("an evaluation bar without a value", span, (body,), "write \\Big|_{x = a}")
        if not isinstance(target, e.Ref) or target.indices:
            return resolver.unsupported("an evaluation bar for anything but one quantity", span, (body, target, value), "write \\Big|_{x = a}")
        replaced.append((target.name, value))
    return e.Bar(span, body, tuple(replaced))
