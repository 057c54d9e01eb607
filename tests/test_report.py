import json
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from bpdocs import report, results
from bpdocs.cache import Cache
from bpdocs.diagnostic import Diagnostic, PageError, Span
from bpdocs.page import read_page
from bpdocs.results import Result, Row

SAID = Diagnostic("a.md", 3, 1, 2, "does not hold", "agrees with a minus", "$z$, 출력")
ROW = Row(3, 1, "z = -x", "claim", "agree", True, "agree", 1e-16, 5, "", "", True)
WRONG = replace(ROW, line=4, verdict="disagree", proved=False, ok=False, message="no", error=0.5, diagnostics=(replace(SAID, line=4),))
UNREAD = replace(ROW, line=5, latex="q(", verdict="unread", proved=False, ok=False, error=None, diagnostics=(replace(SAID, line=5),))
SHOWN_WRONG = replace(ROW, line=6, verdict="disagree", expected="wrong", proved=False)
NOT_WRONG = replace(ROW, line=6, verdict="agree", expected="wrong", ok=False, diagnostics=(replace(SAID, line=6),))
EXEMPT = replace(ROW, line=7, verdict="unread", expected="unchecked", proved=False, message="a reason")
DEFINITION = replace(ROW, line=2, kind="definition", verdict=None, proved=False, error=None, points=0)


def page(*rows: Row, problems: tuple[Diagnostic, ...] = (), path: str = "a.md") -> Result:
    return Result(path, len(rows), rows, problems)


def test_only_claims_are_counted_and_each_once() -> None:
    counts = report.count([page(DEFINITION, ROW, WRONG, UNREAD, SHOWN_WRONG, NOT_WRONG, EXEMPT), page(ROW)])
    assert (counts.checked, counts.agree, counts.fulfilled, counts.unchecked, counts.allowed) == (6, 2, 1, 1, 0)


def test_the_json_is_the_contract() -> None:
    data = report.as_json([page(DEFINITION, WRONG), page(ROW, path="b.md")])
    assert set(data) == {"relations", "checked", "agree", "fulfilled", "unchecked"}
    assert data["relations"][1] == {
        "path": "a.md",
        "line": 4,
        "column": 1,
        "latex": "z = -x",
        "kind": "claim",
        "verdict": "disagree",
        "proved": False,
        "expected": "agree",
        "error": 0.5,
        "message": "no",
        "suggestion": "",
    }
    assert [relation["path"] for relation in data["relations"]] == ["a.md", "a.md", "b.md"]
    json.dumps(data, allow_nan=False)


def test_complaints_come_in_the_order_of_the_page() -> None:
    late, early = replace(SAID, line=9), replace(SAID, line=1)
    found = list(report.diagnostics([page(WRONG, UNREAD, problems=(late, early)), page(ROW, NOT_WRONG)]))
    assert [diagnostic.line for diagnostic in found] == [1, 4, 5, 9, 6]


def test_what_a_baseline_allows_is_no_complaint() -> None:
    excused = results.allow(page(UNREAD, replace(UNREAD, line=8), WRONG), ["q(", "z = -x"])
    assert [row.allowed for row in excused.rows] == [True, False, False]  # once listed, once excused; wrong is never excused
    assert [diagnostic.line for diagnostic in report.diagnostics([excused])] == [4, 5]
    assert report.count([excused]).allowed == 1
    assert results.allow(page(UNREAD), ["q("]).ok
    assert not page(UNREAD).ok


def test_the_text_shows_every_complaint_and_the_counts() -> None:
    found = [page(ROW, WRONG, SHOWN_WRONG, EXEMPT)]
    text = report.as_text(found, list(report.diagnostics(found)))
    assert "a.md:4:1: does not hold\n   $z$, 출력\n   ^^\n   help: agrees with a minus" in text
    assert text.splitlines()[-1] == "3 claims on 1 page, 1 agree (1 proved), 1 wrong as announced, 1 unchecked, 1 problem"
    assert report.as_text([page(ROW)], []) == "1 claim on 1 page, 1 agree (1 proved), no problems"


def test_colour_only_on_request() -> None:
    found = [page(ROW, WRONG)]
    complaints = list(report.diagnostics(found))
    colored = report.as_text(found, complaints, color=True)
    assert "\x1b[31m" in colored.splitlines()[-1]
    assert "\x1b[32m" in report.as_text([page(ROW)], [], color=True)
    assert re.sub(r"\x1b\[\d*m", "", colored) == report.as_text(found, complaints)


def test_a_github_annotation_cannot_be_broken_by_what_it_quotes() -> None:
    said = Diagnostic("a,b:c.md", 3, 4, 2, "100 % no\n::error::x", "do\nthis")
    assert report.as_github([said]) == ("::error file=a%2Cb%3Ac.md,line=3,col=4,endColumn=6::100 %25 no%0A::error::x%0Ahelp: do%0Athis")
    assert report.as_github([said, said]).count("\n") == 1


def relation(span: Span, **changes: object) -> SimpleNamespace:
    base = {"formula": 0, "span": span, "line": 1, "column": 1, "latex": "y = x", "kind": "claim", "verdict": "agree", "expected": "agree"}
    rest = {"proved": False, "error": 0.0, "points": 3, "message": "", "suggestion": "", "ok": True}
    return SimpleNamespace(**{**base, **rest, **changes})


