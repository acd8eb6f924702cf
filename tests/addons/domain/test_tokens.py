from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addons.domain.messages import Message, Part, PartType, Role
from addons.domain.tokens import (
    CHUNK_CHARS,
    TOKENS_PER_IMAGE,
    TOKENS_PER_MESSAGE,
    TOKENS_PER_ROLE,
    TokenCounter,
    chunks,
    count_chunk,
)

COUNTER = TokenCounter()


@pytest.mark.smoke
@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param("Hello, world!", 4, id="english"),
        pytest.param("def add(a, b):\n    return a + b\n", 12, id="code"),
        pytest.param("1234567", 3, id="digits in threes"),
        pytest.param("<|endoftext|>", 7, id="a special token's name is text"),
        pytest.param("\ud800", 1, id="a lone surrogate"),
    ],
)
def test_count_is_that_of_cl100k_base(text: str, tokens: int) -> None:
    assert COUNTER.count(text) == tokens


@pytest.mark.parametrize("role", ["system", "user", "assistant", "tool", "model", "function"])
def test_each_role_is_one_token(role: str) -> None:
    assert COUNTER.count(role) == TOKENS_PER_ROLE


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(" " * 300_000, id="spaces, on which tiktoken raises at a million"),
        pytest.param("\n" * 100_000, id="newlines"),
        pytest.param("a" * 100_000, id="one word"),
        pytest.param("^" * 100_000, id="punctuation"),
        pytest.param("漢字" * 20_000, id="chinese"),
    ],
)
def test_pathological_text_is_counted_in_chunks(text: str) -> None:
    assert len(text) // 200 < COUNTER.count(text) < 2 * len(text)


def test_chunks_cost_next_to_nothing_on_code() -> None:
    source = Path(__file__).read_text() * 20
    whole = COUNTER.load()
    assert whole is not None
    assert len(source) > 2 * CHUNK_CHARS
    assert abs(COUNTER.count(source) - len(whole(source))) <= len(source) // CHUNK_CHARS


def test_a_chunk_on_which_the_encoding_gives_up_is_estimated() -> None:
    def give_up(text: str) -> list[int]:
        raise ValueError("Runtime error: max stack size exceeded")

    assert count_chunk(give_up, "12345678") == 2


@settings(max_examples=30)
@given(
    st.text(max_size=50),
    st.integers(0, 2 * CHUNK_CHARS),
    st.text(st.sampled_from(["x", " ", "\n", "é"]), max_size=50),
)
def test_chunks_are_short_and_lose_nothing(start: str, run: int, end: str) -> None:
    text = start + "x" * run + end
    pieces = list(chunks(text))
    assert "".join(pieces) == text
    assert all(len(piece) <= CHUNK_CHARS for piece in pieces)
    assert all(pieces[:-1])


def test_a_long_text_is_cut_after_newlines_else_before_spaces() -> None:
    lines = "word word\n" * 3_000
    assert all(piece.endswith("\n") for piece in chunks(lines))
    words = "word " * 6_000
    assert all(piece.startswith(" ") for piece in list(chunks(words))[1:])


@pytest.mark.parametrize(
    ("parts", "tokens"),
    [
        pytest.param((), 0, id="empty"),
        pytest.param((Part(PartType.TEXT, "Hello, world!"),), 4, id="text"),
        pytest.param((Part(PartType.TEXT, "Hello"), Part(PartType.IMAGE)), 1 + TOKENS_PER_IMAGE, id="image"),
        pytest.param(
            (Part(PartType.TOOL_CALL, "{}", name="Read", call_id="call_1"),), 2, id="call: name and arguments"
        ),
        pytest.param((Part(PartType.TOOL_RESULT, "done", call_id="call_1"),), 1, id="result: its text"),
        pytest.param((Part(PartType.REASONING, "done"),), 1, id="reasoning"),
    ],
)
def test_a_message_is_its_envelope_its_role_and_its_parts(parts: tuple[Part, ...], tokens: int) -> None:
    assert COUNTER.count_message(Message(Role.USER, parts)) == TOKENS_PER_MESSAGE + TOKENS_PER_ROLE + tokens


def test_tools_are_counted_as_their_json() -> None:
    tools = '[{"type":"function","function":{"name":"Read","description":"Lit un fichier \\u00e9"}}]'
    assert COUNTER.count_tools(tools.encode()) == COUNTER.count(tools)
    assert COUNTER.count_tools(b"\xff") == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(None, "No such file", id="missing"),
        pytest.param(b"IQ== 0\n", "expected 223921b7", id="another file"),
    ],
)
def test_without_the_right_rank_file_counts_are_estimates_and_say_why(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    rank_file = tmp_path / "cl100k_base.tiktoken"
    if content is not None:
        rank_file.write_bytes(content)
    counter = TokenCounter(rank_file)
    assert counter.count("Hello, world!") == 4
    assert counter.count("") == 0
    assert not counter.exact
    assert str(rank_file) in counter.reason
    assert reason in counter.reason


def test_the_encoding_is_loaded_on_first_use() -> None:
    counter = TokenCounter()
    assert not counter.loaded
    assert counter.exact
    assert counter.loaded
    assert counter.reason == ""
