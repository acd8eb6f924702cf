"""A setting of each kind is changed where it stands: what the store holds after each, and that nothing else is."""

import json
import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from db import outbox
from db.models import Setting
from tests.browser.at_work import stored, working
from tests.browser.tabs import OpenTab, Served, settled

pytestmark = pytest.mark.e2e

SETTINGS = {
    "compression.pause_s": "420", "compression.model": '"mistral/small"', "routing.repair": "true",
    "memory.servers": None, 'masking.projects.shop': '"always"',
}  # fmt: skip
"""What a person sets of each kind of field, as JSON; None where only its last item is looked at."""


def test_a_setting_of_each_kind_is_stored_and_no_other(open_tab: OpenTab, served: Served) -> None:
    def value(key: str) -> str | None:
        found: str | None = stored(served, select(Setting.value).where(Setting.key == key))
        return found

    def typed(page: Page, key: str, text: str) -> None:
        settled(page)
        field = page.locator(f".st-key-setting-{key.replace('.', '-')} input").first
        field.fill(text)
        field.press("Enter")
        expect(page.locator(f".st-key-setting-{key.replace('.', '-')}").get_by_text("set here")).to_be_visible()

    with working(served), open_tab("/settings?part=compression") as look:
        page = look.page
        typed(page, "compression.pause_s", "420")
        typed(page, "compression.model", "mistral/small")
        page.goto(f"{served.address}/settings?part=routing")
        settled(page)
        page.locator(".st-key-setting-routing-repair label").first.click()
        expect(page.locator(".st-key-setting-routing-repair").get_by_text("set here")).to_be_visible()
        page.goto(f"{served.address}/settings?part=memory")
        typed(page, "memory.servers", "our-own")
        assert json.loads(value("memory.servers") or "[]")[-1] == "our-own"
        page.goto(f"{served.address}/settings?part=masking")
        settled(page)
        add = page.locator(".st-key-setting-masking-projects")
        add.get_by_role("combobox").first.fill("shop")
        page.get_by_role("option").filter(has_text="shop").first.click()
        add.get_by_role("button", name="Add").click()
        expect(page.locator(".st-key-row-masking-projects-shop")).to_be_visible()
        assert value("masking.projects.shop") == '"always"'
        shop = page.locator(".st-key-row-masking-projects-shop")
        shop.get_by_role("button", name="Remove").click()
        expect(shop).to_have_count(0)
        assert [value(key) for key in list(SETTINGS)[:3]] == list(SETTINGS.values())[:3]
        with served.store.engine.connect() as tx:
            said = {key for key, text in tx.execute(select(Setting.key, Setting.value)) if text != "null"}
        assert said - {"masking.projects.shop", "masking.keep_recent", "sessions.bypassed"} == set(list(SETTINGS)[:4])
        page.goto(f"{served.address}/settings")
        page.locator(".st-key-text-find input").fill("pause_s compression")
        page.locator(".st-key-text-find input").press("Enter")
        page.wait_for_url(re.compile("find=pause"))
        expect(page.locator("[class*='st-key-setting-']")).to_have_count(1)
    with served.store.engine.begin() as tx:
        tx.execute(delete(Setting).where(Setting.key.in_(SETTINGS)))


@pytest.mark.parametrize(
    ("key", "text", "beside"),
    [
        pytest.param("routing.fallback", "gemini/g", "routing.window_days", id="item of a list"),
        pytest.param("compression.model", "mistral/sm", "compression.pause_s", id="text"),
    ],
)
def test_what_is_half_typed_stays_when_the_page_is_drawn_anew(
    open_tab: OpenTab, served: Served, key: str, text: str, beside: str
) -> None:
    """Which it is by itself: every second while a proxy is awaited, and every ten seconds otherwise."""
    place = ".st-key-setting-{}".format
    with open_tab(f"/settings?part={key.partition('.')[0]}") as look:
        settled(look.page)
        field = look.page.locator(place(key.replace(".", "-"))).locator("input").first
        field.fill(text)
        outbox.put_setting(served.store.engine, beside, 44)
        expect(look.page.locator(place(beside.replace(".", "-"))).locator("input").first).to_have_value("44")
        expect(field).to_have_value(text)
    with served.store.engine.begin() as tx:
        tx.execute(delete(Setting).where(Setting.key == beside))
