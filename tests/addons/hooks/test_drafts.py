"""Drafts are made once a message, with what the call before says about its result."""

import json
from typing import Any

import pytest
from mitmproxy import http

from addons.domain.tokens import TokenCounter
from addons.hooks.drafts import Drafts
from addons.hooks.intake import Intake
from tests.addons.hooks.conversations import content
from tests.addons.hooks.own import Own, chat

SOURCE = content("source", 200, 1)
LOG = content("log", 100, 1)


def call(*ids_and_paths: tuple[str, str]) -> dict[str, Any]:
    calls = [
        {"id": id_, "type": "function", "function": {"name": "read_file", "arguments": json.dumps({"path": path})}}
        for id_, path in ids_and_paths
    ]
    return {"role": "assistant", "content": None, "tool_calls": calls}


HISTORY = [
    {"role": "user", "content": "Read."},
    call(("c1", "old.py")),
    {"role": "tool", "tool_call_id": "c1", "content": LOG},
    call(("c2", "a.py"), ("c3", "b.py")),
    {"role": "tool", "tool_call_id": "c2", "content": SOURCE},
    {"role": "tool", "tool_call_id": "c3", "content": LOG},
]


@pytest.fixture
def flow(own: Own) -> http.HTTPFlow:
    flow = chat(HISTORY)
    own.run(own.request(flow))
    return flow


@pytest.fixture
def drafts(own: Own) -> Drafts:
    return Drafts(own.addon(Intake).counter)


class TestDrafts:
    def test_there_is_none_until_it_is_made(self, own: Own, flow: http.HTTPFlow, drafts: Drafts) -> None:
        exchange = own.exchange(flow)
        assert drafts.of(exchange, 4) is None
        own.run(drafts.prepare(exchange, [4]))
        draft = drafts.of(exchange, 4)
        assert draft
        assert draft.saving > 0
        assert drafts.of(exchange, 5) is None

    def test_the_call_it_answers_is_known(self, own: Own, flow: http.HTTPFlow, drafts: Drafts) -> None:
        exchange = own.exchange(flow)
        own.run(drafts.prepare(exchange, [2, 4, 5]))
        made = [drafts.of(exchange, index) for index in (2, 4, 5)]
        assert [draft and draft.pieces[0].piece.hint.path for draft in made] == ["old.py", "a.py", "b.py"]

    def test_it_is_made_once(self, own: Own, flow: http.HTTPFlow, drafts: Drafts) -> None:
        exchange = own.exchange(flow)
        own.run(drafts.prepare(exchange, [4]))
        first = drafts.of(exchange, 4)
        own.run(drafts.prepare(exchange, [4]))
        assert drafts.of(exchange, 4) is first

    def test_a_message_with_nothing_to_mask_has_an_empty_one(
        self, own: Own, flow: http.HTTPFlow, drafts: Drafts
    ) -> None:
        exchange = own.exchange(flow)
        own.run(drafts.prepare(exchange, [0]))
        draft = drafts.of(exchange, 0)
        assert draft
        assert (draft.pieces, draft.saving) == ((), 0)

    def test_what_was_counted_when_it_was_read_is_not_counted_again(
        self, own: Own, flow: http.HTTPFlow, drafts: Drafts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        counted: list[str] = []
        count = TokenCounter.count

        def noted(counter: TokenCounter, text: str) -> int:
            counted.append(text)
            return count(counter, text)

        monkeypatch.setattr(TokenCounter, "count", noted)
        exchange = own.exchange(flow)
        own.run(drafts.prepare(exchange, [4]))
        draft = drafts.of(exchange, 4)
        assert draft and draft.pieces[0].digest.tokens_before == count(own.addon(Intake).counter, SOURCE)
        assert SOURCE not in counted
