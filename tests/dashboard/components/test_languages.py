from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.filled import Filler

OpenPage = Callable[..., AppTest]


@pytest.mark.parametrize(("wanted", "title"), [("fr", "Requêtes"), ("en", "Requests"), ("xx", "Requests")])
def test_the_address_says_the_language(open_page: OpenPage, filled_database: Filler, wanted: str, title: str) -> None:
    assert open_page("requests.py", lang=wanted).header[0].value == title


def test_the_switch_changes_the_page_and_the_address(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("requests.py")
    page.button_group(key="choice-lang").set_value("fr").run()
    assert page.header[0].value == "Requêtes"
    assert "fr" in page.query_params["lang"]
    page.button_group(key="choice-lang").set_value("en").run()
    assert page.header[0].value == "Requests"
    assert "lang" not in page.query_params


def test_the_language_goes_along_to_the_next_page(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("requests.py", lang="fr")
    page.query_params.clear()
    page.switch_page("views/memory.py").run()
    assert page.header[0].value == "Mémoire"
    assert "fr" in page.query_params["lang"]
