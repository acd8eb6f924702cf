"""Memory segments: hand-counted cases, and work in proportion to the text whatever is in it."""

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.memory import BLOCK, MIN_TOKENS, PHRASE, REFERENCE, TYPES, segments_of, spans_of
from addons.domain.tokens import TokenCounter

COUNTER = TokenCounter()
FACT = " the build uses ninja" * 8
"""Each word is a token; 32, and no more than that where a space stands before it."""
FIVE_MB = 5_000_000


def found(text: str) -> list[tuple[str, str, str]]:
    """Type, server and text of each span."""
    return [(span.type, span.server, text[span.start : span.end]) for span in spans_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a<mcp-memory>x</mcp-memory>b", [("mcp-memory", "", "<mcp-memory>x</mcp-memory>")], id="tag"),
        pytest.param("<MCP-Memory>x</mcp-MEMORY>", [("mcp-memory", "", "<MCP-Memory>x</mcp-MEMORY>")], id="any case"),
        pytest.param(
            '<mcp-result server="mem0" n=1>x</mcp-result>',
            [("mcp-result", "mem0", '<mcp-result server="mem0" n=1>x</mcp-result>')],
            id="a result and its server",
        ),
        pytest.param("<mcp-tool name=a>x</mcp-tool>", [("mcp-tool", "a", "<mcp-tool name=a>x</mcp-tool>")], id="tool"),
        pytest.param("[MEMORY]x[/MEMORY]", [(BLOCK, "", "[MEMORY]x[/MEMORY]")], id="block"),
        pytest.param("see @memory[a[0], b] there", [(REFERENCE, "", "@memory[a[0], b]")], id="reference with brackets"),
        pytest.param("@memory[a @memory[b", [], id="references that nothing closes"),
        pytest.param("@memory[a @memory[b]", [(REFERENCE, "", "@memory[b]")], id="the inner one is closed"),
        pytest.param("<mcp-memory>x", [], id="a tag that nothing closes"),
        pytest.param("x</mcp-memory>", [], id="a tag that nothing opens"),
        pytest.param("<mcp-tool name='x'/>y</mcp-tool>", [], id="an empty tag"),
        pytest.param("<mcp-memory-bank>x</mcp-memory-bank>", [], id="another tag"),
        pytest.param(
            "<mcp-memory> in words, <mcp-memory>x</mcp-memory>",
            [("mcp-memory", "", "<mcp-memory>x</mcp-memory>")],
            id="a marker named before a segment",
        ),
        pytest.param(
            "<mcp-memory>a<mcp-memory>b</mcp-memory>c</mcp-memory>",
            [("mcp-memory", "", "<mcp-memory>a<mcp-memory>b</mcp-memory>c</mcp-memory>")],
            id="nested in its own kind",
        ),
        pytest.param(
            '<mcp-result server="m">[MEMORY]x[/MEMORY]@memory[y]</mcp-result>',
            [("mcp-result", "m", '<mcp-result server="m">[MEMORY]x[/MEMORY]@memory[y]</mcp-result>')],
            id="nested in another kind",
        ),
        pytest.param(
            "<mcp-memory>a[MEMORY]b</mcp-memory>cdefghijklmnopqrstuvwxyz[/MEMORY]d",
            [(BLOCK, "", "<mcp-memory>a[MEMORY]b</mcp-memory>cdefghijklmnopqrstuvwxyz[/MEMORY]")],
            id="overlapping: one, of the longer one's type",
        ),
        pytest.param(
            "[MEMORY]x[/MEMORY][MEMORY]y[/MEMORY]",
            [(BLOCK, "", "[MEMORY]x[/MEMORY]"), (BLOCK, "", "[MEMORY]y[/MEMORY]")],
            id="side by side",
        ),
        pytest.param(
            "Hi.\n\nContexte précédent : on a corrigé le test.\nFin.\n\nAutre chose.",
            [(PHRASE, "", "Contexte précédent : on a corrigé le test.\nFin.")],
            id="a phrase, up to the blank line",
        ),
        pytest.param(
            "## Mémoire de la session\n\n- ninja\n\nQuestion", [(PHRASE, "", "Mémoire de la session\n\n- ninja")],
            id="a phrase as a heading",
        ),
        pytest.param("MEMORY FROM PREVIOUS chats", [(PHRASE, "", "MEMORY FROM PREVIOUS chats")], id="up to the end"),
        pytest.param("it leaks memory from previous runs", [], id="the words in a sentence"),
        pytest.param(
            "Here is memory from previous chats: x", [(PHRASE, "", "memory from previous chats: x")], id="announced"
        ),
    ],
)  # fmt: skip
def test_each_form_is_found_and_what_overlaps_is_one(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        pytest.param(f"<mcp-memory>{FACT}</mcp-memory>", [41], id="<m cp -memory >, 32 words, </ m cp -memory >"),
        pytest.param(f"[MEMORY]{FACT}[/MEMORY]", [38], id="[ MEMORY ], 32 words, [/ MEMORY ]"),
        pytest.param(f"@memory[{FACT}]", [36], id="@ memory [, 32 words, ]"),
        pytest.param("[MEMORY] ninja[/MEMORY]", [], id="under 20"),
        pytest.param(
            f"<mcp-memory>[MEMORY]{FACT}[/MEMORY]</mcp-memory>", [45], id="nested, counted once: 6, 32 words, 7"
        ),
        pytest.param(f"[MEMORY]{FACT}[/MEMORY]a[MEMORY]{FACT}[/MEMORY]", [38, 38], id="two"),
    ],
)
def test_segments_of_20_tokens_and_more_count_with_their_markers(text: str, tokens: list[int]) -> None:
    segments = segments_of(text, 3, COUNTER.count)
    assert [segment.tokens for segment in segments] == tokens
    assert {segment.part for segment in segments} <= {3}
    assert [COUNTER.count(text[segment.start : segment.end]) for segment in segments] == tokens


