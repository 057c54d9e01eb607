"""What stands above and below: indices, powers, transposes, inverses, norms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpdocs.diagnostic import Span
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.ink import base_name, flat, full_name, letter_of, pieces
from bpdocs.notation.names import transposing
from bpdocs.notation.tokens import Unread

if TYPE_CHECKING:
    from bpdocs.notation.resolve import Resolver

_NORMS = {"": "norm", "2": "norm", "F": "norm", r"\text{F}": "norm", "1": "norm1", r"\infty": "norminf"}


def index(resolver: Resolver, node: s.Node) -> e.Expr:
    """Return an index: a letter, a number, or a letter plus a number."""
    survey = resolver.survey
    if isinstance(node, s.Symbol | s.Scripted) and base_name(node) in survey.indexing:
        return resolver.expression(node)
    letter = letter_of(node)
    if letter is not None:
        if letter in resolver.letters or survey.klass(letter) is not None or survey.foreign:
            if letter in survey.conflicts and letter not in resolver.letters and not survey.foreign:
                first, second = survey.conflicts[letter]
                raise Unread(f"{letter} runs to {first} in one sum and to {second} in another", node.span, f"declare {letter} = 1, \\dots, {first}")
            return e.Letter(node.span, letter)
        if letter in survey.sizes:
            return e.Size(node.span, letter)
        raise Unread(f"the index {letter} has no range", node.span, f"declare {letter} = 1, \\dots, n")
    match node:
        case s.Number(span, text) if text.isdigit():
            return e.Num(span, float(text), text)
        case s.Terms(span, terms):
            parts = tuple(index(resolver, term) if sign == "+" else e.Neg(term.span, index(resolver, term)) for sign, term in terms)
            return parts[0] if len(parts) == 1 else e.Add(span, parts)
        case s.Fenced(_, _, body):
            return index(resolver, body)
    if survey.foreign:
        return resolver.loosely(node)
    raise Unread("this index is not understood", node.span)


def scripted_bracket(resolver: Resolver, node: s.Scripted) -> e.Expr:
    """Return brackets, bars and other groups with what stands above and below them."""
    base: e.Expr
    bracket = node.base
    if isinstance(bracket, s.Fenced) and bracket.kind == "at":
        if node.sub is None or node.sup:
            raise Unread("an evaluation bar says where: \\right|_{x = 0}", node.span)
        return resolver.evaluated(resolver.expression(bracket.body), node.sub, node.span)
    if node.primes:
        return resolver.unsupported("a prime upon brackets", node.span, (resolver.expression(bracket),), "write \\frac{d}{dx}")
    if isinstance(bracket, s.Fenced) and bracket.kind == "‖":
        body = resolver.expression(bracket.body)
        below = full_name(node.sub).replace(r"\mathrm", "").strip("{}") if node.sub is not None else ""
        if below in _NORMS:
            base = e.Call(bracket.span, _NORMS[below], (body,))
        else:
            base = resolver.unsupported(f"the norm with subscript {below}", bracket.span, (body,))
        return raised(resolver, base, node.sup, node)
    base = resolver.expression(bracket)
    if isinstance(bracket, s.Fenced) and isinstance(bracket.body, s.Listed) and node.sub is None and len(node.sup) == 1 and transposing(node.sup[0]):
        return base  # (a, b)^\top is how a column is written in a line
    if node.sub is not None:
        base = e.Pick(node.span, base, tuple(index(resolver, piece) for piece in pieces(node.sub)))
    return raised(resolver, base, node.sup, node)


def raised(resolver: Resolver, base: e.Expr, sup: tuple[s.Node, ...], node: s.Node) -> e.Expr:
    """Return `base` with its superscripts applied in order."""
    for part in sup:
        span = Span(node.span.start, part.span.end)
        if transposing(part):
            base = e.Transpose(span, base)
        elif isinstance(part, s.Symbol) and part.name == "T" and "T" not in resolver.local:
            base = e.Transpose(span, base, "T")
        elif _inverse_transposed(part):
            base = e.Transpose(span, e.Pow(span, base, e.Neg(part.span, e.Num(part.span, 1.0, "1"))))
        elif isinstance(part, s.Sequence) and any(transposing(item) for item in part.items):
            raise Unread("this superscript is not understood", part.span, "write brackets")
        elif isinstance(part, s.Fenced) and part.kind in ("(", "[") and not isinstance(base, e.Num):
            base = resolver.unsupported(f"the superscript ({flat(part.body)})", span, (base,), "write it as an index, or the power without brackets")
        elif isinstance(part, s.Operator):
            base = resolver.unsupported(f"the superscript {part.name}", span, (base,))
        else:
            base = e.Pow(span, base, resolver.expression(part))
    return base


def _inverse_transposed(part: s.Node) -> bool:
    r"""Return whether a superscript is `-\top`: the inverse, transposed."""
    return isinstance(part, s.Terms) and len(part.terms) == 1 and part.terms[0][0] == "-" and (transposing(part.terms[0][1]) or flat(part.terms[0][1]) == "T")
