"""A conversation that is first compressed, and then outgrows its model even so; nobody notices either."""

import json
import signal
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from addons.services.simulator.script import Answer, Rule, ToolCall
from addons.services.simulator.server import Simulator
from tests.e2e.harness import Product, Row, Way
from tests.e2e.order_rules import problems
from tests.e2e.test_compression import ASKS_FOR_SUMMARY, SUMMARY, chats
from tests.e2e.test_routing import ASKED, MISTRAL, TOOLS, WINDOW, message_of, notes

pytestmark = pytest.mark.e2e

FILES = [notes(number) for number in range(20)]
FILES += ["\n".join(map(notes, range(20, 40))), *map(notes, range(40, 43))]
"""Some 2,400 tokens each, which compression makes room for; one is larger than the window alone."""


class Unmasked(Product):
    def unlimited(self) -> str:
        return super().unlimited() + '[masking]\npolicy = "off"\n'


@pytest.fixture
def product(tmp_path: Path, simulator: Simulator) -> Iterator[Product]:
    product = Unmasked(tmp_path, simulator)
    product.start()
    yield product
    product.stop(signal.SIGKILL)


def converse(product: Product, simulator: Simulator) -> None:
    """A client that has one file after the other read to it, whole."""
    simulator.inbox.clear()
    too_large = Rule(answer=Answer(error="context"), contains=ASKED, min_body_bytes=5 * WINDOW, times=None)
    simulator.script.replace([Rule(answer=SUMMARY, contains=ASKS_FOR_SUMMARY, times=None), too_large])
    calls = [ToolCall(name="Read", arguments={"filepath": f"notes{number}.txt"}) for number in range(len(FILES))]
    simulator.script.answer(
        *(Answer(text=f"I read part {number}.", tool_calls=(call,)) for number, call in enumerate(calls)),
        Answer(text="All notes are read."),
    )
    way = Way(product, gateway=False)
    url = way.base_url("mistral", MISTRAL, "/v1") + "/chat/completions"
    messages: list[dict[str, Any]] = [
        {"role": "system", "content": "You are in agent mode."},
        {"role": "user", "content": "Read all notes, one file after the other."},
    ]
    with way.client() as client:
        for file in [*FILES, ""]:
            body = {"model": ASKED, "messages": messages, "tools": TOOLS, "stream": True}
            answer = client.post(url, json=body, headers={"authorization": "Bearer sk-mistral-own"})
            assert answer.status_code == 200, answer.text
            messages.append(message := message_of(answer))
            messages += [
                {"role": "tool", "tool_call_id": call["id"], "content": file} for call in message.get("tool_calls", ())
            ]
    assert messages[-1]["content"] == "All notes are read."


def test_a_session_is_compressed_and_then_goes_on_with_a_larger_model(product: Product, simulator: Simulator) -> None:
    converse(product, simulator)
    product.stop()
    rows = [row for row in product.completions() if row["kind"] == "chat"]
    forwarded = chats(simulator)
    assert len(rows) == len(forwarded) == len(FILES) + 1
    assert {row["outcome"] for row in rows} == {"ok"}
    assert len({row["session_id"] for row in rows}) == 1
    compressed_at = first(rows, "compressed_tokens_saved")
    routed_at = first(rows, "routed_from")
    assert 0 < compressed_at < routed_at < len(rows) - 1
    assert {(row["provider"], row["model"], row["routed_from"]) for row in rows[:routed_at]} == {("mistral", ASKED, "")}
    assert {row["routed_from"] for row in rows[routed_at:]} == {f"mistral/{ASKED}"}
    assert all(row["compressed_tokens_saved"] for row in rows[routed_at:]), "the summary goes along"
    assert [
        json.loads(event["data"])["step"] for event in product.query("SELECT data FROM events WHERE kind = 'routing'")
    ]
    for messages in forwarded:
        assert problems(messages) == []
    for (earlier, later), row in zip(pairwise(forwarded), rows[1:], strict=True):
        assert row["epoch"] or later[: len(earlier)] == earlier, row["id"]
    assert sum(row["epoch"] for row in rows) < len(rows) // 3


def first(rows: list[Row], field: str) -> int:
    return next(index for index, row in enumerate(rows) if row[field])
