"""What no window takes."""

from collections.abc import Callable

import pytest
from mitmproxy import http

from addons.domain.completion import Completion, Outcome
from addons.domain.kinds import Kind
from addons.hooks.exchange import Exchange
from addons.hooks.station import Station
from tests.addons.hooks.compressing import SMALL, WINDOW, ask, ask_gemini, with_writer
from tests.addons.hooks.own import Own

HUGE = [{"role": "user", "content": "word " * 12_000}]


@pytest.fixture
def small(make_own: Callable[..., Own]) -> Own:
    own = make_own(providers=SMALL)
    with_writer(own)
    return own


class TestLastResort:
    def test_it_is_answered_here_and_told_readably(self, small: Own) -> None:
        flow = ask(small, HUGE)
        assert flow.response
        assert (flow.response.status_code, flow.response.headers["x-should-retry"]) == (413, "false")
        assert "mid takes 8,000" in flow.response.json()["error"]["message"]
        small.run(small.hook("responseheaders", flow))
        small.run(small.hook("response", flow))
        (row,) = small.records.of(Completion)
        assert (row.outcome, row.error_class, row.status, row.prompt_tokens) == (Outcome.BLOCKED, "context", 413, None)

    def test_in_geminis_own_form(self, small: Own) -> None:
        flow = ask_gemini(small, [{"role": "user", "parts": [{"text": "word " * 12_000}]}])
        assert flow.request.raw_content
        assert small.exchange(flow).refusal

    def test_what_may_fit_is_sent(self, small: Own) -> None:
        flow = ask(small, [{"role": "user", "content": "word " * (WINDOW - 100)}])
        assert small.exchange(flow).refusal is None

    def test_what_is_not_ours_to_judge_is_sent(self, small: Own) -> None:
        assert small.exchange(ask(small, HUGE, model="unheard-of")).refusal is None
        assert small.exchange(ask(small, HUGE, headers={"x-kimi-bypass": "1"})).refusal is None

    def test_after_a_failure_of_ours_the_provider_decides(self, small: Own) -> None:
        class Broken(Station):
            async def work(self, flow: http.HTTPFlow, exchange: Exchange) -> None:
                raise KeyError

        small.addons.insert(4, Broken(small.exchanges))
        flow = ask(small, HUGE)
        assert small.exchange(flow).refusal is None
        assert small.exchange(flow).kind in (Kind.CHAT, Kind.OTHER)
