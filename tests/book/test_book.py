"""The book of a tiny site, read back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader

from bpdocs.book.__main__ import addresses, main
from bpdocs.book.printing import places

PAGE = (
    '<!doctype html><html><body><article class="md-content__inner"><h1 id="a">{title}</h1><p>{text}</p>'
    '<h2 id="b">{heading}</h2><p><a href="../second/#b">x</a></p></article></body></html>'
)
VENDOR = Path(__file__).parents[2] / "bpdocs/site/vendor"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site of two pages in Korean, with the site's fonts."""
    for name, title in (("", "처음"), ("second", "둘째 쪽")):
        folder = tmp_path / "site" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "index.html").write_text(PAGE.format(title=title, text="역전파를 배운다. " * 400, heading="연쇄 법칙"), encoding="utf-8")
    shutil.copytree(VENDOR / "fonts", tmp_path / "site/assets/bpdocs/fonts")
    (tmp_path / "mkdocs.yml").write_text("site_url: !ENV [A, b]\nnav:\n  - A: index.md\n  - B:\n      - C: second.md\n")
    return tmp_path / "site"


def test_pages_stand_in_the_order_of_the_navigation(site: Path) -> None:
    assert addresses(site.parent / "mkdocs.yml") == [".", "second"]


def test_book_reads_back(site: Path, chromium: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(site, site.parent / "mkdocs.yml") == 0
    capsys.readouterr()
    pdf = site / "pdf/bpdocs-ko.pdf"
    reader = PdfReader(pdf)
    text = [" ".join(page.extract_text().split()) for page in reader.pages]
    where, count = places(pdf)
    assert count == len(text) >= 5
    assert "역전파를 배운다" in text[2]
    assert where["c2"] > where["c1"] > 2
    contents = text[1]
    assert f"2. 둘째 쪽 {where['c2']}" in contents
    assert [entry["/Title"] for entry in reader.outline if not isinstance(entry, list)]
    fonts = {str(font.get_object()["/BaseFont"]) for page in reader.pages for font in page["/Resources"]["/Font"].values()}
    assert fonts
    assert all("+" in font for font in fonts), "every font is embedded as a subset"


def test_a_missing_site_is_said_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(tmp_path / "nothing", tmp_path / "mkdocs.yml") == 1
    assert capsys.readouterr().err.count("\n") == 1
