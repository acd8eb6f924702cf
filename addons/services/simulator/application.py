"""The simulated providers as one ASGI application: the Host header says which provider, the path which call."""

import logging
import time
from dataclasses import dataclass, replace

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from addons.domain.usage import Usage
from addons.services.simulator import compatible_api, control, gemini_api, other_api
from addons.services.simulator.claims import PrefixCache, claim, prompt_tokens
from addons.services.simulator.dialects import Dialect
from addons.services.simulator.failures import failure, failure_event
from addons.services.simulator.hosts import CONTROL, DIALECTS
from addons.services.simulator.received import Inbox, Received
from addons.services.simulator.script import Answer, Script
from addons.services.simulator.wire import Reply, send_reply

logger = logging.getLogger(__name__)

EVENT_STREAM = "text/event-stream; charset=utf-8"
NOT_FOUND = Reply(404, (b'{"error":{"message":"The simulator does not know this path","type":"not_found"}}',))
QUOTA_OF = "api.kimi.com"


@dataclass(slots=True)
class Application:
    inbox: Inbox
    script: Script
    cache: PrefixCache

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        host = request.headers.get("host", "").partition(":")[0].lower()
        try:
            body = await request.body()
        except ClientDisconnect:
            return
        if host == CONTROL:
            await control.respond(request, body, self.inbox, self.script)(scope, receive, send)
            return
        received = self._record(request, host, body)
        answer = self.script.choose(received)
        try:
            await send_reply(self._reply(received, answer), answer, received, scope, receive, send)
        finally:
            self.inbox.ended(received)

    def _record(self, request: Request, host: str, body: bytes) -> Received:
        raw_path: bytes = request.scope["raw_path"]
        query: bytes = request.scope["query_string"]
        client = request.client
        return self.inbox.add(
            at_s=time.time(),
            method=request.method,
            host=host,
            path=(raw_path + (b"?" + query if query else b"")).decode("latin-1"),
            headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw],
            body=body,
            connection=f"{client.host}:{client.port}" if client else "",
        )

    def _reply(self, received: Received, answer: Answer) -> Reply:
        dialect = DIALECTS.get(received.host)
        if answer.body is not None:
            streamed = answer.content_type.startswith("text/event-stream")
            return Reply(answer.status, (answer.body,), {}, answer.content_type, streamed)
        if dialect is None:
            return NOT_FOUND
        if answer.error and answer.error_after is None:
            found = failure(dialect.name, answer.error)
            return Reply(found.status, (found.body.encode(),), found.headers)
        try:
            reply = self._success(received, answer, dialect)
        except msgspec.DecodeError as error:
            logger.warning("simulator: %s%s: unreadable body: %s", received.host, received.path, error)
            return Reply(400, (b'{"error":{"message":"unreadable body","type":"invalid_request_error"}}',))
        if answer.error and answer.error_after is not None:
            head = list(reply.body)[: answer.error_after]
            event = compatible_api.sse(failure_event(dialect.name, answer.error))
            return Reply(200, (*head, event), reply.headers, reply.content_type, stream=True)
        return reply

    def _success(self, received: Received, answer: Answer, dialect: Dialect) -> Reply:
        path, _, query = received.path.partition("?")
        if _native_gemini(dialect, path):
            return self._gemini(received, answer, dialect, path, query)
        if path.endswith("/models"):
            return Reply(200, (other_api.models(dialect, native_gemini=False),))
        if path.endswith("/usages") and received.host == QUOTA_OF:
            return Reply(200, (other_api.quota(self._chats()),))
        if path.endswith("/embeddings"):
            usage = self._claim(received, answer, dialect, "")
            return Reply(200, (other_api.embeddings(received.body, usage),))
        if path.endswith("/rerank"):
            return Reply(200, (other_api.rerank(received.body, self._claim(received, answer, dialect, "")),))
        if path.endswith("/completions"):
            return self._completion(received, answer, dialect, path)
        return NOT_FOUND

    def _completion(self, received: Received, answer: Answer, dialect: Dialect, path: str) -> Reply:
        asked = msgspec.json.decode(received.body, type=compatible_api.Asked)
        usage = self._claim(received, answer, dialect, asked.model)
        form = compatible_api.Chat if path.endswith(("/chat/completions", "/fim/completions")) else compatible_api.Text
        chat = form(dialect, asked, answer, usage, received.seq)
        if not chat.states_usage:
            received.claim = None
        headers = _headers(dialect, received)
        if asked.stream:
            return Reply(200, chat.events(), headers, EVENT_STREAM, stream=True)
        return Reply(200, (chat.whole(),), headers)

    def _gemini(self, received: Received, answer: Answer, dialect: Dialect, path: str, query: str) -> Reply:
        name, _, method = path.rpartition("/")[2].partition(":")
        if method in ("embedContent", "batchEmbedContents"):
            return Reply(200, (other_api.gemini_embeddings(received.body, method.startswith("batch")),))
        if method == "countTokens":
            return Reply(200, (other_api.count_tokens(prompt_tokens(received.body)),))
        if method == "streamGenerateContent":
            usage = self._claim(received, answer, dialect, name)
            if "alt=sse" in query:
                return Reply(200, gemini_api.events(answer, usage, name, received.seq), {}, "text/event-stream", True)
            return Reply(200, gemini_api.array(answer, usage, name, received.seq), stream=True)
        if method == "generateContent":
            usage = self._claim(received, answer, dialect, name)
            return Reply(200, (gemini_api.whole(answer, usage, name, received.seq),))
        return Reply(200, (other_api.models(dialect, native_gemini=True),)) if name == "models" else NOT_FOUND

    def _claim(self, received: Received, answer: Answer, dialect: Dialect, model: str) -> Usage:
        usage = claim(dialect, received, model, answer, self.cache)
        if _native_gemini(dialect, received.path):  # leaves out thoughts where there are none
            usage = replace(usage, reasoning_tokens=usage.reasoning_tokens or None)
        received.claim = usage
        return usage

    def _chats(self) -> int:
        return sum("/chat/completions" in received.path for received in self.inbox.all())


def _native_gemini(dialect: Dialect, path: str) -> bool:
    return dialect.name == "gemini" and "/openai/" not in path


def _headers(dialect: Dialect, received: Received) -> dict[str, str]:
    """What this provider adds to its answers."""
    if dialect.name in ("kimi", "moonshot"):
        return {"x-trace-id": f"trace-{received.seq:08d}"}
    if dialect.name == "cerebras":
        return {"set-cookie": "__cf_bm=f4k3-c00k1e; path=/; HttpOnly", "x-ratelimit-remaining-tokens-minute": "59000"}
    if dialect.name == "groq":
        return {
            "x-ratelimit-limit-requests": "14400",
            "x-ratelimit-remaining-requests": str(14400 - received.seq),
            "x-ratelimit-limit-tokens": "250000",
            "x-ratelimit-remaining-tokens": "249000",
            "x-ratelimit-reset-tokens": "7.66ms",
            "x-request-id": f"req_{received.seq:08d}",
        }
    return {"x-request-id": f"req_{received.seq:08d}"}
