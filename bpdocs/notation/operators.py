"""The known operators, one row each: how it is written, what it computes, its derivative, where it is real.

`slope` is the derivative as an expression of the operator's own argument, in terms of other rows; it is used where a derivative is
differentiated again, and by nothing that checks a first derivative.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Numbers = Any  # a numpy array, real or complex, or a jet over such arrays


@dataclass(frozen=True)
class Elementwise:
    """A function of one number: its values on numpy arrays (real or complex), and its slope."""

    names: tuple[str, ...]
    values: Callable[[Numbers], Numbers]
    slope: Callable[[Callable[[str, Numbers], Numbers], Numbers], Numbers]


def _real_part_where(condition: Callable[[Numbers], Numbers], yes: Callable[[Numbers], Numbers], no: Callable[[Numbers], Numbers]) -> Callable[[Numbers], Numbers]:
    def values(x: Numbers) -> Numbers:
        return np.where(condition(np.real(x)), yes(x), no(x))

    return values


def _stepped(values: Callable[[Numbers], Numbers], slope: Callable[[Numbers], Numbers]) -> Callable[[Numbers], Numbers]:
    """Return a function of real numbers that carries a complex step, for those whose complex form in numpy is less accurate, or that have none."""

    def stepped(x: Numbers) -> Numbers:
        real = np.real(x)
        return values(real) + 1j * np.imag(x) * slope(real) if np.iscomplexobj(x) else values(real)

    return stepped


def _real_sigmoid(x: Numbers) -> Numbers:
    up = np.exp(-np.abs(x))  # so that nothing overflows
    return np.where(x >= 0, 1.0, up) / (1 + up)


def _real_erf(x: Numbers) -> Numbers:
    return np.asarray(_ERF(x), dtype=float)


_ERF = np.frompyfunc(math.erf, 1, 1)
_erf = _stepped(_real_erf, lambda x: (2 / math.sqrt(math.pi)) * np.exp(-x * x))
_sigmoid = _stepped(_real_sigmoid, lambda x: _real_sigmoid(x) * _real_sigmoid(-x))
_softplus = _stepped(lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))), _real_sigmoid)
_tanh = _stepped(np.tanh, lambda x: 4 * _real_sigmoid(2 * x) * _real_sigmoid(-2 * x))


def _log(x: Numbers) -> Numbers:
    return np.where(np.real(x) > 0, np.log(np.where(np.real(x) > 0, x, 1)), np.nan)


def _sqrt(x: Numbers) -> Numbers:
    return np.where(np.real(x) > 0, np.sqrt(np.where(np.real(x) > 0, x, 1)), np.where(x == 0, 0 * x, np.nan))


ELEMENTWISE: tuple[Elementwise, ...] = (
    Elementwise(("exp", r"\exp"), np.exp, lambda f, x: f("exp", x)),
    Elementwise(("log", "ln", r"\log", r"\ln"), _log, lambda f, x: 1 / x),
    Elementwise(("sqrt",), _sqrt, lambda f, x: 0.5 / f("sqrt", x)),
    Elementwise(("sin", r"\sin"), np.sin, lambda f, x: f("cos", x)),
    Elementwise(("cos", r"\cos"), np.cos, lambda f, x: -f("sin", x)),
    Elementwise(("tan", r"\tan"), np.tan, lambda f, x: 1 + f("tan", x) * f("tan", x)),
    Elementwise(("sinh", r"\sinh"), np.sinh, lambda f, x: f("cosh", x)),
    Elementwise(("cosh", r"\cosh"), np.cosh, lambda f, x: f("sinh", x)),
    Elementwise(("tanh", r"\tanh"), _tanh, lambda f, x: 4 * f("sigmoid", 2 * x) * f("sigmoid", -2 * x)),
    Elementwise(("arctan", r"\arctan"), np.arctan, lambda f, x: 1 / (1 + x * x)),
    Elementwise(("abs",), _real_part_where(lambda r: r >= 0, lambda x: x, lambda x: -x), lambda f, x: f("sign", x)),
    Elementwise(("sign", "sgn", r"\sgn", r"\sign"), lambda x: np.sign(np.real(x)) + 0 * x, lambda f, x: 0 * x),
    Elementwise(("ReLU", "relu"), _real_part_where(lambda r: r > 0, lambda x: x, lambda x: 0 * x), lambda f, x: f("heaviside", x)),
    Elementwise(("heaviside",), lambda x: (np.real(x) > 0) + 0 * x, lambda f, x: 0 * x),
    Elementwise(("sigmoid",), _sigmoid, lambda f, x: f("sigmoid", x) * f("sigmoid", -x)),
    Elementwise(("softplus",), _softplus, lambda f, x: f("sigmoid", x)),
    Elementwise(("erf", r"\erf"), _erf, lambda f, x: 2 / math.sqrt(math.pi) * f("exp", -x * x)),
)
BY_NAME: dict[str, Elementwise] = {name: row for row in ELEMENTWISE for name in row.names}

# operators that see a whole array, not its entries one by one
ARRAY_OPERATORS = {"softmax": "softmax", "diag": "diag", r"\diag": "diag", "tr": "tr", "Tr": "tr", "trace": "tr", r"\tr": "tr", r"\Tr": "tr", "max": "max", r"\max": "max",
                   "min": "min", r"\min": "min", "det": "det", r"\det": "det", "vec": "vec"}  # fmt: skip
CONSTANTS = {"e": math.e, r"\pi": math.pi, r"\mathrm{e}": math.e}

# what is recognised in order to say by name that it is not supported
UNSUPPORTED = {
    r"\int": "an integral", r"\iint": "an integral", r"\oint": "an integral", r"\lim": "a limit", r"\argmax": "argmax", r"\argmin": "argmin", "argmax": "argmax",
    "argmin": "argmin", "arg": "arg max", r"\arg": "arg max", r"\inf": "inf", r"\sup": "sup", r"\mathbb{E}": "an expectation", r"\Pr": "a probability", r"\infty": "infinity",
    r"\forall": "a quantifier", r"\exists": "a quantifier", "Var": "a variance", r"\mod": "mod", r"\bmod": "mod", r"\cup": "a set", r"\cap": "a set",
    r"\binom": "a binomial", r"\wedge": "∧", r"\vee": "∨", r"\land": "∧", r"\lor": "∨", r"\Box": "□", r"\mathbb{P}": "a probability", "Cov": "a covariance",
    r"\mathbb{V}": "a variance", "Prob": "a probability", r"\limsup": "a limit", r"\liminf": "a limit", r"\gcd": "gcd", r"\emptyset": "the empty set", "sup": "sup", "inf": "inf",
}  # fmt: skip
# of these, what binds all that follows, and what stands alone
BINDING = frozenset({r"\int", r"\iint", r"\oint", r"\lim", r"\forall", r"\exists"})
ATOMS = frozenset({r"\infty", r"\mod", r"\bmod", r"\cup", r"\cap", r"\wedge", r"\vee", r"\land", r"\lor", r"\Box", r"\emptyset"})


def known(name: str) -> str | None:
    """Return the operator's own name if `name` (a command or a roman word) is known, else None."""
    if name in BY_NAME:
        return BY_NAME[name].names[0]
    return ARRAY_OPERATORS.get(name)
