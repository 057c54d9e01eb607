"""The search for a Chromium: what runs is taken, a stub is not, and nothing found is one clear sentence."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bpdocs import chromium


def program(path: Path, text: str, status: int = 0) -> Path:
    path.write_text(f"#!/bin/sh\necho '{text}'\nexit {status}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def nothing_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without browser, without apt and without Playwright; the PATH is tmp_path and the shell's."""
    monkeypatch.delenv(chromium.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "APPLICATIONS", ())
    monkeypatch.setattr(chromium, "find_spec", lambda name: None)


def test_the_first_that_runs_is_found(tmp_path: Path) -> None:
    program(tmp_path / "chromium", "requires the chromium snap to be installed", 1)
    program(tmp_path / "chromium-browser", "a shell script that is no browser")
    wanted = program(tmp_path / "google-chrome", "Google Chrome 156.0")
    assert chromium.find() == wanted


def test_the_variable_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "chromium", "Chromium 156.0")
    wanted = program(tmp_path / "mine", "Chromium 150.0")
    monkeypatch.setenv(chromium.VARIABLE, str(wanted))
    assert chromium.find() == wanted


def test_a_variable_that_names_no_browser_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "chromium", "Chromium 156.0")
    monkeypatch.setenv(chromium.VARIABLE, str(tmp_path / "absent"))
    with pytest.raises(chromium.ChromiumError, match="absent, which does not run"):
        chromium.find()


def test_nothing_found_is_one_sentence_and_a_failure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert chromium.find() is None
    assert chromium.main() == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err == ("No Chromium found: install one (on Debian: apt-get install chromium), or put the path of one in $BPDOCS_CHROMIUM.\n")


def test_root_on_debian_installs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = tmp_path / "steps"
    apt = program(tmp_path / "apt-get", "")
    apt.write_text(
        f'#!/bin/sh\necho "$1" >> {steps}\n[ "$1" = install ] && echo "#!/bin/sh\necho Chromium 156" > {tmp_path}/chromium\n',
        encoding="utf-8",
    )
    program(tmp_path / "chromium", "stub", 1)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert chromium.obtain() == tmp_path / "chromium"
    assert steps.read_text(encoding="utf-8").split() == ["update", "install"]


def test_the_browser_of_this_machine_opens_a_page(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<title>역전파</title>")
    assert page.title() == "역전파"
    page.close()
