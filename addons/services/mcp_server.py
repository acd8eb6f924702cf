"""The MCP server through which a model reads again what was taken out of its requests; on standard input and output.

It reads originals and nothing else. The store is opened for each call, read-only: Continue may start this server before
there is a store, and a restarted proxy may have brought it up to date meanwhile.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import msgspec
from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from addons.domain.errors import UserError
from addons.domain.masking.retrieval import RETRIEVE, SEARCH
from addons.services import originals
from db.engine import reader
from db.failures import described
from db.queries.original_search import Search, search
from db.queries.originals import original

log = logging.getLogger(__name__)

NAME = "kimi-proxy"
"""Becomes a part of the tools' names in Continue, see `domain.masking.retrieval`."""
ANSWER_LIMIT = 16_000
"""Characters of an original in one answer: about 4,000 tokens, which every later request carries again."""
HITS_LIMIT = 10


class Retrieve(msgspec.Struct):
    digest: str
    lines: str | int = ""
    pattern: str = ""


class SearchFor(msgspec.Struct):
    query: str


def _schema(required: str, **properties: str) -> dict[str, Any]:
    described_properties = {name: {"type": "string", "description": text} for name, text in properties.items()}
    return {"type": "object", "properties": described_properties, "required": [required]}


READ_ONLY = types.ToolAnnotations(readOnlyHint=True, openWorldHint=False)
TOOLS = [  # every request carries these words: they are as few as a model needs
    types.Tool(
        name=RETRIEVE,
        description="Read the original text that a [digest k1:...] in this conversation stands for.",
        inputSchema=_schema(
            "digest",
            digest="As in the digest's first line: k1:...",
            lines='Only these lines, numbered as in the digest: "40-80", "200-" or "7"',
            pattern="Only lines that match this regular expression, with context",
        ),
        annotations=READ_ONLY,
    ),
    types.Tool(
        name=SEARCH,
        description="Find originals behind digests: those that contain all the words, with line numbers.",
        inputSchema=_schema("query", query="Words, in any case"),
        annotations=READ_ONLY,
    ),
]


def server(database_url: str) -> Server[Any, Any]:
    """Ready to be run on any pair of streams."""
    answers = Answers(database_url)
    made: Server[Any, Any] = Server(NAME)

    async def list_tools(_: types.ListToolsRequest) -> types.ServerResult:
        return types.ServerResult(types.ListToolsResult(tools=TOOLS))

    async def call_tool(request: types.CallToolRequest) -> types.ServerResult:
        call = request.params
        return types.ServerResult(await asyncio.to_thread(_result, answers, call.name, call.arguments or {}))

    made.request_handlers[types.ListToolsRequest] = list_tools
    made.request_handlers[types.CallToolRequest] = call_tool
    return made


async def serve(database_url: str) -> None:
    """Until the client closes standard input."""
    made = server(database_url)
    async with stdio_server() as (incoming, outgoing):
        await made.run(incoming, outgoing, made.create_initialization_options())


class Answers:
    """The tools, as functions of their arguments."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self.by_name: dict[str, Callable[[dict[str, Any]], str]] = {RETRIEVE: self.retrieve, SEARCH: self.search}

    def retrieve(self, arguments: dict[str, Any]) -> str:
        """:raises UserError: if there is no such original, or what is asked of it is not there."""
        asked = msgspec.convert(arguments, Retrieve)
        engine = reader(self._url)
        try:
            found = original(engine, asked.digest)
        finally:
            engine.dispose()
        if found is None:
            raise UserError(
                f"There is no original {asked.digest!r}: its session may have been deleted. Call the tool again whose "
                "result it was; files are intact."
            )
        lines = str(asked.lines)
        shown = originals.show(found.text, lines=lines, pattern=asked.pattern, limit=ANSWER_LIMIT)
        asked_for = [f"lines {lines}"] if lines else []
        asked_for += [f"{shown.matches} lines match {asked.pattern!r}"] if shown.matches is not None else []
        head = "; ".join([originals.describe(found), *asked_for])
        return "\n".join([f"[original {head}]", shown.text, *(f"[{note}]" for note in shown.notes)])

    def search(self, arguments: dict[str, Any]) -> str:
        """:raises UserError: if the query has no words, or too many."""
        asked = msgspec.convert(arguments, SearchFor)
        engine = reader(self._url)
        try:
            found = search(engine, asked.query, limit=HITS_LIMIT)
        finally:
            engine.dispose()
        return "\n".join(_search_lines(asked.query, found))


def _search_lines(query: str, found: Search) -> list[str]:
    told = [f"{query!r} is in {len(found.hits)} of the {found.scanned} newest originals, the newest first:"]
    for hit in found.hits:
        told.append(originals.describe(hit.original))
        told += [f"  {line.number}: {line.excerpt}" for line in hit.lines]
        if hit.lines_found > len(hit.lines):
            told.append(f"  and {hit.lines_found - len(hit.lines)} more lines")
    if not found.complete:
        told.append("[older originals were not searched; use rarer words]")
    return told


def _result(answers: Answers, name: str, arguments: dict[str, Any]) -> types.CallToolResult:
    """What the model reads; its mistakes and ours too."""
    try:
        answer = answers.by_name.get(name)
        if answer is None:
            raise UserError(f"There is no tool {name!r}; expected {' or '.join(answers.by_name)}.")
        return _told(answer(arguments))
    except (UserError, msgspec.ValidationError) as error:
        return _told(str(error), is_error=True)
    except Exception as error:
        log.exception("%s failed", name)
        return _told(f"The original cannot be read: {described(error)}.", is_error=True)


def _told(text: str, *, is_error: bool = False) -> types.CallToolResult:
    sendable = text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate would end the connection
    return types.CallToolResult(content=[types.TextContent(type="text", text=sendable)], isError=is_error)
