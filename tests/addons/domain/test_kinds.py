from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from addons.domain.kinds import Kind, classify
from addons.domain.messages import Message
from addons.domain.providers import Operation
from addons.domain.wire import FORMATS, Request, WireFormat

CONTINUE = Path(__file__).parents[2] / "data" / "continue"


def reader_of(wire: WireFormat, request: Request, seen: list[int]) -> Callable[[int], Message]:
    def message_at(index: int) -> Message:
        seen.append(index)
        return wire.parse_message(request.raw(request.messages[index]))

    return message_at


def kind_of(body: bytes, operation: Operation, wire_name: str = "openai", seen: list[int] | None = None) -> Kind:
    wire = FORMATS[wire_name]
    request = wire.parse_request(body)
    return classify(operation, request, reader_of(wire, request, [] if seen is None else seen))


@pytest.mark.parametrize(
    ("name", "operation", "kind"),
    [
        ("mistral_fim", Operation.FIM, Kind.AUTOCOMPLETE),
        ("completions_fim", Operation.COMPLETIONS, Kind.AUTOCOMPLETE),
        ("moonshot_fill", Operation.CHAT, Kind.AUTOCOMPLETE),
        ("gemini_hole_filler", Operation.CHAT, Kind.AUTOCOMPLETE),
        ("title_ide", Operation.CHAT, Kind.TITLE),
        ("title_cli", Operation.CHAT, Kind.TITLE),
        ("compaction_ide", Operation.CHAT, Kind.COMPACTION),
        ("compaction_cli", Operation.CHAT, Kind.COMPACTION),
        ("edit", Operation.CHAT, Kind.EDIT),
        ("apply", Operation.CHAT, Kind.APPLY),
        ("chat_ide", Operation.CHAT, Kind.CHAT),
        ("chat_cli", Operation.CHAT, Kind.CHAT),
        ("after_compaction", Operation.CHAT, Kind.CHAT),
        ("system_message_tools", Operation.CHAT, Kind.CHAT),
        ("gemini_chat", Operation.CHAT, Kind.CHAT),
    ],
)
def test_a_request_of_continue_is_recognised(name: str, operation: Operation, kind: Kind) -> None:
    wire_name = "gemini" if name.startswith("gemini") else "openai"
    assert kind_of((CONTINUE / f"{name}.json").read_bytes(), operation, wire_name) is kind


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        (Operation.EMBEDDINGS, Kind.EMBEDDING),
        (Operation.RERANK, Kind.RERANK),
        (Operation.MODELS, Kind.MODELS),
        (Operation.OTHER, Kind.OTHER),
        (Operation.CHAT, Kind.CHAT),
        (Operation.COMPLETIONS, Kind.AUTOCOMPLETE),
    ],
)
def test_without_messages_the_path_decides(operation: Operation, kind: Kind) -> None:
    assert kind_of(b"{}", operation) is kind


def chat(*messages: tuple[str, str], **fields: Any) -> bytes:
    body = {"messages": [{"role": role, "content": content} for role, content in messages], **fields}
    return msgspec.json.encode(body)