TEXT = "$y = x$\n\n$$\nz = y\n= -x\n$$\n"


def summarised(relations: list[SimpleNamespace], diagnostics: list[Diagnostic]) -> Result:
    made = SimpleNamespace(page=read_page(TEXT, "a.md"), relations=tuple(relations), diagnostics=tuple(diagnostics))
    return results.summarise(made)  # type: ignore[arg-type]


def test_a_diagnostic_within_a_failed_relation_is_the_relation_s() -> None:
    good = relation(Span(1, 6))
    bad = relation(Span(TEXT.index("z"), TEXT.index("-x") + 2), ok=False, verdict="disagree")
    inside = [Diagnostic("a.md", 5, 3, 2, "the second member")]
    outside = [Diagnostic("a.md", 1, 2, 1, "in the good one"), Diagnostic("a.md", 6, 1, 1, "after")]
    found = summarised([good, bad], [*outside, *inside])
    assert [row.diagnostics for row in found.rows] == [(), tuple(inside)]
    assert found.problems == tuple(outside)
    assert found.formulas == 2
    assert not found.ok


def test_relations_at_one_place_have_one_diagnostic_each() -> None:
    start = TEXT.index("z")
    bad = [relation(Span(start, start + 5), ok=False, line=4), relation(Span(start, start + 5), ok=False, line=4)]
    said = [Diagnostic("a.md", 4, 1, 5, "first"), Diagnostic("a.md", 4, 1, 5, "second"), Diagnostic("a.md", 4, 2, 1, "third")]
    found = summarised(bad, said)
    assert [[one.message for one in row.diagnostics] for row in found.rows] == [["first"], ["second"]]
    assert [one.message for one in found.problems] == ["third"]


def test_a_failed_relation_without_a_diagnostic_gets_one_from_its_message() -> None:
    span = Span(TEXT.index("z"), TEXT.index("z") + 5)
    (row,) = summarised([relation(span, ok=False, verdict="disagree", message="no", suggestion="do")], []).rows
    assert row.diagnostics == (Diagnostic("a.md", 4, 1, 5, "no", "do", "z = y"),)


def test_a_number_that_json_lacks_is_null() -> None:
    assert [row.error for row in summarised([relation(Span(1, 6), error=x) for x in (float("nan"), float("inf"), 0.5)], []).rows] == [
        None,
        None,
        0.5,
    ]


def test_a_result_survives_the_cache() -> None:
    whole = page(DEFINITION, ROW, WRONG, UNREAD, EXEMPT, replace(ROW, latex=r"\text{한글}", allowed=True), problems=(SAID,))
    assert results.load(results.dump(whole)) == whole


@pytest.mark.parametrize("stored", [b"", b"[]", b"{}", b"null", b'{"path": "a", "formulas": 1, "rows": [{}], "problems": []}', b"\xff"])
def test_what_is_no_result_is_none(stored: bytes) -> None:
    assert results.load(stored) is None


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    made: list[str] = []

    def check(text: str, path: str) -> Result:
        made.append(path)
        read_page(text, path)
        return page(ROW, path=path)

    monkeypatch.setenv("BPDOCS_CACHE", str(tmp_path))
    monkeypatch.setattr(results, "_check", check)
    return made


def test_a_page_is_checked_once(calls: list[str]) -> None:
    first = results.checked("$x$", "a.md", Cache("checks"))
    assert results.checked("$x$", "a.md", Cache("checks")) == first
    assert calls == ["a.md"]
    results.checked("$x$ ", "a.md", Cache("checks"))
    results.checked("$x$", "b.md", Cache("checks"))
    results.checked("$x$", "a.md")
    assert calls == ["a.md", "a.md", "b.md", "a.md"]


def test_a_page_is_checked_again_when_one_changes_that_it_builds_on(calls: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path)) / "docs"
    folder.mkdir()
    text = "<!-- bpdocs: uses: [b.md] -->\n$x$"
    (folder / "a.md").write_text(text)

    def check() -> int:
        results.checked(text, str(folder / "a.md"), Cache("checks"))
        return len(calls)

    assert [check(), check()] == [1, 1]
    (folder / "b.md").write_text("<!-- bpdocs: uses: [c.md, a.md] -->\n")
    assert [check(), check()] == [2, 2]
    (folder / "c.md").write_text("$y$")
    assert [check(), check()] == [3, 3]
    (folder / "c.md").write_text("$z$")
    assert [check(), check()] == [4, 4]


def test_a_damaged_or_foreign_entry_is_checked_again(calls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    results.checked("$x$", "a.md", Cache("checks"))
    monkeypatch.setattr(Cache, "get", lambda self, key: b"nonsense")
    results.checked("$x$", "a.md", Cache("checks"))
    assert len(calls) == 2


def test_bad_front_matter_is_not_swallowed(calls: list[str]) -> None:
    with pytest.raises(PageError):
        results.checked("---\nbpdocs: {uses: 3}\n---\n", "a.md", Cache("checks"))
