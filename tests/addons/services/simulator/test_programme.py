from collections.abc import Iterator
from itertools import islice

import msgspec
import pytest

from addons.services.simulator import programme, story
from addons.services.simulator.hosts import DIALECTS
from addons.services.simulator.programme import Call


@pytest.fixture(scope="module")
def morning() -> list[Call]:
    return list(programme.morning())


def test_the_morning_visits_every_kind_of_provider(morning: list[Call]) -> None:
    dialects = {DIALECTS[call.host].name for call in morning}
    assert dialects == {dialect.name for dialect in DIALECTS.values()} - {"openai"}


def test_it_has_the_faults_of_such_a_day(morning: list[Call]) -> None:
    assert {call.answer.error for call in morning} == {"", "rate", "context", "quota", "auth"}
    assert [call.answer.cut_at for call in morning if call.answer.cut_at]
    assert [call.retry for call in morning if call.retry]


def test_every_body_is_json_and_the_same_each_time(morning: list[Call]) -> None:
    for call, again in zip(morning, programme.morning(), strict=True):
        msgspec.json.decode(call.body)
        assert call == again


def test_one_session_comes_to_the_edge_of_its_context_window(morning: list[Call]) -> None:
    largest = max(len(call.body) / 4 for call in morning if call.host == "api.groq.com")
    assert 0.95 < largest / 131_072 < 1


def test_the_main_work_goes_on_where_the_forenoon_ended() -> None:
    done = list(programme.forenoon())
    coming = list(islice(programme.rest_of_the_day(), 10))
    assert len(done) == programme.FORENOON
    assert {call.key for call in done} == {programme.MAIN_KEY}
    (before, after) = (msgspec.json.decode(call.body)["messages"] for call in (done[-1], coming[0]))
    assert len(after) > len(before)
    assert after[: len(before)] == before


def test_each_day_before_has_a_session_of_its_own() -> None:
    calls = list(programme.days_before())
    assert {ago_s // programme.DAY_S for ago_s, _call in calls} == set(range(programme.DAYS_BEFORE + 1))
    assert len({call.key for _ago_s, call in calls}) == 2 * programme.DAYS_BEFORE


def test_the_summary_is_asked_for_as_the_ide_does(morning: list[Call]) -> None:
    bodies = [msgspec.json.decode(call.body) for call in morning if call.host == "api.kimi.com"]
    (asked,) = [body for body in bodies if body["messages"][-1]["content"].startswith("Create a comprehensive summary")]
    assert "tools" not in asked
    assert asked["messages"][0]["role"] == "user"


def test_geminis_form_pairs_every_call_with_its_result() -> None:
    calls = list(programme.gemini(story.session("any", seed=1, rounds=1), "key"))
    contents = msgspec.json.decode(calls[-1].body)["contents"]
    parts = [part for content in contents for part in content["parts"]]
    called = [part["functionCall"]["name"] for part in parts if "functionCall" in part]
    assert called == [part["functionResponse"]["name"] for part in parts if "functionResponse" in part]
    assert calls[-1].path == "/v1beta/models/kimi-for-coding:streamGenerateContent?alt=sse"


def test_the_rest_of_the_day_goes_on_with_sessions_as_large_and_repeats_what_failed() -> None:
    calls = list(islice(programme.rest_of_the_day(), 400))
    largest = {key: max(len(call.body) for call in calls if call.key == key) for key in {call.key for call in calls}}
    assert set(largest) == {programme.MAIN_KEY, "demo-1", "demo-typing"}
    assert largest["demo-1"] > largest[programme.MAIN_KEY] / 2
    failed = [index for index, call in enumerate(calls[:-1]) if call.answer.error]
    assert failed
    assert all(calls[index + 1].body == calls[index].body and calls[index + 1].retry == 1 for index in failed)


def test_sessions_take_turns() -> None:
    def numbers(start: int, end: int) -> Iterator[int]:
        yield from range(start, end)

    assert list(programme.interleave(numbers(0, 1), numbers(10, 13), numbers(20, 22))) == [0, 10, 20, 11, 21, 12]  # type: ignore[arg-type, comparison-overlap]
