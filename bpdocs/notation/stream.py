"""The tokens of one formula as a stream, with what every part of the parser needs of it."""

from __future__ import annotations

from bpdocs.diagnostic import Span
from bpdocs.notation import syntax as s
from bpdocs.notation.tokens import Token, Unread


class Stream:
    """A place in a list of tokens; what reads whole expressions is filled in above."""

    def __init__(self, latex: str, tokens: list[Token], names: tuple[str, ...]) -> None:
        self.latex, self.tokens, self.names = latex, tokens, sorted(names, key=len, reverse=True)
        self.at, self.depth, self.cells = 0, 0, 0
        self.closer = ""  # the bar that would close what is open

    def peek(self, ahead: int = 0) -> str:
        """Return the text of a token ahead, "" past the end."""
        index = self.at + ahead
        return self.tokens[index].text if index < len(self.tokens) else ""

    def take(self) -> Token:
        """Return the next token and go on."""
        if self.at >= len(self.tokens):
            raise Unread("the formula ends where something is missing", self.here())
        self.at += 1
        return self.tokens[self.at - 1]

    def here(self) -> Span:
        """Return the place of the next token."""
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
        """Take `text`; raise Unread if something else stands here."""
        if self.peek() != text:
            raise Unread(f"{text} is missing: what opens here is never closed" if not self.peek() else f"{text} is missing before {self.peek()}",
                         opened if not self.peek() else self.here(), f"add {text}")  # fmt: skip
        self.take()

    # -- statements ---------------------------------------------------------------------------------

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

    def listed(self, *, top: bool = False) -> list[s.Node]:
        """Return what stands between commas, one relation or expression each."""
        raise NotImplementedError

    def relation(self) -> s.Node:
        """Return one chain of relations, or an expression."""
        raise NotImplementedError

    def terms(self) -> s.Node:
        """Return a sum of terms."""
        raise NotImplementedError

    def factor(self) -> s.Node | None:
        """Return one factor with its scripts, or None if none stands here."""
        raise NotImplementedError

    def argument(self, opened: Span, *, script: bool = False) -> s.Node:
        """Return a braced group, or the one token that TeX takes."""
        raise NotImplementedError
