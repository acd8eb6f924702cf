"""Every page in a language in which each translated text is marked: what carries no mark was not passed through `_`."""

import json
import re
from collections.abc import Callable, Iterator
from gettext import NullTranslations
from typing import Any

import pytest
from google.protobuf.message import Message
from streamlit import config
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element

from dashboard import catalogues
from dashboard.catalogues import texts
from dashboard.format import label
from dashboard.pages import PAGES
from tests.filled import NAMES, Filler

OpenPage = Callable[..., AppTest]
MARKED = "de"
"""A language that Babel knows and we do not speak."""
QUERIES = {
    "session.py": [{"session": "s-0003"}],
    "turn.py": [{"id": "58"}, {"id": "no"}],
    "compare.py": [{"left": "s-0003", "right": "s-0001"}, {}],
    "requests.py": [{"of": "s-0003"}],
}
"""What a page is asked for; {} where it is not named."""
CAPTURED = {"Text", "Code", "Json", "Exception"}
"""Elements that show other people's words, and ours, without rendering them."""
READ = {"label", "body", "help", "placeholder", "caption", "title", "delta", "alt"}
NO_WORDS = re.compile(r":[\w/]+-badge\[|:\w+\[|`[^`]*`|https?://\S+|[\w./-]+\.(?:py|toml|json|jsonl|log|yaml)\b")
"""Markdown's own letters, code, addresses and names of files."""
CAPTURED_NAMES = {label(name) for name in NAMES} | {"groq", "mistral", "openrouter", "kimi-code", "shop"}
OTHER_NAMES = {"cn"}


class Marks(NullTranslations):
    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(catalogues.LANGUAGES, MARKED, "Marked")
    config.set_option("runner.magicEnabled", False)  # as .streamlit/config.toml, which AppTest does not read
    monkeypatch.setattr(catalogues, "texts", lambda language: Marks() if language == MARKED else texts(language))


def elements(block: Block) -> Iterator[Block | Element]:
    for child in block.children.values():
        yield child
        if isinstance(child, Block):
            yield from elements(child)


def strings(message: Message, name: str = "") -> Iterator[tuple[str, str]]:
    """Each text of an element with the name of its field."""
    for field, value in message.ListFields():
        if field.message_type and field.message_type.GetOptions().map_entry:
            continue
        for one in value if field.is_repeated else [value]:
            if isinstance(one, Message):
                yield from strings(one, field.name)
            elif isinstance(one, str):
                yield field.name, one


def of_columns(text: str) -> Iterator[tuple[str, str]]:
    for column in json.loads(text or "{}").values():
        yield from (("column", column[name]) for name in ("label", "help") if column.get(name))


def of_chart(node: Any) -> Iterator[tuple[str, str]]:
    """Titles of axes, legends and tips."""
    if isinstance(node, list):
        for item in node:
            yield from of_chart(item)
    elif isinstance(node, dict):
        if isinstance(node.get("title"), str):
            yield "chart", node["title"]
        for item in node.values():
            yield from of_chart(item)


def shown(page: AppTest) -> Iterator[tuple[str, str]]:
    """What a person reads that is ours: kind of element or field, text."""
    for element in elements(page._tree):
        proto = getattr(element, "proto", None)
        if not isinstance(proto, Message) or (kind := type(proto).__name__) in CAPTURED:
            continue
        for name, text in strings(proto):
            if name == "columns":
                yield from of_columns(text)
            elif name == "spec" and kind == "VegaLiteChart":
                yield from of_chart(json.loads(text))
            elif name in READ:
                yield f"{kind}.{name}", text


def unmarked(text: str) -> str:
    """What is left of a text without what is marked, and without names; "" where that is no word."""
    before = ""
    while before != text:
        before, text = text, re.sub(r"⟦[^⟦⟧]*⟧", "", text)
    text = NO_WORDS.sub("", text)
    for name in CAPTURED_NAMES | OTHER_NAMES:
        text = text.replace(name, "")
    return text if re.search(r"[^\W\d_]{2}", text) else ""


@pytest.mark.parametrize(
    ("file", "query"),
    [pytest.param(page.file, query, id=f"{page.file} {query or ''}")
     for page in PAGES for query in QUERIES.get(page.file, [{}])],
)  # fmt: skip
def test_every_word_on_a_page_is_translated(
    open_page: OpenPage, filled_database: Filler, marked: None, file: str, query: dict[str, str]
) -> None:
    words = list(shown(open_page(file, lang=MARKED, **query)))
    assert any("⟦" in text for _kind, text in words)
    left = sorted({f"{kind}: {text}" for kind, text in words if unmarked(text)})
    assert not left, "these words did not pass through _():\n" + "\n".join(left)


@pytest.mark.parametrize(("text", "left"), [("⟦a ⟦b⟧ c⟧ · 3", ""), ("⟦a⟧ more", " more"), ("`code` 12 k", "")])
def test_what_is_marked_is_told_from_what_is_not(text: str, left: str) -> None:
    assert unmarked(text) == left
