from pathlib import Path

import msgspec
import pytest

from addons.domain.usage import Usage
from addons.services.simulator.received import Inbox, Received


def add(inbox: Inbox, body: bytes = b"{}", path: str = "/v1/models", **headers: str) -> Received:
    return inbox.add(
        at_s=1.0, method="GET", host="api.kimi.com", path=path, headers=list(headers.items()), body=body
    )  # fmt: skip


def test_a_record_survives_the_way_through_json() -> None:
    received = add(Inbox(), b"\x00\xff", authorization="Bearer k")
    received.claim = Usage(prompt_tokens=7, cost_usd=0.25)
    row = msgspec.json.decode(msgspec.json.encode(received.row()))
    assert Received.from_row(row) == received


def test_every_request_is_written_to_the_file_when_it_has_ended(record_file: Path) -> None:
    inbox = Inbox(file=record_file)
    inbox.ended(add(inbox, b"one"))
    inbox.ended(add(inbox, b"two"))
    rows = [msgspec.json.decode(line) for line in record_file.read_bytes().splitlines()]
    assert [Received.from_row(row).body for row in rows] == [b"one", b"two"]


def test_the_oldest_bodies_go_when_there_are_too_many_bytes() -> None:
    inbox = Inbox(keep_bytes=10)
    for body in (b"12345", b"12345", b"123"):
        add(inbox, body)
    assert [received.seq for received in inbox.all()] == [2, 3]


def test_waiting_in_vain_says_what_is_there() -> None:
    inbox = Inbox()
    add(inbox)
    with pytest.raises(TimeoutError, match=r"received 1 requests, expected 2: \['GET api.kimi.com/v1/models'\]"):
        inbox.wait(2, timeout_s=0.01)


CREDENTIALS = {
    "bearer": ("/v1", {"authorization": "Bearer sk-1"}, "sk-1"),
    "google's header": ("/v1", {"x-goog-api-key": "AIza"}, "AIza"),
    "in the address": ("/v1?alt=sse&key=AIza&x=1", {}, "AIza"),
    "none": ("/v1", {}, ""),
}


@pytest.mark.parametrize(("path", "headers", "credential"), CREDENTIALS.values(), ids=CREDENTIALS.keys())
def test_the_credential_is_found_wherever_a_provider_takes_it(
    path: str, headers: dict[str, str], credential: str
) -> None:
    received = Received(
        seq=1, at_s=0.0, method="GET", host="h", path=path, headers=list(headers.items()), body=b""
    )  # fmt: skip
    assert received.credential == credential
