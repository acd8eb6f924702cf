"""What the tokens of a request are: by hand, on bodies that Continue really sent, and as properties."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.composition import (
    IN_USE,
    LARGEST,
    MASKED,
    NOTHING,
    OVERVIEW,
    STALE,
    STAYS,
    SYSTEM_INDEX,
    WORDS,
    Composition,
    Rewritten,
    composition,
)
from addons.domain.filling import Filling
from addons.domain.memory_servers import SERVERS
from addons.domain.reading import Reader, Reading
from addons.domain.shares import PARTS
from addons.domain.tokens import REPLY_PRIMER_TOKENS, TokenCounter
from addons.domain.wire import FORMATS

DATA = Path(__file__).parents[2] / "data"
COUNTER = TokenCounter()
SYSTEM = {"role": "system", "content": "Rules."}
MESSAGES = [SYSTEM, *({"role": role, "content": "Fix it."} for role in ("user", "assistant", "user"))]
EACH = 4 + 3
"""Envelope, role and text of one of the three."""
GEMINI = {
    "systemInstruction": {"parts": [{"text": "Rules."}]},
    "contents": [{"role": "user", "parts": [{"text": "Fix it."}]}],
}
FACT = " the build uses ninja" * 8
"""32 tokens."""
NOTES = f"[MEMORY]{FACT}[/MEMORY]"
"""3 + 32 + 3 tokens."""


def read(body: Any, wire: str = "openai") -> Reading:
    return Reader(FORMATS[wire], COUNTER).read(FORMATS[wire].parse_request(json.dumps(body).encode()))


def composed(body: Any, wire: str = "openai", known: int = 0, rewritten: Rewritten = NOTHING) -> Composition:
    reading = read(body, wire)
    return composition(reading, known, Filling(SERVERS).extended(reading.messages), rewritten)


def text_part(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def call(name: str, call_id: str = "1") -> dict[str, Any]:
    function = {"name": name, "arguments": "{}"}
    return {
        "role": "assistant",
        "content": "",
        "tool_calls": [{"id": call_id, "type": "function", "function": function}],
    }


def result(text: str, call_id: str = "1") -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call_id, "content": text}


@pytest.mark.parametrize(
    ("wire", "body", "known", "expected"),
    [
        pytest.param("openai", {"messages": MESSAGES}, 0, (6, 0, 0, 0, 3 * EACH + REPLY_PRIMER_TOKENS, 0), id="first"),
        pytest.param(
            "openai", {"messages": MESSAGES}, 2, (6, 0, 0, 2 * EACH, EACH + REPLY_PRIMER_TOKENS, 0), id="third"
        ),
        pytest.param(
            "openai", {"messages": MESSAGES}, 3, (6, 0, 0, 3 * EACH, REPLY_PRIMER_TOKENS, 0), id="nothing new"
        ),
        pytest.param("openai", {"messages": [], "tools": ["Fix"]}, 0, (0, 3, 0, 0, 0, 0), id="tools"),
        pytest.param("openai", {"prompt": "Fix it."}, 0, (0, 0, 0, 0, 0, 3), id="legacy prompt"),
        pytest.param(
            "gemini", GEMINI, 0, (6, 0, 0, 0, EACH + REPLY_PRIMER_TOKENS, 0), id="gemini's system instruction"
        ),
        pytest.param(
            "openai",
            {"messages": [*MESSAGES, {"role": "user", "content": NOTES}]},
            3,
            (6, 0, 38, 3 * EACH, 4 + REPLY_PRIMER_TOKENS, 0),
            id="memory in this turn",
        ),
    ],
)
def test_the_overview_adds_up_to_the_total(wire: str, body: Any, known: int, expected: tuple[int, ...]) -> None:
    found = composed(body, wire, known)
    assert found.overview == dict(zip(OVERVIEW, expected, strict=True))
    assert sum(found.overview.values()) == sum(found.parts.values()) == read(body, wire).total_tokens


MEMORY_CASES = [
    pytest.param([{"role": "user", "content": NOTES + " Fix it."}], 38, id="in a string"),
    pytest.param([{"role": "user", "content": [text_part(NOTES), text_part("Fix it.")]}], 38, id="in a list of parts"),
    pytest.param([{"role": "system", "content": f"Rules.\n{NOTES}"}], 38, id="in the system message"),
    pytest.param([{"role": "user", "content": f"<mcp-memory>{NOTES}</mcp-memory>"}], 45, id="nested, once"),
    pytest.param([{"role": "user", "content": NOTES}, {"role": "user", "content": NOTES}], 76, id="sent twice"),
    pytest.param([call("memory_read_graph"), result(FACT)], 32, id="the result of a memory server"),
    pytest.param([call("memory_read_graph"), result(FACT + NOTES)], 70, id="all of it, markers or not"),
    pytest.param([call("memory_read_graph"), result(" the build")], 0, id="a result under 20 tokens"),
    pytest.param([call("read_file"), result(FACT)], 0, id="the result of another tool"),
    pytest.param([call("read_file"), result(FACT + NOTES)], 38, id="markers in another tool's result"),
    pytest.param([{"role": "user", "content": "[MEMORY] ninja[/MEMORY]"}], 0, id="a segment under 20 tokens"),
    pytest.param([{"role": "user", "content": f"Tool output for mem0_search tool call:\n\n{FACT[1:]}"}], 41,
                 id="a tool's output as text, its heading included"),
]  # fmt: skip


@pytest.mark.parametrize(("messages", "tokens"), MEMORY_CASES)
def test_memory_is_counted_to_the_token(messages: list[dict[str, Any]], tokens: int) -> None:
    found = composed({"messages": messages})
    assert found.memory_tokens == found.parts.get("memory", 0) == tokens
    total = read({"messages": messages}).total_tokens
    assert found.memory_ratio == tokens / total


def test_gemini_names_the_tool_in_its_result() -> None:
    answer = {"functionResponse": {"name": "memory_read_graph", "response": {"output": FACT}}}
    found = composed({"contents": [{"role": "user", "parts": [answer, {"text": "Fix it."}]}]}, "gemini")
    assert found.parts == {"memory": 32, "tool_results": 4, "user": 3, "assistant": REPLY_PRIMER_TOKENS}


def test_each_part_is_told_apart() -> None:
    file = "```src/app.py\nprint(1)\n```\n"
    body = {
        "tools": [{"type": "function", "function": {"name": "read_file"}}],
        "messages": [
            {"role": "system", "content": 'Be brief.<context name="userRules">\nAlways in German.\n</context>'},
            {"role": "user", "content": [text_part(f"{file}Fix it."), {"type": "image_url", "image_url": {}}]},
            {**call("read_file"), "reasoning_content": "Let me see."},
            result("print(2)"),
        ],
    }  # fmt: skip
    found = composed(body)
    assert set(found.parts) == set(PARTS) - {"memory", "summary", "prompt"}
    assert found.parts["images"] == 512
    assert found.parts["reasoning"] == COUNTER.count("Let me see.")
    assert found.tools == {"read_file": COUNTER.count("print(2)")}


def test_rules_follow_what_the_ide_says_of_its_mode() -> None:
    system = (
        "<important_rules>\n  You are in agent mode.\n</important_rules>\n\nAlways in German.\n\n"
        "<tool_use_instructions>\nCall tools so.\n</tool_use_instructions>\n\n"
        "Previous conversation summary:\n\n All done."
    )
    found = composed({"messages": [{"role": "system", "content": system}]})
    assert set(found.parts) == {"system", "rules", "tools", "summary", "assistant"}
    assert sum(found.parts.values()) == COUNTER.count(system) + 4 + REPLY_PRIMER_TOKENS


def test_what_was_masked_and_summarised_is_taken_off_the_parts_it_concerns() -> None:
    body = {"messages": [SYSTEM, MESSAGES[1], MESSAGES[2], call("read_file"), result("a b " * 500), MESSAGES[3]]}
    before = composed(body, known=4)
    after = composed(body, known=4, rewritten=Rewritten({4: 900}, range(1, 3), 2 * EACH - 5))
    assert before.parts["tool_results"] - after.parts["tool_results"] == 900
    assert after.tools == {"read_file": before.tools["read_file"] - 900}
    assert after.parts["summary"] == 5
    assert before.parts["user"] - after.parts["user"] == before.parts["assistant"] - after.parts["assistant"] == EACH
    assert sum(after.overview.values()) == sum(after.parts.values()) == sum(before.parts.values()) - 900 - 2 * EACH + 5
    assert after.overview["new"] == before.overview["new"]


def test_the_largest_messages_say_what_could_be_done() -> None:
    body = {
        "messages": [
            {"role": "system", "content": "a b " * 50},
            {"role": "user", "content": "a b " * 60},
            call("read_file", "1"), result("a b " * 70, "1"),
            call("grep", "2"), result("a b " * 80, "2"),
            call("ls", "3"), result("a b " * 90, "3"),
        ]
    }  # fmt: skip
    found = composed(body, rewritten=Rewritten({5: 2}))
    assert [(large.index, large.tool, large.advice) for large in found.largest] == [
        (7, "ls", IN_USE), (5, "grep", MASKED), (3, "read_file", STALE), (1, "", WORDS), (0, "", STAYS),
    ]  # fmt: skip
    sizes = [facts.tokens for facts in read(body).messages]
    assert [large.tokens for large in found.largest] == [sizes[7], sizes[5] - 2, sizes[3], sizes[1], sizes[0]]


def test_geminis_system_instruction_is_among_the_largest() -> None:
    assert [large.index for large in composed(GEMINI, "gemini").largest] == [0, SYSTEM_INDEX]


def bodies() -> list[Any]:
    found = []
    for file in sorted((DATA / "continue").glob("*.json")):
        record = json.loads(file.read_text())
        body = record.get("body", record)
        found.append(pytest.param(body, "gemini" if "contents" in body else "openai", id=file.stem))
    for file in sorted((DATA / "sessions").glob("*.jsonl")):
        for at, line in enumerate(file.read_text().splitlines()):
            body = json.loads(line).get("body") or {}
            found.append(pytest.param(body, "gemini" if "contents" in body else "openai", id=f"{file.stem} {at}"))
    return found


@pytest.mark.parametrize(("body", "wire"), bodies())
def test_captured_requests_sum_whatever_is_rewritten(body: Any, wire: str) -> None:
    reading = read(body, wire)
    filling = Filling(SERVERS).extended(reading.messages)
    halved = {at: facts.tokens // 2 for at, facts in enumerate(reading.messages) if facts.key}
    for rewritten in (Rewritten(), Rewritten(halved)):
        found = composition(reading, len(halved) // 2, filling, rewritten)
        sent = reading.total_tokens - sum(rewritten.masked.values())
        assert sum(found.overview.values()) == sum(found.parts.values()) == sent
        assert min(*found.overview.values(), *found.parts.values()) >= 0
        assert len(found.largest) <= LARGEST


TEXTS = st.sampled_from(["Fix it.", NOTES, FACT, "```a.py\nx\n```\n", "", "Contexte précédent : " + FACT, "İ"])
CONTENTS = st.one_of(TEXTS, st.lists(TEXTS.map(text_part), max_size=3))
HISTORIES = st.lists(
    st.one_of(
        st.fixed_dictionaries({"role": st.sampled_from(["system", "user", "assistant"]), "content": CONTENTS}),
        st.sampled_from(["memory_x", "read_file"]).map(call),
        TEXTS.map(result),
    ),
    max_size=12,
)  # fmt: skip


@given(HISTORIES, st.data())
def test_parts_are_never_negative_and_always_sum(messages: list[Any], data: st.DataObject) -> None:
    reading = read({"messages": messages})
    start = data.draw(st.integers(0, len(messages)))
    covered = range(start, data.draw(st.integers(start, len(messages))))
    rest = [at for at in range(len(messages)) if at not in covered]
    masked = {at: data.draw(st.integers(0, reading.messages[at].tokens)) for at in rest if data.draw(st.booleans())}
    saved = sum(reading.messages[at].tokens for at in covered)
    rewritten = Rewritten(masked, covered, data.draw(st.integers(saved - 9, saved)) if covered else 0)
    found = composition(reading, data.draw(st.integers(0, 12)), Filling(SERVERS).extended(reading.messages), rewritten)
    sent = reading.total_tokens - sum(masked.values()) - rewritten.compressed_tokens
    assert sum(found.overview.values()) == sum(found.parts.values()) == sent
    assert all(tokens >= 0 for tokens in found.parts.values())
    assert found.memory_ratio is None or 0 <= found.memory_ratio <= 1
    assert all(sum(share.tokens for share in facts.shares) == facts.tokens for facts in reading.messages)


@given(HISTORIES, st.integers(0, 12))
def test_a_filling_that_goes_on_is_that_of_all_messages(messages: list[Any], known: int) -> None:
    every = read({"messages": messages}).messages
    assert Filling(SERVERS).extended(every[:known]).extended(every) == Filling(SERVERS).extended(every)
