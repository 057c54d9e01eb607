r"""The rows of aligned displays: which go on with the relation before, and which begin another.

>>> from bpdocs.notation.tokens import tokenize
>>> " ".join(token.text for token in rows(tokenize(r"\begin{aligned} a &= b \\ &= c \\ d &= e \end{aligned}")))
'a = b = c \\\\ d = e'
"""

from __future__ import annotations

from bpdocs.notation.tokens import Token, Unread
from bpdocs.notation.vocabulary import BINARY

RELATIONS = {
    "=": "=", r"\coloneqq": ":=", r"\triangleq": ":=", r"\coloneq": ":=", r"\stackrel": "?", r"\approx": "≈", r"\simeq": "≈", r"\le": "≤", r"\leq": "≤", r"\leqslant": "≤",
    r"\ge": "≥", r"\geq": "≥", r"\geqslant": "≥", "<": "<", r"\lt": "<", ">": ">", r"\gt": ">", r"\ne": "≠", r"\neq": "≠", r"\in": "∈", r"\leftarrow": "←", r"\gets": "←",
    r"\to": "→", r"\rightarrow": "→", r"\longrightarrow": "→", ":": ":", r"\colon": ":", r"\mapsto": "↦", r"\equiv": "≡", r"\propto": "∝", r"\sim": "∼",
    r"\ll": "≪", r"\gg": "≫", r"\subset": "⊂", r"\subseteq": "⊂", r"\leftrightarrow": "↔", r"\mid": "∣", r"\notin": "∉", r"\cong": "≅",
}  # fmt: skip
MATRICES = frozenset({"matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "array", "cases", "dcases", "rcases"})
ALIGNMENTS = frozenset(
    {"aligned", "align", "align*", "split", "gather", "gather*", "gathered", "equation", "equation*", "alignat", "alignat*", "alignedat", "multline", "multline*",
     "eqnarray", "eqnarray*", "flalign", "flalign*"}
)  # fmt: skip
_OPENING = frozenset({"(", "[", r"\{", "{"})
_CLOSING = frozenset({")", "]", r"\}", "}"})


def rows(tokens: list[Token]) -> list[Token]:
    r"""Return the tokens without alignment marks; a `\\` stays only where a new relation begins after it."""
    out: list[Token] = []
    stack: list[tuple[str, Token]] = []
    matrices = depth = columns = 0
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.text in (r"\begin", r"\end"):
            name, after = _environment(tokens, at)
            if token.text == r"\begin":
                stack.append((name, token))
                if name in MATRICES:
                    matrices += 1
            else:
                if not stack or stack[-1][0] != name:
                    opened = stack[-1][0] if stack else None
                    raise Unread(f"\\end{{{name}}} ends " + (f"\\begin{{{opened}}}" if opened else "nothing that was begun"), token.span)
                stack.pop()
                if name in MATRICES:
                    matrices -= 1
            if name in ALIGNMENTS:
                if name.startswith("aligned") and after < len(tokens) and tokens[after].text == "[":
                    after += 3
                if token.text == r"\begin" and name.rstrip("*") in ("alignat", "alignedat") and after < len(tokens) and tokens[after].text == "{":
                    after += 3
                if out and out[-1].text != r"\\" and not stack and token.text == r"\end" and after < len(tokens):
                    if tokens[after].text not in (",", ".", ";"):
                        out.append(Token("command", r"\\", token.span))
                at = after
                columns = 0
                continue
            if name not in MATRICES and name != "substack":
                raise Unread(f"the environment {name} is not supported", token.span)
            out += tokens[at:after]
            at = after
            continue
        at += 1
        if matrices:
            out.append(token)
            continue
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if token.text == "&":
            columns += 1
            previous = out[-1].text if out else ""
            if columns % 2 == 0 and depth == 0 and previous and previous not in RELATIONS and previous not in (r"\\", ",", r"\quad"):
                out.append(Token("command", r"\quad", token.span))
            continue
        if token.text == r"\\":
            columns = 0
            if depth == 0 and not _goes_on(tokens, at) and not (out and _open_ended(out[-1].text)):
                out.append(token)
            continue
        if token.text in (r"\quad", r"\qquad"):
            following = tokens[at].text if at < len(tokens) else ""
            if depth or following in RELATIONS or following in BINARY or following in ("+", "-", "&", ",") or (out and _open_ended(out[-1].text)):
                if not (following in ("+", "-") and not depth and not _goes_on(tokens, at)):
                    continue
        out.append(token)
    if stack:
        name, begun = stack[-1]
        raise Unread(f"\\begin{{{name}}} is never ended", begun.span, f"add \\end{{{name}}}")
    return out


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
    while at < len(tokens) and tokens[at].text in ("&", r"\quad", r"\qquad"):
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
