"""Requests that were refused for a known reason."""

import json
from collections.abc import Callable

import pytest
from mitmproxy import http

from addons.domain.completion import Completion
from addons.domain.events import Event
from addons.hooks.repairing import Repairing
from addons.services.resending import Resent
from addons.services.summarizer import Place
from db.engine import opened, writer
from db.opened import Opened
from db.writing import write
from tests.addons.hooks.own import NOW_S, PROVIDERS, Own, chat, stream_of

MakeOwn = Callable[..., Own]
ON = PROVIDERS + "[routing]\nrepair = true\n"
ASKED = [{"role": "user", "content": "Hello there."}]
REFUSAL = json.dumps({"error": {"message": "Unknown parameter: 'store'.", "type": "invalid_request_error"}}).encode()
USAGE = {"prompt_tokens": 11, "completion_tokens": 2}


class Upstream:
    """In the provider's place for what is sent again."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.asked: list[tuple[Place, bytes]] = []

    async def send_again(self, place: Place, body: bytes) -> Resent:
        self.asked.append((place, body))
        said = b"".join(stream_of("Done.", usage=USAGE)) if self.status < 400 else REFUSAL
        return Resent(self.status, {"content-type": "text/event-stream"}, said)


def refused(own: Own, status: int = 400, refusal: bytes = REFUSAL) -> http.HTTPFlow:
    flow = chat(ASKED, store=True, headers={"authorization": "Bearer sk-own"})

    async def call() -> None:
        await own.request(flow)
        await own.head(flow, status, {"content-type": "application/json"})
        assert flow.response
        if flow.response.stream is False:
            flow.response.raw_content = refusal
        else:
            flow.response.stream(refusal)  # type: ignore[operator]
        await own.hook("response", flow)

    own.run(call())
    return flow


def own_with(make_own: MakeOwn, upstream: Upstream, providers: str = ON) -> Own:
    own = make_own(providers=providers)
    own.addon(Repairing).send_again = upstream.send_again  # type: ignore[assignment]
    return own


def test_it_goes_once_more_without_what_was_refused(make_own: MakeOwn) -> None:
    upstream = Upstream()
    own = own_with(make_own, upstream)
    flow = refused(own)
    ((place, body),) = upstream.asked
    assert "store" not in json.loads(body)
    assert place.url == "https://llm.acme.test/v1/chat/completions"
    assert place.headers["authorization"] == "Bearer sk-own"
    assert flow.response
    assert flow.response.status_code == 200
    assert b"Done." in (flow.response.content or b"")
    (row,) = own.records.of(Completion)
    assert (row.status, row.outcome, row.prompt_tokens) == (200, "ok", 11)
    (event,) = [event for event in own.records.of(Event) if event.kind == "repair"]
    assert "store left out" in event.message


@pytest.mark.parametrize(
    ("settings", "is_heeded"),
    [(ON, True), (ON.replace("cache = {", 'quirks = { strip_fields = ["user"] }\ncache = {', 1), False)],
    ids=["the same settings", "other settings"],
)
def test_what_was_taught_is_heeded_after_a_restart(make_own: MakeOwn, settings: str, is_heeded: bool) -> None:
    own = own_with(make_own, Upstream())
    refused(own)
    (event,) = [event for event in own.records.of(Event) if event.kind == "repair"]
    Opened(own.configuration.database_url).close()
    with opened(writer, own.configuration.database_url) as engine, engine.begin() as tx:
        write(tx, [event], "p-1")
    later = own_with(make_own, Upstream(), settings)
    later.addon(Repairing).opened(later.configuration.database_url)
    flow = chat(ASKED, store=True)
    assert ("store" not in json.loads(later.run(later.request(flow)))) is is_heeded


def test_what_was_taught_is_heeded_from_the_next_request_on(make_own: MakeOwn) -> None:
    own = own_with(make_own, Upstream())
    refused(own)
    flow = chat(ASKED, store=True, at_s=NOW_S + 5)
    assert "store" not in json.loads(own.run(own.request(flow)))


@pytest.mark.parametrize(
    ("status", "refusal", "providers"),
    [
        pytest.param(400, b'{"error":{"message":"no"}}', ON, id="unknown reason"),
        pytest.param(401, REFUSAL, ON, id="another status"),
        pytest.param(400, REFUSAL, PROVIDERS, id="not switched on"),
    ],
)
def test_anything_else_is_the_clients_affair(make_own: MakeOwn, status: int, refusal: bytes, providers: str) -> None:
    upstream = Upstream()
    own = own_with(make_own, upstream, providers)
    flow = refused(own, status, refusal)
    assert upstream.asked == []
    assert flow.response
    assert flow.response.status_code == status
    (row,) = own.records.of(Completion)
    assert (row.status, row.outcome) == (status, "error")
    assert row.error_message


def test_refused_again_the_client_gets_the_first_refusal(make_own: MakeOwn) -> None:
    upstream = Upstream(status=400)
    own = own_with(make_own, upstream)
    flow = refused(own)
    assert len(upstream.asked) == 1
    assert flow.response
    assert (flow.response.status_code, flow.response.raw_content) == (400, REFUSAL)
    (row,) = own.records.of(Completion)
    assert row.error_class == "bad_request"
