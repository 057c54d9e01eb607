"""The words of LaTeX that the parser knows, as tables."""

from __future__ import annotations

RELATIONS = {
    "=": "=", r"\coloneqq": ":=", r"\triangleq": ":=", r"\coloneq": ":=", r"\approx": "≈", r"\simeq": "≈", r"\le": "≤", r"\leq": "≤", r"\leqslant": "≤", r"\ge": "≥",
    r"\geq": "≥", r"\geqslant": "≥", "<": "<", r"\lt": "<", ">": ">", r"\gt": ">", r"\ne": "≠", r"\neq": "≠", r"\in": "∈", r"\leftarrow": "←", r"\gets": "←", r"\to": "→",
    r"\rightarrow": "→", r"\longrightarrow": "→", ":": ":", r"\colon": ":", r"\mapsto": "↦", r"\equiv": "≡", r"\propto": "∝", r"\sim": "∼", r"\ll": "≪", r"\gg": "≫",
    r"\subset": "⊂", r"\subseteq": "⊂", r"\leftrightarrow": "↔", r"\mid": "∣", r"\notin": "∉", r"\cong": "≅", r"\lessapprox": "⪅", r"\gtrapprox": "⪆", r"\lesssim": "≲",
    r"\gtrsim": "≳", r"\asymp": "≍", r"\doteq": "≐", r"\perp": "⊥", r"\parallel": "∥", r"\supset": "⊃", r"\supseteq": "⊇", r"\prec": "≺", r"\succ": "≻", r"\ni": "∋",
    r"\leadsto": "⇝", r"\hookrightarrow": "↪", r"\uparrow": "↑", r"\downarrow": "↓", r"\thickapprox": "≈", r"\defeq": ":=",
}  # fmt: skip

BINARY = {
    r"\cdot": "·", "*": "·", r"\ast": "·", r"\times": "×", "/": "/", r"\div": "/", r"\odot": "⊙", r"\circ": "∘", r"\otimes": "⊗", r"\oslash": "⊘",
    r"\oplus": "⊕", r"\ominus": "⊖", r"\star": "⋆", r"\bigcirc": "◯", r"\bullet": "•", 
}  # fmt: skip

# what ends a statement
SEPARATORS = frozenset(
    {
        ",",
        ";",
        ".",
        r"\\",
        r"\quad",
        r"\qquad",
        r"\Rightarrow",
        r"\implies",
        r"\iff",
        r"\Leftrightarrow",
        r"\therefore",
        r"\because",
        r"\Longrightarrow",
        r"\Longleftrightarrow",
        r"\Leftarrow",
        r"\impliedby",
    }
)

# left delimiter → (kind, right delimiter)
CLOSING = {
    "(": ("(", ")"), "[": ("[", "]"), r"\{": ("{", r"\}"), r"\lbrace": ("{", r"\rbrace"), "|": ("|", "|"), r"\lvert": ("|", r"\rvert"), r"\vert": ("|", r"\vert"),
    r"\|": ("‖", r"\|"), r"\lVert": ("‖", r"\rVert"), r"\Vert": ("‖", r"\Vert"), r"\langle": ("⟨", r"\rangle"), r"\lfloor": ("⌊", r"\rfloor"), r"\lceil": ("⌈", r"\rceil"),
    r"\left.": ("at", r"\right|"), r"\left\{": ("cases", r"\right."), r"\lbrack": ("[", r"\rbrack"), r"\lparen": ("(", r"\rparen"),
}  # fmt: skip

# what only closes
CLOSERS = frozenset(right for left, (_, right) in CLOSING.items() if right not in CLOSING)

# fonts that do not change what a letter is
FONTS = frozenset({r"\mathbf", r"\boldsymbol", r"\bm", r"\bold", r"\pmb", r"\mathcal", r"\mathscr", r"\mathfrak", r"\mathbb", r"\bf", r"\rm", r"\it", r"\bfseries",
                   r"\mathnormal", r"\vec", r"\textbf", r"\mathds"})  # fmt: skip
# fonts in which several letters are one name
ROMAN = frozenset({r"\mathrm", r"\mathit", r"\mathsf", r"\mathtt", r"\text", r"\textrm", r"\textit", r"\texttt", r"\textsf", r"\operatorname", r"\operatorname*",
                   r"\mbox", r"\textnormal"})  # fmt: skip
ALWAYS_PROSE = frozenset({r"\intertext", r"\shortintertext"})
WORDS_COMMANDS = frozenset({r"\text", r"\textrm", r"\textit", r"\mbox", r"\textbf", r"\textnormal"}) | ALWAYS_PROSE
ACCENTS = {r"\hat": r"\hat", r"\widehat": r"\hat", r"\bar": r"\bar", r"\overline": r"\bar", r"\tilde": r"\tilde", r"\widetilde": r"\tilde", r"\dot": r"\dot",
           r"\ddot": r"\ddot", r"\check": r"\check", r"\underline": "", r"\overrightarrow": "", r"\breve": r"\breve", r"\mathring": r"\mathring",
           r"\overleftarrow": r"\overleftarrow"}  # fmt: skip
SIZES = frozenset({r"\normalsize"})
# what stands around a body and leaves it as it is
WRAPPERS = frozenset({r"\boxed", r"\fbox", r"\cancel", r"\bcancel", r"\xcancel", r"\smash", r"\mathclap", r"\mathrlap", r"\mathllap", r"\mathopen", r"\mathclose",
                      r"\mathinner", r"\mathord", r"\mathop", r"\mathbin", r"\mathrel", r"\ensuremath", r"\underbrace", r"\overbrace", r"\textcolor",
                      r"\color", r"\colorbox", r"\htmlClass"})  # fmt: skip
DOTS = frozenset({r"\dots", r"\ldots", r"\cdots", r"\vdots", r"\ddots", r"\dotsc", r"\dotsb", r"\dotsm"})

# commands that are letters or signs of their own; any other that nothing here knows is unread by its name
SYMBOLS = frozenset(
    r"\alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \vartheta \iota \kappa \varkappa \lambda \mu \nu \xi \omicron \pi \varpi \rho \varrho \sigma \varsigma"
    r" \tau \upsilon \phi \varphi \chi \psi \omega \Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma \Upsilon \Phi \Psi \Omega \varGamma \varDelta \varTheta \varLambda"
    r" \varPi \varSigma \varPhi \varPsi \varOmega \digamma \ell \hbar \imath \jmath \wp \aleph \Re \Im \partial \nabla \sum \prod \max \min \infty \top \bot \intercal"
    r" \prime \dagger \ddagger \R \reals \Reals \N \Z \Q \C \E \P \square \Box \emptyset \varnothing \angle \degree".split()
)

# prose that joins relations; what follows it is one of its own
CONNECTING = frozenset("and or so hence thus therefore then while but 그리고 따라서 그러므로 또는 및".split())

# prose in \text that is never the name of a quantity
STOPWORDS = frozenset(
    "and or if where for with when otherwise else then so but since because is are all each any by from of as i.e. e.g. s.t. subject that the"
    " 이고 이면 그리고 또는 단 여기서 일때 그외 이므로 따라서 모든 대해 에서 즉".split()
)
