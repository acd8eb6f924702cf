"""The MCP server, asked by the official client over standard input and output."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import TextContent

from addons.domain.decisions import Original
from addons.domain.masking.placeholder import content_tag
from addons.domain.places import ROOT
from addons.services.mcp_server import ANSWER_LIMIT, TOOLS
from db import writing
from db.opened import Opened

LOG = "".join(f"line {at}: {'Connection refused' if at % 100 == 0 else 'ok'}\n" for at in range(1, 3_001))
ODD = "a lone surrogate: \ud800, and a NUL: \0\n"

Asked = Callable[[ClientSession], Awaitable[Any]]


class Server:
    """One that runs, and a client of it that stays connected."""

    def __init__(self, portal: BlockingPortal, session: ClientSession) -> None:
        self._portal, self._session = portal, session

    def ask(self, asked: Asked) -> Any:
        async def in_time() -> Any:
            return await asyncio.wait_for(asked(self._session), 60)

        return self._portal.call(in_time)

    def call(self, tool: str, **arguments: Any) -> tuple[str, bool]:
        """The text of the answer, and whether it is an error."""

        async def asked(session: ClientSession) -> tuple[str, bool]:
            return read(await session.call_tool(tool, arguments))

        found: tuple[str, bool] = self.ask(asked)
        return found


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with two originals, which nothing here changes."""
    url = f"sqlite:///{tmp_path_factory.mktemp('mcp') / 'sessions.db'}"
    opened = Opened(url)
    originals = [
        Original(
            tag=content_tag(text), session_id="s-1", text=text, kind="log", tool="Bash", path="", tokens=9, at_ms=at
        )
        for at, text in enumerate((LOG, ODD))
    ]
    with opened.engine().begin() as tx:
        writing.write(tx, originals, "p-1")
    opened.close()
    return url


@pytest.fixture(scope="module")
def server(url: str) -> Iterator[Server]:
    """For all questions that are of one kind to it; it takes a second to start."""
    with serving(url) as server:
        yield server


@contextmanager
def serving(url: str) -> Iterator[Server]:
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(connected(url)) as session:
        yield Server(portal, session)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[ClientSession]:
    program = StdioServerParameters(
        command=sys.executable, args=["-m", "addons.cli", "mcp"], cwd=ROOT, env={"KIMI_DATABASE_URL": url}
    )
    with open(os.devnull, "w") as nowhere:
        async with stdio_client(program, nowhere) as streams, ClientSession(*streams) as session:
            greeting = await asyncio.wait_for(session.initialize(), 60)
            assert greeting.serverInfo.name == "kimi-proxy"
            yield session


def read(result: Any) -> tuple[str, bool]:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text, result.isError


def test_the_tools_are_listed_as_reading_only(server: Server) -> None:
    tools = server.ask(lambda session: session.list_tools()).tools
    assert [tool.name for tool in tools] == ["retrieve_original", "search_originals"]
    assert all(tool.annotations.readOnlyHint for tool in tools)
    assert tools == TOOLS


def test_the_tools_cost_few_tokens() -> None:
    """They go with every request; a character is about a quarter of a token."""
    assert len(json.dumps([tool.model_dump(exclude_none=True) for tool in TOOLS])) < 1_200


def test_an_original_is_read_page_by_page(server: Server) -> None:
    async def asked(session: ClientSession) -> list[str]:
        pages, lines = [], ""
        while len(pages) < 10:
            arguments = {"digest": content_tag(LOG)} | ({"lines": lines} if lines else {})
            answer, is_error = read(await session.call_tool("retrieve_original", arguments))
            assert not is_error and len(answer) < ANSWER_LIMIT + 500
            head, *shown, note = answer.split("\n")
            assert head.startswith(f"[original {content_tag(LOG)}: log, result of Bash, 3000 lines, 9 tokens")
            pages.append("\n".join(shown if note.startswith("[cut") else [*shown, note]))
            if not note.startswith("[cut"):
                break
            lines = note.split('"')[1]
        return pages

    pages = server.ask(asked)
    assert len(pages) == 3
    assert "\n".join(pages) == LOG.removesuffix("\n")


