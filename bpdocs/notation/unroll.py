r"""A statement about every layer or step, written out: one plain statement for each value of its letters.

>>> from bpdocs.notation.parser import parse
>>> from bpdocs.notation.families import find
>>> statement = parse(r"a^{(l)} = f(W^{(l)} a^{(l-1)})")[0]
>>> [case.values for case in unroll(statement, find([statement]), {"L": 2, "#l": 2}, "1")]
[{'l': 1}, {'l': 2}]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product

from bpdocs.diagnostic import Span
from bpdocs.notation import syntax as s
from bpdocs.notation.families import Families, names_in
from bpdocs.notation.ink import BIG, base_name, bound_letters, full_name, is_label, letter_of, number_of, pieces, stacked
from bpdocs.notation.lettering import marked
from bpdocs.notation.tokens import Unread

MOST = 40
_COMPARE = {"<": int.__lt__, "≤": int.__le__, ">": int.__gt__, "≥": int.__ge__, "≠": int.__ne__, "=": int.__eq__}


@dataclass(frozen=True)
class Case:
    """A statement written out for one assignment of values to its free letters.

    `names` are the quantities in it that are of one layer or step, `beyond` those of a layer past the last.
    """

    values: dict[str, int]
    node: s.Node
    names: frozenset[str] = frozenset()
    beyond: frozenset[str] = frozenset()


def unroll(node: s.Node, families: Families, depths: dict[str, int], tag: str, conditions: Iterable[s.Node] = ()) -> list[Case]:
    """Return the cases of one statement; `tag` marks its index letters, whose ranges differ from layer to layer."""
    free = sorted(free_letters(node, families))
    ranges = [range(0, depths[families.letters[letter][1]] + 1) for letter in free]
    out: list[Case] = []
    for values in product(*ranges):
        case = dict(zip(free, values, strict=True))
        if not all(holds(condition, {**depths, **case}) for condition in conditions):
            continue
        writer = _Writer(families, depths, case)
        written = writer.at(node)
        if writer.outside:
            continue
        if writer.names and families.layered:
            written = marked(written, ".".join([tag, *map(str, values)]), families)
        out.append(Case(case, written, frozenset(writer.names), frozenset(writer.beyond)))
        if len(out) > MOST:
            raise Unread(f"this stands for more than {MOST} formulas", node.span, "split it")
    return out


def instance(node: s.Node, values: dict[str, int], families: Families, depths: dict[str, int], mark: str) -> s.Node | None:
    """Return a part of a statement written for given values, a letter that has none at its first; None if a layer is out of range."""
    first = {letter: families.letters[letter][0] for letter in free_letters(node, families) - values.keys()}
    writer = _Writer(families, depths, {**first, **values})
    written = writer.at(node)
    return None if writer.outside else marked(written, mark, families) if mark else written


def free_letters(node: s.Node, families: Families) -> set[str]:
    """Return the family letters that a statement leaves open."""
    found: set[str] = set()

    def visit(node: s.Node, bound: frozenset[str], script: bool) -> None:
        match node:
            case s.Symbol(_, name, font):
                if name in families.letters and not font and name not in bound and (script or name not in families.named):
                    found.add(name)
            case s.Scripted(_, base, sub, sup):
                if not isinstance(base, s.Symbol):
                    visit(base, bound, script)
                for part in (*((sub,) if sub else ()), *sup):
                    visit(part, bound, True)
            case s.Sequence(_, items):
                for item in items:
                    letters = _bound_by(item, families)
                    bound = bound | letters
                    visit(item, bound, script)
            case _:
                for child in s.children(node):
                    visit(child, bound, script)

    visit(node, frozenset(), False)
    return found


def condition_on(node: s.Node, families: Families) -> s.Node | None:
    r"""Return the condition on layers or steps that a statement is, such as `(l < L)` or `l = L-1, \dots, 1`; None if it is none."""
    while isinstance(node, s.Fenced | s.Labelled) and not isinstance(node, s.Number):
        node = node.body
    if not isinstance(node, s.Relations):
        return None
    members = [item for member in node.members for item in (member.items if isinstance(member, s.Listed) else (member,))]
    letters = set(families.letters) | set(families.tops)
    numbers = all(isinstance(item, s.Number | s.Dots) or (names_in(item) and names_in(item) <= letters) for item in members)
    mine = bool(set().union(*(names_in(item) for item in members)) & set(families.letters)) if members else False
    return node if numbers and mine and not (letters & families.named & set().union(*(names_in(item) for item in members))) else None


def holds(node: s.Node, values: dict[str, int]) -> bool:
    """Return whether a condition holds; one about letters without a value here holds."""
    assert isinstance(node, s.Relations)
    if len(node.members) == 2 and isinstance(node.members[1], s.Listed):
        ends = [number_of(item, values) for item in node.members[1].items if not isinstance(item, s.Dots)]
        dotted = len(ends) != len(node.members[1].items)
        here = [number_of(item, values) for item in (node.members[0].items if isinstance(node.members[0], s.Listed) else node.members)[:1]]
        known = [end for end in ends if end is not None]
        if here[0] is None or len(known) != len(ends):
            return True
        return min(known) <= here[0] <= max(known) if dotted else here[0] in known
    numbers = [number_of(member, values) for member in node.members]
    for left, relation, right in zip(numbers, node.relations, numbers[1:], strict=False):
        if left is not None and right is not None and relation in _COMPARE and not _COMPARE[relation](left, right):
            return False
    return True


def _bound_by(item: s.Node, families: Families) -> frozenset[str]:
    """Return the family letters that a Σ or Π binds."""
    if isinstance(item, s.Scripted) and isinstance(item.base, s.Symbol) and item.base.name in BIG and item.sub is not None:
        return frozenset(letter for letter, _ in bound_letters(item) if letter in families.letters)
    return frozenset()


class _Writer:
    """Writes numbers for letters; `outside` if a number fell out of the range of its family."""

    def __init__(self, families: Families, depths: dict[str, int], values: dict[str, int]) -> None:
        self.families, self.depths, self.values = families, depths, values
        self.outside = self.past = False
        self.names: set[str] = set()
        self.beyond: set[str] = set()
        self.all = {**depths, **values}
        self.plain = {name: value for name, value in values.items() if name not in families.named}

    def at(self, node: s.Node) -> s.Node:
        match node:
            case s.Symbol(span, name, "") if name in self.plain:
                return s.Number(span, str(self.plain[name]))
            case s.Scripted():
                return self._scripted(node)
            case s.Sequence(span, items):
                for place, item in enumerate(items):
                    if letters := _bound_by(item, self.families):
                        assert isinstance(item, s.Scripted)
                        return self._bound(span, items[:place], item, letters, items[place + 1 :])
        return s.mapped(node, self.at)

    def number(self, node: s.Node) -> int | None:
        """Return the value of a script that counts layers or steps, or None for any other script."""
        names = names_in(node)
        if not names or not names <= self.all.keys():
            return None
        found = number_of(node, self.all)
        if found is not None:
            last = max(self.depths[name if name in self.depths else self.families.letters[name][1]] for name in names)
            self.outside = self.outside or found < 0 or found > last + 1
            self.past = self.past or found > last
        return found

    # -- scripts ------------------------------------------------------------------------------------

    def _scripted(self, node: s.Scripted) -> s.Node:
        symbol = isinstance(node.base, s.Symbol)
        base = node.base if symbol else self.at(node.base)
        if symbol and isinstance(node.base, s.Symbol) and node.base.name in BIG:
            return s.Scripted(node.span, base, None if node.sub is None else self.at_bound(node.sub), tuple(map(self.at_bound, node.sup)), node.primes)
        past, self.past = self.past, False
        sup = tuple(self._above(part, node.base) for part in node.sup)
        sub = None if node.sub is None else self._below(node.sub, full_name(node.base) if symbol else "")
        if symbol and (sup, sub) != (node.sup, node.sub):
            name = base_name(s.Scripted(node.span, base, sub, sup))
            self.names.add(name)
            if self.past:
                self.beyond.add(name)
        self.past = past
        return s.Scripted(node.span, base, sub, sup, node.primes)

    def at_bound(self, node: s.Node) -> s.Node:
        """Return a limit of a Σ: letters and tops alone become numbers, widths such as n_l their layer's."""
        found = self.number(node)
        return s.mapped(node, self.at_bound) if found is None and not isinstance(node, s.Scripted) else self.at(node) if found is None else s.Number(node.span, str(found))

    def _above(self, node: s.Node, base: s.Node) -> s.Node:
        if isinstance(node, s.Sequence | s.Listed):
            return replace(node, items=tuple(self._above(item, base) for item in node.items))
        if isinstance(node, s.Fenced) and node.kind in ("(", "["):
            found = self.number(node.body)
            return node if found is None else s.Fenced(node.span, "(", s.Number(node.body.span, str(found)))
        if isinstance(base, s.Symbol):
            if names_in(node) and names_in(node) <= self.families.bare and len(names_in(node)) == 1 and (found := self.number(node)) is not None:
                return s.Fenced(node.span, "(", s.Number(node.span, str(found)))
            if isinstance(node, s.Number) and node.text.isdigit() and full_name(base) in self.families.raised:
                return s.Fenced(node.span, "(", node)
        return self.at(node)

    def _below(self, node: s.Node, base: str) -> s.Node:
        parts = pieces(node)
        counted = [part for part in parts if not is_label(part)]
        place, many = self.families.lowered.get(base, (-1, -1))
        out: list[s.Node] = []
        for part in parts:
            found = None if is_label(part) else self.number(part)
            if found is None and len(counted) == many and counted[place] is part and isinstance(part, s.Number):
                found = int(part.text) if part.text.isdigit() else None
            out.append(self.at(part) if found is None else s.Symbol(part.span, str(found), r"\mathrm"))
        return out[0] if len(out) == 1 else s.Listed(node.span, tuple(out))

    # -- sums over layers or steps ------------------------------------------------------------------

    def _bound(self, span: Span, before: tuple[s.Node, ...], item: s.Scripted, letters: frozenset[str], after: tuple[s.Node, ...]) -> s.Node:
        assert isinstance(item.base, s.Symbol)
        if item.base.name not in (r"\sum", r"\prod"):
            raise Unread(f"{item.base.name} over layers or steps is not supported", item.span)
        if not after:
            raise Unread(f"{item.base.name} has nothing to work on", item.span)
        mine = [letter for letter, _ in bound_letters(item)]
        if set(mine) - letters:
            raise Unread("a sum over steps and an index at once is not supported", item.span, "write two sums")
        body = after[0] if len(after) == 1 else s.Sequence(Span(after[0].span.start, after[-1].span.end), after)
        terms: list[s.Node] = []
        # One past the last as well: a limit that runs too far is an error, and none to be passed over.
        for values in product(*(range(0, self.depths[self.families.letters[letter][1]] + 2) for letter in mine)):
            inner = {**self.values, **dict(zip(mine, values, strict=True))}
            if not self._within(item, inner, mine):
                continue
            writer = _Writer(self.families, self.depths, inner)
            terms.append(s.Fenced(body.span, "group", writer.at(body)))
            self.outside = self.outside or writer.outside
            self.names |= writer.names
            self.beyond |= writer.beyond
        add = item.base.name == r"\sum"
        if not terms:
            total: s.Node = s.Number(item.span, "0" if add else "1")
        elif len(terms) == 1:
            total = terms[0]
        else:
            total = s.Fenced(body.span, "group", s.Terms(body.span, tuple(("+", term) for term in terms)) if add else s.Sequence(body.span, tuple(terms)))
        head = tuple(self.at(part) for part in before)
        return s.Sequence(span, (*head, total)) if head else total

    def _within(self, item: s.Scripted, values: dict[str, int], mine: list[str]) -> bool:
        """Return whether values are within the limits of a Σ."""
        known = {**self.depths, **values}
        parts = item.sub.items if isinstance(item.sub, s.Listed) else (item.sub,)
        upper = item.sup[0] if item.sup else None
        for part in parts:
            if isinstance(part, s.Relations) and part.relations == ("=",) and upper is not None:
                letter = letter_of(part.members[0])
                low, high = number_of(part.members[1], known), number_of(upper, known)
                if low is None or high is None or letter is None:
                    raise Unread("the limits of this sum are not understood", item.span)
                if not low <= values[letter] <= high:
                    return False
            elif isinstance(part, s.Relations):
                if not holds(part, known):
                    return False
        restricted = {letter_of(part.members[0]) for part in parts if isinstance(part, s.Relations) and part.relations == ("=",)}
        ranges = {letter: self.families.letters[letter] for letter in mine if letter not in restricted}
        return all(low <= values[letter] <= self.depths[top] for letter, (low, top) in ranges.items())


def level(node: s.Node, families: Families, values: dict[str, int]) -> int | None:
    """Return the layer or step of the quantity that a left side is, or None."""
    while isinstance(node, s.Labelled):
        node = node.body
    if not isinstance(node, s.Scripted):
        return None
    parts = [part for whole in node.sup for part in (whole.items if isinstance(whole, s.Sequence | s.Listed) and stacked(whole) else (whole,))]
    for part in [*parts, *pieces(node.sub)]:
        if names_in(part) & set(families.letters) and (found := number_of(part, values)) is not None:
            return found
    return None
