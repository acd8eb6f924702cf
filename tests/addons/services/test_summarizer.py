"""One question to a provider, over a real connection."""

import asyncio
import json
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from addons.domain.provider_errors import ErrorClass
from addons.domain.wire.writing import Question, question_body
from addons.services.simulator.script import Answer
from addons.services.simulator.server import Simulator
from addons.services.summarizer import Place, ask, tls_context

QUESTION = Question(model="kimi-for-coding", system="Be brief.", text="Why?", max_tokens=500, temperature=0.3)


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[Simulator]:
    with Simulator(tmp_path) as simulator:
        yield simulator


@pytest.fixture
def place(simulator: Simulator) -> Place:
    return Place(
        url=f"https://127.0.0.1:{simulator.port}/coding/v1/chat/completions",
        headers={"host": "api.kimi.com", "authorization": "Bearer sk-1", "content-type": "application/json"},
        wire="openai",
        context=tls_context(str(simulator.authority), None, False),
        timeout_s=60,
    )


def test_the_answers_text_and_usage_are_read(simulator: Simulator, place: Place) -> None:
    simulator.script.answer(Answer(text=" A summary.\n"))
    reply = asyncio.run(ask(place, question_body("openai", QUESTION)))
    assert (reply.text, reply.status, reply.error) == ("A summary.", 200, None)
    (received,) = simulator.inbox.wait(1)
    assert reply.usage
    assert received.claim
    assert reply.usage.prompt_tokens == received.claim.prompt_tokens
    assert received.credential == "sk-1"
    assert json.loads(received.body)["temperature"] == 0.3


def test_gemini_is_asked_in_its_own_form(simulator: Simulator, place: Place) -> None:
    simulator.script.answer(Answer(text="A summary."))
    url = f"https://127.0.0.1:{simulator.port}/v1beta/models/gemini-2.5-flash:generateContent?key=AIzaf4k3"
    gemini = replace(place, url=url, wire="gemini", headers={"host": "generativelanguage.googleapis.com"})
    reply = asyncio.run(ask(gemini, question_body("gemini", QUESTION)))
    assert (reply.text, reply.status) == ("A summary.", 200)


def test_a_providers_error_is_classified(simulator: Simulator, place: Place) -> None:
    simulator.script.answer(Answer(error="rate"))
    reply = asyncio.run(ask(place, question_body("openai", QUESTION)))
    assert reply.error
    assert (reply.status, reply.error.error_class, reply.text) == (429, ErrorClass.RATE, "")


@pytest.mark.parametrize(
    ("fault", "timeout_s", "told"),
    [
        (Answer(reset=True), 60.0, "ReadError"),
        (Answer(text="late", first_delay_s=5), 0.2, "TimeoutError"),
        (Answer(garbage=b"no HTTP"), 60.0, "RemoteProtocolError"),
    ],
    ids=["reset", "late", "garbage"],
)
def test_no_answer_is_told_without_the_address(
    simulator: Simulator, place: Place, fault: Answer, timeout_s: float, told: str
) -> None:
    simulator.script.answer(fault)
    reply = asyncio.run(ask(replace(place, timeout_s=timeout_s), question_body("openai", QUESTION)))
    assert reply.error
    assert (reply.status, reply.error.error_class, reply.error.message) == (None, ErrorClass.TRANSPORT, told)


def test_a_certificate_that_mitmproxy_would_not_trust_is_not_trusted(simulator: Simulator, place: Place) -> None:
    reply = asyncio.run(ask(replace(place, context=tls_context(None, None, False)), b"{}"))
    assert reply.error
    assert reply.error.message == "ConnectError"
    assert not simulator.inbox.all()
    assert tls_context(None, None, True).verify_mode == ssl.CERT_NONE


def test_the_environments_proxy_is_not_asked(
    simulator: Simulator, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    simulator.script.answer(Answer(text="A summary."))
    assert asyncio.run(ask(place, question_body("openai", QUESTION))).text == "A summary."


def test_credentials_are_not_shown(place: Place) -> None:
    assert "sk-1" not in repr(place)
