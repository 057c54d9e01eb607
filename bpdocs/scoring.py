"""The mutation scores of several pages as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bpdocs.inputs import Source

if TYPE_CHECKING:
    from bpdocs.mutate import Score, Survivor


@dataclass(frozen=True)
class Total:
    """The sum over pages: how many errors were planted, how many caught, how many change nothing, which survive."""

    mutants: int
    killed: int
    equivalent: int
    survivors: tuple[Survivor, ...]
    unpinned: tuple[str, ...]


def score(source: Source) -> Score:
    """Return the score of one page."""
    from bpdocs.mutate import mutate_page

    return mutate_page(source.text, source.path)


def total(scores: Sequence[Score]) -> Total:
    """Return the sum of the scores."""
    return Total(
        mutants=sum(one.mutants for one in scores),
        killed=sum(one.killed for one in scores),
        equivalent=sum(one.equivalent for one in scores),
        survivors=tuple(survivor for one in scores for survivor in one.survivors),
        unpinned=tuple(name for one in scores for name in one.unpinned),
    )


def share(found: Total) -> float:
    """Return the share of the mutants that are caught, of those that change anything."""
    return found.killed / max(1, found.mutants - found.equivalent)


def as_json(found: Total) -> dict[str, Any]:
    """Return the object that `bpdocs mutate --json` prints."""
    fields = ("path", "line", "operator", "before", "after")
    return {
        "mutants": found.mutants,
        "killed": found.killed,
        "equivalent": found.equivalent,
        "survivors": [{name: asdict(survivor)[name] for name in fields} for survivor in found.survivors],
        "unpinned": list(found.unpinned),
    }


def as_text(found: Total) -> str:
    """Return the survivors and what is defined but pinned by no claim, then the score in one line."""
    lines = [f"{one.path}:{one.line}: survives ({one.operator}; {one.why}): {one.before}  →  {one.after}" for one in found.survivors]
    lines += [f"defined, not pinned: {name}" for name in found.unpinned]
    equivalent = f", {found.equivalent} equivalent" if found.equivalent else ""
    lines.append(f"{found.killed} of {found.mutants} mutants caught{equivalent} ({100 * share(found):.1f} %)")
    return "\n".join(lines)
