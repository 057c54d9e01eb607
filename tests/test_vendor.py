"""What is vendored is what checksums.json says, and the site's fonts have every character of the pages."""

import json
import re
from pathlib import Path

import glyphs
import pytest
import vendor
from fontTools.ttLib import TTFont

FONTS = glyphs.VENDOR / "fonts"


def test_the_files_are_those_of_checksums_json() -> None:
    recorded = json.loads(vendor.CHECKSUMS.read_text(encoding="utf-8"))
    assert vendor.sums() == recorded["files"]
    assert all(re.fullmatch(r"[0-9a-f]{64}", package["sha256"]) for package in recorded["packages"].values())


def test_every_character_of_the_pages_has_a_glyph() -> None:
    assert [str(place) for place in glyphs.missing()] == []


def test_a_character_without_a_glyph_is_named_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text("가나다\n뷁 and 🦊\n", encoding="utf-8")
    monkeypatch.setattr(glyphs, "ROOT", tmp_path)
    assert [(place.line, place.character) for place in glyphs.missing()] == [(2, "뷁"), (2, "🦊")]
    assert str(glyphs.missing()[1]).startswith("docs/page.md:2: no font has '🦊' (U+1F98A, FOX FACE)")


def test_code_on_a_page_is_found_in_fences_and_spans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text("본문 `값`\n\n```python\nx = 1  # 줄\n```\n\n끝\n", encoding="utf-8")
    monkeypatch.setattr(glyphs, "ROOT", tmp_path)
    assert {character for character in glyphs.code() if "가" <= character <= "힣"} == {"값", "줄"}


@pytest.mark.parametrize("path", sorted(FONTS.glob("*.woff2")), ids=lambda path: path.name)
def test_a_subset_does_not_use_the_reserved_name(path: Path) -> None:
    with TTFont(path) as font:
        names = [str(record) for record in font["name"].names if record.nameID in (1, 3, 4, 6, 16)]
        assert names
        assert not [name for name in names if "pretendard" in name.lower() or "d2coding" in name.lower()]
        assert "Open Font License" in str(font["name"].getDebugName(13))


def test_the_style_sheets_name_only_files_that_are_there() -> None:
    for sheet in (FONTS / "fonts.css", glyphs.VENDOR / "katex" / "katex.min.css"):
        named = re.findall(r"url\(\"?([^)\"]+)\"?\)", sheet.read_text(encoding="utf-8"))
        assert named
        assert [name for name in named if not (sheet.parent / name).is_file()] == []
