"""The faults: what a client meets, and what the simulator knows of it."""

import gzip
import time
from collections.abc import Callable

import httpx
import pytest

from addons.services.simulator.script import Answer
from addons.services.simulator.server import Simulator

Ask = Callable[..., httpx.Response]


def test_a_cut_stream_ends_after_exactly_so_many_bytes(simulator: Simulator, client: httpx.Client) -> None:
    simulator.script.answer(Answer(cut_at=300))
    received = b""
    with (
        pytest.raises(httpx.RemoteProtocolError),
        client.stream("POST", "/coding/v1/chat/completions", headers={"host": "api.kimi.com"}, json={"stream": True})
        as response,
    ):  # fmt: skip
        for chunk in response.iter_raw():
            received += chunk
    assert len(received) == 300
    assert simulator.inbox.all()[0].finished is False


def test_an_answer_that_is_not_streamed_can_be_cut_too(simulator: Simulator, ask: Ask) -> None:
    simulator.script.answer(Answer(cut_at=10))
    with pytest.raises(httpx.RemoteProtocolError):
        ask(stream=False)


def test_a_reset_comes_before_the_head(simulator: Simulator, ask: Ask) -> None:
    simulator.script.answer(Answer(reset=True))
    with pytest.raises(httpx.TransportError):
        ask()
    assert simulator.inbox.all()[0].status is None


def test_garbage_is_no_http(simulator: Simulator, ask: Ask) -> None:
    simulator.script.answer(Answer(garbage=b"\x00\x01 this is not HTTP\r\n"))
    with pytest.raises(httpx.RemoteProtocolError):
        ask()


def test_an_answer_can_be_compressed_although_nobody_asked(simulator: Simulator, client: httpx.Client) -> None:
    simulator.script.answer(Answer(text="Hello", gzip=True))
    request = client.build_request("POST", "/coding/v1/chat/completions", headers={"host": "api.kimi.com"}, json={})
    response = client.send(request, stream=True)
    assert b"Hello" in gzip.decompress(b"".join(response.iter_raw()))


def test_events_can_arrive_in_single_bytes(simulator: Simulator, ask: Ask) -> None:
    simulator.script.answer(Answer(text="Größe", write_bytes=1))
    assert "Größe" in ask(stream=True).text


def test_a_slow_stream_takes_its_time_and_arrives_bit_by_bit(simulator: Simulator, client: httpx.Client) -> None:
    simulator.script.answer(Answer(text="a" * 50, chunk_chars=10, chunk_delay_s=0.03, first_delay_s=0.05))
    arrivals = [time.monotonic()]
    url, headers = "/coding/v1/chat/completions", {"host": "api.kimi.com"}
    with client.stream("POST", url, headers=headers, json={"stream": True}) as response:
        arrivals += [time.monotonic() for _ in response.iter_raw()]
    assert arrivals[1] - arrivals[0] >= 0.05
    assert arrivals[-1] - arrivals[1] >= 0.03 * 5


def test_it_notices_a_client_that_hangs_up(simulator: Simulator, client: httpx.Client) -> None:
    simulator.script.answer(Answer(text="a" * 5000, chunk_chars=10, chunk_delay_s=0.01))
    url, headers = "/coding/v1/chat/completions", {"host": "api.kimi.com"}
    with client.stream("POST", url, headers=headers, json={"stream": True}) as response:
        next(response.iter_raw())
    received = simulator.inbox.wait(1, ended=True)[0]
    assert received.finished is False
    assert 0 < received.sent_bytes < 5000 * 10


def test_a_body_can_be_given_verbatim(simulator: Simulator, ask: Ask) -> None:
    simulator.script.answer(
        Answer(body=b"<html>Bad gateway</html>", status=502, content_type="text/html", headers={"x-some": "thing"})
    )
    response = ask()
    assert (response.status_code, response.text, response.headers["x-some"]) == (
        502,
        "<html>Bad gateway</html>",
        "thing",
    )
