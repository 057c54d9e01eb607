r"""`O(\epsilon^2)`: a remainder that vanishes like a power of an input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpdocs.diagnostic import Span
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.tokens import Unread

if TYPE_CHECKING:
    from bpdocs.notation.resolve import Resolver

NAMES = ("O", r"\mathcal{O}")


def remainder(resolver: Resolver, name: str, head: s.Node, bracket: s.Node) -> e.Order | None:
    """Return what `O(…)` says, or None if O is the page's own, or if what it holds is no power of one quantity."""
    survey = resolver.survey
    own = survey.is_quantity(name) or name in survey.parameters or name in survey.signatures or name in survey.settings.functions
    if name not in NAMES or own or not isinstance(bracket, s.Fenced) or bracket.kind != "(":
        return None
    if isinstance(head, s.Scripted) and head.primes:
        raise Unread("a remainder O(…) has no derivative", head.span)
    try:
        body = resolver.expression(bracket.body)
    except Unread:
        return None
    power = 1
    if isinstance(body, e.Pow):
        if not isinstance(body.exponent, e.Num) or not body.exponent.text.isdigit() or not body.exponent.value:
            return None
        power = int(body.exponent.value)
        body = body.base
    if isinstance(body, e.Call) and body.name in ("norm", "abs"):
        body = body.arguments[0]
    if not isinstance(body, e.Ref) or body.indices:
        return None
    return e.Order(Span(head.span.start, bracket.span.end), body, power)
