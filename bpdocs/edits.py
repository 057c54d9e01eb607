"""Single edits of a relation's LaTeX: the errors that people make, and therefore the mends of errors that they made.

An edit is made in the ink and read again, so that what a mutant says is what its LaTeX says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from bpdocs.diagnostic import Span
from bpdocs.notation import syntax as s
from bpdocs.notation.parser import parse
from bpdocs.notation.resolve import Resolver
from bpdocs.notation.survey import BIG, Survey, full_name, letter_of, pieces
from bpdocs.notation.tokens import Unread
from bpdocs.relations import Context, Line, statements_again


@dataclass(frozen=True)
class Edit:
    """A new text for the stretch `span` of a formula's LaTeX; `words` says what it does, as a mend."""

    operator: str
    span: Span
    text: str
    words: str


def edits(line: Line, survey: Survey) -> Iterator[Edit]:
    """Yield the single edits of one relation (both sides of a claim, the right side of a definition)."""
    source = line.formula.latex
    start = line.span.start
    if line.kind != "claim" and line.right is not None:
        start = line.right.span.start
    seen: set[tuple[int, int, str]] = set()
    for statement in _statements(line):
        for edit in _of(statement, source, survey):
            inside = start <= edit.span.start and edit.span.end <= line.span.end
            key = (edit.span.start, edit.span.end, edit.text)
            if inside and key not in seen and source[edit.span.start : edit.span.end] != edit.text:
                seen.add(key)
                yield edit


def _statements(line: Line) -> list[s.Node]:
    try:
        return parse(line.formula.latex)
    except Unread:
        return []


def _of(node: s.Node, source: str, survey: Survey) -> Iterator[Edit]:
    match node:
        case s.Relations(_, members, _):
            for member in members:
                yield Edit("sign", member.span, f"-({source[member.span.start : member.span.end]})", "with the sign of this side turned")
        case s.Terms(_, terms):
            yield from _terms(terms, source)
        case s.Sequence(_, items):
            yield from _factors(items, source)
        case s.Number(span, text) if "." not in text:
            yield Edit("constant", span, f" {int(text) + 1} " if int(text) != 1 else " 3 ", f"with another number for {text}")
        case s.Fraction(span, over, under) if isinstance(over, s.Number) and isinstance(under, s.Number):
            yield Edit("factor", span, "{}", f"without {source[span.start : span.end]}")
        case s.Scripted():
            yield from _scripts(node, source, survey)
        case s.Symbol(span, name) if name == r"\odot":
            yield Edit("product", span, " ", "with the matrix product")
        case _:
            pass
    for child in s.children(node):
        if isinstance(node, s.Scripted) and child is not node.base and not isinstance(child, s.Terms | s.Sequence | s.Fenced):
            continue
        if isinstance(node, s.Scripted) and (child is node.sub):
            continue
        yield from _of(child, source, survey)


def _terms(terms: tuple[tuple[str, s.Node], ...], source: str) -> Iterator[Edit]:
    for index, (sign, term) in enumerate(terms):
        left = terms[index - 1][1].span.end if index else None
        at = source.rfind("+" if sign == "+" else "-", left if left is not None else max(0, term.span.start - 12), term.span.start)
        if at >= 0:
            other = "-" if sign == "+" else "+"
            yield Edit(
                "sign",
                Span(at, at + 1),
                other,
                f"with {'a minus' if other == '-' else 'a plus'} before {source[term.span.start : term.span.end]}",
            )
            if index:
                yield Edit("drop term", Span(at, term.span.end), " ", f"without the term {source[at : term.span.end]}")
        if index == 0 and len(terms) > 1:
            yield Edit(
                "drop term",
                Span(min(at if at >= 0 else term.span.start, term.span.start), term.span.end),
                " 0 ",
                f"without the term {source[term.span.start : term.span.end]}",
            )


