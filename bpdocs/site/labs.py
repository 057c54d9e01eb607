"""Notebooks as pages: mkdocs-jupyter finds and publishes them; here they are run, and rendered as every other page is.

Left to itself beside i18n, mkdocs-jupyter publishes notebooks as raw JSON, its Markdown cells never meet the site's own
Markdown, and each page carries 600 KB of JupyterLab's styles and asks another host for MathJax.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import mkdocs.utils
from mkdocs.config.defaults import MkDocsConfig
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from bpdocs.cache import Cache, digest, package_digest
from bpdocs.diagnostic import Diagnostic
from bpdocs.site.words import words

_OPEN, _CLOSE = "\ue0b2", "\ue0b3"
_PLACE = re.compile(f"<p>\\s*{_OPEN}(\\d+){_CLOSE}\\s*</p>")
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class Lab:
    """A notebook that was run: where code goes into the text of its Markdown cells, and the HTML of each code cell."""

    insertions: tuple[tuple[int, str], ...]
    cells: tuple[str, ...]
    script: str
    problem: Diagnostic | None


def prepare(config: MkDocsConfig) -> None:
    """Let MkDocs itself take a notebook for a page: i18n makes its files anew, without what mkdocs-jupyter wraps around them."""
    if plugin(config) is not None and ".ipynb" not in mkdocs.utils.markdown_extensions:
        extensions: Any = mkdocs.utils  # its type counts the endings that it ships
        extensions.markdown_extensions = (*mkdocs.utils.markdown_extensions, ".ipynb")


def plugin(config: MkDocsConfig) -> Any:
    """Return the plugin mkdocs-jupyter, if the site has it."""
    return config.plugins.get("mkdocs-jupyter")


def run(text: str, path: str, settings: Mapping[str, Any], limit: float) -> Lab:
    """Return the notebook, run by the settings of mkdocs-jupyter; a cell may take `limit` seconds."""
    import jupytext
    import nbformat

    source = nbformat.reads(text, as_version=4)
    notebook, problem = source, None
    if settings["execute"]:
        cache, key = Cache("labs"), digest(package_digest(), text, str(settings["kernel_name"]))
        stored = cache.get(key)
        if stored is not None:
            notebook = nbformat.reads(stored.decode(), as_version=4)
        else:
            notebook, problem = _execute(nbformat.reads(text, as_version=4), text, path, settings, limit)
            if problem is None:
                cache.put(key, nbformat.writes(notebook).encode())
    cells: list[Any] = []
    insertions, at = [], 0
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            at += len(cell.source.replace("\r\n", "\n")) + 2
        elif cell.cell_type == "code" and cell.source.strip():
            insertions.append((max(0, at - 1), f"\n\n{_OPEN}{len(cells)}{_CLOSE}\n\n"))
            cells.append(_cell(cell))
    return Lab(tuple(insertions), tuple(cells), jupytext.writes(source, fmt="py:percent"), problem)


def fill(html: str, lab: Lab, name: str, language: str) -> str:
    """Return the content with the code cells in their places, and the downloads under its title."""
    html = _PLACE.sub(lambda found: lab.cells[int(found[1])], html)
    links = downloads(name, language)
    return html.replace("</h1>", f"</h1>\n{links}", 1) if "</h1>" in html else links + html


def downloads(name: str, language: str) -> str:
    """Return the links to the notebook and to the script made from it; both stand beside the page."""
    say = words(language)
    names = ((name, say["notebook"]), (Path(name).with_suffix(".py").name, say["script"]))
    links = " ".join(f'<a href="{escape(file)}" download>{escape(file)} <small>{what}</small></a>' for file, what in names)
    return f'<p class="bp-download" data-search-exclude><strong>{say["download"]}</strong> {links}</p>\n'


def publish(lab: Lab, notebook: Path, folder: Path) -> None:
    """Write the script beside the page, as mkdocs-jupyter does the notebook."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / notebook.with_suffix(".py").name).write_text(lab.script, encoding="utf-8")


