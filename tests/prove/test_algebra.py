"""Random formulas rewritten by identities that hold are proved equal; with one thing changed they are not."""

from __future__ import annotations

import random

import pytest

from bpdocs.diagnostic import Span
from bpdocs.notation import expr as e
from bpdocs.notation.parser import parse
from bpdocs.notation.resolve import Resolver
from bpdocs.page import read_page
from bpdocs.prove import equal
from bpdocs.relations import build

PAGE = r"""
$i = 1, \dots, n$, $j = 1, \dots, n$, $k = 1, \dots, n$, $r = 1, \dots, n$. $a > 0$, $b > 0$.

$$s = a b + \sum_{i} \sum_{j} x_i A_{ij} w_j \, g(x_i)$$
"""
CONTEXT = build(read_page(PAGE, "page.md"))[0][0]
LETTERS = ("i", "j", "k", "r")
AT = Span(0, 0)


def number(value: int) -> e.Expr:
    return e.Num(AT, float(value), str(value))


class Formulas:
    """Random formulas; `rewritten` says the same in another way."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def formula(self, depth: int, letters: tuple[str, ...]) -> str:
        """Return a random formula whose free letters are among `letters`."""
        pick = self.random.choice
        if depth == 0:
            leaves = ["a", "b", str(self.random.randint(2, 5))]
            for letter in letters:
                leaves += [f"x_{letter}", f"w_{letter}", f"A_{{{letter}{pick(letters)}}}"]
            return pick(leaves)
        kind = pick(["+", "·", "·", "Σ", "-", "f", "/", "²"])
        if kind == "Σ" and len(letters) < len(LETTERS):
            letter = next(one for one in LETTERS if one not in letters)
            return rf"\left(\sum_{{{letter}}} {self.bracketed(depth - 1, (*letters, letter))}\right)"
        if kind == "f":
            return pick([r"\exp\left({}\right)", r"g\left({}\right)", r"\tanh\left({}\right)", r"\left|{}\right|"]).format(self.formula(depth - 1, letters))
        if kind == "/":
            return rf"\frac{{{self.formula(depth - 1, letters)}}}{{1 + {self.bracketed(depth - 1, letters)}^2}}"
        if kind == "²":
            return f"{self.bracketed(depth - 1, letters)}^2"
        left, right = self.bracketed(depth - 1, letters), self.bracketed(depth - 1, letters)
        return f"{left} + {right}" if kind == "+" else f"{left} - {right}" if kind == "-" else f"{left} \\cdot {right}"

    def bracketed(self, depth: int, letters: tuple[str, ...]) -> str:
        """Return a random formula in brackets."""
        return rf"\left({self.formula(depth, letters)}\right)"

    def rewritten(self, x: e.Expr) -> e.Expr:
        """Return a formula that is equal: terms and factors in another order, sums multiplied out, quotients as powers, letters renamed."""
        match x:
            case e.Add(span, terms):
                turned = [self.rewritten(term) for term in terms]
                self.random.shuffle(turned)
                return e.Add(span, tuple(turned))
            case e.Mul(span, left, right, how):
                a, b = self.rewritten(left), self.rewritten(right)
                if isinstance(a, e.Add) and self.random.random() < 0.7:
                    return e.Add(span, tuple(e.Mul(span, b, term, how) for term in a.terms))
                return e.Mul(span, b, a, how)
            case e.Neg(span, body):
                return e.Mul(span, number(-1), self.rewritten(body))
            case e.Div(span, over, under, _):
                return e.Mul(span, self.rewritten(over), e.Pow(span, self.rewritten(under), number(-1)))
            case e.Pow(span, base, exponent) if isinstance(exponent, e.Num) and exponent.value == 2:
                return e.Mul(span, self.rewritten(base), self.rewritten(base))
            case e.Bind(span, how, letter, size, low, high, condition, body):
                body = self.rewritten(body)
                if isinstance(body, e.Add):
                    return e.Add(span, tuple(e.Bind(span, how, letter, size, low, high, condition, term) for term in body.terms))
                return e.Bind(span, how, letter, size, low, high, condition, body)
            case e.Call(span, "exp", (argument,)) if isinstance(argument, e.Add):
                total: e.Expr = number(1)
                for term in argument.terms:
                    total = e.Mul(span, total, e.Call(span, "exp", (self.rewritten(term),)))
                return total
            case e.Call(span, "tanh", (argument,)):
                power = e.Call(span, "exp", (e.Mul(span, number(2), self.rewritten(argument)),))
                return e.Div(span, e.Add(span, (power, number(-1))), e.Add(span, (power, number(1))))
            case e.Call(span, name, arguments):
                return e.Call(span, name, tuple(self.rewritten(argument) for argument in arguments))
            case e.Apply(span, name, primes, arguments):
                return e.Apply(span, name, primes, tuple(self.rewritten(argument) for argument in arguments))
        return x

    def perturbed(self, x: e.Expr) -> e.Expr:
        """Return a formula with something added that is nowhere zero for all inputs."""
        extra = self.random.choice(["a", "b", r"\sum_{r} x_r", r"g(a)", "1", r"\sum_{r} x_r w_r", r"\exp(b)"])
        return e.Add(AT, (x, read(extra)))


def read(latex: str) -> e.Expr:
    """Return what a formula means on the page."""
    return Resolver(CONTEXT.survey).expression(parse(latex)[0])


@pytest.mark.parametrize("seed", range(60))
def test_rewritten_formulas_are_proved_equal(seed: int) -> None:
    formulas = Formulas(seed)
    free = LETTERS[: seed % 3]
    one = read(formulas.formula(3, free) + "".join(f" + x_{letter}" for letter in free))
    other = formulas.rewritten(one)
    assert equal(one, other, CONTEXT)
    assert not equal(one, formulas.perturbed(other), CONTEXT)
    assert not equal(e.Mul(AT, number(2), one), other, CONTEXT) or equal(one, number(0), CONTEXT)
