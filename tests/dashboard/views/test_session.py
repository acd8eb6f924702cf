from collections.abc import Callable

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from dashboard import data, format
from dashboard.components import command
from db.models import Completion, Session
from tests.dashboard.conftest import Proxy
from tests.filled import HOSTILE, Filler

OpenPage = Callable[..., AppTest]


def shown(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def test_without_a_store_the_page_leads_to_set_up(open_page: OpenPage) -> None:
    page = open_page("session.py")
    assert "start the proxy" in page.info[0].value
    assert not page.selectbox
    assert not page.metric


def test_an_empty_store_says_that_the_first_request_opens_a_session(
    open_page: OpenPage, empty_database: Filler
) -> None:
    page = open_page("session.py")
    assert "The first request through the proxy opens one" in page.info[0].value
    assert not page.get("vega_lite_chart")


def test_the_tiles_are_those_of_the_latest_session(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("session.py")
    tiles = shown(page)
    assert list(tiles)[:3] == ["Context fill", "Full in", "Turns"]
    assert list(tiles)[3:7] == ["Tokens saved", "Cost", "From cache", "Memory ratio"]
    assert tiles["Turns"] == "15"
    assert len(page.get("vega_lite_chart")) == 5
    assert any("Explain why the retry loop never ends" in text.value for text in page.text)


def test_a_link_opens_its_session_and_stays_in_the_address(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("session.py", session="s-0003")
    assert page.query_params["session"] == "s-0003"
    assert any("Fix flaky test in checkout" in text.value for text in page.text)


def test_another_session_can_be_picked(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("session.py")
    page.selectbox(key="choice-session").set_value("s-0004").run()
    assert page.query_params["session"] == "s-0004"
    assert any("Migrate settings to TOML" in text.value for text in page.text)


def test_a_session_that_does_not_exist_is_said_to(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("session.py", session="![x](http://evil.example)")
    assert "There is no such session" in page.warning[0].value


def test_unknown_values_are_dashes_and_never_zero(open_page: OpenPage, filled_database: Filler) -> None:
    """Groq reports no cached tokens here, and has no price."""
    tiles = shown(open_page("session.py", session="s-0002"))
    assert (tiles["From cache"], tiles["Cost"]) == ("–", "–")


def test_an_unknown_context_window_leaves_its_figures_out(open_page: OpenPage, filled_database: Filler) -> None:
    filled_database.blank("s-0004", context_window=None, context_fill=None, memory_ratio=None)
    page = open_page("session.py", session="s-0004")
    assert shown(page)["Context fill"] == "–"
    assert len(page.get("vega_lite_chart")) == 3


def test_a_hostile_name_reaches_no_markdown(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("session.py", session="s-0002")
    assert any(HOSTILE in text.value for text in page.text)
    marked = [*page.markdown, *page.caption, *page.header, *page.info]
    assert not any("evil.example" in element.value for element in marked)
    assert not any("evil.example" in metric.value + metric.label for metric in page.metric)


def test_a_new_request_shows_at_the_next_refresh(open_page: OpenPage, filled_database: Filler) -> None:
    page = open_page("session.py", session="s-0000")
    filled_database.request("s-0000", prompt_tokens=262_000, context_fill=0.999)
    with filled_database.engine.begin() as tx:
        tx.execute(update(Session).where(Session.id == "s-0000").values(context_fill=0.999, completions=61))
    data.forget()
    page.run()
    assert shown(page)["Context fill"] == "100%"
    _parts, _largest, latest, _estimates = (table.value for table in page.dataframe)
    assert latest["number"].tolist()[0] == 61


def test_the_parts_of_the_latest_prompt_sum_to_the_total(open_page: OpenPage, filled_database: Filler) -> None:
    parts = open_page("session.py").dataframe[0].value
    whole = ~parts["part"].str.startswith(" ")
    *some, total = parts[whole]["tokens"]
    assert sum(some) == total
    assert parts["part"].iloc[-1] == "Total"
    assert "read_file" in parts["part"].str.strip().tolist()


def test_the_largest_messages_say_what_can_be_done(open_page: OpenPage, proxy: Proxy) -> None:
    page = open_page("session.py")
    largest = page.dataframe[1].value
    assert list(largest.loc[0, ["place", "what", "tool"]]) == ["message 10", "Tool results", "read_file"]
    assert largest["advice"].str.startswith("The model has used it").any()
    page.button(key="mask-large").click().run()
    assert proxy.asked == [("mask_now", {"session_id": "s-0000"})]
    assert page.button(key="compress-large")


def test_the_estimates_are_compared_with_the_reports(open_page: OpenPage, filled_database: Filler) -> None:
    assert "kimi-for-coding: off by 2.0% (0% before calibration), from 47 requests shown here" in words(
        open_page("session.py")
    )


def test_a_request_without_recorded_parts_shows_the_coarse_ones(open_page: OpenPage, filled_database: Filler) -> None:
    with filled_database.engine.begin() as tx:
        tx.execute(update(Completion).values(parts=None, tool_tokens=None, largest=None))
    page = open_page("session.py")
    assert not [table for table in page.dataframe if "part" in table.value]
    assert len(page.get("vega_lite_chart")) == 5


def test_the_latest_request_stands_beside_the_session(open_page: OpenPage, filled_database: Filler) -> None:
    row, tiles = data.turn(60), shown(open_page("session.py"))
    assert row
    assert list(tiles)[7:] == ["Sent", "Cached part", "Memory", "Answer", "Its cost", "First byte"]
    assert tiles["Sent"] == format.tokens(row.prompt_tokens_sent)
    assert tiles["Its cost"] == format.usd(row.cost_usd)


def words(page: AppTest) -> str:
    return " ".join(element.value for element in page.text)


def test_masking_is_asked_for_beside_the_figures(open_page: OpenPage, proxy: Proxy) -> None:
    page = open_page("session.py", session="s-0003")
    page.button(key="mask-now").click().run()
    assert proxy.asked == [("mask_now", {"session_id": "s-0003"})]
    assert "The session's next request masks all that may go." in words(page)


def test_a_press_that_comes_twice_is_one(open_page: OpenPage, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "ECHO_S", 60.0)
    page = open_page("session.py", session="s-0003")
    page.button(key="mask-now").click().run()
    page.button(key="mask-now").click().run()
    assert len(proxy.asked) == 1
    assert "The session's next request masks all that may go." in words(page)
    monkeypatch.setattr(command, "ECHO_S", -1.0)
    page.button(key="mask-now").click().run()
    assert len(proxy.asked) == 2


def test_a_session_is_bypassed_and_taken_up_again(open_page: OpenPage, proxy: Proxy) -> None:
    page = open_page("session.py", session="s-0003")
    page.button(key="bypass").click().run()
    assert {row.key: row.value for row in data.setting_rows()} == {"sessions.bypassed": ["s-0003"]}
    assert page.button(key="mask-now").disabled
    assert any("bypassed" in element.value for element in page.markdown)
    page.button(key="take-up").click().run()
    assert {row.key: row.value for row in data.setting_rows()} == {"sessions.bypassed": []}
    assert not page.button(key="mask-now").disabled


def test_without_a_proxy_the_person_is_told_so(open_page: OpenPage, filled_database: Filler) -> None:
    filled_database.stop_proxies()
    page = open_page("session.py")
    page.button(key="mask-now").click().run()
    assert "No proxy is running" in words(page)


def test_a_proxy_that_does_not_answer_is_told_of(
    open_page: OpenPage, filled_database: Filler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "WAIT_S", 0.3)
    page = open_page("session.py")
    page.button(key="mask-now").click().run()
    assert "No proxy has answered" in words(page)


def test_what_the_proxy_refuses_is_said_in_its_words(open_page: OpenPage, proxy: Proxy) -> None:
    page = open_page("session.py", session="s-0003")
    proxy.refuses = HOSTILE
    page.button(key="mask-now").click().run()
    assert HOSTILE in words(page)
    assert not any("evil.example" in element.value for element in page.markdown)


def test_a_projects_masking_is_paused_and_resumed(open_page: OpenPage, proxy: Proxy) -> None:
    page = open_page("session.py", session="s-0001")
    badges = [element.value for element in page.markdown if "masking:" in element.value]
    assert "masking: cache-aware" in badges[0]
    page.button(key="pause").click().run()
    assert {row.key: row.value for row in data.setting_rows()} == {"masking.projects.shop": "off"}
    assert page.button(key="resume").label == "Resume masking for its project"
    assert page.button(key="mask-now").disabled
    page.button(key="resume").click().run()
    assert {row.key: row.value for row in data.setting_rows()} == {"masking.projects.shop": None}
    assert page.button(key="pause").label == "Pause masking for its project"
