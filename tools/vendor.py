"""Fetch KaTeX and the fonts, and write what of them the site needs to bpdocs/site/vendor (`make vendor`; needs npm).

    $ python tools/vendor.py            fetch (or take from .cache/vendor), verify, write
    $ python tools/vendor.py --check    only say which characters of the pages the fonts lack

checksums.json holds the versions with the sums of the packages, and the sums of all files written. To move to another
version, change it there and empty its sum.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import glyphs
from fontTools import subset
from fontTools.ttLib import TTFont
from glyphs import ROOT, VENDOR

CHECKSUMS = VENDOR / "checksums.json"
DOWNLOADS = ROOT / ".cache" / "vendor"
PRETENDARD = "package/dist/public/static/alternative/Pretendard-{}.ttf"
WEIGHTS = {400: "Regular", 700: "Bold"}
# Pretendard's web fonts come in slices by how often their syllables occur; the most frequent have the highest numbers.
SLICES = "package/dist/web/static/pretendard-dynamic-subset.css"
FREQUENT = range(76, 92)
# Two files a weight, so that a page without Korean fetches only the small one.
KOREAN = "U+1100-11FF, U+3000-D7FF, U+FF00-FFEF"
OTHERS = "U+0000-10FF, U+1200-2FFF"
FEATURES = ["calt", "ccmp", "kern", "liga", "locl", "mark", "mkmk", "tnum"]
REMARK = "A subset of {}, renamed as its licence asks."


@dataclass(frozen=True)
class Face:
    """One font file of the site: the reserved name of its source is replaced by `family`."""

    file: str
    family: str
    weight: int
    source: str
    characters: frozenset[str]
    ranges: str = ""

    def css(self) -> str:
        """Return the @font-face rule."""
        ranges = f"  unicode-range: {self.ranges};\n" if self.ranges else ""
        return (
            f'@font-face {{\n  font-family: "{self.family}";\n  font-style: normal;\n  font-weight: {self.weight};\n  font-display: swap;\n'
            f'  src: url("{self.file}") format("woff2");\n{ranges}}}\n'
        )


def main() -> int:
    """Return 0 when everything is written (or, with --check, nothing is missing)."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only say which characters of the pages the fonts lack")
    if parser.parse_args().check:
        places = glyphs.missing()
        print(*places, sep="\n") if places else print("The fonts have every character of the pages.")
        return 1 if places else 0
    write()
    return 0


