"""Whether the model can get an original back: is our MCP server's tool among those of the request?"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

RETRIEVE, SEARCH = "retrieve_original", "search_originals"
"""The tools of `services.mcp_server`. Continue in an IDE puts the server's name before them, as in
kimi_proxy_retrieve_original; `cn` does not."""

_RETRIEVE = re.compile(rf"(?:[A-Za-z0-9_.-]{{1,100}}[_.-])?{RETRIEVE}")
_RETRIEVAL = re.compile(rf"(?:[A-Za-z0-9_.-]{{1,100}}[_.-])?(?:{RETRIEVE}|{SEARCH})")
"""Names that are safe within a digest's first line."""


def is_retrieval(tool_name: str) -> bool:
    """Whether this is one of our tools: what it answered was asked for because it had been masked."""
    return _RETRIEVAL.fullmatch(tool_name) is not None


def retrieval_tool_name(tools: bytes | None) -> str | None:
    """The tool's name as the request's `tools` (raw JSON: OpenAI's form or Gemini's) have it; None without it.

    A request without the tool costs one search of the bytes; what is not understood counts as without.
    """
    if tools is None or RETRIEVE.encode() not in tools:
        return None
    try:
        decoded = msgspec.json.decode(tools)
    except msgspec.DecodeError:
        return None
    return next((name for name in _names(decoded) if _RETRIEVE.fullmatch(name)), None)


def _names(tools: Any) -> Iterator[str]:
    """Of all tools, in their order."""
    for tool in tools if isinstance(tools, list) else ():
        if not isinstance(tool, dict):
            continue
        functions = tool.get("functionDeclarations") or tool.get("function_declarations") or tool.get("function")
        for function in functions if isinstance(functions, list) else (functions,):
            if isinstance(function, dict) and isinstance(name := function.get("name"), str):
                yield name