def _execute(notebook: Any, text: str, path: str, settings: Mapping[str, Any], limit: float) -> tuple[Any, Diagnostic | None]:
    from mkdocs_jupyter.nbconvert2 import get_nbconvert_app
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from nbconvert.preprocessors import ExecutePreprocessor

    app = get_nbconvert_app(execute=True, kernel_name=settings["kernel_name"], allow_errors=settings["allow_errors"])
    runner = ExecutePreprocessor(config=app.config, timeout=int(limit))
    try:
        runner.preprocess(notebook, {"metadata": {"path": str(Path(path).parent)}})
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        return notebook, _diagnostic(notebook, text, path, error, limit)
    return notebook, None


def _diagnostic(notebook: Any, text: str, path: str, error: Exception, limit: float) -> Diagnostic:
    """Return where in the file the failing line stands, and what it raised."""
    name, value = getattr(error, "ename", ""), getattr(error, "evalue", "")
    message = f"{name}: {value}" if name else f"this cell did not end within {limit:g} s"
    ran = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.execution_count is not None]
    failed = [i for i, cell in enumerate(notebook.cells) if any(out.output_type == "error" for out in cell.get("outputs", []))]
    index = (failed or [next((i for i, c in enumerate(notebook.cells) if c.cell_type == "code" and i > max(ran, default=-1)), 0)])[0]
    at = re.findall(r"Cell In\[\d+\], line (\d+)", _ANSI.sub("", str(getattr(error, "traceback", ""))))
    within = int(at[-1]) - 1 if at else 0
    line, source = _file_line(text, notebook, index, within)
    return Diagnostic(path, line, 1, max(1, len(source)), message, "", source)


def _file_line(text: str, notebook: Any, index: int, within: int) -> tuple[int, str]:
    """Return the line of the file on which a cell's line stands, and that line."""
    lines, at = text.split("\n"), 0
    for number, cell in enumerate(notebook.cells[: index + 1]):
        for count, line in enumerate(cell.source.split("\n")):
            wanted = {json.dumps(line, ensure_ascii=False)[1:-1], json.dumps(line)[1:-1]}
            at = next((i for i in range(at, len(lines)) if any(one in lines[i] for one in wanted)), at)
            if number == index and count == within:
                return at + 1, line
    return at + 1, ""


def _cell(cell: Any) -> str:
    code = highlight(cell.source, PythonLexer(), HtmlFormatter(cssclass="highlight", wrapcode=True))
    outputs = "".join(_output(output) for output in cell.get("outputs", []))
    return f'<div class="bp-cell">{code}{f"""<div class="bp-outputs">{outputs}</div>""" if outputs else ""}</div>'


def _output(output: Any) -> str:
    """Return one output, in the richest form that a page can show without a script."""
    if output.output_type == "stream":
        return f'<pre class="bp-output bp-{output.name}">{escape(_ANSI.sub("", output.text))}</pre>'
    if output.output_type == "error":
        return f'<pre class="bp-output bp-stderr">{escape(_ANSI.sub("", chr(10).join(output.traceback)))}</pre>'
    data = output.get("data", {})
    if "image/svg+xml" in data:
        return f'<figure class="bp-figure">{data["image/svg+xml"][max(0, data["image/svg+xml"].find("<svg")) :]}</figure>'
    if "text/html" in data:
        return f'<div class="bp-output bp-html">{data["text/html"]}</div>'
    for kind in ("image/png", "image/jpeg"):
        if kind in data:
            alt = escape(data.get("text/plain", ""))
            return f'<figure class="bp-figure"><img src="data:{kind};base64,{data[kind].strip()}" alt="{alt}"></figure>'
    return f'<pre class="bp-output">{escape(data["text/plain"])}</pre>' if "text/plain" in data else ""
