r"""What dots stand for, where the pattern is clear: a sum, a product, a list or an array that runs over a letter.

`x_1 + x_2 + \dots + x_n` becomes Σ, a list or column becomes a `Family`. Dots whose pattern is not clear stay as they are.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from bpdocs.diagnostic import Span
from bpdocs.notation import syntax as s

LETTERS = (r"\imath", r"\jmath")  # what runs along a row, and down a column; where an author uses them, dots stay
_ARRAYS = ("pmatrix", "bmatrix", "matrix", "smallmatrix", "array")
Pattern = tuple[s.Node, s.Node, s.Node]  # the body with the letter in it, the first value, the last


def expand(node: s.Node) -> s.Node:
    """Return `node` with what its dots stand for written out."""
    parts = s.walk(node)
    if not any(isinstance(part, s.Dots) for part in parts) or any(isinstance(part, s.Symbol) and part.name in LETTERS for part in parts):
        return node
    match node:
        case s.Relations(_, members, _):
            return replace(node, members=tuple(member if isinstance(member, s.Listed) else expand(member) for member in members))
        case s.Fenced(_, "{", s.Listed()):
            return node
        case s.Matrix():
            return _matrix(replace(node, rows=_each(node.rows)))
        case s.Terms():
            return _sum(replace(node, terms=_each(node.terms)))
        case s.Sequence():
            return _product(replace(node, items=_each(node.items)))
        case s.Listed(span, items):
            found = tuple(_list([expand(item) for item in items]))
            return found[0] if len(found) == 1 else s.Listed(span, found)
        case _:
            return s.mapped(node, expand)


def _each(value: tuple[Any, ...]) -> Any:
    return tuple(expand(item) if isinstance(item, s.Node) else _each(item) if isinstance(item, tuple) else item for item in value)


# -- patterns ---------------------------------------------------------------------------------------


def key(node: object) -> object:
    """Return what is written, without its places."""
    if isinstance(node, s.Node):
        return (type(node).__name__, *(key(getattr(node, field.name)) for field in fields(node) if field.name != "span"))
    return tuple(map(key, node)) if isinstance(node, tuple) else node


def pattern(first: s.Node, last: s.Node, letter: str) -> Pattern | None:
    """Return what runs from `first` to `last`, or None if they do not differ in one index alone."""
    found: list[tuple[s.Node, s.Node]] = []

    def join(a: Any, b: Any) -> Any:
        if key(a) == key(b):
            return a
        if isinstance(a, s.Number) and isinstance(b, s.Sequence | s.Listed) and a.text.isdigit() and len(a.text) == len(b.items):
            start = a.span.start
            a = replace(b, items=tuple(s.Number(Span(start + place, start + place + 1), digit) for place, digit in enumerate(a.text)))
        if isinstance(a, s.Number) and isinstance(b, s.Symbol | s.Terms | s.Number | s.Scripted):
            found.append((a, b))
            return s.Symbol(a.span, letter)
        if type(a) is not type(b):
            raise ValueError
        if isinstance(a, tuple):
            if len(a) != len(b):
                raise ValueError
            return tuple(join(x, y) for x, y in zip(a, b, strict=True))
        if not isinstance(a, s.Node):
            raise ValueError
        return replace(a, **{field.name: join(getattr(a, field.name), getattr(b, field.name)) for field in fields(a) if field.name != "span"})

    try:
        body = join(first, last)
    except ValueError:
        return None
    if not found or any(key(pair) != key(found[0]) for pair in found):
        return None
    return body, found[0][0], found[0][1]


def at(body: s.Node, letter: str, value: s.Node) -> s.Node:
    """Return the pattern with `value` for its letter."""

    def change(node: Any) -> Any:
        if isinstance(node, s.Symbol) and node.name == letter:
            return value
        if isinstance(node, s.Node):
            return replace(node, **{field.name: change(getattr(node, field.name)) for field in fields(node) if field.name != "span"})
        return tuple(map(change, node)) if isinstance(node, tuple) else node

    changed: s.Node = change(body)
    return changed


def _follows(found: Pattern, letter: str, before: list[s.Node], after: list[s.Node]) -> bool:
    """Return whether what is written between the first and the dots, and the dots and the last, goes on with the pattern."""
    body, low, high = found
    if not isinstance(low, s.Number) or not low.text.isdigit():
        return False
    for place, item in enumerate(before[1:], 1):
        if _plain(at(body, letter, s.Number(low.span, str(int(low.text) + place)))) != _plain(item):
            return False
    for place, item in enumerate(reversed(after[:-1]), 1):
        shifted = s.Number(high.span, str(int(high.text) - place)) if isinstance(high, s.Number) else s.Terms(high.span, (("+", high), ("-", s.Number(high.span, str(place)))))
        if _plain(at(body, letter, shifted)) != _plain(item):
            return False
    return True


def _plain(node: s.Node) -> object:
    """Return what is written, digits one by one: w_{12} and w_{1 2} are the same."""

    def digits(node: Any) -> Any:
        if isinstance(node, s.Sequence) and all(isinstance(item, s.Number) for item in node.items):
            return s.Number(node.span, "".join(item.text for item in node.items if isinstance(item, s.Number)))
        if isinstance(node, s.Node):
            return replace(node, **{field.name: digits(getattr(node, field.name)) for field in fields(node) if field.name != "span"})
        return tuple(map(digits, node)) if isinstance(node, tuple) else node

    return key(digits(node))


def _run(items: list[s.Node], place: int, letter: str, *, most: int = 2) -> tuple[int, int, Pattern] | None:
    """Return from where to where the dots at `place` reach, and their pattern."""
    for end in range(place + 2, min(place + 2 + most, len(items) + 1)):
        for start in range(place):
            found = pattern(items[start], items[end - 1], letter)
            if found is None:
                continue
            if _follows(found, letter, items[start:place], items[place + 1 : end]):
                return start, end, found
            break  # x_1, x_3, …: what began the pattern does not go on with it
    return None


# -- what is made of them ---------------------------------------------------------------------------


def _list(items: list[s.Node]) -> list[s.Node]:
    place = next((index for index, item in enumerate(items) if isinstance(item, s.Dots)), None)
    if place is None:
        return items
    found = _run(items, place, LETTERS[0])
    if found is None:
        return [*items[: place + 1], *_list(items[place + 1 :])]
    start, end, (body, low, high) = found
    family = s.Family(Span(items[start].span.start, items[end - 1].span.end), LETTERS[0], low, high, body)
    return [*items[:start], family, *_list(items[end:])]


def _bound(command: str, found: Pattern, span: Span) -> s.Node:
    body, low, high = found
    sub = s.Relations(low.span, (s.Symbol(low.span, LETTERS[0]), low), ("=",))
    big = s.Scripted(Span(span.start, span.start), s.Symbol(Span(span.start, span.start), command), sub, (high,))
    return s.Fenced(span, "group", s.Sequence(span, (big, s.Fenced(span, "group", body))))


def _sum(node: s.Terms) -> s.Node:
    terms = list(node.terms)
    place = next((index for index, (_, term) in enumerate(terms) if isinstance(term, s.Dots)), None)
    if place is None:
        return node
    found = _run([term for _, term in terms], place, LETTERS[0])
    if found is None:
        return node
    start, end, what = found
    signs = {sign for sign, _ in terms[start:end]}
    if signs != {"+"} and signs != {"-"}:
        return node
    span = Span(terms[start][1].span.start, terms[end - 1][1].span.end)
    terms[start:end] = [(terms[start][0], _bound(r"\sum", what, span))]
    return _sum(s.Terms(node.span, tuple(terms)))


def _product(node: s.Sequence) -> s.Node:
    items = list(node.items)
    place = next((index for index, item in enumerate(items) if isinstance(item, s.Dots)), None)
    factors = [item for item in items if not isinstance(item, s.Operator)]
    operators = {item.name for item in items if isinstance(item, s.Operator)}
    if place is None or not operators <= {"·"} or not all(isinstance(item, s.Scripted | s.Dots | s.Number | s.Symbol) for item in factors):
        return node
    found = _run(factors, factors.index(items[place]), LETTERS[0])
    if found is None or found[0] != 0 or found[1] != len(factors):
        return node
    return _bound(r"\prod", found[2], node.span)


def _matrix(node: s.Matrix) -> s.Node:
    if node.kind not in _ARRAYS:
        return node
    rows = [list(row) for row in node.rows]
    if len(rows) == 1 and len(rows[0]) == 1 and isinstance(rows[0][0], s.Listed):
        rows = [list(rows[0][0].items)]
    if len(rows) == 1 and len(rows[0]) == 1 and isinstance(rows[0][0], s.Family):
        return replace(rows[0][0], way="row")
    down = next((index for index, row in enumerate(rows) if row and all(isinstance(cell, s.Dots) for cell in row)), None)
    across = next((index for index, cell in enumerate(rows[0]) if isinstance(cell, s.Dots)), None)
    full = [row for index, row in enumerate(rows) if index != down]
    if any(len(row) != len(rows[0]) for row in rows) or (across is not None and not all(isinstance(row[across], s.Dots) for row in full)):
        return node
    diagonal = _diagonal(node.span, full, across) if across is not None and down == across else None
    if diagonal is not None:
        return diagonal
    if across is None:
        lines: list[s.Node] = [row[0] if len(row) == 1 else s.Matrix(node.span, node.kind, (tuple(row),)) for row in full]
    else:
        found = [_run(row, across, LETTERS[0]) for row in full]
        if any(one is None or one[0] != 0 or one[1] != len(rows[0]) for one in found):
            return node
        lines = [s.Family(node.span, LETTERS[0], one[2][1], one[2][2], one[2][0], "row") for one in found if one is not None]
    if down is None:
        return lines[0] if len(lines) == 1 and across is not None else node
    lines.insert(down, s.Dots(node.span))
    letter = LETTERS[0] if across is None else LETTERS[1]
    whole = _run(lines, down, letter)
    if whole is None or whole[0] != 0 or whole[1] != len(lines):
        return node
    body, low, high = whole[2]
    return s.Family(node.span, letter, low, high, body)


def _diagonal(span: Span, rows: list[list[s.Node]], across: int) -> s.Node | None:
    """Return the diagonal matrix that these rows are, or None."""
    cells = [[cell for index, cell in enumerate(row) if index != across] for row in rows]
    off = [cell for i, row in enumerate(cells) for j, cell in enumerate(row) if i != j]
    if any(len(row) != len(cells) for row in cells) or len(cells) < 2 or not all(isinstance(cell, s.Number) and float(cell.text) == 0 for cell in off):
        return None
    entries = [row[index] for index, row in enumerate(cells)]
    entries.insert(across, s.Dots(span))
    found = _run(entries, across, LETTERS[0])
    if found is None or found[0] != 0 or found[1] != len(entries):
        return None
    body, low, high = found[2]
    family = s.Family(span, LETTERS[0], low, high, body)
    return s.Sequence(span, (s.Symbol(span, "diag", r"\operatorname"), s.Fenced(span, "(", family)))
