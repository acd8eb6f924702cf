"""The frame around every step: guards, and the one place where any exception ends."""

import asyncio

import pytest
from mitmproxy import http
from mitmproxy.test import tflow

from addons.domain.completion import Completion
from addons.domain.events import Event, Level
from addons.hooks.exchange import Exchange
from addons.hooks.intake import Intake
from addons.hooks.outgoing import Outgoing
from addons.hooks.station import Station
from tests.addons.hooks.own import Own, chat, flow_to

SECRET = "the user's own words"


class Counting(Station):
    calls = 0

    async def work(self, flow: http.HTTPFlow, exchange: Exchange) -> None:
        self.calls += 1


class Broken(Station):
    async def work(self, flow: http.HTTPFlow, exchange: Exchange) -> None:
        exchange.replacements[(0, 5)] = b"oops"
        exchange.masked_count, exchange.masked_tokens_saved, exchange.is_epoch = 1, 1_000, True
        await asyncio.sleep(0)
        raise KeyError(SECRET)


def chat_with(content: str = "Hello") -> http.HTTPFlow:
    return chat([{"role": "user", "content": content}])


class TestStation:
    def test_it_works_on_what_is_ours(self, own: Own) -> None:
        counting = Counting(own.exchanges)
        own.insert(counting, Outgoing)
        own.run(own.request(chat_with()))
        assert counting.calls == 1

    @pytest.mark.parametrize("state", ["answered", "failed", "gone", "not ours"])
    def test_it_passes_by_what_needs_it_no_more(self, own: Own, state: str) -> None:
        counting = Counting(own.exchanges)
        flow = flow_to("example.org", "/", scheme="http") if state == "not ours" else chat_with()
        own.run(own.hook("requestheaders", flow))
        if state == "answered":
            flow.response = http.Response.make(429)
        elif state == "failed":
            flow.error = tflow.terr()
        elif state == "gone":
            flow.live = False
        own.run(counting.request(flow))
        own.run(own.addon(Intake).request(flow))
        assert counting.calls == 0
        assert state == "not ours" or own.exchange(flow).request is None

    def test_after_a_failure_the_bytes_are_the_clients(self, own: Own) -> None:
        own.insert(Broken(own.exchanges), Outgoing)
        flow = chat_with()
        body = flow.request.raw_content
        assert own.run(own.request(flow)) == body

    def test_after_a_failure_no_other_station_works(self, own: Own) -> None:
        counting = Counting(own.exchanges)
        own.insert(Broken(own.exchanges), Outgoing)
        own.insert(counting, Outgoing)
        own.run(own.request(chat_with()))
        assert counting.calls == 0

    def test_a_failure_is_recorded_beside_its_call(self, own: Own) -> None:
        own.insert(Broken(own.exchanges), Outgoing)
        flow = chat_with()
        own.run(own.call(flow))
        (event,) = own.records.of(Event)
        assert (event.kind, event.level, event.session_id) == ("failure", Level.WARNING, own.exchange(flow).session_id)
        assert event.message == "Broken: KeyError; the request goes on as the IDE sent it"

    def test_after_a_failure_no_saving_is_claimed(self, own: Own) -> None:
        own.insert(Broken(own.exchanges), Outgoing)
        own.run(own.call(chat_with()))
        (row,) = own.records.of(Completion)
        assert (row.masked_count, row.masked_tokens_saved, row.epoch) == (0, 0, False)
        assert row.prompt_tokens_sent == row.prompt_tokens_before

    def test_the_log_names_the_place_and_never_what_was_said(self, own: Own, caplog: pytest.LogCaptureFixture) -> None:
        own.insert(Broken(own.exchanges), Outgoing)
        own.run(own.request(chat_with(SECRET)))
        assert "Broken failed with KeyError at test_station.py:" in caplog.text
        assert SECRET not in caplog.text
