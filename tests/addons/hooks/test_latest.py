"""The latest request of each session."""

from addons.hooks.latest import Latest
from tests.addons.hooks.own import Own, chat


def test_the_latest_of_each_is_kept_and_the_oldest_go(own: Own) -> None:
    exchanges = []
    for number in range(4):
        flow = chat([{"role": "user", "content": f"{number} " * 500}])
        own.run(own.request(flow))
        exchanges.append(own.exchange(flow))
    latest = Latest(most_bytes=2_500)
    for exchange in exchanges:
        latest.keep(exchange, None)
    found = [latest.of(exchange.session_id or "") for exchange in exchanges]
    assert found[:2] == [None, None]
    assert [seen and seen.exchange for seen in found[2:]] == exchanges[2:]
    assert latest.of("s-none") is None


def test_one_that_is_larger_than_all_may_be_is_kept_alone(own: Own) -> None:
    flow = chat([{"role": "user", "content": "x" * 5_000}])
    own.run(own.request(flow))
    latest = Latest(most_bytes=100)
    latest.keep(own.exchange(flow), None)
    assert latest.of(own.exchange(flow).session_id or "")