def _factors(items: tuple[s.Node, ...], source: str) -> Iterator[Edit]:
    bodies = [item for item in items if not isinstance(item, s.Operator)]
    for index, item in enumerate(items):
        text = source[item.span.start : item.span.end]
        head = item.base if isinstance(item, s.Scripted) else item
        following = items[index + 1] if index + 1 < len(items) else None
        if isinstance(item, s.Operator):
            if item.name == "⊙":
                yield Edit("product", item.span, " ", "with the matrix product")
            continue
        if isinstance(head, s.Symbol) and head.name in BIG:
            yield Edit("sum", item.span, " ", f"without {text}")
            continue
        if isinstance(head, s.Symbol) and head.name in (r"\partial", "d"):
            continue
        end = item.span.end
        if (isinstance(head, s.Symbol) and isinstance(following, s.Fenced)) or (
            isinstance(head, s.Symbol) and isinstance(following, s.Scripted) and isinstance(following.base, s.Fenced)
        ):
            end = following.span.end if following is not None else end
        if isinstance(head, s.Fenced) and index and isinstance(items[index - 1], s.Symbol | s.Scripted):
            continue
        if len(bodies) > 1:
            yield Edit("factor", Span(item.span.start, end), " 1 ", f"without the factor {source[item.span.start : end]}")
    plain = [item for item in bodies if isinstance(item, s.Symbol | s.Scripted)]
    for left, right in pairwise(plain):
        if not any(isinstance(item, s.Fenced) for item in items):
            between = source[left.span.end : right.span.start]
            if between.strip() == "" or between.strip().startswith("\\,"):
                a, b = source[left.span.start : left.span.end], source[right.span.start : right.span.end]
                if not re.match(r"\\(sum|prod|partial|nabla)|d\b", a):
                    yield Edit(
                        "order",
                        Span(left.span.start, right.span.end),
                        f"{{{b}}}{between} {{{a}}}",
                        "with these two factors in the other order",
                    )


def _scripts(node: s.Scripted, source: str, survey: Survey) -> Iterator[Edit]:
    text = source[node.span.start : node.span.end]
    base = node.base
    if node.primes and "'" in text:
        at = node.span.start + text.index("'")
        yield Edit("prime", Span(at, at + 1), "", f"without the prime of {text}")
    for part in node.sup:
        if isinstance(part, s.Symbol) and part.name in (r"\top", "T", r"\intercal"):
            at = source.rfind("^", node.span.start, part.span.start + 1)
            end = part.span.end + (1 if source[at + 1 : at + 2] == "{" else 0)
            if at >= 0:
                yield Edit("transpose", Span(at, end), "", f"without the transpose of {text[: at - node.span.start]}")
        if isinstance(part, s.Number) and isinstance(base, s.Symbol | s.Fenced):
            at = source.rfind("^", node.span.start, part.span.start + 1)
            end = part.span.end + (1 if source[at + 1 : at + 2] == "{" else 0)
            yield Edit("power", Span(at, end), "", f"without the power {part.text}")
    if isinstance(base, s.Symbol) and base.name not in BIG and survey.ranges:
        letters = [letter_of(piece) for piece in pieces(node.sub)]
        if len(letters) == 2 and all(letters) and node.sub is not None:
            swapped = f"{letters[1]}{letters[0]}"
            yield Edit("swap index", node.sub.span, f" {swapped} ", f"with {full_name(base)}_{{{swapped}}} for {text}")
        if node.sub is not None and all(letters):
            for place, letter in enumerate(letters):
                for other in dict.fromkeys(survey.ranges):
                    if letter and other not in letters and len(other) == 1:
                        renamed = "".join(other if at == place else (kept or "") for at, kept in enumerate(letters))
                        yield Edit("rename index", node.sub.span, f" {renamed} ", f"with {full_name(base)}_{{{renamed}}} for {text}")
    if isinstance(base, s.Symbol) and base.name in (r"\sum",) and node.sup:
        for other in sorted(survey.sizes):
            if source[node.sup[0].span.start : node.sup[0].span.end] != other:
                yield Edit("bound", node.sup[0].span, f" {other} ", f"with the sum up to {other}")
    if node.sub is None and not node.sup and node.primes and isinstance(base, s.Symbol):
        return


def reread(line: Line, edit: Edit, context: Context) -> Line | None:
    """Return the line with the edit made in its formula, or None where the edited formula cannot be read."""
    source = line.formula.latex
    latex = source[: edit.span.start] + edit.text + source[edit.span.end :]
    shift = len(latex) - len(source)
    span = Span(line.span.start, line.span.end + shift)
    resolver = Resolver(context.survey)
    try:
        for statement in statements_again(line, latex, context):
            if not isinstance(statement, s.Relations):
                continue
            for left, right in zip(statement.members, statement.members[1:], strict=False):
                if left.span.start <= span.start + 1 and abs(right.span.end - span.end) <= 1 and left.span.start >= span.start - 1:
                    formula = replace(line.formula, latex=latex)
                    if line.kind == "claim":
                        return replace(line, formula=formula, span=span, left=resolver.expression(left), right=resolver.expression(right))
                    local = Resolver(context.survey, {}, context.program.functions[line.defines].parameters) if line.defines in context.program.functions else resolver
                    return replace(line, formula=formula, span=span, right=local.expression(right))
    except Unread:
        return None
    return None
