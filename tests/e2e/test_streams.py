"""Events reach the client when they arrive, and no flow waits for another."""

import threading
import time

import httpx
import pytest

from addons.services.simulator.script import Answer
from tests.e2e.harness import Case, Way

pytestmark = pytest.mark.e2e

BODY = {"model": "kimi-for-coding", "messages": [{"role": "user", "content": "Count."}], "stream": True}
GAP_S = 0.1


def url(way: Way) -> str:
    return way.base_url("kimi-code", "api.kimi.com", "/coding/v1") + "/chat/completions"


def test_events_arrive_one_by_one(case: Case, way: Way) -> None:
    """They are there before the last one is even sent; a busy machine may bring some of the ten together."""
    case.simulator.script.answer(Answer(text="0123456789" * 3, chunk_chars=3, chunk_delay_s=GAP_S))
    events, early = 0, 0
    with way.client() as client, client.stream("POST", url(way), json=BODY) as response:
        (received,) = case.simulator.inbox.all()
        for chunk in response.iter_raw():
            early += b'"content":"' in chunk and not received.finished
            events += chunk.count(b'"content":"')
    assert events >= 10
    assert early >= 3
    (row,) = case.rows(1)
    assert row["duration_ms"] > 9 * GAP_S * 1000
    assert row["duration_ms"] - row["ttfb_ms"] > 4 * GAP_S * 1000


def test_a_character_cut_in_two_arrives_whole(case: Case, way: Way) -> None:
    case.simulator.script.answer(Answer(text="Größe 🙂", write_bytes=3))
    with way.client() as client:
        text = client.post(url(way), json=BODY).text
    assert "Größe 🙂" in text
    assert case.rows(1)[0]["outcome"] == "ok"


def test_eight_slow_streams_run_side_by_side(case: Case, way: Way) -> None:
    """One after the other, the provider would never have two; a busy machine may not bring all eight in time."""
    case.simulator.script.answer(*[Answer(text="x" * 40, chunk_chars=4, chunk_delay_s=2 * GAP_S)] * 8)
    most = 0
    with way.client() as client:
        threads = [threading.Thread(target=client.post, args=(url(way),), kwargs={"json": BODY}) for _ in range(8)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            most = max(most, sum(not received.ended for received in case.simulator.inbox.all()))
            time.sleep(0.02)
    assert most >= 4
    case.rows(8)


def test_connections_to_the_provider_are_reused(case: Case, way: Way) -> None:
    with way.client() as client:
        for _ in range(12):
            client.post(url(way), json=BODY)
    assert len({received.connection for received in case.received(12)}) <= 2
    case.rows(12)


def test_a_short_question_is_not_held_up_by_the_reading_of_a_long_history(case: Case, way: Way) -> None:
    """Counting 300 000 new tokens takes its time, in another thread."""
    words = " ".join(f"{'gateway' if way.gateway else 'proxy'}{number}" for number in range(150_000))
    history = BODY | {"messages": [{"role": "user", "content": words}]}
    with way.client() as client:
        client.post(url(way), json=BODY)
        long = threading.Thread(target=client.post, args=(url(way),), kwargs={"json": history})
        started = time.monotonic()
        long.start()
        waits = []
        while long.is_alive() and len(waits) < 50:
            before = time.monotonic()
            short = BODY | {"messages": [{"role": "user", "content": f"Short {len(waits)}"}]}
            assert client.post(url(way), json=short).status_code == httpx.codes.OK
            waits.append(time.monotonic() - before)
        long.join()
        took = time.monotonic() - started
    assert waits
    assert min(waits) < took / 3, (waits, took)
    case.rows(2 + len(waits))
