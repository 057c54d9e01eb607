"""The smallest pieces of a formula: numbers, names, brackets, commands, fonts, matrices."""

from __future__ import annotations

from bpdocs.diagnostic import Span
from bpdocs.notation import syntax as s
from bpdocs.notation.rows import MATRICES
from bpdocs.notation.stream import Stream
from bpdocs.notation.tokens import MAX_DIGITS, Unread, group_end
from bpdocs.notation.vocabulary import ACCENTS, BINARY, CLOSERS, CLOSING, DOTS, FONTS, RELATIONS, ROMAN, SEPARATORS, SIZES, WRAPPERS


class Atoms(Stream):
    """Reads one piece at the stream's place."""

    def atom(self) -> s.Node | None:
        """Return the one piece that stands here, without scripts, or None if none does."""
        if self.at >= len(self.tokens):
            return None
        token = self.tokens[self.at]
        start = self.at
        text = token.text
        if token.kind == "digit" or (text == "." and self._point()):
            return self.number()
        if token.kind in ("letter", "word"):
            return self.named(start)
        if text == self.closer or text in CLOSERS:
            return None
        if text in CLOSING:
            return self.fenced(start)
        if text == "{":
            body = self.argument(self.here())
            return body if isinstance(body, s.Symbol | s.Scripted | s.Number | s.Fenced | s.Fraction) else s.Fenced(self.since(start), "group", body)
        if token.kind == "command":
            return self.command(start)
        return None

    def number(self) -> s.Node:
        """Return a decimal number."""
        start = self.at
        digits = self.take().text
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            adjacent = token.span.start == self.tokens[self.at - 1].span.end or token.span == self.tokens[self.at - 1].span
            point = token.text == "." and "." not in digits and self._point()
            if not (adjacent and (token.kind == "digit" or point)):
                break
            digits += self.take().text
        if len(digits) > MAX_DIGITS:
            raise Unread(f"a number of {len(digits)} digits", self.since(start), "write it as a power of ten")
        return s.Number(self.since(start), digits)

    def _point(self) -> bool:
        """Return whether a digit follows the point that stands here, with nothing between them."""
        following = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else None
        return following is not None and following.kind == "digit" and following.span.start == self.tokens[self.at].span.end

    def named(self, start: int) -> s.Node:
        """Return a letter, or a name of several letters that the page declares."""
        for name in self.names:
            texts = [self.peek(ahead) for ahead in range(len(name))]
            if len(name) > 1 and "".join(texts) == name and all(len(text) == 1 for text in texts):
                self.at += len(name)
                return s.Symbol(self.since(start), name)
        token = self.take()
        following = self.tokens[self.at] if self.at < len(self.tokens) else None
        if token.kind == "word" and following and following.kind == "letter" and following.span.start == token.span.end:
            return s.Symbol(Span(token.span.start, following.span.end), token.text + self.take().text)
        return s.Symbol(token.span, token.text)

    def fenced(self, start: int) -> s.Node:
        """Return what stands between delimiters."""
        opened = self.take()
        kind, closes = CLOSING[opened.text]
        closer, self.closer = self.closer, closes if kind in ("|", "‖") else ""
        while self.peek() in (r"\because", r"\therefore"):
            self.take()
        if self.peek() == closes:
            raise Unread("nothing stands between these delimiters", opened.span)
        items = self.listed()
        while any(isinstance(item, s.Words) for item in items) and self.peek() not in (closes, ""):
            before = self.at
            items += self.listed()
            if self.at == before:
                break
        self.closer = closer
        self.expect(closes, opened.span)
        if kind == "cases":
            if len(items) != 1 or not isinstance(items[0], s.Matrix):
                raise Unread("a brace opens here and nothing closes it", opened.span, "write \\begin{cases}")
            return s.Matrix(self.since(start), "cases", items[0].rows)
        body = items[0] if len(items) == 1 else s.Listed(Span(items[0].span.start, items[-1].span.end), tuple(items))
        return s.Fenced(self.since(start), kind, body)

    def command(self, start: int) -> s.Node | None:
        """Return what a command makes with its arguments, or None where it begins nothing."""
        token = self.tokens[self.at]
        text = token.text
        if text in RELATIONS or text in (r"\\", r"\quad", r"\qquad", r"\end", r"\not") or text in SEPARATORS or text in CLOSERS:
            return None
        if text in BINARY or text in (r"\pm", r"\mp"):
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
        if text in DOTS:
            return s.Dots(token.span)
        if text in (r"\underbrace", r"\overbrace"):
            body = self.argument(token.span)
            label = None
            if self.peek() == ("_" if text == r"\underbrace" else "^"):
                mark = self.take()
                label = self.label(mark.span)
                self._no_relation(label.span)
            return s.Labelled(self.since(start), body, label)
        if text in (r"\overset", r"\stackrel", r"\underset"):
            return self.inked(start, token.span, text)
        if text == r"\substack":
            return self.stacked(start, token.span)
        if text in (r"\textcolor", r"\color", r"\colorbox", r"\htmlClass"):
            self.label(token.span)
            if text == r"\color":
                return self.factor()
            body = self.argument(token.span)
            return s.Labelled(self.since(start), body)
        if text in WRAPPERS:
            body = self.argument(token.span)
            return s.Labelled(self.since(start), body)
        if text in SIZES:
            return self.factor()
        if text == r"\begin":
            return self.environment(start)
        return s.Symbol(token.span, text)

    def _no_relation(self, span: Span) -> None:
        """Raise Unread for a relation in a label, where it would not be checked; prose in it says what it likes."""
        depth = 0
        for index, token in enumerate(self.tokens):
            if span.start <= token.span.start < span.end:
                opens = token.text == "{" and (depth or (index and self.tokens[index - 1].text in ROMAN))
                depth += (1 if opens else 0) - (1 if depth and token.text == "}" else 0)
                if not depth and token.text in ("=", r"\approx", r"\coloneqq", "<", ">", r"\le", r"\ge", r"\leq", r"\geq"):
                    raise Unread("a relation stands inside something where it would not be checked", token.span, "write it as a formula of its own")

    def inked(self, start: int, opened: Span, command: str) -> s.Node:
        r"""Return something with ink above or below it; below, it is what an operator runs over: `\underset{x}{\max}`."""
        ink = self.argument(opened)
        body = self.argument(opened)
        if command == r"\underset" and isinstance(body, s.Symbol):
            return s.Scripted(self.since(start), body, ink)
        if isinstance(ink, s.Symbol) and ink.name in (r"\rightarrow", r"\to", r"\sim", r"\rightharpoonup"):
            return s.Labelled(self.since(start), body, s.Words(ink.span, ink.name))
        raise Unread(f"ink {'below' if command == chr(92) + 'underset' else 'above'} this is not supported", self.since(start), "give it a name of its own")

    def stacked(self, start: int, opened: Span) -> s.Node:
        r"""Return the lines of a `\substack`, as a list."""
        self.expect("{", opened)
        items: list[s.Node] = []
        while self.peek() not in ("}", ""):
            if self.peek() in (r"\\", ","):
                self.take()
                continue
            before = self.at
            items += self.listed()
            if self.at == before:
                raise Unread(f"{self.peek()} is not expected here", self.here())
        self.expect("}", opened)
        return items[0] if len(items) == 1 else s.Listed(self.since(start), tuple(items))

    def _optional(self) -> s.Node | None:
        if self.peek() != "[":
            return None
        opened = self.take().span
        node = self.terms()
        self.expect("]", opened)
        return node

    def font(self, start: int, command: str) -> s.Node:
        """Return a symbol in a font."""
        if command in (r"\bf", r"\rm", r"\it", r"\bfseries"):
            node = self.factor()
            if node is None:
                raise Unread("nothing follows this font", self.here())
            return node
        opened = self.tokens[start].span
        if self.peek() != "{":
            node = self.argument(opened)
            if isinstance(node, s.Symbol | s.Number):
                return s.Symbol(self.since(start), node.name if isinstance(node, s.Symbol) else node.text, command)
            return node
        end = group_end(self.tokens, self.at)
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
        """Return a symbol with an accent."""
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
        """Return a matrix or cases."""
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


def _accented(accent: str, name: str) -> str:
    return f"{accent}{{{name}}}" if accent else name
