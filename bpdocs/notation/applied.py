"""What a page's brackets say: which symbols are applied, what they are written to depend on, what an array is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bpdocs.notation import syntax as s
from bpdocs.notation.convention import plain
from bpdocs.notation.ink import bare_names, full_name, is_label, letter_of, pieces, primed
from bpdocs.notation.operators import CONSTANTS, UNSUPPORTED, known
from bpdocs.notation.vocabulary import ROMAN

if TYPE_CHECKING:
    from bpdocs.notation.survey import Statement, Survey


def find_functions(survey: Survey) -> None:
    """Note which symbols are functions, and which quantities are written with what they depend on."""
    applied: dict[str, bool] = {}
    loose = survey.loose
    for statement in survey.statements:
        node = statement.node
        if isinstance(node, s.Relations):
            _left_side(survey, node, statement.display)
            for member in node.members:
                _applications(survey, member, applied, loose)
    _decide_parameters(survey)
    for name, single in applied.items():
        if (
            single
            and name not in loose
            and name not in UNSUPPORTED
            and not survey.is_quantity(name)
            and known(name) is None
            and name not in survey.sizes
            and name not in survey.ranges
        ):
            survey.functions.add(name)


def _left_side(survey: Survey, node: s.Relations, display: bool) -> None:
    left = node.members[0]
    if node.relations[0] not in (":=", "=") or (node.relations[0] == "=" and not display and not isinstance(node.members[1], s.Number)):
        return
    if isinstance(left, s.Sequence) and len(left.items) == 2 and isinstance(left.items[1], s.Fenced) and left.items[1].kind == "(":
        head = left.items[0]
        body = left.items[1].body
        arguments = body.items if isinstance(body, s.Listed) else (body,)
        if isinstance(head, s.Symbol | s.Scripted) and not primed(head) and all(isinstance(argument, s.Symbol | s.Scripted) for argument in arguments):
            name = full_name(head)
            if node.relations[0] == ":=" or name not in survey.parameters:
                survey.parameters[name] = tuple(full_name(argument) for argument in arguments)
                survey.right_sides[name] = node.members[1]
    elif isinstance(left, s.Scripted) and isinstance(left.base, s.Symbol) and left.base.name in CONSTANTS and any(isinstance(part, s.Sequence | s.Terms) for part in left.sup):
        return  # e^{-x} is a power of e; e^{(p)} may be a quantity
    elif isinstance(left, s.Symbol | s.Scripted) and not primed(left) and not isinstance(node.members[1], s.Listed):
        name = full_name(s.Scripted(left.span, left.base, None, left.sup)) if isinstance(left, s.Scripted) else full_name(left)
        survey.quantities |= {name, full_name(left)}
        if node.relations[0] == ":=" or not isinstance(node.members[1], s.Number | s.Listed):
            survey.defined |= {name, full_name(left)}


def _decide_parameters(survey: Survey) -> None:
    """Tell functions F(u) = … from quantities that are written with what they depend on, J(w) = …."""
    for name, parameters in list(survey.parameters.items()):
        bare = bare_names(survey.right_sides[name])
        if name in survey.functions or all(parameter in bare and parameter not in survey.defined for parameter in parameters):
            survey.functions.add(name)
        elif known(name) is not None:
            del survey.parameters[name]
        else:
            survey.quantities.add(name)
            survey.defined.add(name)


def _applications(survey: Survey, node: s.Node, applied: dict[str, bool], loose: set[str]) -> None:
    items = node.items if isinstance(node, s.Sequence) else (node,)
    for index, item in enumerate(items):
        following = items[index + 1] if index + 1 < len(items) else None
        if isinstance(following, s.Scripted) and isinstance(following.base, s.Fenced):
            following = following.base
        if isinstance(item, s.Symbol) or (isinstance(item, s.Scripted) and isinstance(item.base, s.Symbol)):
            name = full_name(item)
            if primed(item):
                base = full_name(s.Scripted(item.span, item.base, item.sub) if isinstance(item, s.Scripted) else item)
                if isinstance(following, s.Fenced) or (isinstance(item, s.Scripted) and item.sub is None and base in survey.functions):
                    survey.functions.add(base)
            elif isinstance(following, s.Fenced) and following.kind in ("(", "["):
                single = isinstance(following.body, s.Symbol | s.Scripted)
                if plain(following.body):
                    survey.plainly.add(name)
                applied[name] = applied.get(name, True) and single
            else:
                loose.add(name)
        for child in s.children(item):
            if not (isinstance(item, s.Scripted) and child is item.base):
                _applications(survey, child, applied, loose)
            elif not isinstance(child, s.Symbol):
                _applications(survey, child, applied, loose)


def entries(statements: Iterable[Statement]) -> Iterator[tuple[s.Node, s.Scripted, list[str]]]:
    r"""Yield what `W = (w_{kj})` says: the array, its entry, and the entry's letters."""
    for statement in statements:
        node = statement.node
        if not isinstance(node, s.Relations) or len(node.members) != 2 or node.relations[0] not in ("=", ":="):
            continue
        left, right = node.members
        if not isinstance(left, s.Symbol | s.Scripted) or not isinstance(right, s.Fenced) or right.kind not in ("(", "["):
            continue
        body = right.body
        if isinstance(body, s.Scripted) and isinstance(body.base, s.Symbol):
            letters = [letter_of(piece) for piece in pieces(body.sub) if not is_label(piece)]
            if letters and all(letters):
                yield left, body, [letter for letter in letters if letter]


def find_entries(survey: Survey) -> None:
    r"""Take in what `W = (w_{kj})` says: w is W, entry by entry."""
    for left, body, letters in entries(survey.statements):
        classes = [survey.klass(letter) for letter in letters]
        if all(classes):
            name = full_name(s.Scripted(body.span, body.base, None, body.sup))
            survey.entries[full_name(left)] = (name, tuple(klass or "" for klass in classes))
            survey.quantities.discard(full_name(left))


def identities(survey: Survey) -> frozenset[str]:
    """Return the name of the identity matrix, where there are matrices and the page says nothing else of an I."""
    if (
        survey.is_quantity("I")
        or survey.is_function("I")
        or "I" in (*survey.arities, *survey.parameters, *survey.ranges, *survey.sizes)
        or not any(len(shape) == 2 for shape in survey.shapes.values())
    ):
        return frozenset()
    derived = {symbol.name for node in survey.nodes() if isinstance(node, s.Fraction) for symbol in s.walk(node.under) if isinstance(symbol, s.Symbol)}
    there = any(isinstance(node, s.Symbol) and node.name == "I" and node.font not in ROMAN for node in survey.nodes())
    return frozenset({"I"}) if there and "I" not in derived else frozenset()


def listed_entries(left: s.Node, right: s.Node) -> int:
    """Return how many entries `w = (w_1, w_2)` gives to w, or 0 if it is no such list."""
    if not (isinstance(left, s.Symbol) and isinstance(right, s.Fenced) and right.kind in ("(", "[") and isinstance(right.body, s.Listed)):
        return 0
    items = right.body.items
    mine = [isinstance(item, s.Scripted) and isinstance(item.base, s.Symbol) and item.base.name == left.name and not item.sup and not item.primes for item in items]
    numbers = [item.sub.text if isinstance(item, s.Scripted) and isinstance(item.sub, s.Number) else "" for item in items]
    return len(items) if all(mine) and numbers == [str(place + 1) for place in range(len(items))] else 0
