"""Shares of single messages; what they come to in a request is in test_composition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.memory import Segment
from addons.domain.messages import Message, Part, PartType, Role
from addons.domain.shares import Piece, divided, shares_of
from addons.domain.tokens import ENVELOPE_TOKENS, TokenCounter

COUNTER = TokenCounter()
OUTPUTS = "Tool output for ls tool call:\n\na\nTool output for grep tool call:\n\nb b b b b b b b"


def shares(role: Role, *parts: Part) -> dict[tuple[str, str], int]:
    counts = [COUNTER.count_part(part) for part in parts]
    found = shares_of(Message(role, parts), counts, ENVELOPE_TOKENS, COUNTER.count).shares
    assert sum(share.tokens for share in found) == ENVELOPE_TOKENS + sum(counts)
    return {(share.part, share.tool): share.tokens for share in found}


@pytest.mark.parametrize(
    ("role", "part", "expected"),
    [
        pytest.param(Role.USER, Part(PartType.TEXT, "a b"), {("user", ""): 6}, id="words"),
        pytest.param(Role.ASSISTANT, Part(PartType.TOOL_CALL, "{}", "ls", "1"), {("assistant", ""): 6}, id="a call"),
        pytest.param(Role.ASSISTANT, Part(PartType.REASONING, "a b"), {("assistant", ""): 4, ("reasoning", ""): 2},
                     id="reasoning"),
        pytest.param(Role.USER, Part(PartType.IMAGE), {("user", ""): 4, ("images", ""): 512}, id="an image"),
        pytest.param(Role.SYSTEM, Part(PartType.OTHER, "a b"), {("system", ""): 4, ("tools", ""): 2}, id="its tools"),
        pytest.param(Role.ASSISTANT, Part(PartType.OTHER, "a b"), {("assistant", ""): 6}, id="gemini's code"),
        pytest.param(Role.TOOL, Part(PartType.TOOL_RESULT, "a b", "ls"),
                     {("tool_results", ""): 4, ("tool_results", "ls"): 2}, id="a result"),
        pytest.param(Role.TOOL, Part(PartType.TEXT, "a b"), {("tool_results", ""): 4, ("user", ""): 2},
                     id="gemini: words behind a result"),
    ],
)  # fmt: skip
def test_each_part_is_what_it_is(role: Role, part: Part, expected: dict[tuple[str, str], int]) -> None:
    assert shares(role, part) == expected


def test_outputs_as_text_are_told_apart_by_tool() -> None:
    found = shares(Role.USER, Part(PartType.TEXT, OUTPUTS))
    assert set(found) == {("user", ""), ("tool_results", "ls"), ("tool_results", "grep")}
    assert found["tool_results", "grep"] > found["tool_results", "ls"]


def test_only_the_smaller_pieces_are_counted_again() -> None:
    counted: list[str] = []

    def count(text: str) -> int:
        counted.append(text)
        return COUNTER.count(text)

    file = "```src/app.py\n" + "x = 1\n" * 1_000 + "```\n"
    part = Part(PartType.TEXT, file + "Fix it.")
    shares_of(Message(Role.USER, (part,)), [COUNTER.count_part(part)], ENVELOPE_TOKENS, count)
    assert sum(map(len, counted)) < 100


TEXT = "abcdefghij" * 3


@st.composite
def cuts(draw: st.DrawFn, kinds: str) -> list[Piece]:
    edges = sorted(draw(st.lists(st.integers(0, len(TEXT)), max_size=8, unique=True)))
    return [(start, end, draw(st.sampled_from(kinds))) for start, end in zip(edges[::2], edges[1::2], strict=False)]


@given(cuts("xy"), cuts("m"))
def test_pieces_and_memory_cover_the_text_once(pieces: list[Piece], memory: list[Piece]) -> None:
    segments = [Segment("", "", 0, start, end, end - start, b"") for start, end, _ in memory]
    left = len(TEXT) - sum(segment.tokens for segment in segments)
    found = divided(TEXT, left, pieces, "u", segments, len)
    kinds = ["u"] * len(TEXT)
    for start, end, kind in (*pieces, *memory):
        kinds[start:end] = [kind] * (end - start)
    assert {kind: tokens for kind, tokens in found.items() if tokens} == {
        kind: kinds.count(kind) for kind in set(kinds) - {"m"}
    }
