"""The language is each tab's own, and every text is looked up where it is drawn."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from addons.domain.places import ROOT
from dashboard import i18n
from tests.filled import Filler

OpenPage = Callable[..., AppTest]
IMPORTED = sorted(
    path for path in (ROOT / "dashboard").rglob("*.py") if path.parent.name != "views" and path.name != "frame.py"
)
"""The frame and the views are run anew for each look at a page; everything else once."""


def test_where_no_page_is_drawn_it_is_english() -> None:
    assert i18n.language() == "en"
    assert i18n._("Sessions") == "Sessions"


def test_what_is_made_outside_a_page_can_be_in_a_language() -> None:
    with i18n.speaking("fr"):
        assert i18n._("Requests") == "Requêtes"
    assert i18n._("Requests") == "Requests"


def test_nothing_is_nothing_in_every_language() -> None:
    """gettext keeps a catalogue's head under the empty text."""
    with i18n.speaking("fr"):
        assert i18n._("") == ""


def test_a_plural_is_the_languages_own() -> None:
    words = "{said}. Learned: {ratio} of its tokens for one of ours, from {n} report.", "reports"
    with i18n.speaking("fr"):
        assert i18n.n_(*words, 0) == i18n.n_(*words, 1) != i18n.n_(*words, 2)
    assert i18n.n_(*words, 0) == i18n.n_(*words, 2) != i18n.n_(*words, 1)


def test_two_tabs_have_two_languages_at_once(open_page: OpenPage, filled_database: Filler) -> None:
    french, english = open_page("sessions.py", lang="fr"), open_page("sessions.py")
    assert [tab.run().header[0].value for tab in (french, english, french)] == ["Sessions"] * 3
    assert [tab.selectbox(key="choice-period").label for tab in (french, english)] == ["Période", "Period"]


def at_import(tree: ast.AST) -> list[ast.Call]:
    """Calls that are made once, when the module is imported."""
    found: list[ast.Call] = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call):
            found.append(node)
        found += at_import(node)
    return found


@pytest.mark.parametrize("path", IMPORTED, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_is_looked_up_when_a_module_is_imported(path: Path) -> None:
    for call in at_import(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call.func, ast.Name):
            assert call.func.id not in ("_", "n_"), (
                f"{path}:{call.lineno}: mark it with N_, translate where it is drawn"
            )
