"""From the statements of a page to its program and its relations: what defines, what declares, what claims."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bpdocs.diagnostic import Span
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.names import identify
from bpdocs.notation.operators import known
from bpdocs.notation.parser import parse
from bpdocs.notation.resolve import Resolver
from bpdocs.notation.survey import BIG, Statement, Survey, full_name, is_reals, letter_of, pieces
from bpdocs.notation.tokens import Macro, Unread
from bpdocs.page import Formula, Page, Settings
from bpdocs.program import Function, Program, Quantity

INEQUALITIES = ("<", "≤", ">", "≥", "≠")


@dataclass
class Line:
    """One relation of a formula; spans are offsets into the formula's LaTeX."""

    formula: Formula
    span: Span
    kind: str
    scope: int
    left: e.Expr | None = None
    relation: str = ""
    right: e.Expr | None = None
    nodes: tuple[s.Node, ...] = ()
    fault: Unread | None = None
    defines: str = ""
    place: Span | None = None


@dataclass
class Setting:
    """An example value of an input: entries where there are indices."""

    ref: e.Ref
    value: e.Expr
    text: str


@dataclass
class Context:
    """All that one scope of the page knows."""

    survey: Survey
    program: Program
    lines: list[Line] = field(default_factory=list)
    settings: list[Setting] = field(default_factory=list)
    assumptions: list[tuple[e.Expr, str, e.Expr]] = field(default_factory=list)
    definitions: list[tuple[Line, str, Quantity | None]] = field(default_factory=list)


def statements_of(page: Page) -> tuple[dict[int, list[s.Node]], dict[int, Unread]]:
    """Return each formula's statements, or the reason why it cannot be read."""
    macros: dict[str, Macro] = {}
    read: dict[int, list[s.Node]] = {}
    faults: dict[int, Unread] = {}
    for formula in page.formulas:
        try:
            read[formula.number] = parse(formula.latex, macros, page.settings.names)
        except Unread as fault:
            faults[formula.number] = fault
        except RecursionError:
            faults[formula.number] = Unread("this formula nests too deeply", Span(0, len(formula.latex)))
    return read, faults


def build(page: Page, taken: tuple[Page, ...] = ()) -> tuple[dict[int, Context], dict[int, Unread]]:
    """Return the context of each scope (with its lines), and the formulas that could not be parsed."""
    read, faults = statements_of(page)
    outside: list[tuple[Formula, list[s.Node]]] = []
    for other in taken:
        for number, nodes in statements_of(other)[0].items():
            formula = other.formulas[number]
            if formula.scope == 0 and not formula.wrong:
                outside.append((formula, nodes))
    contexts: dict[int, Context] = {}
    for scope in page.scopes:
        parent = contexts[scope.parent] if scope.parent is not None else None
        mine = [(page.formulas[n], nodes) for n, nodes in sorted(read.items()) if page.formulas[n].scope == scope.number]
        borrowed = outside if parent is None else []
        visible = list(parent.survey.statements) if parent else []
        visible += [Statement(node, formula.display) for formula, nodes in [*borrowed, *mine] for node in nodes if not formula.wrong]
        survey = Survey(visible, _settings(page.settings))
        builder = _Builder(survey, parent, scope.number)
        for formula, nodes in borrowed:
            for node in nodes:
                builder.statement(formula, node, borrowed=True)
        for formula, nodes in mine:
            for node in nodes:
                builder.statement(formula, node)
        contexts[scope.number] = builder.finish(page.settings)
    return contexts, faults


def _settings(settings: Settings) -> Settings:
    return settings


