r"""LaTeX as tokens with their places; macros of the page are expanded here.

>>> [token.text for token in tokenize(r"w_{kj}\,x")]
['w', '_', '{', 'k', 'j', '}', '\\', ',', 'x']
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bpdocs.diagnostic import Span, Unread
from bpdocs.notation.delimiters import sided

__all__ = ["Macro", "Token", "Unread", "tokenize"]

MAX_TOKENS = 20_000
MAX_EXPANSIONS = 20_000
MAX_DIGITS = 300  # a float has no more; nor do people read more


@dataclass(frozen=True)
class Token:
    """One token; `kind` is command, letter, digit, word (Hangul) or mark."""

    kind: str
    text: str
    span: Span


@dataclass(frozen=True)
class Macro:
    r"""A `\newcommand` of the page: how many arguments it takes, and what it stands for."""

    arity: int
    body: tuple[Token, ...]


# The fixed list of what only moves ink about; everything else must end up in the tree.
SPACING = frozenset(
    r"\, \; \: \! \  \> ~ \displaystyle \textstyle \scriptstyle \scriptscriptstyle \limits \nolimits \nonumber \notag"
    r" \left \right \middle \big \Big \bigg \Bigg \bigl \Bigl \biggl \Biggl \bigr \Bigr \biggr \Biggr \bigm \Bigm \biggm \Biggm"
    r" \thinspace \medspace \thickspace \negthinspace \mathstrut \strut \allowbreak \hfill \hline \relax \centering \tiny \small"
    r" \normalsize \large \Large \LARGE \huge \Huge \noindent \smallskip \medskip \bigskip".split(" ")
) | {"\\ ", ""}
WITHOUT_MEANING = frozenset({r"\hspace", r"\hspace*", r"\label", r"\tag", r"\tag*", r"\cline", r"\eqref", r"\ref", r"\vspace", r"\mspace", r"\vphantom", r"\hphantom", r"\phantom"})
_PATTERN = re.compile(
    r"(?P<comment>(?<!\\)%[^\n]*)|(?P<space>\s+)|(?P<command>\\(?:(?:operatorname|hspace|vspace|tag|newcommand|renewcommand|providecommand|DeclareMathOperator)\*|[A-Za-z]+|\\(?:\[[^\]]*\])?|.))"
    r"|(?P<letter>[A-Za-zͰ-Ͽ∂∇ℓ])|(?P<digit>[0-9])|(?P<word>[가-힣]+)|(?P<mark>\|\||.)",
    re.S,
)
_UNICODE = {"∂": r"\partial", "∇": r"\nabla", "·": r"\cdot", "×": r"\times", "⊙": r"\odot", "≈": r"\approx", "≤": r"\le", "≥": r"\ge", "≠": r"\neq",
            "∈": r"\in", "→": r"\to", "←": r"\leftarrow", "∑": r"\sum", "∏": r"\prod", "−": "-", "′": "'", "…": r"\dots", "ℝ": r"\R", "∘": r"\circ",
            "⊤": r"\top", "∞": r"\infty", "½": r"\tfrac12", "‖": r"\|", "ℓ": r"\ell", "σ": r"\sigma", "δ": r"\delta", "η": r"\eta", "λ": r"\lambda",
            "θ": r"\theta", "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "ε": r"\epsilon", "φ": r"\phi", "μ": r"\mu", "Σ": r"\Sigma", "Δ": r"\Delta"}  # fmt: skip


def raw(latex: str) -> list[Token]:
    """Return the tokens of `latex` as they stand, spacing among them."""
    tokens = []
    bars = 0
    for found in _PATTERN.finditer(latex):
        kind, span = found.lastgroup or "mark", Span(*found.span())
        if kind in ("comment", "space"):
            continue
        text = found[0]
        if text in (r"\cr", r"\newline") or (kind == "command" and text.startswith(r"\\")):
            text = r"\\"
        bars += text == "|"
        if text == "||" and bars % 2:  # |x||y|: one bar closes, the other opens
            bars += 2
            tokens += [Token("mark", "|", Span(place, place + 1)) for place in range(span.start, span.end)]
            continue
        text = r"\|" if text == "||" else _UNICODE.get(text, text)
        if text == r"\tfrac12":
            tokens += [Token("command", r"\tfrac", span), Token("digit", "1", span), Token("digit", "2", span)]
            continue
        if text.startswith("\\"):
            kind = "command"
        tokens.append(Token(kind, text, span))
        if len(tokens) > MAX_TOKENS:
            raise Unread(f"a formula of more than {MAX_TOKENS} tokens", span, "split it")
    return tokens


def tokenize(latex: str, macros: dict[str, Macro] | None = None) -> list[Token]:
    r"""Return the tokens of `latex`, macros expanded, spacing left out; `\newcommand` adds to `macros`."""
    macros = {} if macros is None else macros
    source = _definitions(raw(latex), macros)
    tokens = _expand(source, macros, 0, [MAX_EXPANSIONS])
    return _without_spacing(sided(tokens))


def _without_spacing(tokens: list[Token]) -> list[Token]:
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.text in WITHOUT_MEANING and at + 1 < len(tokens) and tokens[at + 1].text == "{":
            at = group_end(tokens, at + 1) + 1
            continue
        if token.text not in SPACING:
            out.append(token)
        at += 1
    return out


def group_end(tokens: list[Token], at: int) -> int:
    """Return the place of the brace that closes the one at `at`."""
    depth = 0
    for index in range(at, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[index].text, 0)
        if depth == 0:
            return index
    raise Unread("this brace is never closed", tokens[at].span, "add }")


def _group(tokens: list[Token], at: int) -> tuple[list[Token], int]:
    """Return the argument at `at` (a braced group without its braces, or one token) and where it ends."""
    if at >= len(tokens):
        last = tokens[-1].span if tokens else Span(0, 0)
        raise Unread("an argument is missing here", last)
    if tokens[at].text == "{":
        end = group_end(tokens, at)
        return tokens[at + 1 : end], end + 1
    return [tokens[at]], at + 1


def _definitions(tokens: list[Token], macros: dict[str, Macro]) -> list[Token]:
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.text in (r"\newcommand", r"\renewcommand", r"\providecommand", r"\newcommand*", r"\renewcommand*", r"\providecommand*", r"\def"):
            name, at = _group(tokens, at + 1)
            arity = 0
            if at + 2 < len(tokens) and tokens[at].text == "[" and tokens[at + 2].text == "]":
                arity, at = int(tokens[at + 1].text) if tokens[at + 1].text.isdigit() else 0, at + 3
            body, at = _group(tokens, at)
            if len(name) != 1 or name[0].kind != "command":
                raise Unread("a macro's name begins with a backslash", token.span)
            if any(part.text == name[0].text for part in body):
                raise Unread(f"the macro {name[0].text} calls itself", token.span)
            macros[name[0].text] = Macro(arity, tuple(body))
            continue
        if token.text in (r"\DeclareMathOperator", r"\DeclareMathOperator*"):
            name, at = _group(tokens, at + 1)
            body, at = _group(tokens, at)
            wrapped = (
                Token("command", r"\operatorname", token.span),
                Token("mark", "{", token.span),
                *body,
                Token("mark", "}", token.span),
            )
            macros[name[0].text] = Macro(0, wrapped)
            continue
        out.append(token)
        at += 1
    return out


def _expand(tokens: list[Token], macros: dict[str, Macro], depth: int, left: list[int]) -> list[Token]:
    if not any(token.text in macros for token in tokens):
        return tokens
    if depth > 20:
        raise Unread("macros nest too deeply", tokens[0].span)
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        macro = macros.get(token.text)
        if macro is None:
            out.append(token)
            at += 1
            continue
        arguments = []
        at += 1
        for _ in range(macro.arity):
            argument, at = _group(tokens, at)
            arguments.append(argument)
        left[0] -= 1 + len(macro.body)
        filled = _filled(macro, arguments, token.span)
        if left[0] < 0 or len(filled) > MAX_TOKENS:
            raise Unread("macros make this formula too long", token.span, "write out what is nested")
        out += _expand(filled, macros, depth + 1, left)
        if len(out) > MAX_TOKENS:
            raise Unread("macros make this formula too long", token.span)
    return out


def _filled(macro: Macro, arguments: list[list[Token]], span: Span) -> list[Token]:
    out: list[Token] = []
    body = list(macro.body)
    at = 0
    while at < len(body):
        if body[at].text == "#" and at + 1 < len(body) and body[at + 1].text.isdigit():
            number = int(body[at + 1].text)
            if not 1 <= number <= len(arguments):
                raise Unread(f"the macro has no argument #{number}", span)
            out += arguments[number - 1]
            at += 2
        else:
            out.append(Token(body[at].kind, body[at].text, span))
            at += 1
    return out
