"""A symbol's ink as a name, a subscript's ink as indices and labels."""

from __future__ import annotations

from bpdocs.notation import syntax as s
from bpdocs.notation.vocabulary import ROMAN

BIG = {r"\sum": "Σ", r"\prod": "Π", r"\max": "max", r"\min": "min"}
TRANSPOSES = (r"\top", r"\intercal", "⊺")
MARK = "@"  # behind a letter: it belongs to one statement only
_DOUBLE = (r"\mathbb", r"\mathds")


def plain_letter(name: str) -> str:
    """Return a letter as it stands on the page, without the mark of its statement."""
    return name.partition(MARK)[0].rstrip("~")


def symbol_name(node: s.Symbol) -> str:
    r"""Return the name that a symbol's ink stands for: bold is no difference, \mathcal and \mathbb are."""
    if node.font in (r"\mathcal", r"\mathscr", r"\mathfrak", *_DOUBLE):
        font = r"\mathcal" if node.font == r"\mathscr" else node.font
        return f"{font}{{{node.name}}}"
    return node.name


def is_reals(node: s.Node) -> bool:
    """Return whether `node` is ℝ (or a named part of it)."""
    base = node.base if isinstance(node, s.Scripted) else node
    return isinstance(base, s.Symbol) and (symbol_name(base) in (r"\mathbb{R}", r"\R", r"\mathbb{R}_+", r"\reals", r"\Reals"))


def stacked(sup: s.Node) -> bool:
    r"""Return whether a superscript is several ones side by side, `^{(2)\top}`, and not one formula, `^{a (b + c)}`."""
    if isinstance(sup, s.Listed):
        return True
    return isinstance(sup, s.Sequence) and all(
        (isinstance(item, s.Fenced) and item.kind in ("(", "[")) or (isinstance(item, s.Symbol) and item.name in (*TRANSPOSES, "T", "t")) or isinstance(item, s.Operator)
        for item in sup.items
    )


def flat(node: s.Node) -> str:
    """Return the ink of a subscript as one word, for names."""
    match node:
        case s.Symbol():
            return symbol_name(node)
        case s.Number(_, text) | s.Words(_, text):
            return text
        case s.Operator(_, name):
            return name
        case s.Scripted(_, base, sub, sup, primes):
            return flat(base) + ("_" + flat(sub) if sub else "") + "".join("^" + flat(part) for part in sup) + "'" * primes
        case s.Listed(_, items):
            return ",".join(map(flat, items))
        case s.Terms(_, terms):
            return "".join((sign if index or sign == "-" else "") + flat(term) for index, (sign, term) in enumerate(terms))
        case s.Fenced(_, kind, body):
            return flat(body) if kind == "group" else f"({flat(body)})"
        case s.Relations(_, members, relations):
            return flat(members[0]) + "".join(relation + flat(member) for relation, member in zip(relations, members[1:], strict=True))
        case _:
            return "".join(flat(child) for child in s.children(node))


def pieces(sub: s.Node | None) -> tuple[s.Node, ...]:
    """Return the parts of a subscript, one an index or a label."""
    match sub:
        case None | s.Empty():
            return ()
        case s.Listed(_, items) | s.Sequence(_, items):
            return tuple(piece for item in items for piece in pieces(item))
        case s.Fenced(_, "group", body):
            return pieces(body)
        case _:
            return (sub,)


def letter_of(node: s.Node) -> str | None:
    """Return the letter that `node` is as an index (k, or k′), or None."""
    if isinstance(node, s.Symbol) and node.font not in ROMAN and (len(node.name) == 1 or node.name.startswith("\\") or MARK in node.name):
        return node.name
    if isinstance(node, s.Scripted) and isinstance(node.base, s.Symbol) and node.primes and not node.sub and not node.sup:
        return node.base.name + "'" * node.primes
    return None


def is_capital(letter: str) -> bool:
    r"""Return whether a letter is one that people write as a label, W_Q or \mu_B, unless something runs over it."""
    return len(plain_letter(letter)) == 1 and "A" <= letter[0] <= "Z"


def is_label(node: s.Node) -> bool:
    """Return whether a piece of a subscript is a word and so belongs to the name."""
    return isinstance(node, s.Words) or (
        isinstance(node, s.Symbol) and (node.font in ROMAN or (len(node.name) > 1 and not node.name.startswith("\\") and MARK not in node.name) or "가" <= node.name[0] <= "힣")
    )


