"""Whether the two languages of a page say the same: displays in the same order, inline relations the same set in each section."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

from bpdocs.diagnostic import Diagnostic
from bpdocs.markdown import scan

if TYPE_CHECKING:
    from bpdocs.check import Checked, PageReport

_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.)|[^\s]", re.S)
_PROSE = re.compile(r"\\(?:text(?:normal|rm|it|bf|sf)?|mbox|hbox)\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_UPRIGHT = re.compile(r"\\(?:mathrm|operatorname\*?)\s*\{([^{}]*[^\x00-\x7f~][^{}]*|[^{}]*(?:~|\\ |\s)[^{}]*)\}")
_BARE = ("\\tag", "\\label", "\\hspace", "\\vspace", "\\phantom", "\\hphantom", "\\vphantom", "\\color")
_SIZED = re.compile(rf"(?:{'|'.join(map(re.escape, _BARE))})\*?\s*\{{[^{{}}]*\}}")
_GAP = "\0"  # stands where prose or wide space stood: a comma before it divides sentences, not formulas
_GAPS = re.compile(r"\\q?quad(?![A-Za-z])")
_STOP = re.compile(rf"[.,;:](?=(?:\s|~|&|\\[,;:! \\])*(?:{_GAP}|\Z))")
_SPACING = frozenset(
    r"\quad \qquad \, \; \: \! \> ~ & \\ \left \right \middle \big \Big \bigg \Bigg \bigl \bigr \Bigl \Bigr \biggl \biggr "
    r"\displaystyle \textstyle \limits \nolimits \nonumber \notag \thinspace \medspace \thickspace \enspace \space".split()
) | {"\\ ", "\\\n"}
_SAME = {
    "\\le": "\\leq",
    "\\ge": "\\geq",
    "\\ne": "\\neq",
    "\\gets": "\\leftarrow",
    "\\rightarrow": "\\to",
    "\\ldots": "\\dots",
    "\\cdots": "\\dots",
    "\\lVert": "\\|",
    "\\rVert": "\\|",
    "\\Vert": "\\|",
    "\\dfrac": "\\frac",
    "\\tfrac": "\\frac",
    "\\intercal": "\\top",
    "\\coloneqq": ":=",
    "\\prime": "'",
    "\\lbrace": "\\{",
    "\\rbrace": "\\}",
}


@dataclass(frozen=True)
class _Said:
    """A relation as it is compared: its tokens, and whether it is shown as an error."""

    key: tuple[str, ...]
    relation: Checked


def compare(first: PageReport, second: PageReport) -> list[Diagnostic]:
    """Return what the second page says otherwise than the first, at its places in the second."""
    found = _compare_displays(first, second)
    sections = _headings(first), _headings(second)
    if sections[0] != sections[1]:
        found.append(_page_level(second, f"{first.page.path} has {sections[0]} headings, this page {sections[1]}", "give both the same"))
    by_section = sections[0] == sections[1]
    found += _compare_inline(first, second, by_section)
    return sorted(found, key=lambda one: (one.line, one.column))


def missing(first: Sequence[str], second: Sequence[str]) -> list[Diagnostic]:
    """Return a diagnostic for every page of one language (all its paths) that the other lacks, at the page that is there.

    >>> missing(["docs/ko/a.md", "docs/ko/b.md"], ["docs/en/a.md"])[0].render()
    'docs/ko/b.md:1:1: this page has no counterpart; docs/en has no b.md'
    """
    (first_names, first_folder), (second_names, second_folder) = _named(first, second), _named(second, first)
    found = []
    for have, lack, folder in ((first_names, second_names, second_folder), (second_names, first_names, first_folder)):
        for name in sorted(have.keys() - lack.keys()):
            message = f"this page has no counterpart; {folder or 'the other language'} has no {name}"
            found.append(Diagnostic(have[name], 1, 1, 1, message))
    return found


def normalise(latex: str) -> tuple[str, ...]:
    r"""Return the tokens of LaTeX that count: no prose, spacing, sizes, braces around one token, or punctuation at the end.

    >>> normalise(r"\delta_{k} = z_k\,,\quad \text{for each } k.") == normalise(r"\delta_k=z_k, \text{모든} k")
    True
    """
    latex = _SIZED.sub(" ", _UPRIGHT.sub(_GAP, latex))
    latex = _GAPS.sub(_GAP, _PROSE.sub(_wording, latex))
    latex = _STOP.sub(" ", latex).replace(_GAP, " ")
    tokens = [_SAME.get(token, token) for token in _TOKEN.findall(latex) if token not in _SPACING]
    return tuple(_without_braces(tokens))


def _wording(found: re.Match[str]) -> str:
    r"""Return a stand-in for a name set as text (`\text{net}_j`, `w_{\text{out}}`), and nothing for prose."""
    before, after = found.string[: found.start()].rstrip(), found.string[found.end() :].lstrip()
    return r" \text " if before.endswith(("_", "^", "_{", "^{")) or after.startswith(("_", "^", "'")) else _GAP


def _without_braces(tokens: list[str]) -> list[str]:
    r"""Return the tokens without braces that hold one token: `x_{i}` is `x_i`, `\frac{1}{2}` is `\frac12`."""
    out: list[str] = []
    for token in tokens:
        if token == "}" and len(out) >= 2 and out[-2] == "{":
            out[-2:] = out[-1:]
        else:
            out.append(token)
    # ^{'} is '
    return [token for i, token in enumerate(out) if not (token == "^" and out[i + 1 : i + 2] == ["'"])]


def _compare_displays(first: PageReport, second: PageReport) -> list[Diagnostic]:
    mine, theirs = _said(second, display=True), _said(first, display=True)
    found: list[Diagnostic] = []
    matcher = SequenceMatcher(None, [said.key for said in theirs], [said.key for said in mine], autojunk=False)
    for _, start, end, low, high in (code for code in matcher.get_opcodes() if code[0] != "equal"):
        there, here = theirs[start:end], mine[low:high]
        for one, other in zip(there, here, strict=False):
            found.append(_differ(first, one, second, other))
        after = mine[high:] or mine[-1:]
        found += [_absent(first, one, second, after[0] if after else None) for one in there[len(here) :]]
        found += [_extra(first, second, other) for other in here[len(there) :]]
    return found


def _compare_inline(first: PageReport, second: PageReport, by_section: bool) -> list[Diagnostic]:
    mine, theirs = _said(second, display=False), _said(first, display=False)

    def place(report: PageReport, said: _Said) -> tuple[int, tuple[str, ...]]:
        return (report.page.formulas[said.relation.formula].section if by_section else 0, said.key)

    here = {place(second, said): said for said in reversed(mine)}
    there = {place(first, said): said for said in reversed(theirs)}
    found = []
    for at, said in there.items():
        if at not in here:
            near = [one for (section, _), one in here.items() if section == at[0] and (section, one.key) not in there]
            where = next(iter(near), None) or next((one for (section, _), one in here.items() if section == at[0]), None)
            found.append(_absent(first, said, second, where, "in this section" if by_section else "on this page"))
    return found + [_extra(first, second, said) for at, said in here.items() if at not in there]


def _said(report: PageReport, display: bool) -> list[_Said]:
    """Return the relations that are compared; an inline formula without a relation is a mention, which wording may need or not."""
    return [
        _Said((relation.expected, *normalise(relation.latex)), relation)
        for relation in report.relations
        if report.page.formulas[relation.formula].display == display and (display or relation.kind != "shown")
    ]


def _differ(first: PageReport, there: _Said, second: PageReport, here: _Said) -> Diagnostic:
    if there.key[1:] == here.key[1:]:
        what = f"{_where(first, there)} is expected to be {_standing(there)}, this to be {_standing(here)}"
        return second.page.diagnostic(here.relation.span, what, "put the same directive before both")
    message = f"differs from {_where(first, there)}:\n{_one_line(there.relation.latex)}\nhere:\n{_one_line(here.relation.latex)}"
    return second.page.diagnostic(here.relation.span, message, "make both languages say the same")


def _absent(first: PageReport, there: _Said, second: PageReport, near: _Said | None, where: str = "at this place") -> Diagnostic:
    message = f"{_where(first, there)} has a relation that is missing {where}:\n{_one_line(there.relation.latex)}"
    if near is None:
        return _page_level(second, message, "add it")
    return second.page.diagnostic(near.relation.span, message, "add it")


def _extra(first: PageReport, second: PageReport, here: _Said) -> Diagnostic:
    message = f"{first.page.path} does not have this relation:\n{_one_line(here.relation.latex)}"
    return second.page.diagnostic(here.relation.span, message, f"add it to {first.page.path}, or remove it here")


def _standing(said: _Said) -> str:
    return {"wrong": "wrong", "unchecked": "unchecked"}.get(said.key[0], "right")


def _where(report: PageReport, said: _Said) -> str:
    return f"{report.page.path}:{said.relation.line}:{said.relation.column}"


def _one_line(latex: str) -> str:
    return " ".join(latex.split())


def _page_level(report: PageReport, message: str, suggestion: str) -> Diagnostic:
    return Diagnostic(report.page.path, 1, 1, 1, message, suggestion)


def _headings(report: PageReport) -> int:
    """Return the number of headings; a comment in the front matter is none."""
    text = report.page.text
    front = re.match(r"---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", text, re.S | re.M)
    return sum(region.kind == "heading" for region in scan(text, front.end() if front else 0)[0])


def _named(mine: Sequence[str], theirs: Sequence[str]) -> tuple[dict[str, str], str]:
    """Return the paths by the name that both languages share, and the language's folder if each has one of its own."""
    if mine and theirs:
        common = os.path.commonpath([os.path.commonpath([Path(path).parent for path in paths]) for paths in (mine, theirs)])
        parts = [{Path(path).relative_to(common).parts[0] for path in paths} for paths in (mine, theirs)]
        if len(parts[0]) == len(parts[1]) == 1 and parts[0] != parts[1]:
            folder = Path(common, *parts[0])
            return {Path(path).relative_to(folder).as_posix(): path for path in mine}, folder.as_posix()
    # Else the language is in the file's name: a.md, a.en.md.
    return {re.sub(r"\.[a-z]{2}(?=\.\w+$)", "", Path(path).as_posix()): path for path in mine}, ""
