"""The mutation scores of several pages: worked out by several processes, summed, told."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from bpdocs.inputs import Source

if TYPE_CHECKING:
    from bpdocs.mutate import Score

PART = 12_000  # characters of a page that are worth a process's time


def prepare(sources: Sequence[Source], jobs: int) -> None:
    """Mutate the pages that the cache does not have with `jobs` processes; what fails there is left to `score`, which says why."""
    from bpdocs.diagnostic import PageError
    from bpdocs.mutate import cached_score, keep, together

    todo: list[Source] = []
    for source in sources:
        try:
            if cached_score(source.text, source.path) is None:
                todo.append(source)
        except PageError:
            continue
    if jobs < 2 or sum(len(source.text) for source in todo) < 2 * PART:
        return
    pages = {source.path: source for source in sorted(todo, key=lambda source: -len(source.text))}
    parts = {path: 1 if len(pages) > 2 * jobs else min(jobs, max(1, len(source.text) // PART)) for path, source in pages.items()}
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        futures = {path: [pool.submit(_part, source, part, parts[path]) for part in range(parts[path])] for path, source in pages.items()}
        for path, waiting in futures.items():
            found = [future.result() for future in waiting]
            scores = [one for one in found if one is not None]
            if len(scores) == len(found):
                keep(pages[path].text, path, together(scores))


def _part(source: Source, part: int, parts: int) -> Score | None:
    from bpdocs.mutate import mutate_part

    try:
        return mutate_part(source.text, source.path, part, parts)
    except Exception:
        return None  # the page is mutated once more in the first process, where the fault is reported


def score(source: Source) -> Score:
    """Return the score of one page."""
    from bpdocs.mutate import mutate_page

    return mutate_page(source.text, source.path)


def total(scores: Sequence[Score]) -> Score:
    """Return the sum of the scores."""
    from bpdocs.mutate import together

    return together(scores)


def as_json(pages: Sequence[tuple[str, Score]]) -> dict[str, Any]:
    """Return the object that `bpdocs mutate --json` prints."""
    found = total([one for _, one in pages])
    fields = ("path", "line", "operator", "before", "after")
    return {
        "mutants": found.mutants,
        "killed": found.killed,
        "equivalent": found.equivalent,
        "survivors": [{name: asdict(survivor)[name] for name in fields} for survivor in found.survivors],
        "unpinned": list(found.unpinned),
        "pages": [{"path": path, "mutants": one.mutants, "killed": one.killed, "equivalent": one.equivalent, "unread": one.unread, "thin": list(one.thin)} for path, one in pages],
        "operators": [{"operator": name, "killed": killed, "of": of} for name, (killed, of) in sorted(found.operators.items())],
    }


def as_text(pages: Sequence[tuple[str, Score]]) -> str:
    """Return the survivors, what is defined but pinned by no claim, the claims with few mutants, then the scores as a table."""
    found = total([one for _, one in pages])
    lines = [f"{one.path}:{one.line}: survives ({one.operator}; {one.why}): {one.before}  →  {one.after}" for one in found.survivors]
    lines += [f"{name}: defined, not pinned" for name in found.unpinned]
    lines += [f"{name}: fewer than five mutants" for name in found.thin]
    rows = [(path, one.killed, one.mutants - one.equivalent, one.equivalent) for path, one in pages]
    rows += [(f"  {name}", killed, of, 0) for name, (killed, of) in sorted(found.operators.items())]
    width = max((len(name) for name, *_ in rows), default=0)
    lines += ["", *(f"{name:<{width}}  {_share(killed, of)}{f'  {same} equivalent' if same else ''}" for name, killed, of, same in rows), ""]
    equivalent = f", {found.equivalent} proved to change nothing" if found.equivalent else ""
    lines.append(f"{found.killed} of {found.mutants - found.equivalent} mutants caught{equivalent} ({100 * found.share:.2f} %); {found.unread} edits did not read")
    return "\n".join(lines)


def _share(killed: int, of: int) -> str:
    return f"{killed:>6} of {of:<6} {100 * killed / max(1, of):6.2f} %"
