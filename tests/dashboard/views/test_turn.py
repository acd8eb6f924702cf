import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from dashboard import data, format
from db.tables import completions, message_steps
from tests.filled import HOSTILE, Filler

OpenPage = Callable[..., AppTest]


def shown(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def test_without_a_store_the_page_leads_to_set_up(open_page: OpenPage) -> None:
    page = open_page("turn.py")
    assert "start the proxy" in page.info[0].value
    assert not page.metric


def test_an_empty_store_says_what_to_do(open_page: OpenPage, empty_database: Filler) -> None:
    assert "No request yet" in open_page("turn.py").info[0].value


def test_a_request_is_opened_by_its_id(open_page: OpenPage, filled_database: Filler) -> None:
    row = data.turn(58)
    page = open_page("turn.py", id="58")
    assert row and row.cost_unmodified_usd is not None and row.cost_usd is not None
    tiles = shown(page)
    assert tiles["Context fill"] == format.percent(row.context_fill)
    assert tiles["Cost"] == format.usd(row.cost_usd)
    assert tiles["Net in money"] == format.usd(row.cost_unmodified_usd - row.cost_usd)
    assert len(page.get("vega_lite_chart")) == 2
    facts, parts, _timings, usage, messages, masked = (table.value for table in page.dataframe)
    assert list(facts["outcome"]) == ["ok"]
    assert parts["tokens"].iloc[-1] == sum(row.composition.values())
    calibrated = row.prompt_tokens_calibrated
    assert list(usage["prompt"]) == [row.prompt_tokens_before, row.prompt_tokens_sent, calibrated, row.prompt_tokens]
    assert sum(messages["tokens"]) == row.prompt_tokens_sent
    assert list(masked["saved"]) == sorted(masked["saved"], reverse=True)
    assert len(masked) == 4


def messages(page: AppTest) -> Any:
    return next(table.value for table in page.dataframe if "rank" in table.value)


def captions(page: AppTest) -> str:
    return "\n".join(caption.value for caption in page.caption)


def test_each_message_is_listed_with_what_was_done(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("turn.py", id="60")
    shown = messages(page)
    assert list(shown["part"][:4]) == ["Tools", "System", "Files and context", "Reasoning"]
    assert list(shown["place"][1:4]) == [1, 2, 3]
    assert list(shown[shown["done"] == "masked"]["saved"]) == [2_240]
    assert sorted(shown["rank"].dropna()) == [1, 2, 3, 4, 5]
    assert shown.loc[shown["rank"].idxmin(), "tokens"] == max(shown["tokens"])
    assert list(shown["new"]).index("new") == len(shown) - 4
    assert (shown["also"].iloc[1], shown["also"].iloc[-1]) == ("Rules 900", "opens the answer")
    assert HOSTILE in set(shown["tool"])
    assert f"{len(shown) - 2} messages" in captions(page)


def test_its_messages_are_filtered_by_what_they_are(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("turn.py", id="60", part="memory")
    assert list(messages(page)["part"]) == ["Files and context"]
    page.selectbox(key="choice-part").select("tool_results").run()
    assert page.query_params["part"] == "tool_results"
    assert set(messages(page)["part"]) == {"Tool results"}
    assert f"{len(messages(page))} messages" in captions(page)
    page.selectbox(key="choice-part").select("").run()
    page.selectbox(key="choice-which").select("mask").run()
    assert list(messages(page)["done"]) == ["masked"]


def test_what_a_summary_stands_for_is_shown_when_asked_for(open_page: OpenPage, filled_database: Filler) -> None:
    with filled_database.engine.begin() as tx:
        tx.execute(update(message_steps).values(covered_start=1, covered_stop=20, summary_tokens=50))
        tx.execute(update(completions).values(compressed_tokens_saved=9_000))
    page = open_page("turn.py", id="60")
    assert 0 not in list(messages(page)["tokens"])
    assert "stands for older messages" in set(messages(page)["done"])
    page.selectbox(key="choice-which").select("summarised").run()
    assert set(messages(page)["tokens"]) == {0} and len(messages(page)) == 19
    assert "Its session's summaries" in [link.proto.label for link in page.get("page_link")]


def test_what_the_request_before_knew_may_be_gone(open_page: OpenPage, filled_database: Filler) -> None:
    with filled_database.engine.begin() as tx:
        tx.execute(update(message_steps).values(kept="[[0,2,0]]", number=1))
    page = open_page("turn.py", id="60")
    assert list(messages(page)["done"][1:3]) == ["not known any more"] * 2
    assert "2 messages are not known any more" in captions(page)


def test_of_an_older_request_the_largest_messages_are_known(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("turn.py", id="12")
    largest = next(table.value for table in page.dataframe if "decided" in table.value)
    assert largest["decided"][1] == "masked"
    assert "Recorded before all messages were kept" in captions(page)
    filled_database.request("s-0001", largest=None)
    assert "Its messages are not recorded" in captions(open_page("turn.py"))


def test_the_headers_that_were_kept_are_shown(open_page: OpenPage, filled_database: Filler) -> None:
    assert "None are recorded for this call." in [text.value for text in open_page("turn.py", id="58").text]
    kept = {"request": {"user-agent": "ls/JS"}, "response": {"server": HOSTILE}}
    filled_database.request("s-0001", headers=json.dumps(kept))
    shown = open_page("turn.py").dataframe[-1].value
    assert list(shown["side"]) == ["request", "answer"]
    assert list(shown["value"]) == ["ls/JS", HOSTILE]


def test_the_requests_of_its_session_are_walked_through(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("turn.py", id="60")
    assert page.button(key="next").disabled
    page.button(key="previous").click().run()
    assert page.query_params["id"] == "59"
    page.button(key="next").click().run()
    assert page.query_params["id"] == "60"
    assert open_page("turn.py", id="61").button(key="previous").disabled


def test_without_an_id_it_is_the_latest(open_page: OpenPage, filled_database: Filler) -> None:
    filled_database.request("s-0004", provider="the newest")
    page = open_page("turn.py")
    assert any("the newest" in text.value for text in page.text)


def test_an_error_is_shown_with_its_class(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("turn.py", id="12")
    assert page.code[0].value == "rate: Rate limit reached"
    assert (shown(page)["Cost"], shown(page)["Net in money"]) == ("–", "–")


@pytest.mark.parametrize("wanted", ["999999", "", "-1", "1e3", "²", HOSTILE, "9" * 30])
def test_an_id_that_is_none_is_said_to_be(open_page: OpenPage, filled_database: Filler, wanted: str) -> None:
    assert "There is no such request" in open_page("turn.py", id=wanted).warning[0].value


def test_what_is_not_known_is_left_out(open_page: OpenPage, filled_database: Filler) -> None:
    unknown = ("context_window", "context_fill", "prompt_tokens", "prompt_tokens_sent", "prompt_tokens_before",
               "ttfb_ms", "duration_ms", "overhead_ms", "usage_source", "turn", "status")  # fmt: skip
    filled_database.request("s-0001", composition="{}", **dict.fromkeys([*unknown, "parts", "largest"]))
    page = open_page("turn.py")
    assert not page.get("vega_lite_chart")
    assert shown(page)["Prompt tokens"] == "–"


def test_hostile_text_reaches_no_markdown(open_page: OpenPage, filled_database: Filler) -> None:
    filled_database.request("s-0002", model=HOSTILE, error_message=HOSTILE, error_class="other", trace_id=HOSTILE,
                            routed_from=HOSTILE, usage_source=HOSTILE[:10])  # fmt: skip
    page = open_page("turn.py")
    assert HOSTILE in page.code[0].value
    marked = [*page.markdown, *page.caption, *page.header, *page.info]
    assert not any("evil.example" in element.value for element in marked)
    assert not any("evil.example" in metric.value + metric.label for metric in page.metric)
