"""A long conversation through a model with a small window: it goes on, and nobody waits."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from addons.domain.compression.prompt import SYSTEM
from addons.domain.places import ROOT
from addons.services.simulator import story
from addons.services.simulator.received import Received
from addons.services.simulator.script import Answer, Rule, ToolCall
from addons.services.simulator.server import Simulator
from addons.services.simulator.story import Conversation
from tests.e2e.continue_cli import Cn
from tests.e2e.harness import ROWS_S, Product, Row, Way
from tests.e2e.order_rules import problems

pytestmark = pytest.mark.e2e

WINDOW = 32_768
TURNS = 71
SUMMARY = Answer(text="Goal: repair the warehouse.\nFiles: src/warehouse read.\nOpen: nothing.")
LATE = Answer(text="late", first_delay_s=120)
"""Later than a text is still used."""
ASKS_FOR_SUMMARY = SYSTEM[:60]


class SmallProduct(Product):
    """Whose model takes 32K tokens. Nothing is masked and no larger model called: compression alone has to do."""

    def unlimited(self) -> str:
        models = f'[providers.kimi-code.models."kimi-for-coding"]\ncontext_window = {WINDOW}\n'
        return super().unlimited() + models + '[masking]\npolicy = "off"\n[routing]\nenabled = false\n'


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


def play_turn(product: Product, simulator: Simulator, conversation: Conversation, turn: int) -> httpx.Response:
    """One request, and then the summary that it asked for: one that comes after the next summary is not used."""
    until_now = Conversation(name="", messages=conversation.messages, turns=conversation.turns[: turn + 1])
    (answer,) = play(product, until_now, first=turn)
    asked = sum(map(is_summary_call, simulator.inbox.all()))
    wait_for(lambda: [row["kind"] for row in product.completions()].count("compression") >= asked)
    return answer


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
    answers = [play_turn(product, simulator, conversation, turn) for turn in range(TURNS)]
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


def long_enough(simulator: Simulator, summary: Answer = SUMMARY) -> Conversation:
    """A conversation that is compressed once, near its end."""
    conversation = conversation_of(40)
    script(simulator, conversation, summary)
    return conversation


class TestWhenThingsGoWrong:
    def test_without_the_summarising_call_the_gathered_summary_serves(
        self, small: Product, simulator: Simulator
    ) -> None:
        conversation = long_enough(simulator, Answer(error="overload"))
        answers = play(small, conversation)
        small.stop()
        assert {answer.status_code for answer in answers} == {200}
        (summary,) = small.query("SELECT * FROM summaries WHERE active")
        assert (summary["writer"], summary["cost_usd"]) == ("heuristic", None)
        failed = small.query("SELECT * FROM events WHERE kind = 'compression' AND level = 'warning'")
        assert failed
        assert all("the one gathered from the messages stays" in event["message"] for event in failed)
        rows = small.query("SELECT kind, outcome FROM completions WHERE outcome != 'ok'")
        assert {(row["kind"], row["outcome"]) for row in rows} == {("compression", "error")}

    def test_the_request_does_not_wait_for_the_summary(self, small: Product, simulator: Simulator) -> None:
        conversation = long_enough(simulator, LATE)
        answers = play(small, conversation)
        assert {answer.status_code for answer in answers} == {200}
        assert max(answer.elapsed.total_seconds() for answer in answers) < LATE.first_delay_s / 2
        assert {row["writer"] for row in small.query("SELECT writer FROM summaries")} == {"heuristic"}

    def test_a_kill_during_the_call_loses_nothing_and_sends_nothing_twice(
        self, small: Product, simulator: Simulator
    ) -> None:
        conversation = long_enough(simulator, LATE)
        half = len(conversation.turns) - 4
        play(small, Conversation(name="", messages=conversation.messages, turns=conversation.turns[:half]))
        wait_for(lambda: any(map(is_summary_call, simulator.inbox.all())))
        calls = [request for request in simulator.inbox.all() if is_summary_call(request)]
        wait_for(lambda: small.query("SELECT * FROM summaries WHERE active"))
        before = chats(simulator)[-1]
        small.stop(signal.SIGKILL)
        small.start()
        play(small, conversation, first=half)
        small.stop()
        for after in chats(simulator)[half:]:
            assert after[: len(before)] == before
        assert len([request for request in simulator.inbox.all() if is_summary_call(request)]) == len(calls)
        assert not [row for row in small.completions() if row["kind"] == "chat" and row["outcome"] != "ok"]
        assert not [row for row in small.completions()[-3:] if row["epoch"]]

    def test_two_sessions_at_once_keep_their_own_summaries(self, small: Product, simulator: Simulator) -> None:
        both = [conversation_of(35, seed=7), conversation_of(35, seed=8)]
        script(simulator, conversation_of(0))
        for number, conversation in enumerate(both):
            for turn in range(len(conversation.turns)):
                simulator.script.answer(conversation.answer(turn), key=f"sk-{number}-end")
        threads = [
            threading.Thread(target=play, args=(small, each, f"sk-{number}-end")) for number, each in enumerate(both)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        small.stop()
        rows = [row for row in small.completions() if row["kind"] == "chat"]
        assert {row["outcome"] for row in rows} == {"ok"}
        assert len({row["session_id"] for row in rows}) == 2
        assert {row["session_id"] for row in small.query("SELECT * FROM summaries")} == {r["session_id"] for r in rows}
        for request in simulator.inbox.all():
            if is_summary_call(request):
                continue
            own = both[0] if request.credential == "sk-0-end" else both[1]
            sent = request.json()["messages"]
            assert problems(sent) == []
            assert sent[-1] in own.messages
            assert all(message in own.messages for message in sent if message["role"] == "tool")


def wait_for(condition: Callable[[], object], timeout_s: float = ROWS_S) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class TestByHand:
    def test_a_preview_changes_nothing_and_asking_holds_from_the_next_request(
        self, small: Product, simulator: Simulator
    ) -> None:
        conversation = conversation_of(16)
        script(simulator, conversation)
        first = Conversation(name="", messages=conversation.messages, turns=conversation.turns[:14])
        play(small, first)
        wait_for(lambda: small.query("SELECT id FROM sessions"))
        (session,) = small.query("SELECT id FROM sessions")
        preview = compress(small, session["id"], "--dry-run", "--keep", "3", "--json")
        assert preview["asked"] is False
        assert preview["prompt_tokens_after"] < preview["prompt_tokens_before"]
        assert preview["text"].startswith("[Summary of the ")
        assert not small.query("SELECT * FROM summaries")
        asked = compress(small, session["id"], "--keep", "3", "--json")
        assert asked == preview | {"asked": True}
        play(small, conversation, first=14)
        small.stop()
        (summary,) = small.query("SELECT * FROM summaries")
        assert (summary["trigger"], summary["kept_exchanges"]) == ("by hand", 3)
        assert chats(simulator)[14][1]["content"].startswith("[Summary of the ")

    def test_an_unknown_session_is_told(self, small: Product) -> None:
        done = run_compress(small, "s-nobody")
        assert done.returncode == 1
        assert "There is no session 's-nobody'" in done.stderr

    def test_what_no_window_takes_is_answered_readably_and_not_sent(self, small: Product, simulator: Simulator) -> None:
        script(simulator, conversation_of(0))
        words = " ".join(f"word{number}" for number in range(40_000))
        body = {"model": "kimi-for-coding", "messages": [{"role": "user", "content": words}], "stream": True}
        with Way(small, gateway=False).client() as client:
            answer = client.post("https://api.kimi.com/coding/v1/chat/completions", json=body)
        small.stop()
        assert (answer.status_code, answer.headers["x-should-retry"]) == (413, "false")
        assert "Start a new chat" in answer.json()["error"]["message"]
        assert not simulator.inbox.all()
        (row,) = small.completions()
        assert (row["outcome"], row["error_class"], row["status"]) == ("blocked", "context", 413)
        assert row["prompt_tokens"] is None


def run_compress(product: Product, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "addons.cli", "compress", *arguments]
    return subprocess.run(command, cwd=ROOT, env=product.environ, capture_output=True, text=True, timeout=300)


def compress(product: Product, *arguments: str) -> dict[str, Any]:
    done = run_compress(product, *arguments)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


STEPS = 36
"""Files that the assistant reads, some 2,000 tokens each."""


def read_everything(cn: Cn, simulator: Simulator) -> str:
    """A session in which Continue's command line reads one file after the other; what it prints in the end."""
    script(simulator, conversation_of(0))
    for number in range(STEPS):
        lines = (
            f"Note {number}.{line}: the shelf {line * 37 % 91} holds {line * 53 % 77} boxes." for line in range(110)
        )
        (cn.work / f"notes{number}.txt").write_text("\n".join(lines), encoding="utf-8")
        call = ToolCall(name="Read", arguments={"filepath": f"notes{number}.txt"})
        simulator.script.answer(Answer(text=f"I read part {number}.", tool_calls=(call,)))
    simulator.script.answer(Answer(text="All notes are read."))
    return cn.run("--auto", "Read all notes, one file after the other.").strip()


class TestContinue:
    def test_a_long_session_goes_on_through_a_small_window(
        self, small: Product, simulator: Simulator, cn_program: str, tmp_path: Path
    ) -> None:
        cn = Cn(cn_program, tmp_path, Way(small, gateway=False))
        assert read_everything(cn, simulator) == "All notes are read."
        small.stop()
        rows = [row for row in small.completions() if row["kind"] == "chat"]
        assert len(rows) == STEPS + 1
        assert {row["outcome"] for row in rows} == {"ok"}
        assert len({row["session_id"] for row in rows}) == 1
        assert small.query("SELECT * FROM summaries")
        for messages in chats(simulator):
            assert problems(messages) == []

    def test_without_compression_the_same_session_fails(
        self, small: Product, simulator: Simulator, cn_program: str, tmp_path: Path
    ) -> None:
        bypass = '    requestOptions:\n      headers:\n        X-Kimi-Bypass: "1"\n'
        cn = Cn(cn_program, tmp_path, Way(small, gateway=False), bypass)
        with pytest.raises(AssertionError, match="exceeded model token limit"):
            read_everything(cn, simulator)
        assert max(len(request.body) for request in simulator.inbox.all()) > 4 * WINDOW
