from collections.abc import Callable

import httpx
import msgspec
import pytest

from addons.services.simulator.failures import failure, failure_event, failures
from addons.services.simulator.hosts import DIALECTS
from addons.services.simulator.script import Answer
from addons.services.simulator.server import Simulator

Ask = Callable[..., httpx.Response]

ALL = [(dialect, case) for dialect, cases in failures().items() for case in cases]


@pytest.mark.parametrize(("dialect", "case"), ALL, ids=[f"{dialect} {case}" for dialect, case in ALL])
def test_every_error_is_json_with_an_error_status(dialect: str, case: str) -> None:
    found = failure(dialect, case)
    assert 400 <= found.status < 600
    msgspec.json.decode(found.body)
    msgspec.json.decode(failure_event(dialect, case))


def test_every_provider_has_the_common_cases() -> None:
    for dialect in DIALECTS.values():
        assert {"rate", "auth", "context", "overload", "server"} <= failures()[dialect.name].keys()


def test_an_unknown_case_is_named_with_those_there_are() -> None:
    with pytest.raises(KeyError, match=r"kimi has no error 'flood'; expected one of auth, context"):
        failure("kimi", "flood")


def test_an_error_is_answered_in_the_providers_own_words(simulator: Simulator, ask: Ask) -> None:
    simulator.script.answer(Answer(error="rate"))
    response = ask("api.kimi.com")
    assert (response.status_code, response.headers["retry-after"]) == (429, "1")
    assert response.json()["error"]["type"] == "rate_limit_reached_error"


def test_an_error_can_break_a_stream_that_began_well(simulator: Simulator, ask: Ask) -> None:
    simulator.script.answer(Answer(error="overload", error_after=3))
    events = ask("openrouter.ai", stream=True).text.strip().split("\n\n")
    assert len(events) == 4
    last = msgspec.json.decode(events[-1].removeprefix("data: "))
    assert last["error"]["code"] == 502
    assert last["choices"][0]["finish_reason"] == "error"
