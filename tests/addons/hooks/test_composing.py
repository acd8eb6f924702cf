"""What fills the window, as it is recorded with each call."""

import json
from typing import Any

from addons.domain.completion import Completion
from addons.domain.memory import MemorySeen
from tests.addons.hooks.own import Own, chat, flow_to, gemini

FACT = " the build uses ninja" * 8
NOTES = {"role": "user", "content": f"[MEMORY]{FACT}[/MEMORY] Hello"}
CALL = {
    "role": "assistant",
    "content": "",
    "tool_calls": [{"id": "1", "type": "function", "function": {"name": "memory_read_graph", "arguments": "{}"}}],
}
RESULT = {"role": "tool", "tool_call_id": "1", "content": FACT}


def rows(own: Own, *requests: list[dict[str, Any]]) -> list[Completion]:
    for messages in requests:
        own.run(own.call(chat(messages)))
    return own.records.of(Completion)


class TestComposing:
    def test_a_session_that_grows(self, own: Own) -> None:
        first, second = rows(own, [NOTES], [NOTES, CALL, RESULT])
        assert (first.memory_tokens, second.memory_tokens) == (38, 70)
        for row in (first, second):
            assert sum(row.composition.values()) == sum(row.parts.values()) == row.prompt_tokens_sent
            assert row.prompt_tokens_sent and row.memory_tokens is not None
            assert row.memory_ratio == row.memory_tokens / row.prompt_tokens_sent
        assert [large.index for large in second.largest] == [0, 2, 1]
        assert [len(seen.segments) for seen in own.records.of(MemorySeen)] == [1, 2]

    def test_other_servers_from_the_next_request_on(self, own: Own) -> None:
        rows(own, [NOTES, CALL, RESULT])
        settings = own.configuration.settings
        fields = {name: getattr(settings, name) for name in settings.__struct_fields__}
        own.configuration.use(type(settings)(**fields | {"memory": type(settings.memory)(servers=())}))
        row = rows(own, [NOTES, CALL, RESULT, {"role": "user", "content": "Go on."}])[-1]
        assert row.memory_tokens == 38
        assert row.tool_tokens == {"memory_read_graph": 32}

    def test_geminis_system_instruction(self, own: Own) -> None:
        system = {"parts": [{"text": f"[MEMORY]{FACT}[/MEMORY]"}]}
        own.run(own.call(gemini([{"role": "user", "parts": [{"text": "Hello"}]}], systemInstruction=system)))
        (row,) = own.records.of(Completion)
        assert (row.memory_tokens, row.composition["system"]) == (38, 4)
        (seen,) = own.records.of(MemorySeen)
        assert [segment.tokens for segment in seen.segments] == [38]

    def test_a_call_without_a_conversation(self, own: Own) -> None:
        body = json.dumps({"model": "large", "prompt": f"[MEMORY]{FACT}[/MEMORY]"}).encode()
        own.run(own.call(flow_to("llm.acme.test", "/v1/completions", body)))
        (row,) = own.records.of(Completion)
        assert (row.parts, row.memory_tokens) == ({"prompt": 38}, 0)
        assert own.records.of(MemorySeen) == []

    def test_what_cannot_be_read_has_no_composition(self, own: Own) -> None:
        own.run(own.call(flow_to("llm.acme.test", "/v1/chat/completions", b"{")))
        (row,) = own.records.of(Completion)
        assert (row.parts, row.composition, row.memory_tokens, row.largest) == ({}, {}, None, ())
