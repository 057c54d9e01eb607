"""Fixtures that tests share: a Chromium, a browser driven by Playwright, the built site, and a server for it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, sync_playwright

from bpdocs import chromium as chromium_here

ROOT = Path(__file__).resolve().parent.parent
SUBPATH = "/repo/"


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The path of a Chromium that runs; the test fails (it is not skipped) if there is none."""
    return chromium_here.obtain()


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    """A headless browser; open pages with `browser.new_page()` or in a context of their own, and close them."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=[*chromium_here.ARGUMENTS])
        yield running
        running.close()


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a strict build of the real docs, made once for all workers."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    site, log = shared / "built-site", shared / "built-site.log"
    with FileLock(shared / "built-site.lock"):
        if not log.exists():
            command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)]
            environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
            run = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            log.write_text(f"{run.returncode}\n{run.stdout}", encoding="utf-8")
    status, _, output = log.read_text(encoding="utf-8").partition("\n")
    if status != "0":
        pytest.fail(f"mkdocs build --strict ended with {status}:\n{output}", pytrace=False)
    return site


@pytest.fixture(scope="session")
def site_server(built_site: Path) -> Iterator[str]:
    """The address of the built site, served under a subpath as on a project's pages: `http://127.0.0.1:<port>/repo/`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(built_site))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}{SUBPATH}"
        server.shutdown()
        thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    """Serves its folder under SUBPATH and nothing elsewhere, so that a link that ignores the subpath is a 404."""

    def translate_path(self, path: str) -> str:
        if not path.startswith(SUBPATH):
            return str(Path(self.directory) / "outside-the-subpath")
        return super().translate_path(path[len(SUBPATH) - 1 :])

    def log_message(self, format: str, *args: object) -> None:
        pass
