import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from addons.domain.messages import Message, Role
from addons.domain.reading import Reader, Reading
from addons.domain.tokens import REPLY_PRIMER_TOKENS, TokenCounter
from addons.domain.wire import FORMATS, Request, WireError
from addons.domain.wire.openai import OpenAI

COUNTER = TokenCounter()
SYSTEM = {"role": "system", "content": "You are in agent mode."}
TOOLS = [{"type": "function", "function": {"name": "Read"}}]


class CountingWire(OpenAI):
    """Counts the messages that were decoded."""

    def __init__(self) -> None:
        self.decoded = 0

    def parse_message(self, raw: bytes) -> Message:
        self.decoded += 1
        return super().parse_message(raw)


def request(*messages: dict[str, Any], wire: str = "openai", **fields: Any) -> Request:
    body = json.dumps({"model": "m", "messages": messages, **fields})
    return FORMATS[wire].parse_request(body.encode())


def turns(count: int, chars: int = 20) -> list[dict[str, Any]]:
    return [
        {"role": ("user", "assistant")[at % 2], "content": f"{at}: " + "word " * (chars // 5)} for at in range(count)
    ]


@pytest.mark.smoke
def test_a_reading_adds_up() -> None:
    messages = [SYSTEM, *turns(3)]
    reading = Reader(OpenAI(), COUNTER).read(request(*messages, tools=TOOLS))
    assert [facts.role for facts in reading.messages] == [Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.USER]
    assert reading.tools_tokens == COUNTER.count(json.dumps(TOOLS))
    messages_tokens = sum(facts.tokens for facts in reading.messages)
    assert reading.total_tokens == messages_tokens + reading.tools_tokens + REPLY_PRIMER_TOKENS
    assert len(reading.keys) == 3
    assert (reading.opening, reading.turns, reading.name) == (1, 2, "0: word word word word")
    assert [reading.turns_after(known) for known in range(4)] == [2, 1, 1, 0]


def test_geminis_system_instruction_is_counted_and_has_no_key() -> None:
    wire = FORMATS["gemini"]
    parts = [{"text": "the same bytes"}]
    body = json.dumps({"systemInstruction": {"parts": parts}, "contents": [{"parts": parts}]}).encode()
    reading = Reader(wire, COUNTER).read(wire.parse_request(body))
    assert reading.system is not None
    assert (reading.system.role, reading.system.key) == (Role.SYSTEM, b"")
    assert len(reading.keys) == 1
    assert reading.total_tokens == reading.system.tokens + reading.messages[0].tokens + REPLY_PRIMER_TOKENS


def test_a_legacy_prompt_is_counted_as_text() -> None:
    body = json.dumps({"prompt": "def add(a, b):", "suffix": "\n"}).encode()
    reading = Reader(OpenAI(), COUNTER).read(OpenAI().parse_request(body))
    assert reading.total_tokens == reading.prompt_text_tokens == COUNTER.count("def add(a, b):\n")
    assert (reading.keys, reading.name, reading.opening) == ((), "", 0)


@pytest.mark.parametrize("chars", [pytest.param(20, id="short: by hash"), pytest.param(20_000, id="long: by prefix")])
def test_only_new_messages_are_decoded(chars: int) -> None:
    wire = CountingWire()
    reader = Reader(wire, COUNTER)
    reader.read(request(SYSTEM, *turns(5, chars)))
    assert wire.decoded == 6
    longer = reader.read(request(SYSTEM, *turns(8, chars)))
    assert wire.decoded == 9
    other_system = reader.read(request({**SYSTEM, "content": "You are in plan mode."}, *turns(8, chars)))
    assert wire.decoded == 10
    assert longer.keys == other_system.keys
    assert longer.messages == Reader(OpenAI(), COUNTER).read(request(SYSTEM, *turns(8, chars))).messages


def test_what_is_known_needs_no_thread() -> None:
    reader = Reader(OpenAI(), COUNTER)
    COUNTER.load()
    first = request(SYSTEM, *turns(3, 8_000), tools=TOOLS)
    assert reader.known(first) is None
    reading = reader.read(first)
    assert reader.known(first, new_bytes=0) == reading
    assert reader.known(request(SYSTEM, *turns(4, 8_000), tools=TOOLS)) is None
    short = request(SYSTEM, *turns(3, 8_000), {"role": "assistant", "content": "Done."}, tools=TOOLS)
    assert reader.known(short, new_bytes=0) is None
    assert reader.known(short) == reader.read(short)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"tools": TOOLS * 200}, id="tools"),
        pytest.param({"messages": [{**SYSTEM, "content": "x" * 5_000}]}, id="system message"),
    ],
)
def test_long_new_parts_need_a_thread(fields: dict[str, Any]) -> None:
    COUNTER.load()
    assert Reader(OpenAI(), COUNTER).known(request(**fields)) is None


def test_a_long_legacy_prompt_needs_a_thread() -> None:
    COUNTER.load()
    body = json.dumps({"prompt": "x" * 5_000}).encode()
    assert Reader(OpenAI(), COUNTER).known(OpenAI().parse_request(body)) is None


def test_nothing_is_known_while_the_encoding_is_not_loaded() -> None:
    assert Reader(OpenAI(), TokenCounter()).known(request(*turns(1))) is None


def test_a_message_that_cannot_be_read_is_an_error_and_is_not_remembered() -> None:
    reader = Reader(OpenAI(), COUNTER)
    for _ in range(2):
        with pytest.raises(WireError, match="role"):
            reader.read(request({"role": "wizard", "content": "hello"}))


def test_an_old_message_is_read_again_once_it_was_forgotten() -> None:
    wire = CountingWire()
    reader = Reader(wire, COUNTER, capacity=2)
    for decoded in (3, 4, 5):
        reader.read(request(*turns(3)))
        assert wire.decoded == decoded


def test_requests_may_be_read_in_several_threads_at_once() -> None:
    reader = Reader(OpenAI(), COUNTER)
    requests = [request(SYSTEM, *turns(count, 2_000)) for count in (1, 5, 9, 13)] * 4
    alone = [Reader(OpenAI(), COUNTER).read(one) for one in requests[:4]] * 4

    def read(one: Request) -> Reading:
        return reader.known(one) or reader.read(one)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read, requests)) == alone
