"""What is fed with inputs: every way in which a text of somebody else's comes in, each with the property that must hold of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from bpdocs import reading
from bpdocs.cases import Judged
from bpdocs.check import check_page, judged
from bpdocs.diagnostic import PageError
from bpdocs.edits import Stock, edits, reread
from bpdocs.inputs import Source, decode
from bpdocs.lines import Context
from bpdocs.markdown import scan
from bpdocs.mutate.mutants import mutants, relations
from bpdocs.mutate.trial import Trial
from bpdocs.mutate.worlds import worlds_of
from bpdocs.notation import parse_display
from bpdocs.notation.parser import parse
from bpdocs.notation.tokens import Unread
from bpdocs.page import read_page
from bpdocs.prove import prove
from bpdocs.relations import build
from bpdocs.results import dump, load, summarise
from tests.fuzz import seeds

FEW = 12  # edits and mutants that are tried of one page


def parsed(text: str) -> object:
    """Return the statements of a formula."""
    try:
        return parse(text, {}, ("net",))
    except Unread as fault:
        return _inside(fault, text)


def read_foreign(text: str) -> object:
    """Return what stops the reader in a display of a foreign text."""
    return [_inside(fault, text) for fault in parse_display(text)]


def scanned(text: str) -> object:
    """Return the regions of a page."""
    regions, problems = scan(text, 0)
    assert all(0 <= region.span.start <= region.content.start <= region.content.end <= region.span.end <= len(text) for region in regions)
    return regions, problems


def page_read(text: str) -> object:
    """Return a page with its settings."""
    return read_page(text, "page.md")


def notebook(text: str) -> object:
    """Return the page in a notebook."""
    return read_page(text, "lab.ipynb")


def listed(text: str) -> object:
    """Return what `bpdocs parse` says of a JSON list."""
    return reading.displays(Source("list.json", text))


def built(text: str) -> object:
    """Return the faults of a page that is read into its programs."""
    try:
        contexts, faults = build(read_page(text, "page.md"))
    except Unread as fault:  # an assumption of the front matter; check_page says where it stands
        return fault.message
    return [(line.kind, line.defines, line.fault and line.fault.message) for context in contexts.values() for line in context.lines], sorted(faults)


def checked(text: str) -> object:
    """Return the verdicts on a page, as they are kept and as they are told."""
    result = summarise(check_page(text, "page.md"))
    assert load(dump(result)) == result
    return dump(result), [diagnostic.render() for row in result.rows for diagnostic in (*row.diagnostics, *result.problems)]


def proved(text: str) -> object:
    """Return what the prover says of each claim, true or not."""
    return [(line.span, prove(line, context).proved) for context in _contexts(text) for line in context.lines if line.kind == "claim"]


def edited(text: str) -> object:
    """Return the single edits of each relation, read again."""
    out = []
    for context in _contexts(text):
        stock = Stock(context, None)
        for line in context.lines:
            if line.right is not None and line.fault is None:
                out += [(edit, reread(line, edit, stock) is None) for edit, _ in zip(edits(line, stock), range(FEW), strict=False)]
    return out


def mutated(text: str) -> object:
    """Return which of a page's first mutants are caught."""
    groups: list[list[Judged]] = judged(read_page(text, "page.md"))[0]
    worlds = worlds_of(groups, set())
    out = []
    for relation in relations(worlds)[:3]:
        trial = Trial(relation, worlds)
        out += [mutant is not None and trial.caught(mutant) for mutant, _ in zip(mutants(relation), range(FEW), strict=False)]
    return out


def _contexts(text: str) -> list[Context]:
    try:
        return list(build(read_page(text, "page.md"))[0].values())
    except Unread:
        return []


def _inside(fault: Unread, text: str) -> tuple[str, int, int]:
    assert fault.message and 0 <= fault.span.start <= fault.span.end <= len(text), fault.span
    return fault.message, fault.span.start, fault.span.end


@dataclass(frozen=True)
class Target:
    """A way in: what is done, the inputs that it starts from, how often it is chosen, and how long it may take (seconds of computing)."""

    run: Callable[[str], object]
    seeds: Callable[[], Sequence[str]]
    share: int
    limit: float = 1.0


TARGETS = (
    Target(parsed, seeds.formulas, 450),
    Target(read_foreign, seeds.formulas, 250),
    Target(scanned, seeds.pages, 120),
    Target(page_read, seeds.matters, 100),
    Target(notebook, seeds.notebooks, 20),
    Target(listed, lambda: [json.dumps([{"latex": formula}]) for formula in seeds.formulas()[::10]], 20),
    Target(built, seeds.pages, 20),
    Target(checked, seeds.pages, 12, 10.0),  # an inequality is searched for half a second
    Target(proved, seeds.pages, 4),
    Target(edited, seeds.pages, 4),
    Target(mutated, seeds.pages, 1, 10.0),
)


class Slow(AssertionError):
    """An input that takes longer than it may."""


class Unsteady(AssertionError):
    """An input that gives one result, and then another."""


def tried(target: Target, data: bytes, *, patience: float = 1.0, twice: bool = False) -> None:
    """Feed a target with bytes; raise whatever it raises that is not a complaint about the page, or Slow, or Unsteady."""
    try:
        text = decode(data, "page.md")
    except PageError:
        text = data.decode("utf-8", "surrogateescape")
    with within(target.limit * patience * max(1.0, len(text) / seeds.LARGEST)):
        found = _outcome(target, text)
    if (twice or len(text) % 8 == 0) and (again := _outcome(target, text)) != found:
        raise Unsteady(f"{_first_difference(found, again)}")


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise Slow if what is done inside takes more seconds of this thread's computing, whatever else the machine does."""
    start = time.thread_time()
    yield
    if (spent := time.thread_time() - start) > seconds:
        raise Slow(f"{spent:.1f} s, where {seconds:.1f} are allowed")


def _outcome(target: Target, text: str) -> str:
    try:
        return _told(target.run(text))
    except PageError as error:
        return error.diagnostic.render()


def _told(found: Any) -> str:
    """Return a result as text, however deep it is nested."""
    out: list[str] = []
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if is_dataclass(one) and not isinstance(one, type):
            out.append(type(one).__name__)
            waiting += [getattr(one, field.name) for field in fields(one)]
        elif isinstance(one, list | tuple):
            out.append(str(len(one)))
            waiting += one
        else:
            out.append(repr(one))
    return " ".join(out)


def _first_difference(one: str, other: str) -> str:
    at = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"“{one[max(0, at - 40) : at + 80]}”, then “{other[max(0, at - 40) : at + 80]}”"
