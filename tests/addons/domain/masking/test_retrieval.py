"""The tool is found in every form of `tools`, and only where it is one."""

import json
from typing import Any

import pytest

from addons.domain.masking.retrieval import is_retrieval, retrieval_tool_name


def openai(*names: str) -> list[dict[str, Any]]:
    return [{"type": "function", "function": {"name": name, "parameters": {}}} for name in names]


@pytest.mark.parametrize(
    ("tools", "expected"),
    [
        (openai("read_file", "kimi_proxy_retrieve_original"), "kimi_proxy_retrieve_original"),
        (openai("retrieve_original"), "retrieve_original"),
        ([{"functionDeclarations": [{"name": "ls"}, {"name": "kp_retrieve_original"}]}], "kp_retrieve_original"),
        ([{"function_declarations": [{"name": "mcp.retrieve_original"}]}], "mcp.retrieve_original"),
        (
            [None, 7, {"function": None}, {"function": {"name": 7}}, *openai("a_retrieve_original")],
            "a_retrieve_original",
        ),
        (openai("read_file"), None),
        (openai("retrieve_originals", "not_retrieve_original_now"), None),
        (openai("xretrieve_original"), None),
        ([{"function": {"name": "ls", "description": "like retrieve_original"}}], None),
        (openai("a]\nretrieve_original"), None),
        ({"name": "retrieve_original"}, None),
        ("retrieve_original", None),
        ([], None),
    ],
    ids=[
        *("continue", "bare", "gemini", "gemini in snake case", "beside nonsense"),
        *("another", "similar", "no word of its own", "only mentioned", "unsafe", "no list", "a text", "empty"),
    ],
)
def test_the_tool_is_found_by_its_name(tools: object, expected: str | None) -> None:
    assert retrieval_tool_name(json.dumps(tools).encode()) == expected


@pytest.mark.parametrize("tools", [None, b"", b"[retrieve_original", b"\xffretrieve_original"])
def test_what_is_not_json_has_no_tool(tools: bytes | None) -> None:
    assert retrieval_tool_name(tools) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("retrieve_original", True),
        ("kimi_proxy_search_originals", True),
        ("kimi_proxy_retrieve_original", True),
        ("grep_search", False),
        ("", False),
    ],
)
def test_our_tools_are_known_by_their_names(name: str, expected: bool) -> None:
    assert is_retrieval(name) is expected
