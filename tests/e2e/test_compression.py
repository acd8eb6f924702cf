"""A long conversation through a model with a small window: it goes on, and nobody waits."""

import json
import signal
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from addons.domain.compression.prompt import SYSTEM
from addons.services.simulator import story
from addons.services.simulator.received import Received
from addons.services.simulator.script import Answer, Rule
from addons.services.simulator.server import Simulator
from addons.services.simulator.story import Conversation
from tests.e2e.harness import Product, Row, Way
from tests.e2e.order_rules import problems

pytestmark = pytest.mark.e2e

WINDOW = 32_768
TURNS = 71
SUMMARY = Answer(text="Goal: repair the warehouse.\nFiles: src/warehouse read.\nOpen: nothing.")
ASKS_FOR_SUMMARY = SYSTEM[:60]


class SmallProduct(Product):
    """Whose model takes 32K tokens; nothing is masked, so that compression alone has to do."""

    def unlimited(self) -> str:
        models = f'[providers.kimi-code.models."kimi-for-coding"]\ncontext_window = {WINDOW}\n'
        return super().unlimited() + models + '[masking]\npolicy = "off"\n'


def script(simulator: Simulator, conversation: Conversation, summary: Answer = SUMMARY) -> None:
    """The conversation's answers in turn, a summary where one is asked for, an error for what is too large."""
    simulator.inbox.clear()
    simulator.script.replace(
        [
            Rule(answer=summary, contains=ASKS_FOR_SUMMARY, times=None),
            Rule(answer=Answer(error="context"), min_body_bytes=4 * WINDOW, times=None),
        ]
    )
    simulator.script.answer(*(conversation.answer(turn) for turn in range(len(conversation.turns))))


def conversation_of(turns: int, seed: int = 7) -> Conversation:
    whole = story.session("Repair the warehouse", seed=seed, rounds=-(-turns // 5), functions=20, scale=1.0)
    return Conversation(name=whole.name, messages=whole.messages, turns=whole.turns[:turns])


def play(product: Product, conversation: Conversation, key: str = "sk-long", first: int = 0) -> list[httpx.Response]:
    url = f"https://{conversation.host}{conversation.path}"
    with Way(product, gateway=False).client() as client:
        turns = range(first, len(conversation.turns))
        headers = {"authorization": f"Bearer {key}"}
        return [client.post(url, content=conversation.body(turn), headers=headers) for turn in turns]


def is_summary_call(request: Received) -> bool:
    return ASKS_FOR_SUMMARY.encode() in request.body


def chats(simulator: Simulator) -> list[list[dict[str, Any]]]:
    return [request.json()["messages"] for request in simulator.inbox.all() if not is_summary_call(request)]


@pytest.fixture
def small(tmp_path: Path, simulator: Simulator) -> Iterator[Product]:
    product = SmallProduct(tmp_path, simulator)
    product.start()
    yield product
    product.stop(signal.SIGKILL)


class Played:
    def __init__(self, product: Product, simulator: Simulator, rows: list[Row], answers: list[httpx.Response]) -> None:
        self.rows = [row for row in rows if row["kind"] == "chat"]
        self.written = [row for row in rows if row["kind"] == "compression"]
        self.requests = chats(simulator)
        self.answers = answers
        self.summaries = product.query("SELECT * FROM summaries ORDER BY created_at_ms")
        self.events = product.query("SELECT * FROM events ORDER BY id")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, simulator: Simulator) -> Iterator[Played]:
    product = SmallProduct(tmp_path_factory.mktemp("small"), simulator)
    product.start()
    conversation = conversation_of(TURNS)
    script(simulator, conversation)
    answers = play(product, conversation)
    product.stop()  # what is under way is recorded
    yield Played(product, simulator, product.completions(), answers)


class TestALongConversation:
    def test_it_would_not_fit(self) -> None:
        assert len(conversation_of(TURNS).body(TURNS - 1)) > 2 * 4 * WINDOW

    def test_every_request_is_answered(self, played: Played) -> None:
        assert [answer.status_code for answer in played.answers] == [200] * TURNS
        assert {row["outcome"] for row in played.rows} == {"ok"}
        assert len({row["session_id"] for row in played.rows}) == 1

    def test_every_request_keeps_each_providers_order(self, played: Played) -> None:
        for messages in played.requests:
            assert problems(messages) == []

    def test_the_context_is_never_too_full_twice_in_a_row(self, played: Played) -> None:
        fills = [row["prompt_tokens_sent"] / WINDOW for row in played.rows]
        assert max(fills) < 1
        assert not any(min(pair) >= 0.85 for pair in pairwise(fills)), fills

    def test_the_prefix_changes_in_recorded_epochs_only(self, played: Played) -> None:
        for (earlier, later), row in zip(pairwise(played.requests), played.rows[1:], strict=True):
            if not row["epoch"]:
                assert later[: len(earlier)] == earlier
        assert sum(row["epoch"] for row in played.rows) <= 2 * len(played.summaries)

    def test_each_compression_is_recorded_with_what_it_saved(self, played: Played) -> None:
        assert played.summaries
        assert [bool(row["active"]) for row in played.summaries] == [False] * (len(played.summaries) - 1) + [True]
        assert all(row["tokens_after"] < 800 < row["tokens_before"] for row in played.summaries)
        made = [event for event in played.events if json.loads(event["data"]).get("step") == "made"]
        assert [json.loads(event["data"])["summary"] for event in made] == [
            row["created_at_ms"] for row in played.summaries
        ]
        for row in played.rows:
            saved = row["masked_tokens_saved"] + row["compressed_tokens_saved"]
            assert row["prompt_tokens_before"] - row["prompt_tokens_sent"] == saved

    def test_a_model_wrote_them_and_its_price_is_recorded(self, played: Played) -> None:
        assert {row["writer"] for row in played.summaries} == {"kimi-for-coding"}
        assert len(played.written) == len(played.summaries)
        assert {row["outcome"] for row in played.written} == {"ok"}
        assert all(row["cost_unmodified_usd"] == 0 for row in played.written)
        assert "Goal: repair the warehouse." in played.requests[-1][1]["content"]

    def test_no_credential_is_kept(self, played: Played, tmp_path: Path) -> None:
        assert "sk-long" not in json.dumps([played.summaries, played.events], default=repr)
