from collections.abc import Callable

import pytest

from addons.domain.masking import placeholder
from addons.domain.masking.digest import Budget
from addons.domain.masking.document import Hint
from addons.domain.masking.draft import calls_of, draft, original_of, replacement
from addons.domain.messages import Message, Part, PartType, Role

Count = Callable[[str], int]
LOG = "\n".join(f"2026-11-22T08:{i // 60:02}:{i % 60:02} INFO worker {i % 7}: handled batch {i}" for i in range(600))


def result(text: str, name: str = "run_terminal_command") -> Message:
    return Message(Role.TOOL, (Part(PartType.TOOL_RESULT, text, name, "call_1"),))


def test_a_long_log_is_drafted_with_its_saving(count: Count) -> None:
    made = draft(result(LOG), {}, Budget(), count)
    (piece,) = made.pieces
    assert piece.digest.kind == "log"
    assert made.saving == piece.saving > count(LOG) / 2


@pytest.mark.parametrize(
    "message",
    [
        Message(Role.ASSISTANT, (Part(PartType.TEXT, LOG),)),
        Message(Role.SYSTEM, (Part(PartType.TEXT, LOG),)),
        Message(Role.USER, (Part(PartType.TEXT, LOG),)),
        result("ok"),
        result(LOG, "kimi_proxy_retrieve_original"),
        result(LOG + "\nOPENAI_API_KEY=sk-proj-abcd1234efgh5678ijkl"),
    ],
    ids=["assistant", "system", "the person's words", "short", "what was just retrieved", "holds a credential"],
)
def test_what_must_stay_has_no_draft(message: Message, count: Count) -> None:
    assert draft(message, {}, Budget(), count).pieces == ()


def test_a_call_tells_its_result_what_file_it_is() -> None:
    call = Part(PartType.TOOL_CALL, '{"filepath": "src/app.py"}', "read_file", "call_9")
    assert calls_of(Message(Role.ASSISTANT, (call,))) == {"call_9": Hint(tool="read_file", path="src/app.py")}


@pytest.mark.parametrize("tool", ["kimi_proxy_retrieve_original", None])
def test_a_replacement_names_its_original_and_the_tool_that_is_there(tool: str | None, count: Count) -> None:
    message = result(LOG)
    (piece,) = draft(message, {}, Budget(), count).pieces
    new = replacement(piece, original_of(message, piece), tool, count)
    assert (new.part, new.start, new.end) == (0, 0, len(LOG))
    assert new.tag == placeholder.content_tag(LOG)
    assert new.tokens_after == count(new.text) < new.tokens_before
    assert (tool in new.text) if tool else ("retrieve_original" not in new.text)