def test_equal_texts_have_equal_keys_wherever_they_are() -> None:
    one, other = f"[MEMORY]{FACT}[/MEMORY]", f"before\n[MEMORY]{FACT}[/MEMORY]"
    keys = [segments_of(text, 0, COUNTER.count)[0].key for text in (one, other, one + one)]
    assert len(set(keys)) == 1


PIECES = [
    *("<mcp-memory>", "</mcp-memory>", '<mcp-result server="a">', "</mcp-result>", "<mcp-tool x", ">", "</mcp-tool>"),
    *("[MEMORY]", "[/MEMORY]", "@memory[", "[", "]", "Contexte précédent", ":", "\n", "\n\n", " ", "word", "İ"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_spans_are_in_order_apart_and_within_the_text(text: str) -> None:
    spans = spans_of(text)
    edges = [edge for span in spans for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(0 <= span.start < span.end <= len(text) and span.type in TYPES for span in spans)
    segments = segments_of(text, 0, len)
    assert all(segment.tokens >= MIN_TOKENS for segment in segments)
    assert sum(segment.tokens for segment in segments) <= len(text)


HOSTILE = {
    "opening tags": "<mcp-memory>",
    "tags that never end": "<mcp-memory ",
    "one endless tag": "<mcp-memory " + "a" * 5_000,
    "closing tags": "</mcp-tool>",
    "kinds in turn": "<mcp-tool a>[MEMORY]<mcp-result>",
    "references": "@memory[",
    "brackets": "@memory[[[[]]]",
    "phrases": "memory from previous ",
    "phrases that begin a line": "\nmemory from previous",
    "phrases and colons": "memory from previous: ",
    "headings": "\n\nContexte précédent\n\n",
    "attributes": "<mcp-result server server = server =",
    "spaces after a phrase": "\nsession memory\n" + " " * 500,
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_costs_steps_in_proportion_to_its_length(piece: str) -> None:
    def steps(size: int) -> int:
        text, seen = "x <mcp-memory> [memory] @memory[ " + piece * (size // len(piece)), 0

        def count(frame: Any, event: str, argument: object) -> Any:
            nonlocal seen
            seen += 1
            return count

        before = sys.gettrace()
        sys.settrace(count)
        try:
            spans_of(text)
        finally:
            sys.settrace(before)
        return seen

    assert steps(40_000) <= 2.5 * steps(20_000) + 200


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_five_megabytes_of_hostile_text_are_read(piece: str) -> None:
    """Would not end if any search were quadratic: 10^13 steps."""
    assert len(spans_of(piece * (FIVE_MB // len(piece)))) < FIVE_MB
