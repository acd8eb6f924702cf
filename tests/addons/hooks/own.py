"""The addons of kimi.py as mitmdump holds them, driven hook by hook, and flows to drive them with."""

import asyncio
import inspect
import json
import runpy
import warnings
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from mitmproxy import http
from msgspec.structs import replace

from addons.hooks.exchange import Exchange, Exchanges
from addons.hooks.masking import Masking
from addons.hooks.store import Store

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # mitmproxy's flow filters use pyparsing's former names
    from mitmproxy.addons import dumper, proxyserver
    from mitmproxy.options import Options
    from mitmproxy.test import taddons, tflow, tutils

T = TypeVar("T")

KIMI = Path(__file__).parents[3] / "addons" / "kimi.py"
NOW_S = 1_790_000_000.0

PROVIDERS = """
[providers.acme]
name = "Acme"
hosts = ["llm.acme.test"]
base_path = "/v1"
cache = { lifetime_s = 300 }
[providers.acme.models.large]
context_window = 200000
price = { input = 1.0, cached = 0.1, output = 4.0 }
[providers.acme.models.small]
context_window = 2000

[providers.gem]
name = "Gem"
hosts = ["gem.test"]
base_path = "/v1beta"
wire = "gemini"
[providers.gem.models.flash]
context_window = 1000000
price = { input = 1.0, cached = 0.1, output = 4.0 }
"""
"""Of no real provider, so that a new price list changes no test."""


class KeptRecords:
    """In the recorder's place: keeps what is submitted, unless it is told to refuse."""

    lost = 0

    def __init__(self) -> None:
        self.records: list[Any] = []
        self.refuses: Callable[[object], bool] = lambda record: False

    def submit(self, record: object) -> bool:
        if self.refuses(record):
            return False
        self.records.append(record)
        return True

    def close(self, timeout_s: float) -> None:
        pass

    def of(self, kind: type[T]) -> list[T]:
        return [record for record in self.records if isinstance(record, kind)]


