"""From one HTML document to a PDF whose contents know their page numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bpdocs import chromium
from bpdocs.book.combine import FIT

PASSES = 4


def print_pdf(make: Callable[[dict[str, int]], str], workplace: Path, target: Path) -> int:
    """Print `make(pages)` again and again until the page numbers in it stand still; return how many pages the book has."""
    from playwright.sync_api import sync_playwright

    target.parent.mkdir(parents=True, exist_ok=True)
    source = workplace / f".{target.stem}.html"
    pages: dict[str, int] = {}
    count = 0
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(chromium.obtain()), args=[*chromium.ARGUMENTS])
        try:
            for _ in range(PASSES):
                source.write_text(make(pages), encoding="utf-8")
                page = browser.new_page()
                page.goto(source.as_uri())
                page.emulate_media(media="print")
                page.evaluate("document.fonts.ready")
                page.evaluate(FIT)
                page.pdf(path=str(target), prefer_css_page_size=True, print_background=True, outline=True, tagged=True)
                page.close()
                found, count = places(target)
                if found == pages:
                    break
                pages = found
        finally:
            browser.close()
            source.unlink(missing_ok=True)
    return count


def places(pdf: Path) -> tuple[dict[str, int], int]:
    """Return on which page (from 1) each named place of a PDF stands, and how many pages there are."""
    from pypdf import PdfReader

    reader = PdfReader(pdf)
    found: dict[str, int] = {}
    for name, destination in reader.named_destinations.items():
        number = reader.get_destination_page_number(destination)
        if number is not None:
            found[str(name).lstrip("/")] = number + 1
    return found, len(reader.pages)
