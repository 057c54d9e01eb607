r"""Families: quantities that differ from layer to layer, `a^{(l)}`, or from step to step, `h_s`, and the letters that number them.

A family is unrolled: at a depth of three, `a^{(l)} = f(\mathrm{net}^{(l)})` is three statements about six quantities. This module finds the letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bpdocs.notation import syntax as s
from bpdocs.notation.ink import BIG, bound_letters, full_name, is_label, is_reals, is_size, letter_of, number_of, pieces, stacked

_DEPTHS = (3, 4, 5, 6)


@dataclass(frozen=True)
class Families:
    """The letters that number layers or steps, each with its first value and the name of its last; `bare` are those that may stand as `^l`."""

    letters: dict[str, tuple[int, str]] = field(default_factory=dict)
    tops: tuple[str, ...] = ()
    bare: frozenset[str] = frozenset()
    raised: frozenset[str] = frozenset()  # names that occur with a bare letter above: a bare number above them counts layers too
    lowered: dict[str, tuple[int, int]] = field(default_factory=dict)  # name → where among how many subscripts its number stands
    named: frozenset[str] = frozenset()  # letters and tops that also name a quantity: outside of scripts they are that
    set_to: dict[str, int] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()  # letters whose range the page states
    layered: bool = False  # whether there are layers, whose widths may differ (those of steps do not)
    fixed: frozenset[str] = frozenset()  # index letters of one range on the whole page
    labelled: frozenset[str] = frozenset()  # names whose letter below is part of the name: W_f

    def depths(self, turn: int) -> dict[str, int]:
        """Return the last value of each top at the given turn: two turns differ in all of them that the page leaves open."""
        found: dict[str, int] = {}
        for place, top in enumerate(self.tops):
            if top.isdigit():
                found[top] = int(top)
            elif top in self.set_to and turn == 0:
                found[top] = self.set_to[top]
            else:
                found[top] = _DEPTHS[(place + turn) % max(2, len(self.tops))]
        return found

    def __bool__(self) -> bool:
        """Return whether there is anything to unroll."""
        return bool(self.letters or self.tops or self.raised)


def names_in(node: s.Node) -> set[str]:
    """Return the letters of an arithmetic of letters and numbers; nothing if it is anything else."""
    found: set[str] = set()
    for part in s.walk(node):
        if isinstance(part, s.Symbol) and (name := letter_of(part)) and not part.font:
            found.add(name)
        elif not isinstance(part, s.Number | s.Terms) and not (isinstance(part, s.Fenced) and part.kind in ("(", "[", "group")):
            return set()
    return found


def find(statements: Iterable[s.Node]) -> Families:
    """Return the families of a text."""
    return _Search(list(statements)).families()


class _Search:
    def __init__(self, statements: list[s.Node]) -> None:
        self.statements = statements
        self.ranges: dict[str, tuple[int, str]] = {}
        self.bounds: dict[str, set[str]] = {}
        self.shifted: set[str] = set()  # letters with ±1 in a bracketed superscript or in a width's subscript
        self.layers: dict[str, None] = {}
        self.bare: dict[str, None] = {}
        self.raised: set[str] = set()
        self.lowered: dict[str, tuple[int, int]] = {}
        self.set_to: dict[str, int] = {}
        self.labelled: set[str] = set()
        self.scripted = [node for statement in statements for node in s.walk(statement) if isinstance(node, s.Scripted)]

    def families(self) -> Families:
        self._declared()
        self._superscripts()
        steps = self._recurrences() | self._memberships()
        letters: dict[str, tuple[int, str]] = {}
        tops: dict[str, None] = {}
        for letter in [*self.layers, *self.bare, *sorted(steps)]:
            if letter in letters or letter in tops:
                continue
            if letter not in self.ranges and letter not in self.bounds and letter.isupper():
                tops[letter] = None
                continue
            letters[letter] = self._range(letter)
        for _, top in letters.values():
            tops.setdefault(top)
        if "L" in tops:
            letters = {letter: (low, "L" if top == f"#{letter}" and letter in self.layers | self.bare else top) for letter, (low, top) in letters.items()}
            tops = {top: None for top in tops if not top.startswith("#") or any(top == other for _, other in letters.values())}
        self._lowered(set(letters) | set(tops))
        letters |= self._companions(letters, tops)
        self._declared_numbers()
        named = frozenset(name for name in (*letters, *tops) if name in self._defined())
        bare = frozenset(name for name in (*letters, *tops) if name in self.bare or name == "L")
        return Families(
            letters=letters,
            tops=tuple(tops),
            bare=bare,
            raised=frozenset(self.raised),
            lowered=self.lowered,
            named=named,
            set_to=self.set_to,
            declared=frozenset(self.ranges) & frozenset(letters),
            layered=bool(self.layers or self.bare),
            fixed=self._fixed(letters, tops),
            labelled=frozenset(self.labelled),
        )

    def _fixed(self, letters: Iterable[str], tops: Iterable[str]) -> frozenset[str]:
        """Return the index letters that are declared, or bounded, by widths of no layer."""
        counted = {*letters, *tops}
        widths = {full_name(node) for node in self.scripted if node.sub is not None and names_in(node.sub) & counted}
        declared = {letter for letter, (_, top) in self.ranges.items() if top not in widths}
        bounded = {letter for letter, tops in self.bounds.items() if letter not in self.ranges and not tops & widths}
        return frozenset((declared | bounded) - counted)

    def _range(self, letter: str) -> tuple[int, str]:
        if letter in self.ranges:
            return self.ranges[letter]
        bounds = sorted(self.bounds.get(letter, ()))
        return 1, bounds[0] if bounds else f"#{letter}"

    def _defined(self) -> set[str]:
        found: set[str] = set()
        for node in self.statements:
            if isinstance(node, s.Relations) and node.relations[0] in ("=", ":="):
                left, right = node.members[0], node.members[1]
                if isinstance(right, s.Listed) or (isinstance(right, s.Number) and len(node.members) == 2):
                    continue
                head = left.items[0] if isinstance(left, s.Sequence) and len(left.items) == 2 else left
                if isinstance(head, s.Symbol) and head.name in (*self.layers, *self.bare, *self.ranges) and names_in(right):
                    continue  # (l = L) says for which layer something holds
                if isinstance(head, s.Symbol):
                    found.add(head.name)
        return found

    # -- ranges -------------------------------------------------------------------------------------

    def _declared(self) -> None:
        for node in self.statements:
            if not isinstance(node, s.Relations) or len(node.members) != 2:
                continue
            left, right = node.members
            if node.relations == ("=",) and isinstance(left, s.Symbol) and isinstance(right, s.Number) and right.text.isdigit() and int(right.text) <= 9:
                self.set_to[left.name] = int(right.text)
            if node.relations == ("∈",) and isinstance(right, s.Fenced) and right.kind == "{":
                right = right.body
            if not isinstance(right, s.Listed) or node.relations not in (("=",), ("∈",)):
                continue
            first, last = right.items[0], right.items[-1]
            for item in left.items if isinstance(left, s.Listed) else (left,):
                letter = letter_of(item)
                low = number_of(first, {})
                if letter and low is not None and letter not in self.ranges:
                    if is_size(last):
                        self.ranges[letter] = low, full_name(last)
                    elif (tops := names_in(last)) and len(tops) == 1:
                        self.ranges[letter] = low, tops.pop()
        for node in self.scripted:
            if isinstance(node.base, s.Symbol) and node.base.name in BIG:
                for letter, klass in bound_letters(node):
                    if klass is not None:
                        self.bounds.setdefault(letter, set()).add(klass)

    # -- letters above ------------------------------------------------------------------------------

    def _superscripts(self) -> None:
        seen: dict[str, None] = {}
        for node in self.scripted:
            if not isinstance(node.base, s.Symbol) or node.base.name in BIG:
                continue
            for part in _parts(node.sup):
                fenced = isinstance(part, s.Fenced) and part.kind in ("(", "[")
                for letter in sorted(names_in(part)):
                    if fenced and node.base.name == "e" and letter not in self.ranges and letter not in self.bounds:
                        continue  # a power of e
                    if fenced:
                        seen.setdefault(letter)
                        if not isinstance(part, s.Fenced) or not isinstance(part.body, s.Symbol):
                            self.shifted.add(letter)
                    elif isinstance(part, s.Symbol | s.Terms) and len(names_in(part)) == 1 and self._layered(letter):
                        self.bare.setdefault(letter)
                        self.raised.add(_named(node))
            for piece in pieces(node.sub):
                if isinstance(piece, s.Terms):
                    self.shifted |= names_in(piece) if node.base.name == "n" else set()
        for letter in seen:
            bounds = {self.ranges[letter][1]} if letter in self.ranges else self.bounds.get(letter, set())
            if not bounds or letter in self.shifted or "L" in bounds:
                self.layers.setdefault(letter)

    def _layered(self, letter: str) -> bool:
        """Return whether a bare letter above a symbol numbers layers: it is l or L, or declared up to L."""
        return letter in ("l", "L", r"\ell") or self.ranges.get(letter, (1, ""))[1] == "L"

    # -- letters below ------------------------------------------------------------------------------

    def _recurrences(self) -> set[str]:
        """Return the letters by which a quantity is defined from its own neighbours, directly or through others."""
        uses: dict[str, dict[str, set[tuple[str, int]]]] = {}
        for node in self.statements:
            if not isinstance(node, s.Relations) or node.relations[0] not in ("=", ":="):
                continue
            left = node.members[0]
            if not isinstance(left, s.Scripted) or not isinstance(left.base, s.Symbol):
                continue
            for letter, shift in _shifts(left):
                found = uses.setdefault(letter, {}).setdefault(_named(left), set())
                for part in s.walk(node.members[1]):
                    if isinstance(part, s.Scripted) and isinstance(part.base, s.Symbol) and part.base.name not in BIG:
                        found |= {(_named(part), other - shift) for name, other in _shifts(part) if name == letter}
        return {letter for letter, graph in uses.items() if any(_comes_back(graph, name) for name in graph)}

    def _memberships(self) -> set[str]:
        r"""Return the ranged letters of declarations such as `x_s \in \mathbb{R}^n`, where each entry is an array."""
        found: set[str] = set()
        for node in self.statements:
            if not isinstance(node, s.Relations) or node.relations[0] != "∈" or not is_reals(node.members[1]):
                continue
            reals = node.members[1]
            if not isinstance(reals, s.Scripted) or not reals.sup:
                continue
            left = node.members[0]
            for item in left.items if isinstance(left, s.Listed) else (left,):
                if isinstance(item, s.Scripted) and isinstance(item.base, s.Symbol):
                    letters = {letter_of(piece) for piece in pieces(item.sub)}
                    letters |= {letter_of(part.body) for part in _parts(item.sup) if isinstance(part, s.Fenced)}
                    ranged = {letter for letter in letters if letter and (letter in self.ranges or letter in self.bounds)}
                    found |= ranged
                    if not ranged:
                        self.labelled.add(full_name(item))
        return found

    def _companions(self, letters: dict[str, tuple[int, str]], tops: dict[str, None]) -> dict[str, tuple[int, str]]:
        """Return further letters for the same layers or steps: of the same range, or in the same place."""
        found: dict[str, tuple[int, str]] = {}
        if not tops:
            return found
        for letter in (*self.ranges, *self.bounds):
            low, top = self._range(letter)
            if letter not in letters and letter not in tops and top in tops and (letter in self.ranges or self.bounds[letter] == {top}):
                found[letter] = low, top
        ranges = {top: low for low, top in letters.values()}
        for node in self.scripted:
            place, many = self.lowered.get(_named(node), (-1, -1)) if isinstance(node.base, s.Symbol) else (-1, -1)
            parts = [piece for piece in pieces(node.sub) if not is_label(piece)]
            if many == len(parts) > 0 and len(letters) == 1:
                other = letter_of(parts[place])
                if other and other not in (*letters, *tops, *self.ranges, *self.bounds) and not other.endswith("'"):
                    found[other] = next((low, top) for top, low in ranges.items())
        return found

    def _declared_numbers(self) -> None:
        r"""Read `W^1 \in \mathbb{R}^{d \times n}`: a declared array with a bare number above is one of several layers."""
        for node in self.statements:
            if isinstance(node, s.Relations) and node.relations == ("∈",) and is_reals(node.members[1]):
                left = node.members[0]
                for item in left.items if isinstance(left, s.Listed) else (left,):
                    if isinstance(item, s.Scripted) and isinstance(item.base, s.Symbol) and any(isinstance(part, s.Number) for part in item.sup):
                        self.raised.add(_named(item))

    def _lowered(self, letters: set[str]) -> None:
        for node in self.scripted:
            if isinstance(node.base, s.Symbol) and node.base.name not in BIG:
                parts = [piece for piece in pieces(node.sub) if not is_label(piece)]
                for place, part in enumerate(parts):
                    if names_in(part) & letters:
                        self.lowered[_named(node)] = place, len(parts)


def _named(node: s.Scripted) -> str:
    return full_name(node.base)


def _parts(sup: tuple[s.Node, ...]) -> Iterator[s.Node]:
    for part in sup:
        if isinstance(part, s.Sequence | s.Listed) and stacked(part):
            yield from part.items
        else:
            yield part


def _shifts(node: s.Scripted) -> Iterator[tuple[str, int]]:
    """Yield each letter below a symbol with what is added to it."""
    for piece in pieces(node.sub):
        if is_label(piece):
            continue
        names = names_in(piece)
        if len(names) == 1:
            letter = next(iter(names))
            shift = number_of(piece, {letter: 0})
            if shift is not None:
                yield letter, shift


def _comes_back(graph: dict[str, set[tuple[str, int]]], start: str) -> bool:
    """Return whether a way through the graph leads back to `start`, shifted."""
    seen: set[tuple[str, bool]] = set()
    todo = [(start, False)]
    while todo:
        name, moved = todo.pop()
        for other, shift in graph.get(name, ()):
            state = other, moved or shift != 0
            if state == (start, True):
                return True
            if state not in seen:
                seen.add(state)
                todo.append(state)
    return False
