"""Checked pages for the site: from the cache where nothing changed, so that a save checks only what it touched."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from pathlib import Path

from bpdocs.cache import Cache, digest, package_digest
from bpdocs.check import PageReport, check_page
from bpdocs.diagnostic import Diagnostic
from bpdocs.page import read_page


class Checks:
    """Reports by path and text, in memory and on disk."""

    def __init__(self) -> None:
        """Open the cache."""
        self._cache = Cache("site-checks")
        self._memory: dict[str, PageReport] = {}

    def report(self, text: str, path: str) -> PageReport:
        """Return the report of a page; raise PageError for one that cannot be read."""
        key = digest(package_digest(), path, text, *_taken_over(text, path))
        if key not in self._memory:
            stored = self._cache.get(key)
            # Our own bytes, from our own folder: the store is as trusted as the code that reads it.
            report = pickle.loads(stored) if stored is not None else check_page(text, path)
            if stored is None:
                self._cache.put(key, pickle.dumps(report))
            self._memory[key] = report
        return self._memory[key]


def without_claim(report: PageReport) -> list[Diagnostic]:
    """Return what is to be said of a page that defines quantities and claims nothing about them."""
    definitions = [relation for relation in report.relations if relation.kind == "definition"]
    if not definitions or any(relation.kind == "claim" for relation in report.relations):
        return []
    message = "this page defines quantities and claims nothing of them, so nothing on it is checked"
    return [report.page.diagnostic(definitions[0].span, message, "state a relation between them")]


def _taken_over(text: str, path: str) -> Iterable[str]:
    """Yield the texts of the pages whose definitions this one takes over, directly or not."""
    todo, seen = [(text, Path(path))], {Path(path)}
    while todo:
        source, name = todo.pop()
        if "uses" not in source:  # reading a page costs more than looking at it
            continue
        for other in read_page(source, str(name)).settings.uses:
            target = name.parent / other
            if target in seen or not target.is_file():
                continue
            seen.add(target)
            content = target.read_text(encoding="utf-8", errors="surrogateescape")
            yield content
            todo.append((content, target))
