"""A project gets another name by a click, and leads to what it used."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from db import managing
from db.models import Completion, Session
from tests.browser.at_work import extra, press, stored, working
from tests.browser.rows import choose_row
from tests.browser.tabs import OpenTab, Served, settled

pytestmark = pytest.mark.e2e

ID, BEFORE, AFTER = "s-0112", "A project of its own", "Its other name"


def test_a_project_is_renamed_with_all_that_is_in_it(open_tab: OpenTab, served: Served) -> None:
    with extra(served, 112), working(served), open_tab("/sessions?period=all", width=1600) as look:
        managing.HANDLERS["file_session"](served.store.engine, {"session_id": ID, "project": BEFORE})
        page = look.page
        page.reload()
        closed = page.locator(".st-key-projects")
        settled(page)
        closed.get_by_text("Projects", exact=True).click()
        its = closed.locator("[data-testid^=glide-cell-]").get_by_text(BEFORE, exact=True)
        row = int((its.get_attribute("data-testid") or "").rpartition("-")[2])
        choose_row(page, "project-table-", row)
        chosen = page.locator(".st-key-selected-project")
        for words, view in (("Its usage and cost", "usage"), ("Its sessions", "sessions")):
            link = chosen.get_by_role("link", name=words)
            expect(link).to_have_attribute("href", re.compile(f"{view}\\?project=A[+%20]+project.*&period=all"))
        chosen.get_by_label("Name", exact=True).fill(AFTER)
        press(page, "Rename the project", "The project is renamed.")
        expect(closed.locator("[data-testid^=glide-cell-]").get_by_text(AFTER, exact=True)).to_have_count(1)
        assert stored(served, select(Session.project).where(Session.id == ID)) == AFTER
        assert stored(served, select(Completion.project).where(Completion.session_id == ID).distinct()) == AFTER
