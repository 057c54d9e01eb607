"""What a site does with a fault on a page."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFIG = "site_name: t\nplugins: [bpdocs]\nmarkdown_extensions: [pymdownx.arithmatex: {generic: true}]\n"
RIGHT = "# t\n\n$$\ny = w x\n$$\n\n$$\n\\frac{\\partial y}{\\partial w} = x\n$$\n"
FAULTS = {
    "a wrong formula": (RIGHT.replace("} = x", "} = w"), "index.md:8:33"),
    "an unknown symbol": (RIGHT.replace("} = x", "} = q"), "index.md:8"),
    "broken LaTeX": (RIGHT.replace("{\\partial w}", "{\\partial w"), "index.md:8"),
    "a block that raises": (RIGHT + '\n```python exec="on"\n1 / 0\n```\n', "index.md:12"),
}


def build(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Return the outcome of a strict build of a site of one page."""
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "mkdocs.yml").write_text(CONFIG)
    (folder / "docs/index.md").write_text(text)
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "BPDOCS_CACHE": str(folder / "cache")}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_a_right_page_is_published_on_somebody_elses_site(tmp_path: Path) -> None:
    outcome = build(tmp_path, RIGHT)
    assert outcome.returncode == 0, outcome.stderr
    assert 'class="katex-display"' in (tmp_path / "site/index.html").read_text()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_fails_the_build_and_keeps_the_last_good_site(tmp_path: Path, fault: str) -> None:
    assert build(tmp_path, RIGHT).returncode == 0
    before = (tmp_path / "site/index.html").read_bytes()
    text, place = FAULTS[fault]
    outcome = build(tmp_path, text)
    assert outcome.returncode != 0
    assert place in outcome.stdout + outcome.stderr
    assert (tmp_path / "site/index.html").read_bytes() == before


def test_a_block_that_reads_other_files_is_run_again_when_they_change(tmp_path: Path) -> None:
    block = 'from pathlib import Path\nprint("it says " + (Path(__file__).parent / "word.txt").read_text())\n'
    text = f'{RIGHT}\n```python exec="on" reads="*.txt"\n{block}```\n\n```python exec="on"\nprint("after", Path(__file__).name)\n```\n'
    for word in ("first", "second"):
        (tmp_path / "docs").mkdir(exist_ok=True)
        (tmp_path / "docs/word.txt").write_text(word)
        outcome = build(tmp_path, text)
        assert outcome.returncode == 0, outcome.stderr
        page = (tmp_path / "site/index.html").read_text()
        assert f"it says {word}" in page
        assert "after index.md" in page
