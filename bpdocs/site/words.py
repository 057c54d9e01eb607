"""The few words that the site itself says, in the language of the page."""

from __future__ import annotations

_KO = {
    "agree": "일치",
    "disagree": "불일치",
    "inconclusive": "판정 불가",
    "unread": "읽지 못함",
    "card": "이 식의 검사 결과",
    "checked": "검사한 식: 페이지의 순전파로 계산해 양변이 일치한다",
    "proved": "증명함",
    "proved_long": "모든 폭과 모든 미분가능 함수에 대해 증명",
    "measured": "측정함",
    "error": "최대 상대 오차",
    "points": "시험점",
    "mutants": "잡아낸 변이",
    "not_mutated": "아직 변이 검사 전",
    "fulfilled": "틀린 식",
    "why_wrong": "틀렸음을 검사가 잡아낸다",
    "unchecked": "검사하지 않은 식",
    "fault": "이 식은 검사를 통과하지 못했다",
    "help": "고치는 법",
    "faults": "이 페이지에 고칠 곳이 {count}개 있다",
    "equation": "식",
    "code": "이 결과를 만든 코드",
    "code_failed": "이 코드는 실행되지 못했다",
    "download": "내려받기",
    "notebook": "노트북",
    "script": "파이썬 스크립트",
    "show": "검사 결과 보기",
}
_EN = {
    "agree": "agrees",
    "disagree": "disagrees",
    "inconclusive": "inconclusive",
    "unread": "not read",
    "card": "How this formula was checked",
    "checked": "checked: both sides agree on the page's own forward pass",
    "proved": "proved",
    "proved_long": "proved for all widths and every differentiable function",
    "measured": "measured",
    "error": "largest relative error",
    "points": "points",
    "mutants": "mutants caught",
    "not_mutated": "not yet mutated",
    "fulfilled": "wrong formula",
    "why_wrong": "the check catches it",
    "unchecked": "not checked",
    "fault": "this formula did not pass its check",
    "help": "help",
    "faults": "{count} to mend on this page",
    "equation": "equation",
    "code": "The code behind this",
    "code_failed": "this code could not be run",
    "download": "Download",
    "notebook": "notebook",
    "script": "Python script",
    "show": "how this was checked",
}


def words(language: str) -> dict[str, str]:
    """Return the words for a language; English for those that have none.

    >>> words("ko")["agree"], words("fr")["agree"]
    ('일치', 'agrees')
    """
    return _KO if language.startswith("ko") else _EN
