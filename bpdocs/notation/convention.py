r"""What is usual where a text declares nothing: which letters are functions, which runs of letters are words, how layers are written.

On a page that is checked none of this holds: there the page says what its symbols are.
"""

from __future__ import annotations

import re

from bpdocs.notation import syntax as s
from bpdocs.notation.ink import flat, is_label, letter_of, symbol_name
from bpdocs.notation.operators import UNSUPPORTED, known
from bpdocs.notation.tokens import Token, tokenize
from bpdocs.notation.vocabulary import ROMAN, WORDS_COMMANDS

FUNCTIONS = frozenset(r"f g F G L J \ell \sigma \phi \varphi \psi \Phi \Psi \varsigma \zeta".split())
OFTEN_FUNCTIONS = frozenset(r"h l p q C E H P Q R N O K \rho \Theta \kappa \varrho \Gamma \pi".split())
FACTORS = frozenset(
    r"a b c d k m n r s t u v w x y z \alpha \beta \gamma \delta \epsilon \varepsilon \eta \lambda \mu \theta \omega \tau \nu \xi A B D I M S U V W X Y Z \Delta".split()
)
_WORDS = frozenset(
    "net out loss cost err error target sum mean std var rec max min diag softmax relu sigmoid tanh prod arg vec rank sign cross entropy"
    " log exp sin cos tan mse sse rss rmse mae bce elu".split()
)
_LAYERS = frozenset({"l", "L", r"\ell"})
_ARGUMENTS = frozenset({r"\begin", r"\end", r"\color", r"\textcolor", r"\label", r"\tag", r"\href", r"\url"})


def words_in(latex: str) -> tuple[str, ...]:
    """Return the words that are written letter by letter, as in `cos(x)` or `max(0, z)`."""
    found: set[str] = set()
    tokens = tokenize(latex)
    at = 0
    while at < len(tokens):
        if tokens[at].text in ROMAN | WORDS_COMMANDS | _ARGUMENTS and at + 1 < len(tokens) and tokens[at + 1].text == "{":
            while at < len(tokens) and tokens[at].text != "}":
                at += 1
            continue
        end = at
        while end < len(tokens) and _letter(tokens[end]) and (end == at or tokens[end].span.start == tokens[end - 1].span.end):
            end += 1
        if end - at >= 2:
            word = "".join(token.text for token in tokens[at:end])
            found |= {one for one in _words(word, end < len(tokens) and tokens[end].text in ("(", "[")) if one}
        at = max(end, at + 1)
    return tuple(sorted(found))


def _letter(token: Token) -> bool:
    return token.kind == "letter" and token.text.isascii()


def _words(run: str, applied: bool) -> list[str]:
    """Return the word that a run of letters is, or ends with: `2xcos(x)` holds cos."""
    if run.lower() in _WORDS or known(run) or run in UNSUPPORTED:
        return [run] if len(run) > 1 else []
    tails = [run[start:] for start in range(len(run) - 1)] if applied else []
    found = next((tail for tail in tails if known(tail) and (len(tail) > 2 or tail == "ln")), None)
    if found:
        return [found]
    if len(run) >= 3 and re.fullmatch("[A-Z][a-z]+", run):
        return [run]
    if len(run) == 4 and re.search("[aeiouAEIOU]", run) and list(run) != sorted(run):
        return [run]
    return [run] if len(run) >= 5 or (applied and len(run) >= 3 and re.search("[aeiouAEIOU]", run)) else []


def applies(name: str, indices: bool, body: s.Node, *, plainly: bool, loose: bool) -> bool | None:
    """Return whether `name(…)` applies name to what stands in the brackets (False: a product); None where nobody can tell.

    `plainly`: it stands elsewhere before one symbol in brackets; `loose`: it stands elsewhere without brackets, or inside these.
    """
    base = re.split(r"[_^]", name)[0]
    if isinstance(body, s.Listed | s.Family | s.Relations):
        return True
    if (len(base) > 1 and not base.startswith("\\")) or base.startswith((r"\mathcal", r"\mathscr", r"\operatorname")):
        return True
    if isinstance(body, s.Terms) and (indices or loose) and base not in ("f", "g", r"\phi"):
        return False
    if base in FUNCTIONS or plainly or (base in OFTEN_FUNCTIONS and not loose):
        return True
    if base in FACTORS or base.startswith(("\\hat", "\\bar", "\\tilde")):
        return False if not plain(body) else None
    return None


def plain(body: s.Node) -> bool:
    """Return whether one symbol stands in brackets, as people write arguments: (x), (x_i), (0)."""
    return isinstance(body, s.Symbol | s.Number) or (isinstance(body, s.Scripted) and not body.sup and isinstance(body.base, s.Symbol))


def layer(node: s.Node) -> str | None:
    """Return a superscript that numbers a layer or an example, as part of a name: (l), (i), l + 1, L."""
    if isinstance(node, s.Fenced) and node.kind in ("(", "[", "⟨"):
        return f"^{{({flat(node.body)})}}"
    letters = [part for part in s.walk(node) if isinstance(part, s.Symbol)]
    if letters and all(part.name in _LAYERS and not part.font for part in letters) and isinstance(node, s.Symbol | s.Terms):
        return f"^{{({flat(node)})}}"
    return None


def array_or_set(node: s.Node) -> bool:
    """Return whether bars around `node` are no absolute value: a bold or calligraphic capital stands between them."""
    base = node.base if isinstance(node, s.Scripted) else node
    return isinstance(base, s.Symbol) and base.name.isupper() and base.font in (r"\mathbf", r"\boldsymbol", r"\bm", r"\mathcal", r"\mathscr", r"\bf", r"\mathbb")


def is_word(node: s.Node) -> bool:
    """Return whether a symbol is a word rather than a letter."""
    return isinstance(node, s.Symbol) and (is_label(node) or (letter_of(node) is None and not symbol_name(node).startswith("\\")))
