"""What is known of one call, and whose it is."""

import gc

import pytest
from mitmproxy import http

from addons.domain.messages import Role
from addons.domain.wire import WireError
from tests.addons.hooks.own import Own, chat, gemini

HELLO = {"role": "user", "content": "Hello"}


def test_a_message_is_decoded_by_its_endpoints_wire_format(own: Own) -> None:
    openai, other = chat([HELLO, {"role": "assistant", "content": "Hi"}]), gemini([{"parts": [{"text": "Hello"}]}])
    own.run(own.request(openai))
    own.run(own.request(other))
    assert own.exchange(openai).message(-1).role is Role.ASSISTANT
    assert own.exchange(openai).raw_message(0) == b'{"role": "user", "content": "Hello"}'
    assert own.exchange(other).message(0).text == "Hello"


def test_a_message_of_another_format_is_refused(own: Own) -> None:
    flow = chat([HELLO, {"role": "alien"}])
    own.run(own.request(flow))
    with pytest.raises(WireError):
        own.exchange(flow).message(1)


@pytest.mark.parametrize(("model", "window"), [("large", 200_000), ("unheard-of", None)])
def test_the_window_is_the_models(own: Own, model: str, window: int | None) -> None:
    flow = chat([HELLO], model=model)
    own.run(own.request(flow))
    assert own.exchange(flow).window == window
    assert own.exchange(flow).target == ("acme", model)


def test_estimates_and_windows_are_compared_as_the_model_counts(own: Own) -> None:
    flow = chat([HELLO])
    own.run(own.request(flow))
    exchange = own.exchange(flow)
    assert exchange.counted_window == exchange.window == 200_000
    exchange.calibration = 1.25
    assert exchange.counted_window == 160_000
    assert exchange.sent_tokens == 8
    assert exchange.calibrated_tokens == 10


def test_a_request_that_is_kept_whole_saves_nothing(own: Own) -> None:
    flow = chat([HELLO])
    own.run(own.request(flow))
    exchange = own.exchange(flow)
    exchange.replacements[(0, 1)] = b""
    exchange.masked_count, exchange.masked_tokens_saved, exchange.is_epoch, exchange.lost_tokens = 1, 2, True, 3
    exchange.keep_whole()
    assert not exchange.replacements
    assert (exchange.masked_count, exchange.masked_tokens_saved, exchange.is_epoch, exchange.lost_tokens) == (
        0,
        0,
        False,
        0,
    )


class TestExchanges:
    def test_what_is_under_way_is_known_until_it_is_recorded(self, own: Own) -> None:
        flow, other = chat([HELLO]), chat([HELLO])
        own.run(own.request(flow))
        own.run(own.call(other))
        assert own.exchanges.unfinished() == [(flow, own.exchange(flow))]

    def test_a_flow_that_nobody_holds_takes_its_exchange_with_it(self, own: Own) -> None:
        def call() -> None:
            flow: http.HTTPFlow = chat([HELLO])
            own.run(own.request(flow))

        call()
        gc.collect()
        assert own.exchanges.unfinished() == []

    def test_a_flow_that_is_not_ours_has_none(self, own: Own) -> None:
        assert own.exchanges.of(chat([HELLO])) is None
