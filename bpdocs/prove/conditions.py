"""Conditions as polynomials: 1 where they hold, 0 elsewhere. Between indices exactly, between other numbers where they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpdocs.notation import expr as e
from bpdocs.prove import functions
from bpdocs.prove.table import LAST, Index, Poly, Unproved

if TYPE_CHECKING:
    from bpdocs.prove.meaning import Around, Meaning

_TURNED = {"=": "=", "≠": "≠", "<": ">", ">": "<", "≤": "≥", "≥": "≤"}


def indicator(meaning: Meaning, x: e.Compare, at: tuple[Index, ...], around: Around) -> Poly:
    """Return a condition as a number."""
    if x.relation == "∧" and isinstance(x.left, e.Compare) and isinstance(x.right, e.Compare):
        return meaning.ring.mul(indicator(meaning, x.left, at, around), indicator(meaning, x.right, at, around))
    if x.relation not in _TURNED:
        raise Unproved(f"the condition {x.relation}")
    if any(isinstance(part, e.Letter) for part in e.walk(x)) and all(isinstance(part, e.Letter | e.Num | e.Size | e.Add | e.Neg | e.Compare) for part in e.walk(x)):
        return _of_indices(meaning, x, around)
    ring = meaning.ring
    gap = ring.minus(meaning.part(x.left, at, around), meaning.part(x.right, at, around))
    if not gap or set(gap) == {()}:
        value = gap.get((), 0)
        return ring.number(int({"=": value == 0, "≠": value != 0, "<": value < 0, "≤": value <= 0, ">": value > 0, "≥": value >= 0}[x.relation]))
    meaning.demand("nonzero", gap)
    if x.relation in ("=", "≠"):
        raise Unproved("an equality of numbers as a condition")
    sign = functions.sign(ring, gap)
    return ring.scale(ring.add(ring.number(1), sign, 1 if x.relation in (">", "≥") else -1), functions.HALF)


def _of_indices(meaning: Meaning, x: e.Compare, around: Around) -> Poly:
    letters: dict[Index, int] = {}
    sizes: dict[str, int] = {}
    number = _gather(meaning, x.left, around, 1, letters, sizes) + _gather(meaning, x.right, around, -1, letters, sizes)
    letters = {index: times for index, times in letters.items() if times}
    sizes = {size: times for size, times in sizes.items() if times}
    ring = meaning.ring
    if not letters and not sizes:
        return ring.number(int({"=": number == 0, "≠": number != 0, "<": number < 0, "≤": number <= 0, ">": number > 0, "≥": number >= 0}[x.relation]))
    relation = x.relation
    if sorted(letters.values()) == [-1, 1] and not sizes:
        a = next(index for index, times in letters.items() if times == 1)
        b = next(index for index, times in letters.items() if times == -1)
        if a[2] != b[2]:
            raise Unproved("a condition between letters of two ranges")
        return _between(meaning, a, relation, b, number)
    if len(letters) == 1 and abs(next(iter(letters.values()))) == 1:
        ((a, times),) = letters.items()
        relation = relation if times == 1 else _TURNED[relation]
        if not sizes:
            return _against(meaning, a, relation, -number * times, a[2])
        if sizes == {a[2]: -times}:
            return _against_last(meaning, a, relation, -number * times)
    raise Unproved("this condition on indices")


def _gather(meaning: Meaning, x: e.Expr, around: Around, times: int, letters: dict[Index, int], sizes: dict[str, int]) -> int:
    """Add up a sum of letters, widths and whole numbers; return the number."""
    match x:
        case e.Num(_, value, _) if value == int(value):
            return times * int(value)
        case e.Letter(_, name):
            index = meaning.letter(name, around)
            if index[0] == 0 and index[1] != LAST:
                return times * int(index[1])
            letters[index] = letters.get(index, 0) + times
            return 0
        case e.Size(_, name):
            if name.isdigit():
                return times * int(name)
            sizes[name] = sizes.get(name, 0) + times
            return 0
        case e.Neg(_, body):
            return _gather(meaning, body, around, -times, letters, sizes)
        case e.Add(_, terms):
            return sum(_gather(meaning, term, around, times, letters, sizes) for term in terms)
    raise Unproved("this condition on indices")


def _between(meaning: Meaning, a: Index, relation: str, b: Index, number: int) -> Poly:
    """Return whether a + number stands in a relation to b."""
    ring = meaning.ring
    if relation in (">", "≥"):
        return _between(meaning, b, _TURNED[relation], a, -number)
    if relation in ("=", "≠") and number == 0:
        same = ring.delta(a, b)
        return same if relation == "=" else ring.minus(ring.number(1), same)
    if (relation, number) in (("<", 0), ("≤", 1)):
        return ring.less(a, b)
    if (relation, number) in (("≤", 0), ("<", -1)):
        return ring.add(ring.less(a, b), ring.delta(a, b))
    raise Unproved("this condition on indices")


def _against(meaning: Meaning, a: Index, relation: str, number: int, klass: str) -> Poly:
    """Return whether an index stands in a relation to a number."""
    ring = meaning.ring
    one = ring.number(1)
    if relation in ("=", "≠"):
        same = ring.delta(a, (0, number, klass)) if number >= 1 else {}
        return same if relation == "=" else ring.minus(one, same)
    limit = number + 1 if relation in ("≤", ">") else number
    if limit > 9:
        raise Unproved("this condition on indices")
    below = ring.less(a, (0, limit, klass)) if limit >= 1 else {}
    return below if relation in ("<", "≤") else ring.minus(one, below)


def _against_last(meaning: Meaning, a: Index, relation: str, number: int) -> Poly:
    """Return whether an index stands in a relation to its width plus a number."""
    ring = meaning.ring
    one, last = ring.number(1), ring.delta(a, (0, LAST, a[2]))
    match relation, number:
        case ("≤", n) if n >= 0:
            return one
        case ("<", n) if n > 0:
            return one
        case ("<", 0) | ("≤", -1) | ("≠", 0):
            return ring.minus(one, last)
        case ("=", 0) | ("≥", 0) | (">", -1):
            return last
        case (">", n) if n >= 0:
            return {}
    raise Unproved("this condition on indices")


def cases(meaning: Meaning, branches: tuple[tuple[e.Expr, e.Compare | None], ...], at: tuple[Index, ...], around: Around) -> Poly:
    """Return values with conditions, the first that holds; together they must leave nothing out."""
    ring = meaning.ring
    out: Poly = {}
    left = ring.number(1)
    for value, condition in branches:
        holds = ring.number(1) if condition is None else indicator(meaning, condition, at if meaning.shape(condition, around) else (), around)
        here = ring.mul(left, holds)
        if here:
            out = ring.add(out, ring.mul(here, meaning.part(value, at, around)))
        left = ring.minus(left, here)
        if not left:
            return out
    raise Unproved("conditions that may leave a case out")


def product_without(meaning: Meaning, letter: Index, body: Poly, mask: Poly) -> Poly:
    """Return Π over all indices but one."""
    ring = meaning.ring
    other = ring.minus(ring.number(1), mask)
    if len(other) == 1:
        ((mono, coefficient),) = other.items()
        if coefficient == 1 and len(mono) == 1 and ring.table.kind[mono[0][0]] == "δ" and letter in ring.table.data[mono[0][0]]:
            a, b = ring.table.data[mono[0][0]]
            one = ring.rename(body, {letter: b if a == letter else a})
            meaning.demand("nonzero", one)
            return ring.mul(functions.over_letter(ring, letter, body), ring.inverse(one))
    raise Unproved("a product over some of the indices")
