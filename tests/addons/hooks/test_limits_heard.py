"""What answers teach about limits, hook by hook."""

import json

import pytest

from addons.domain.pacing.limit import Basis, LimitKind, LimitSeen
from addons.hooks.pacing import Pacing
from addons.services.pacing.passes import Pass
from tests.addons.hooks.conftest import MakeOwn
from tests.addons.hooks.own import Own, chat, stream_of

PROVIDERS = """
[pacing]
max_wait_s = 5
[providers.acme]
name = "Acme"
hosts = ["llm.acme.test"]
base_path = "/v1"
limits = { concurrency = 1 }
"""
HELLO = [{"role": "user", "content": "Hello"}]
LEFT = {"x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "60s"}


@pytest.fixture
def own(make_own: MakeOwn) -> Own:
    found = make_own(providers=PROVIDERS)
    found.addon(Pacing).running()
    return found


def error(message: str) -> list[bytes]:
    return [json.dumps({"error": {"message": message, "type": "rate_limit_reached_error"}}).encode()]


def is_refused(own: Own) -> bool:
    flow = chat(HELLO)
    own.run(own.request(flow))
    return flow.response is not None


class TestLimitsHeard:
    def test_an_answer_gives_its_place_back(self, own: Own) -> None:
        for _ in range(3):
            flow = chat(HELLO)
            own.run(own.request(flow))
            assert isinstance(own.exchange(flow).rate_pass, Pass)
            own.run(own.answer(flow, stream_of("Done.")))
            assert own.exchange(flow).rate_pass is None

    def test_so_does_an_error(self, own: Own) -> None:
        flow = chat(HELLO)
        own.run(own.request(flow))
        assert is_refused(own)
        own.run(own.error(flow, "Client disconnected."))
        assert not is_refused(own)

    def test_what_headers_say_is_left_is_kept_to_and_shown(self, own: Own) -> None:
        flow = chat(HELLO)
        own.run(own.request(flow))
        own.run(own.answer(flow, stream_of("Done."), headers=LEFT | {"content-type": "text/event-stream"}))
        (seen,) = [seen for seen in own.records.of(LimitSeen) if seen.basis is Basis.REPORTED]
        assert (seen.kind, seen.limit, seen.remaining) == (LimitKind.REQUESTS_PER_MINUTE, 60, 0)
        assert not is_refused(own), "a bucket of 60 that fills up in 60 s has one again in a second"
        assert is_refused(own)

    @pytest.mark.parametrize(
        ("status", "message", "pauses"),
        [
            pytest.param(429, "max RPM: 20, please try again after 30 seconds", True, id="a limit"),
            pytest.param(429, "The engine is currently overloaded, please try again later", False, id="overload"),
            pytest.param(429, "You exceeded your current quota", False, id="quota"),
            pytest.param(413, "TPM: Limit 12000, Requested 14137", False, id="too large for the limit"),
        ],
    )
    def test_a_refusal_pauses_what_comes_next_where_it_is_for_a_limit(
        self, own: Own, status: int, message: str, pauses: bool
    ) -> None:
        flow = chat(HELLO)
        own.run(own.request(flow))
        own.run(own.answer(flow, error(message), status=status, headers={"content-type": "application/json"}))
        assert is_refused(own) == pauses

    def test_the_header_says_how_long(self, own: Own) -> None:
        flow = chat(HELLO)
        own.run(own.request(flow))
        headers = {"content-type": "application/json", "retry-after": "0"}
        own.run(own.answer(flow, error("try again after 30 seconds"), status=429, headers=headers))
        assert not is_refused(own)
