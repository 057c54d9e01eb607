"""Errors in sums and products: signs, what is dropped, what stands in the wrong order or is multiplied in the wrong way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from bpdocs.diagnostic import Span
from bpdocs.edits.change import Change, Site
from bpdocs.edits.place import Unit, derives, units
from bpdocs.edits.stock import FEW
from bpdocs.notation import syntax as s
from bpdocs.notation.derivatives import differential


def signs(site: Site) -> Iterator[Change]:
    """Yield the sign of each term, and of a side as a whole, turned."""
    place, node = site.place, site.place.node
    if isinstance(node, s.Relations) and place.role == "statement":
        for member in node.members:
            if not (isinstance(member, s.Terms) and len(member.terms) == 1):
                text = place.of(member)
                yield Change(member.span, f"-({text})" if isinstance(member, s.Terms) else f"-{text}", "this side", "a minus")
    elif isinstance(node, s.Terms):
        for at, (sign, term) in enumerate(node.terms):
            mark = _sign(site, node, at)
            if mark is not None and sign in "+-":
                yield Change(mark, "-" if sign == "+" else "+", place.of(term), "a minus" if sign == "+" else "a plus")
            elif mark is None and len(node.terms) > 1:
                yield Change(Span(term.span.start, term.span.start), "-", place.of(term), "a minus")


def _sign(site: Site, node: s.Terms, at: int) -> Span | None:
    """Return where the sign of a term stands, or None if it has none."""
    start = node.terms[at - 1][1].span.end if at else node.span.start
    found = list(re.finditer(r"[+\-−]", site.place.source[start : node.terms[at][1].span.start]))
    return Span(start + found[-1].start(), start + found[-1].end()) if found else None


def terms(site: Site) -> Iterator[Change]:
    """Yield each term of a sum dropped."""
    node = site.place.node
    if not isinstance(node, s.Terms) or len(node.terms) < 2:
        return
    for at, (_, term) in enumerate(node.terms):
        mark = _sign(site, node, at)
        start = mark.start if mark is not None else term.span.start
        span = Span(start, term.span.end)
        yield Change(span, " " if at else " 0 ", site.place.source[start : term.span.end])


def factors(site: Site) -> Iterator[Change]:
    """Yield each factor dropped: a 1 stands in its place."""
    place, node = site.place, site.place.node
    dropped: list[tuple[Span, str]] = []
    if isinstance(node, s.Sequence):
        parts = [unit for unit in units(node.items, site.stock) if unit.kind in ("factor", "binder")]
        if len(parts) > 1:
            dropped = [(unit.span, place.source[unit.span.start : unit.span.end]) for unit in parts if unit.kind == "factor"]
    elif isinstance(node, s.Fraction) and not derives(node):
        dropped = [(part.span, place.of(part)) for part in (node.over, node.under)]
    for span, was in dropped:
        if was.strip() != "1":
            yield Change(span, _number(site, span, "1"), was)


def sums(site: Site) -> Iterator[Change]:
    """Yield each Σ, Π, max or min over a letter dropped."""
    if site.place.role == "binder":
        yield Change(site.place.node.span, " ", site.place.text)


def constants(site: Site) -> Iterator[Change]:
    """Yield each number replaced by its neighbour: 2 by 3; of a decimal, its last digit."""
    node = site.place.node
    if not isinstance(node, s.Number) or site.place.role == "derivative":
        return
    if "." in node.text:
        last = int(node.text[-1])
        now = node.text[:-1] + str(last + 1 if last < 9 else last - 1)
    else:
        now = str(int(node.text) + 1)
    yield Change(node.span, _number(site, node.span, now), node.text, now)


def _number(site: Site, span: Span, text: str) -> str:
    r"""Return a number as it can stand between its neighbours: the 3 in \frac1{3}."""
    source = site.place.source
    before, after = source[: span.start], source[span.end :]
    return f"{{{text}}}" if re.search(r"[\d.]$", before) or re.match(r"[\d.]", after) or re.search(r"\\[A-Za-z]+$|[_^]$", before) else text


def _arrays(site: Site) -> Iterator[tuple[Unit, Unit]]:
    """Yield the pairs of arrays that stand side by side."""
    node = site.place.node
    if not isinstance(node, s.Sequence):
        return
    for left, right in pairwise(units(node.items, site.stock)):
        if left.kind == right.kind == "factor" and _rank(site, left) and _rank(site, right):
            yield left, right


def _rank(site: Site, unit: Unit) -> int:
    shape = site.view.shape(unit.items[0] if len(unit.items) == 1 else s.Sequence(unit.span, unit.items))
    return len(shape or ())


def orders(site: Site) -> Iterator[Change]:
    """Yield two matrix factors in the other order."""
    yield from (_turned(site, left, right) for left, right in _arrays(site) if not _chained(left, right))


def chain_orders(site: Site) -> Iterator[Change]:
    """Yield two derivatives of a chain in the other order."""
    yield from (_turned(site, left, right) for left, right in _arrays(site) if _chained(left, right))


def _chained(left: Unit, right: Unit) -> bool:
    return all(len(unit.items) == 1 and derives(unit.items[0]) for unit in (left, right))


def _turned(site: Site, left: Unit, right: Unit) -> Change:
    source = site.place.source
    a, b = source[left.span.start : left.span.end], source[right.span.start : right.span.end]
    between = source[left.span.end : right.span.start]
    return Change(Span(left.span.start, right.span.end), f"{{{b}}}{between} {{{a}}}", f"{a} {b}", f"{b} {a}")


def elementwise(site: Site) -> Iterator[Change]:
    """Yield ⊙ in the place of a matrix product."""
    for left, right in _arrays(site):
        yield Change(Span(left.span.end, right.span.start), r" \odot ", site.place.source[left.span.start : right.span.end])


def matrix_products(site: Site) -> Iterator[Change]:
    """Yield the matrix product in the place of ⊙."""
    node = site.place.node
    if isinstance(node, s.Operator) and node.name == "⊙":
        yield Change(node.span, " ", site.place.text)


def derivatives(site: Site) -> Iterator[Change]:
    """Yield a derivative upside down."""
    node = site.place.node
    if not isinstance(node, s.Fraction) or not derives(node) or not isinstance(node.over, s.Sequence) or not isinstance(node.under, s.Sequence):
        return
    if len(node.under.items) == 2 and all((differential(part.items[0]) or ("", 0))[1] == 1 for part in (node.over, node.under)):
        over, under = site.place.of(node.over), site.place.of(node.under)
        between = site.place.source[node.over.span.end : node.under.span.start]
        yield Change(Span(node.over.span.start, node.under.span.end), under + between + over, site.place.text)


BOUNDS = {"<": r"\le", ">": r"\ge", "≤": "<", "≥": ">"}


def bounds(site: Site) -> Iterator[Change]:
    """Yield other limits of a Σ: another width, one less, one later; a condition dropped, or with its edge."""
    node = site.place.node
    if site.place.role != "binder" or not isinstance(node, s.Scripted):
        return
    was, upper = site.place.text, node.sup[0] if node.sup else None
    if upper is not None:
        for other in _uppers(site, upper):
            yield Change(upper.span, braced(site, upper.span, other), was, f"an upper limit of {other}")
    if isinstance(node.sub, s.Relations) and len(node.sub.members) == 2:
        letter, low, relation = node.sub.members[0], node.sub.members[1], node.sub.relations[0]
        if relation == "=" and isinstance(low, s.Number) and low.text == "1":
            yield Change(low.span, "2", was, "a lower limit of 2")
        if relation == "≠":
            yield Change(node.sub.span, site.place.of(letter), was, "no exception")
        if relation in BOUNDS:
            yield Change(Span(letter.span.end, low.span.start), f" {BOUNDS[relation]} ", was, "the other edge")


def _uppers(site: Site, upper: s.Node) -> list[str]:
    """Return other upper limits: a few other widths, the neighbour's where widths are numbered, one less."""
    ink = site.place.of(upper)
    match upper:
        case s.Symbol():
            return [*[size for size in site.stock.widths if size != ink and ink in site.stock.widths][:FEW], f"{ink} - 1"]
        case s.Number():
            return [f"{ink} - 1"]
        case s.Terms(_, terms):
            return [site.place.of(terms[0][1])]
        case s.Scripted(_, base, s.Symbol(_, letter) as sub) if site.stock.counts(sub):
            return [f"{site.place.of(base)}_{{{letter} {sign} 1}}" for sign in "-+"]
        case s.Scripted(_, base, s.Terms(_, ((_, first), *_)) as sub) if site.stock.counts(sub):
            return [f"{site.place.of(base)}_{{{site.place.of(first)}}}"]
    return []


CONDITIONS = {"<": ">", ">": "<", "≤": r"\ge", "≥": r"\le", "=": r"\neq", "≠": "="}


def conditions(site: Site) -> Iterator[Change]:
    """Yield a condition of a case or an indicator, turned."""
    node = site.place.node
    if isinstance(node, s.Relations) and site.place.role == "condition" and len(node.members) == 2 and node.relations[0] in CONDITIONS:
        now = CONDITIONS[node.relations[0]]
        span = Span(node.members[0].span.end, node.members[1].span.start)
        yield Change(span, f" {now} ", site.place.text, f"{site.place.of(node.members[0])} {now} {site.place.of(node.members[1])}")


def braced(site: Site, span: Span, text: str) -> str:
    """Return a script's new text, in braces if it has none around it and wants them."""
    source = site.place.source
    alone = len(text) == 1 or re.fullmatch(r"\\[A-Za-z]+", text)
    return text if source[span.start - 1 : span.start] == "{" and source[span.end : span.end + 1] == "}" else site.place.put(text, span) if alone else f"{{{text}}}"
