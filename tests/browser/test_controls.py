"""Every control as a person uses it: filters are in the address and choose rows, a key reaches each, buttons ask a
proxy for what they say, and a setting gets into the store."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from db.models import Completion, Original, Setting
from tests.browser.at_work import press
from tests.browser.shown import SHOWN
from tests.browser.tabs import OpenTab, Served, choose, click_row, obeying, pick, settled
from tests.filled import WINDOW

pytestmark = pytest.mark.e2e

Asked = list[tuple[str, dict[str, Any]]]
FILTERED = [file for file in SHOWN if file not in ("session.py", "turn.py", "set_up.py", "settings.py")]
CHOICE = "[class*='st-key-choice-']:not(.st-key-choice-lang)"
"""The widgets whose value is in the address; the language has a test of its own."""
FOCUSED = """() => {
    const at = document.activeElement;
    if (at.matches('[data-testid=stSidebarNavLink]')) return 'menu';
    return at.closest('[class*=st-key-]')?.className.match(/st-key-([\\w-]+)/)[1] ?? '';
}"""
MOST_TABS = 120
PREVIEW = {"messages": 48, "kept_exchanges": 5, "tokens_before": 151_200, "tokens_after": 487,
           "prompt_tokens_before": 221_000, "prompt_tokens_after": 70_287, "context_window": WINDOW,
           "text": "[Summary of the 48 oldest messages]", "asked": False}  # fmt: skip


@contextmanager
def answering(served: Served) -> Iterator[Asked]:
    """A proxy that carries out whatever it is asked for; what that was."""
    asked: Asked = []

    def carry_out(kind: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        asked.append((kind, dict(payload)))
        return PREVIEW if kind == "compress" else {}

    with obeying(served, carry_out):
        yield asked


@pytest.mark.parametrize("file", FILTERED)
def test_every_filter_is_in_the_address_and_the_page_goes_on(open_tab: OpenTab, file: str) -> None:
    with open_tab(SHOWN[file].address.partition("?")[0]) as look:
        page = look.page
        settled(page)
        classes = page.locator(CHOICE).evaluate_all("all => all.map(one => one.className)")
        names = [re.findall(r"st-key-choice-([\w-]+)", one)[0] for one in classes]
        for name in names:
            if page.locator(f".st-key-choice-{name}").is_visible():  # what does not apply to a choice is gone
                choose(page, name, 1)
        assert names
        assert page.get_by_test_id("stException").count() == 0


@pytest.mark.parametrize(
    ("address", "name", "option", "words"),
    [
        pytest.param("/requests?period=all", "provider", "groq", "{groq} requests", id="requests"),
        pytest.param("/sessions?period=all", "provider", "groq", "3 sessions", id="sessions"),
        pytest.param("/masked?period=all", "of_kind", "test run", "{masked} masked", id="masked"),
        pytest.param("/alerts?period=all", "level", "critical", "1 alerts", id="alerts"),
        pytest.param("/ide_log?period=all", "log", "cn.log", "1 events", id="IDE log"),
    ],
)
def test_a_filter_chooses_rows(
    open_tab: OpenTab, served: Served, address: str, name: str, option: str, words: str
) -> None:
    with served.store.engine.connect() as tx:
        groq = tx.scalar(select(func.count()).select_from(Completion).where(Completion.provider == "groq"))
        masked = tx.scalar(select(func.count()).select_from(Original).where(Original.kind == "test run"))
    with open_tab(address) as look:
        choose(look.page, name, option)
        expect(look.page.get_by_text(words.format(groq=groq, masked=masked), exact=True)).to_be_visible()


def test_a_session_is_worked_on_by_its_buttons(open_tab: OpenTab, served: Served) -> None:
    with answering(served) as asked, open_tab("/?session=s-0005") as look:
        page = look.page
        settled(page)
        page.locator(".st-key-mask-now").get_by_role("button").click()
        expect(page.get_by_text("The session's next request masks all that may go.")).to_be_visible()
        press(page, "Bypass this session", "From the next request on it goes as it comes.")
        press(page, "Take it up again", "From the next request on it is worked on.")
        press(page, "Pause masking for its project", "Paused for the project.")
        press(page, "Resume masking for its project", "Resumed for the project.")
        page.locator(".st-key-compress-now").get_by_role("button").click()
        expect(page.get_by_role("heading", name="Compression")).to_be_visible()
        expect(page.get_by_text("221k → 70.3k")).to_be_visible()
        press(page, "Compress now", "Asked for: the session's next request is compressed.")
    of = {"session_id": "s-0005"}
    compress = of | {"keep_exchanges": 5}
    assert [one for one in asked if one[1]["session_id"] == "s-0005"] == [
        ("mask_now", of), ("compress", compress | {"dry_run": True}), ("compress", compress | {"dry_run": False}),
    ]  # fmt: skip


def test_a_session_of_the_list_is_changed_by_its_buttons(open_tab: OpenTab, served: Served) -> None:
    with answering(served) as asked, open_tab("/sessions?period=all&q=s-0009") as look:
        page = look.page
        click_row(page, 0)
        chosen = page.locator(".st-key-selected")
        chosen.get_by_label("Name", exact=True).fill("Renamed <b>")
        press(page, "Rename", "Renamed.")
        press(page, "Pin to the top", "Pinned to the top.")
        press(page, "Delete", "Deleted.")
        press(page, "Undo", "It is back.")
    of = {"session_id": "s-0009"}
    assert asked == [
        ("rename_session", of | {"name": "Renamed <b>"}), ("pin_session", of | {"pinned": True}),
        ("delete_session", of), ("restore_session", of),
    ]  # fmt: skip


def test_sides_are_swapped_and_alerts_acknowledged(open_tab: OpenTab, served: Served) -> None:
    with answering(served) as asked, open_tab("/compare?left=s-0003&right=s-0001") as look:
        settled(look.page)
        look.page.get_by_role("button", name="Swap").click()
        look.page.wait_for_url(re.compile("left=s-0001&right=s-0003"))
        look.page.goto(f"{served.address}/alerts?period=all")
        press(look.page, "Acknowledge all", "All alerts are acknowledged.")
    assert asked == [("acknowledge_alert", {"all": True})]


def test_a_setting_gets_into_the_store_and_back(open_tab: OpenTab, served: Served) -> None:
    def stored(key: str) -> str | None:
        with served.store.engine.connect() as tx:
            return tx.scalar(select(Setting.value).where(Setting.key == key))

    with answering(served), open_tab("/settings?part=masking") as look:
        page = look.page
        settled(page)
        row = page.locator(".st-key-setting-masking-policy")
        pick(row.get_by_role("combobox"), page.get_by_role("option", name="off"))
        expect(row.get_by_text("set here")).to_be_visible()
        expect(row.get_by_text(re.compile("applied at .* by the proxy"))).to_be_visible()
        assert stored("masking.policy") == '"off"'
        row.get_by_role("button", name="Reset").click()
        expect(row.get_by_text("set here")).to_have_count(0)
        assert stored("masking.policy") in (None, "null")


def test_the_keyboard_reaches_menu_filters_and_actions_in_this_order(open_tab: OpenTab) -> None:
    with open_tab("/?session=s-0003") as look:
        page = look.page
        settled(page)
        reached: list[str] = []
        for _number in range(MOST_TABS):
            page.keyboard.press("Tab")
            reached.append(page.evaluate(FOCUSED))
            if reached[-1] == "mask-now":
                break
        order = ["menu", "choice-lang", "choice-session", "live", "mask-now"]
        assert [name for name in dict.fromkeys(reached) if name in order] == order
        page.keyboard.press("Enter")
        expect(page.get_by_text("No proxy has answered within 5 seconds")).to_be_visible()
