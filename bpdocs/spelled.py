r"""An expression written out in LaTeX again, with every bracket that its meaning needs.

>>> from bpdocs.diagnostic import Span
>>> at = Span(0, 0)
>>> spelled(e.Mul(at, e.Ref(at, "a"), e.Add(at, (e.Ref(at, "b"), e.Num(at, 1.0, "1")))))
'a (b + 1)'
"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from functools import singledispatch
from typing import Any

from bpdocs.notation import expr as e
from bpdocs.notation.ink import plain_letter
from bpdocs.notation.operators import BY_NAME
from bpdocs.notation.survey import Survey

_SUM, _PRODUCT, _PREFIX, _ATOM = range(4)
_BIG = {"Σ": r"\sum", "Π": r"\prod", "max": r"\max", "min": r"\min"}
_HOW = {"": " ", "·": r" \cdot ", "×": r" \times ", "⊙": r" \odot ", "⊗": r" \otimes ",
        "⊕": r" \oplus ", "⊖": r" \ominus ", "⋆": r" \star ", "◯": r" \bigcirc ", "•": r" \bullet "}  # fmt: skip
_SIGNS = {"≠": r"\neq", "≤": r"\leq", "≥": r"\geq", "≈": r"\approx", "←": r"\leftarrow", "→": r"\to", "∈": r"\in", "∨": r"\lor"}
_RAISED = r"\^\{([^}]*)\}(_\w|_\{[^}]*\})?$"
_NORMS = {"norm": r"\lVert {} \rVert", "norm1": r"\lVert {} \rVert_1", "norminf": r"\lVert {} \rVert_\infty", "abs": r"\lvert {} \rvert"}


def spelled(expr: e.Expr) -> str:
    """Return the expression as LaTeX that can be read one way only."""
    return _written(expr)[0]


def on_page(expr: e.Expr, survey: Survey) -> str:
    """Return the expression as LaTeX with the page's own names of arrays: W where its entries are w_{kj}."""
    wholes = {(target, signature): name for name, (target, signature) in survey.entries.items()}

    def renamed(value: object) -> object:
        if isinstance(value, e.Ref) and not value.indices:
            return replace(value, name=wholes.get((value.name, value.signature), value.name))
        if isinstance(value, e.Contract) and survey.settings.layout == "denominator":
            factors: Any = renamed(value.factors[::-1])  # as it is written there
            return replace(value, factors=factors)
        if isinstance(value, e.Expr):
            changes: dict[str, Any] = {field.name: renamed(getattr(value, field.name)) for field in fields(value) if field.name != "span"}
            return replace(value, **changes)
        return tuple(map(renamed, value)) if isinstance(value, tuple) else value

    found = renamed(expr) if wholes or survey.settings.layout == "denominator" else expr
    assert isinstance(found, e.Expr)
    return spelled(found)


def relation(sign: str) -> str:
    r"""Return a relation as LaTeX: `\leq` for ≤."""
    return _SIGNS.get(sign, sign)


def name_of(name: str, indices: tuple[str, ...] = ()) -> str:
    r"""Return a quantity's name as LaTeX, with its indices: `\mathrm{net}_k`, `w_{kj}`, `W^{(2)}`."""
    name, indices = plain_letter(name), tuple(map(plain_letter, indices))
    base, rest = re.match(r"(\\[A-Za-z]+(?:\{[^}]*\})?(?: \\?[A-Za-z]+)?|[^_^']+)(.*)", name, re.S).groups() if name else ("", "")  # type: ignore[union-attr]
    if len(base) > 1 and not base.startswith("\\"):
        base = rf"\text{{{base}}}" if not base.isascii() else rf"\mathrm{{{base}}}"
    label = re.search(r"_\{([^}]*)\}", rest)
    words = label[1] if label else ""
    if len(words) > 1 and words.isalpha():
        words = rf"\text{{{words}}}"
    rest = rest.replace(label[0], "") if label else rest
    sub = ", ".join(filter(None, [words, *indices])) if words or any(len(index) > 1 for index in indices) else "".join(indices)
    if not sub:
        return base + rest
    return f"{base}{rest}_{sub}" if len(sub) == 1 else f"{base}{rest}_{{{sub}}}"


def _within(expr: e.Expr, least: int) -> str:
    text, strength = _written(expr)
    return text if strength >= least else f"({text})"


def _open(expr: e.Expr) -> bool:
    """Return whether what follows the expression would be read as part of it."""
    if isinstance(expr, e.Mul):
        return _open(expr.right)
    if isinstance(expr, e.Deriv):
        return expr.shape != "gradient" and not isinstance(expr.body, e.Ref)
    return isinstance(expr, e.Bind) or (isinstance(expr, e.Neg) and _open(expr.body))


