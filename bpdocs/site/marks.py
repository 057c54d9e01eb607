"""The quiet mark of a checked formula, the card that it opens, and the loud one of a formula that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from bpdocs.check import Checked
from bpdocs.diagnostic import Diagnostic
from bpdocs.site.plain import plain
from bpdocs.site.words import words

_LOUD = ("fault", "wrong", "unchecked", "agree")


def state(relations: list[Checked]) -> str:
    """Return what the relations of one formula come to: fault, wrong, unchecked, agree, or "" if nothing is claimed."""
    states = {_state(relation) for relation in relations}
    return next((loud for loud in _LOUD if loud in states), "")


def button(card: str, state: str, language: str) -> str:
    """Return the mark: a button that opens its card without a script, and is reached by keyboard."""
    say = words(language)
    label = {"agree": say["show"], "wrong": say["fulfilled"], "unchecked": say["unchecked"], "fault": say["fault"]}[state]
    return f'<button type="button" class="bp-mark bp-{state}" popovertarget="{card}" aria-label="{escape(label)}" title="{escape(label)}" data-search-exclude></button>'


def card(name: str, relations: list[tuple[int, Checked]], mutants: Mapping[int, tuple[int, int]] | None, reason: str | None, language: str) -> str:
    """Return the card of a formula: each claim with its verdict, error, points, proof, and mutants caught."""
    say = words(language)
    rows = [_row(relation, None if mutants is None else mutants.get(index), language) for index, relation in relations if _state(relation)]
    why = f'<p class="bp-why"><strong>{say["unchecked"]}</strong> — {escape(reason)}</p>' if reason else ""
    return f'<div class="bp-card" id="{name}" popover role="group" aria-label="{escape(say["card"])}"><p class="bp-card-title">{say["card"]}</p>{why}<ul>{"".join(rows)}</ul></div>'


def fault(diagnostics: list[Diagnostic], anchor: str, language: str) -> str:
    """Return the red box that stands beside a formula which does not pass: where, why, and the likely mend."""
    say = words(language)
    items = []
    for found in diagnostics:
        mend = f'<p class="bp-help"><strong>{say["help"]}</strong> {escape(found.suggestion)}</p>' if found.suggestion else ""
        items.append(f'<p class="bp-place">{escape(found.path)}:{found.line}:{found.column}</p><p class="bp-reason">{escape(found.message)}</p>{mend}')
    return f'<div class="bp-fault" id="{anchor}" role="note" data-search-exclude>{"".join(items)}</div>'


def banner(count: int, loose: list[Diagnostic], anchors: list[str], language: str) -> str:
    """Return what stands at the head of a page on which something is to be mended."""
    links = "".join(f'<a href="#{anchor}">{number}</a>' for number, anchor in enumerate(anchors, start=1))
    boxes = fault(loose, "bp-page-faults", language) if loose else ""
    say = words(language)["faults"].format(count=count)
    return f'<div class="bp-banner" role="status" data-search-exclude><p>{say} {links}</p>{boxes}</div>'


def wrong(relations: list[Checked], language: str) -> str:
    """Return the words under a formula that is shown as an error: that it is one, and how the check knows."""
    say = words(language)
    reason = next((relation.message for relation in relations if relation.fulfilled and relation.message), "")
    because = f'<span class="bp-because" lang="en">{escape(reason.splitlines()[0])}</span>' if reason else escape(say["why_wrong"])
    return f'<p class="bp-wrong-note" data-search-exclude><strong>{say["fulfilled"]}</strong> {because}</p>'


def _state(relation: Checked) -> str:
    if not relation.ok:
        return "fault"
    if relation.fulfilled:
        return "wrong"
    if relation.kind != "claim":
        return ""
    return "unchecked" if relation.expected == "unchecked" else "agree"


def _row(relation: Checked, mutants: tuple[int, int] | None, language: str) -> str:
    say = words(language)
    facts = [say["fulfilled"] if relation.fulfilled else say.get(relation.verdict or "", "")]
    if relation.verdict in ("agree", "disagree"):
        facts[0] += f" · {say['proved_long'] if relation.proved else say['measured']}"
        if relation.error is not None:
            facts.append(f"{say['error']} {_number(relation.error)}")
        facts.append(f"{say['points']} {relation.points}")
        if relation.expected == "agree":
            facts.append(f"{say['mutants']} {mutants[0]}/{mutants[1]}" if mutants else say["not_mutated"])
    message = f'<p class="bp-because" lang="en">{escape(relation.message)}</p>' if relation.message else ""
    items = "".join(f"<li>{escape(fact)}</li>" for fact in facts if fact)
    return f'<li class="bp-{_state(relation)}"><code>{escape(plain(relation.latex))}</code>{message}<ul class="bp-facts">{items}</ul></li>'


def _number(value: float) -> str:
    """Return an error as people write it.

    >>> _number(0.0), _number(2.22e-16), _number(float("inf"))
    ('0', '2.2 × 10⁻¹⁶', '∞')
    """
    if value == 0:
        return "0"
    if value != value or value == float("inf"):
        return "∞"
    if value >= 0.01:
        return f"{value:.2g}"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa} × 10{str(int(exponent)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"
