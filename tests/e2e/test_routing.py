"""A conversation that outgrows its model goes on with another, and its client notices nothing."""

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from addons.services.simulator.received import Received
from addons.services.simulator.script import Answer, Rule, ToolCall
from addons.services.simulator.server import Simulator
from tests.e2e.continue_cli import Cn
from tests.e2e.harness import Product, Row, Way

pytestmark = pytest.mark.e2e

MISTRAL = "api.mistral.ai"
GOOGLE = "generativelanguage.googleapis.com"
ASKED = "ministral-8b-2410"
WINDOW = 32_768
STEPS = 22
"""Files that the assistant reads, some 2,400 tokens each; the simulator counts fewer, and that is learned."""
OWN_SETTINGS = """
[compression]
enabled = false
[masking]
policy = "off"
"""


class Roomless(Product):
    """Nothing is masked or summarised, so that routing alone has to do."""

    more = ""

    def unlimited(self) -> str:
        return super().unlimited() + OWN_SETTINGS + self.more


class WithGemini(Roomless):
    """Where the provider's own models are no larger than the one that is asked for."""

    def unlimited(self) -> str:
        names = ("codestral-latest", "codestral-2508", "mistral-code-latest", "devstral-latest", "mistral-large-latest")
        names += ("devstral-medium-latest", "devstral-small-latest", "mistral-large-4", "mistral-medium-latest")
        names += ("mistral-small-latest", "ministral-8b-latest", "ministral-3b-latest", "ministral-14b-latest")
        names += ("magistral-medium-latest",)
        closed = "".join(f'[providers.mistral.models."{name}"]\nroutable = false\n' for name in names)
        return super().unlimited() + '[routing]\nfallback = ["gemini/gemini-2.5-flash"]\n' + closed


MakeProduct = Callable[..., Product]


@pytest.fixture
def make_product(tmp_path: Path, simulator: Simulator) -> Iterator[MakeProduct]:
    made: list[Product] = []

    def make(kind: type[Product], **environ: str) -> Product:
        product = kind(tmp_path, simulator, environ)
        product.start()
        made.append(product)
        return product

    yield make
    for product in made:
        product.stop(signal.SIGKILL)


def notes(number: int) -> str:
    return "\n".join(
        f"Note {number}.{line}: shelf {line * 37 % 91} holds {line * 53 % 77} boxes." for line in range(170)
    )


def script(simulator: Simulator, names: str = "Read") -> None:
    """One file after the other, whoever is asked; the small model refuses what is too large for it."""
    simulator.inbox.clear()
    simulator.script.replace(
        [Rule(answer=Answer(error="context"), contains=ASKED, min_body_bytes=5 * WINDOW, times=None)]
    )
    calls = [ToolCall(name=names, arguments={"filepath": f"notes{number}.txt"}) for number in range(STEPS)]
    simulator.script.answer(
        *(Answer(text=f"I read part {number}.", tool_calls=(call,)) for number, call in enumerate(calls)),
        Answer(text="All notes are read."),
    )


TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "Read",
            "description": "Reads a file.",
            "parameters": {"type": "object", "properties": {"filepath": {"type": "string"}}, "required": ["filepath"]},
        },
    }
]


