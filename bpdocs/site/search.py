"""The search: an index for each language, Korean split at its particles and compounds, loaded when a reader reaches for it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.utils import get_relative_url

from bpdocs.site.languages import current, languages

_PARTICLES = (
    "을 를 이 가 은 는 의 에 에서 에게 으로 로 으로써 로써 으로서 로서 와 과 도 만 까지 부터 마다 처럼 보다 이나 나 이란 란 이라 라 이며 며 이고 고 이다 "
    "한다 하는 하여 하고 해서 된다 되는 되어 시킨다 에는 에도 에서는 으로는 와는 과는 이라는 라는 이라고 라고"
).split()
_HEADS = (
    "계산 손실 신경 연쇄 편미분 편 교차 활성화 목적 경사 학습 그래디언트 매개 은닉 입력 출력 원소별 야코비 헤세 자동 수치 중심 정방향 역방향 순환 시간 잔차 "
    "가중치 오차 오차제곱 평균 평균제곱 확률적 합 음함수 인과 기호 표기 전치"
).split()
# After two letters of a word stands a particle, and then no more of the word; or a word of the glossary ends and another follows.
_KOREAN = (
    r"[\s\-_,:!=()\[\]{}<>\"'`./·、。;?|*+&→∂]+"
    rf"|(?<=[가-힣A-Za-z0-9]{{2}})(?=(?:{'|'.join(sorted(_PARTICLES, key=len, reverse=True))})(?![가-힣]))"
    rf"|(?<=(?:{'|'.join(head for head in _HEADS if len(head) > 1)}))(?=[가-힣]{{2}})"
)
_ENGLISH = r"[\s\-_,:!=()\[\]{}<>\"'`./·;?|*+&→∂]+|(?<=[a-z])(?=[A-Z])"

# Material asks for the index with every page: its request is held back until the search box gets the focus.
_LATER = """<script>{
const request = XMLHttpRequest.prototype, {open, send} = request, held = []
let wanted = /[?&][qh]=/.test(location.search)
request.open = function (method, url, ...rest) { this.bpIndex = /\\/search_index\\.json$/.test(url); return open.call(this, method, url, ...rest) }
request.send = function (body) { if (this.bpIndex && !wanted) held.push(this); else send.call(this, body) }
const want = () => { if (!wanted) { wanted = true; for (const one of held) send.call(one) } }
addEventListener("focusin", event => { if (event.target.closest?.("[data-md-component=search]")) want() })
addEventListener("change", event => { if (event.target.id === "__search") want() })
}</script>
"""


def configure(config: MkDocsConfig) -> None:
    """Set the separator, unless mkdocs.yml has one of its own that is not the theme's."""
    plugin = _plugin(config)
    if plugin is not None and any(language.startswith("ko") for language in languages(config) or [current(config)]):
        plugin.config["separator"] = _KOREAN


def finish(html: str, url: str | None, config: MkDocsConfig) -> str:
    """Return a page that loads the index of its own language, and later than Material would."""
    if _plugin(config) is None:
        return html
    html = html.replace("</head>", _LATER + "</head>", 1)
    every = languages(config)
    language = current(config)
    if url is None or not every or language == every[0]:
        return html
    base = get_relative_url(f"{language}/", url).rstrip("/") or "."
    return re.sub(r'("base": ?)"[^"]*"', lambda found: f'{found[1]}"{base}"', html, count=1)


def split(config: MkDocsConfig) -> None:
    """Write one index for each language in the place of the one with all of them."""
    every = languages(config)
    whole = Path(config.site_dir, "search", "search_index.json")
    if not every or _plugin(config) is None or config.theme.name != "material" or not whole.is_file():
        return
    index = json.loads(whole.read_text(encoding="utf-8"))
    folders = {language: "" if language == every[0] else f"{language}/" for language in every}
    for language, folder in folders.items():
        others = tuple(other for other in folders.values() if other and other != folder)
        docs = [
            entry | {"location": entry["location"].removeprefix(folder)}
            for entry in index["docs"]
            if entry["location"].startswith(folder) and not entry["location"].startswith(others)
        ]
        settings: dict[str, Any] = index["config"] | {"lang": _stemmers(language)}
        if language.startswith("en"):
            settings |= {"separator": _ENGLISH, "pipeline": ["stopWordFilter"]}
        target = Path(config.site_dir, folder, "search", "search_index.json")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps({"config": settings, "docs": docs}, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _stemmers(language: str) -> list[str]:
    """Return the languages whose words the index knows: a Korean page has English words too."""
    return ["en", "ko"] if language.startswith("ko") else [language]


def _plugin(config: MkDocsConfig) -> Any:
    plugins = config.plugins
    return plugins.get("material/search") or plugins.get("search")
