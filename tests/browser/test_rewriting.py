"""What a person sees of masking: its charts, its texts, its settings, and what a click does."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from dashboard import format
from db.models import Completion, Original, SessionOriginal, Setting
from tests.browser.tabs import OpenTab, Served, click_row, settled
from tests.filled import HOSTILE

pytestmark = pytest.mark.e2e


def test_the_savings_equal_the_store(open_tab: OpenTab, served: Served) -> None:
    with served.store.engine.connect() as tx:
        kept, cached, reported, net = tx.execute(
            select(
                func.sum(Completion.prompt_tokens_before - Completion.prompt_tokens_sent),
                func.sum(Completion.cached_tokens),
                func.sum(Completion.prompt_tokens),
                func.sum(Completion.cost_unmodified_usd - Completion.cost_usd),
            ).where(Completion.session_id == "s-0003", Completion.outcome == "ok")
        ).one()
    with open_tab("/savings?period=all&of=s-0003") as look:
        values = look.page.locator("[data-testid=stMetricValue]")
        expect(values).to_have_count(4)
        for place, text in enumerate((format.tokens(kept), format.usd(net), format.percent(cached / reported))):
            expect(values.nth(place)).to_have_text(text)


def test_a_click_leads_to_an_original_and_its_digest(open_tab: OpenTab, served: Served) -> None:
    with served.store.engine.connect() as tx:
        newest = tx.scalar(
            select(Original.tag).join(SessionOriginal).where(SessionOriginal.session_id == "s-0002")
            .order_by(Original.created_at_ms.desc()).offset(1)
        )  # fmt: skip
    with open_tab("/masked?of=s-0002") as look:
        click_row(look.page, 1)
        shown = look.page.locator(".st-key-original")
        expect(shown.get_by_text("sent in its place")).to_be_visible()
        look.page.wait_for_url(re.compile("digest="))
        assert newest and newest in look.page.url.replace("%3A", ":")
        expect(shown.get_by_text(f"[digest {newest} of a JSON document").first).to_be_visible()
        expect(shown.get_by_text(HOSTILE).first).to_be_visible()
        assert look.page.locator("img[src*='evil.example'], a[href*='evil.example']").count() == 0


def test_a_click_on_a_request_opens_all_about_it(open_tab: OpenTab) -> None:
    with open_tab("/?session=s-0003") as look:
        look.page.wait_for_selector(".st-key-chart-fill canvas")
        click_row(look.page, 2, key="latest")
        look.page.wait_for_url(re.compile(r"/turn\?id=114"))
        expect(look.page.get_by_role("heading", name="One request")).to_be_visible()
        look.page.get_by_role("button", name="Previous").click()
        look.page.wait_for_url(re.compile(r"/turn\?id=113"))


def test_a_masked_message_of_a_request_leads_to_its_original(open_tab: OpenTab) -> None:
    with open_tab("/turn?id=60&which=mask") as look:
        expect(look.page.locator(".st-key-messages").get_by_text("1 message ·")).to_be_visible()
        click_row(look.page, 0, key="message-list")
        look.page.locator(".st-key-messages").get_by_role("link", name="Open the original").click()
        look.page.wait_for_url(re.compile(r"/masked\?digest="))


def test_a_setting_is_stored_once_it_can_be_used(open_tab: OpenTab, served: Served) -> None:
    def stored() -> str | None:
        with served.store.engine.connect() as tx:
            return tx.scalar(select(Setting.value).where(Setting.key == "masking.keep_recent"))

    with open_tab("/settings") as look:
        row = look.page.locator(".st-key-setting-masking-keep_recent")
        row.locator("input").fill("-3")
        row.locator("input").press("Enter")
        expect(row.get_by_text("keep_recent is -3; expected a whole number from 0 to 1000")).to_be_visible()
        assert stored() is None
        row.locator("input").fill("3")
        row.locator("input").press("Enter")
        expect(row.get_by_text("waiting for the proxy")).to_be_visible()
        assert stored() == "3"


def test_a_proxy_that_does_not_answer_is_told_of_in_time(open_tab: OpenTab) -> None:
    with open_tab("/?session=s-0003") as look:
        settled(look.page)
        look.page.locator(".st-key-mask-now").get_by_role("button").click()
        expect(look.page.get_by_text("No proxy has answered within 5 seconds")).to_be_visible()
