"""A Chromium that runs on this machine: found, or installed where that is possible.

    $ python -m bpdocs.chromium
    /usr/bin/chromium

The book prints with it and the tests read pages with it. `find` only looks; `obtain` (and the command) installs what is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

VARIABLE = "BPDOCS_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = ("/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
DOWNLOAD_SECONDS = 60
# A browser for local pages only: no sandbox (tests run as root in containers) and no calls to its maker.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


class ChromiumError(RuntimeError):
    """No Chromium that runs; the message is one sentence that says what to do."""


def find() -> Path | None:
    """Return the path of the first Chromium here that runs, or None.

    $BPDOCS_CHROMIUM, if set, is the only candidate; a ChromiumError says so if it does not run.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if not runs(named):
            raise ChromiumError(f"${VARIABLE} names {named}, which does not run: name a Chromium or Chrome, or unset it.")
        return Path(named)
    return next((Path(path) for path in _candidates() if runs(path)), None)


def obtain() -> Path:
    """Return the path of a Chromium that runs, installed first if there is none; raise ChromiumError if that fails."""
    found = find()
    debian = os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get") is not None
    if found is None and debian:
        _say("no Chromium here: installing it with apt-get")
        _apt_install()
        found = find()
    if found is None and find_spec("playwright"):
        _say(f"no Chromium here: asking Playwright for one ({DOWNLOAD_SECONDS} seconds at most)")
        playwright = [sys.executable, "-m", "playwright"]
        if debian:
            _attempt([*playwright, "install-deps", "chromium"], 300)
        _attempt([*playwright, "install", "chromium"], DOWNLOAD_SECONDS)
        found = find()
    if found is None:
        raise ChromiumError(f"No Chromium found: install one (on Debian: apt-get install chromium), or put the path of one in ${VARIABLE}.")
    return found


def runs(path: str | Path) -> bool:
    """Return whether `path` answers `--version` like a browser (Ubuntu's package is a stub that asks for a snap)."""
    try:
        answer = subprocess.run([str(path), "--version"], capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and any(name in answer.stdout for name in ("Chromium", "Chrome"))


def _candidates() -> Iterator[str]:
    for name in NAMES:
        path = shutil.which(name)
        if path:
            yield path
    yield from (path for path in APPLICATIONS if Path(path).exists())
    if find_spec("playwright"):
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            yield playwright.chromium.executable_path


def _apt_install() -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _attempt(["apt-get", "update", "-q"], 300, environment)
    _attempt(["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"], 900, environment)


def _attempt(command: list[str], seconds: int, environment: dict[str, str] | None = None) -> None:
    """Run `command`, its output on stderr; a failure is left to the next `find`."""
    try:
        subprocess.run(command, stdout=sys.stderr, stdin=subprocess.DEVNULL, timeout=seconds, env=environment, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        _say(f"{command[0]} did not help: {error}")


def _say(text: str) -> None:
    print(f"==> {text}", file=sys.stderr, flush=True)


def main() -> int:
    """Return 0 after printing the path of a Chromium that runs, 1 after saying why there is none."""
    try:
        print(obtain())
    except ChromiumError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
