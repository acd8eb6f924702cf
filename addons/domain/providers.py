"""Which provider and which operation a request goes to: by host, then by the longest base path, then by the path's end.

The end decides, not the whole path, because clients put versions together in ways that providers partly accept:
Continue's Moonshot class asks for `/v1/v1/chat/completions` where apiBase ends in `/v1/`. The query is not looked at:
how a Gemini stream is framed (`alt=sse` or one JSON array) is told by the answer's content type.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import unquote

from addons.domain.settings import Settings


class Operation(StrEnum):
    """What the path says; the kind of a request needs its body too (see `kinds`)."""

    CHAT = "chat"
    """POST …/chat/completions, :generateContent, :streamGenerateContent."""
    COMPLETIONS = "completions"
    """POST …/completions: legacy, with `prompt`."""
    FIM = "fim"
    """POST …/fim/completions."""
    EMBEDDINGS = "embeddings"
    RERANK = "rerank"
    MODELS = "models"
    OTHER = "other"
    """Recorded by provider and path only."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a request goes."""

    provider: str
    """Key in providers.toml."""
    wire: str
    """Name of the wire format."""
    operation: Operation
    model: str = ""
    """From the path, where it stands there (Gemini)."""
    stream: bool | None = None
    """From the path, where it stands there (Gemini); None: the body says it."""


Segments = tuple[str, ...]

OPENAI_ENDS: tuple[tuple[Segments, Operation], ...] = (
    (("chat", "completions"), Operation.CHAT),
    (("fim", "completions"), Operation.FIM),
    (("completions",), Operation.COMPLETIONS),
    (("embeddings",), Operation.EMBEDDINGS),
    (("rerank",), Operation.RERANK),
)
"""What a POST's path ends in, the longer end first."""

GEMINI_METHODS: dict[str, tuple[Operation, bool | None]] = {
    "generateContent": (Operation.CHAT, False),
    "streamGenerateContent": (Operation.CHAT, True),
    "embedContent": (Operation.EMBEDDINGS, False),
    "batchEmbedContents": (Operation.EMBEDDINGS, False),
}
"""What stands behind the colon of a POST to `models/M:…`, and whether it streams."""

VERSION = re.compile(r"v\d+(alpha|beta)?\d*")
"""A path segment that is an API version: v1, v1beta, v1alpha."""


class GatewayTarget(NamedTuple):
    """Where a request to the gateway is sent."""

    provider: str
    """Key in providers.toml."""
    host: str
    path: str
    """With the query, as it came."""


@dataclass(frozen=True, slots=True)
class _Base:
    key: str
    wire: str
    segments: Segments


class Matcher:
    """Tables made once from the settings; looking up is a few comparisons, because every request does it."""

    def __init__(self, settings: Settings) -> None:
        self._by_host: dict[str, list[_Base]] = {}
        self._by_key: dict[str, tuple[str, Segments]] = {}
        for key, provider in settings.providers.items():
            base = _Base(key, provider.wire, _segments(provider.base_path))
            self._by_key[key] = (provider.hosts[0], base.segments)
            for host in provider.hosts:
                self._by_host.setdefault(host, []).append(base)
        for bases in self._by_host.values():
            bases.sort(key=lambda base: len(base.segments), reverse=True)

    def match(self, host: str, path: str, method: str = "POST") -> Endpoint | None:
        """The endpoint; operation `OTHER` where only the host is known. None: not a provider's host.

        The host may have upper case and a port; the path may have a query, doubled slashes and a slash at its end.
        """
        bases = self._by_host.get(_bare_host(host))
        if bases is None:
            return None
        segments = _segments(path)
        for base in bases:
            if segments[: len(base.segments)] == base.segments:
                return _endpoint(base, segments, method)
        # Under another base path (Gemini's /v1 beside /v1beta): the wire format that knows the path's end.
        endpoints = [_endpoint(base, segments, method) for base in bases]
        known = (endpoint for endpoint in endpoints if endpoint.operation is not Operation.OTHER)
        return next(known, endpoints[-1])

    def gateway_target(self, path: str) -> GatewayTarget | None:
        """Where `/<provider key>/…` goes; None if the first segment is no provider's key.

        `/<provider key>` stands for the provider's base URL. Some clients add the base path, or its version, themselves
        (google-genai adds `/v1beta`, an OpenAI client may add `/v1`), so
        - what the rest repeats of the base path's end is taken once: `/kimi-code/chat/completions`,
          `/kimi-code/v1/chat/completions` and `/kimi-code/coding/v1/chat/completions` are the same;
        - where base path and rest each bring a version, the client's wins: `/gemini/v1alpha/models/…`.
        """
        plain, mark, query = path.partition("?")
        key, _, rest = plain.lstrip("/").partition("/")
        target = self._by_key.get(key.lower())
        if target is None:
            return None
        host, base = target
        return GatewayTarget(key.lower(), host, "/" + "/".join(_joined(base, rest)) + mark + query)


def _joined(base: Segments, rest: str) -> Segments:
    """Base path and rest, joined as `gateway_target` says; the rest keeps its spelling."""
    after = tuple(rest.lstrip("/").split("/")) if rest.strip("/") else ()
    for length in range(len(base), 0, -1):
        if after[:length] == base[-length:]:
            return base + after[length:]
    if base and after and VERSION.fullmatch(base[-1]) and VERSION.fullmatch(after[0]):
        return base[:-1] + after
    return base + after


def _endpoint(base: _Base, segments: Segments, method: str) -> Endpoint:
    find = _gemini if base.wire == "gemini" else _openai
    operation, model, stream = find(segments, method.upper())
    return Endpoint(base.key, base.wire, operation, model, stream)


def _openai(segments: Segments, method: str) -> tuple[Operation, str, bool | None]:
    if method == "POST":
        for end, operation in OPENAI_ENDS:
            if segments[-len(end) :] == end:
                return operation, "", None
    if method == "GET" and "models" in segments:
        return Operation.MODELS, "", None
    return Operation.OTHER, "", None


def _gemini(segments: Segments, method: str) -> tuple[Operation, str, bool | None]:
    """`…/models/M:method`; a tuned model is `…/tunedModels/M:method`."""
    last = unquote(segments[-1]) if segments else ""
    if method == "GET":
        listed = last == "models" or segments[-2:-1] == ("models",)
        return (Operation.MODELS if listed else Operation.OTHER), "", None
    model, colon, name = last.rpartition(":")
    if not colon or segments[-2:-1] not in (("models",), ("tunedModels",)):
        return Operation.OTHER, "", None
    operation, stream = (
        GEMINI_METHODS.get(name, (Operation.OTHER, None)) if method == "POST" else (Operation.OTHER, None)
    )
    return operation, model, stream


def _segments(path: str) -> Segments:
    return tuple(segment for segment in path.partition("?")[0].split("/") if segment)


def _bare_host(host: str) -> str:
    """Lower case, without port and without the root's dot."""
    return host.lower().partition(":")[0].rstrip(".")
