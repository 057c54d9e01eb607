r"""LaTeX → the statements of a formula, as written.

>>> from bpdocs.notation.parser import parse
>>> [type(statement).__name__ for statement in parse(r"y = w x, \quad x \in \mathbb{R}")]
['Relations', 'Relations']
"""

from __future__ import annotations

from itertools import pairwise

from bpdocs.diagnostic import Span
from bpdocs.notation import syntax as s
from bpdocs.notation.rows import MATRICES, RELATIONS, rows
from bpdocs.notation.tokens import Macro, Token, Unread, tokenize
from bpdocs.notation.vocabulary import ACCENTS, BINARY, CLOSING, FONTS, IGNORED_SIZES, ROMAN, STOPWORDS, WORDS_COMMANDS

MAX_DEPTH = 60
_SEPARATORS = frozenset({",", ";", ".", r"\\", r"\quad", r"\qquad", r"\Rightarrow", r"\implies", r"\iff", r"\Leftrightarrow", r"\therefore"})


def parse(latex: str, macros: dict[str, Macro] | None = None, names: tuple[str, ...] = ()) -> list[s.Node]:
    """Return the statements of one formula; raise Unread at the first thing that is not understood."""
    return _Parser(latex, rows(tokenize(latex, macros)), names).statements()


class _Parser:
    def __init__(self, latex: str, tokens: list[Token], names: tuple[str, ...]) -> None:
        self.latex, self.tokens, self.names = latex, tokens, sorted(names, key=len, reverse=True)
        self.at, self.depth, self.cells = 0, 0, 0
        self.closer = ""  # the bar that would close what is open

    # -- the stream ---------------------------------------------------------------------------------

    def peek(self, ahead: int = 0) -> str:
        index = self.at + ahead
        return self.tokens[index].text if index < len(self.tokens) else ""

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def here(self) -> Span:
        if self.at < len(self.tokens):
            return self.tokens[self.at].span
        return Span(len(self.latex), len(self.latex))

    def since(self, start: int) -> Span:
        """Return the stretch of LaTeX from token number `start` to the last one taken."""
        if start >= len(self.tokens):
            return self.here()
        last = self.tokens[max(start, self.at - 1)]
        return Span(self.tokens[start].span.start, max(last.span.end, self.tokens[start].span.end))

    def expect(self, text: str, opened: Span) -> None:
        if self.peek() != text:
            raise Unread(f"{text} is missing: what opens here is never closed" if not self.peek() else f"{text} is missing before {self.peek()}",
                         opened if not self.peek() else self.here(), f"add {text}")  # fmt: skip
        self.take()

    # -- statements ---------------------------------------------------------------------------------

    def statements(self) -> list[s.Node]:
        found: list[s.Node] = []
        while self.at < len(self.tokens):
            if self.peek() in _SEPARATORS or (self.peek() == ":" and not found):
                self.take()
                continue
            start = self.at
            found += [part for item in self._grouped(self.listed(top=True)) for part in _unwrapped(item)]
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

    @staticmethod
    def _grouped(items: list[s.Node]) -> list[s.Node]:
        r"""Return statements: `k = 1, \dots, c` and `x, y \in …` are one each."""
        out: list[s.Node] = []
        waiting: list[s.Node] = []
        at = 0
        while at < len(items):
            item = items[at]
            at += 1
            if not isinstance(item, s.Relations):
                waiting.append(item)
                continue
            tail = at
            while tail < len(items) and isinstance(items[tail], s.Dots | s.Number):
                tail += 1
            dotted = any(isinstance(part, s.Dots) for part in items[at:tail])
            if dotted and tail < len(items) and isinstance(items[tail - 1], s.Dots):
                tail += 1
            if dotted or (tail > at and item.relations == ("=",) and isinstance(item.members[-1], s.Number)):
                values = (item.members[-1], *items[at:tail])
                last = values[-1]
                if isinstance(last, s.Relations):
                    raise Unread("this range runs into the next relation", last.span, "put the two into formulas of their own")
                listed = s.Listed(Span(values[0].span.start, last.span.end), values)
                item = s.Relations(Span(item.span.start, last.span.end), (*item.members[:-1], listed), item.relations)
                at = tail
            if waiting and (dotted or item.relations[:1] in (("∈",), (":",))):
                first = s.Listed(Span(waiting[0].span.start, item.members[0].span.end), (*waiting, item.members[0]))
                item = s.Relations(Span(first.span.start, item.span.end), (first, *item.members[1:]), item.relations)
                waiting = []
            out += [*waiting, item]
            waiting = []
        return out + waiting

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
            if not self.peek() or self.peek() in _SEPARATORS or self.peek() in ("}", ")"):
                raise Unread(f"nothing stands right of {self.latex[where.start : where.end]}", where)
            if self.peek() in WORDS_COMMANDS and (words := self.words()):
                members.append(words)
            else:
                members.append(self.terms())
            relations.append(name[0])
        if not relations:
            return first
        if isinstance(first, s.Empty):
            raise Unread("nothing stands left of this relation", first.span)
        return s.Relations(self.since(start), tuple(members), tuple(relations))

    def _relation_here(self) -> tuple[str, int] | None:
        if self.peek() == ":" and self.peek(1) == "=":
            return ":=", 2
        if self.peek() == r"\not" and self.peek(1) in ("=", r"\in"):
            return "≠" if self.peek(1) == "=" else "∉", 2
        found = RELATIONS.get(self.peek())
        return (found, 1) if found else None

    def words(self) -> s.Node | None:
        r"""Return the prose in `\text{…}` at this place, or None where it is a name; takes it only if it is prose."""
        start = self.at
        command = self.peek()
        if command in (r"\mathrm", r"\operatorname") or self.peek(1) != "{":
            return None
        depth, end = 0, self.at + 1
        while end < len(self.tokens):
            depth += {"{": 1, "}": -1}.get(self.tokens[end].text, 0)
            if depth == 0:
                break
            end += 1
        else:
            raise Unread("this brace is never closed", self.here(), "add }")
        raw = self.latex[self.tokens[self.at + 1].span.end : self.tokens[end].span.start]
        follows = self.tokens[end + 1].text if end + 1 < len(self.tokens) else ""
        plain = raw.strip()
        name = plain == raw and not any(mark in raw for mark in " ~,.()$") and plain.lower() not in STOPWORDS
        if name and (follows in ("_", "^", "(", "'") or plain in self.names or plain.isascii()):
            return None
        if name and follows not in ("", ",", ".", r"\\", r"\quad"):
            return None
        if "$" in raw:
            raise Unread("maths inside prose inside maths is not supported", self.here(), "write it outside of \\text")
        self.at = end + 1
        return s.Words(self.since(start), plain)

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
            factor = self.factor()
            if factor is None:
                break
            items.append(factor)
        if not items:
            return None
        return items[0] if len(items) == 1 else s.Sequence(self.since(start), tuple(items))

    def factor(self) -> s.Node | None:
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

    # -- atoms --------------------------------------------------------------------------------------

    def atom(self) -> s.Node | None:
        if self.at >= len(self.tokens):
            return None
        token = self.tokens[self.at]
        start = self.at
        text = token.text
        if token.kind == "digit" or (text == "." and self.at + 1 < len(self.tokens) and self.tokens[self.at + 1].kind == "digit"):
            return self.number()
        if token.kind in ("letter", "word"):
            return self.named(start)
        if text in CLOSING and text != self.closer:
            return self.fenced(start)
        if text == "{":
            body = self.argument(self.here())
            return body if isinstance(body, s.Symbol | s.Scripted | s.Number | s.Fenced | s.Fraction) else s.Fenced(self.since(start), "group", body)
        if token.kind == "command":
            return self.command(start)
        return None

    def number(self) -> s.Node:
        start = self.at
        digits = self.take().text
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            adjacent = token.span.start == self.tokens[self.at - 1].span.end or token.span == self.tokens[self.at - 1].span
            point = token.text == "." and "." not in digits and self.at + 1 < len(self.tokens) and self.tokens[self.at + 1].kind == "digit"
            point = point and self.tokens[self.at + 1].span.start == token.span.end
            if not (adjacent and (token.kind == "digit" or point)):
                break
            digits += self.take().text
        return s.Number(self.since(start), digits)

    def named(self, start: int) -> s.Node:
        for name in self.names:
            texts = [self.peek(ahead) for ahead in range(len(name))]
            if len(name) > 1 and "".join(texts) == name and all(len(text) == 1 for text in texts):
                self.at += len(name)
                return s.Symbol(self.since(start), name)
        token = self.take()
        return s.Symbol(token.span, token.text)

    def fenced(self, start: int) -> s.Node:
        opened = self.take()
        kind, closes = CLOSING[opened.text]
        closer, self.closer = self.closer, closes if kind in ("|", "‖") else ""
        if self.peek() == closes:
            raise Unread("nothing stands between these delimiters", opened.span)
        items = self.listed()
        self.closer = closer
        self.expect(closes, opened.span)
        body = items[0] if len(items) == 1 else s.Listed(Span(items[0].span.start, items[-1].span.end), tuple(items))
        return s.Fenced(self.since(start), kind, body)

    def command(self, start: int) -> s.Node | None:
        token = self.tokens[self.at]
        text = token.text
        if text in RELATIONS or text in (r"\\", r"\quad", r"\qquad", r"\end", r"\}", r"\rVert", r"\rvert", r"\rangle", r"\rfloor", r"\rceil", r"\not") or text in _SEPARATORS:
            return None
        self.take()
        if text in (r"\frac", r"\dfrac", r"\tfrac", r"\cfrac"):
            over = self.argument(token.span)
            under = self.argument(token.span)
            return s.Fraction(self.since(start), over, under)
        if text == r"\sqrt":
            degree = self._optional()
            body = self.argument(token.span)
            return s.Root(self.since(start), body, degree)
        if text in FONTS or text in ROMAN:
            return self.font(start, text)
        if text in ACCENTS:
            return self.accent(start, text)
        if text == r"\num":
            digits = self._optional()
            count = int(digits.text) if isinstance(digits, s.Number) and digits.text.isdigit() else 6
            body = self.argument(token.span)
            return s.Printed(self.since(start), body, count)
        if text in (r"\dots", r"\ldots", r"\cdots", r"\vdots", r"\ddots"):
            return s.Dots(token.span)
        if text in (r"\underbrace", r"\overbrace"):
            body = self.argument(token.span)
            label = None
            if self.peek() == ("_" if text == r"\underbrace" else "^"):
                mark = self.take()
                label = self.label(mark.span)
            return s.Labelled(self.since(start), body, label)
        if text in (r"\boxed", r"\fbox", r"\mathstrut", r"\mathop", r"\mathbin", r"\mathrel", r"\ensuremath"):
            body = self.argument(token.span)
            return s.Labelled(self.since(start), body)
        if text in (r"\textcolor", r"\color", r"\colorbox", r"\htmlClass"):
            self.label(token.span)
            if text == r"\color":
                return self.factor()
            body = self.argument(token.span)
            return s.Labelled(self.since(start), body)
        if text in IGNORED_SIZES:
            return self.factor()
        if text == r"\begin":
            return self.environment(start)
        return s.Symbol(token.span, text)

    def label(self, opened: Span) -> s.Node:
        """Return a braced argument as words: a label, a colour."""
        if self.peek() != "{":
            token = self.take() if self.peek() else None
            if token is None:
                raise Unread("a label is missing here", opened)
            return s.Words(token.span, token.text)
        start, depth = self.at, 0
        while self.at < len(self.tokens):
            depth += {"{": 1, "}": -1}.get(self.take().text, 0)
            if depth == 0:
                span = self.since(start)
                return s.Words(span, self.latex[span.start + 1 : span.end - 1].strip())
        raise Unread("this brace is never closed", opened, "add }")

    def _optional(self) -> s.Node | None:
        if self.peek() != "[":
            return None
        opened = self.take().span
        node = self.terms()
        self.expect("]", opened)
        return node

    def font(self, start: int, command: str) -> s.Node:
        if command in (r"\bf", r"\rm", r"\it", r"\bfseries"):
            node = self.factor()
            if node is None:
                raise Unread("nothing follows this font", self.here())
            return node
        opened = self.tokens[start].span
        if self.peek() != "{":
            node = self.argument(opened)
            return s.Symbol(self.since(start), node.name, command) if isinstance(node, s.Symbol) else node
        end, depth = self.at, 0
        while end < len(self.tokens):
            depth += {"{": 1, "}": -1}.get(self.tokens[end].text, 0)
            if depth == 0:
                break
            end += 1
        inside = self.tokens[self.at + 1 : end]
        plain = all(token.kind in ("letter", "word", "digit") or (token.text in ("-", "_") and command in ROMAN) for token in inside)
        word = "".join(token.text for token in inside)
        if inside and plain and not word.isdigit() and (command in ROMAN or len(inside) == 1 or word in self.names):
            self.at = end + 1
            return s.Symbol(self.since(start), word, command)
        node = self.argument(opened)
        if isinstance(node, s.Symbol):
            return s.Symbol(self.since(start), node.name, command)
        if isinstance(node, s.Number):
            return s.Symbol(self.since(start), node.text, command)
        return node

    def accent(self, start: int, command: str) -> s.Node:
        node = self.argument(self.tokens[start].span)
        accent = ACCENTS[command]
        if isinstance(node, s.Scripted) and isinstance(node.base, s.Symbol):
            base = s.Symbol(node.base.span, _accented(accent, node.base.name), node.base.font)
            return s.Scripted(self.since(start), base, node.sub, node.sup, node.primes)
        if isinstance(node, s.Sequence) and all(isinstance(item, s.Symbol) for item in node.items):
            word = "".join(item.name for item in node.items if isinstance(item, s.Symbol))
            if word in (r"\Deltaw", "net") or word in self.names:
                return s.Symbol(self.since(start), _accented(accent, word))
        if not isinstance(node, s.Symbol):
            raise Unread(f"{command} over more than one symbol is not supported", self.since(start), "give the whole a name")
        return s.Symbol(self.since(start), _accented(accent, node.name), node.font)

    def environment(self, start: int) -> s.Node:
        opened = self.since(start)
        name = self.label(opened)
        kind = name.text if isinstance(name, s.Words) else ""
        if kind not in MATRICES:
            raise Unread(f"the environment {kind} is not supported here", self.since(start))
        if kind == "array" and self.peek() == "{":
            self.label(opened)
        cells: list[list[s.Node]] = [[]]
        closer, self.closer = self.closer, ""
        self.cells += 1
        while self.peek() != r"\end":
            if not self.peek():
                raise Unread(f"\\begin{{{kind}}} is never ended", opened, f"add \\end{{{kind}}}")
            if self.peek() == "&":
                self.take()
                if not cells[-1] or self.tokens[self.at - 2].text in ("&", r"\\"):
                    cells[-1].append(s.Empty(self.here()))
            elif self.peek() == r"\\":
                self.take()
                cells.append([])
            else:
                before = self.at
                cells[-1].append(self.cell())
                if self.at == before:
                    raise Unread(f"{self.peek()} is not expected here", self.here())
        self.cells -= 1
        self.closer = closer
        self.take()
        ended = self.label(opened)
        if isinstance(ended, s.Words) and ended.text != kind:
            raise Unread(f"\\begin{{{kind}}} ends as {ended.text}", ended.span, f"\\end{{{kind}}}")
        if not cells[-1]:
            cells.pop()
        return s.Matrix(self.since(start), kind, tuple(tuple(row) for row in cells))

    def cell(self) -> s.Node:
        """Return one cell: an expression or a condition, with prose beside it left out of the tree's meaning."""
        parts: list[s.Node] = []
        while self.peek() not in ("&", r"\\", r"\end", ""):
            if self.peek() in (",", ".", ";", r"\quad"):
                self.take()
                continue
            before = self.at
            parts.append(self.relation())
            if self.at == before:
                break
        if len(parts) == 1:
            return parts[0]
        return s.Listed(Span(parts[0].span.start, parts[-1].span.end), tuple(parts)) if parts else s.Empty(self.here())


