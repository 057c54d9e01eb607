"""The real site in a real browser."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bpdocs.page import read_page

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.stem for path in (ROOT / "docs/ko").glob("*.md"))


def _built(site: Path, language: str, name: str) -> str:
    folder = site if language == "ko" else site / language
    return (folder / ("" if name == "index" else name) / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_what_is_read_is_what_is_shown(built_site: Path, language: str, name: str) -> None:
    """Each formula that the checker reads stands on the built page once, display by display and inline by inline."""
    formulas = read_page((ROOT / "docs" / language / f"{name}.md").read_text(encoding="utf-8"), name + ".md").formulas
    article = _built(built_site, language, name).split('<article class="md-content__inner')[1].split("</article>")[0]
    assert article.count('class="katex-display"') >= sum(formula.display for formula in formulas) > 0
    assert article.count('class="katex"') >= len(formulas)
    assert "bp:" not in re.sub(r"<[^>]*>", "", article)
    assert "katex-error" not in article


def _open(browser: Any, address: str, width: int = 1280, **options: Any) -> tuple[Any, list[str]]:
    page = browser.new_context(viewport={"width": width, "height": 900}, **options).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url) if not request.url.startswith(("http://127.0.0.1", "data:", "blob:")) else None)
    page.on("response", lambda response: said.append(f"{response.status} {response.url}") if response.status >= 400 else None)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return page, said


@pytest.mark.parametrize("width", [320, 375, 1280])
@pytest.mark.parametrize("path", ["", "hidden-to-output/", "one-unit-a-layer/", "matrices/", "en/input-to-hidden/", "en/notation/", "labs/lab1-digits/"])
def test_page_fits_and_asks_nobody_else(browser: Any, site_server: str, path: str, width: int) -> None:
    page, said = _open(browser, site_server + path, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
    page.context.close()


def test_language_switch_keeps_the_page(browser: Any, site_server: str) -> None:
    page, _ = _open(browser, site_server + "matrices/")
    links = page.eval_on_selector_all("a[hreflang]", "links => links.map(link => link.href)")
    assert site_server + "en/matrices/" in links
    page.context.close()


def test_a_mark_opens_by_keyboard(browser: Any, site_server: str) -> None:
    page, _ = _open(browser, site_server + "hidden-to-output/")
    mark = page.locator("button.bp-mark").first
    mark.focus()
    page.keyboard.press("Enter")
    card = page.locator(f"#{mark.get_attribute('popovertarget')}")
    card.wait_for(state="visible")
    assert card.inner_text().strip()
    page.context.close()


def test_maths_is_there_without_scripts(browser: Any, site_server: str) -> None:
    page, _ = _open(browser, site_server + "hidden-to-output/", java_script_enabled=False)
    box = page.locator(".bp-display .katex-html").first.bounding_box()
    assert box is not None
    assert box["width"] > 50
    page.context.close()


@pytest.mark.parametrize(("language", "word"), [("ko/", "역전파를"), ("en/", "sensitivity")])
def test_search_finds(browser: Any, site_server: str, language: str, word: str) -> None:
    page, _ = _open(browser, site_server + language.replace("ko/", ""))
    page.locator("[data-md-component=search-query]").first.click()
    page.keyboard.type(word)
    page.locator(".md-search-result__item a").first.wait_for(state="attached", timeout=10_000)
    addresses = page.eval_on_selector_all(".md-search-result__item a", "links => links.map(link => link.href)")
    assert all(("/en/" in address) == (language == "en/") for address in addresses)
    page.context.close()


def test_there_is_an_index_for_each_language(built_site: Path) -> None:
    for folder in ("", "en"):
        index = json.loads((built_site / folder / "search/search_index.json").read_text(encoding="utf-8"))
        assert len(index["docs"]) > 20
        assert not any("katex" in entry["text"] for entry in index["docs"])
