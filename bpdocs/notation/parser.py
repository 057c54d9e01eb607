r"""LaTeX → the statements of a formula, as written.

>>> from bpdocs.notation.parser import parse
>>> [type(statement).__name__ for statement in parse(r"y = w x, \quad x \in \mathbb{R}")]
['Relations', 'Relations']
"""

from __future__ import annotations

from bpdocs.budget import spend
from bpdocs.diagnostic import Span
from bpdocs.notation import syntax as s
from bpdocs.notation.atoms import Atoms
from bpdocs.notation.dots import expand
from bpdocs.notation.prose import prose, prose_ahead
from bpdocs.notation.rows import rows
from bpdocs.notation.statements import grouped, unwrapped
from bpdocs.notation.tokens import Macro, Unread, group_end, tokenize
from bpdocs.notation.vocabulary import BINARY, RELATIONS, SEPARATORS, WORDS_COMMANDS

MAX_DEPTH = 60
_OPENING, _CLOSING = frozenset({"(", "[", r"\{", "{"}), frozenset({")", "]", r"\}", "}"})
# ink upon = that changes what it says
_INK = (("def", ":="), (r"\triangle", ":="), (r"\Delta", ":="), ("!", "!="), ("?", "?="))


def parse(latex: str, macros: dict[str, Macro] | None = None, names: tuple[str, ...] = ()) -> list[s.Node]:
    """Return the statements of one formula; raise Unread at the first thing that is not understood."""
    return [expand(statement) for statement in _Parser(latex, rows(tokenize(latex, macros), latex, names), names).statements()]


