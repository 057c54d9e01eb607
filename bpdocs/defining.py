"""What a definition, of a quantity or of a function, adds to the program of its scope."""

from __future__ import annotations

from bpdocs.diagnostic import Span
from bpdocs.lines import Context, Line
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.ink import BIG, full_name, letter_of, pieces
from bpdocs.notation.names import identify
from bpdocs.notation.operators import known
from bpdocs.notation.resolve import Resolver
from bpdocs.notation.survey import Survey
from bpdocs.notation.tokens import Unread
from bpdocs.page import Formula
from bpdocs.program import Function, Program, Quantity

OPEN_IDENTITY = ("#I", "#I")  # as wide as what it stands beside, which shows when shapes are inferred


class Defining:
    """The program of one scope as its definitions are read."""

    def __init__(self, survey: Survey, parent: Context | None, scope: int, instances: frozenset[str]) -> None:
        """Begin with what the scope around has, and with the inputs that are declared; `instances` come as they are used."""
        self.survey, self.scope, self.instances = survey, scope, instances
        program = parent.program.copy(survey) if parent else Program(survey)
        self.context = Context(survey, program)
        if parent:
            self.context.settings = list(parent.settings)
            self.context.assumptions = list(parent.assumptions)
        self.program = program
        self.resolver = Resolver(survey)
        self.used: set[str] = {name for name, found in program.quantities.items() if found}
        self.mine: set[tuple[str, tuple[str, ...] | None]] = set()
        self.values: tuple[tuple[str, int], ...] = ()
        self.tag = ""
        self.pending: list[e.Ref] = []
        for name, shape in survey.shapes.items():
            if name not in program.quantities and name not in survey.functions and name not in instances:
                target, _ = survey.entries.get(name, (name, ()))
                if target == name:
                    self.program.input(name, shape)
        for name in sorted(survey.identities):
            if name not in program.quantities:
                self.program.input(name, OPEN_IDENTITY)
        for target, signature in survey.entries.values():
            if target not in instances:
                self.program.input(target, signature)

    def _add(self, formula: Formula, span: Span, kind: str, **more: object) -> Line:
        line = Line(formula, span, kind, self.scope, values=self.values, tag=self.tag, **more)  # type: ignore[arg-type]
        self.context.lines.append(line)
        return line

    def _use(self, expr: e.Expr) -> None:
        self.used |= {part.name for part in e.walk(expr) if isinstance(part, e.Ref)}

    def _eligible(self, node: s.Node) -> bool:
        """Return whether a plain = may define what stands at `node`: one new quantity, not δ and not accented."""
        try:
            left = self._left(node)
        except Unread:
            return False
        base = left.name.split("_")[0].split("^")[0]
        if base == r"\delta" or base.startswith(("\\bar{", "\\hat{", "\\tilde{", "\\dot{", "\\check{")):
            return False
        if left.name in self.instances:
            return not any(quantity.body is not None for quantity in self.program.quantities.get(left.name, []))
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
            if part.name in self.instances:
                self.pending.append(part)
            else:
                self._input(part)

    def _instances(self) -> None:
        """Add the layers and steps that definitions use and none defines, now that all are read: what comes first may be defined from what comes later."""
        for part in self.pending:
            if not self.program.quantities.get(part.name):
                self._input(part)

    def _input(self, part: e.Ref) -> None:
        """Add what a definition uses, unless it is there, with the shape that it is declared with or that its indices give."""
        have = self.program.quantities.get(part.name, [])
        if part.name in self.survey.shapes:
            self.program.input(part.name, self.survey.shapes[part.name])
        elif not part.indices:
            if not have and (signature := self.survey.signature(part.name)) is not None:
                self.program.input(part.name, signature or part.signature)
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
