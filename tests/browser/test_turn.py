"""The page of one request: on to the next one, its headers, its messages, and what was masked by then."""

import json
import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from addons.domain.headers import kept
from db.models import Completion
from tests.browser.rows import choose_row
from tests.browser.tabs import OpenTab, Served, choose, settled

pytestmark = pytest.mark.e2e

SENT = 50
"""A request of session s-0000 that is neither its first nor its last."""
SECRET = "sk-or-v1-0123456789abcdef0123456789abcdef"
REQUEST = (("Content-Type", "application/json"), ("Authorization", f"Bearer {SECRET}"), ("Cookie", f"key={SECRET}"),
           ("User-Agent", f"OpenAI/JS {SECRET}"))  # fmt: skip
ANSWER = (("X-RateLimit-Remaining-Requests", "41"), ("Set-Cookie", f"key={SECRET}"))


def test_the_next_request_has_its_headers_and_no_key(open_tab: OpenTab, served: Served) -> None:
    its = update(Completion).where(Completion.id == SENT)
    headers = json.dumps({"request": kept(REQUEST), "response": kept(ANSWER)})
    with served.store.engine.begin() as tx:
        tx.execute(its.values(headers=headers))
    with open_tab(f"/turn?id={SENT - 2}") as look:
        page = look.page
        settled(page)
        page.get_by_role("button", name="Next", exact=True).click()
        page.wait_for_url(re.compile(rf"/turn\?id={SENT - 1}$"))
        below = page.get_by_test_id("stExpander").filter(has_text="Headers")
        below.get_by_text("Headers", exact=True).click()
        expect(below.get_by_text("None are recorded for this call.")).to_be_visible()
        page.get_by_role("button", name="Next", exact=True).click()
        page.wait_for_url(re.compile(rf"/turn\?id={SENT}$"))
        names = below.locator("[data-testid^=glide-cell-1-]")
        expect(names).to_have_text(["content-type", "user-agent", "x-ratelimit-remaining-requests"])
        assert SECRET not in page.content()
        page.get_by_role("button", name="Previous", exact=True).click()
        page.wait_for_url(re.compile(rf"/turn\?id={SENT - 1}$"))
        expect(below.get_by_text("None are recorded for this call.")).to_be_visible()
    with served.store.engine.begin() as tx:
        tx.execute(its.values(headers=None))


def test_its_messages_are_chosen_by_what_they_are_and_what_was_done(open_tab: OpenTab) -> None:
    with open_tab("/turn?id=60") as look:
        card = look.page.locator(".st-key-messages")
        choose(look.page, "part", "Tool results")
        expect(card.get_by_text(re.compile("^[0-9]+ messages · "))).to_be_visible()
        choose(look.page, "which", "Masked")
        expect(card.get_by_text(re.compile("^1 message · "))).to_be_visible()


def test_what_was_masked_by_then_leads_to_its_original(open_tab: OpenTab) -> None:
    with open_tab("/turn?id=60") as look:
        choose_row(look.page, "masked-by")
        look.page.get_by_role("link", name="Open the original").click()
        look.page.wait_for_url(re.compile(r"/masked\?digest="))
        expect(look.page.locator(".st-key-original").get_by_text("kept here, not sent")).to_be_visible()
