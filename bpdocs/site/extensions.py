"""The Markdown extensions that a page of the site needs, added to those that mkdocs.yml names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markdown.extensions.toc import slugify_unicode
from mkdocs.config.defaults import MkDocsConfig

from bpdocs.site.fences import Fences

SUPERFENCES = "pymdownx.superfences"


def prepare(config: MkDocsConfig, fences: Fences, heading: Callable[[str], str]) -> None:
    """Add the formatter of executed code blocks, and let ids of headings be made from `heading(text)`."""
    if SUPERFENCES not in config.markdown_extensions:
        config.markdown_extensions.append(SUPERFENCES)
    options = _options(config, SUPERFENCES)
    options["custom_fences"] = [
        *options.get("custom_fences", []),
        *({"name": name, "class": name, "validator": fences.validate, "format": fences.format} for name in ("python", "py")),
    ]
    toc = _options(config, "toc")
    slugify = toc.get("slugify", slugify_unicode)
    toc["slugify"] = lambda text, separator: slugify(heading(text), separator)


def _options(config: MkDocsConfig, extension: str) -> dict[str, Any]:
    """Return the options of an extension, to be changed in place."""
    configs: dict[str, dict[str, Any]] = config.mdx_configs
    return configs.setdefault(extension, {})
