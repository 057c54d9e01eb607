"""Which characters the site shows, and which of them its fonts have.

`missing()` is the quick check (a test, and `python tools/vendor.py --check`); `text()` and `code()` are what vendor.py puts into the fonts.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "bpdocs" / "site" / "vendor"
SOURCES = {".css", ".html", ".js", ".json", ".py", ".yml"}

# Always there, so that a page being written does not lack a dash or an arrow: ASCII, Latin, punctuation, currency,
# super- and subscripts, letter-like, Greek, arrows, operators, circled numbers, shapes, Korean letters and punctuation.
RANGES = "20-7E A0-17F 2010-2027 2030-203B 2070-209C 20A9-20A9 20AC-20AC 2102-2135 391-3C9 3D5-3F5 2190-21D5 2200-22FF 2460-2473 25A0-25D0 2605-2606 2713-2718 3000-3011 3131-318E"
# Of these the monospaced font has what comments and terminals need.
CODE_RANGES = "20-7E A0-FF 2010-2026 391-3C9 2190-2193 2200-2265 2500-2580"

_FENCE = re.compile(r"^[ >\t]*(`{3,}|~{3,}).*?^[ >\t]*\1[`~]*[ \t]*$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


@dataclass(frozen=True)
class Place:
    """A character that no font of the site has, where it first stands."""

    path: Path
    line: int
    character: str

    def __str__(self) -> str:
        """Return `path:line: message`."""
        name = unicodedata.name(self.character, "unnamed")
        return (
            f"{self.path.relative_to(ROOT)}:{self.line}: no font has {self.character!r} (U+{ord(self.character):04X}, {name}): "
            "run `make vendor`; if that does not help, the font itself lacks it: write a formula or another character"
        )


def pages() -> Iterator[Path]:
    """Return the pages and notebooks under docs/."""
    return (path for path in sorted((ROOT / "docs").rglob("*")) if path.suffix in {".md", ".ipynb"} and ".ipynb_checkpoints" not in path.parts)


def text() -> set[str]:
    """Return every character that a page, the navigation, the package or Material's own strings may show."""
    found = _characters(RANGES)
    package = (path for path in (ROOT / "bpdocs").rglob("*") if path.suffix in SOURCES and VENDOR not in path.parents)
    for path in (*pages(), ROOT / "mkdocs.yml", *package, *_material()):
        if path.exists():
            found.update(_read(path))
    return {character for character in found if _shown(character)}


def code() -> set[str]:
    """Return every character that stands in code on a page."""
    found = _characters(CODE_RANGES)
    for path in pages():
        if path.suffix == ".ipynb":
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            found.update(*_strings([cell for cell in cells if cell["cell_type"] == "code"]))
        for pattern in (_FENCE, _SPAN):
            found.update(*(match.group() for match in pattern.finditer(_read(path))))
    return {character for character in found if _shown(character)}


def missing() -> list[Place]:
    """Return the characters of the pages that neither the text font (in each weight), nor the code font, nor KaTeX's have."""
    places: dict[str, Place] = {}
    for path in pages():
        for number, line in enumerate(_read(path).splitlines(), 1):
            for character in line:
                if _shown(character) and character not in covered() and character not in places:
                    places[character] = Place(path, number, character)
    return list(places.values())


@cache
def covered() -> frozenset[str]:
    """Return the characters that the vendored fonts show, whatever the weight."""
    weights: dict[str, set[str]] = {}
    rest: set[str] = set()
    for path in (VENDOR / "fonts").glob("*.woff2"):
        family, _, weight = path.stem.partition("-")
        if family == "sans":
            weights.setdefault(weight.split("-")[0], set()).update(_cmap(path))
        else:
            rest |= _cmap(path)
    for path in (VENDOR / "katex" / "fonts").glob("KaTeX_*-Regular.woff2"):
        rest |= _cmap(path)
    return frozenset(rest.union(set.intersection(*weights.values())))


def _characters(ranges: str) -> set[str]:
    bounds = (part.split("-") for part in ranges.split())
    return {chr(code) for first, last in bounds for code in range(int(first, 16), int(last, 16) + 1)}


def _cmap(path: Path) -> set[str]:
    with TTFont(path) as font:
        return {chr(code) for code in font.getBestCmap()}


def _read(path: Path) -> str:
    content = path.read_text(encoding="utf-8-sig")
    return "\n".join(_strings(json.loads(content))) if path.suffix == ".ipynb" else content


def _strings(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from _strings(child)


def _material() -> Iterator[Path]:
    spec = find_spec("material")
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield from (Path(place) / "templates" / "partials" / "languages" / f"{language}.html" for language in ("ko", "en"))


def _shown(character: str) -> bool:
    """Return whether the character needs a glyph (control and format characters need none)."""
    return unicodedata.category(character) not in {"Cc", "Cf", "Cn", "Co"}
