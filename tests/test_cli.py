import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bpdocs import cli, results
from bpdocs.cli import main

GOOD = "$$\ny = w x\n$$\n\n$$\n\\frac{\\partial y}{\\partial w} = x\n$$\n"
WRONG = GOOD.replace("= x\n", "= -x\n")
UNREAD = GOOD + "\n$$\n\\frac{\\partial y}{\\partial w} = \\frac{q\n$$\n"
NO_CLAIM = "Here $x \\in \\mathbb{R}^n$ and $k = 1, \\dots, c$.\n"
PROSE = "# 산문\n\nNo formula.\n"
SHOWN_WRONG = WRONG.replace("$$\n\\frac", "<!-- bpdocs: wrong -->\n$$\n\\frac")
EXEMPT = WRONG.replace("$$\n\\frac", '<!-- bpdocs: unchecked reason="later" -->\n$$\n\\frac')
CLAIM = r"\frac{\partial y}{\partial w} = "


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BPDOCS_CACHE", raising=False)
    return tmp_path


def write(**texts: str | bytes) -> None:
    for name, text in texts.items():
        path = Path(name.replace("__", "/") + ".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)


def run(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "bpdocs.cli", *arguments],
        input=stdin,
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
        timeout=120,
    )


def checked_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    code = main(["check", "--json", *arguments])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("text", "code"),
    [(GOOD, 0), (WRONG, 1), (UNREAD, 1), (NO_CLAIM, 1), (PROSE, 1), ("", 1), (SHOWN_WRONG, 0), (EXEMPT, 1), (GOOD + EXEMPT, 1)],
)
def test_the_exit_code_of_a_page(text: str, code: int) -> None:
    write(a=text)
    assert main(["check", "a.md"]) == code


@pytest.mark.parametrize("text", [b"\xb0\xa1", b"\xff\xfe$\x00", b"---\nbpdocs: [\n---\n", b"---\nbpdocs: {unknown: 1}\n---\n"])
def test_a_page_that_cannot_be_read_is_a_usage_error(text: bytes) -> None:
    write(a=text)
    assert main(["check", "a.md"]) == 2
    assert main(["parse", "a.md"]) == 2


def test_as_a_program() -> None:
    write(good=GOOD, wrong=WRONG)
    fine = run("check", "good.md")
    assert (fine.returncode, fine.stderr) == (0, b"")
    wrong = run("check", "good.md", "wrong.md")
    assert wrong.returncode == 1
    assert b"wrong.md:6:33: " in wrong.stdout
    assert b"\x1b[" not in wrong.stdout
    lost = run("check", "good.md", "lost.md")
    assert (lost.returncode, lost.stderr) == (2, b"lost.md:1:1: no such file or folder\n")
    assert run("check").returncode == 2
    assert run().returncode == 2
    assert run("check", "--unknown", "good.md").returncode == 2
    assert run("--version").stdout.startswith(b"bpdocs ")


