"""What a page says about its symbols before any formula is given a meaning: ranges, shapes, functions, names of entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bpdocs.notation import syntax as s
from bpdocs.notation.operators import known
from bpdocs.notation.tokens import Unread
from bpdocs.notation.vocabulary import ROMAN
from bpdocs.page import Settings

BIG = {r"\sum": "Σ", r"\prod": "Π", r"\max": "max", r"\min": "min"}
_DOUBLE = (r"\mathbb", r"\mathds")


@dataclass(frozen=True)
class Statement:
    """One statement of a formula, and whether a plain `=` may define there."""

    node: s.Node
    display: bool


def symbol_name(node: s.Symbol) -> str:
    r"""Return the name that a symbol's ink stands for: bold is no difference, \mathcal and \mathbb are."""
    if node.font in (r"\mathcal", r"\mathscr", r"\mathfrak", *_DOUBLE):
        font = r"\mathcal" if node.font == r"\mathscr" else node.font
        return f"{font}{{{node.name}}}"
    return node.name


def is_reals(node: s.Node) -> bool:
    """Return whether `node` is ℝ (or a named part of it)."""
    base = node.base if isinstance(node, s.Scripted) else node
    return isinstance(base, s.Symbol) and (symbol_name(base) in (r"\mathbb{R}", r"\R", r"\mathbb{R}_+", r"\reals", r"\Reals"))


def flat(node: s.Node) -> str:
    """Return the ink of a subscript as one word, for names."""
    match node:
        case s.Symbol():
            return symbol_name(node)
        case s.Number(_, text) | s.Words(_, text):
            return text
        case s.Operator(_, name):
            return name
        case s.Scripted(_, base, sub, sup, primes):
            return flat(base) + ("_" + flat(sub) if sub else "") + "".join("^" + flat(part) for part in sup) + "'" * primes
        case s.Listed(_, items):
            return ",".join(map(flat, items))
        case s.Terms(_, terms):
            return "".join((sign if index or sign == "-" else "") + flat(term) for index, (sign, term) in enumerate(terms))
        case s.Fenced(_, kind, body):
            return flat(body) if kind == "group" else f"({flat(body)})"
        case s.Relations(_, members, relations):
            return flat(members[0]) + "".join(relation + flat(member) for relation, member in zip(relations, members[1:], strict=True))
        case _:
            return "".join(flat(child) for child in s.children(node))


def pieces(sub: s.Node | None) -> tuple[s.Node, ...]:
    """Return the parts of a subscript, one an index or a label."""
    match sub:
        case None | s.Empty():
            return ()
        case s.Listed(_, items) | s.Sequence(_, items):
            return tuple(piece for item in items for piece in pieces(item))
        case s.Fenced(_, "group", body):
            return pieces(body)
        case _:
            return (sub,)


def letter_of(node: s.Node) -> str | None:
    """Return the letter that `node` is as an index (k, or k′), or None."""
    if isinstance(node, s.Symbol) and node.font not in ROMAN and (len(node.name) == 1 or node.name.startswith("\\")):
        return node.name
    if isinstance(node, s.Scripted) and isinstance(node.base, s.Symbol) and node.primes and not node.sub and not node.sup:
        return node.base.name + "'" * node.primes
    return None


def is_label(node: s.Node) -> bool:
    """Return whether a piece of a subscript is a word and so belongs to the name."""
    return isinstance(node, s.Words) or (
        isinstance(node, s.Symbol) and (node.font in ROMAN or (len(node.name) > 1 and not node.name.startswith("\\")) or "가" <= node.name[0] <= "힣")
    )


