"""Every relation of every configured page as a test item, through `bpdocs_pages = docs/*.md` in pytest's configuration."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bpdocs.diagnostic import Diagnostic
    from bpdocs.results import Row

# pytest loads this module in every run, of every project: nothing of bpdocs is imported before a page is met.

_LONGEST = 60
_PAGES = pytest.StashKey[frozenset[Path]]()


class RelationFailed(Exception):
    """Raised by an item; holds what is to be shown."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Keep the diagnostics."""
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n\n".join(diagnostic.render() for diagnostic in self.diagnostics))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one line of configuration."""
    parser.addini("bpdocs_pages", "pages whose relations are tested: globs, seen from the folder of the configuration", type="args")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a glob that can match nothing."""
    for pattern in config.getini("bpdocs_pages"):
        if Path(pattern).is_absolute():
            raise pytest.UsageError(f"bpdocs_pages wants globs seen from {_root(config)}, not {pattern}")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Return the page if it is among the configured ones."""
    if file_path.suffix not in (".md", ".ipynb") or file_path not in _pages(parent.config):
        return None
    page: pytest.Collector = PageFile.from_parent(parent, path=file_path)
    return page


class PageFile(pytest.File):
    """A page; its items are its relations, and one more for the page itself."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the items in the order of the page; raise for a page that cannot be read."""
        from bpdocs.cache import Cache
        from bpdocs.diagnostic import PageError
        from bpdocs.inputs import read_text
        from bpdocs.results import checked

        try:
            result = checked(read_text(self.path, self._name()), self._name(), Cache("checks"))
        except PageError as error:
            raise self.CollectError(error.diagnostic.render()) from None
        names: Counter[str] = Counter()
        for row in result.rows:
            name = f"{row.line} {_squeezed(row.latex)}"
            names[name] += 1
            if names[name] > 1:
                name = f"{name} ({names[name]})"
            yield RelationItem.from_parent(self, name=name, row=row)
        problems = list(result.problems)
        if result.formulas and not result.claims:
            problems.append(_no_claim(result.path))
        yield PageItem.from_parent(self, name="page", problems=problems)

    def _name(self) -> str:
        """Return the path that messages show: from where pytest was started, so that an editor can follow it."""
        start = self.config.invocation_params.dir
        return str(self.path.relative_to(start)) if self.path.is_relative_to(start) else str(self.path)


class RelationItem(pytest.Item):
    """One relation; passes if there is nothing to complain about."""

    def __init__(self, *, row: Row, **kwargs: Any) -> None:
        """Keep the row."""
        super().__init__(**kwargs)
        self.row = row

    def runtest(self) -> None:
        """Raise if the relation fails; skip, for all to see, if it is exempt."""
        if not self.row.ok:
            raise RelationFailed(self.row.diagnostics)
        if self.row.expected == "unchecked":
            pytest.skip(f"unchecked: {self.row.message}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the diagnostics as they are shown everywhere, without a traceback."""
        return _shown(excinfo) or super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the place for editors, the line from 0."""
        return self.path, self.row.line - 1, f"line {self.name}"


class PageItem(pytest.Item):
    """What is wrong with a page but with none of its relations."""

    def __init__(self, *, problems: list[Diagnostic], **kwargs: Any) -> None:
        """Keep the problems."""
        super().__init__(**kwargs)
        self.problems = problems

    def runtest(self) -> None:
        """Raise if there are problems."""
        if self.problems:
            raise RelationFailed(self.problems)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the diagnostics as they are shown everywhere, without a traceback."""
        return _shown(excinfo) or super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the place for editors, the line from 0."""
        return self.path, self.problems[0].line - 1 if self.problems else 0, f"{self.path.name} as a page"


def _pages(config: pytest.Config) -> frozenset[Path]:
    """Return the configured pages that exist."""
    if _PAGES not in config.stash:
        root = _root(config)
        globs: list[str] = config.getini("bpdocs_pages")
        config.stash[_PAGES] = frozenset(Path(os.path.normpath(file)) for pattern in globs for file in root.glob(pattern))
    return config.stash[_PAGES]


def _root(config: pytest.Config) -> Path:
    """Return the folder from which the globs are seen."""
    return config.inipath.parent if config.inipath else config.rootpath


def _squeezed(latex: str) -> str:
    """Return LaTeX on one line and not too long; `::` would be read as a border between names."""
    line = " ".join(latex.split()).replace("::", ": :")
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _shown(excinfo: pytest.ExceptionInfo[BaseException]) -> str | None:
    return str(excinfo.value) if isinstance(excinfo.value, RelationFailed) else None


def _no_claim(path: str) -> Diagnostic:
    from bpdocs.diagnostic import Diagnostic

    return Diagnostic(path, 1, 1, 1, "no claim found", "a claim is an `=` between symbols that the page has defined")
