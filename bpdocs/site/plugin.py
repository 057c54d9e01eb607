"""The MkDocs plugin `bpdocs`: pages are checked while they are built, and a site with a fault on it is not published."""

from __future__ import annotations

import logging
from fnmatch import fnmatch
from pathlib import Path
from typing import Literal

import markdown
from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page as SitePage
from mkdocs.utils import CountHandler

from bpdocs import pairing
from bpdocs.check import PageReport
from bpdocs.diagnostic import Diagnostic, PageError
from bpdocs.inputs import read_text
from bpdocs.mutate import cached_score
from bpdocs.page import read_page
from bpdocs.site import extensions, labs, languages, search, theme
from bpdocs.site.checks import Checks, without_claim
from bpdocs.site.fences import Fences
from bpdocs.site.katex import Typesetter
from bpdocs.site.markers import MARKER, mark, marker
from bpdocs.site.maths import PageMaths
from bpdocs.site.staging import Staging

log = logging.getLogger("mkdocs.plugins.bpdocs")


class BpdocsConfig(Config):
    """The plugin's settings in mkdocs.yml."""

    style = config_options.Choice(("plain", "textbook"), default="plain")
    time_limit = config_options.Type((int, float), default=60)
    exclude = config_options.ListOfItems(config_options.Type(str), default=[])


