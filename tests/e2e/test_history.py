"""A long conversation through the product: what is rewritten, what stays, and that a sent prefix stays."""

import signal
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from addons.domain.decisions import Action
from addons.domain.message_lines import lines, total
from addons.domain.message_list import MessageList
from addons.services.simulator import story
from addons.services.simulator.received import Received
from addons.services.simulator.server import Simulator
from addons.services.simulator.story import Conversation
from db.engine import opened, reader
from db.queries.message_lists import message_list
from tests.e2e.harness import Case, Product, Row, Way

pytestmark = pytest.mark.e2e

RESTART_AT = 20
"""The request before which the proxy is stopped and started again."""


class Body(msgspec.Struct):
    messages: list[msgspec.Raw]


class Played:
    """One run of the conversation: as sent, as received, as recorded."""

    def __init__(
        self, conversation: Conversation, received: list[Received], rows: list[Row], listed: list[MessageList]
    ) -> None:
        self.sent = [messages(body) for body in conversation.bodies()]
        self.received = [messages(request.body) for request in received]
        self.bodies = list(conversation.bodies()), [request.body for request in received]
        self.rows = rows
        self.listed = [lines(found) for found in listed]


def messages(body: bytes) -> list[bytes]:
    return [bytes(raw) for raw in msgspec.json.decode(body, type=Body).messages]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, simulator: Simulator) -> Iterator[Played]:
    simulator.inbox.clear()
    simulator.script.replace(())
    folder: Path = tmp_path_factory.mktemp("history")
    product = Product(folder, simulator)
    product.start()
    conversation = story.long_conversation()
    url = f"https://{conversation.host}{conversation.path}"
    client = Way(product, gateway=False).client()
    for turn, body in enumerate(conversation.bodies()):
        if turn == RESTART_AT:
            product.stop()
            product.start()
        simulator.script.answer(conversation.answer(turn))
        client.post(url, content=body, headers={"authorization": "Bearer sk-history"})
    client.close()
    rows = Case(product, simulator).rows(len(conversation.turns))
    with opened(reader, f"sqlite:///{product.database}") as engine, engine.connect() as tx:
        listed = [found for row in rows if (found := message_list(tx, row["id"]))]
    yield Played(conversation, simulator.inbox.all(), rows, listed)
    product.stop(signal.SIGTERM)


def test_every_request_is_recorded_in_one_session(played: Played) -> None:
    assert len({row["session_id"] for row in played.rows}) == 1
    assert {row["outcome"] for row in played.rows} == {"ok"}
    assert [row["message_count"] for row in played.rows] == [len(sent) for sent in played.sent]


def test_a_prefix_once_sent_stays_as_it_was_also_after_a_restart(played: Played) -> None:
    for (earlier, later), row in zip(pairwise(played.received), played.rows[1:], strict=True):
        if not row["epoch"]:
            assert later[: len(earlier)] == earlier


def test_only_tool_results_are_rewritten_and_each_keeps_its_place(played: Played) -> None:
    for sent, received in zip(played.sent, played.received, strict=True):
        assert len(sent) == len(received)
        for original, forwarded in zip(sent, received, strict=True):
            if original != forwarded:
                before, after = msgspec.json.decode(original), msgspec.json.decode(forwarded)
                assert before["role"] == "tool"
                assert {**before, "content": ""} == {**after, "content": ""}
                assert len(after["content"]) < len(before["content"])


def test_what_surrounds_the_messages_is_untouched(played: Played) -> None:
    for sent, received in zip(*played.bodies, strict=True):
        tail = sent.index(b'"stream":true,"max_tokens"')
        assert received.endswith(sent[tail:])


def test_a_row_says_how_much_was_saved(played: Played) -> None:
    for row, sent, received in zip(played.rows, played.sent, played.received, strict=True):
        changed = sum(original != forwarded for original, forwarded in zip(sent, received, strict=True))
        assert row["masked_count"] == changed
        assert row["prompt_tokens_before"] - row["prompt_tokens_sent"] == row["masked_tokens_saved"]
        assert (row["masked_tokens_saved"] > 0) == (changed > 0)


def test_each_message_is_listed_with_what_was_done_also_after_a_restart(played: Played) -> None:
    for row, shown, sent, received in zip(played.rows, played.listed, played.sent, played.received, strict=True):
        assert total(shown) == row["prompt_tokens_sent"]
        assert sum(line.saved for line in shown) == row["masked_tokens_saved"]
        assert sum(line.is_new for line in shown) <= 4 or row is played.rows[0]
        masked = [line.action is Action.MASK for line in shown if line.index is not None]
        assert masked == [original != forwarded for original, forwarded in zip(sent, received, strict=True)]


def test_something_was_saved_in_the_end(played: Played) -> None:
    assert played.rows[-1]["masked_tokens_saved"] > 0


def test_the_providers_cache_serves_the_prefix(played: Played) -> None:
    for earlier, later in pairwise(played.rows):
        if not later["epoch"]:
            assert later["cached_tokens"] > 0.8 * earlier["prompt_tokens"] - 256