def test_some_lines_or_a_pattern_are_enough(server: Server) -> None:
    async def asked(session: ClientSession) -> list[tuple[str, bool]]:
        tag = content_tag(LOG)
        questions: list[dict[str, Any]] = [
            {"lines": "2-3"},
            {"lines": 7},
            {"lines": "150-", "pattern": "[24]00.*refused"},
        ]
        return [read(await session.call_tool("retrieve_original", {"digest": tag[:9]} | each)) for each in questions]

    range_, one, pattern = server.ask(asked)
    assert range_[0].endswith("; lines 2-3]\nline 2: ok\nline 3: ok")
    assert one[0].endswith("; lines 7]\nline 7: ok")
    assert "; lines 150-; 7 lines match '[24]00.*refused']\n198-line 198: ok\n" in pattern[0]
    assert not range_[1] and not one[1] and not pattern[1]


def test_originals_are_found_by_words(server: Server) -> None:
    text, is_error = server.call("search_originals", query="REFUSED connection")
    assert not is_error
    head, original, first, *_, rest = text.split("\n")
    assert head == "'REFUSED connection' is in 1 of the 2 newest originals, the newest first:"
    assert original == f"{content_tag(LOG)}: log, result of Bash, 3000 lines, 9 tokens"
    assert (first, rest) == ("  100: line 100: Connection refused", "  and 25 more lines")


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("retrieve_original", {"digest": "k1:" + "0" * 24}, "There is no original 'k1:0000"),
        ("retrieve_original", {"digest": "nonsense"}, "'nonsense' is not a digest; expected k1:"),
        ("retrieve_original", {}, "missing required field `digest`"),
        ("retrieve_original", {"digest": content_tag(LOG), "lines": "9000-"}, "There are no lines '9000-'"),
        ("retrieve_original", {"digest": content_tag(LOG), "lines": [1]}, "got `array` - at `$.lines`"),
        ("retrieve_original", {"digest": content_tag(LOG), "pattern": "x" * 2_000}, "The pattern has 2000 characters"),
        ("search_originals", {"query": " "}, "expected 1 to 20"),
        ("drop_table", {}, "There is no tool 'drop_table'; expected retrieve_original or search_originals."),
    ],
    ids=["unknown", "no digest", "nothing", "no such lines", "wrong type", "pattern", "no words", "no such tool"],
)
def test_mistakes_are_told_in_words(server: Server, tool: str, arguments: dict[str, Any], told: str) -> None:
    text, is_error = server.call(tool, **arguments)
    assert is_error and told in text


def test_text_that_is_no_unicode_does_not_end_the_connection(server: Server) -> None:
    text, is_error = server.call("retrieve_original", digest=content_tag(ODD))
    assert not is_error
    assert "a lone surrogate: ?, and a NUL: \0" in text


def test_before_there_is_a_store_the_model_is_told(own_places: Path) -> None:
    with serving(f"sqlite:///{own_places / 'none.db'}") as server:
        text, is_error = server.call("search_originals", query="x")
    assert is_error and "There is no database at" in text
    assert not (own_places / "none.db").exists()


def test_standard_output_carries_the_protocol_only(url: str) -> None:
    client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    requests: list[dict[str, Any]] = [
        {"method": "initialize", "id": 1, "params": client},
        {"method": "notifications/initialized"},
        {"method": "tools/call", "id": 2, "params": {"name": "retrieve_original", "arguments": {"digest": "x"}}},
        {"method": "resources/list", "id": 3},
        {"method": "ping", "id": 4},
    ]
    lines = [json.dumps({"jsonrpc": "2.0"} | request) for request in requests]
    lines.insert(2, "this is no JSON")
    environ = os.environ | {"KIMI_DATABASE_URL": url}
    command = [sys.executable, "-m", "addons.cli", "mcp"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, env=environ
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write("\n".join([*lines, ""]).encode())
        process.stdin.flush()
        answers: list[dict[str, Any]] = []
        while not {1, 2, 3, 4} <= {answer.get("id") for answer in answers}:
            answers.append(json.loads(process.stdout.readline()))
        process.stdin.close()
        assert process.wait(120) == 0
        assert process.stdout.read() == b""
    assert all(answer["jsonrpc"] == "2.0" for answer in answers)
    assert "error" in next(answer for answer in answers if answer.get("id") == 3)  # there are tools and nothing else
