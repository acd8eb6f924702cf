import os
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data
from db.acknowledging import acknowledge
from db.inbox import Inbox
from tests.filled import HOSTILE, Filler

OpenPage = Callable[..., AppTest]


@pytest.fixture
def obeyed(empty_database: Filler, patient: None) -> Iterator[list[Mapping[str, Any]]]:
    """What a living proxy was asked to acknowledge, and did."""
    asked: list[Mapping[str, Any]] = []

    def carry_out(_kind: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        asked.append(payload)
        return {"acknowledged": acknowledge(empty_database.engine, payload.get("alert_id"), empty_database.now_ms)}

    empty_database.heartbeat(time.time_ns() // 1_000_000 + 600_000, proxy_id="p-2")
    inbox = Inbox(os.environ["KIMI_DATABASE_URL"], on_settings=lambda _: {}, on_command=carry_out, proxy_id="p-2")
    inbox.start()
    yield asked
    inbox.close()


def chosen(page: AppTest) -> AppTest:
    """The same page after a click on the table's first row, where one alert is open."""
    page.session_state["alerts-False-1"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    return page.run()


def test_without_a_store_the_page_leads_to_set_up(open_page: OpenPage) -> None:
    assert "start the proxy" in open_page("alerts.py").info[0].value


def test_an_empty_store_says_where_the_rules_are(open_page: OpenPage, empty_database: Filler) -> None:
    page = open_page("alerts.py")
    assert "No alert in this selection" in page.info[0].value
    assert not page.dataframe


def test_the_level_is_a_filter_in_the_address(open_page: OpenPage, empty_database: Filler) -> None:
    empty_database.alert("Half of the budget is spent", "info", at_ms=empty_database.now_ms - 1_000)
    empty_database.alert("The context is 95 % full", "critical")
    assert list(open_page("alerts.py").dataframe[0].value["level"]) == ["critical", "info"]
    page = open_page("alerts.py", level="info")
    assert list(page.dataframe[0].value["message"]) == ["Half of the budget is spent"]
    page.selectbox(key="choice-level").set_value("").run()
    assert "level" not in page.query_params
    assert len(page.dataframe[0].value) == 2


def test_acknowledged_alerts_can_be_left_out(open_page: OpenPage, empty_database: Filler) -> None:
    empty_database.alert("old news", acknowledged_at_ms=empty_database.now_ms)
    assert len(open_page("alerts.py").dataframe[0].value) == 1
    assert "No alert in this selection" in open_page("alerts.py", state="open").info[0].value


def test_all_open_alerts_are_acknowledged_at_once(
    open_page: OpenPage, empty_database: Filler, obeyed: list[Mapping[str, Any]]
) -> None:
    empty_database.alert("one")
    empty_database.alert("two")
    page = open_page("alerts.py")
    page.button(key="acknowledge-all").click().run()
    assert obeyed == [{"all": True}]
    assert page.dataframe[0].value["acknowledged"].notna().all()
    assert not page.button


def test_one_alert_is_acknowledged(
    open_page: OpenPage, empty_database: Filler, obeyed: list[Mapping[str, Any]]
) -> None:
    empty_database.alert("one")
    page = chosen(open_page("alerts.py"))
    page.button(key="acknowledge-1").click().run()
    assert obeyed == [{"alert_id": 1}]
    assert page.dataframe[0].value["acknowledged"].notna().all()


def test_a_new_alert_is_toasted_once_on_any_page(open_page: OpenPage, empty_database: Filler) -> None:
    empty_database.alert("from before this tab")
    page = open_page("settings.py")
    assert not page.toast
    empty_database.alert(HOSTILE)
    data.forget()
    page.run()
    assert len(page.toast) == 1
    assert "![" not in page.toast[0].value
    assert "<img" not in page.toast[0].value
    data.forget()
    assert not page.run().toast


def test_hostile_words_reach_no_markdown(open_page: OpenPage, empty_database: Filler) -> None:
    empty_database.alert(HOSTILE, provider="x", key=HOSTILE, send_error=HOSTILE, data='{"a": "![x](http://e.example)"}')
    page = chosen(open_page("alerts.py"))
    assert HOSTILE in [element.value for element in page.text]
    marked = [*page.markdown, *page.caption, *page.header, *page.info]
    assert not any("evil.example" in element.value for element in marked)