class Own:
    """One proxy's addons, in the order and with the references that kimi.py gives them."""

    def __init__(self, folder: Path, providers: str = PROVIDERS, recorder: Any = None) -> None:
        file = folder / "providers.toml"
        file.write_text(providers, encoding="utf-8")
        found = runpy.run_path(str(KIMI))
        (chain,) = found["addons"]
        self.addons: list[Any] = list(chain.members)
        self.exchanges: Exchanges = found["exchanges"]
        self.configuration = found["configuration"]
        self.sessions = found["sessions"]
        self.records = recorder or KeptRecords()
        self.addon(Store).recorder = self.records
        options = Options(confdir=str(folder))  # another than the default, for which an authority would be made
        self.context = taddons.context(proxyserver.Proxyserver(), dumper.Dumper(), options=options)
        self.loop = self.context.master.event_loop
        self.context.master.addons.add(*self.addons)
        self.context.options.update(kimi_providers=str(file))

    def addon(self, kind: type[T]) -> T:
        return next(addon for addon in self.addons if isinstance(addon, kind))

    def insert(self, addon: Any, before: type) -> None:
        """Another addon into the chain."""
        at = next(index for index, each in enumerate(self.addons) if isinstance(each, before))
        self.addons.insert(at, addon)

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(coroutine)

    def close(self) -> None:
        self.run(self.drafted())
        self.run(self.loop.shutdown_default_executor())
        self.context.master._legacy_log_events.uninstall()
        self.context.__exit__(None, None, None)

    def masking(self, **fields: Any) -> None:
        """Other masking settings from now on."""
        self.change("masking", **fields)

    def change(self, section: str, **fields: Any) -> None:
        """Other settings of a section from now on."""
        settings = self.configuration.settings
        changed = replace(getattr(settings, section), **fields)
        self.configuration.use(replace(settings, **{section: changed}))

    async def hook(self, name: str, flow: http.HTTPFlow) -> None:
        """One of mitmproxy's hooks on every addon in turn; what raises, raises here."""
        for addon in self.addons:
            function = getattr(addon, name, None)
            result = function(flow) if function else None
            if inspect.isawaitable(result):
                await result

    async def request(self, flow: http.HTTPFlow) -> bytes:
        """The request arrives; what is forwarded."""
        await self.hook("requestheaders", flow)
        await self.hook("request", flow)
        return flow.request.raw_content or b""

    async def head(self, flow: http.HTTPFlow, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        flow.response = http.Response.make(status)  # headers later: it would drop an encoding that it does not know
        flow.response.headers.update(headers or {"content-type": "text/event-stream"})
        await self.hook("responseheaders", flow)

    async def answer(
        self,
        flow: http.HTTPFlow,
        chunks: Iterable[bytes],
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> list[bytes]:
        """The answer passes to its end; the chunks as the client gets them."""
        await self.head(flow, status, headers)
        got = [passed(flow, chunk) for chunk in chunks]
        passed(flow, b"")
        await self.hook("response", flow)
        return got

    async def error(self, flow: http.HTTPFlow, message: str) -> None:
        flow.error = tflow.terr(message)
        await self.hook("error", flow)

    async def call(self, flow: http.HTTPFlow, text: str = "Done.") -> bytes:
        """A whole chat call that goes well; what was forwarded."""
        forwarded = await self.request(flow)
        await self.answer(flow, stream_of(text))
        await self.drafted()
        return forwarded

    async def drafted(self) -> None:
        """Until all drafts are made."""
        await asyncio.gather(*self.addon(Masking).drafting)

    def exchange(self, flow: http.HTTPFlow) -> Exchange:
        found = self.exchanges.of(flow)
        assert found
        return found


def passed(flow: http.HTTPFlow, chunk: bytes) -> bytes:
    """What mitmproxy hands to the client for a chunk of a streamed answer."""
    assert flow.response
    stream = flow.response.stream
    return stream(chunk) if callable(stream) else chunk  # type: ignore[return-value]


def flow_to(
    host: str,
    path: str,
    body: bytes = b"",
    *,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
    at_s: float = NOW_S,
    scheme: str = "https",
) -> http.HTTPFlow:
    fields = {"host": host, "content-type": "application/json"} | dict(headers or {})
    flow = tflow.tflow(
        req=tutils.treq(
            host=host,
            port=443 if scheme == "https" else 80,
            method=method.encode(),
            scheme=scheme.encode(),
            authority=b"",
            path=path.encode(),
            headers=http.Headers([(name.encode(), value.encode()) for name, value in fields.items()]),
            content=body,
            timestamp_start=at_s,
        )
    )
    flow.request.headers["content-length"] = str(len(body))
    return flow


def chat(messages: Sequence[Mapping[str, Any]], **fields: Any) -> http.HTTPFlow:
    """A chat completion in OpenAI's form; `headers` and `at_s` go to the flow, `raw` is the body, others are in it."""
    framing = {name: fields.pop(name) for name in ("headers", "at_s") if name in fields}
    raw = fields.pop("raw", None)
    body = {"model": "large", "stream": True, "messages": list(messages)} | fields
    return flow_to("llm.acme.test", "/v1/chat/completions", raw or json.dumps(body).encode(), **framing)


def gemini(contents: Sequence[Mapping[str, Any]], **fields: Any) -> http.HTTPFlow:
    framing = {name: fields.pop(name) for name in ("headers", "at_s") if name in fields}
    body = json.dumps({"contents": list(contents)} | fields).encode()
    return flow_to("gem.test", "/v1beta/models/flash:streamGenerateContent?alt=sse", body, **framing)


def stream_of(text: str, *, usage: Mapping[str, Any] | None = None, finish: str | None = "stop") -> list[bytes]:
    """An OpenAI event stream, an event a chunk."""
    events: list[dict[str, Any]] = [{"choices": [{"index": 0, "delta": {"content": text}}]}]
    if finish:
        events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    if usage:
        events.append({"choices": [], "usage": dict(usage)})
    chunks = [b"data: " + json.dumps(event).encode() + b"\n\n" for event in events]
    return [*chunks, b"data: [DONE]\n\n"] if finish else chunks
