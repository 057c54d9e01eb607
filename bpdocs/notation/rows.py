r"""The rows of aligned displays: which go on with the relation before, and which begin another.

>>> from bpdocs.notation.tokens import tokenize
>>> " ".join(token.text for token in rows(tokenize(r"\begin{aligned} a &= b \\ &= c \\ d &= e \end{aligned}")))
'a = b = c \\\\ d = e'
"""

from __future__ import annotations

from bpdocs.notation.prose import connects, prose_ahead
from bpdocs.notation.tokens import Token, Unread, group_end
from bpdocs.notation.vocabulary import ALWAYS_PROSE, BINARY, RELATIONS

MATRICES = frozenset({"matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "array", "cases", "dcases", "rcases"})
ALIGNMENTS = frozenset(
    {"aligned", "align", "align*", "split", "gather", "gather*", "gathered", "equation", "equation*", "alignat", "alignat*", "alignedat", "multline", "multline*",
     "eqnarray", "eqnarray*", "flalign", "flalign*", "dmath", "dmath*", "multlined"}
)  # fmt: skip
_OPENING = frozenset({"(", "[", r"\{", "{", r"\left\{", r"\left."})
_CLOSING = frozenset({")", "]", r"\}", "}", r"\right.", r"\right|"})
_WITH_COLUMNS = frozenset({"array", "alignat", "alignat*", "alignedat"})


def rows(tokens: list[Token], latex: str = "", names: tuple[str, ...] = ()) -> list[Token]:
    r"""Return the tokens without alignment marks; a `\\` stays only where a new relation begins after it."""
    return _Rows(tokens, latex, names).flat()


class _Rows:
    def __init__(self, tokens: list[Token], latex: str, names: tuple[str, ...]) -> None:
        self.tokens, self.latex, self.names = tokens, latex, names
        self.at = self.depth = self.matrices = self.columns = 0
        self.out: list[Token] = []
        self.aside: list[Token] = []  # prose beside a row that goes on in the next: it waits for the end of the chain
        self.stack: list[tuple[str, Token, bool]] = []
        self.continuing = False  # at the head of a row that goes on with the one before

    def flat(self) -> list[Token]:
        """Return what `rows` returns."""
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.text in (r"\begin", r"\end"):
                self._environment()
            else:
                self._token(token)
        if self.stack:
            name, begun, _ = self.stack[-1]
            raise Unread(f"\\begin{{{name}}} is never ended", begun.span, f"add \\end{{{name}}}")
        return self.out + self._waiting()

    def _waiting(self) -> list[Token]:
        found, self.aside = self.aside, []
        return [Token("command", r"\quad", found[0].span), *found] if found else []

    def _break(self, token: Token) -> None:
        self.out += self._waiting()
        self.out.append(Token("command", r"\\", token.span))

    # -- environments -------------------------------------------------------------------------------

    def _environment(self) -> None:
        tokens, token = self.tokens, self.tokens[self.at]
        name, after = _environment(tokens, self.at)
        begins = token.text == r"\begin"
        if begins:
            aligns = name in ALIGNMENTS or (name == "array" and not self._delimited() and _has_relations(tokens, after))
            self.stack.append((name, token, aligns))
        else:
            if not self.stack or self.stack[-1][0] != name:
                opened = self.stack[-1][0] if self.stack else None
                raise Unread(f"\\end{{{name}}} ends " + (f"\\begin{{{opened}}}" if opened else "nothing that was begun"), token.span)
            aligns = self.stack.pop()[2]
        if aligns and not self.matrices:
            if begins and self.out and self.out[-1].text in (r"\left\{", r"\{"):
                self._open_brace()
            if begins and after < len(tokens) and tokens[after].text == "[":
                after += 3
            if begins and name in _WITH_COLUMNS and after < len(tokens) and tokens[after].text == "{":
                after = group_end(tokens, after) + 1
            if not begins and not self.stack and self.out and self.out[-1].text != r"\\" and after < len(tokens) and tokens[after].text not in (",", ".", ";", r"\right."):
                self._break(token)
            self.at, self.columns = after, 0
            return
        if name not in MATRICES and name not in ALIGNMENTS and name != "substack":
            raise Unread(f"the environment {name} is not supported", token.span)
        self.matrices += 1 if begins else -1
        self.out += tokens[self.at : after]
        self.at = after

    def _delimited(self) -> bool:
        return bool(self.out) and self.out[-1].text in ("(", "[", "|", r"\{", r"\left\{", r"\lvert", r"\lVert", r"\|")

    def _open_brace(self) -> None:
        """Take the brace before a system of relations away, with the one that closes it."""
        left = self.out.pop()
        self.depth -= 1
        wanted = r"\right." if left.text == r"\left\{" else r"\}"
        depth = 0
        for index in range(self.at, len(self.tokens)):
            text = self.tokens[index].text
            depth += (text in (r"\left\{", r"\{")) - (text in (r"\right.", r"\}"))
            if depth < 0:
                if text == wanted:
                    self.tokens = [*self.tokens[:index], *self.tokens[index + 1 :]]
                return

    # -- tokens -------------------------------------------------------------------------------------

    def _token(self, token: Token) -> None:
        tokens, out = self.tokens, self.out
        if self.matrices:
            self.at += 1
            out.append(token)
            return
        if not self.depth and self.stack and prose_ahead(tokens, self.at, self.latex, self.names) and not connects(tokens, self.at, self.latex):
            end = self._row_end()
            if end < len(tokens) and tokens[end].text == r"\\" and _goes_on(tokens, end + 1):
                while out and out[-1].text in (r"\quad", r"\qquad"):
                    out.pop()
                self.aside += [part for part in tokens[self.at : end] if part.text not in ("&", r"\quad", r"\qquad")]
                self.at = end
                return
        if token.text == r"\substack" and self.at + 1 < len(tokens) and tokens[self.at + 1].text == "{":
            end = group_end(tokens, self.at + 1) + 1
            out += tokens[self.at : end]
            self.at = end
            return
        if token.text in ALWAYS_PROSE and out and out[-1].text != r"\\":
            self._break(token)
        self.at += 1
        self.depth += (token.text in _OPENING) - (token.text in _CLOSING)
        previous = out[-1].text if out else ""
        if token.text == "&":
            self.columns += 1
            beyond = next((part.text for part in tokens[self.at :] if part.text not in ("&", r"\quad", r"\qquad")), "")
            joined = beyond in RELATIONS and RELATIONS[beyond] != "→"
            if self.columns % 2 == 0 and not (self.depth or self.continuing or joined) and previous and previous not in RELATIONS and previous not in (r"\\", ",", r"\quad"):
                out.append(Token("command", r"\quad", token.span))
        elif token.text == r"\\":
            self.columns = 0
            if not self.depth and not _goes_on(tokens, self.at) and not _open_ended(previous):
                if previous != r"\\":
                    self._break(token)
            else:
                self.continuing = True
        elif token.text in (r"\quad", r"\qquad"):
            following = tokens[self.at].text if self.at < len(tokens) else ""
            joins = self.depth or following in RELATIONS or following in BINARY or following in ("+", "-", "&", ",", r"\\") or _open_ended(previous)
            if not joins or (following in ("+", "-") and not self.depth and not self.continuing and not _goes_on(tokens, self.at)):
                out.append(token)
        else:
            self.continuing = False
            out.append(token)

    def _row_end(self) -> int:
        depth = environments = 0
        for index in range(self.at, len(self.tokens)):
            text = self.tokens[index].text
            depth += (text in _OPENING) - (text in _CLOSING)
            environments += (text == r"\begin") - (text == r"\end")
            if environments < 0 or (text == r"\\" and not depth and not environments):
                return index
        return len(self.tokens)


def _has_relations(tokens: list[Token], at: int) -> bool:
    """Return whether relations stand in the cells of the environment whose contents begin at `at`."""
    depth = environments = 0
    for token in tokens[at:]:
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        environments += (token.text == r"\begin") - (token.text == r"\end")
        if environments < 0:
            return False
        if not depth and not environments and token.text in RELATIONS and token.text not in (":", r"\mid"):
            return True
    return False


def _environment(tokens: list[Token], at: int) -> tuple[str, int]:
    if at + 1 >= len(tokens) or tokens[at + 1].text != "{":
        raise Unread(f"{tokens[at].text} wants the name of an environment in braces", tokens[at].span)
    end = at + 2
    while end < len(tokens) and tokens[end].text != "}":
        end += 1
    if end >= len(tokens):
        raise Unread("this brace is never closed", tokens[at + 1].span, "add }")
    return "".join(token.text for token in tokens[at + 2 : end]), end + 1


def _open_ended(text: str) -> bool:
    return text in RELATIONS or text in BINARY or text in ("+", "-")


def _goes_on(tokens: list[Token], at: int) -> bool:
    """Return whether the row that begins at `at` continues the one before it."""
    aligned = False
    while at < len(tokens) and tokens[at].text in ("&", r"\quad", r"\qquad", r"\\"):
        aligned = aligned or tokens[at].text == "&"
        at += 1
    if at >= len(tokens):
        return True
    text = tokens[at].text
    if text in RELATIONS or text in BINARY:
        return True
    if text == ":" or text not in ("+", "-"):
        return False
    if aligned or text == "+":
        return True
    depth = 0
    for token in tokens[at:]:
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if token.text == r"\\" and depth == 0:
            break
        if depth == 0 and token.text in RELATIONS:
            return False
    return True
