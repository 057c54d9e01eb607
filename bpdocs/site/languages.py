"""Which language a page is written in, and of which page it is the translation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File


def languages(config: MkDocsConfig) -> list[str]:
    """Return the languages of the site, the default one first; none if the site has no translations."""
    i18n: Any = config.plugins.get("i18n")
    if i18n is None or len(i18n.build_languages) < 2:
        return []
    return sorted(i18n.build_languages, key=lambda language: bool(language != i18n.default_language))


def current(config: MkDocsConfig) -> str:
    """Return the language that is being built."""
    i18n: Any = config.plugins.get("i18n")
    theme = config.theme
    return str((i18n and i18n.current_language) or theme.get("language") or theme.get("locale") or "en")


def language_of(file: File, config: MkDocsConfig) -> str:
    """Return the language of a page: its own, if the site is translated; else the theme's."""
    return str(getattr(file, "locale", None) or current(config))


def folders(config: MkDocsConfig) -> list[Path]:
    """Return the folders with the pages of each language, the default one first; none if languages are not told apart by folder."""
    i18n: Any = config.plugins.get("i18n")
    if i18n is None or i18n.config.docs_structure != "folder":
        return []
    return [Path(config.docs_dir, language) for language in languages(config)]


def original(path: Path, config: MkDocsConfig) -> Path | None:
    """Return the page in the default language of which this one is a translation, if there is one."""
    first, *others = folders(config) or [Path()]
    for folder in others:
        if path.is_relative_to(folder) and (found := first / path.relative_to(folder)).is_file():
            return found
    return None
