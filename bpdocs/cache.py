"""A content-addressed store on disk, shared by checks, code blocks and formulas; losing it costs time, never a right answer."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from contextlib import suppress
from functools import lru_cache
from importlib import metadata
from pathlib import Path

_LIMIT = 256 * 2**20
_CHECKSUM = hashlib.sha256().digest_size
_FRESH = 3600.0  # seconds for which an entry's time is not renewed: a hit should not cost a write


class Cache:
    """Bytes by key under `.cache/bpdocs/<name>` of the current folder, or under `$BPDOCS_CACHE/<name>`."""

    def __init__(self, name: str, limit: int = _LIMIT) -> None:
        """Bind the folder; nothing is made on disk before the first `put`."""
        home = os.environ.get("BPDOCS_CACHE") or Path(".cache", "bpdocs")
        self.root = Path(home).absolute() / name
        self.limit = limit
        self._unseen = limit  # bytes written since the folder was last measured; at first, it may hold any number

    def get(self, key: str) -> bytes | None:
        """Return what was put under the key, or None; a damaged entry counts as none."""
        path = self._path(key)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        checksum, value = content[:_CHECKSUM], content[_CHECKSUM:]
        if hashlib.sha256(value).digest() != checksum:
            return None
        with suppress(OSError):
            _renew(path)
        return value

    def put(self, key: str, value: bytes) -> None:
        """Store the value, whole or not at all; a disk that is full or read-only is no error, only slower."""
        path = self._path(key)
        with suppress(OSError):
            if not path.parent.is_dir():
                path.parent.mkdir(parents=True, exist_ok=True)
                _keep_out_of_git(self.root)
            _write(path, hashlib.sha256(value).digest() + value)
            self._unseen += len(value) + _CHECKSUM
            if self._unseen > self.limit // 16:
                self._unseen = 0
                _prune(self.root, self.limit)

    def _path(self, key: str) -> Path:
        """Return the file of a key, whatever characters the key has."""
        name = digest(key)
        return self.root / name[:2] / name[2:]


def digest(*parts: bytes | str) -> str:
    """Return the SHA-256 of the parts, in hex; each part's length counts, so that ("ab", "c") and ("a", "bc") differ."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        total.update(b"%d:" % len(data))
        total.update(data)
    return total.hexdigest()


@lru_cache(maxsize=1)
def package_digest() -> str:
    """Return a digest of everything that a verdict rests on besides the page: bpdocs' own code, Python, numpy and SymPy."""
    root = Path(__file__).parent
    sources = sorted((path.relative_to(root).as_posix(), path) for path in root.rglob("*.py"))
    parts: list[bytes | str] = [sys.version]
    for name in ("numpy", "sympy"):
        with suppress(metadata.PackageNotFoundError):
            parts += [name, metadata.version(name)]
    for name, path in sources:
        parts += [name, path.read_bytes()]
    return digest(*parts)


def _write(path: Path, content: bytes) -> None:
    """Write a file so that a reader, or a second writer, sees the old one or the new one, never a half."""
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        part.replace(path)
    finally:
        # After Ctrl-C, or if the disk is full, the half file goes; after the replacement there is none.
        part.unlink(missing_ok=True)


def _renew(path: Path) -> None:
    """Mark an entry as used, so that the oldest by time is also the longest unused."""
    now = time.time()
    if now - path.stat().st_mtime > _FRESH:
        os.utime(path, (now, now))


def _prune(root: Path, limit: int) -> None:
    """Delete the longest unused entries until three quarters of the limit are left, if the folder is over it."""
    entries = []
    for path in root.glob("*/*"):
        with suppress(OSError):  # another process may prune at the same time
            status = path.stat()
            entries.append((status.st_mtime, status.st_size, path))
    total = sum(size for _, size, _ in entries)
    if total <= limit:
        return
    for _, size, path in sorted(entries):
        if total <= limit * 3 // 4:
            break
        with suppress(OSError):
            path.unlink(missing_ok=True)
            total -= size


def _keep_out_of_git(folder: Path) -> None:
    """Write the file that keeps the store out of the author's repository."""
    mark = folder / ".gitignore"
    if not mark.exists():
        mark.write_text("*\n", encoding="utf-8")
