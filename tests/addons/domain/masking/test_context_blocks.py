"""Each block as Continue renders it (facts: constructMessages.ts, core/context/providers), before the user's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.masking.context_blocks import LARGE_JSON_CHARS, RESERVE_CHARS, Origin, blocks

WORDS = "Why does this fail?\nPlease look at ```x = 1``` too."
LONG = "\n".join(f"line {number} of the output" for number in range(300))

FENCED = {
    "file": ("```src/app.py\n", "x = 1\ny = 2", "\n```\n", Origin.FILE, "src/app.py"),
    "current file": (
        "This is the currently open file:\n\n```src/a.ts\n",
        "let a;",
        "\n```\n",
        Origin.FILE,
        "src/a.ts",
    ),
    "open file, added": (
        "The following file is currently open. Don't reference it if it's not relevant to the user's message:"
        "\n\n```b.go\n",
        "package b",
        "\n```\n",
        Origin.FILE,
        "b.go",
    ),
    "highlighted": ("\n```py src/a.py (10-25)\n", "def f():", "\n```\n", Origin.FILE, "src/a.py"),
    "diff": ("```git diff\n", "diff --git a/x b/x", "\n```\n", Origin.DIFF, ""),
    "cn context": ('<context name="app.py">\n', "import os", "\n</context>\n\n", Origin.FILE, "app.py"),
}


@pytest.mark.parametrize("name", FENCED)
def test_a_block_with_an_end_is_found_exactly(name: str) -> None:
    head, content, tail, origin, path = FENCED[name]
    text = head + content + tail + WORDS
    (block,) = blocks(text)
    assert text[block.start : block.end] == content
    assert (block.origin, block.hint.path) == (origin, path)


def test_several_blocks_are_found_and_the_users_own_fence_is_not() -> None:
    text = "".join(head + content + tail for head, content, tail, _, _ in FENCED.values())
    own = "\nMy idea:\n\n" + "words " * 100 + "\n```lib/own.py\nmine = 1\n```\n"
    assert len(list(blocks(text + own))) == len(FENCED)


def test_codebase_snippets_end_with_continues_sentence() -> None:
    snippets = "```a.py\nA\n```\n```b.py\nB\n```\n"
    text = snippets + "Use the above code to answer the following question. You should not reference …\n" + WORDS
    assert [text[block.start : block.end] for block in blocks(text)] == ["A", "B"]


@pytest.mark.parametrize(
    ("head", "origin"),
    [
        ("Current terminal contents:\n\n", Origin.TERMINAL),
        ("Here is a file tree of the current workspace:\n\n", Origin.TREE),
        ('Results of searching codebase for "retry":\n\n', Origin.SEARCH),
        ("@console\n", Origin.TAGGED),
        ("@output of the build\n", Origin.TAGGED),
    ],
)
def test_a_block_without_an_end_leaves_the_last_lines_alone(head: str, origin: Origin) -> None:
    text = f"{head}{LONG}\n{WORDS}"
    (block,) = blocks(text)
    assert block.origin is origin
    assert text[block.start : block.end].startswith("line 0 ")
    assert WORDS in text[block.end :]
    assert len(text) - block.end >= RESERVE_CHARS
    assert text[block.end - 1] == "\n"


def test_a_block_without_an_end_ends_where_the_next_begins() -> None:
    text = "Current terminal contents:\n\nmake: *** [all] Error 2\n```Makefile\nall:\n\tcc\n```\nfix it"
    terminal, file = blocks(text)
    assert text[terminal.start : terminal.end] == "make: *** [all] Error 2"
    assert text[file.start : file.end] == "all:\n\tcc"


def test_only_large_json_counts_as_data() -> None:
    large = "[" + ",".join('{"a": 1}' for _ in range(LARGE_JSON_CHARS // 8)) + "]"
    assert [block.origin for block in blocks(large)] == [Origin.JSON]
    assert [block.origin for block in blocks(f"```json\n{large}\n```\nsum them")] == [Origin.JSON]
    assert list(blocks('{"a": 1}')) == []
    assert list(blocks(f"sum these: {large}")) == []


@pytest.mark.parametrize(
    "text",
    [
        WORDS,
        "```python\nprint('mine')\n```\nis this right?",
        "```src/a.py\nnever closed",
        '<context name="a">\nnever closed',
        "Current terminal contents:\n\nshort\nwhat is this?",
        "",
    ],
)
def test_the_users_own_words_are_never_a_block(text: str) -> None:
    assert list(blocks(text)) == []


MARKERS = [
    "```a.py\n",
    "\n```\n",
    "```\n",
    '<context name="x">\n',
    "\n</context>\n",
    "@file x\n",
    "Current terminal contents:\n\n",
]


@given(st.lists(st.sampled_from([*MARKERS, "text\n", "\n"]), max_size=60))
def test_blocks_never_overlap_and_lie_in_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    at = 0
    for block in blocks(text):
        assert at <= block.start <= block.end <= len(text)
        at = block.end
