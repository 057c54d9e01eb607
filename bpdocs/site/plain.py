r"""LaTeX as a line of text: for the search index, titles, labels and lists.

>>> plain(r"\frac{\partial J}{\partial w_{kj}} = \delta_k y_j")
'∂J/∂w_kj = δ_k y_j'
"""

from __future__ import annotations

import re
from functools import lru_cache

from bpdocs.site.katex import without_definitions

_SYMBOLS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ",
    "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ",
    "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "partial": "∂", "nabla": "∇", "sum": "Σ", "prod": "Π",
    "int": "∫", "infty": "∞", "cdot": "·", "times": "×", "odot": "⊙", "circ": "∘", "otimes": "⊗", "top": "ᵀ", "intercal": "ᵀ",
    "in": "∈", "to": "→", "mapsto": "↦", "leftarrow": "←", "rightarrow": "→", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥",
    "ne": "≠", "neq": "≠", "approx": "≈", "coloneqq": "≔", "triangleq": "≜", "equiv": "≡", "propto": "∝", "pm": "±", "lVert": "‖",
    "rVert": "‖", "Vert": "‖", "dots": "…", "ldots": "…", "cdots": "⋯", "vdots": "⋮", "quad": " ", "qquad": " ", "prime": "′",
    "sqrt": "√", "ell": "ℓ", "forall": "∀", "exists": "∃", "langle": "⟨", "rangle": "⟩", "lbrace": "{", "rbrace": "}",
}  # fmt: skip


@lru_cache(maxsize=4096)
def plain(latex: str) -> str:
    """Return a formula as a line of text; a likeness to read, which no program reads back."""
    text = re.sub(r"\\label\{[^{}]*\}|\\(?:begin|end)\{[^{}]*\}(?:\{[^{}]*\})?|%[^\n]*", " ", without_definitions(latex))
    text = re.sub(r"\\([{}|])", lambda m: {"{": "\ue001", "}": "\ue002", "|": "‖"}[m[1]], text)
    text = re.sub(r"\\num(?:\[\d+\])?", "", text)
    text = re.sub(r"\\[dt]?frac\s*(\d)\s*(\d)", r"\1/\2 ", text)
    for _ in range(8):  # innermost groups first
        before = text
        text = re.sub(r"\\[dtc]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", lambda m: f"{_bracketed(m[1])}/{_bracketed(m[2])} ", text)
        text = re.sub(r"\\(?:mathrm|mathbf|mathit|mathbb|mathcal|boldsymbol|bm|text|textbf|operatorname\*?|boxed|htmlClass\{[^{}]*\})"
                      r"\s*\{([^{}]*)\}", r"\1", text)  # fmt: skip
        text = re.sub(r"\\(?:bar|hat|tilde|vec|dot|overline|widehat)\s*\{([^{}]*)\}", r"\1̄", text)
        text = re.sub(r"([_^])\s*\{([^{}]*)\}", lambda m: m[1] + _script(m[2].strip()), text)
        text = re.sub(r"(?<![\\A-Za-z_^}])\{([^{}]*)\}", r"\1", text)
        if text == before:
            break
    text = re.sub(r"\\tfrac|\\dfrac|\\frac", "", text)
    text = re.sub(r"\\([A-Za-z]+)", lambda m: _SYMBOLS.get(m[1], "" if m[1] in _SILENT else m[1]), text)
    text = re.sub(r"\\[,;:!> ]|\\\\|[&~]", " ", text).replace("{", "").replace("}", "")
    text = text.replace("^ᵀ", "ᵀ").replace("^′", "′").replace("'", "′").replace("\ue001", "{").replace("\ue002", "}")
    return re.sub(r"(?<=[∂√‖])\s+(?=\w)|\s+(?=‖)", "", " ".join(text.split()))


_SILENT = frozenset("left right big Big bigg Bigg bigl bigr Bigl Bigr displaystyle textstyle limits nolimits nonumber notag middle".split())


def _script(text: str) -> str:
    """Return an index or exponent, in brackets if it would run into what follows."""
    return text if len(text) < 3 or text.startswith("(") or re.fullmatch(r"\\[A-Za-z]+", text) else f"({text})"


def _bracketed(text: str) -> str:
    text = text.strip()
    return f"({text})" if re.search(r"[+\-=/ ](?!\s*$)", text.replace("\\partial ", "\\partial\u200b")) else text
