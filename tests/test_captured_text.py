"""Captured text reaches the browser only where Streamlit renders none of it.

Most of its calls read Markdown, labels and metric values included, and Markdown fetches images from other hosts. So
what they are given has to be words of our own: a literal, a translated literal, or one filled in by a function that
cleans.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from addons.domain.places import ROOT

SOURCES = sorted((ROOT / "dashboard").rglob("*.py"))
READERS = {
    "markdown", "caption", "title", "header", "subheader", "info", "error", "warning", "success", "toast", "exception",
    "metric", "badge", "button", "download_button", "link_button", "page_link", "expander", "tabs", "radio",
    "selectbox",
    "multiselect", "text_input", "text_area", "number_input", "toggle", "checkbox", "segmented_control", "pills",
    "slider", "select_slider", "date_input", "status", "spinner", "progress", "popover", "dialog", "chat_message",
    "form_submit_button", "menu_button", "feedback",
}  # fmt: skip
FORBIDDEN = {"html", "write", "table", "image", "write_stream", "echo", "iframe"}
OURS = {
    "_", "N_", "n_", "title", "len", "round", "max", "str", "usd", "number", "tokens", "percent", "duration", "ago",
    "label", "_count", "clock",
}  # fmt: skip
"""Functions that give text of our own, numbers, or cleaned names."""
OUR_NAMES = {
    "title", "yes", "no", "trap", "label", "tile.title", "tile.scope", "tile.value", "tile.help", "silent_s", "dropped",
    "field.title", "field.help", "field.accepts", "section.title", "section.help", "words", "about", "policy",
}  # fmt: skip
"""Parameters and variables that hold such text; each says so where it is made."""


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Every call of Streamlit in a file, with the name called."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of = node.func.value
            if isinstance(of, ast.Name) and of.id == "st":
                yield node, node.func.attr


def is_ours(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name):
        return node.id in OUR_NAMES
    if isinstance(node, ast.Attribute):
        return ast.unparse(node) in OUR_NAMES or ast.unparse(node).startswith("recipes.TRAP_")
    if isinstance(node, ast.Call):
        return is_our_call(node)
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.IfExp | ast.JoinedStr | ast.FormattedValue):
        return all(is_ours(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))
    return False


def is_our_call(node: ast.Call) -> bool:
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    if isinstance(node.func, ast.Name):
        if node.func.id == "n_":  # the third is the count that chooses the form, and is not shown
            given = given[:2]
        cleans = node.func.id in OURS - {"_", "N_", "n_", "str", "max", "round"}
        return node.func.id in OURS and (cleans or all(is_ours(one) for one in given))
    if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return is_ours(node.func.value) and all(is_ours(one) for one in given)
    return False


def shown(call: ast.Call, name: str) -> list[ast.expr]:
    """What of a call's arguments is read as Markdown: the first, and the words by name."""
    words = [keyword.value for keyword in call.keywords if keyword.arg in ("label", "help", "body", "caption")]
    first = [] if name in ("tabs", "columns", "Page") else call.args[:1]
    if name in ("page_link", "switch_page", "vega_lite_chart", "logo", "set_page_config", "navigation"):
        first = []
    if name == "metric":
        first = call.args[:3]
    return first + words


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_markdown_is_given_words_of_our_own(path: Path) -> None:
    for call, name in calls(path):
        where = f"{path.relative_to(ROOT)}:{call.lineno}: st.{name}"
        assert name not in FORBIDDEN, f"{where} renders what it is given"
        assert not any(keyword.arg == "unsafe_allow_html" for keyword in call.keywords), where
        if name in READERS:
            for argument in shown(call, name):
                assert is_ours(argument), f"{where} reads Markdown in {ast.unparse(argument)!r}; use st.text or label()"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_data_caches_and_only_data_asks_the_store(path: Path) -> None:
    if path.parent.name == "data":
        return
    text = path.read_text(encoding="utf-8")
    assert "st.cache" not in text
    assert "import db" not in text
    assert "from db" not in text


@pytest.mark.parametrize(
    ("source", "ours"),
    [
        pytest.param("'words'", True, id="a literal"),
        pytest.param("_('words')", True, id="translated"),
        pytest.param("_('in {n}').format(n=tokens(row.count))", True, id="filled in with a number"),
        pytest.param("_(N_('words'))", True, id="marked, then translated"),
        pytest.param("n_('{n} turn', '{n} turns', row.turns).format(n=tokens(row.turns))", True, id="a plural"),
        pytest.param("n_(row.name, row.name, 2)", False, id="a captured name as a plural"),
        pytest.param("label(row.name)", True, id="a cleaned name"),
        pytest.param("row.name", False, id="a captured name"),
        pytest.param("f'Session {row.name}'", False, id="a captured name inside"),
        pytest.param("_('in {n}').format(n=row.name)", False, id="a captured name filled in"),
        pytest.param("str(row.name)", False, id="a captured name as text"),
    ],
)
def test_the_rule_tells_captured_text_from_ours(source: str, ours: bool) -> None:
    assert is_ours(ast.parse(source, mode="eval").body) is ours
