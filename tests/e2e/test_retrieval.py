"""The model gets an original back: Continue's command line starts our MCP server and hands the model its answer."""

import json
import sys
from dataclasses import replace
from typing import Any

import pytest

from addons.domain.decisions import Original
from addons.domain.masking.placeholder import content_tag
from addons.domain.masking.retrieval import retrieval_tool_name
from addons.domain.places import ROOT
from addons.services.simulator.script import Answer, ToolCall
from db import writing
from db.opened import Opened
from tests.e2e.continue_cli import Cn
from tests.e2e.harness import Case, Product, Way

pytestmark = pytest.mark.e2e

MCP_SERVERS = """\
mcpServers:
  - name: kimi-proxy
    command: {python}
    args: [-m, addons.cli, mcp]
    cwd: {root}
    env:
      KIMI_DATABASE_URL: sqlite:///{database}
"""
RETRIEVE, SEARCH = "retrieve_original", "search_originals"
"""This client leaves the names of the tools as they are; the IDE extensions put the server's name before them."""
LOG = "".join(f"line {at}: {'ERROR disk full' if at == 70 else 'ok'}\n" for at in range(1, 201))
TAG = content_tag(LOG)


@pytest.fixture
def way(product: Product) -> Way:
    """The client's tools do not depend on how its requests travel."""
    return Way(product, gateway=False)


@pytest.fixture
def cn_with_server(cn: Cn) -> Cn:
    database = cn.way.product.database
    return replace(cn, more_config=MCP_SERVERS.format(python=sys.executable, root=ROOT, database=database))


@pytest.fixture(autouse=True)
def stored(product: Product) -> None:
    """Beside the running product, as a second proxy would."""
    opened = Opened(f"sqlite:///{product.database}")
    made = Original(tag=TAG, session_id="s-other", text=LOG, kind="log", tool="Bash", path="", tokens=900, at_ms=1)
    with opened.engine().begin() as tx:
        writing.write(tx, [made], "p-test")
    opened.close()


def tool_results(body: dict[str, Any]) -> list[str]:
    """The text in each; this client sends the parts of an MCP answer as JSON."""
    contents = [message["content"] for message in body["messages"] if message["role"] == "tool"]
    return [json.loads(content)[0]["text"] if content.startswith('[{"type"') else content for content in contents]


def test_the_model_reads_an_original_again(case: Case, cn_with_server: Cn) -> None:
    case.simulator.script.answer(
        Answer(text="", tool_calls=(ToolCall(name=SEARCH, arguments={"query": "disk full"}),)),
        Answer(text="", tool_calls=(ToolCall(name=RETRIEVE, arguments={"digest": TAG, "lines": "69-71"}),)),
        Answer(text="The disk was full at line 70."),
    )
    assert cn_with_server.run("--auto", "What failed?").strip() == "The disk was full at line 70."
    received = case.received(3)
    tools = json.dumps(received[0].json()["tools"]).encode()
    assert retrieval_tool_name(tools) == RETRIEVE
    found, read = tool_results(received[2].json())
    assert f"{TAG}: log, result of Bash, 200 lines, 900 tokens\n  70: line 70: ERROR disk full" in found
    assert read.endswith("lines 69-71]\nline 69: ok\nline 70: ERROR disk full\nline 71: ok")


def test_the_model_is_told_what_is_not_there(case: Case, cn_with_server: Cn) -> None:
    case.simulator.script.answer(
        Answer(text="", tool_calls=(ToolCall(name=RETRIEVE, arguments={"digest": "k1:" + "0" * 24}),)),
        Answer(text="Then I run it again."),
    )
    assert cn_with_server.run("--auto", "What failed?").strip() == "Then I run it again."
    (told,) = tool_results(case.received(2)[1].json())
    assert "There is no original 'k1:000" in told
