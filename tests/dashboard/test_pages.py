from collections.abc import Callable
from itertools import groupby

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.filters import NAMES
from dashboard.pages import PAGES, view
from dashboard.places import DASHBOARD, ICON, LOGO
from tests.filled import Filler

OpenPage = Callable[..., AppTest]
PARAMETERS = (*NAMES, "period", "lang", "id", "session", "left", "right", "digest", "find", "order", "calls", "part",
              "which", "for", "sort", "page-requests", "page-sessions", "page-masked", "page-alerts",
              "page-events")  # fmt: skip
"""That any page takes from its address."""
VALUES = (
    "-1e9",
    "9" * 30,
    "\u0663\u00b2",
    "![x](http://evil.example/a.png) <img src=//evil.example/b> **bold** :material/home: ' OR 1=1 --",
    "\x00\u202e\ufffe%00" + "0" * 9_000,
)
"""No number, too large a one, digits of other scripts, markup, and no text at all."""
SUBJECTS = {
    "session.py": {"session": "s-0003"},
    "compare.py": {"left": "s-0003", "right": "s-0001"},
    "turn.py": {"id": "58"},
    "settings.py": {"for": "mistral"},
}
"""What is asked of a page rightly, while all else in the address is wrong."""


def test_every_page_has_its_file_and_an_address_of_its_own() -> None:
    assert all((DASHBOARD / view(page.file)).is_file() for page in PAGES)
    assert len({page.file for page in PAGES}) == len(PAGES)


def test_every_view_is_in_the_menu() -> None:
    files = {path.name for path in (DASHBOARD / "views").glob("*.py")} - {"__init__.py"}
    assert files == {page.file for page in PAGES}


def test_a_section_stands_together() -> None:
    sections = [section for section, _pages in groupby(PAGES, key=lambda page: page.section)]
    assert len(sections) == len(set(sections)) == 3


def test_the_icons_are_local_files() -> None:
    assert ICON.read_bytes().startswith(b"\x89PNG")
    assert "http" not in LOGO.read_text().replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("file", [page.file for page in PAGES])
def test_a_wrong_address_gets_words(open_page: OpenPage, filled_database: Filler, file: str) -> None:
    for value in VALUES:
        page = open_page(file, **dict.fromkeys(PARAMETERS, value))
        assert page.header, value
    for subject in filter(None, [SUBJECTS.get(file)]):
        page = open_page(file, **dict.fromkeys(PARAMETERS, VALUES[-2]) | subject)
        assert page.header, subject


@pytest.mark.parametrize(
    ("file", "query", "words"),
    [
        pytest.param("requests.py", {"of": "s-000", "period": "all"}, "No request matches", id="session of requests"),
        pytest.param("session.py", {"session": "s-000"}, "There is no such session", id="session"),
        pytest.param("turn.py", {"id": "58x"}, "There is no such request", id="request"),
        pytest.param("compare.py", {"left": "s-000", "right": "s-0001"}, "on the left does not exist", id="side"),
    ],
)
def test_the_beginning_of_an_id_is_nobodys(
    open_page: OpenPage, filled_database: Filler, file: str, query: dict[str, str], words: str
) -> None:
    page = open_page(file, **query)
    assert any(words in one.value for one in (*page.info, *page.warning))


@pytest.mark.parametrize("file", [page.file for page in PAGES])
def test_a_new_tab_ends_with_the_same_page_as_one_that_showed_others(
    open_page: OpenPage, filled_database: Filler, file: str
) -> None:
    tab = AppTest.from_file(str(DASHBOARD / "frame.py"), default_timeout=120)
    tab.switch_page(f"views/{file}")
    tab.run().run()  # the second one as the browser asks for, once the figures are painted
    assert not tab.exception
    whole = open_page(file)
    assert [choice.label for choice in tab.selectbox] == [choice.label for choice in whole.selectbox]
    assert [figure.label for figure in tab.metric] == [figure.label for figure in whole.metric]
    assert len(tab.dataframe) == len(whole.dataframe)