def test_the_version_and_the_help_load_nothing_else() -> None:
    code = (
        "import sys, contextlib\nfrom bpdocs import cli\n"
        "for argument in ('--version', '--help'):\n    with contextlib.suppress(SystemExit): cli.main([argument])\n"
        "assert not {'numpy', 'sympy', 'yaml', 'mkdocs'} & set(sys.modules), set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(WRONG.encode())))
    code, data = checked_json(capsys, "-")
    assert (code, data["checked"], data["relations"][1]["path"]) == (1, 1, "-")  # type: ignore[index]
    assert run("check", "-", stdin=GOOD.encode()).returncode == 0
    assert run("check", "-", stdin=b"\xff").returncode == 2


def test_crlf_and_a_byte_order_mark() -> None:
    write(a=b"\xef\xbb\xbf" + WRONG.replace("\n", "\r\n").encode())
    found = run("check", "a.md")
    assert (found.returncode, b"a.md:6:33: " in found.stdout) == (1, True)


def test_the_json_and_its_counts(capsys: pytest.CaptureFixture[str]) -> None:
    write(a=GOOD, b=WRONG, c=SHOWN_WRONG, d=EXEMPT)
    code, data = checked_json(capsys, "a.md", "b.md", "c.md", "d.md")
    assert code == 1
    assert [data[name] for name in ("checked", "agree", "fulfilled", "unchecked")] == [3, 1, 1, 1]
    claim = next(relation for relation in data["relations"] if relation["path"] == "b.md" and relation["kind"] == "claim")  # type: ignore[attr-defined]
    assert (claim["line"], claim["verdict"], claim["expected"]) == (6, "disagree", "agree")
    assert set(claim) == {
        *("path", "line", "column", "latex", "kind", "verdict", "proved", "expected", "error", "message", "suggestion"),
    }


def test_hangul_in_json_where_the_terminal_has_none() -> None:
    write(한글=GOOD)
    found = run("check", "--json", "한글.md", PYTHONIOENCODING="ascii")
    assert (found.returncode, json.loads(found.stdout)["relations"][0]["path"]) == (0, "한글.md")
    write(한글=WRONG.replace("= -x", r"= -x \text{한글}"))
    assert run("check", "한글.md", PYTHONIOENCODING="ascii").returncode == 1


def test_all_problems_of_a_run_at_once_and_no_result_lost(capsys: pytest.CaptureFixture[str]) -> None:
    write(good=GOOD, wrong=WRONG, bytes=b"ok\n\xb0\xa1\xb0\xa1\n", front="---\nbpdocs:\n  uses: 3\n---\n")
    code = main(["check", "lost.md", "bytes.md", "wrong.md", "front.md", "good.md", "gone/"])
    out, err = capsys.readouterr()
    assert code == 2
    assert [line.split(" ")[0] for line in err.splitlines() if line.startswith(("lost", "bytes", "front", "gone"))] == [
        "lost.md:1:1:",
        "bytes.md:2:1:",
        "gone:1:1:",
        "front.md:3:3:",
    ]
    assert "CP949" in err
    assert "wrong.md:6:33: " in out
    assert "2 claims on 2 pages" in out


def test_a_fault_of_bpdocs_is_neither_wrong_nor_usage(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    write(a=GOOD, b=GOOD)
    check = results._check

    def fail(text: str, path: str) -> results.Result:
        if path == "a.md":
            raise RecursionError
        return check(text, path)

    monkeypatch.setattr(results, "_check", fail)
    assert main(["check", "a.md", "b.md"]) == 70
    out, err = capsys.readouterr()
    assert "a.md: bpdocs itself failed" in err
    assert "1 claim on 1 page" in out


def test_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    write(a=GOOD)
    monkeypatch.setattr(results, "_check", stop)
    assert main(["check", "a.md"]) == 130


def test_a_reader_that_leaves() -> None:
    write(**{f"p{number}": WRONG for number in range(3)})
    found = subprocess.run(f"'{sys.executable}' -m bpdocs.cli check . | head -c 1", shell=True, capture_output=True, check=False, timeout=120)
    assert (found.stdout, found.stderr) == (b"p", b"")


def test_folders(capsys: pytest.CaptureFixture[str]) -> None:
    write(docs__b=GOOD, docs__a=GOOD, docs__deep__c=GOOD, docs__prose=PROSE, docs__none=NO_CLAIM)
    others = ("docs__.git__x", "docs__.hidden", "docs__node_modules__x", "docs__lib__site-packages__x", "docs__env__x")
    write(**dict.fromkeys(others, WRONG))
    Path("docs/env/pyvenv.cfg").touch()
    Path("docs/lab.ipynb").write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": GOOD}], "nbformat": 4}))
    Path("docs/data.json").write_text("[]")
    Path("docs/up").symlink_to("..")
    code, data = checked_json(capsys, "docs")
    paths = list(dict.fromkeys(relation["path"] for relation in data["relations"]))  # type: ignore[attr-defined]
    assert (code, paths) == (0, ["docs/a.md", "docs/b.md", "docs/deep/c.md", "docs/lab.ipynb", "docs/none.md"])
    Path("empty").mkdir()
    assert main(["check", "empty"]) == 1
    assert main(["check", "docs/none.md"]) == 1
    assert main(["check", "docs/none.md", "docs/a.md"]) == 0
    assert main(["check", "docs/prose.md", "docs/none.md"]) == 1


def test_a_wrong_claim_in_a_notebook_is_at_its_line_of_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    cells = [{"cell_type": "code", "source": ["y = 1"]}, {"cell_type": "markdown", "source": WRONG.splitlines(keepends=True)}]
    Path("lab.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}, indent=1))
    code, data = checked_json(capsys, "lab.ipynb")
    (claim,) = [relation for relation in data["relations"] if relation["kind"] == "claim"]  # type: ignore[attr-defined]
    assert (code, claim["verdict"]) == (1, "disagree")
    assert "partial y" in Path("lab.ipynb").read_text().splitlines()[claim["line"] - 1]


def test_a_page_named_twice_is_checked_once(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    write(docs__a=GOOD)
    _, data = checked_json(capsys, "docs", "docs/a.md", "./docs/a.md", str(folder / "docs"))
    assert data["checked"] == 1


def test_github(capsys: pytest.CaptureFixture[str]) -> None:
    write(a=WRONG)
    assert main(["check", "--github", "a.md", "lost.md"]) == 2
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("::error file=a.md,line=6,col=33,endColumn=")
    assert out[1].startswith("::error file=lost.md,line=1,col=1,")


def test_the_second_run_reads_the_cache_and_no_cache_does_not(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    write(a=WRONG)
    assert main(["check", "a.md"]) == 1
    first = capsys.readouterr().out
    check = results._check

    def fail(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(results, "_check", fail)
    assert main(["check", "a.md"]) == 1
    assert capsys.readouterr().out == first
    assert main(["check", "--no-cache", "a.md"]) == 70
    monkeypatch.setattr(results, "_check", check)
    write(a=GOOD)
    assert main(["check", "a.md"]) == 0


def test_colour_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    terminal = io.StringIO()
    assert not cli._colored(terminal)
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    assert cli._colored(terminal)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not cli._colored(terminal)


FIRST = "$$\ny = w x\n$$\n\n"
EXEMPT_TOO = '<!-- bpdocs: unchecked reason="later" -->\n$$\n\\frac{\\partial y}{\\partial w} = 2 x\n$$\n\n'
RIGHT_TOO = "$$\n\\frac{\\partial y}{\\partial w} = x + %d - %d\n$$\n\n"


@pytest.mark.parametrize(("exempt", "right", "code"), [(1, 1, 0), (2, 2, 1), (2, 197, 1), (2, 198, 0)])
def test_at_most_one_claim_of_a_hundred_is_exempt_but_one_always_may_be(exempt: int, right: int, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    pages = {"a": FIRST + EXEMPT_TOO * exempt + RIGHT_TOO % (2, 2)}
    for number in range(0, right - 1, 40):  # counted over the whole run
        pages[f"b{number}"] = FIRST + "".join(RIGHT_TOO % (n, n) for n in range(2, 2 + min(40, right - 1 - number)))
    write(**pages)
    assert main(["check", "."]) == code
    out = capsys.readouterr().out
    assert ("at most one of a hundred may be" in out) == bool(code)
    assert f"{exempt} unchecked" in out


def test_nothing_to_check_may_be_allowed_where_there_is_no_formula() -> None:
    write(prose=PROSE, none=NO_CLAIM, wrong=WRONG, good=GOOD)
    codes = [main(["check", "--allow-none", *names]) for names in (["prose.md"], ["none.md"], ["prose.md", "wrong.md"], ["prose.md", "good.md"])]
    assert codes == [0, 1, 1, 0]


class TestBaseline:
    def test_it_is_written_once_and_allows_what_it_lists_and_nothing_new(self, capsys: pytest.CaptureFixture[str]) -> None:
        write(docs__a=UNREAD)
        assert main(["check", "docs"]) == 1
        assert main(["check", "--baseline", "known/base.json", "docs"]) == 0
        (entry,) = json.loads(Path("known/base.json").read_text())
        assert (entry["path"], set(entry)) == ("../docs/a.md", {"path", "latex"})
        assert main(["check", "--baseline", "known/base.json", "docs"]) == 0
        assert "1 unread but in the baseline" in capsys.readouterr().out
        write(docs__b=UNREAD)
        assert main(["check", "--baseline", "known/base.json", "docs"]) == 1
        assert json.loads(Path("known/base.json").read_text()) == [entry]

    def test_the_same_again_is_new(self) -> None:
        write(a=UNREAD)
        assert main(["check", "--baseline", "base.json", "a.md"]) == 0
        write(a=UNREAD + UNREAD.removeprefix(GOOD))
        assert main(["check", "--baseline", "base.json", "a.md"]) == 1

    def test_what_is_wrong_is_never_excused(self) -> None:
        write(a=WRONG)
        assert main(["check", "--baseline", "base.json", "a.md"]) == 1
        assert json.loads(Path("base.json").read_text()) == []

    def test_it_does_not_matter_from_where(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(docs__a=UNREAD)
        assert main(["check", "--baseline", "base.json", "docs"]) == 0
        monkeypatch.chdir(folder / "docs")
        assert main(["check", "--baseline", "../base.json", "a.md"]) == 0

    @pytest.mark.parametrize("text", ["{", "3", '[{"path": 1}]', '["x"]'])
    def test_a_file_that_is_no_baseline_is_a_usage_error(self, text: str, capsys: pytest.CaptureFixture[str]) -> None:
        write(a=GOOD)
        Path("base.json").write_text(text)
        assert main(["check", "--baseline", "base.json", "a.md"]) == 2
        out, err = capsys.readouterr()
        assert "base.json:1:" in err
        assert "1 claim" in out

    def test_it_is_not_written_from_half_a_run(self) -> None:
        write(a=UNREAD)
        assert main(["check", "--baseline", "base.json", "a.md", "lost.md"]) == 2
        assert not Path("base.json").exists()


class TestParse:
    def test_markdown(self, capsys: pytest.CaptureFixture[str]) -> None:
        write(a="$$\ny = f(x)\n$$\n\n$z = \\frac{$\n\n$$\n\\frac{1\n$$\n")
        assert main(["parse", "--json", "a.md"]) == 0
        data = json.loads(capsys.readouterr().out)
        assert (data["displays"], data["whole"]) == (2, 1)
        (unread,) = data["unread"]
        assert (unread["path"], unread["line"], unread["latex"].strip(), bool(unread["message"])) == ("a.md", 7, "\\frac{1", True)
        assert main(["parse", "a.md"]) == 0
        assert capsys.readouterr().out.splitlines()[-1] == "1 of 2 displays read whole (50.0 %)"

    def test_a_json_list(self, capsys: pytest.CaptureFixture[str]) -> None:
        listed = [{"latex": "a = b"}, {"latex": "\\frac{1", "from": "x"}, {"latex": "a = b"}, {"latex": "\\frac{한"}]
        Path("list.json").write_text(json.dumps(listed[:2])[:-1] + ",\n" + json.dumps(listed[2:], indent=1, ensure_ascii=False)[1:])
        assert main(["parse", "--json", "list.json"]) == 0
        data = json.loads(capsys.readouterr().out)
        assert (data["displays"], data["whole"], [one["line"] for one in data["unread"]]) == (4, 2, [1, 7])

    @pytest.mark.parametrize("text", ["{}", "[", '["a = b"]', '[{"latex": 3}]'])
    def test_json_that_is_no_list_of_formulas(self, text: str) -> None:
        Path("list.json").write_text(text)
        assert main(["parse", "list.json"]) == 2

    def test_nothing_displayed(self) -> None:
        write(a="$x$")
        assert main(["parse", "a.md"]) == 1
        assert main(["parse", "lost.md"]) == 2


class TestMutate:
    def test_the_json_is_the_contract(self, capsys: pytest.CaptureFixture[str]) -> None:
        write(a=GOOD)
        assert main(["mutate", "--json", "a.md"]) == 0
        data = json.loads(capsys.readouterr().out)
        assert set(data) == {"mutants", "killed", "equivalent", "survivors", "unpinned", "pages", "operators"}
        assert 0 < data["killed"] <= data["mutants"]
        assert all(set(one) == {"path", "line", "operator", "before", "after"} for one in data["survivors"])
        assert [page["path"] for page in data["pages"]] == ["a.md"]
        assert data["pages"][0]["killed"] == data["killed"] == sum(row["killed"] for row in data["operators"])

    def test_a_table_with_each_page_and_operator(self, capsys: pytest.CaptureFixture[str]) -> None:
        write(a=GOOD, b=GOOD)
        assert main(["mutate", "--jobs", "1", "a.md", "b.md"]) == 0
        rows = [line.split() for line in capsys.readouterr().out.splitlines()]
        pages = {row[0]: int(row[1]) for row in rows if row and row[0] in ("a.md", "b.md")}
        assert pages["a.md"] == pages["b.md"] > 0
        signs = next(row for row in rows if row and row[0] == "sign")
        assert 0 < int(signs[1]) < pages["a.md"] * 2

    def test_text_and_several_pages(self, capsys: pytest.CaptureFixture[str]) -> None:
        write(a=GOOD, b=GOOD)
        assert main(["mutate", "a.md"]) == 0
        one = capsys.readouterr().out.splitlines()[-1]
        assert "mutants caught" in one
        assert main(["mutate", "a.md", "b.md"]) == 0
        both = capsys.readouterr().out.splitlines()[-1]
        assert int(both.split()[0]) == 2 * int(one.split()[0])
        assert main(["mutate", "--fail-under", "100.1", "a.md"]) == 1

    def test_nothing_to_mutate(self) -> None:
        write(a=PROSE)
        assert main(["mutate", "a.md"]) == 1
        assert main(["mutate", "lost.md"]) == 2