@singledispatch
def _written(expr: e.Expr) -> tuple[str, int]:
    return f"[{type(expr).__name__.lower()}: {', '.join(map(spelled, e.parts(expr)))}]", _ATOM


@_written.register
def _(x: e.Num) -> tuple[str, int]:
    return x.text, _ATOM


@_written.register(e.Letter)
@_written.register(e.Size)
def _(x: e.Letter | e.Size) -> tuple[str, int]:
    return name_of(x.name), _ATOM


@_written.register
def _(x: e.Ref) -> tuple[str, int]:
    return name_of(x.name, tuple(map(spelled, x.indices))), _ATOM


@_written.register
def _(x: e.Add) -> tuple[str, int]:
    out = _within(x.terms[0], _PRODUCT)
    for term in x.terms[1:]:
        out += f" - {_within(term.body, _PRODUCT)}" if isinstance(term, e.Neg) else f" + {_within(term, _PRODUCT)}"
    return out, _SUM


@_written.register
def _(x: e.Neg) -> tuple[str, int]:
    return f"-{_within(x.body, _PRODUCT)}", _SUM


@_written.register
def _(x: e.Mul) -> tuple[str, int]:
    looser = not x.how and isinstance(x.left, e.Mul) and x.left.how != ""  # side by side binds tightest
    left = f"({spelled(x.left)})" if _open(x.left) or looser else _within(x.left, _PRODUCT)
    right = _within(x.right, _PRODUCT if x.how == "⊙" or isinstance(x.right, e.Bind) else _PREFIX)
    return left + _HOW.get(x.how, " ") + right, _PRODUCT


@_written.register
def _(x: e.Contract) -> tuple[str, int]:
    return " ".join(map(spelled, x.factors)), _PRODUCT


@_written.register
def _(x: e.Div) -> tuple[str, int]:
    if isinstance(x.under, e.Num) and x.under.text == "%":
        return rf"{_within(x.over, _ATOM)}\%", _PREFIX
    if x.how == "⊘":
        return rf"{_within(x.over, _PREFIX)} \oslash {_within(x.under, _PREFIX)}", _PRODUCT
    if x.how == "%":
        return rf"{spelled(x.over)} \%", _PRODUCT
    return rf"\frac{{{spelled(x.over)}}}{{{spelled(x.under)}}}", _PREFIX


@_written.register
def _(x: e.Order) -> tuple[str, int]:
    of = spelled(x.of)
    return rf"\mathcal{{O}}({of}{f'^{{{x.power}}}' if x.power > 1 else ''})", _ATOM


@_written.register
def _(x: e.Pow) -> tuple[str, int]:
    base = _within(x.base, _ATOM)
    return f"{f'({base})' if re.search(_RAISED, base) else base}^{{{spelled(x.exponent)}}}", _ATOM


@_written.register
def _(x: e.Transpose) -> tuple[str, int]:
    if isinstance(x.body, e.Pow):
        inverse = isinstance(x.body.exponent, e.Neg) and isinstance(x.body.exponent.body, e.Num) and x.body.exponent.body.value == 1
        if inverse and not x.letter:
            return rf"{_within(x.body.base, _ATOM)}^{{-\top}}", _ATOM
        return rf"({spelled(x.body)})^{x.letter or chr(92) + 'top'}", _ATOM
    base, mark = _within(x.body, _ATOM), x.letter or r"\top"
    if raised := re.search(_RAISED, base):  # two superscripts are one pair of braces
        return f"{base[: raised.start()]}^{{{raised[1]}{mark}}}{raised[2] or ''}", _ATOM
    return f"{base}^{mark}", _ATOM


@_written.register
def _(x: e.Pick) -> tuple[str, int]:
    return f"({spelled(x.body)})_{{{''.join(map(spelled, x.indices))}}}", _ATOM


@_written.register
def _(x: e.Bind) -> tuple[str, int]:
    low = spelled(x.low) if x.low is not None else "1"
    high = spelled(x.high) if x.high is not None else name_of(x.size)
    size = "" if x.size.startswith("#") else f"={low}}}^{{{high}"
    below = f"{name_of(x.letter)}{size}"
    if x.condition is not None:
        plain = isinstance(x.condition.left, e.Letter) and x.condition.left.name == x.letter
        below = spelled(x.condition) if plain else f"{name_of(x.letter)} : {spelled(x.condition)}"
    return rf"{_BIG[x.how]}_{{{below}}} {_within(x.body, _PRODUCT)}", _PRODUCT


