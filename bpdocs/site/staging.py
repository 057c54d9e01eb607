"""A site is built beside the last one and takes its place only when it is whole."""

from __future__ import annotations

import shutil
from pathlib import Path


class Staging:
    """The folder in which a build goes on while the last good site stays where it is."""

    def __init__(self, site: str) -> None:
        """Prepare an empty folder beside the site's."""
        self.site = Path(site).resolve()
        self.folder = self.site.parent / f".{self.site.name}.building"
        self.discard()

    def publish(self) -> None:
        """Put the new site in the place of the old; hidden files at its top (.git, of a published branch) stay."""
        old = self.site.parent / f".{self.site.name}.old"
        shutil.rmtree(old, ignore_errors=True)
        if self.site.exists():
            for hidden in self.site.glob(".*"):
                if not (self.folder / hidden.name).exists():
                    shutil.move(hidden, self.folder / hidden.name)
            try:
                self.site.rename(old)
            except OSError:  # a mount point, or a folder that somebody holds open: its content goes, it stays
                self._pour()
                return
        self.folder.rename(self.site)
        shutil.rmtree(old, ignore_errors=True)

    def discard(self) -> None:
        """Delete what was built so far."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _pour(self) -> None:
        for entry in [entry for entry in self.site.iterdir() if not entry.name.startswith(".")]:
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
        shutil.copytree(self.folder, self.site, dirs_exist_ok=True)
        self.discard()
