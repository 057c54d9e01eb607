"""Errors at one symbol: its indices, layer, prime, transpose, power; another symbol or function in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from bpdocs.diagnostic import Span
from bpdocs.edits.change import Change, Site
from bpdocs.edits.place import binds, derives
from bpdocs.edits.products import braced
from bpdocs.edits.stock import FEW
from bpdocs.edits.view import letters_of
from bpdocs.notation import syntax as s
from bpdocs.notation.ink import BIG, full_name, is_label, letter_of, pieces, symbol_name
from bpdocs.notation.names import split_raised, transposing
from bpdocs.notation.operators import known

FUNCTIONS = {r"\exp": r"\log", r"\log": r"\exp", r"\ln": r"\exp", r"\sin": r"\cos", r"\cos": r"\sin", r"\sinh": r"\cosh", r"\cosh": r"\sinh", r"\tanh": r"\sinh",
             r"\max": r"\min", r"\min": r"\max", "ReLU": "softplus", "softplus": "ReLU"}  # fmt: skip


def _scripted(site: Site) -> s.Scripted | None:
    """Return the place's node if it is a symbol with scripts that are indices, layers, powers."""
    node = site.place.node
    if not isinstance(node, s.Scripted) or site.place.role in ("binder", "operator"):
        return None
    return node if isinstance(node.base, s.Symbol) and node.base.name not in BIG else None


# -- primes ---------------------------------------------------------------------------------------------


def dropped_primes(site: Site) -> Iterator[Change]:
    """Yield a function without one of its primes."""
    node = site.place.node
    if isinstance(node, s.Scripted) and node.primes:
        found = re.search(r"'|\^\s*\\prime|\^\s*\{\s*\\prime\s*\}|′", site.place.source[node.base.span.end : node.span.end])
        if found:
            yield Change(Span(node.base.span.end + found.start(), node.base.span.end + found.end()), "", site.place.text)


def added_primes(site: Site) -> Iterator[Change]:
    """Yield a function of one number with one prime more."""
    node = site.place.node
    base = node.base if isinstance(node, s.Scripted) else node
    if site.place.role != "function" or not isinstance(base, s.Symbol) or known(symbol_name(base)) is not None:
        return
    if site.stock.survey.is_function(symbol_name(base)) and site.stock.arity(symbol_name(base)) == 1 and r"\prime" not in site.place.text:
        yield Change(Span(base.span.end, base.span.end), "'", site.place.text)


# -- transposes and powers ------------------------------------------------------------------------------


def dropped_transposes(site: Site) -> Iterator[Change]:
    """Yield an array without its transpose."""
    node = site.place.node
    if not isinstance(node, s.Scripted) or site.place.role == "binder":
        return
    for part in node.sup:
        for mark in part.items if isinstance(part, s.Sequence) else (part,):
            if transposing(mark) or (isinstance(mark, s.Symbol) and mark.name == "T"):
                yield Change(mark.span if mark is not part else _raised(site, part), "", site.place.source[node.span.start : node.base.span.end])


def added_transposes(site: Site) -> Iterator[Change]:
    """Yield an array transposed."""
    node, place = site.place.node, site.place
    if place.role != "value" or not site.view.shape(node):
        return
    match node:
        case s.Scripted() if binds(node) or any(map(transposing, split_raised(node.sup))):
            return
        case s.Scripted(sup=sup) if sup:
            yield Change(node.span, rf"{{{place.text}}}^\top", place.text)
        case s.Symbol() | s.Scripted() | s.Fenced(_, "(" | "[", _):
            yield Change(node.span, rf"{place.text}^\top", place.text)


def transposed_derivatives(site: Site) -> Iterator[Change]:
    """Yield a derivative of an array, or by one, transposed."""
    node = site.place.node
    if site.place.role == "value" and derives(node) and site.view.shape(node):
        yield Change(node.span, rf"({site.place.text})^\top", site.place.text)


def dropped_powers(site: Site) -> Iterator[Change]:
    """Yield a base without its power."""
    for part in _powers(site):
        yield Change(_raised(site, part), "", part.text)


def changed_powers(site: Site) -> Iterator[Change]:
    """Yield a base with another power."""
    for part in _powers(site):
        if part.text.isdigit():
            now = str(int(part.text) + 1)
            yield Change(part.span, braced(site, part.span, now), part.text, now)


def _powers(site: Site) -> list[s.Number]:
    node = site.place.node
    if not isinstance(node, s.Scripted) or site.place.role in ("binder", "derivative"):
        return []
    return [part for part in node.sup if isinstance(part, s.Number)]


def _raised(site: Site, part: s.Node) -> Span:
    """Return the stretch of a superscript with its ^ and its braces."""
    source = site.place.source
    at = source.rfind("^", 0, part.span.start + 1)
    opened = source[at + 1 : part.span.start].count("{")
    end = part.span.end
    while opened and end < len(source):
        opened -= source[end] == "}"
        end += 1
    return Span(at, end)


# -- indices --------------------------------------------------------------------------------------------


def swapped_indices(site: Site) -> Iterator[Change]:
    """Yield two neighbouring indices in the other order."""
    node = _scripted(site)
    parts = [piece for piece in pieces(node.sub) if not is_label(piece)] if node is not None else []
    for left, right in pairwise(parts):
        a, b = site.place.of(left), site.place.of(right)
        if a != b and all(letter_of(part) or isinstance(part, s.Number) for part in (left, right)):
            between = site.place.source[left.span.end : right.span.start]
            span = Span(left.span.start, right.span.end)
            yield _script(site, span, f"{b}{between}{a}")


