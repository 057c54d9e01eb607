"""Factors and the operators between them, put together: what binds tighter, and what people read two ways."""

from __future__ import annotations

from bpdocs.diagnostic import Span
from bpdocs.notation import expr as e
from bpdocs.notation.tokens import Unread

Unit = tuple[str, e.Expr]
MOST = 200  # factors side by side: each is one level of the tree


def combine(units: list[Unit], layout: str) -> e.Expr:
    """Return the product of units with the operators before each: side by side binds tighter than ⊙, / takes one run."""
    if len(units) > MOST:
        raise Unread(f"a product of more than {MOST} factors", units[MOST][1].span, "name its parts")
    units = _contracted([("⊙" if how == "∘" else how, value) for how, value in units], layout)
    runs: list[tuple[str, list[e.Expr]]] = []
    for how, value in units:
        if how or not runs:
            runs.append((how, [value]))
        else:
            runs[-1][1].append(value)
    total = _run(runs[0][1])
    for index, (how, values) in enumerate(runs[1:], 1):
        span = Span(total.span.start, values[-1].span.end)
        if how in ("/", "⊘"):
            if len(values) == 1:
                total = e.Div(span, total, values[0], how)
                continue
            near = _run([e.Div(Span(total.span.start, values[0].span.end), total, values[0], how), *values[1:]])
            total = e.Either(span, (near, e.Div(span, total, _run(values), how)), "write brackets: which factors stand below the bar?")
        elif how == "·" and runs[index - 1][0] == "⊙":
            near = e.Mul(span, total, _run(values), how)
            before = total
            assert isinstance(before, e.Mul | e.Either)
            if isinstance(before, e.Mul):
                far = e.Mul(span, before.left, e.Mul(span, before.right, _run(values), how), "⊙")
                total = e.Either(span, (near, far), "write brackets: ⊙ and · both stand here")
            else:
                total = near
        else:
            total = e.Mul(span, total, _run(values), how)
    return total


def _run(values: list[e.Expr]) -> e.Expr:
    total = values[0]
    for value in values[1:]:
        total = e.Mul(Span(total.span.start, value.span.end), total, value)
    return total


def _contracted(units: list[Unit], layout: str) -> list[Unit]:
    """Join derivatives without indices in which each denominator is the next numerator."""
    out: list[Unit] = []
    chain: list[e.Deriv] = []
    hows: list[str] = []

    def linked(left: e.Deriv, right: e.Deriv) -> bool:
        if layout == "denominator":
            left, right = right, left
        return isinstance(right.body, e.Ref) and not right.body.indices and right.body.name == left.wrt[0].name

    def flush() -> None:
        if len(chain) > 1:
            ordered = tuple(reversed(chain)) if layout == "denominator" else tuple(chain)
            marks = tuple(hows) if any(hows) else ()
            out[-1] = (out[-1][0], e.Contract(Span(chain[0].span.start, chain[-1].span.end), ordered, marks))
        chain.clear()
        hows.clear()

    for how, value in units:
        plain = isinstance(value, e.Deriv) and len(value.wrt) == 1 and not value.wrt[0].indices and value.shape == "layout"
        if plain and chain and how in ("", "·") and isinstance(value, e.Deriv) and linked(chain[-1], value):
            chain.append(value)
            hows.append(how)
            continue
        flush()
        out.append((how, value))
        if plain and isinstance(value, e.Deriv):
            chain.append(value)
    flush()
    return out