@_written.register
def _(x: e.Order) -> tuple[str, int]:
    return f"O({spelled(x.of)}{f'^{x.power}' if x.power != 1 else ''})", _PREFIX


@_written.register
def _(x: e.Compare) -> tuple[str, int]:
    if x.relation == "∧":
        return f"{spelled(x.left)}, {spelled(x.right)}", _SUM
    return f"{spelled(x.left)} {relation(x.relation)} {spelled(x.right)}", _SUM


@_written.register
def _(x: e.Call) -> tuple[str, int]:
    arguments = ", ".join(map(spelled, x.arguments))
    if x.name in _NORMS:
        return _NORMS[x.name].format(arguments), _ATOM
    if x.name == "kronecker":
        return rf"\delta_{{{''.join(map(spelled, x.arguments))}}}", _ATOM
    if x.name in ("ones", "zeros"):
        return rf"\mathbf{{{'1' if x.name == 'ones' else '0'}}}" + (f"_{arguments}" if arguments else ""), _ATOM
    if x.name == "sqrt":
        return rf"\sqrt{{{arguments}}}", _ATOM
    command = next((name for name in (BY_NAME[x.name].names if x.name in BY_NAME else ()) if name.startswith("\\")), "")
    return f"{command or name_of(x.name)}({arguments})", _PREFIX


@_written.register
def _(x: e.Apply) -> tuple[str, int]:
    return f"{name_of(x.name)}{chr(39) * x.primes}({', '.join(map(spelled, x.arguments))})", _PREFIX


@_written.register
def _(x: e.Family) -> tuple[str, int]:
    first, last = (_row(_with(x.body, x.letter, value)) for value in (e.Num(x.span, 1.0, "1"), e.Size(x.span, x.size)))
    width = first.count("&")
    dots = " & ".join([r"\vdots"] * (width + 1))
    between = r" & \cdots & " if x.way == "row" else rf" \\ {dots} \\ "
    return rf"\begin{{pmatrix}} {first}{between}{last} \end{{pmatrix}}", _ATOM


def _row(x: e.Expr) -> str:
    """Return a row of a matrix, without the matrix around it."""
    text = spelled(x)
    return text.removeprefix(r"\begin{pmatrix}").removesuffix(r"\end{pmatrix}").strip() if isinstance(x, e.Family | e.Array) else text


def _with(x: e.Expr, letter: str, value: e.Expr) -> e.Expr:
    """Return an expression with a value for a letter."""

    def change(part: object) -> object:
        if isinstance(part, e.Letter) and part.name == letter:
            return value
        if isinstance(part, e.Expr):
            changes: dict[str, Any] = {field.name: change(getattr(part, field.name)) for field in fields(part) if field.name != "span"}
            return replace(part, **changes)
        return tuple(map(change, part)) if isinstance(part, tuple) else part

    changed = change(x)
    assert isinstance(changed, e.Expr)
    return changed


@_written.register
def _(x: e.Bar) -> tuple[str, int]:
    foot = ", ".join(f"{name_of(name)} = {spelled(value)}" for name, value in x.replaced)
    return rf"{_within(x.body, _PREFIX)} \Big|_{{{foot}}}", _PREFIX


@_written.register
def _(x: e.At) -> tuple[str, int]:
    return f"{spelled(x.body)}({', '.join(spelled(value) for _, value in x.replaced)})", _PREFIX


@_written.register
def _(x: e.Deriv) -> tuple[str, int]:
    below = " ".join(rf"\partial {spelled(ref)}" for ref in x.wrt)
    order = f"^{len(x.wrt)}" if len(x.wrt) > 1 else ""
    if x.shape == "gradient":
        return rf"\nabla_{{{spelled(x.wrt[0])}}} {_within(x.body, _ATOM)}", _PREFIX
    if isinstance(x.body, e.Ref):
        return rf"\frac{{\partial{order} {spelled(x.body)}}}{{{below}}}", _PREFIX
    return rf"\frac{{\partial{order}}}{{{below}}} ({spelled(x.body)})", _PREFIX


@_written.register
def _(x: e.Either) -> tuple[str, int]:
    return _written(x.readings[0])


@_written.register
def _(x: e.Cases) -> tuple[str, int]:
    rows = r" \\ ".join(f"{spelled(value)} & {spelled(condition) if condition is not None else 'otherwise'}" for value, condition in x.branches)
    return rf"\begin{{cases}} {rows} \end{{cases}}", _ATOM


@_written.register
def _(x: e.Array) -> tuple[str, int]:
    rows = r" \\ ".join(" & ".join(map(spelled, row)) for row in x.rows)
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}", _ATOM


@_written.register
def _(x: e.Show) -> tuple[str, int]:
    return _written(x.body)