def renamed_indices(site: Site) -> Iterator[Change]:
    """Yield another letter for an index: one that is free in the relation, or bound where it stands."""
    around = (*site.place.bound, *site.view.free())
    node = site.place.node
    found: list[tuple[s.Node, str]] = []
    if site.place.role == "binder" and isinstance(node, s.Scripted):
        first = node.sub.members[0] if isinstance(node.sub, s.Relations) else node.sub
        found = [(first, letter)] if first is not None and (letter := letter_of(first)) else []
    elif (named := _scripted(site)) is not None:
        found = letters_of(named)
    elif isinstance(node, s.Symbol) and site.place.role in ("value", "exponent") and (letter := letter_of(node)) and not site.stock.survey.is_quantity(letter):
        found = [(node, letter)]
    for piece, letter in found:
        if site.view.klass(letter) is not None:
            for other in site.view.letters(letter, around):
                yield _script(site, piece.span, other)


def shifted_indices(site: Site) -> Iterator[Change]:
    """Yield an index one step on or back, where the page writes such steps: h_{s-1} for h_s."""
    node = _scripted(site)
    parts = [piece for piece in pieces(node.sub) if not is_label(piece)] if node is not None else []
    for at, part in enumerate(parts):
        for now in _shifts(site, part):
            ink = [site.place.of(other) for other in parts]
            ink[at] = now
            span = Span(parts[0].span.start, parts[-1].span.end)
            yield _script(site, span, ", ".join(ink))


def _shifts(site: Site, part: s.Node) -> list[str]:
    """Return a letter that counts layers or steps one on and one back; one that is so already by itself, and with its step turned."""
    letter = letter_of(part)
    if letter is not None:
        return [f"{letter}-1", f"{letter}+1"] if site.stock.counts(part) or letter in site.stock.stepped else []
    if isinstance(part, s.Terms) and len(part.terms) == 2 and (letter := letter_of(part.terms[0][1])):
        return [letter, f"{letter}{'-' if part.terms[1][0] == '+' else '+'}{site.place.of(part.terms[1][1])}"]
    return []


def shifted_layers(site: Site) -> Iterator[Change]:
    """Yield another layer for a layer: one on, one back, where there is one."""
    node = site.place.node
    if not isinstance(node, s.Scripted) or not isinstance(node.base, s.Symbol):
        return
    for part in split_raised(node.sup):
        body = part.body if isinstance(part, s.Fenced) and part.kind in ("(", "[") else part
        others: list[str] = []
        if site.stock.counts(body):
            others = _shifts(site, body)
        elif body is not part and isinstance(body, s.Number) and body.text.isdigit():
            layer = int(body.text)
            name = full_name(s.Scripted(node.span, node.base, None, (part,)))
            label = "".join(f"_{{{symbol_name(piece)}}}" for piece in pieces(node.sub) if isinstance(piece, s.Symbol) and is_label(piece))
            others = [str(other) for other in (layer - 1, layer + 1) if site.stock.exists(name.replace(f"({layer})", f"({other})") + label)]
        for other in others:
            yield _script(site, body.span, other)


def _script(site: Site, span: Span, text: str) -> Change:
    node = site.place.node
    text = braced(site, span, text) if site.place.source[span.start - 1 : span.start] in "_^" else site.place.put(text, span)
    now = site.place.source[node.span.start : span.start] + text + site.place.source[span.end : node.span.end]
    return Change(span, text, site.place.text, now)


# -- another symbol -------------------------------------------------------------------------------------


def other_symbols(site: Site) -> Iterator[Change]:
    """Yield another quantity of the same shape, another width, for a symbol."""
    node = site.place.node
    base = node.base if isinstance(node, s.Scripted) else node
    if not isinstance(base, s.Symbol) or base.name in BIG or site.place.role not in ("value", "derivative", "exponent"):
        return
    if isinstance(node, s.Symbol) and node.name in site.stock.widths and not site.stock.survey.is_quantity(node.name):
        for size in [size for size in site.stock.widths if size != node.name][:FEW]:
            yield Change(node.span, site.place.put(size, node.span), node.name, size)
        return
    for what, ink in site.view.others(node):
        text = site.place.put(ink, what.span)
        now = site.place.source[node.span.start : what.span.start] + text + site.place.source[what.span.end : node.span.end]
        yield Change(what.span, text, site.place.text, now)


def other_functions(site: Site) -> Iterator[Change]:
    """Yield another function for a function."""
    node = site.place.node
    base = node.base if isinstance(node, s.Scripted) else node
    if site.place.role != "function" or not isinstance(base, s.Symbol):
        return
    others = [FUNCTIONS[base.name]] if base.name in FUNCTIONS else site.stock.functions(symbol_name(base)) if site.stock.survey.is_function(symbol_name(base)) else []
    for other in others:
        ink = other if other.startswith("\\") or len(other) == 1 else rf"\mathrm{{{other}}}"
        yield Change(base.span, site.place.put(ink, base.span), symbol_name(base), other)


def dropped_functions(site: Site) -> Iterator[Change]:
    """Yield what a function is applied to, without the function."""
    node = site.place.node
    base = node.base if isinstance(node, s.Scripted) else node
    if site.place.role == "function" and isinstance(base, s.Symbol) and not (isinstance(node, s.Scripted) and (node.primes or node.sup or node.sub)):
        name = symbol_name(base)
        if known(name) is not None or (site.stock.survey.is_function(name) and site.stock.arity(name) == 1):
            yield Change(node.span, " ", name)
