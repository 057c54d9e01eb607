"""Conditions as polynomials: 1 where they hold, 0 elsewhere. Between indices exactly, between other numbers where they differ."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from bpdocs.notation import expr as e
from bpdocs.prove import functions
from bpdocs.prove.table import LAST, Index, Poly, Unproved

if TYPE_CHECKING:
    from bpdocs.prove.meaning import Meaning
    from bpdocs.prove.state import Around

_TURNED = {"=": "=", "≠": "≠", "<": ">", ">": "<", "≤": "≥", "≥": "≤"}


def indicator(meaning: Meaning, x: e.Compare, at: tuple[Index, ...], around: Around) -> Poly:
    """Return a condition as a number."""
    if x.relation == "∧" and isinstance(x.left, e.Compare) and isinstance(x.right, e.Compare):
        return meaning.ring.mul(indicator(meaning, x.left, at, around), indicator(meaning, x.right, at, around))
    if x.relation == "∨" and isinstance(x.left, e.Compare) and isinstance(x.right, e.Compare):
        one, other = indicator(meaning, x.left, at, around), indicator(meaning, x.right, at, around)
        return meaning.ring.minus(meaning.ring.add(one, other), meaning.ring.mul(one, other))
    if x.relation not in _TURNED:
        raise Unproved(f"the condition {x.relation}")
    if _is_index(meaning, x.left) and _is_index(meaning, x.right):
        return _of_indices(meaning, x, around)
    ring = meaning.ring
    gap = ring.minus(meaning.part(x.left, at, around), meaning.part(x.right, at, around))
    if not gap or set(gap) == {()}:
        value = gap.get((), 0)
        return ring.number(int({"=": value == 0, "≠": value != 0, "<": value < 0, "≤": value <= 0, ">": value > 0, "≥": value >= 0}[x.relation]))
    if x.relation in ("=", "≠"):
        same = _one_of_few(meaning, gap)
        return same if x.relation == "=" else ring.minus(ring.number(1), same)
    meaning.demand("nonzero", gap)
    sign = functions.sign(ring, gap)
    return ring.scale(ring.add(ring.number(1), sign, 1 if x.relation in (">", "≥") else -1), functions.HALF)


def _one_of_few(meaning: Meaning, gap: Poly) -> Poly:
    """Return whether an input of few values has one of them, as a polynomial in it: for y of 0 or 1, y = 1 is y."""
    ring, shift = meaning.ring, Fraction(gap.get((), 0))
    entries = [(mono, coefficient) for mono, coefficient in gap.items() if mono]
    ((mono, coefficient),) = entries if len(entries) == 1 else [((), 1)]
    if len(mono) != 1 or mono[0][1] != 1 or ring.table.kind[mono[0][0]] != "q" or ring.table.data[mono[0][0]][0][0] not in meaning.program.survey.choices:
        raise Unproved("an equality of numbers as a condition")
    key = ring.table.data[mono[0][0]][0]
    wanted, values = -shift / coefficient, [Fraction(value) for value in meaning.program.survey.choices[key[0]]]
    meaning.stepped.add(key)
    others = [value for value in values if value != wanted]
    if len(others) == len(values):
        return {}
    return ring.product(ring.scale(ring.minus({mono: 1}, ring.number(value)), 1 / (wanted - value)) for value in others)


def _is_index(meaning: Meaning, x: e.Expr) -> bool:
    """Return whether an expression is an index, a whole number, or a sum of such."""
    if isinstance(x, e.Add | e.Neg):
        return all(_is_index(meaning, part) for part in e.parts(x))
    return isinstance(x, e.Letter | e.Size) or (isinstance(x, e.Num) and x.value == int(x.value)) or (isinstance(x, e.Ref) and x.name in meaning.program.survey.indexing)


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
        case e.Letter() | e.Ref():
            index = meaning.letter(x.name, around) if isinstance(x, e.Letter) else meaning.looked_up(x, around)
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


def bind(meaning: Meaning, x: e.Bind, at: tuple[Index, ...], around: Around) -> Poly:
    """Return Σ, Π, max or min over a letter."""
    ring = meaning.ring
    if x.how == "Π" and at:
        raise Unproved("a product of arrays over a letter")
    if x.size == "?":
        raise Unproved(f"the index {x.letter} has no range")
    with meaning.bound((x.size,)) as (letter,):
        within = meaning.inside(around, x.letter, letter)
        body = meaning.entry(x.body, at, within)
        limits = [_limit(x, relation, limit) for limit, relation in ((x.low, "≥"), (x.high, "≤")) if limit is not None]
        limits += [x.condition] if x.condition is not None else []
        mask = ring.product(indicator(meaning, limit, (), within) for limit in limits)
        if x.how == "Σ":
            return ring.close((letter,), ring.mul(mask, body))
        if x.how == "Π":
            return functions.over_letter(ring, letter, body) if mask == ring.number(1) else _product_without(meaning, letter, body, mask)
        if mask != ring.number(1):
            raise Unproved(f"{x.how} over some of the indices")
        return functions.open_function(ring, ("known", x.how), (), (), [functions.shut(ring, (letter,), body)])


def _limit(x: e.Bind, relation: str, limit: e.Expr) -> e.Compare:
    """Return a limit of a Σ as a condition; one that leaves the letter's range for some value is an error."""
    terms = limit.terms if isinstance(limit, e.Add) else (limit,)
    numbers = [-term.body.value if isinstance(term, e.Neg) and isinstance(term.body, e.Num) else term.value if isinstance(term, e.Num) else None for term in terms]
    number = sum(value for value in numbers if value is not None)
    alone = None not in numbers
    if (number < (1 if alone else 0)) if relation == "≥" else (number > 0 and not alone):
        raise Unproved("a limit outside of the letter's range")
    return e.Compare(x.span, e.Letter(x.span, x.letter), relation, limit)


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
        if not left or not meaning.at_few_values(left):
            return out
    raise Unproved("conditions that may leave a case out")


def _product_without(meaning: Meaning, letter: Index, body: Poly, mask: Poly) -> Poly:
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
