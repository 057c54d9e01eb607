"""Errors planted in a page, one at a time: how many of them the page's own claims catch.

mutants.py says who is mutated and how it reads then, trial.py who judges, worlds.py where, score.py what came out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bpdocs import budget
from bpdocs.cache import Cache, digest, package_digest
from bpdocs.cases import Judged, merged
from bpdocs.check import judged
from bpdocs.diagnostic import Span
from bpdocs.measure.points import printed_numbers
from bpdocs.mutate.mutants import Mutant, Relation, mutants, relations
from bpdocs.mutate.score import Pair, Score, Survivor, together
from bpdocs.mutate.trial import Trial
from bpdocs.mutate.worlds import World, worlds_of
from bpdocs.notation.tokens import Unread
from bpdocs.page import Page, read_page
from bpdocs.results import taken_texts
from bpdocs.verdicts import checked, unparsed

__all__ = ["Score", "Survivor", "cached_score", "keep", "mutate_page", "mutate_part", "together"]

ENOUGH = 5  # mutants that a claim ought to have


def _key(text: str, path: str) -> str:
    return digest(package_digest(), path, text, *taken_texts(text, path))


def cached_score(text: str, path: str) -> Score | None:
    """Return what the last mutation of exactly this content found, or None."""
    stored = Cache("mutate").get(_key(text, path))
    return None if stored is None else Score.load(stored)


def keep(text: str, path: str, score: Score) -> Score:
    """Return the score of a page, and keep it for `cached_score`."""
    Cache("mutate").put(_key(text, path), score.dump())
    return score


def mutate_page(text: str, path: str) -> Score:
    """Return the score of a page: every edit of every definition and claim, and every definition cut; kept in the cache."""
    return cached_score(text, path) or keep(text, path, mutate_part(text, path))


def mutate_part(text: str, path: str, part: int = 0, parts: int = 1) -> Score:
    """Return the score of every `parts`-th relation of a page; `together` makes the page's of them."""
    with budget.page(endless=True):
        return _part(read_page(text, path), part, parts)


def _part(page: Page, part: int, parts: int) -> Score:
    with budget.page(anew=True):
        groups, faults, _ = judged(page)
    worlds, numbers = worlds_of(groups, printed_numbers([formula.latex for formula in page.formulas])), _numbers(page, groups, faults)
    return together(_score(relation, worlds, page, numbers) for relation in relations(worlds)[part::parts])


def _numbers(page: Page, groups: Sequence[Sequence[Judged]], faults: Mapping[int, Unread]) -> dict[tuple[int, int], int]:
    """Return, for the formula and the place of each relation, its number among those that the check finds, by which the site knows it."""
    found = [checked(page, *merged(group)) for group in groups]
    found += [unparsed(page, page.formulas[number], fault) for number, fault in faults.items()]
    found.sort(key=lambda one: (one.span.start, one.span.end))
    return {(one.formula, one.span.start): number for number, one in reversed(list(enumerate(found)))}


def _score(relation: Relation, worlds: list[World], page: Page, numbers: Mapping[tuple[int, int], int]) -> Score:
    """Return what becomes of the mutants of one relation."""
    trial = Trial(relation, worlds)
    caught, every = Counter[str](), Counter[str]()
    unread = equivalent = 0
    survivors: list[Survivor] = []
    for mutant in mutants(relation):
        if mutant is None:
            unread += 1
            continue
        killed = trial.caught(mutant)
        if not killed and trial.equivalent(mutant):
            equivalent += 1
            continue
        killed = killed or trial.caught(mutant, whole=True)
        every[mutant.edit.operator] += 1
        caught[mutant.edit.operator] += killed
        if not killed:
            survivors.append(_survivor(mutant, trial, page))
    pair: Pair = (caught.total(), every.total())
    place = f"{page.path}:{_line(page, relation)}"
    thin = (f"{place}: {_flat(_ink(relation))} ({every.total()})",) if not trial.defines and every.total() < ENOUGH else ()
    return Score(
        mutants=every.total() + equivalent,
        killed=caught.total(),
        equivalent=equivalent,
        survivors=tuple(survivors),
        unpinned=tuple(f"{place}: {name}" for name in trial.unpinned()),
        by_relation={numbers.get((relation.line.formula.number, _start(relation)), -1): pair},
        operators={name: (caught[name], every[name]) for name in every},
        unread=unread,
        thin=thin,
    )


def _start(relation: Relation) -> int:
    """Return where a relation begins in the text of the page."""
    return relation.line.formula.content.start + relation.line.span.start


def _line(page: Page, relation: Relation) -> int:
    return page.diagnostic(Span(_start(relation), _start(relation) + 1), "").line


def _ink(relation: Relation) -> str:
    return relation.line.formula.latex[relation.line.span.start : relation.line.span.end]


def _flat(latex: str) -> str:
    return " ".join(latex.split())


def _survivor(mutant: Mutant, trial: Trial, page: Page) -> Survivor:
    line, edit = mutant.relation.line, mutant.edit
    source = line.formula.latex
    after = source[line.span.start : edit.span.start] + edit.text + source[edit.span.end : line.span.end]
    if not trial.defines:
        why = "the changed claim is true as well"
    elif not trial.dependents:
        why = "no claim rests on this definition"
    else:
        count = trial.dependents
        why = f"the {count} claims that rest on this definition stay true" if count > 1 else "the one claim that rests on this definition stays true"
    return Survivor(page.path, _line(page, mutant.relation), edit.operator, _flat(_ink(mutant.relation)), _flat(after), why)
