"""From a written symbol with its scripts to the name of a quantity and its indices."""

from __future__ import annotations

from dataclasses import dataclass

from bpdocs.notation import syntax as s
from bpdocs.notation.convention import layer
from bpdocs.notation.ink import TRANSPOSES, base_name, is_capital, stacked
from bpdocs.notation.survey import Survey, flat, is_label, letter_of, pieces, symbol_name
from bpdocs.notation.tokens import Unread


@dataclass(frozen=True)
class Named:
    """A symbol read: its name, its index nodes, and what is left of its superscripts (transposes and powers), in order."""

    name: str
    indices: tuple[s.Node, ...]
    raised: tuple[s.Node, ...]
    primes: int


def transposing(node: s.Node) -> bool:
    """Return whether a superscript transposes for certain (a bare T may be a power)."""
    return isinstance(node, s.Symbol) and (node.name in TRANSPOSES or (node.name in ("T", "t") and node.font in (r"\mathrm", r"\mathsf", r"\text", r"\mathtt")))


def split_raised(sup: tuple[s.Node, ...]) -> list[s.Node]:
    r"""Return superscripts one by one: `^{(2)\top}` is two."""
    out: list[s.Node] = []
    for node in sup:
        out += node.items if isinstance(node, s.Sequence | s.Listed) and stacked(node) else (node,)
    return out


def identify(node: s.Node, survey: Survey) -> Named:
    """Return the name and indices of a symbol with scripts."""
    if isinstance(node, s.Symbol):
        return Named(symbol_name(node), (), (), 0)
    if not isinstance(node, s.Scripted):
        raise Unread("a symbol is wanted here", node.span)
    if isinstance(node.base, s.Scripted):
        inner = identify(node.base, survey)
        if inner.raised:
            raise Unread("scripts upon a raised symbol", node.span, "write brackets")
        outer = identify(s.Scripted(node.span, s.Symbol(node.base.span, inner.name), node.sub, node.sup, node.primes), survey)
        return Named(outer.name, inner.indices + outer.indices, outer.raised, inner.primes + outer.primes)
    if not isinstance(node.base, s.Symbol):
        raise Unread("a symbol is wanted here", node.span)
    name = symbol_name(node.base)
    raised: list[s.Node] = []
    upper: list[s.Node] = []
    for part in split_raised(node.sup):
        if survey.foreign and (label := layer(part)):
            name += label
            continue
        if isinstance(part, s.Fenced) and part.kind in ("(", "["):
            if isinstance(part.body, s.Number):
                name += f"^{{({part.body.text})}}"
            elif (letter := letter_of(part.body)) and survey.klass(letter):
                upper.append(part.body)
            else:
                raise Unread(f"the superscript ({flat(part.body)}) is neither a layer nor an index", part.span, "declare it: l = 1, \\dots, L")
        elif isinstance(part, s.Operator) and part.name in ("*", r"\ast", "·"):
            name += "^{*}"
        elif isinstance(part, s.Operator):
            raise Unread(f"the superscript {part.name} is not supported", part.span)
        else:
            raised.append(part)
    label, indices = _subscript(name, node, survey)
    return Named(name + label, (*upper, *indices), tuple(raised), node.primes)


def _named_by(part: s.Node, survey: Survey) -> bool:
    """Return whether a capital stands below a symbol as a label: nothing runs over it."""
    letter = letter_of(part)
    return letter is not None and is_capital(letter) and survey.klass(letter) is None and letter not in survey.sizes


def _subscript(name: str, node: s.Scripted, survey: Survey) -> tuple[str, tuple[s.Node, ...]]:
    parts = pieces(node.sub)
    if not parts:
        return "", ()
    whole = f"_{{{flat(node.sub).replace(',', '') if node.sub else ''}}}"
    if isinstance(node.sub, s.Relations):
        raise Unread("a relation cannot be a subscript here", node.sub.span)
    labels = [part for part in parts if is_label(part) or _named_by(part, survey)]
    rest = [part for part in parts if part not in labels]
    if rest and all(isinstance(part, s.Number) for part in rest) and not labels and len(rest) == len(survey.shapes.get(name, ())):
        return "", tuple(rest)
    if not survey.ranges and not any(base_name(part) in survey.indexing for part in rest):
        return whole, ()
    if name + whole in survey.labelled and all((klass := survey.klass(letter_of(part) or "")) is None or klass.startswith("#") for part in rest):
        return whole, ()
    label = f"_{{{''.join(flat(part) for part in labels)}}}" if labels else ""
    if not rest:
        return label, ()
    if all(isinstance(part, s.Number) for part in rest):
        arities = survey.arities.get(name + label, set())
        digits = "".join(part.text for part in rest if isinstance(part, s.Number))
        if not arities:
            return f"_{{{''.join(flat(part) for part in labels)}{digits}}}", ()
        if len(rest) in arities:
            return label, tuple(rest)
        if len(rest) == 1 and len(digits) in arities:
            start = rest[0].span.start
            span = type(rest[0].span)
            return label, tuple(s.Number(span(start + place, start + place + 1), digit) for place, digit in enumerate(digits))
        if survey.foreign:
            return whole, ()
        raise Unread(
            f"{name}{whole} has {len(rest)} digits for an index, {name} has {' or '.join(map(str, sorted(arities)))}",
            node.span,
            "write commas",
        )
    return label, tuple(rest)
