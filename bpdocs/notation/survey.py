"""What a page says about its symbols before any formula is given a meaning: ranges, shapes, functions, names of entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from bpdocs.notation import syntax as s
from bpdocs.notation.applied import entries, find_entries, find_functions, identities, listed_entries
from bpdocs.notation.ink import BIG, MARK, base_name, bound_letters, flat, full_name, is_capital, is_label, is_reals, is_size, letter_of, number_of, pieces, symbol_name
from bpdocs.notation.tokens import Unread
from bpdocs.page import Settings

__all__ = ["BIG", "Statement", "Survey", "bound_letters", "flat", "full_name", "is_label", "is_reals", "letter_of", "pieces", "symbol_name"]


@dataclass(frozen=True)
class Statement:
    """One statement of a formula, and whether a plain `=` may define there."""

    node: s.Node
    display: bool


class Survey:
    """The page's own word on its symbols, gathered from all statements that a scope can see."""

    def __init__(self, statements: Iterable[Statement], settings: Settings, *, foreign: bool = False) -> None:
        self.statements = tuple(statements)
        self._rests: dict[str, frozenset[str]] = {}
        self.settings, self.foreign = settings, foreign  # a foreign text declares nothing: what is usual holds there
        self.ranges: dict[str, str] = {}
        self.declared_ranges: set[str] = set()
        self.conflicts: dict[str, tuple[str, str]] = {}
        self.shapes: dict[str, tuple[str, ...]] = {}
        self.listed: set[str] = set()  # columns that are written out entry by entry: w = (w_1, w_2)
        self.sizes: set[str] = set()
        self.choices: dict[str, tuple[float, ...]] = {}  # the only values of an input
        self.indexing: dict[str, str] = {}  # inputs that are indices themselves, with the class that they index
        self.functions: set[str] = set(settings.functions)
        self.signatures: dict[str, tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]] = {}
        self.parameters: dict[str, tuple[str, ...]] = {}
        self.right_sides: dict[str, s.Node] = {}
        self.quantities: set[str] = set()
        self.labelled: set[str] = set()
        self.arities: dict[str, set[int]] = {}
        self.written: dict[str, set[tuple[str, ...]]] = {}
        self.entries: dict[str, tuple[str, tuple[str, ...]]] = {}
        self.defined: set[str] = set()
        self.loose: set[str] = set()
        self.plainly: set[str] = set()  # what stands before brackets with one symbol in them somewhere: W(i)
        self._declarations()
        self._bounds()
        self._positions()
        self._arities()
        find_functions(self)
        self.identities = identities(self)
        find_entries(self)

    # -- asking -------------------------------------------------------------------------------------

    def klass(self, letter: str) -> str | None:
        """Return the class of `letter` (k′ has k's), or None."""
        found = self.ranges.get(letter)
        return found if found is not None or not letter.endswith("'") else self.ranges.get(letter.rstrip("'"))

    def is_function(self, name: str) -> bool:
        """Return whether a symbol followed by brackets is applied to them."""
        return name in self.functions

    def is_quantity(self, name: str) -> bool:
        """Return whether the page defines, declares or sets a quantity of this name."""
        return name in self.quantities or name in self.shapes or name in self.entries

    def is_defined(self, name: str) -> bool:
        """Return whether the page defines a quantity of this name."""
        return name in self.defined

    def signature(self, name: str) -> tuple[str, ...] | None:
        """Return the classes of the letters that `name` is written with: () if it never is, None if it is written in more than one way."""
        found = self.written.get(name, set())
        return None if len(found) > 1 or any("?" in classes for classes in found) else next(iter(found), ())

    def rests_on(self, name: str) -> frozenset[str]:
        """Return the names that stand on the right sides of the definition of `name`, directly or through others."""
        if name not in self._rests:
            found: set[str] = set()
            todo = [name]
            while todo:
                for other in self._stands_on.get(todo.pop(), ()):
                    if other not in found:
                        found.add(other)
                        todo.append(other)
            self._rests[name] = frozenset(found)
        return self._rests[name]

    @cached_property
    def _stands_on(self) -> dict[str, set[str]]:
        out: dict[str, set[str]] = {}
        for statement in self.statements:
            node = statement.node
            if isinstance(node, s.Relations) and (node.relations[0] == ":=" or (node.relations[0] == "=" and statement.display)):
                left = node.members[0]
                head = left.items[0] if isinstance(left, s.Sequence) and len(left.items) == 2 and isinstance(left.items[1], s.Fenced) else left
                parts = [part for member in node.members[1:] for part in s.walk(member) if isinstance(part, s.Symbol | s.Scripted)]
                out.setdefault(base_name(head), set()).update(name for part in parts for name in (base_name(part), full_name(part)))
        return out

    def nodes(self) -> Iterator[s.Node]:
        """Yield every node of every statement."""
        for statement in self.statements:
            yield from s.walk(statement.node)

    # -- gathering ----------------------------------------------------------------------------------

    def _declarations(self) -> None:
        for statement in self.statements:
            node = statement.node
            if not isinstance(node, s.Relations):
                continue
            with suppress(Unread):  # said where the statement itself is read
                if node.relations[0] == "∈" and len(node.members) == 2:
                    self._membership(node.members[0], node.members[1])
                elif node.relations == ("=",) and isinstance(node.members[1], s.Listed):
                    self._range(node.members[0], node.members[1])
                elif node.relations in (("=",), (":=",)) and (size := listed_entries(node.members[0], node.members[1])):
                    self.shapes[full_name(node.members[0])] = (str(size),)
                    self.listed.add(full_name(node.members[0]))
                elif node.relations == (":", "→"):
                    self._function(node.members[0], node.members[1], node.members[2])

    def _membership(self, left: s.Node, right: s.Node) -> None:
        if isinstance(right, s.Fenced) and right.kind == "{" and isinstance(right.body, s.Listed):
            self._chosen(left, right.body)
            if not any(base_name(node) in self.indexing for node in (left.items if isinstance(left, s.Listed) else (left,)) if isinstance(node, s.Symbol | s.Scripted)):
                self._range(left, right.body)
        elif is_reals(right):
            shape = self.shape(right)
            for node in left.items if isinstance(left, s.Listed) else (left,):
                self._shaped(node, shape)

    def _chosen(self, left: s.Node, values: s.Listed) -> None:
        r"""Take in `t_k \in \{0, 1\}`, whose numbers are the only values, and `v_s \in \{1, \dots, V\}`, which is an index of V."""
        numbers = [number_of(item, {}) for item in values.items]
        first, last = values.items[0], values.items[-1]
        counting = isinstance(first, s.Number) and first.text == "1" and is_size(last)
        for node in left.items if isinstance(left, s.Listed) else (left,):
            if not isinstance(node, s.Symbol | s.Scripted):
                continue
            if counting and (not letter_of(node) or self._labels(letter_of(node))):
                self.indexing[base_name(node)] = full_name(last)
                if not isinstance(last, s.Number):
                    self.sizes.add(full_name(last))
            elif not counting and all(number is not None for number in numbers):
                self.choices[base_name(node)] = tuple(float(number) for number in numbers if number is not None)

    def _labels(self, letter: str | None) -> bool:
        r"""Return whether a letter of `y \in \{1, \dots, c\}` is one given label: no sum runs over it, and nothing is defined for each of it."""
        for statement in self.statements:
            node = statement.node
            left = node.members[0] if isinstance(node, s.Relations) and node.relations[0] in ("=", ":=") else None
            if isinstance(left, s.Scripted) and any(letter_of(piece) == letter for piece in pieces(left.sub)):
                return False
        bound = {found for node in self.nodes() if isinstance(node, s.Scripted) and isinstance(node.base, s.Symbol) and node.base.name in BIG for found, _ in bound_letters(node)}
        return letter not in bound and any(letter_of(piece) == letter for node in self.nodes() if isinstance(node, s.Scripted) for piece in pieces(node.sub))

    def _shaped(self, node: s.Node, shape: tuple[str, ...]) -> None:
        if isinstance(node, s.Scripted) and isinstance(node.base, s.Symbol) and node.sub is not None:
            self.labelled.add(full_name(node))
            self.shapes[full_name(node)] = shape
        elif isinstance(node, s.Symbol | s.Scripted):
            self.shapes[full_name(node)] = shape

    def shape(self, node: s.Node) -> tuple[str, ...]:
        r"""Return the classes in `\mathbb{R}^{c \times d}`."""
        if not isinstance(node, s.Scripted) or not node.sup:
            return ()
        body = node.sup[0]
        items = body.items if isinstance(body, s.Sequence) else (body,)
        sizes = []
        if any((isinstance(item, s.Operator) and item.name == "×") != bool(place % 2) for place, item in enumerate(items)):
            raise Unread("a shape is a product of widths: \\mathbb{R}^{c \\times d}", body.span)
        for item in items[::2]:
            if isinstance(item, s.Fenced) and item.kind == "group":
                item = item.body
            if not (isinstance(item, s.Symbol | s.Scripted) or is_size(item)):
                raise Unread("a shape is a product of widths: \\mathbb{R}^{c \\times d}", item.span)
            name = full_name(item)
            sizes.append(name)
            if not isinstance(item, s.Number):
                self.sizes.add(name)
        return tuple(sizes)

    def _range(self, left: s.Node, values: s.Listed) -> None:
        first, last = values.items[0], values.items[-1]
        if not (isinstance(first, s.Number) and first.text == "1" and is_size(last)):
            return
        for node in left.items if isinstance(left, s.Listed) else (left,):
            letter = letter_of(node)
            if letter:
                self.ranges[letter] = full_name(last)
                self.declared_ranges.add(letter)
                if not isinstance(last, s.Number):
                    self.sizes.add(full_name(last))

    def _function(self, name: s.Node, source: s.Node, target: s.Node) -> None:
        if isinstance(name, s.Listed):
            for one in name.items:
                self._function(one, source, target)
            return
        if not isinstance(name, s.Symbol | s.Scripted) or not is_reals(target):
            return
        factors = source.items if isinstance(source, s.Sequence) else (source,)
        inputs = tuple(self.shape(factor) for factor in factors if is_reals(factor))
        if inputs:
            self.functions.add(full_name(name))
            self.signatures[full_name(name)] = (inputs, self.shape(target))

    def _bounds(self) -> None:
        found: dict[str, list[str]] = {}
        free: set[str] = set()
        for node in self.nodes():
            if isinstance(node, s.Scripted) and isinstance(node.base, s.Symbol) and node.base.name in BIG:
                for letter, klass in bound_letters(node):
                    if klass is None:
                        free.add(letter)
                    else:
                        found.setdefault(letter, []).append(klass)
                        if not klass.isdigit():
                            self.sizes.add(klass)
            elif isinstance(node, s.Family) and is_size(node.high):
                found.setdefault(node.letter, []).append(full_name(node.high))
                if not isinstance(node.high, s.Number):
                    self.sizes.add(full_name(node.high))
        for letter, classes in found.items():
            # \sum_{j=1}^{i}: what stands above is an index itself, and j runs over what i does.
            classes[:] = [self.ranges.get(klass, (found.get(klass) or [klass])[0]) if klass != letter else klass for klass in classes]
            self.sizes -= {klass for klass in found if klass in self.ranges and klass in self.sizes and klass not in classes}
            if letter in self.declared_ranges:
                continue
            self.ranges[letter] = classes[0]
            others = [klass for klass in classes if klass != classes[0]]
            if others:
                self.conflicts[letter] = (classes[0], others[0])
        self.unbounded = {letter for letter in free if letter not in self.ranges}

    def _uses(self) -> dict[tuple[str, int], list[tuple[str | None, ...]]]:
        """Return, for each name and number of letters, the tuples of letters that it is used with."""
        uses: dict[tuple[str, int], list[tuple[str | None, ...]]] = {}
        for node in self.nodes():
            if isinstance(node, s.Scripted) and isinstance(node.base, s.Symbol) and node.base.name not in (*BIG, r"\partial", r"\nabla"):
                parts = [piece for piece in pieces(node.sub) if not is_label(piece)]
                if parts and any(letter_of(part) for part in parts):
                    name = full_name(s.Scripted(node.span, node.base, None, node.sup))
                    uses.setdefault((name, len(parts)), []).append(tuple(letter_of(part) for part in parts))
        return uses

    def _positions(self) -> None:
        """Give letters without a range the class of the place that they stand in."""
        uses = self._uses()
        made = {full_name(s.Scripted(body.span, body.base, None, body.sup)): self.shapes.get(full_name(left)) for left, body, _ in entries(self.statements)}
        for (name, arity), tuples in uses.items():
            shape = self.shapes.get(name) or made.get(name)
            if shape is None or len(shape) != arity:
                continue
            for letters in tuples:
                for letter, klass in zip(letters, shape, strict=True):
                    if letter and self.klass(letter) is None and letter not in self.sizes and letter not in self.indexing:
                        self.ranges[letter] = klass
                        self.unbounded.discard(letter)
        if not (self.ranges or self.unbounded or any(letter and MARK in letter for tuples in uses.values() for letters in tuples for letter in letters)):
            return
        distinct = self._defined_apart(uses)
        groups: dict[str, str] = {}

        def root(letter: str) -> str:
            while letter in groups:
                letter = groups[letter]
            return letter

        waiting = {letter for tuples in uses.values() for letters in tuples for letter in letters if letter and self.klass(letter) is None and letter not in self.sizes}
        waiting |= self.unbounded
        waiting -= self.indexing.keys()
        waiting = {letter for letter in waiting if not self._only_labels(letter, uses) and not (is_capital(letter) and letter not in self.unbounded)}
        together = {(a, b) for tuples in uses.values() for letters in tuples for a in letters for b in letters if a and b and a != b}
        for (_, arity), tuples in sorted(uses.items()):
            for place in range(arity):
                here = list(dict.fromkeys(letters[place] for letters in tuples if letters[place]))
                for first in here:
                    for second in here:
                        if first and second and first < second and (first in waiting or second in waiting):
                            if (first, second) in distinct or (second, first) in distinct:
                                continue
                            if (first, second) in together or (second, first) in together:
                                continue
                            a, b = root(first), root(second)
                            if a != b:
                                groups[b if b in waiting else a] = a if b in waiting else b
        for first, second in self._compared():
            a, b = root(first), root(second)
            if a != b and (a in waiting or b in waiting):
                groups[b if b in waiting else a] = a if b in waiting else b
        for letter in sorted(waiting):
            top = root(letter)
            self.ranges[letter] = self.klass(top) or f"#{top}"

    def _compared(self) -> list[tuple[str, str]]:
        """Return the pairs of letters that a condition compares, 1(q = j): they run over the same."""
        pairs = []
        for node in self.nodes():
            if isinstance(node, s.Relations) and node.relations in (("=",), ("≠",)):
                first, second = map(letter_of, node.members)
                if first and second:
                    pairs.append((first, second))
        return pairs

    def _only_labels(self, letter: str, uses: dict[tuple[str, int], list[tuple[str | None, ...]]]) -> bool:
        names = [(name, letters) for (name, _), tuples in uses.items() for letters in tuples if letter in letters]
        return bool(names) and letter not in self.unbounded and all(f"{name}_{{{''.join(part or '' for part in letters)}}}" in self.labelled for name, letters in names)

    def _defined_apart(self, uses: dict[tuple[str, int], list[tuple[str | None, ...]]]) -> set[tuple[str, str]]:
        """Return the pairs of letters under which one name is defined twice: they are of different classes."""
        lefts: dict[str, set[str]] = {}
        for statement in self.statements:
            node = statement.node
            if isinstance(node, s.Relations) and node.relations[0] in ("=", ":="):
                left = node.members[0]
                if isinstance(left, s.Scripted) and isinstance(left.base, s.Symbol):
                    parts = pieces(left.sub)
                    if len(parts) == 1 and (letter := letter_of(parts[0])):
                        lefts.setdefault(full_name(s.Scripted(left.span, left.base, None, left.sup)), set()).add(letter)
        return {(a, b) for letters in lefts.values() for a in letters for b in letters if a != b}

    def _arities(self) -> None:
        if not self.ranges:
            return
        for (name, arity), tuples in self._uses().items():
            if any(letter and self.klass(letter) for letters in tuples for letter in letters):
                self.arities.setdefault(name, set()).add(arity)
                self.written.setdefault(name, set()).update(tuple(self.klass(letter) or "?" for letter in letters if letter) for letters in tuples if all(letters))
        for name, shape in self.shapes.items():
            if shape:
                self.arities.setdefault(name, set()).add(len(shape))
