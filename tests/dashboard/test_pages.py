from itertools import groupby

from dashboard.pages import PAGES, view
from dashboard.places import DASHBOARD, ICON, LOGO


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
