"""Sessions are renamed, split and merged while their conversations go on: the next request still finds its own."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from addons.cli.asking import asked
from addons.services.simulator import story
from addons.services.simulator.server import Simulator
from addons.services.simulator.story import Conversation
from tests.e2e.harness import ROWS_S, Case, Product, Row, Way

pytestmark = pytest.mark.e2e


class Messages(msgspec.Struct):
    messages: list[msgspec.Raw]


class Talk:
    """Two conversations through one product, request by request."""

    def __init__(self, product: Product, simulator: Simulator) -> None:
        self.product, self.simulator, self.calls = product, simulator, 0
        self.conversations = [story.session(name, seed=seed, rounds=4, functions=60, scale=3.0) for name, seed in
                              (("Repair the warehouse", 7), ("Paint the office", 8))]  # fmt: skip
        self.at = [0, 0]
        self.forwarded: list[list[list[bytes]]] = [[], []]

    def go_on(self, which: int, requests: int = 1) -> str:
        """The session to which the latest of them was recorded."""
        conversation = self.conversations[which]
        with Way(self.product, gateway=False).client() as client:
            for _ in range(requests):
                self.send(client, conversation, which)
        return str(Case(self.product, self.simulator).rows(self.calls)[-1]["session_id"])

    def send(self, client: Any, conversation: Conversation, which: int) -> None:
        turn, self.at[which] = self.at[which], self.at[which] + 1
        self.simulator.script.answer(conversation.answer(turn))
        before = len(self.simulator.inbox.all())
        url = f"https://{conversation.host}{conversation.path}"
        client.post(url, content=conversation.body(turn), headers={"authorization": "Bearer sk-managed"})
        (received,) = self.simulator.inbox.all()[before:]
        self.forwarded[which].append([bytes(raw) for raw in msgspec.json.decode(received.body, type=Messages).messages])
        self.calls += 1

    def ask(self, kind: str, **payload: object) -> Any:
        return asked(f"sqlite:///{self.product.database}", kind, payload, wait_s=ROWS_S)

    def sessions(self) -> dict[str, Row]:
        return {row["id"]: row for row in self.product.query("SELECT * FROM sessions WHERE deleted_at_ms IS NULL")}


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory, simulator: Simulator) -> Iterator[Talk]:
    simulator.inbox.clear()
    simulator.script.replace(())
    folder: Path = tmp_path_factory.mktemp("managing")
    product = Product(folder, simulator)
    product.start()
    yield Talk(product, simulator)
    product.stop()


def test_a_conversation_goes_on_in_the_right_session_whatever_is_done(talk: Talk) -> None:
    first = talk.go_on(0, 8)
    talk.ask("rename_session", session_id=first, name="Mine")
    assert talk.go_on(0) == first
    fifth = talk.product.completions()[4]["id"]
    earlier = talk.ask("split_session", session_id=first, completion_id=fifth, name="Later")["earlier_id"]
    assert talk.go_on(0) == first
    assert {id_: row["completions"] for id_, row in talk.sessions().items()} == {earlier: 4, first: 6}
    second = talk.go_on(1, 6)
    talk.ask("merge_sessions", session_id=earlier, other_id=first)
    talk.ask("merge_sessions", session_id=earlier, other_id=second)
    assert [talk.go_on(0, 2), talk.go_on(1, 2)] == [earlier, earlier]
    talk.product.stop()
    talk.product.start()
    assert [talk.go_on(0, 2), talk.go_on(1, 2)] == [earlier, earlier]
    (only,) = talk.sessions().values()
    assert (only["name"], only["completions"]) == ("Mine", talk.calls)


def test_each_was_forwarded_as_before_but_for_recorded_epochs(talk: Talk) -> None:
    rows: list[list[Row]] = [[], []]
    order = [0] * 10 + [1] * 6 + [0, 0, 1, 1, 0, 0, 1, 1]
    for which, row in zip(order, talk.product.completions(), strict=True):
        rows[which].append(row)
    assert any(row["masked_count"] for each in rows for row in each)
    for forwarded, recorded in zip(talk.forwarded, rows, strict=True):
        for (earlier, later), row in zip(pairwise(forwarded), recorded[1:], strict=True):
            if not row["epoch"]:
                assert later[: len(earlier)] == earlier


def test_a_deleted_session_goes_on_as_a_new_one_and_comes_back(talk: Talk) -> None:
    (only,) = talk.sessions()
    spent = "SELECT sum(completions) AS requests FROM rollup_hour"
    before = talk.product.query(spent)
    talk.ask("delete_session", session_id=only)
    new = talk.go_on(0)
    assert new != only
    assert talk.product.query(spent) == [{"requests": 1}]
    talk.ask("delete_session", session_id=new)
    talk.ask("restore_session", session_id=only)
    assert talk.product.query(spent) == before
    assert talk.go_on(1) == only
