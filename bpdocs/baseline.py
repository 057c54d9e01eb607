"""What is unread today, kept in a file, so that a text that is not wholly read yet can be held to "nothing new"."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from bpdocs.diagnostic import PageError, Span, diagnostic_at
from bpdocs.inputs import STDIN, read_text
from bpdocs.results import Result, allow


def apply(results: Sequence[Result], name: str, complete: bool = True) -> list[Result]:
    """Return the results with what the file lists excused; a file that does not exist is written first, if the results are complete."""
    file = Path(name)
    if not file.exists():
        if complete:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(entries(results, file), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        return excuse(results, entries(results, file), file)
    return excuse(results, read(file), file)


def entries(results: Sequence[Result], file: Path) -> list[dict[str, str]]:
    """Return what is unread in the results, as the file keeps it: by path, seen from the file's folder, and LaTeX."""
    return [{"path": _relative(result.path, file), "latex": row.latex} for result in results for row in result.rows if not row.ok and row.verdict == "unread"]


def read(file: Path) -> list[dict[str, str]]:
    """Return the entries of a baseline file; raise PageError if it is not one."""
    text = read_text(file)
    try:
        data = json.loads(text)
        return [{"path": str(entry["path"]), "latex": str(entry["latex"])} for entry in data]
    except json.JSONDecodeError as error:
        raise PageError(diagnostic_at(str(file), text, Span(error.pos, error.pos + 1), f"not JSON: {error.msg}")) from None
    except (KeyError, TypeError):
        raise PageError(diagnostic_at(str(file), text, Span(0, 1), 'not a baseline: a list of {"path", "latex"} is wanted')) from None


def excuse(results: Sequence[Result], known: Sequence[dict[str, str]], file: Path) -> list[Result]:
    """Return the results with the known unread relations excused."""
    by_path: dict[str, list[str]] = defaultdict(list)
    for entry in known:
        by_path[entry["path"]].append(entry["latex"])
    return [allow(result, by_path[_relative(result.path, file)]) for result in results]


def _relative(path: str, file: Path) -> str:
    """Return the path as seen from the baseline's folder, so that it does not matter where the command is run."""
    if path == STDIN:
        return path
    return Path(os.path.relpath(path, file.parent)).as_posix()