def chunks(answer: httpx.Response) -> list[dict[str, Any]]:
    return [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: {")]


def message_of(answer: httpx.Response) -> dict[str, Any]:
    """The assistant's message, gathered from a stream as a client gathers it."""
    if answer.headers["content-type"].startswith("application/json"):
        return dict(answer.json()["choices"][0]["message"])
    message: dict[str, Any] = {"role": "assistant", "content": ""}
    calls: dict[int, dict[str, Any]] = {}
    for event in chunks(answer):
        for choice in event["choices"]:
            delta = choice["delta"]
            message["content"] += delta.get("content") or ""
            for piece in delta.get("tool_calls") or ():
                call = calls.setdefault(piece.get("index", 0), {"id": "", "function": {"name": "", "arguments": ""}})
                call["id"] = call["id"] or piece.get("id", "")
                for name in ("name", "arguments"):
                    call["function"][name] += piece["function"].get(name) or ""
    if calls:
        message["tool_calls"] = [{"type": "function", **call} for call in calls.values()]
    return message


def converse(way: Way, *, stream: bool) -> list[tuple[bytes, httpx.Response]]:
    """A client that reads all notes: what it sent, and what it got."""
    messages: list[dict[str, Any]] = [
        {"role": "system", "content": "You are in agent mode."},
        {"role": "user", "content": "Read all notes, one file after the other."},
    ]
    url = way.base_url("mistral", MISTRAL, "/v1") + "/chat/completions"
    done: list[tuple[bytes, httpx.Response]] = []
    with way.client() as client:
        for number in range(STEPS + 1):
            fields = {"model": ASKED, "messages": messages, "tools": TOOLS, "stream": stream}
            body = json.dumps(fields).encode()
            headers = {"authorization": "Bearer sk-mistral-own", "content-type": "application/json"}
            answer = client.post(url, content=body, headers=headers)
            done.append((body, answer))
            assert answer.status_code == 200, answer.text
            message = message_of(answer)
            messages.append(message)
            for call in message.get("tool_calls", ()):
                assert json.loads(call["function"]["arguments"]) == {"filepath": f"notes{number}.txt"}
                messages.append({"role": "tool", "tool_call_id": call["id"], "content": notes(number)})
    return done


def chat_rows(product: Product) -> list[Row]:
    product.stop()
    return [row for row in product.completions() if row["kind"] == "chat"]


def is_ended_well(rows: list[Row], provider: str) -> None:
    assert {row["outcome"] for row in rows} == {"ok"}
    assert len({row["session_id"] for row in rows}) == 1

    at = next(index for index, row in enumerate(rows) if row["routed_from"])
    assert {row["routed_from"] for row in rows[at:]} == {f"mistral/{ASKED}"}
    assert {row["provider"] for row in rows[at:]} == {provider}
    assert len({row["model"] for row in rows[at:]}) == 1
    assert {(row["provider"], row["model"], row["routed_from"]) for row in rows[:at]} == {("mistral", ASKED, "")}
    assert 3 <= at < len(rows) - 2


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
class TestALargerMistralModel:
    def test_the_conversation_goes_on_there(
        self, make_product: MakeProduct, simulator: Simulator, stream: bool
    ) -> None:
        product = make_product(Roomless)
        script(simulator)
        sent = converse(Way(product, gateway=False), stream=stream)
        assert message_of(sent[-1][1])["content"] == "All notes are read."
        received = simulator.inbox.all()
        rows = chat_rows(product)
        is_ended_well(rows, "mistral")
        assert rows[-1]["context_fill"] < 0.9
        for (body, _), request, row in zip(sent, received, rows, strict=True):
            assert request.host == MISTRAL
            assert request.credential == "sk-mistral-own"
            assert request.body == body.replace(ASKED.encode(), row["model"].encode())
        told = product.query("SELECT * FROM events WHERE kind = 'routing'")
        assert [json.loads(event["data"])["step"] for event in told] == ["moved"]


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
@pytest.mark.parametrize("gateway", [True, False], ids=["gateway", "proxy"])
class TestGemini:
    def test_the_conversation_goes_on_there(
        self, make_product: MakeProduct, simulator: Simulator, stream: bool, gateway: bool
    ) -> None:
        product = make_product(WithGemini, GEMINI_API_KEY="AIza-ours")
        script(simulator)
        sent = converse(Way(product, gateway=gateway), stream=stream)
        assert message_of(sent[-1][1])["content"] == "All notes are read."
        received = simulator.inbox.all()
        rows = chat_rows(product)
        is_ended_well(rows, "gemini")
        for (body, _), request, row in zip(sent, received, rows, strict=True):
            if row["provider"] == "mistral":
                assert (request.host, request.body) == (MISTRAL, body)
            else:
                is_googles(request, stream)
        assert all(row["prompt_tokens"] for row in rows)


def is_googles(request: Received, stream: bool) -> None:
    assert request.host == GOOGLE
    method = ":streamGenerateContent?alt=sse" if stream else ":generateContent"
    assert request.path == f"/v1beta/models/gemini-2.5-flash{method}"
    assert request.credential == "AIza-ours"
    assert "sk-mistral-own" not in str(request.headers)
    assert {content["role"] for content in request.json()["contents"]} == {"user", "model"}


class TestAfterARestart:
    def test_the_session_stays_where_it_is(self, make_product: MakeProduct, simulator: Simulator) -> None:
        product = make_product(WithGemini, GEMINI_API_KEY="AIza-ours")
        script(simulator)
        sent = converse(Way(product, gateway=False), stream=True)
        product.stop()
        product.start()
        simulator.script.replace([])
        with Way(product, gateway=False).client() as client:
            url = f"https://{MISTRAL}/v1/chat/completions"
            assert client.post(url, content=sent[-1][0]).status_code == 200
        assert simulator.inbox.all()[-1].host == GOOGLE


MISTRAL_CONFIG = """\
name: End to end
version: 0.0.1
schema: v1
models:
  - name: Small
    provider: openai
    model: {model}
    apiBase: {base_url}
    apiKey: sk-mistral-own
    roles: [chat]
    capabilities: [tool_use]
"""


class MistralCn(Cn):
    """Continue's command line with a Mistral model."""

    def config(self, stream: bool) -> str:
        return MISTRAL_CONFIG.format(model=ASKED, base_url=self.way.base_url("mistral", MISTRAL, "/v1"))


class TestContinue:
    @pytest.mark.parametrize("to", ["mistral", "gemini"])
    def test_its_session_goes_on(
        self, make_product: MakeProduct, simulator: Simulator, cn_program: str, tmp_path: Path, to: str
    ) -> None:
        kind = WithGemini if to == "gemini" else Roomless
        product = make_product(kind, GEMINI_API_KEY="AIza-ours")
        script(simulator)
        cn = MistralCn(cn_program, tmp_path, Way(product, gateway=False))
        for number in range(STEPS):
            (cn.work / f"notes{number}.txt").write_text(notes(number), encoding="utf-8")
        assert cn.run("--auto", "Read all notes, one file after the other.").strip() == "All notes are read."
        is_ended_well(chat_rows(product), to)
