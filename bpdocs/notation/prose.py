r"""Prose inside a formula: what tells `\text{ and }` from the name `\text{loss}`."""

from __future__ import annotations

from bpdocs.notation.tokens import Token, group_end
from bpdocs.notation.vocabulary import ALWAYS_PROSE, BINARY, CONNECTING, RELATIONS, STOPWORDS, WORDS_COMMANDS

_BETWEEN_WORDS = frozenset(" ~,.;:()$\n\t")
_WANTING = frozenset({*BINARY, *RELATIONS, "+", "-", r"\partial", r"\nabla"})  # behind these stands a quantity
_SCRIPTS = ("_", "^", "(", "'")


def prose(tokens: list[Token], at: int, latex: str, names: tuple[str, ...] | list[str] = ()) -> tuple[int, str] | None:
    r"""Return where the prose in `\text{…}` at `at` ends, and its text; None where no prose stands."""
    if at + 1 >= len(tokens) or tokens[at].text not in WORDS_COMMANDS or tokens[at + 1].text != "{":
        return None
    end = group_end(tokens, at + 1)
    raw = latex[tokens[at + 1].span.end : tokens[end].span.start]
    plain = raw.strip()
    if tokens[at].text in ALWAYS_PROSE:
        return end + 1, plain
    follows = tokens[end + 1].text if end + 1 < len(tokens) else ""
    word = not (set(plain) & _BETWEEN_WORDS) and plain.lower() not in STOPWORDS and plain != ""
    before = tokens[at - 1].text if at else ""
    if word and plain == raw and before in _WANTING:
        return None
    if word and (plain == raw or (raw == raw.lstrip() and follows in _SCRIPTS)):
        if follows in _SCRIPTS or plain in names or plain.isascii() or follows not in ("", ",", ".", r"\\", r"\quad"):
            return None
    return end + 1, plain


def connects(tokens: list[Token], at: int, latex: str) -> bool:
    """Return whether the prose at `at` joins one relation to another: “and”, “hence”."""
    at += tokens[at].text in ("(", "[")
    found = prose(tokens, at, latex)
    return found is not None and found[1].lower().split()[:1] != [] and found[1].lower().split()[0].strip(",.:") in CONNECTING


def prose_ahead(tokens: list[Token], at: int, latex: str, names: tuple[str, ...] | list[str] = ()) -> bool:
    """Return whether prose stands at `at`, or right behind a bracket that opens there."""
    if at < len(tokens) and tokens[at].text in ("(", "["):
        at += 1
    return prose(tokens, at, latex, names) is not None
