"""The pages of a built site as one HTML document, with a table of contents."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

from lxml import etree, html

_DROPPED = (
    ".//a[@class='headerlink']",
    ".//script",
    ".//*[contains(concat(' ', @class, ' '), ' bp-mark ')]",
    ".//*[contains(concat(' ', @class, ' '), ' bp-cards ')]",
    ".//details[contains(concat(' ', @class, ' '), ' bp-code ')]",
    ".//*[contains(concat(' ', @class, ' '), ' bp-download ')]",
    ".//button",
)
_REFERENCES = ("href", "aria-labelledby", "aria-describedby", "clip-path", "fill", "marker-end", "marker-start", "marker-mid", "filter", "mask")

STYLE = """
@page { size: A4; margin: 22mm 20mm 20mm; @bottom-center { content: counter(page); font: 9pt "bpdocs Sans KR"; color: #555; } }
@page cover { @bottom-center { content: none; } }
html { font-size: 10.5pt; } body { font-family: "bpdocs Sans KR", "bpdocs Mono", sans-serif; line-height: 1.65; color: #000; background: #fff; margin: 0; }
:lang(ko) { word-break: keep-all; overflow-wrap: break-word; }
code, pre { font-family: "bpdocs Mono", "bpdocs Sans KR", monospace; font-size: 8.5pt; white-space: pre-wrap; overflow-wrap: anywhere; }
pre { background: #f5f5f5; padding: 2mm 3mm; }
.bp-no { color: #555; text-decoration: none; font-size: 8pt; }
.cover { page: cover; height: 240mm; display: flex; flex-direction: column; justify-content: center; text-align: center; }
.cover h1 { font-size: 30pt; margin: 0 0 6mm; } .cover p { color: #444; }
.contents ol { list-style: none; padding: 0; } .contents li { display: flex; gap: 2mm; margin: 1.5mm 0; }
.contents li.section { padding-left: 7mm; font-size: 9.5pt; margin: .5mm 0; } .contents .dots { flex: 1; border-bottom: 1px dotted #999; margin-bottom: 1.2mm; }
.contents a { color: inherit; text-decoration: none; }
.chapter { break-before: page; } h1, h2, h3, h4 { break-after: avoid; line-height: 1.3; } h1 { font-size: 20pt; } h2 { font-size: 14.5pt; } h3 { font-size: 11.5pt; }
p, li { orphans: 2; widows: 2; } a { color: #0b4a80; }
table { border-collapse: collapse; margin: 3mm 0; font-size: 9pt; break-inside: avoid; } td, th { border: 0.3pt solid #999; padding: 1mm 2mm; text-align: left; }
.admonition, details { border-left: 1mm solid #888; padding: .5mm 0 .5mm 4mm; margin: 4mm 0; } .admonition-title, summary { font-weight: 700; list-style: none; }
.admonition.success { border: 0.5mm solid #444; padding: 1mm 4mm; }
.bp-eq { break-inside: avoid; } .bp-scroll { overflow: visible; } .katex { font-size: 1.08em; }
.bp-figure { break-inside: avoid; text-align: center; margin: 4mm 0; } .bp-figure svg { max-width: 130mm; height: auto; } img { max-width: 130mm; }
"""

# A display wider than the page is set smaller until it fits.
FIT = """() => { for (const box of document.querySelectorAll(".bp-scroll")) { const inner = box.querySelector(".katex-display > .katex") ?? box.firstElementChild;
  if (inner && inner.scrollWidth > box.clientWidth) inner.style.fontSize = `${Math.max(0.45, 1.08 * box.clientWidth / (inner.scrollWidth + 4))}em` } }"""


@dataclass(frozen=True)
class Chapter:
    """One page of the site: its number in the book, its folder's address, and its content."""

    number: int
    address: str
    title: str
    content: html.HtmlElement


def chapters(site: Path, addresses: list[str]) -> list[Chapter]:
    """Return the pages at the addresses (folders below `site`), ready to stand in one document."""
    found: list[Chapter] = []
    for address in addresses:
        page = site / address / "index.html"
        if not page.is_file():
            continue
        tree: Any = html.parse(str(page), html.HTMLParser(encoding="utf-8")).getroot()
        articles = tree.xpath("//article[contains(concat(' ', @class, ' '), ' md-content__inner ')]")
        if not articles:
            continue
        article = articles[0]
        for path in _DROPPED:
            for node in article.xpath(path):
                node.drop_tree()
        heading = article.find(".//h1")
        title = _plain(heading) if heading is not None else address
        found.append(Chapter(len(found) + 1, address, title, article))
    _rename(found, site)
    return found


def _plain(heading: html.HtmlElement) -> str:
    """Return a heading's words, each formula once."""
    copy: Any = html.fromstring(html.tostring(heading))
    for node in copy.xpath(".//*[contains(concat(' ', @class, ' '), ' katex-mathml ')]"):
        node.drop_tree()
    return " ".join(str(copy.text_content()).split())


def _anchors(chapter: Chapter) -> dict[str, str]:
    """Return a short name of its own for each id of a chapter: names in a PDF are ASCII and not long."""
    ids = [node.get("id") for node in chapter.content.iter() if isinstance(node.tag, str) and node.get("id")]
    return {name: f"c{chapter.number}-{index}" for index, name in enumerate(dict.fromkeys(ids), 1)}


def _rename(every: list[Chapter], site: Path) -> None:
    """Give every id a name that is the book's own, and turn links to other pages into links inside the book."""
    anchors = {chapter.number: _anchors(chapter) for chapter in every}
    known = {(site / chapter.address).resolve(): chapter.number for chapter in every}
    for chapter in every:
        mine = anchors[chapter.number]
        for node in chapter.content.iter():
            if not isinstance(node.tag, str):
                continue
            if node.tag == "details":
                node.set("open", "")
            if node.get("id"):
                node.set("id", mine[node.get("id")])
            for name in _REFERENCES:
                value = node.get(name)
                if value is None:
                    continue
                if name == "href" and node.tag == "a":
                    node.set("href", _link(value, (site / chapter.address).resolve(), known, anchors, chapter.number))
                elif name.startswith("aria-"):
                    node.set(name, " ".join(mine.get(word, word) for word in value.split()))
                elif value.startswith("#"):
                    node.set(name, f"#{mine.get(value[1:], value[1:])}")
                elif value.startswith("url(#"):
                    node.set(name, f"url(#{mine.get(value[5:-1], value[5:-1])})")


def _link(value: str, here: Path, known: dict[Path, int], anchors: dict[int, dict[str, str]], own: int) -> str:
    if "://" in value or value.startswith("mailto:"):
        return value
    path, fragment = urldefrag(unquote(value))
    number = own if not path else known.get((here / path).resolve())
    if number is None:
        return "#top"
    return f"#{anchors[number].get(fragment, f'c{number}')}"


def document(words: tuple[str, str, str], language: str, every: list[Chapter], sheets: list[str], pages: dict[str, int]) -> str:
    """Return the whole book as HTML; `pages` says on which page each anchor stands, as far as that is known."""
    title, subtitle, contents = words
    rows = []
    for chapter in every:
        rows.append(_row(f"c{chapter.number}", f"{chapter.number}. {chapter.title}", pages, "entry"))
        for heading in chapter.content.iter("h2"):
            if heading.get("id"):
                rows.append(_row(heading.get("id"), _plain(heading), pages, "section"))
    links = "".join(f'<link rel="stylesheet" href="{sheet}">' for sheet in sheets)
    body = "".join(f'<section class="chapter" id="c{chapter.number}">{_inner(chapter.content)}</section>' for chapter in every)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{_escape(title)}</title>{links}<style>{STYLE}</style></head>'
        f'<body class="md-typeset"><section class="cover" id="top"><h1>{_escape(title)}</h1><p>{_escape(subtitle)}</p></section>'
        f'<nav class="contents"><h2>{_escape(contents)}</h2><ol>{"".join(rows)}</ol></nav>{body}</body></html>'
    )


def _row(anchor: str, text: str, pages: dict[str, int], kind: str) -> str:
    return f'<li class="{kind}"><a href="#{anchor}">{_escape(text)}</a><span class="dots"></span><span>{pages.get(anchor, "")}</span></li>'


def _inner(content: html.HtmlElement) -> str:
    return _escape(content.text or "") + "".join(str(etree.tostring(child, encoding="unicode", method="html")) for child in content)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
