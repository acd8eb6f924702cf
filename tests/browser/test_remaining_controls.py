"""The controls that no other test operates: what the store or the address holds after each."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, func, select

from db import acknowledging, managing
from db.alert_tables import Alert
from db.models import Completion, Session, Setting
from tests.browser.rows import choose_row
from tests.browser.tabs import OpenTab, Served, obeying
from tests.filled import HOUR_MS

pytestmark = pytest.mark.e2e

NAME, ID = "Kept for a while", "s-0108"
SETTINGS = {
    "compression.pause_s": "420", "compression.model": '"mistral/small"', "routing.repair": "true",
    "memory.servers": None, 'masking.projects.shop': '"always"',
}  # fmt: skip
"""What a person sets of each kind of field, as JSON; None where only its last item is looked at."""


@contextmanager
def working(served: Served) -> Iterator[None]:
    """A proxy that does in the store what it is asked for."""
    engine = served.store.engine

    def carry_out(kind: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        if kind == "acknowledge_alert":
            acknowledging.acknowledge(engine, payload["alert_id"], served.store.now_ms)
        return managing.HANDLERS[kind](engine, payload) if kind in managing.HANDLERS else {}

    with obeying(served, carry_out):
        yield


def stored(served: Served, query: Any) -> Any:
    with served.store.engine.connect() as tx:
        return tx.scalar(query)


def press(page: Page, name: str, done: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_text(done, exact=True)).to_be_visible()


def test_a_session_is_moved_unpinned_brought_back_and_erased(open_tab: OpenTab, served: Served) -> None:
    served.store.session(108, requests=4, age_ms=70 * HOUR_MS)
    served.store.change(ID, name=NAME)
    its = select(Session).where(Session.id == ID).with_only_columns
    listed, deleted = (f"/sessions?period=all&q={ID}", f"/sessions?period=all&show=deleted&q={ID}")
    with working(served), open_tab(listed, width=1600) as look:
        page = look.page
        choose_row(page, "sessions-")
        page.locator(".st-key-selected").get_by_label("Project", exact=True).fill("elsewhere")
        press(page, "Move", "Moved.")
        assert stored(served, its(Session.project)) == "elsewhere"
        press(page, "Pin to the top", "Pinned to the top.")
        assert stored(served, its(Session.pinned)) is True
        press(page, "Unpin", "Unpinned.")
        assert stored(served, its(Session.pinned)) is False
        for again, done in (("Bring back", "It is back."), ("Delete for ever", "Deleted for ever.")):
            press(page, "Delete", "Deleted.")
            assert stored(served, its(Session.deleted_at_ms)) is not None
            page.goto(served.address + deleted)
            choose_row(page, "sessions-")
            press(page, again, done)
            if again == "Bring back":
                assert stored(served, its(Session.deleted_at_ms)) is None
                page.goto(served.address + listed)
                choose_row(page, "sessions-")
    assert stored(served, select(func.count()).where(Completion.session_id == ID)) == 0


def test_a_setting_of_each_kind_is_stored_and_no_other(open_tab: OpenTab, served: Served) -> None:
    def value(key: str) -> str | None:
        found: str | None = stored(served, select(Setting.value).where(Setting.key == key))
        return found

    def typed(page: Page, key: str, text: str) -> None:
        field = page.locator(f".st-key-setting-{key.replace('.', '-')} input").first
        field.fill(text)
        field.press("Enter")
        expect(page.locator(f".st-key-setting-{key.replace('.', '-')}").get_by_text("set here")).to_be_visible()

    with working(served), open_tab("/settings?part=compression") as look:
        page = look.page
        typed(page, "compression.pause_s", "420")
        typed(page, "compression.model", "mistral/small")
        page.goto(f"{served.address}/settings?part=routing")
        page.locator(".st-key-setting-routing-repair label").first.click()
        expect(page.locator(".st-key-setting-routing-repair").get_by_text("set here")).to_be_visible()
        page.goto(f"{served.address}/settings?part=memory")
        typed(page, "memory.servers", "our-own")
        assert json.loads(value("memory.servers") or "[]")[-1] == "our-own"
        page.goto(f"{served.address}/settings?part=masking")
        add = page.locator(".st-key-setting-masking-projects")
        add.get_by_role("combobox").first.fill("shop")
        page.get_by_role("option").first.click()
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


def test_originals_are_found_by_their_words_and_by_their_digest(open_tab: OpenTab, served: Served) -> None:
    with open_tab("/masked?period=all&of=s-0003") as look:
        page = look.page
        page.locator(".st-key-text-find input").fill("refused billing")
        page.locator(".st-key-text-find input").press("Enter")
        expect(page.get_by_text("6 originals hold these words")).to_be_visible()
        page.wait_for_url(re.compile("find=refused"))
        choose_row(page, "hits", 1)
        expect(page.locator(".st-key-original").get_by_text("ERROR connection to billing refused")).to_be_visible()
        tag = re.search("digest=([^&]+)", page.url)
        assert tag
        beginning = tag[1].replace("%3A", ":")[:9]
        page.goto(f"{served.address}/masked?of=s-0003")
        page.locator(".st-key-text-digest input").fill(beginning)
        page.locator(".st-key-text-digest input").press("Enter")
        expect(page.locator(".st-key-original").get_by_text("ERROR connection to billing refused")).to_be_visible()


def test_one_alert_is_acknowledged_and_the_open_ones_are_left(open_tab: OpenTab, served: Served) -> None:
    served.store.alert("The day's budget is used up", level="info", key="budget", provider="elsewhere")
    its = select(Alert.acknowledged_at_ms).where(Alert.key == "budget")
    with working(served), open_tab("/alerts?period=all&level=info&state=open") as look:
        page = look.page
        choose_row(page, "alerts-")
        assert stored(served, its) is None
        press(page, "Acknowledge", "The alert is acknowledged.")
        assert stored(served, its) is not None
        expect(page.get_by_text("No alert in this selection.")).to_be_visible()
        page.get_by_role("button", name="Clear filters").click()
        page.wait_for_url("**/alerts?period=all")


def test_a_session_stands_still_until_it_is_live_again(open_tab: OpenTab, served: Served) -> None:
    counted = (Completion.usage_source == "reported", Completion.outcome == "ok", Completion.kind == "chat")
    latest = select(Completion.id).where(Completion.session_id == "s-0006").order_by(Completion.id.desc()).limit(25)
    with open_tab("/?session=s-0006") as look:
        page = look.page
        page.wait_for_selector(".st-key-chart-fill canvas")
        page.locator(".st-key-shown").get_by_role("combobox").click()
        page.get_by_role("option", name="25", exact=True).click()
        among = stored(served, select(func.count()).where(Completion.id.in_(latest), *counted))
        expect(page.get_by_text(f"from {among} requests shown here")).to_be_visible()
        page.locator(".st-key-live label").first.click()
        expect(page.get_by_text("and not live")).to_be_visible()
        turns = page.locator(".st-key-context-figures [data-testid=stMetricValue]").nth(2)
        before = turns.inner_text()
        served.store.change("s-0006", turns=4_712)
        page.wait_for_timeout(3_000)  # a live page has the change after two seconds
        expect(turns).to_have_text(before)
        page.locator(".st-key-live label").first.click()
        expect(turns).to_have_text("4712")
        expect(page.get_by_text("and not live")).to_be_hidden()