class _Builder:
    def __init__(self, survey: Survey, parent: Context | None, scope: int) -> None:
        self.survey, self.scope = survey, scope
        program = parent.program.copy(survey) if parent else Program(survey)
        self.context = Context(survey, program)
        if parent:
            self.context.settings = list(parent.settings)
            self.context.assumptions = list(parent.assumptions)
        self.program = program
        self.resolver = Resolver(survey)
        self.used: set[str] = {name for name, found in program.quantities.items() if found}
        self.mine: set[tuple[str, tuple[str, ...] | None]] = set()
        for name, shape in survey.shapes.items():
            if name not in program.quantities and name not in survey.functions:
                target, _ = survey.entries.get(name, (name, ()))
                if target == name:
                    self.program.input(name, shape)
        for target, signature in survey.entries.values():
            self.program.input(target, signature)

    # -- one statement ------------------------------------------------------------------------------

    def statement(self, formula: Formula, node: s.Node, *, borrowed: bool = False) -> None:
        before = len(self.context.lines)
        try:
            self._read(formula, node)
        except Unread as fault:
            kind = "claim" if isinstance(node, s.Relations) else "shown"
            self.context.lines.append(Line(formula, node.span, kind, self.scope, fault=fault, nodes=(node,)))
        if borrowed:
            del self.context.lines[before:]

    def _add(self, formula: Formula, span: Span, kind: str, **more: object) -> Line:
        line = Line(formula, span, kind, self.scope, **more)  # type: ignore[arg-type]
        self.context.lines.append(line)
        return line

    def _read(self, formula: Formula, node: s.Node) -> None:
        if not isinstance(node, s.Relations):
            self._add(formula, node.span, "shown", nodes=(node,))
            return
        first = node.relations[0]
        if any(isinstance(member, s.Words) for member in node.members):
            self._add(formula, node.span, "shown", nodes=tuple(m for m in node.members if not isinstance(m, s.Words)))
        elif first == "∈" and len(node.members) == 2 and (is_reals(node.members[1]) or isinstance(node.members[1], s.Fenced)):
            if isinstance(node.members[1], s.Fenced) and not letter_of(_first(node.members[0])):
                raise Unread("this set is not understood", node.members[1].span)
            self._add(formula, node.span, "declaration")
        elif first == ":" and node.relations == (":", "→"):
            if full_name(node.members[0]) not in self.survey.signatures:
                raise Unread("this declaration of a function is not understood", node.span, "f : \\mathbb{R} \\to \\mathbb{R}")
            self._add(formula, node.span, "declaration")
        elif first == "=" and isinstance(node.members[1], s.Listed):
            self._range(formula, node)
        elif first in ("=", ":=") and len(node.members) == 2 and full_name(node.members[0]) in self.survey.entries and isinstance(node.members[1], s.Fenced):
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
        for ref in e.walk(right):
            if isinstance(ref, e.Ref) and ref.name not in self.program.quantities and not ref.indices and not isinstance(ref, e.Letter):
                self.program.input(ref.name, self.survey.shapes.get(ref.name, ()))
        self._add(formula, node.span, "update", left=left, relation="←", right=right)

    # -- chains -------------------------------------------------------------------------------------

    def _chain(self, formula: Formula, node: s.Relations) -> None:
        members, relations = node.members, node.relations
        if self._function(formula, node):
            return
        if len(members) == 2 and relations[0] in ("=", ":=") and (setting := self._setting(members[0], members[1], relations[0])):
            self.context.settings.append(setting)
            self._add(formula, node.span, "setting", left=setting.ref, right=setting.value)
            return
        if not formula.display and len(members) == 2 and relations[0] in INEQUALITIES and self._assumption(formula, node):
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

    def _use(self, expr: e.Expr) -> None:
        self.used |= {part.name for part in e.walk(expr) if isinstance(part, e.Ref)}

    def _defined_member(self, formula: Formula, node: s.Relations) -> int | None:
        if node.relations[0] == ":=":
            return 0
        if not formula.display:
            return None
        for index, relation in enumerate(node.relations):
            if relation == "=" and self._eligible(node.members[index]):
                return index
        return None

    def _eligible(self, node: s.Node) -> bool:
        """Return whether a plain = may define what stands at `node`: one new quantity, not δ and not accented."""
        try:
            left = self._left(node)
        except Unread:
            return False
        base = left.name.split("_")[0].split("^")[0]
        if base == r"\delta" or base.startswith(("\\bar{", "\\hat{", "\\tilde{", "\\dot{", "\\check{")):
            return False
        if left.name in self.used or left.name in self.survey.functions:
            others = [q for q in self.program.quantities.get(left.name, []) if q.signature is None or not left.indices or q.signature == left.signature]
            overloaded = bool(left.indices) and not others and left.name not in self.survey.functions and (left.name, left.signature) not in self._used_signatures()
            return overloaded
        return True

    def _used_signatures(self) -> set[tuple[str, tuple[str, ...]]]:
        out: set[tuple[str, tuple[str, ...]]] = set()
        for line in self.context.lines:
            for side in (line.left, line.right):
                if side is not None and line.kind in ("claim", "definition"):
                    out |= {(part.name, part.signature) for part in e.walk(side) if isinstance(part, e.Ref)}
        return out

    def _left(self, node: s.Node) -> e.Ref:
        """Return the one quantity that a left side is; raise Unread otherwise."""
        while isinstance(node, s.Labelled):
            node = node.body
        if isinstance(node, s.Sequence) and len(node.items) == 2 and isinstance(node.items[1], s.Fenced) and full_name(node.items[0]) in self.survey.parameters:
            node = node.items[0]
        if isinstance(node, s.Sequence) and len(node.items) == 2 and isinstance(node.items[0], s.Symbol) and node.items[0].name == r"\Delta":
            found = self.resolver.expression(node)
            if isinstance(found, e.Ref):
                return found
        if not isinstance(node, s.Symbol | s.Scripted):
            raise Unread("the left side of a definition is one quantity", node.span)
        named = identify(node, self.survey)
        if named.raised or (known(named.name) and not self.survey.is_quantity(named.name)) or named.name in BIG:
            raise Unread("the left side of a definition is one quantity", node.span)
        indices = tuple(self.resolver.index(part) for part in named.indices)
        letters = [index.name for index in indices if isinstance(index, e.Letter)]
        if len(letters) != len(indices) or len(set(letters)) != len(letters):
            raise Unread("the left side of a definition has different letters as its indices", node.span)
        if not indices and (named.name in self.survey.sizes or (self.survey.klass(named.name) and not self.survey.is_quantity(named.name))):
            raise Unread(f"{named.name} is a width or an index", node.span)
        name, signature = named.name + "'" * named.primes, tuple(self.survey.klass(letter) or "?" for letter in letters)
        if name in self.survey.entries:
            name, signature = self.survey.entries[name][0], signature or ()
        return e.Ref(node.span, name, indices, signature)

    def _define(self, formula: Formula, node: s.Node, right: s.Node, relation: str, span: Span) -> Quantity | None:
        left = self._left(node)
        letters = tuple(index.name for index in left.indices if isinstance(index, e.Letter))
        line = self._add(formula, span, "definition", defines=left.name)
        try:
            body = self.resolver.expression(right)
            if any(isinstance(part, e.Ref) and part.name == left.name and (not part.indices or part.signature == left.signature) for part in e.walk(body)):
                if relation == ":=":
                    line.kind, line.left, line.right, line.relation = "update", left, body, "←"
                    return None
                raise Unread(f"{left.name} stands on both sides of its definition", span)
            signature: tuple[str, ...] | None = left.signature if letters else None
            whole = any(target == left.name for target, _ in self.survey.entries.values())
            if not letters and whole:
                signature = None
            quantity = Quantity(left.name, signature, letters, body, len(self.context.definitions))
            if quantity.key in self.mine:
                raise Unread(f"{self.program.shown(quantity)} is defined a second time in this scope", span, "open a scope: <!-- bpdocs: scope -->")
            self.mine.add(quantity.key)
            line.left, line.relation, line.right = left, "=", body
            self.program.define(quantity)
            self._inputs(body, ())
            self.used.add(left.name)
            self._use(body)
            self.context.definitions.append((line, left.name, quantity))
            return quantity
        except Unread as fault:
            line.fault = fault
            return None

    def _inputs(self, body: e.Expr, local: tuple[str, ...]) -> None:
        """Add what a definition uses and nothing defines as inputs."""
        for part in e.walk(body):
            if not isinstance(part, e.Ref) or part.name in local or part.name in self.survey.functions:
                continue
            have = self.program.quantities.get(part.name, [])
            if part.name in self.survey.shapes:
                self.program.input(part.name, self.survey.shapes[part.name])
            elif not part.indices:
                if not have and not any(q == part.name for q in self.survey.arities):
                    self.program.input(part.name, part.signature)
            elif "?" not in part.signature and not any(q.signature is None for q in have):
                self.program.input(part.name, part.signature)

    def _function(self, formula: Formula, node: s.Relations) -> bool:
        left = node.members[0]
        if node.relations[0] not in (":=", "=") or not isinstance(left, s.Sequence) or len(left.items) != 2 or not isinstance(left.items[1], s.Fenced):
            return False
        head = left.items[0]
        if not isinstance(head, s.Symbol | s.Scripted) or (isinstance(head, s.Scripted) and head.primes):
            return False
        name = full_name(head)
        if name not in self.survey.parameters or name not in self.survey.functions or (node.relations[0] == "=" and (not formula.display or name in self.program.functions)):
            return False
        body = left.items[1].body
        arguments = body.items if isinstance(body, s.Listed) else (body,)
        parameters = tuple(full_name(argument) for argument in arguments)
        if any(isinstance(argument, s.Scripted) and any(letter_of(p) and self.survey.klass(letter_of(p) or "") for p in pieces(argument.sub)) for argument in arguments):
            return False
        span = Span(left.span.start, node.members[1].span.end)
        line = self._add(formula, span, "definition", defines=name)
        if (name, ("function",)) in self.mine:
            line.fault = Unread(f"{name} is defined a second time in this scope", span, "open a scope: <!-- bpdocs: scope -->")
            return True
        self.mine.add((name, ("function",)))
        try:
            meaning = Resolver(self.survey, {}, parameters).expression(node.members[1])
        except Unread as fault:
            line.fault = fault
            return True
        self.program.functions[name] = Function(name, parameters, meaning)
        self.program._ancestors.clear()
        self._inputs(meaning, parameters)
        for parameter in parameters:
            if parameter not in self.program.quantities:
                self.program.input(parameter, self.survey.shapes.get(parameter, ()))
        try:
            whole = e.Apply(span, name, 0, tuple(e.Ref(span, parameter) for parameter in parameters))
            self.program.define(Quantity(name, None, (), whole))
        except Unread:
            pass
        line.left, line.relation, line.right = whole, "=", meaning
        self._use(meaning)
        self.context.definitions.append((line, name, None))
        rest = s.Relations(node.span, node.members[1:], node.relations[1:]) if len(node.members) > 2 else None
        if rest is not None:
            first = s.Relations(node.span, (left, *node.members[2:]), node.relations[1:])
            self._chain_claims(formula, first)
        return True

    def _chain_claims(self, formula: Formula, node: s.Relations) -> None:
        for index, relation in enumerate(node.relations):
            span = Span(node.members[index].span.start, node.members[index + 1].span.end)
            try:
                left, right = self.resolver.expression(node.members[index]), self.resolver.expression(node.members[index + 1])
                self._add(formula, span, "claim", left=left, relation=relation, right=right)
            except Unread as fault:
                self._add(formula, span, "claim", fault=fault)

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
        have = self.program.quantities.get(ref.name, [])
        if any(q.body is not None for q in have if not ref.indices or q.signature is None or len(q.signature) == len(ref.indices)):
            return None
        if not have and ref.name not in self.survey.sizes and not ref.indices:
            self.program.input(ref.name, self.survey.shapes.get(ref.name, ()))
        return Setting(ref, value, right.text if isinstance(right, s.Number) else "")

    def _assumption(self, formula: Formula, node: s.Relations) -> bool:
        try:
            left, right = self.resolver.expression(node.members[0]), self.resolver.expression(node.members[1])
        except Unread:
            return False
        sides = [part for side in (left, right) for part in e.walk(side)]
        if not all(isinstance(part, e.Ref | e.Num | e.Neg | e.Size | e.Letter) for part in sides) or not any(isinstance(part, e.Num) for part in (left, right, *sides)):
            return False
        refs = [part for part in sides if isinstance(part, e.Ref)]
        for ref in refs:
            if not ref.indices and ref.name not in self.program.quantities and not self.survey.is_function(ref.name):
                self.program.input(ref.name, self.survey.shapes.get(ref.name, ()))
        if not refs or any(q.body is not None for ref in refs for q in self.program.quantities.get(ref.name, [])):
            return False
        self._add(formula, node.span, "assumption", left=left, relation=node.relations[0], right=right)
        self.context.assumptions.append((left, node.relations[0], right))
        return True

    def finish(self, settings: Settings) -> Context:
        """Return the context, with the assumptions of the front matter read in its light."""
        for text in settings.assume:
            for node in parse(text, None, settings.names):
                if not isinstance(node, s.Relations) or len(node.members) != 2:
                    raise Unread(f"the assumption {text} is not one relation", node.span)
                self.context.assumptions.append((self.resolver.expression(node.members[0]), node.relations[0], self.resolver.expression(node.members[1])))
        return self.context


def _first(node: s.Node) -> s.Node:
    return node.items[0] if isinstance(node, s.Listed) else node
