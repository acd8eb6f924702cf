"""What a request costs, in counts and not in seconds: a change that makes the history matter again fails here."""

import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from addons.domain.completion import Completion
from addons.domain.messages import Message
from addons.domain.tokens import TokenCounter
from addons.domain.wire.openai import OpenAI
from db import schema, writing
from db.engine import opened, writer
from tests.addons.hooks.own import Own, chat

HISTORY = 400
"""Messages before the request that is looked at; a second run has twice as many."""
RESULT = "def handler(event):\n    return event['id']  # line of a file that the model has read\n" * 30


def conversation(messages: int) -> list[dict[str, Any]]:
    roles = ("user", "assistant")
    return [{"role": roles[at % 2], "content": f"{at}: {RESULT}"} for at in range(messages)]


class Counted:
    """How often the costly steps were taken, and on how much."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.messages = self.characters = 0
        parse, count = OpenAI.parse_message, TokenCounter.count

        def parse_message(wire: OpenAI, raw: bytes) -> Message:
            self.messages += 1
            return parse(wire, raw)

        def count_text(counter: TokenCounter, text: str) -> int:
            self.characters += len(text)
            return count(counter, text)

        patch.setattr(OpenAI, "parse_message", parse_message)
        patch.setattr(TokenCounter, "count", count_text)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Own]:
    made = Own(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("history", [HISTORY, 2 * HISTORY], ids=["a history", "twice the history"])
def test_a_turn_costs_what_is_new_in_it(own: Own, monkeypatch: pytest.MonkeyPatch, history: int) -> None:
    messages = conversation(history + 2)
    own.run(own.call(chat(messages[:history])))
    counted = Counted(monkeypatch)
    own.run(own.call(chat(messages)))
    new_characters = sum(len(message["content"]) for message in messages[history:])
    assert counted.messages <= 2 * 2, "messages decoded: the two that are new, once to read and once to draft a digest"
    assert counted.characters <= 1.1 * new_characters, "characters counted: the new ones once, and digests of them"


def test_a_request_seen_before_is_decoded_only_to_tell_its_kind(own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
    messages = conversation(HISTORY)
    for _ in range(2):
        own.run(own.call(chat(messages), text=""))
    counted = Counted(monkeypatch)
    own.run(own.call(chat(messages), text=""))
    assert (counted.messages, counted.characters) == (1, 0)


def test_a_request_that_stays_as_it_is_is_not_copied_often(own: Own) -> None:
    messages = conversation(HISTORY)
    own.run(own.call(chat(messages[:-2])))
    flow = chat(messages)
    size = len(flow.request.raw_content or b"")
    copied = peak(lambda: own.run(own.request(flow)))
    assert copied < 3 * size, f"{copied / size:.1f} times the body was held at once: once for its head, once parsed"


def peak(work: Callable[[], object]) -> int:
    """Bytes that were in use at most, above what was before."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        work()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("completions", [1, 100])
def test_a_batch_costs_the_same_statements_whatever_its_size(
    tmp_path: Path, make_completion: Callable[..., Completion], completions: int
) -> None:
    url = f"sqlite:///{tmp_path / 'counted.db'}"
    statements: list[str] = []

    def note(*args: Any) -> None:
        statements.append(args[2])

    with opened(writer, url) as engine:
        schema.upgrade(engine)
        first = [make_completion(started_at_ms=1_790_000_000_000)]
        with engine.begin() as tx:
            writing.write(tx, first, "p-1")
        batch = [make_completion(started_at_ms=1_790_000_000_000 + at) for at in range(completions)]
        event.listen(Engine, "before_cursor_execute", note)
        try:
            with engine.begin() as tx:
                writing.write(tx, batch, "p-1")
        finally:
            event.remove(Engine, "before_cursor_execute", note)
    assert 1 <= len(statements) <= 9, "\n".join(statements)