class BpdocsPlugin(BasePlugin[BpdocsConfig]):
    """One instance lives as long as the command; i18n builds the site once a language, one build inside the other."""

    def __init__(self) -> None:
        """Open the caches."""
        self._serving = self._dirty = False
        self._checks = Checks()
        self._typesetter = Typesetter()
        self._depth = 0
        self._staging: Staging | None = None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Learn whether to fail or to show; MkDocs keeps a plugin that has this event over all rebuilds."""
        self._serving, self._dirty = command == "serve", dirty

    @event_priority(100)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Prepare Markdown and theme; the outermost build also gets a folder of its own."""
        self._depth += 1
        if self._depth > 1:
            return config
        self._problems: dict[str, list[Diagnostic]] = {}
        self._maths: dict[str, PageMaths] = {}
        self._labs: dict[str, labs.Lab] = {}
        self._fences = Fences(float(self.config.time_limit))
        extensions.prepare(config, self._fences, lambda text: MARKER.sub(lambda found: self._current.plain(int(found[1])), text))
        theme.prepare(config, self.config.style)
        labs.prepare(config)
        if not self._serving and not self._dirty:
            self._staging = Staging(config.site_dir)
            config.site_dir = str(self._staging.folder)
        return config

    @event_priority(-200)
    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Set up the search after everybody else, and look for pages that are missing in one language."""
        search.configure(config)
        if self._depth == 1:
            first, *others = languages.folders(config) or [Path()]
            for other in others:
                for found in pairing.missing(_sources(first), _sources(other)):
                    self._note(found.path, [found])

    @event_priority(100)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add our own files."""
        theme.add_files(files, config, self.config.style)
        return files

    def on_page_read_source(self, *, page: SitePage, config: MkDocsConfig) -> str | None:
        """Check the page; return its source with a marker in the place of each formula."""
        path, uri = _path(page), page.file.src_uri
        if not uri.endswith((".md", ".ipynb")):
            return None  # a script that mkdocs-jupyter takes for a page
        loose: list[Diagnostic] = []
        try:
            text = read_text(Path(path)) if page.file.abs_src_path else page.file.content_string
            checked = not any(fnmatch(uri, pattern) for pattern in self.config.exclude)
            report = self._checks.report(text, path) if checked else PageReport(read_page(text, path), (), ())
            loose = [*self._differences(report, page, config), *without_claim(report)]
        except PageError as error:
            text = "" if uri.endswith(".ipynb") else page.file.content_string if not page.file.abs_src_path else _lossy(path)
            report, loose = PageReport(read_page("", "unread.md"), (), ()), [error.diagnostic]
        self._note(path, [*report.diagnostics, *loose])
        score = cached_score(text, path)
        language = languages.language_of(page.file, config)
        maths = PageMaths(report, self._typesetter, score.by_relation if score else None, language, loose)
        self._maths[uri] = self._current = maths
        self._note(path, maths.problems)

        def printed(output: str) -> str:
            inner = read_page(output, "printed.md")
            first = maths.add(inner)
            marked = MARKER.sub(lambda found: marker(int(found[1]) + first), mark(inner))
            return markdown.Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs or {}).convert(marked)

        self._fences.begin(path, report.page.text, language, printed)
        jupyter = labs.plugin(config)
        if uri.endswith(".ipynb") and jupyter is not None and text:
            page.__dict__.pop("render", None)  # mkdocs-jupyter's own, which knows nothing of the site's Markdown
            lab = self._labs[uri] = labs.run(text, path, jupyter.config, float(self.config.time_limit))
            if lab.problem:
                self._note(path, [lab.problem])
                maths.fail(lab.problem)
            return mark(report.page, lab.insertions)
        return mark(report.page) if report.page.text else text

    def on_page_content(self, html: str, *, page: SitePage, config: MkDocsConfig, files: Files) -> str | None:
        """Put the formulas into the content, as text for now: the search index reads it from here."""
        maths = self._maths.get(page.file.src_uri)
        if maths is None:
            return None
        self._note(_path(page), self._fences.problems)
        if page.title and MARKER.search(str(page.title)):
            page.title = MARKER.sub(lambda found: maths.plain(int(found[1])), str(page.title))
        if page.present_anchor_ids is not None:
            page.present_anchor_ids |= maths.anchors
        content = maths.content(html)
        if lab := self._labs.get(page.file.src_uri):
            content = labs.fill(content, lab, Path(_path(page)).name, languages.language_of(page.file, config))
        return content

    @event_priority(-200)
    def on_post_page(self, output: str, *, page: SitePage, config: MkDocsConfig) -> str:
        """Put the typeset formulas into the finished page."""
        maths = self._maths.get(page.file.src_uri)
        if lab := self._labs.get(page.file.src_uri):
            labs.publish(lab, Path(_path(page)), Path(page.file.abs_dest_path).parent)
        return theme.finish(maths.finish(output) if maths else output, page.url, config)

    @event_priority(-200)
    def on_post_template(self, output: str, *, template_name: str, config: MkDocsConfig) -> str:
        """Finish pages that have no Markdown behind them (404)."""
        return theme.finish(output, None, config) if template_name.endswith(".html") else output

    @event_priority(-1000)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Fail if anything is to be mended, naming all of it; else let the new site take the place of the old."""
        self._depth -= 1
        if self._depth:
            return
        search.split(config)
        problems = [found for path in sorted(self._problems) for found in self._problems[path]]
        if self._serving:
            for found in problems:
                log.log(logging.INFO if config.strict else logging.WARNING, "%s", found.render())
            return
        if problems:
            count = f"{len(problems)} problem" + ("s" if len(problems) > 1 else "")
            kept = "; the last good site is kept" if self._staging and self._staging.site.exists() else ""
            raise PluginError("\n\n".join(["", *(found.render() for found in problems), f"bpdocs: {count}{kept}"]))
        if self._staging and not _warned(config):
            self._staging.publish()
            config.site_dir = str(self._staging.site)

    def on_build_error(self, *, error: Exception) -> None:
        """Forget the half-built site."""
        self._depth = 0
        if self._staging:
            self._staging.discard()

    def _differences(self, report: PageReport, page: SitePage, config: MkDocsConfig) -> list[Diagnostic]:
        """Return what this page says otherwise than the page of which it is a translation."""
        found = languages.original(Path(page.file.abs_src_path), config) if page.file.abs_src_path else None
        if found is None:
            return []
        try:
            return pairing.compare(self._checks.report(read_text(Path(_shown(found))), _shown(found)), report)
        except PageError:
            return []  # said at its own place

    def _note(self, path: str, found: list[Diagnostic]) -> None:
        kept = self._problems.setdefault(path, [])
        kept += [one for one in found if one not in kept]
        kept.sort(key=lambda one: (one.line, one.column))


def _warned(config: MkDocsConfig) -> bool:
    """Return whether a strict build has met a warning, and will be aborted after us."""
    counters = [handler for handler in logging.getLogger("mkdocs").handlers if isinstance(handler, CountHandler)]
    return bool(config.strict) and any(counter.get_counts() for counter in counters)


def _path(page: SitePage) -> str:
    """Return the path of a page as messages say it."""
    return _shown(Path(page.file.abs_src_path)) if page.file.abs_src_path else page.file.src_uri


def _shown(path: Path) -> str:
    """Return a path relative to the current folder, if it is in there."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _sources(folder: Path) -> list[str]:
    """Return the pages below a language's folder."""
    return sorted(_shown(path) for ending in ("*.md", "*.ipynb") for path in folder.rglob(ending) if ".ipynb_checkpoints" not in path.parts)


def _lossy(path: str) -> str:
    return Path(path).read_text(encoding="utf-8", errors="replace") if Path(path).is_file() else ""