def write() -> None:
    """Write bpdocs/site/vendor/{katex,fonts} and checksums.json."""
    recorded: dict[str, Any] = json.loads(CHECKSUMS.read_text(encoding="utf-8"))
    packages = {name: fetch(name, entry) for name, entry in recorded["packages"].items()}
    write_katex(packages["katex"], VENDOR / "katex")
    write_fonts(packages["pretendard"], packages["d2coding"], VENDOR / "fonts")
    recorded["files"] = sums()
    CHECKSUMS.write_text(json.dumps(recorded, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    for place in glyphs.missing():
        print(place)


def sums() -> dict[str, str]:
    """Return the sha256 of every vendored file, by its path under bpdocs/site/vendor."""
    files = sorted(path for path in VENDOR.rglob("*") if path.is_file() and path != CHECKSUMS)
    return {path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def fetch(name: str, entry: dict[str, str]) -> Path:
    """Return the folder of the unpacked npm package; a sum that differs ends the program, an empty one is filled in."""
    archive = DOWNLOADS / f"{name}-{entry['version']}.tgz"
    DOWNLOADS.mkdir(parents=True, exist_ok=True)
    if not archive.exists():
        print(f"==> fetching {name} {entry['version']}")
        subprocess.run(["npm", "pack", "--silent", f"{name}@{entry['version']}"], cwd=DOWNLOADS, check=True, stdout=subprocess.DEVNULL)
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if entry["sha256"] and entry["sha256"] != found:
        sys.exit(f"{archive.name}: sha256 is {found}, expected {entry['sha256']}")
    entry["sha256"] = found
    folder = DOWNLOADS / archive.stem
    if not folder.exists():
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
    return folder


def write_katex(package: Path, target: Path) -> None:
    """Write KaTeX's script (used at build only), style sheet and woff2 fonts; the style sheet names no other format."""
    fresh(target / "fonts")
    dist = package / "package" / "dist"
    for font in sorted((dist / "fonts").glob("*.woff2")):
        shutil.copyfile(font, target / "fonts" / font.name)
    shutil.copyfile(dist / "katex.min.js", target / "katex.min.js")
    shutil.copyfile(package / "package" / "LICENSE", target / "LICENSE")
    css = (dist / "katex.min.css").read_text(encoding="utf-8")
    css = re.sub(r',url\([^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)', "", css)
    (target / "katex.min.css").write_text(css, encoding="utf-8")


def write_fonts(pretendard: Path, d2coding: Path, target: Path) -> None:
    """Write the subsets, fonts.css and the licences."""
    fresh(target)
    text, code = glyphs.text() | frequent((pretendard / SLICES).read_text(encoding="utf-8")), glyphs.code()
    korean = frozenset(character for character in text if is_korean(character))
    faces = []
    for weight, name in WEIGHTS.items():
        source = str(pretendard / PRETENDARD.format(name))
        faces.append(Face(f"sans-{weight}.woff2", "bpdocs Sans KR", weight, source, frozenset(text - korean), OTHERS))
        faces.append(Face(f"sans-{weight}-korean.woff2", "bpdocs Sans KR", weight, source, korean, KOREAN))
    faces.append(Face("mono-400.woff2", "bpdocs Mono", 400, str(d2coding / "package/src/d2coding.ttf"), frozenset(code)))
    for face in faces:
        cut(face, target / face.file)
        print(f"{face.file}: {(target / face.file).stat().st_size / 1000:.0f} kB")
    (target / "fonts.css").write_text("/* Written by tools/vendor.py. */\n" + "\n".join(face.css() for face in faces), encoding="utf-8")
    licence = (pretendard / "package/dist/LICENSE.txt").read_text(encoding="utf-8")
    (target / "LICENSE-Pretendard.txt").write_text(licence, encoding="utf-8")
    # The package of D2Coding brings no licence file: its notices stand in the font, the text is the same licence.
    (target / "LICENSE-D2Coding.txt").write_text(notices(d2coding / "package/src/d2coding.ttf") + ofl(licence), encoding="utf-8")


def cut(face: Face, target: Path) -> None:
    """Write the subset of the face's source that has its characters, under its new name; the same bytes every time."""
    options = subset.Options(flavor="woff2", hinting=False, layout_features=FEATURES, name_IDs=[0, 1, 2, 4, 6, 13, 14])
    options.drop_tables += ["FFTM"]
    font = subset.load_font(face.source, options)
    original = str(font["name"].getBestFamilyName())
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(face.characters)))
    subsetter.subset(font)
    rename(font, face, original)
    subset.save_font(font, str(target), options)


def rename(font: TTFont, face: Face, original: str) -> None:
    """Put the face's own name into every record that had the original's."""
    style = "Bold" if face.weight == 700 else "Regular"
    names = font["name"]
    names.names = [record for record in names.names if record.platformID == 3 and record.langID == 0x409]
    for number, value in {
        1: face.family,
        2: style,
        4: f"{face.family} {style}",
        6: f"{face.family.replace(' ', '')}-{style}",
        10: REMARK.format(original),
    }.items():
        names.setName(value, number, 3, 1, 0x409)


def frequent(css: str) -> set[str]:
    """Return the syllables of the most frequent slices."""
    found: set[str] = set()
    for number, ranges in re.findall(r"subset\.(\d+)\.woff2.*?unicode-range:([^;]+);", css, re.DOTALL):
        if int(number) in FREQUENT:
            for part in ranges.split(","):
                first, _, last = part.strip().removeprefix("U+").partition("-")
                found.update(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return {character for character in found if "가" <= character <= "힣"}


def is_korean(character: str) -> bool:
    """Return whether the character lies in the ranges of KOREAN."""
    return any(first <= ord(character) <= last for first, last in ((0x1100, 0x11FF), (0x3000, 0xD7FF), (0xFF00, 0xFFEF)))


def notices(source: Path) -> str:
    """Return the copyright, trademark and licence records of a font."""
    with TTFont(source, lazy=True) as font:
        return "\n".join(str(font["name"].getName(number, 3, 1, 0x409)) for number in (0, 7, 13)) + "\n\n"


def ofl(licence: str) -> str:
    """Return the text of the licence after the copyright lines."""
    return licence[licence.index("-----------") :]


def fresh(folder: Path) -> None:
    """Make the folder, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


if __name__ == "__main__":
    sys.exit(main())