class Survey:
    """The page's own word on its symbols, gathered from all statements that a scope can see."""

    def __init__(self, statements: Iterable[Statement], settings: Settings) -> None:
        self.statements = tuple(statements)
        self.settings = settings
        self.ranges: dict[str, str] = {}
        self.declared_ranges: set[str] = set()
        self.conflicts: dict[str, tuple[str, str]] = {}
        self.shapes: dict[str, tuple[str, ...]] = {}
        self.sizes: set[str] = set()
        self.functions: set[str] = set(settings.functions)
        self.signatures: dict[str, tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]] = {}
        self.parameters: dict[str, tuple[str, ...]] = {}
        self._right_sides: dict[str, s.Node] = {}
        self.quantities: set[str] = set()
        self.labelled: set[str] = set()
        self.arities: dict[str, set[int]] = {}
        self.entries: dict[str, tuple[str, tuple[str, ...]]] = {}
        self.defined: set[str] = set()
        self.loose: set[str] = set()
        self._declarations()
        self._bounds()
        self._positions()
        self._arities()
        self._functions()
        self._entries()

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
            if node.relations[0] == "∈" and len(node.members) == 2:
                self._membership(node.members[0], node.members[1])
            elif node.relations == ("=",) and isinstance(node.members[1], s.Listed):
                self._range(node.members[0], node.members[1])
            elif node.relations == (":", "→"):
                self._function(node.members[0], node.members[1], node.members[2])

    def _membership(self, left: s.Node, right: s.Node) -> None:
        if isinstance(right, s.Fenced) and right.kind == "{" and isinstance(right.body, s.Listed):
            self._range(left, right.body)
        elif is_reals(right):
            shape = self.shape(right)
            for node in left.items if isinstance(left, s.Listed) else (left,):
                self._shaped(node, shape)

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
        for item in items:
            if isinstance(item, s.Operator) and item.name == "×":
                continue
            if isinstance(item, s.Fenced) and item.kind == "group":
                item = item.body
            if not isinstance(item, s.Symbol | s.Number | s.Scripted):
                raise Unread("a shape is a product of widths: \\mathbb{R}^{c \\times d}", item.span)
            name = flat(item)
            sizes.append(name)
            if not isinstance(item, s.Number):
                self.sizes.add(name)
        return tuple(sizes)

    def _range(self, left: s.Node, values: s.Listed) -> None:
        first, last = values.items[0], values.items[-1]
        if not (isinstance(first, s.Number) and first.text == "1" and isinstance(last, s.Symbol | s.Number)):
            return
        for node in left.items if isinstance(left, s.Listed) else (left,):
            letter = letter_of(node)
            if letter:
                self.ranges[letter] = flat(last)
                self.declared_ranges.add(letter)
                if isinstance(last, s.Symbol):
                    self.sizes.add(flat(last))

    def _function(self, name: s.Node, source: s.Node, target: s.Node) -> None:
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
        for letter, classes in found.items():
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
            if isinstance(node, s.Scripted) and isinstance(node.base, s.Symbol) and node.base.name not in BIG:
                parts = [piece for piece in pieces(node.sub) if not is_label(piece)]
                if parts and any(letter_of(part) for part in parts):
                    name = full_name(s.Scripted(node.span, node.base, None, node.sup))
                    uses.setdefault((name, len(parts)), []).append(tuple(letter_of(part) for part in parts))
        return uses

    def _positions(self) -> None:
        """Give letters without a range the class of the place that they stand in."""
        uses = self._uses()
        for (name, arity), tuples in uses.items():
            shape = self.shapes.get(name)
            if shape is None or len(shape) != arity:
                continue
            for letters in tuples:
                for letter, klass in zip(letters, shape, strict=True):
                    if letter and self.klass(letter) is None and letter not in self.sizes:
                        self.ranges[letter] = klass
                        self.unbounded.discard(letter)
        if not (self.ranges or self.unbounded):
            return
        distinct = self._defined_apart(uses)
        groups: dict[str, str] = {}

        def root(letter: str) -> str:
            while letter in groups:
                letter = groups[letter]
            return letter

        waiting = {letter for tuples in uses.values() for letters in tuples for letter in letters if letter and self.klass(letter) is None and letter not in self.sizes}
        waiting |= self.unbounded
        waiting = {letter for letter in waiting if not self._only_labels(letter, uses)}
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
        for letter in waiting:
            top = root(letter)
            self.ranges[letter] = self.klass(top) or f"#{top}"

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
        for name, shape in self.shapes.items():
            if shape:
                self.arities.setdefault(name, set()).add(len(shape))

    def _functions(self) -> None:
        applied: dict[str, bool] = {}
        loose = self.loose
        for statement in self.statements:
            node = statement.node
            if isinstance(node, s.Relations):
                self._left_side(node, statement.display)
                for member in node.members:
                    self._applications(member, applied, loose)
        self._decide_parameters()
        for name, single in applied.items():
            if single and name not in loose and not self.is_quantity(name) and known(name) is None and name not in self.sizes and name not in self.ranges:
                self.functions.add(name)

    def _left_side(self, node: s.Relations, display: bool) -> None:
        left = node.members[0]
        if node.relations[0] not in (":=", "=") or (node.relations[0] == "=" and not display and not isinstance(node.members[1], s.Number)):
            return
        if isinstance(left, s.Sequence) and len(left.items) == 2 and isinstance(left.items[1], s.Fenced) and left.items[1].kind == "(":
            head = left.items[0]
            body = left.items[1].body
            arguments = body.items if isinstance(body, s.Listed) else (body,)
            if isinstance(head, s.Symbol | s.Scripted) and not _primed(head) and all(isinstance(argument, s.Symbol | s.Scripted) for argument in arguments):
                name = full_name(head)
                if node.relations[0] == ":=" or name not in self.parameters:
                    self.parameters[name] = tuple(full_name(argument) for argument in arguments)
                    self._right_sides[name] = node.members[1]
        elif isinstance(left, s.Symbol | s.Scripted) and not _primed(left):
            name = full_name(s.Scripted(left.span, left.base, None, left.sup)) if isinstance(left, s.Scripted) else full_name(left)
            self.quantities |= {name, full_name(left)}
            if node.relations[0] == ":=" or not isinstance(node.members[1], s.Number | s.Listed):
                self.defined |= {name, full_name(left)}

    def _decide_parameters(self) -> None:
        """Tell functions F(u) = … from quantities that are written with what they depend on, J(w) = …."""
        for name, parameters in self.parameters.items():
            bare = _bare_names(self._right_sides[name])
            if name in self.functions or all(parameter in bare and parameter not in self.defined for parameter in parameters):
                self.functions.add(name)
            else:
                self.quantities.add(name)
                self.defined.add(name)

    def _applications(self, node: s.Node, applied: dict[str, bool], loose: set[str]) -> None:
        items = node.items if isinstance(node, s.Sequence) else (node,)
        for index, item in enumerate(items):
            following = items[index + 1] if index + 1 < len(items) else None
            if isinstance(following, s.Scripted) and isinstance(following.base, s.Fenced):
                following = following.base
            if isinstance(item, s.Symbol) or (isinstance(item, s.Scripted) and isinstance(item.base, s.Symbol)):
                name = full_name(item)
                if _primed(item):
                    base = full_name(s.Scripted(item.span, item.base, item.sub) if isinstance(item, s.Scripted) else item)
                    if isinstance(following, s.Fenced) or (isinstance(item, s.Scripted) and item.sub is None and base in self.functions):
                        self.functions.add(base)
                elif isinstance(following, s.Fenced) and following.kind in ("(", "["):
                    single = isinstance(following.body, s.Symbol | s.Scripted)
                    applied[name] = applied.get(name, True) and single
                else:
                    loose.add(name)
            for child in s.children(item):
                if not (isinstance(item, s.Scripted) and child is item.base):
                    self._applications(child, applied, loose)
                elif not isinstance(child, s.Symbol):
                    self._applications(child, applied, loose)

    def _entries(self) -> None:
        r"""Read `W = (w_{kj})`: the array W is made of the entries w_{kj}."""
        for statement in self.statements:
            node = statement.node
            if not isinstance(node, s.Relations) or len(node.members) != 2 or node.relations[0] not in ("=", ":="):
                continue
            left, right = node.members
            if not isinstance(left, s.Symbol | s.Scripted) or not isinstance(right, s.Fenced) or right.kind not in ("(", "["):
                continue
            body = right.body
            if not (isinstance(body, s.Scripted) and isinstance(body.base, s.Symbol)):
                continue
            letters = [letter_of(piece) for piece in pieces(body.sub) if not is_label(piece)]
            classes = [self.klass(letter) if letter else None for letter in letters]
            if letters and all(classes):
                name = full_name(s.Scripted(body.span, body.base, None, body.sup))
                self.entries[full_name(left)] = (name, tuple(klass or "" for klass in classes))
                self.quantities.discard(full_name(left))


