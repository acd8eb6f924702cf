import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from addons.domain.compression.summary import content
from dashboard import format
from db.inbox import Inbox
from db.models import Completion
from tests import told
from tests.dashboard.conftest import Proxy
from tests.filled import HOSTILE, WINDOW, Filler

OpenPage = Callable[..., AppTest]
TEXT = f"[Summary of the 48 oldest messages]\n{HOSTILE} \ud800"


@dataclass(slots=True)
class Summariser:
    """What a proxy answers to `compress`, and what it was asked for."""

    asked: list[Mapping[str, Any]] = field(default_factory=list)

    def carry_out(self, _kind: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked.append(payload)
        return {
            "session_id": payload["session_id"], "messages": 48, "kept_exchanges": payload["keep_exchanges"],
            "tokens_before": 151_200, "tokens_after": 487, "prompt_tokens_before": 221_000,
            "prompt_tokens_after": 70_287, "context_window": WINDOW, "text": TEXT, "asked": not payload["dry_run"],
        }  # fmt: skip


@pytest.fixture
def summariser(filled_database: Filler, patient: None) -> Iterator[Summariser]:
    made = Summariser()
    filled_database.stop_proxies()
    filled_database.heartbeat(filled_database.now_ms + 600_000, proxy_id="p-2")
    url = os.environ["KIMI_DATABASE_URL"]
    inbox = Inbox(url, on_settings=lambda _values: {}, on_command=made.carry_out, proxy_id="p-2")
    inbox.start()
    yield made
    inbox.close()


def tiles(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def words(page: AppTest) -> str:
    return " ".join(element.value for element in (*page.text, *page.caption))


def test_without_a_store_the_page_leads_to_set_up(open_page: OpenPage) -> None:
    page = open_page("compression.py")
    assert "start the proxy" in page.info[0].value
    assert not page.button


def test_an_empty_store_says_when_something_is_compressed(open_page: OpenPage, empty_database: Filler) -> None:
    page = open_page("compression.py")
    assert "Nothing was compressed" in page.info[0].value
    assert all(button.disabled for button in page.button if button.key != "clear-filters")
    assert not page.metric


def test_the_log_says_what_each_compression_did(open_page: OpenPage, filled_database: Filler) -> None:
    made = told.compressed(filled_database, "s-0000")
    page = open_page("compression.py", period="all", of="s-0000")
    table = page.dataframe[0].value
    assert list(table["before"]) == [one.prompt_tokens_before for one in reversed(made)]
    assert list(table["after"]) == [one.prompt_tokens_after for one in reversed(made)]
    assert list(table["writer"]) == ["kimi-for-coding", "kimi-for-coding", "no model"]
    assert list(table["active"]) == [True, False, False]
    assert tiles(page)["Compressions"] == "3"
    assert tiles(page)["Cost of summaries"] == format.usd(2 * told.COST_USD)
    assert len(page.get("vega_lite_chart")) == 1
    assert len(page.dataframe[1].value) == 4


def test_a_call_without_a_price_costs_nothing_known(open_page: OpenPage, filled_database: Filler) -> None:
    told.compressed(filled_database, "s-0000")
    with filled_database.engine.begin() as tx:
        tx.execute(update(Completion).where(Completion.kind == "compression").values(cost_usd=None))
    assert tiles(open_page("compression.py", period="all", of="s-0000"))["Cost of summaries"] == format.UNKNOWN


def test_a_preview_changes_nothing_and_shows_the_text(open_page: OpenPage, summariser: Summariser) -> None:
    page = open_page("compression.py", session="s-0003")
    page.number_input[0].set_value(3).run()
    page.button(key="compress-preview").click().run()
    assert summariser.asked == [{"session_id": "s-0003", "keep_exchanges": 3, "dry_run": True}]
    assert tiles(page)["Messages concerned"] == "48"
    assert tiles(page)["The whole request"] == "221k → 70.3k"
    assert tiles(page)["Context fill"] == "84% → 27%"
    assert page.code[0].value.startswith("[Summary of the 48 oldest messages]")
    page.number_input[0].set_value(4).run()
    assert "Messages concerned" not in tiles(page)


def test_compress_now_is_asked_for(open_page: OpenPage, summariser: Summariser) -> None:
    page = open_page("compression.py", session="s-0003")
    page.button(key="compress-run").click().run()
    assert summariser.asked == [{"session_id": "s-0003", "keep_exchanges": 5, "dry_run": False}]
    assert "the session's next request is compressed" in words(page)


def test_a_refusal_is_shown_in_the_proxys_words(open_page: OpenPage, proxy: Proxy) -> None:
    proxy.refuses = f"Nothing of session {HOSTILE} can be summarised"
    page = open_page("compression.py", session="s-0003")
    page.button(key="compress-preview").click().run()
    assert proxy.refuses in words(page)
    assert "Messages concerned" not in tiles(page)


def test_without_a_proxy_it_says_so(open_page: OpenPage, filled_database: Filler) -> None:
    filled_database.stop_proxies()
    page = open_page("compression.py", session="s-0003")
    page.button(key="compress-run").click().run()
    assert "No proxy is running" in words(page)


def test_the_session_page_leads_to_the_preview(open_page: OpenPage, summariser: Summariser) -> None:
    page = open_page("session.py", session="s-0003")
    page.button(key="compress-now").click().run()
    assert [one["session_id"] for one in summariser.asked] == ["s-0003"]
    assert tiles(page)["Messages concerned"] == "48"


def test_hostile_texts_reach_no_markdown(open_page: OpenPage, filled_database: Filler, summariser: Summariser) -> None:
    (made,) = told.compressed(filled_database, "s-0002", count=1, writer=HOSTILE)
    assert HOSTILE in content(made)
    page = open_page("compression.py", period="all", session="s-0002", of="s-0002")
    page.button(key="compress-preview").click().run()
    assert HOSTILE in page.code[0].value
    assert HOSTILE in page.dataframe[0].value["writer"][0]
    marked = [*page.markdown, *page.caption, *page.header, *page.info, *page.warning, *page.metric]
    assert not any("evil.example" in str(element.value) for element in marked)