class _Parser(Atoms):
    # -- statements ---------------------------------------------------------------------------------

    def statements(self) -> list[s.Node]:
        found: list[s.Node] = []
        while self.at < len(self.tokens):
            if self.peek() in SEPARATORS or (self.peek() == ":" and not found):
                self.take()
                continue
            start = self.at
            found += [part for item in grouped(self.listed(top=True)) for part in unwrapped(item)]
            if self.at == start:
                raise Unread(f"{self.peek()} is not expected here", self.here())
        return found

    def listed(self, *, top: bool = False) -> list[s.Node]:
        """Return what stands between commas, one relation or expression each."""
        items = [self.relation()]
        while self.peek() == "," or (top and self.peek() == r"\quad" and self.peek(1) == ","):
            if self.peek() != ",":
                self.take()
            self.take()
            while top and self.peek() in (r"\quad", r"\qquad"):
                self.take()
            if not self.peek() or (top and self.peek() == r"\\"):
                break
            if not top and self.peek() in ("}", ")", "]", r"\}"):
                raise Unread("nothing follows this comma", self.here())
            items.append(self.relation())
        return items

    def relation(self) -> s.Node:
        start = self.at
        if self.peek() in WORDS_COMMANDS and (words := self.words()):
            return words
        members, relations = [], []
        first = s.Empty(self.here()) if self._relation_here() else self.terms()
        members.append(first)
        while name := self._relation_here():
            where = self.here()
            for _ in range(name[1]):
                self.take()
            while self.peek() in (r"\quad", r"\qquad"):
                self.take()
            if not self.peek() or self.peek() in SEPARATORS or self.peek() in ("}", ")"):
                raise Unread(f"nothing stands right of {self.latex[where.start : where.end]}", where)
            if self.peek() in WORDS_COMMANDS and (words := self.words()):
                members.append(words)
            else:
                members.append(self.terms())
            relations.append(name[0])
        if not relations:
            return first
        if isinstance(first, s.Empty) and self.depth:
            raise Unread("nothing stands left of this relation", first.span)
        return s.Relations(self.since(start), tuple(members), tuple(relations))

    def _relation_here(self) -> tuple[str, int] | None:
        if self.peek() == ":" and self.peek(1) == "=":
            return ":=", 2
        if self.peek() == "=" and self.peek(1) == ":":
            return "=:", 2
        if self.peek() == r"\not" and self.peek(1) in ("=", r"\in"):
            return "≠" if self.peek(1) == "=" else "∉", 2
        if self.peek() in ("|", r"\vert", r"\|") and self._separates():
            return ("∥" if self.peek() == r"\|" else "∣"), 1
        if self.peek() in (r"\stackrel", r"\overset", r"\underset"):
            return self._inked_relation()
        found = RELATIONS.get(self.peek())
        return (found, 1) if found else None

    def _separates(self) -> bool:
        """Return whether a bar stands between two things (y | x) and opens nothing: no second one follows in this group."""
        bar, depth = self.peek(), 0
        if bar == self.closer or self.peek(1) == "_":
            return False
        for token in self.tokens[self.at + 1 :]:
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
            if depth < 0 or (not depth and token.text in (r"\\", "&")):
                break
            if not depth and token.text == bar:
                return False
        return True

    def _inked_relation(self) -> tuple[str, int] | None:
        r"""Return a relation with ink above or below it: `\stackrel{\text{def}}{=}`."""
        if self.peek(1) != "{":
            return None
        above = group_end(self.tokens, self.at + 1)
        if above + 1 >= len(self.tokens):
            return None
        end = group_end(self.tokens, above + 1) if self.tokens[above + 1].text == "{" else above + 1
        marks = [token.text for token in self.tokens[above + 1 : end + 1] if token.text not in ("{", "}")]
        name = ":=" if marks == [":", "="] else RELATIONS.get(marks[0]) if len(marks) == 1 else None
        if name is None:
            return None
        ink = "".join(token.text for token in self.tokens[self.at + 2 : above])
        if name == "=":
            name = next((relation for mark, relation in _INK if mark in ink), name)
        return name, end + 1 - self.at

    def words(self) -> s.Node | None:
        r"""Return the prose in `\text{…}` at this place, or None where it is a name; takes it only if it is prose."""
        start = self.at
        found = prose(self.tokens, self.at, self.latex, self.names)
        if found is None:
            return None
        end, text = found
        dollars = [index for index in range(start, end) if self.tokens[index].text == "$"]
        maths: list[s.Node] = []
        for opens, closes in zip(dollars[::2], dollars[1::2], strict=False):
            maths += type(self)(self.latex, self.tokens[opens + 1 : closes], tuple(self.names)).statements()
        self.at = end
        return s.Words(self.since(start), text, tuple(maths))

    # -- expressions --------------------------------------------------------------------------------

    def terms(self) -> s.Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Unread("this formula nests too deeply", self.here(), "name its parts")
        start = self.at
        out: list[tuple[str, s.Node]] = []
        sign = ""
        while self.peek() in ("+", "-", r"\pm", r"\mp"):
            token = self.take()
            sign = {"+": sign or "+", "-": "+" if sign == "-" else "-"}.get(token.text, "±")
        while True:
            where = self.here()
            factor = self.sequence()
            if factor is None:
                if sign and not out and (not self.peek() or self.peek() in ("}", ")")):
                    self.depth -= 1
                    return s.Operator(self.since(start), self.tokens[start].text)
                what = self.peek()
                raise Unread(f"{what} is not expected here" if what else "something is missing here", where)
            out.append((sign or "+", factor))
            sign = ""
            while self.peek() in ("+", "-", r"\pm", r"\mp"):
                token = self.take()
                sign = {"+": sign or "+", "-": "+" if sign == "-" else "-"}.get(token.text, "±")
            if not sign:
                break
        self.depth -= 1
        if len(out) == 1 and out[0][0] == "+" and self.tokens[start].text != "+":
            return out[0][1]
        return s.Terms(self.since(start), tuple(out))

    def sequence(self) -> s.Node | None:
        """Return the factors and operators up to the next sign, relation or closing mark; None if there are none."""
        start = self.at
        items: list[s.Node] = []
        while True:
            text = self.peek()
            if text in BINARY:
                items.append(s.Operator(self.take().span, BINARY[text]))
                if self.peek() == "-" and items:
                    minus = self.at
                    self.take()
                    after = self.factor()
                    if after is None:
                        raise Unread("something is missing after this minus", self.here())
                    items.append(s.Terms(self.since(minus), (("-", after),)))
                continue
            if text in (r"\quad", r"\qquad") and (self.depth > 1 or self.cells):
                self.take()
                continue
            if prose_ahead(self.tokens, self.at, self.latex, self.names) and (items or text not in ("(", "[")):
                break
            if text in ("|", r"\vert", r"\|") and items and self._separates():
                break
            if text in (r"\stackrel", r"\overset", r"\underset") and self._inked_relation():
                break
            if text in ("|", r"\vert", r"\rvert") and text != self.closer and self.peek(1) == "_":
                items.append(self._evaluation(bool(items)))
                continue
            factor = self.factor()
            if factor is None:
                break
            if not (isinstance(factor, s.Fenced) and factor.kind == "group" and isinstance(factor.body, s.Empty)):
                items.append(factor)
            if self.peek() == "-" and _big(factor):
                minus = self.at
                self.take()
                after = self.sequence()
                if after is None:
                    raise Unread("something is missing after this minus", self.here())
                items.append(s.Terms(self.since(minus), (("-", after),)))
        if not items:
            return None
        return items[0] if len(items) == 1 else s.Sequence(self.since(start), tuple(items))

    def _evaluation(self, follows: bool) -> s.Node:
        """Return an evaluation bar with what stands at its foot."""
        start = self.at
        bar = self.take().span
        if not follows:
            raise Unread("an evaluation bar wants something before it", bar)
        where = self.argument(self.take().span, script=True)
        if self.peek() == "^":
            raise Unread("the difference of two values at a bar is not supported", bar, "write the two values separately")
        return s.At(self.since(start), where)

    def factor(self) -> s.Node | None:
        spend()
        start = self.at
        base = self.atom()
        return None if base is None else self.scripts(base, start)

    def scripts(self, base: s.Node, start: int) -> s.Node:
        sub: s.Node | None = None
        sup: list[s.Node] = []
        primes = 0
        while (text := self.peek()) in ("_", "^", "'", r"\prime"):
            where = self.take().span
            if text in ("'", r"\prime"):
                primes += 1
            elif text == "_":
                if sub is not None:
                    raise Unread("a second subscript", where, "put both into one pair of braces")
                sub = self.argument(where, script=True)
                if isinstance(sub, s.Empty):
                    raise Unread("nothing stands in this subscript", where)
            else:
                node = self.argument(where, script=True)
                marks = _primes(node)
                if marks:
                    primes += marks
                else:
                    sup.append(node)
        if sub is None and not sup and not primes:
            return base
        return s.Scripted(self.since(start), base, sub, tuple(sup), primes)

    def argument(self, opened: Span, *, script: bool = False) -> s.Node:
        """Return a braced group, or the one token that TeX takes."""
        if self.peek() != "{":
            if not self.peek() or self.peek() in ("}", "&", r"\\"):
                raise Unread("an argument is missing after this", opened)
            if self.tokens[self.at].kind == "digit":
                token = self.take()
                return s.Number(token.span, token.text)
            if script and self.peek() in ("*", "+", "-", r"\ast", r"\dagger", r"\prime", "'"):
                token = self.take()
                return s.Operator(token.span, token.text)
            node = self.atom()
            if node is None:
                raise Unread(f"{self.peek()} cannot be an argument", self.here())
            return node
        where = self.take().span
        if self.peek() == "}":
            return s.Empty(self.take().span)
        if script and self.peek() in ("*", "+", "-", r"\ast", r"\dagger", r"\prime", "'") and self.peek(1) in ("}", r"\prime", "'"):
            start = self.at
            token = self.take()
            while self.peek() in ("'", r"\prime"):
                self.take()
            count = self.at - start
            self.expect("}", where)
            return s.Operator(self.since(start), token.text if count == 1 else "'" * count)
        closer, self.closer = self.closer, ""
        items = self.listed()
        self.closer = closer
        self.expect("}", where)
        if len(items) == 1:
            return items[0]
        return s.Listed(Span(items[0].span.start, items[-1].span.end), tuple(items))


def _big(node: s.Node) -> bool:
    """Return whether a factor is a big operator, so that a minus behind it is the sign of what it works on."""
    base = node.base if isinstance(node, s.Scripted) else node
    return isinstance(base, s.Symbol) and base.name in (r"\sum", r"\prod", r"\lim", r"\int")


def _primes(node: s.Node) -> int:
    if isinstance(node, s.Operator) and node.name.startswith(("'", r"\prime")):
        return len(node.name) if node.name.startswith("'") else 1
    if isinstance(node, s.Symbol) and node.name == r"\prime":
        return 1
    return 0
