"""New inputs out of old ones, by what pages and formulas are built of: tokens, groups, lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from tests.fuzz import seeds

_PIECES = re.compile(r"\\[A-Za-z]+\*?|\\.|\s+|[A-Za-z가-힣]+|\d+|.", re.S)
_AROUND = (
    *(
        ("{", "}"),
        ("(", ")"),
        ("\\left[", "\\right]"),
        ("|", "|"),
        ("\\frac{", "}{x}"),
        ("\\sqrt{", "}"),
        ("x^{", "}"),
        ("x_{", "}"),
        ("f(", ")"),
        ("\\exp(", ")"),
        ("$", "$"),
        ("$$", "$$"),
    ),
    *(
        ("\\sum_{i=1}^n (", ")"),
        ("\\frac{\\partial}{\\partial x}(", ")"),
        ("\\mathbf{", "}"),
        ("\\hat{", "}"),
        ("\\text{", "}"),
        ("\\num{", "}"),
        ("\\max_j ", ""),
        ("<!--", "-->"),
    ),
    *(("\\begin{pmatrix}", "\\end{pmatrix}"), ("\\begin{cases}", "& x > 0\\end{cases}"), ("\\begin{aligned}", "\\end{aligned}"), ("\\newcommand{\\a}{", "}\\a\\a")),
)
_OPENS, _CLOSES = {"{": "}", "(": ")", "[": "]"}, {"}", ")", "]"}


def mutated(text: str, random: Random, others: Sequence[str]) -> str:
    """Return a text near `text`: one to a few changes, each of a piece, a group, a line, or with a piece of another text."""
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        text = random.choice(_WAYS)(text, random, others)[: 2 * seeds.LARGEST]
    return text


def _pieces(text: str) -> list[str]:
    return _PIECES.findall(text)


def _stretch(parts: Sequence[str], random: Random) -> slice:
    start = random.randrange(len(parts) + 1)
    return slice(start, min(len(parts), start + random.choice((0, 1, 1, 1, 2, 3, 5, 12))))


def _deleted(text: str, random: Random, _: Sequence[str]) -> str:
    parts = _pieces(text)
    del parts[_stretch(parts, random)]
    return "".join(parts)


def _doubled(text: str, random: Random, _: Sequence[str]) -> str:
    parts = _pieces(text)
    where = _stretch(parts, random)
    parts[where] = parts[where] * random.choice((2, 2, 2, 3, 8, 60))
    return "".join(parts)


def _swapped(text: str, random: Random, _: Sequence[str]) -> str:
    parts = _pieces(text)
    if len(parts) < 2:
        return text
    one, other = random.randrange(len(parts)), random.randrange(len(parts))
    parts[one], parts[other] = parts[other], parts[one]
    return "".join(parts)


def _inserted(text: str, random: Random, _: Sequence[str]) -> str:
    parts = _pieces(text)
    where = _stretch(parts, random)
    new = [random.choice(seeds.dictionary()) for _ in range(random.choice((1, 1, 2, 3)))]
    parts[where if random.random() < 0.5 else slice(where.start, where.start)] = new
    return "".join(parts)


def _spliced(text: str, random: Random, others: Sequence[str]) -> str:
    mine, its = _pieces(text), _pieces(random.choice(others))
    where = _stretch(mine, random)
    start = random.randrange(len(its) + 1)
    mine[where] = its[start : start + random.choice((1, 3, 8, 20, 80))]
    return "".join(mine)


def _group(parts: Sequence[str], random: Random) -> slice | None:
    """Return where a bracketed group stands, without its brackets."""
    opens = [place for place, part in enumerate(parts) if part in _OPENS]
    if not opens:
        return None
    start = random.choice(opens)
    depth = 0
    for place in range(start, len(parts)):
        depth += (parts[place] in _OPENS) - (parts[place] in _CLOSES)
        if not depth:
            return slice(start + 1, place)
    return None


def _nested(text: str, random: Random, _: Sequence[str]) -> str:
    """Wrap a stretch in brackets or a command, or put a group into itself, some or many times."""
    parts = _pieces(text)
    where = _group(parts, random) or _stretch(parts, random)
    inside = "".join(parts[where])
    before, after = random.choice(_AROUND)
    times = random.choice((1, 1, 1, 2, 4, 70))
    parts[where] = [before * times + inside + after * times]
    return "".join(parts)


def _lines(text: str, random: Random, others: Sequence[str]) -> str:
    """Delete, repeat, exchange or borrow lines."""
    lines = text.splitlines(keepends=True)
    its = random.choice(others).splitlines(keepends=True)
    where = _stretch(lines, random)
    kept = lines[where]
    lines[where] = random.choice(([], kept * 2, kept * 20, its[_stretch(its, random)], kept + its, kept[::-1]))
    if random.random() < 0.2:
        random.shuffle(lines)
    return "".join(lines)


def _renamed(text: str, random: Random, _: Sequence[str]) -> str:
    """Put one symbol of the text for another, everywhere."""
    names = [part for part in _pieces(text) if re.fullmatch(r"[A-Za-z]|\\[a-z]+|\d+", part)]
    if not names:
        return text
    one, other = random.choice(names), random.choice([*names, "0", "1000", "99999999999"])
    return "".join(other if part == one else part for part in _pieces(text))


_WAYS = (_deleted, _doubled, _swapped, _swapped, _inserted, _inserted, _spliced, _spliced, _nested, _lines, _renamed)


def broken(data: bytes, random: Random) -> bytes:
    """Return bytes near `data`, without regard for what they say."""
    out = bytearray(data)
    for _ in range(random.choice((1, 2, 8))):
        place = random.randrange(len(out) + 1)
        match random.randrange(4):
            case 0:
                out[place:place] = random.randbytes(random.choice((1, 2, 9)))
            case 1:
                del out[place : place + random.choice((1, 2, 30))]
            case 2 if place < len(out):
                out[place] ^= 1 << random.randrange(8)
            case _:
                out[place:place] = out[place : place + 40] * random.choice((1, 30))
    return bytes(out[: 2 * seeds.LARGEST])
