"""Work on many pages: order, processes, the bar, Ctrl-C, and two runs at once."""

import io
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from bpdocs import working
from bpdocs.diagnostic import Diagnostic, PageError
from bpdocs.inputs import Source
from bpdocs.working import Bar, each

SOURCES = [Source(f"p{number}", str(number)) for number in range(9)]
GOOD = "$$\ny = w x\n$$\n\n$$\n\\frac{\\partial y}{\\partial w} = x\n$$\n"
# A page that takes some seconds, so that a run on it can be stopped in its midst.
SLOW = "Letters $k = 1, \\dots, c$.\n\n$$s = \\sum_{k=1}^{c} u_k^2$$\n\n" + "".join(f"$$\\frac{{\\partial s}}{{\\partial u_k}} = 2 u_k + {n} - {n}$$\n\n" for n in range(2, 700))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def work(source: Source) -> str:
    """Slower for the first ones, so that the order is not that in which the work ends."""
    time.sleep(0.02 * (9 - int(source.text)))
    if source.text == "3":
        raise PageError(Diagnostic("p3", 1, 1, 1, "no"))
    if source.text == "5":
        raise RuntimeError("broken")
    return source.path * 2


@pytest.mark.parametrize("jobs", [1, 3])
def test_the_order_is_that_of_the_sources_and_no_fault_stops_the_rest(jobs: int) -> None:
    found = list(each(SOURCES, work, jobs))
    assert [done.result for done in found] == [None if number in (3, 5) else f"p{number}p{number}" for number in range(9)]
    assert found[3].unreadable == Diagnostic("p3", 1, 1, 1, "no")
    assert "RuntimeError: broken" in found[5].crash


def test_a_bar_is_shown_on_a_terminal_that_waits_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "_QUIET", 0.0)
    terminal = Terminal()
    assert len(list(each(SOURCES, work, stream=terminal))) == 9
    assert "\r##......................" in terminal.getvalue()
    assert " 9 of 9 pages" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize(("quiet", "stream", "total"), [(0.0, io.StringIO(), 9), (60.0, Terminal(), 9), (0.0, Terminal(), 1)])
def test_no_bar_in_a_file_nor_for_what_is_done_at_once(quiet: float, stream: io.StringIO, total: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "_QUIET", quiet)
    bar = Bar(total, stream)
    bar.step()
    bar.clear()
    assert stream.getvalue() == ""


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bpdocs.cli", "check", *arguments]


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "BPDOCS_CACHE": str(folder / "cache")}


def test_several_jobs_say_the_same_as_one(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"p{number}.md").write_text(GOOD.replace("= x\n", "= 2 x\n") if number % 3 == 0 else GOOD)
    runs = [subprocess.run([*command(".", "--no-cache", "--jobs", jobs)], cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, check=False) for jobs in "13"]
    assert [run.returncode for run in runs] == [1, 1], runs[1].stderr
    assert runs[0].stdout == runs[1].stdout
    assert runs[1].stdout.count("disagree") == 3
    assert runs[1].stderr == ""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_a_run_at_once_and_leaves_no_half_of_anything(tmp_path: Path, jobs: str) -> None:
    for number in range(4):
        (tmp_path / f"p{number}.md").write_text(SLOW + f"{number}")
    run = subprocess.Popen(command(".", "--jobs", jobs), cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    time.sleep(2.0)
    assert run.poll() is None, "the pages are not slow enough to be stopped"
    os.killpg(run.pid, signal.SIGINT)  # as the terminal does: to every process of the run
    out, err = run.communicate(timeout=20)
    assert (run.returncode, out, err) == (130, "", "")
    assert [path for path in (tmp_path / "cache").rglob("*") if path.name.endswith(".part")] == []
    end = time.monotonic() + 10
    while (left := alive(run.pid)) and time.monotonic() < end:
        time.sleep(0.1)
    assert left == []


def alive(group: int) -> list[str]:
    """The processes of a group that still run; what nobody has buried yet does not."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            name, state, _, its_group, *_ = path.read_text().partition("(")[2].replace(")", " ").split(maxsplit=4)
            found += [name] if int(its_group) == group and state != "Z" else []
    return found


def test_two_checks_at_once_do_not_harm_each_other(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"p{number}.md").write_text(GOOD + f"\n{number}\n")
    for _ in range(2):  # into an empty cache, and out of a full one
        runs = [subprocess.Popen(command(".", "--jobs", "2"), cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
        found = [run.communicate(timeout=60) for run in runs]
        assert [run.returncode for run in runs] == [0, 0], found
        assert len({out for out, _ in found}) == 1
        assert found[0][0].startswith("8 claims on 8 pages, 8 agree")
