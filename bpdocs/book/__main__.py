"""Print the books: `python -m bpdocs.book [SITE]`, after the site is built."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from bpdocs.book.combine import chapters, document
from bpdocs.book.printing import print_pdf
from bpdocs.chromium import ChromiumError

WORDS = {
    "ko": ("역전파 문서", "수식으로 이해하고, 수식 그대로 검증한다", "차례"),
    "en": ("Backprop Docs", "Backpropagation understood through its equations, each of them checked", "Contents"),
}


class _Loader(yaml.SafeLoader):
    """Reads mkdocs.yml for its navigation and lets its Python tags be."""


_Loader.add_multi_constructor("", lambda loader, suffix, node: None)


def addresses(config: Path) -> list[str]:
    """Return the folders of the site's pages in the order of the navigation."""

    def leaves(node: Any) -> list[str]:
        if isinstance(node, str):
            return [node]
        return [leaf for part in (node.values() if isinstance(node, dict) else node) for leaf in leaves(part)]

    nav = yaml.load(config.read_text(encoding="utf-8"), Loader=_Loader)["nav"]
    paths = [Path(leaf).with_suffix("") for leaf in leaves(nav)]
    return [str(path.parent if path.name == "index" else path) for path in paths]


def main(site: Path, config: Path) -> int:
    """Write the book of each language below `site`/pdf; return 0, or 1 with one sentence if something is missing."""
    if not (site / "index.html").is_file():
        print(f"There is no built site in {site}: run `make build` first.", file=sys.stderr)
        return 1
    for language, words in WORDS.items():
        root = site if language == "ko" else site / language
        every = chapters(root, addresses(config))
        if not every:
            continue
        folder = site / "assets/bpdocs"
        sheets = [(folder / sheet).as_uri() for sheet in ("fonts/fonts.css", "katex/katex.min.css", "bpdocs.css") if (folder / sheet).is_file()]
        target = site / "pdf" / f"bpdocs-{language}.pdf"
        try:
            count = print_pdf(partial(document, words, language, every, sheets), site, target)
        except ChromiumError as error:
            print(error, file=sys.stderr)
            return 1
        print(f"{target}: {count} pages, {target.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "site").resolve(), Path("mkdocs.yml")))
