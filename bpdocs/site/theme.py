"""What the site adds to a theme: styles, fonts, one small script; and what it takes away again."""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from bpdocs.site import search

_HERE = Path(__file__).parent
_FOLDER = "assets/bpdocs"
_PLAIN = {"bpdocs.css": _HERE / "assets/bpdocs.css", "bpdocs.js": _HERE / "assets/bpdocs.js"}
_TEXTBOOK = {"textbook.css": _HERE / "assets/textbook.css"}
_KATEX = _HERE / "vendor/katex"
_FONTS = _HERE / "vendor/fonts"
_ALTERNATE = re.compile(r'[ \t]*<link rel="alternate"[^>]*hreflang[^>]*>\n?')


def prepare(config: MkDocsConfig, style: str) -> None:
    """Name our style sheets before the site's own, so that those win, and our script."""
    sheets = ["katex/katex.min.css", "bpdocs.css"]
    if style == "textbook":
        sheets = ["fonts/fonts.css", *sheets, "textbook.css"]
        config.theme.dirs.insert(0, str(_HERE / "overrides"))
    config.extra_css[:0] = [f"{_FOLDER}/{sheet}" for sheet in sheets]
    script = ExtraScriptValue(f"{_FOLDER}/bpdocs.js")
    script.type = "module"
    config.extra_javascript.insert(0, script)


def add_files(files: Files, config: MkDocsConfig, style: str) -> None:
    """Add our files to those of the site."""
    ours = dict(_PLAIN)
    ours |= {f"katex/{path.relative_to(_KATEX).as_posix()}": path for path in [_KATEX / "katex.min.css", *_KATEX.glob("fonts/*.woff2")]}
    if style == "textbook":
        ours |= _TEXTBOOK
        ours |= {f"fonts/{path.name}": path for path in [_FONTS / "fonts.css", *_FONTS.glob("*.woff2")]}
    for name, path in sorted(ours.items()):
        uri = f"{_FOLDER}/{name}"
        if uri not in files.src_uris:
            files.append(File.generated(config, uri, abs_src_path=str(path)))


def finish(html: str, url: str | None, config: MkDocsConfig) -> str:
    """Return a finished page; `url` is its address in the site, None for one that can stand at any (404)."""
    if config.theme.name != "material":
        return html
    # Material fetches a sitemap.xml beside each of these links, which is a 404 on every page; sitemap.xml has the pairs.
    html = _ALTERNATE.sub("", html)
    return search.finish(html, url, config)
