"""The calls beside chat: embeddings, rerank, model lists, token counts, Kimi's quota."""

import base64
import hashlib
import struct
from typing import Any

import msgspec

from addons.domain.usage import Usage
from addons.services.simulator.dialects import Dialect

DIMENSIONS = 8

MODELS: dict[str, tuple[tuple[str, int], ...]] = {
    "kimi": (("kimi-for-coding", 262144), ("k3", 1048576)),
    "moonshot": (("kimi-k2.6", 262144), ("kimi-k3", 1048576)),
    "nvidia": (("moonshotai/kimi-k2.6", 262144), ("openai/gpt-oss-120b", 131072)),
    "mistral": (("codestral-latest", 128000), ("devstral-latest", 256000), ("mistral-large-latest", 262144)),
    "groq": (("openai/gpt-oss-120b", 131072), ("openai/gpt-oss-20b", 131072)),
    "openrouter": (("moonshotai/kimi-k2.6", 262144), ("qwen/qwen3-coder", 262144)),
    "siliconflow": (("Qwen/Qwen3-32B", 131072), ("moonshotai/Kimi-K2.6", 262000)),
    "gemini": (("gemini-2.5-flash", 1048576), ("gemini-2.5-pro", 1048576)),
    "cerebras": (("gpt-oss-120b", 131072),),
    "openai": (("gpt-4.1", 1047576),),
}


def vector(text: str) -> list[float]:
    """The same for the same text, of length 1 per component at most."""
    digest = hashlib.sha256(text.encode()).digest()
    return [byte / 255 - 0.5 for byte in digest[:DIMENSIONS]]


class EmbeddingsAsked(msgspec.Struct):
    model: str = ""
    input: str | list[str] = ""
    encoding_format: str = "float"


def embeddings(body: bytes, usage: Usage) -> bytes:
    asked = msgspec.json.decode(body, type=EmbeddingsAsked)
    texts = [asked.input] if isinstance(asked.input, str) else asked.input
    vectors: list[Any] = [vector(text) for text in texts]
    if asked.encoding_format == "base64":
        vectors = [base64.b64encode(struct.pack(f"<{DIMENSIONS}f", *values)).decode() for values in vectors]
    data = [{"object": "embedding", "index": index, "embedding": values} for index, values in enumerate(vectors)]
    counts = {"prompt_tokens": usage.prompt_tokens, "total_tokens": usage.prompt_tokens}
    return msgspec.json.encode({"object": "list", "data": data, "model": asked.model, "usage": counts})


def gemini_embeddings(body: bytes, batch: bool) -> bytes:
    asked = msgspec.json.decode(body)
    requests = asked["requests"] if batch else [asked]
    vectors = [{"values": vector("".join(part["text"] for part in item["content"]["parts"]))} for item in requests]
    return msgspec.json.encode({"embeddings": vectors} if batch else {"embedding": vectors[0]})


class RerankAsked(msgspec.Struct):
    query: str
    documents: list[str]
    model: str = ""


def rerank(body: bytes, usage: Usage) -> bytes:
    """The more words a document shares with the query, the better."""
    asked = msgspec.json.decode(body, type=RerankAsked)
    words = set(asked.query.lower().split())
    scores = [len(words & set(document.lower().split())) / max(1, len(words)) for document in asked.documents]
    order = sorted(range(len(scores)), key=lambda index: -scores[index])
    results = [{"index": index, "relevance_score": scores[index]} for index in order]
    counts = {"prompt_tokens": usage.prompt_tokens, "total_tokens": usage.prompt_tokens}
    return msgspec.json.encode({"id": "rerank-0", "results": results, "data": results, "usage": counts})


def models(dialect: Dialect, native_gemini: bool) -> bytes:
    listed = MODELS[dialect.name]
    if native_gemini:
        rows = [
            {"name": f"models/{name}", "inputTokenLimit": window, "outputTokenLimit": 65536} for name, window in listed
        ]
        return msgspec.json.encode({"models": rows})
    data = [
        {"id": name, "object": "model", "context_length": window, "owned_by": dialect.name} for name, window in listed
    ]
    return msgspec.json.encode({"object": "list", "data": data})


def count_tokens(prompt_tokens: int) -> bytes:
    return msgspec.json.encode({"totalTokens": prompt_tokens})


def quota(used: int, limit: int = 100) -> bytes:
    """Kimi Code's `/usages`: numbers are strings there. `used` counts the chat requests so far."""
    left = max(0, limit - used)
    detail = {"limit": str(limit), "remaining": str(left), "resetTime": "2030-01-01T00:00:00Z"}
    window = {"window": {"duration": 300, "timeUnit": "TIME_UNIT_MINUTE"}, "detail": detail}
    return msgspec.json.encode({"usage": detail, "limits": [window]})