EDIT = "The user has requested a section of code in a file to be rewritten."
TITLE = "Given the following... please reply with a title for the chat that is 3-4 words"
COMPACT = "Create a comprehensive summary of this conversation that captures all essential information needed"
RULES = "<important_rules>\n  You are in chat mode.\n</important_rules>"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (chat(("user", "<fim_prefix>a<fim_suffix>b<fim_middle>")), Kind.AUTOCOMPLETE),
        (chat(("user", "<|fim_prefix|>a<|fim_suffix|>b")), Kind.AUTOCOMPLETE),
        (chat(("user", "[SUFFIX]b[PREFIX]a")), Kind.AUTOCOMPLETE),
        (chat(("user", "You are a HOLE FILLER. You are given a file")), Kind.AUTOCOMPLETE),
        (chat(("system", "s"), ("user", "x <|editable_region_start|> y")), Kind.AUTOCOMPLETE),
        (chat(("user", "<|recently_viewed_code_snippets|>")), Kind.AUTOCOMPLETE),
        (chat(("user", "<|!@#IS_NEXT_EDIT!@#|>")), Kind.AUTOCOMPLETE),
        (chat(("user", "```a.py\n```\nPlease rewrite the above file to address the following request:\n")), Kind.EDIT),
        (chat(("user", 'The code is located at the "[BLANK]" in'), ("assistant", "Sure! ```py\n")), Kind.EDIT),
        (chat(("system", "Use tabs."), ("user", EDIT)), Kind.EDIT),
        (chat(("user", "ORIGINAL CODE:\n```\na\n```\n\nNEW CODE:\n```\nb\n```"), ("assistant", "```")), Kind.APPLY),
        (chat(("user", "// REPLACE HERE //")), Kind.APPLY),
        (chat(("user", "ORIGINAL CODE:\n```\na\n```")), Kind.CHAT),
        (chat(("user", "Explain SUGGESTED EDIT:")), Kind.CHAT),
        (chat(("system", RULES), ("user", f"Where does this prompt come from? {EDIT}")), Kind.CHAT),
        (chat(("user", EDIT), tools=[{"type": "function"}]), Kind.CHAT),
        (chat(("user", EDIT), ("assistant", "x"), ("user", "thanks")), Kind.CHAT),
        (chat(("user", EDIT), ("assistant", "x"), ("user", "y"), ("assistant", "z")), Kind.CHAT),
        (chat(("system", "s"), ("user", TITLE)), Kind.CHAT),
        (chat(("system", "s"), ("user", "what does [fill] mean?")), Kind.CHAT),
        (chat(("user", "hi"), ("assistant", "hi"), ("user", COMPACT)), Kind.COMPACTION),
        (chat(("user", "hi"), ("assistant", COMPACT)), Kind.CHAT),
        (chat(("user", f"Why did it say: {COMPACT}")), Kind.CHAT),
        (chat(("system", "s")), Kind.CHAT),
        (chat(("assistant", "summary"), ("user", "continue")), Kind.CHAT),
    ],
)
def test_a_chat_is_told_by_its_text(body: bytes, kind: Kind) -> None:
    assert kind_of(body, Operation.CHAT) is kind


@pytest.mark.parametrize(
    ("prompt", "kind"),
    [
        ("def f():", Kind.AUTOCOMPLETE),
        (EDIT, Kind.EDIT),
        ("ORIGINAL CODE:\n```\na\n```\n\nSUGGESTED EDIT:\n", Kind.APPLY),
    ],
)
def test_a_legacy_completion_is_told_by_its_prompt(prompt: str, kind: Kind) -> None:
    assert kind_of(msgspec.json.encode({"prompt": prompt}), Operation.COMPLETIONS) is kind


def test_a_compaction_merged_behind_a_tool_result_is_recognised() -> None:
    result = {"functionResponse": {"name": "ls", "response": {"output": "a"}}}
    body = msgspec.json.encode({"contents": [{"role": "user", "parts": [result, {"text": COMPACT}]}]})
    assert kind_of(body, Operation.CHAT, "gemini") is Kind.COMPACTION


def test_messages_sent_to_the_legacy_path_are_a_chat() -> None:
    assert kind_of(chat(("user", "hi")), Operation.COMPLETIONS) is Kind.CHAT


@pytest.mark.parametrize(
    "body",
    [
        chat(*[("user", "a"), ("assistant", "b")] * 50),
        chat(("system", "s"), ("user", "a"), tools=[{"type": "function"}]),
    ],
    ids=["long", "with tools"],
)
def test_a_long_chat_is_told_by_its_last_message_alone(body: bytes) -> None:
    seen: list[int] = []
    assert kind_of(body, Operation.CHAT, seen=seen) is Kind.CHAT
    assert seen == [-1]