def _unwrapped(node: s.Node) -> list[s.Node]:
    """Return the statements inside a box, colour or braces; raise Unread for a relation anywhere else that would go unseen."""
    if isinstance(node, s.Labelled) or (isinstance(node, s.Fenced) and node.kind in ("group", "(", "[")):
        body = node.body
        if isinstance(body, s.Relations):
            return _unwrapped(body)
        if isinstance(body, s.Listed) and any(isinstance(item, s.Relations) for item in body.items):
            return [part for item in body.items for part in _unwrapped(item)]
    if not isinstance(node, s.Relations):
        hidden = next((part for part in s.walk(node) if isinstance(part, s.Relations) and part.relations[0] in ("=", ":=", "≈")), None)
        if hidden is not None and not _conditional(node, hidden):
            raise Unread("a relation stands inside something where it would not be checked", hidden.span, "write it as a formula of its own")
    return [node]


def _conditional(node: s.Node, relation: s.Relations) -> bool:
    """Return whether a relation is only a condition: below a Σ, in an indicator, in a case."""
    for part in s.walk(node):
        if isinstance(part, s.Scripted) and relation in (*(s.walk(part.sub) if part.sub else ()), *(found for up in part.sup for found in s.walk(up))):
            return True
        if isinstance(part, s.Sequence):
            for before, after in pairwise(part.items):
                if isinstance(after, s.Fenced) and after.body is relation and isinstance(before, s.Symbol) and before.name == "1":
                    return True
        if isinstance(part, s.Matrix) and part.kind.endswith("cases") and any(relation in s.walk(cell) for row in part.rows for cell in row[1:]):
            return True
    return False


def _accented(accent: str, name: str) -> str:
    return f"{accent}{{{name}}}" if accent else name


def _primes(node: s.Node) -> int:
    if isinstance(node, s.Operator) and node.name.startswith(("'", r"\prime")):
        return len(node.name) if node.name.startswith("'") else 1
    if isinstance(node, s.Symbol) and node.name == r"\prime":
        return 1
    return 0