def bare_names(node: s.Node) -> set[str]:
    """Return the names of the symbols that stand below `node` without a subscript."""
    if isinstance(node, s.Symbol):
        return {symbol_name(node)}
    if isinstance(node, s.Scripted) and node.sub is not None and isinstance(node.base, s.Symbol):
        return {full_name(node)}.union(*(bare_names(part) for part in node.sup)) if node.sup else {full_name(node)}
    return set().union(*(bare_names(child) for child in s.children(node)))


def primed(node: s.Node) -> bool:
    """Return whether a symbol has primes."""
    return isinstance(node, s.Scripted) and node.primes > 0


def full_name(node: s.Node) -> str:
    """Return the name with everything that stands at it: the name of a label, a layer, an accent."""
    if isinstance(node, s.Scripted):
        base = full_name(node.base)
        sup = "".join(f"^{{{flat(part)}}}" for part in node.sup if isinstance(part, s.Fenced) or flat(part) == "*")
        sub = f"_{{{flat(node.sub).replace(',', '')}}}" if node.sub is not None else ""
        return base + sup + sub + "'" * node.primes
    if isinstance(node, s.Symbol):
        return symbol_name(node)
    return flat(node)


def is_size(node: s.Node) -> bool:
    """Return whether a limit is a width or a number alone: c, 3, n_l."""
    if isinstance(node, s.Number):
        return node.text.isdigit() and int(node.text) > 0
    return isinstance(node, s.Symbol) or (isinstance(node, s.Scripted) and isinstance(node.base, s.Symbol) and not node.sup and not node.primes)


def bound_letters(node: s.Scripted) -> list[tuple[str, str | None]]:
    """Return the letters that a Σ binds, each with the class that its limits give (None where they give none)."""
    sub = node.sub
    upper = node.sup[0] if node.sup else None
    out: list[tuple[str, str | None]] = []
    for item in sub.items if isinstance(sub, s.Listed) else (sub,):
        if isinstance(item, s.Relations):
            between = len(item.members) == 3 and set(item.relations) <= {"<", "≤"}
            letter = letter_of(item.members[1 if between else 0])
            if letter is None:
                continue
            klass = None
            if between:
                klass = full_name(item.members[2]) if is_size(item.members[2]) else next((flat(part) for part in s.walk(item.members[2]) if isinstance(part, s.Symbol)), None)
            elif item.relations[0] == "∈" and isinstance(item.members[1], s.Fenced) and isinstance(item.members[1].body, s.Listed):
                last = item.members[1].body.items[-1]
                klass = full_name(last) if is_size(last) and isinstance(item.members[1].body.items[-2], s.Dots) else None
            elif item.relations[0] == "≠" and upper is not None and is_size(upper):
                klass = full_name(upper)
            if item.relations[0] == "=" and isinstance(item.members[-1], s.Number) and upper is not None and is_size(upper):
                klass = full_name(upper)
            elif item.relations[0] == "=" and upper is not None:
                klass = next((flat(part) for part in s.walk(upper) if isinstance(part, s.Symbol)), None)
            out.append((letter, klass))
        elif item is not None:
            klass = full_name(upper) if upper is not None and is_size(upper) else None
            out += [(letter, klass) for piece in pieces(item) if (letter := letter_of(piece))]
    return out


def base_name(node: s.Node) -> str:
    """Return the name of a quantity without its index letters: labels, layers and accents stay."""
    if not isinstance(node, s.Scripted):
        return full_name(node)
    labels = tuple(piece for piece in pieces(node.sub) if is_label(piece))
    sup = tuple(part for whole in node.sup for part in (whole.items if isinstance(whole, s.Sequence | s.Listed) else (whole,)) if isinstance(part, s.Fenced))
    return full_name(s.Scripted(node.span, node.base, s.Listed(node.span, labels) if labels else None, sup))


def number_of(node: s.Node, values: dict[str, int]) -> int | None:
    """Return the whole number that an arithmetic of numbers and of the letters in `values` is, or None."""
    match node:
        case s.Number(_, text):
            return int(text) if text.isdigit() else None
        case s.Symbol(_, name, _):
            return values.get(name)
        case s.Fenced(_, "(" | "[" | "group", body) | s.Labelled(_, body):
            return number_of(body, values)
        case s.Terms(_, terms):
            total = 0
            for sign, term in terms:
                part = number_of(term, values)
                if part is None or sign not in "+-":
                    return None
                total += part if sign == "+" else -part
            return total
        case _:
            return None
