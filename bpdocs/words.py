"""What each kind of expression is called."""

from __future__ import annotations

from functools import singledispatch

from bpdocs.notation import expr as e
from bpdocs.spelled import name_of, spelled

_PRODUCTS = {"": "product", "·": "product", "×": "product", "⊙": "entry-by-entry product", "⊗": "outer product"}
_BOUND = {"Σ": "sum", "Π": "product", "max": "maximum", "min": "minimum"}


@singledispatch
def said(expr: e.Expr) -> str:
    """Return what an expression is called, for people who know the maths."""
    return type(expr).__name__.lower()


@said.register
def _(x: e.Num) -> str:
    return "number"


@said.register
def _(x: e.Letter) -> str:
    return "index, as a number"


@said.register
def _(x: e.Size) -> str:
    return "width, as a number"


@said.register
def _(x: e.Ref) -> str:
    return f"entry of {name_of(x.name)}" if x.indices else "quantity"


@said.register
def _(x: e.Add) -> str:
    return "sum"


@said.register
def _(x: e.Neg) -> str:
    return "minus"


@said.register
def _(x: e.Mul) -> str:
    return _PRODUCTS.get(x.how, "product")


@said.register
def _(x: e.Contract) -> str:
    return "chain of derivatives, summed over what stands between them"


@said.register
def _(x: e.Div) -> str:
    return "entry-by-entry quotient" if x.how == "⊘" else "quotient"


@said.register
def _(x: e.Pow) -> str:
    return "power"


@said.register
def _(x: e.Transpose) -> str:
    return "transpose" if not x.letter else "transpose (a power if the base is a number)"


@said.register
def _(x: e.Pick) -> str:
    return "entry of what stands in brackets"


@said.register
def _(x: e.Bind) -> str:
    low = spelled(x.low) if x.low is not None else "1"
    high = spelled(x.high) if x.high is not None else name_of(x.size.lstrip("#"))
    only = f", where {spelled(x.condition)}" if x.condition is not None else ""
    return f"{_BOUND[x.how]} over {x.letter} from {low} to {high}{only}" if not x.size.startswith("#") else f"{_BOUND[x.how]} over all {x.letter}{only}"


@said.register
def _(x: e.Order) -> str:
    return f"remainder that vanishes with {spelled(x.of)}, at least to the power {x.power}"


@said.register
def _(x: e.Compare) -> str:
    return "condition"


@said.register
def _(x: e.Call) -> str:
    return {"ones": "ones", "zeros": "zeros", "kronecker": "Kronecker's delta: 1 if the two are equal, else 0", "norm": "norm", "norm1": "sum of absolute values",
            "abs": "absolute value"}.get(x.name, f"{x.name} of its argument")  # fmt: skip


@said.register
def _(x: e.Apply) -> str:
    order = {0: "", 1: "slope of ", 2: "second derivative of "}.get(x.primes, f"derivative of order {x.primes} of ")
    return f"{order}{name_of(x.name)}, at its argument"


@said.register
def _(x: e.Family) -> str:
    return f"{x.way} of what its dots stand for, from 1 to {name_of(x.size.lstrip('#'))}"


@said.register
def _(x: e.Bar) -> str:
    return f"value where {', '.join(f'{name_of(name)} = {spelled(value)}' for name, value in x.replaced)}"


@said.register
def _(x: e.At) -> str:
    return f"{spelled(x.body)} with {', '.join(f'{name_of(name)} replaced by {spelled(value)}' for name, value in x.replaced)}"


@said.register
def _(x: e.Deriv) -> str:
    by = ", then by ".join(spelled(ref) for ref in x.wrt)
    return f"{'gradient' if x.shape == 'gradient' else 'total derivative'} by {by}: all that depends on it is recomputed"


@said.register
def _(x: e.Either) -> str:
    return "two readings, which must come out the same"


@said.register
def _(x: e.Cases) -> str:
    return "cases"


@said.register
def _(x: e.Array) -> str:
    return "column" if all(len(row) == 1 for row in x.rows) else "matrix"


@said.register
def _(x: e.Show) -> str:
    return f"value to be printed, {x.digits} digits"
