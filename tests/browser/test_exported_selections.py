"""Wherever requests are offered as a file, it holds those of the selection and no others."""

from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import func, select

from db.models import Completion
from tests.browser.at_work import stored
from tests.browser.rows import choose_row
from tests.browser.tabs import OpenTab, Served, settled
from tests.browser.test_export import downloaded, rows

pytestmark = pytest.mark.e2e


class Offered(NamedTuple):
    address: str
    column: str
    value: str
    """What every row has in that column; no other row has."""
    table: str = ""
    """Whose first row is chosen before; "" for none."""


OFFERED = {
    "live session": Offered("/?session=s-0003", "session_id", "s-0003"),
    "session of the list": Offered("/sessions?period=all&q=s-0004", "session_id", "s-0004", "sessions-"),
    "sessions": Offered("/sessions?period=all&provider=openrouter", "provider", "openrouter"),
    "usage": Offered("/usage?period=all&provider=mistral", "provider", "mistral"),
}


@pytest.mark.parametrize("name", OFFERED)
def test_a_file_holds_what_was_selected(open_tab: OpenTab, served: Served, tmp_path: Path, name: str) -> None:
    address, column, value, table = OFFERED[name]
    with open_tab(address, width=1600) as look:
        settled(look.page)
        if table:
            choose_row(look.page, table)
        look.page.get_by_role("button", name="Export").last.click()
        found = downloaded(look, "CSV")
        file = tmp_path / found.suggested_filename
        found.save_as(file)
    wanted = stored(served, select(func.count()).where(getattr(Completion, column) == value))
    assert [row[column] for row in rows(file)] == [value] * wanted
