"""The pages that a command line names: files, folders, standard input; what cannot be read becomes a diagnostic, and the rest goes on."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bpdocs.diagnostic import Diagnostic, PageError, Span, diagnostic_at

STDIN = "-"
_SUFFIXES = (".md", ".ipynb")
_FOREIGN = ("node_modules", "site-packages", "dist-packages", "__pycache__", "__pypackages__")


@dataclass(frozen=True)
class Source:
    """One text to be read, under the name that messages use."""

    path: str
    text: str


def gather(paths: Iterable[str]) -> tuple[list[Source], list[Diagnostic]]:
    """Return the texts that the paths name, each once, and a diagnostic for everything that cannot be read."""
    sources: list[Source] = []
    errors: list[Diagnostic] = []
    seen: set[Path] = set()
    for name in paths:
        try:
            if name == STDIN:
                sources.append(Source(STDIN, decode(sys.stdin.buffer.read(), STDIN)))
                continue
            files = list(pages_in(Path(name))) if Path(name).is_dir() else [Path(name)]
        except PageError as error:
            errors.append(error.diagnostic)
            continue
        for file in files:
            if (key := file.absolute()) in seen:
                continue
            seen.add(key)
            try:
                sources.append(Source(str(file), read_text(file)))
            except PageError as error:
                errors.append(error.diagnostic)
    return sources, errors


def pages_in(folder: Path) -> Iterator[Path]:
    """Yield the pages under a folder in sorted order, without hidden folders and those that hold other people's packages."""
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        raise PageError(_unreadable(str(folder), error)) from None
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            # A link may lead back up; an environment made by venv has this file, whatever its folder is called.
            if not (entry.is_symlink() or entry.name in _FOREIGN or (entry / "pyvenv.cfg").exists()):
                yield from pages_in(entry)
        elif entry.suffix in _SUFFIXES and entry.is_file():
            yield entry


def read_text(path: Path, name: str = "") -> str:
    """Return the text of a file; raise PageError, by the given name or the path, if there is none, or if it is not UTF-8."""
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        raise PageError(_unreadable(name or str(path), error)) from None
    return decode(data, name or str(path))


def taken(path: Path) -> bytes:
    """Return the bytes of a file that a page, and not the reader, has named: raise OSError for what is no file, such as a pipe that never ends."""
    if not path.is_file():
        raise FileNotFoundError(path)
    return path.read_bytes()


def decode(data: bytes, path: str) -> str:
    """Return the bytes as text; raise PageError, with the place of the first bad byte, if they are not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        text = before + data[error.start :].decode("utf-8", "replace")
        message = f"not UTF-8: byte 0x{data[error.start]:02x}"
        at = Span(len(before), len(before) + 1)
        raise PageError(diagnostic_at(path, text, at, message, _mend(data))) from None


def _mend(data: bytes) -> str:
    """Return what to do about bytes that are not UTF-8, with the encoding that they seem to be in."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "it is UTF-16: save it as UTF-8"
    try:
        data.decode("cp949")
    except UnicodeDecodeError:
        return "save it as UTF-8"
    return "it may be CP949 (EUC-KR): iconv -f CP949 -t UTF-8, or save it as UTF-8"


def _unreadable(path: str, error: Exception) -> Diagnostic:
    if isinstance(error, FileNotFoundError):
        why = "no such file or folder"
    else:
        why = (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
    return Diagnostic(path, 1, 1, 1, why)