def _bare_names(node: s.Node) -> set[str]:
    """Return the names of the symbols that stand below `node` without a subscript."""
    if isinstance(node, s.Symbol):
        return {symbol_name(node)}
    if isinstance(node, s.Scripted) and node.sub is not None and isinstance(node.base, s.Symbol):
        return {full_name(node)}.union(*(_bare_names(part) for part in node.sup)) if node.sup else {full_name(node)}
    return set().union(*(_bare_names(child) for child in s.children(node)))


def _primed(node: s.Node) -> bool:
    return isinstance(node, s.Scripted) and node.primes > 0


def full_name(node: s.Node) -> str:
    """Return the name with everything that stands at it: the name of a label, a layer, an accent."""
    if isinstance(node, s.Scripted):
        base = full_name(node.base)
        sup = "".join(f"^{{{flat(part)}}}" for part in node.sup if isinstance(part, s.Fenced) or flat(part) == "*")
        sub = f"_{{{flat(node.sub).replace(',', '')}}}" if node.sub is not None else ""
        return base + sup + sub + "'" * node.primes
    if isinstance(node, s.Symbol):
        return symbol_name(node)
    return flat(node)


def bound_letters(node: s.Scripted) -> list[tuple[str, str | None]]:
    """Return the letters that a Σ binds, each with the class that its limits give (None where they give none)."""
    sub = node.sub
    upper = node.sup[0] if node.sup else None
    out: list[tuple[str, str | None]] = []
    for item in sub.items if isinstance(sub, s.Listed) else (sub,):
        if isinstance(item, s.Relations):
            letter = letter_of(item.members[0])
            if letter is None:
                continue
            klass = None
            if item.relations[0] == "=" and isinstance(item.members[-1], s.Number) and isinstance(upper, s.Symbol | s.Number):
                klass = flat(upper)
            elif item.relations[0] == "=" and upper is not None:
                klass = next((flat(part) for part in s.walk(upper) if isinstance(part, s.Symbol)), None)
            out.append((letter, klass))
        elif item is not None:
            out += [(letter, None) for piece in pieces(item) if (letter := letter_of(piece))]
    return out
