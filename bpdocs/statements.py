"""From one statement to its lines: what declares, what defines, what sets an example, what claims."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bpdocs.budget import OVER, part, why
from bpdocs.defining import Defining
from bpdocs.diagnostic import Span
from bpdocs.lines import INEQUALITIES, Context, Setting
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.families import Families
from bpdocs.notation.ink import base_name, full_name, is_reals, letter_of
from bpdocs.notation.parser import parse
from bpdocs.notation.survey import Survey
from bpdocs.notation.tokens import Unread
from bpdocs.notation.unroll import Case, condition_on, level
from bpdocs.page import Formula, Settings
from bpdocs.program import Quantity


@dataclass(frozen=True)
class Written:
    """One statement with its cases, one for each value of the layers and steps in it; none where it only says for which values something holds."""

    origin: s.Node
    cases: tuple[Case, ...] = ()
    fault: Unread | None = None


class Builder(Defining):
    """Reads the statements of one scope in order."""

    def __init__(self, survey: Survey, parent: Context | None, scope: int, families: Families, depths: dict[str, int], instances: frozenset[str]) -> None:
        """Begin with what the scope around has."""
        super().__init__(survey, parent, scope, instances)
        self.families, self.depths = families, depths
        self.context.families, self.context.depths, self.context.instances = families, depths, instances
        self.explicit: set[str] = set()
        self.recurring: set[str] = set()  # families that some statement about all layers or steps has on its left
        self.general: set[str] = set()  # families that a statement about all layers has defined
        self.settled = False  # whether what is read cannot define any more
        self.deferred: list[tuple[Formula, Case]] = []

    def formula(self, formula: Formula, written: Iterable[Written], *, borrowed: bool = False) -> None:
        """Read a formula; of one that another page lends only the definitions stay."""
        before = len(self.context.lines)
        for one in written:
            self.values, self.tag = (), ""
            if one.fault is not None:
                self._add(formula, one.origin.span, "claim" if isinstance(one.origin, s.Relations) else "shown", fault=one.fault)
            elif not one.cases and condition_on(one.origin, self.families) is not None:
                self._add(formula, one.origin.span, "declaration")
            elif not one.cases:
                fault = Unread("no layer or step has all that stands here", one.origin.span, "say for which it holds: \\quad (l < L)")
                self._add(formula, one.origin.span, "claim", fault=fault)
            else:
                self._cases(formula, one)
        if borrowed:
            del self.context.lines[before:]

    def announce(self, written: Iterable[Written]) -> None:
        """Note the families that the statements to come have on their left."""
        for one in written:
            if isinstance(one.origin, s.Relations) and one.origin.relations[0] in ("=", ":=") and any(case.values for case in one.cases):
                self.recurring.add(_family(one.origin))

    def _cases(self, formula: Formula, written: Written) -> None:
        """Read the cases of one statement; if it defines, then where its layers exist and nothing more special was defined before."""
        cases = written.cases
        if any(case.values for case in cases):
            defining = [case for case in cases if self._defines(formula, case.node, written.origin)]
            if defining:
                cases = tuple(case for case in defining if self._within(written.origin, case))
                # An abbreviation reaches the input too, if what it abbreviates is there: that shows when all is read.
                self.deferred += [(formula, case) for case in defining if isinstance(written.origin, s.Relations) and written.origin.relations[0] == ":=" and case not in cases]
                if not cases:
                    fault = Unread("no layer or step has all that stands here", written.origin.span, "say for which it holds: \\quad (l < L)")
                    self._add(formula, written.origin.span, "definition", fault=fault)
            else:
                cases = tuple(case for case in cases if self._declared(case)) or cases[:1]
        else:
            self.explicit |= {name for case in cases for name in case.names}
        self.settled = any(case.values for case in cases) and _family(written.origin) in self.general
        for case in cases:
            self.values = tuple(case.values.items())
            self._statement(formula, case.node)
        self.settled = False
        if any(line.kind == "definition" and line.values and line.formula is formula for line in self.context.lines):
            self.general.add(_family(written.origin))

    def _first_layers(self) -> None:
        """Define what was put off, layer 0 of an abbreviation, where all that it rests on is there."""
        for formula, case in self.deferred:
            assert isinstance(case.node, s.Relations)
            left = base_name(case.node.members[0])
            if case.beyond - self.explicit or any(name not in self.program.quantities for name in case.names - {left}) or left in self.program.quantities:
                continue
            self.values = tuple(case.values.items())
            self._statement(formula, case.node)

    def _declared(self, case: Case) -> bool:
        """Return whether the letters of a case are within the ranges that the page states."""
        for letter, value in case.values.items():
            low, top = self.families.letters[letter]
            if letter in self.families.declared and not low <= value <= self.depths[top]:
                return False
        return True

    def _defines(self, formula: Formula, node: s.Node, origin: s.Node) -> bool:
        """Return whether a statement would define its left side, of a family that no statement has defined yet."""
        if not isinstance(node, s.Relations) or not (node.relations[0] == ":=" or (node.relations[0] == "=" and formula.display)):
            return False
        try:
            left = self._left(node.members[0])
        except Unread:
            return False
        if (left.name, left.signature if left.indices else None) in self.mine:
            return False
        return node.relations[0] == ":=" or (_family(origin) not in self.general and self._eligible(node.members[0]))

    def _within(self, origin: s.Node, case: Case) -> bool:
        """Return whether a definition reaches a case: its own layer from 1 (or from where its letter is declared) to the last, and no layer beyond."""
        if case.beyond - self.explicit:
            return False
        assert isinstance(origin, s.Relations)
        at = level(origin.members[0], self.families, case.values)
        if not self._declared(case):
            return False
        return at is None or at >= 1 or any(self.families.letters[letter][0] == 0 and letter in self.families.declared for letter in case.values)

    def _statement(self, formula: Formula, node: s.Node) -> None:
        try:
            with part():
                self._read(formula, node)
        except (Unread, *OVER) as reason:
            fault = reason if isinstance(reason, Unread) else why(reason, node.span)
            self._add(formula, node.span, "claim" if isinstance(node, s.Relations) else "shown", fault=fault, nodes=(node,))

    def _read(self, formula: Formula, node: s.Node) -> None:
        if not isinstance(node, s.Relations):
            self._add(formula, node.span, "shown", nodes=(node,))
            return
        first = node.relations[0]
        if any(isinstance(member, s.Words) for member in node.members):
            self._add(formula, node.span, "shown", nodes=tuple(m for m in node.members if not isinstance(m, s.Words)))
        elif first == "∈" and len(node.members) == 2 and (is_reals(node.members[1]) or isinstance(node.members[1], s.Fenced)):
            named = base_name(_first(node.members[0]))
            if isinstance(node.members[1], s.Fenced) and not letter_of(_first(node.members[0])) and named not in (*self.survey.indexing, *self.survey.choices):
                raise Unread("this set is not understood", node.members[1].span)
            if is_reals(node.members[1]):
                self.survey.shape(node.members[1])  # raises for one that is not understood
            self._add(formula, node.span, "declaration")
        elif first == ":" and node.relations == (":", "→"):
            if any(full_name(name) not in self.survey.signatures for name in (node.members[0].items if isinstance(node.members[0], s.Listed) else (node.members[0],))):
                raise Unread("this declaration of a function is not understood", node.span, "f : \\mathbb{R} \\to \\mathbb{R}")
            self._add(formula, node.span, "declaration")
        elif first == "=" and isinstance(node.members[1], s.Listed):
            self._range(formula, node)
        elif (
            first in ("=", ":=") and len(node.members) == 2 and full_name(node.members[0]) in (*self.survey.entries, *self.survey.listed) and isinstance(node.members[1], s.Fenced)
        ):
            self._add(formula, node.span, "declaration")
        elif first == "←":
            self._update(formula, node)
        elif set(node.relations) <= {"→", "↦", "↔"}:
            self._add(formula, node.span, "shown", nodes=node.members)
        else:
            self._chain(formula, node)

    def _range(self, formula: Formula, node: s.Relations) -> None:
        left = node.members[0]
        letters = [letter_of(item) for item in (left.items if isinstance(left, s.Listed) else (left,))]
        if all(letter and letter in self.survey.declared_ranges for letter in letters):
            self._add(formula, node.span, "declaration")
        else:
            raise Unread("this range is not understood", node.span, "write k = 1, \\dots, c")

    def _update(self, formula: Formula, node: s.Relations) -> None:
        left, right = self.resolver.expression(node.members[0]), self.resolver.expression(node.members[1])
        if not isinstance(left, e.Ref):
            raise Unread("an update wants one quantity on its left", node.members[0].span)
        self._inputs(right, ())
        self._add(formula, node.span, "update", left=left, relation="←", right=right)

    def _chain(self, formula: Formula, node: s.Relations) -> None:
        members, relations = node.members, node.relations
        if self._function(formula, node):
            return
        if len(members) == 2 and relations[0] in ("=", ":=") and (setting := self._setting(members[0], members[1], relations[0])):
            self.context.settings.append(setting)
            self._add(formula, node.span, "setting", left=setting.ref, right=setting.value)
            return
        if not formula.display and set(relations) <= set(INEQUALITIES) and self._assumption(formula, node):
            return
        defined = self._defined_member(formula, node)
        quantity: Quantity | None = None
        for index, relation in enumerate(relations):
            span = Span(members[index].span.start, members[index + 1].span.end)
            if relation == ":=" and index:
                raise Unread(":= stands in the middle of a chain", span, "begin a formula of its own with it")
            if index == defined:
                quantity = self._define(formula, members[index], members[index + 1], relation, span)
                continue
            if relation not in ("=", "≈", *INEQUALITIES):
                raise Unread(f"the relation {relation} is not supported", span)
            try:
                left = self.resolver.expression(members[index])
                if defined is not None and index == defined + 1 and quantity is not None:
                    left = replace(self._left(members[defined]), span=left.span)
                right = self.resolver.expression(members[index + 1])
            except Unread as fault:
                self._add(formula, span, "claim", fault=fault)
                continue
            if isinstance(right, e.Show) and relation in ("=", "≈"):
                self._add(formula, span, "shown", left=left, relation=relation, right=right)
            else:
                place = members[index + 1].span if index else None
                self._add(formula, span, "claim", left=left, relation=relation, right=right, place=place)
                self._use(left)
                self._use(right)

    def _defined_member(self, formula: Formula, node: s.Relations) -> int | None:
        if node.relations[0] == ":=":
            return 0
        if self.settled:
            return None
        if not formula.display:
            return None
        for index, relation in enumerate(node.relations):
            if relation == "=" and self._eligible(node.members[index]):
                return index
        return None

    def _setting(self, left: s.Node, right: s.Node, relation: str) -> Setting | None:
        if relation != "=" or not isinstance(left, s.Symbol | s.Scripted):
            return None
        try:
            ref, value = self.resolver.expression(left), self.resolver.expression(right)
        except Unread:
            return None
        numeric = all(isinstance(part, e.Num | e.Neg | e.Div | e.Array | e.Transpose) for part in e.walk(value))
        if isinstance(ref, e.Size):
            ref = e.Ref(ref.span, ref.name)
        if not numeric or not isinstance(ref, e.Ref) or not all(isinstance(index, e.Num) for index in ref.indices):
            return None
        if ref.name in self.instances and _family(left) in self.recurring:
            return None  # where a recurrence begins, or ends: no example, but what the page says of it
        have = self.program.quantities.get(ref.name, [])
        if any(q.body is not None for q in have if not ref.indices or q.signature is None or len(q.signature) == len(ref.indices)):
            return None
        if not have and ref.name not in self.survey.sizes and not ref.indices:
            self.program.input(ref.name, self.survey.shapes.get(ref.name, ()))
        return Setting(ref, value, right.text if isinstance(right, s.Number) else "")

    def _assumption(self, formula: Formula, node: s.Relations) -> bool:
        """Read `a > 0` or `0 < a < 1`, between inputs and numbers, as what is assumed."""
        try:
            members = [self.resolver.expression(member) for member in node.members]
        except Unread:
            return False
        parts = [part for member in members for part in e.walk(member)]
        if not all(isinstance(part, e.Ref | e.Num | e.Neg | e.Size | e.Letter | e.Div) for part in parts) or not any(isinstance(part, e.Num) for part in parts):
            return False
        refs = [part for part in parts if isinstance(part, e.Ref)]
        for ref in refs:
            if not ref.indices and ref.name not in self.program.quantities and not self.survey.is_function(ref.name):
                self.program.input(ref.name, self.survey.shapes.get(ref.name, ()))
        if not refs or any(q.body is not None for ref in refs for q in self.program.quantities.get(ref.name, [])):
            return False
        for left, relation, right in zip(members, node.relations, members[1:], strict=False):
            self._add(formula, Span(left.span.start, right.span.end), "assumption", left=left, relation=relation, right=right)
            self.context.assumptions.append((left, relation, right))
        return True

    def finish(self, settings: Settings) -> Context:
        """Return the context, with the assumptions of the front matter read in its light."""
        self._instances()
        self._first_layers()
        for text in settings.assume:
            for node in parse(text, None, settings.names):
                if not isinstance(node, s.Relations):
                    raise Unread(f"the assumption {text} is not a relation", node.span)
                members = [self.resolver.expression(member) for member in node.members]
                self.context.assumptions += zip(members, node.relations, members[1:], strict=False)
        return self.context


def _family(node: s.Node) -> str:
    """Return the name, without layer or step, of what a statement has on its left."""
    left = node.members[0] if isinstance(node, s.Relations) else node
    while isinstance(left, s.Labelled):
        left = left.body
    return full_name(left.base) if isinstance(left, s.Scripted) else full_name(left)


def _first(node: s.Node) -> s.Node:
    return node.items[0] if isinstance(node, s.Listed) else node
