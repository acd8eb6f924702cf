import json
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from addons.domain.events import Event
from addons.domain.pacing.limit import Basis, LimitKind
from db import writing
from tests.filled import HOSTILE, HOUR_MS, MINUTE_MS, Filler

OpenPage = Callable[..., AppTest]


def shown(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def test_without_a_store_the_page_leads_to_set_up(open_page: OpenPage) -> None:
    page = open_page("limits.py")
    assert "start the proxy" in page.info[0].value
    assert not page.metric


def test_an_empty_store_says_what_is_not_known(open_page: OpenPage, empty_database: Filler) -> None:
    page = open_page("limits.py")
    said = " ".join(caption.value for caption in page.caption)
    assert "No limit is known yet" in said
    assert "No request matches" in said
    assert "every request went to the model" in said
    assert shown(page) == {"Least headroom": "–", "Nearly used up": "0", "Waiting now": "0"}
    assert not page.get("vega_lite_chart")


def test_the_limit_with_the_least_left_is_first(open_page: OpenPage, filled_database: Filler) -> None:
    filled_database.limit("mistral", LimitKind.TOKENS_PER_MINUTE, 450_000, 500_000, basis=Basis.COUNTED)
    filled_database.limit("kimi-code", LimitKind.QUOTA_5_HOURS, 8, 100,
                          full_at_ms=filled_database.now_ms + HOUR_MS // 4)  # fmt: skip
    filled_database.limit("groq", LimitKind.REQUESTS_PER_DAY, None, 1_000)
    page = open_page("limits.py")
    table = page.dataframe[0].value
    assert list(table["kind"]) == ["quota of 5 hours", "tokens a minute", "requests a day"]
    assert table["full"].notna().tolist() == [True, False, False]
    assert (shown(page)["Least headroom"], shown(page)["Nearly used up"]) == ("8.0%", "1")
    assert len(page.get("vega_lite_chart")) == 4


def test_who_waits_for_a_limit_is_shown(open_page: OpenPage, filled_database: Filler) -> None:
    now = filled_database.now_ms
    wait = {"provider": "groq", "model": HOSTILE, "session_id": "s-0002", "since_ms": now - MINUTE_MS,
            "until_ms": now + MINUTE_MS}  # fmt: skip
    filled_database.heartbeat(now + MINUTE_MS, proxy_id="p-3", waiting=json.dumps([wait]))
    page = open_page("limits.py")
    assert shown(page)["Waiting now"] == "1"
    assert list(page.dataframe[0].value["session"]) == ["s-0002"]
    assert shown(open_page("limits.py", provider="mistral"))["Waiting now"] == "0"


def test_each_provider_has_its_times_and_its_errors(open_page: OpenPage, filled_database: Filler) -> None:
    table = open_page("limits.py", period="all").dataframe[0].value.set_index("provider")
    assert table["requests"].sum() == 360
    assert (table["errors"] > 0).all()
    assert (table["first_50"] < table["first_95"]).all()
    assert (table["whole_50"] < table["whole_95"]).all()


def test_requests_that_went_elsewhere_are_shown_with_the_reason(open_page: OpenPage, filled_database: Filler) -> None:
    filled_database.request("s-0002", routed_from="mistral/ministral-8b-latest", provider="gemini", model=HOSTILE)
    moved = Event(at_ms=filled_database.now_ms, kind="routing", session_id="s-0002", message=HOSTILE)
    with filled_database.engine.begin() as tx:
        writing.write(tx, [moved], "p-1")
    page = open_page("limits.py", period="all")
    ways, decisions = page.dataframe[-2].value, page.dataframe[-1].value
    assert list(ways["asked"]) == ["mistral/ministral-8b-latest"]
    assert "evil.example" in decisions["message"][0]


def test_hostile_names_reach_no_markdown(open_page: OpenPage, filled_database: Filler) -> None:
    filled_database.limit("kimi-code", LimitKind.REQUESTS_PER_MINUTE, 1, 60, model=HOSTILE)
    page = open_page("limits.py")
    marked = [*page.markdown, *page.caption, *page.header, *page.info]
    assert not any("evil.example" in element.value for element in marked)
    assert "evil.example" in page.dataframe[0].value["model"][0]
