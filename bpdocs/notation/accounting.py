r"""Whether a formula's ink is all accounted for: taking away any one token must change what is read, or make it unreadable.

    python -m bpdocs.notation.accounting FILE.json PAGE.md …

lists the tokens of displays that change nothing though they are not on the list of ink without meaning below; it exits 1 if there are any.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bpdocs.notation import read_display
from bpdocs.notation import syntax as s
from bpdocs.notation.dots import key
from bpdocs.notation.expr import bare
from bpdocs.notation.ink import is_reals
from bpdocs.notation.parser import parse
from bpdocs.notation.tokens import SPACING, WITHOUT_MEANING, Token, Unread, raw
from bpdocs.notation.vocabulary import ACCENTS, FONTS, ROMAN, SEPARATORS, SIZES, WORDS_COMMANDS, WRAPPERS

# Ink without meaning: what stands between statements, fonts that do not change a letter, boxes and colours, accents that are no part of a name.
IDLE = (
    SPACING
    | SEPARATORS
    | FONTS
    | ROMAN
    | WRAPPERS
    | SIZES
    | {"&", "+", r"\because", r"\limits", r"\stackrel", r"\overset", r"\operatorname*"}
    | {command for command, name in ACCENTS.items() if not name}
)
# … and the argument, or arguments, of these: prose, labels, colours, the columns of an array.
_ARGUMENTS = {command: 1 for command in (*WORDS_COMMANDS, *WITHOUT_MEANING, r"\textcolor", r"\color", r"\colorbox", r"\htmlClass", r"\overset", r"\stackrel")}
# … and what has two spellings: sign and sgn, \mathbb{1}\{…\} and \mathbb{1}_{\{…\}}.
_SPELLINGS = (("sign", 1), (r"\mathbb{1}_", 10), (r"\mathbf{1}_", 10))
_LABELS = {r"\underbrace": "_", r"\overbrace": "^"}

Reading = tuple[object, ...]


def meaning(latex: str) -> Reading | None:
    """Return what a display says, for comparison; None if it cannot be read."""
    try:
        return tuple(map(bare, read_display(latex))), _relations(latex)
    except (Unread, RecursionError):
        return None


def _relations(latex: str) -> tuple[object, ...]:
    """Return what stands between the members, and the spaces that they lie in."""
    return tuple((node.relations, tuple(key(member) for member in node.members if is_reals(member))) for node in parse(latex) if isinstance(node, s.Relations))


def idle_places(tokens: list[Token]) -> set[int]:
    """Return the places of tokens inside the arguments of ink without meaning."""
    found: set[int] = set()
    for at, token in enumerate(tokens):
        if token.text in _ARGUMENTS or (token.text == r"\begin" and "".join(part.text for part in tokens[at + 2 : at + 7]) == "array"):
            start = at + 1 if token.text != r"\begin" else at + 8
            found |= set(range(start, _argument(tokens, start)))
        elif token.text in _LABELS:
            end = _argument(tokens, at + 1)
            if end < len(tokens) and tokens[end].text == _LABELS[token.text]:
                found |= set(range(end, _argument(tokens, end + 1)))
    return found


def _argument(tokens: list[Token], at: int) -> int:
    """Return where the argument at `at` ends."""
    if at >= len(tokens) or tokens[at].text != "{":
        return at + 1
    depth = 0
    for index in range(at, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[index].text, 0)
        if depth == 0:
            return index + 1
    return len(tokens)


def silent(latex: str, read: Callable[[str], Reading | None] = meaning) -> list[Token]:
    """Return the tokens that can be taken away without a change of what is read, and that are not on the list; nothing for what cannot be read."""
    whole = read(latex)
    if whole is None:
        return []
    tokens = raw(latex)
    places = idle_places(tokens)
    found: list[Token] = []
    for at, token in enumerate(tokens):
        if token.text in IDLE or at in places or any(latex[token.span.start - place :].startswith(text) for text, place in _SPELLINGS if token.span.start >= place):
            continue
        start, end = token.span.start, token.span.end
        if read(f"{latex[:start]} {latex[end:]}") == whole:
            found.append(token)
    return found


def _displays(path: str) -> Iterator[tuple[int, str]]:
    from bpdocs.inputs import Source
    from bpdocs.reading import displays

    text = Path(path).read_text(encoding="utf-8-sig")
    for display in displays(Source(path, text)):
        yield display.line, display.latex


def main(paths: list[str]) -> int:
    """Return 1 if some token of some display changes nothing, else 0; print those."""
    count = 0
    for path in paths:
        for line, latex in _displays(path):
            for token in silent(latex):
                count += 1
                start = token.span.start
                print(f"{path}:{line}: {token.text} changes nothing: {' '.join(latex[max(0, start - 30) : start + 30].split())}", flush=True)
    print(f"{count} tokens that change nothing", file=sys.stderr)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
