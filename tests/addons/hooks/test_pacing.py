"""The pacer's life inside the proxy."""

import json

from addons.domain.events import Event
from addons.hooks.pacing import Pacing
from tests.addons.hooks.conftest import MakeOwn
from tests.addons.hooks.own import Own, chat


class TestPacing:
    def test_before_it_runs_everything_passes(self, own: Own) -> None:
        flow = chat([{"role": "user", "content": "Hello"}])
        own.run(own.request(flow))
        assert own.exchange(flow).rate_wait_ms is None
        assert own.addon(Pacing).show_waiting() == "[]"

    def test_the_storage_of_the_environment_goes_first(self, own: Own) -> None:
        own.configuration.environ["KIMI_REDIS_URL"] = "redis://127.0.0.1:1/0"
        own.addon(Pacing).running()
        flow = chat([{"role": "user", "content": "Hello"}])
        own.run(own.request(flow))
        assert flow.response is None, "a Redis that is not there holds nobody up"
        (event,) = own.records.of(Event)
        assert event.message.startswith("The storage of the rate limits does not answer")

    def test_a_storage_that_is_none_is_told_at_the_start(self, own: Own, caplog: object) -> None:
        own.configuration.environ["KIMI_REDIS_URL"] = "redis://127.0.0.1:port"
        pacing = own.addon(Pacing)
        pacing.running()
        assert pacing.pacer is None

    def test_it_ends_with_the_proxy(self, make_own: MakeOwn) -> None:
        own = make_own()
        pacing = own.addon(Pacing)
        pacing.running()

        async def end() -> None:
            pacing.done()

        own.run(end())
        assert pacing.pacer is None
        assert json.loads(pacing.show_waiting()) == []
