"""How the providers with OpenAI's form differ: where a stream has its usage, with which fields, and its reasoning.

The shapes are those of recorded answers; where none is public, those of the provider's own client library.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from addons.domain.usage import Usage

Fields = dict[str, Any]


class Place(StrEnum):
    """Where a stream carries the usage."""

    EXTRA_CHUNK = "extra chunk"
    """A last chunk with `choices: []`."""
    FINISH_CHUNK = "finish chunk"
    """At the top of the chunk that has the finish reason."""
    FINISH_CHOICE = "finish choice"
    """Inside `choices[0]` of the chunk that has the finish reason."""
    X_GROQ = "x_groq"
    """In `x_groq` of the chunk that has the finish reason."""
    LAST_CHUNK = "last chunk"
    """At the top of one more chunk, whose choice is empty."""
    EVERY_CHUNK = "every chunk"
    """At the top of each chunk, counted up to it."""


@dataclass(frozen=True, slots=True)
class Dialect:
    name: str
    """Also the key of its errors."""
    place: Place
    usage: Callable[[Usage], Fields]
    unasked: bool = True
    """The stream carries usage without `stream_options.include_usage`."""
    extra_if_asked: bool = False
    """Asked for usage, the stream carries it in an extra chunk besides."""
    reasoning: str = "reasoning_content"
    """Field of reasoning text; "" where it is a part of the content (Mistral)."""
    whole_calls: bool = False
    """A tool call arrives in one piece."""
    comment: bytes = b""
    """Sent before the first event, while the model is looked for."""
    reports_cached: bool = True
    reports_reasoning: bool = True
    reports_cost: bool = False


def _counts(usage: Usage) -> Fields:
    prompt, completion = usage.prompt_tokens or 0, usage.completion_tokens or 0
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def _details(usage: Usage) -> Fields:
    return {
        "prompt_tokens_details": {"cached_tokens": usage.cached_tokens},
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning_tokens},
    }


def _openai(usage: Usage) -> Fields:
    return _counts(usage) | _details(usage)


def _kimi(usage: Usage) -> Fields:
    return _counts(usage) | {"cached_tokens": usage.cached_tokens}


def _moonshot(usage: Usage) -> Fields:
    return _openai(usage) | {"cached_tokens": usage.cached_tokens}


def _nvidia(usage: Usage) -> Fields:
    return _counts(usage) | {"prompt_tokens_details": None}


def _mistral(usage: Usage) -> Fields:
    return _counts(usage) | {"prompt_tokens_details": {"cached_tokens": usage.cached_tokens}}


def _groq(usage: Usage) -> Fields:
    times = {"queue_time": 0.061348671, "prompt_time": 0.000211569, "completion_time": 0.798181818}
    return {"queue_time": times["queue_time"]} | _openai(usage) | times | {"total_time": 0.798393387}


def _cerebras(usage: Usage) -> Fields:
    return _counts(usage) | {"image_tokens": 0} | _details(usage)


def _openrouter(usage: Usage) -> Fields:
    cost = {"cost": usage.cost_usd, "is_byok": False, "cost_details": {"upstream_inference_cost": None}}
    return _openai(usage) | cost


def _siliconflow(usage: Usage) -> Fields:
    hit = usage.cached_tokens or 0
    cache = {"prompt_cache_hit_tokens": hit, "prompt_cache_miss_tokens": (usage.prompt_tokens or 0) - hit}
    return _openai(usage) | cache


OPENAI = Dialect("openai", Place.EXTRA_CHUNK, _openai, unasked=False)
KIMI = Dialect("kimi", Place.FINISH_CHOICE, _kimi, extra_if_asked=True, reports_reasoning=False)
MOONSHOT = Dialect("moonshot", Place.FINISH_CHOICE, _moonshot, extra_if_asked=True)
NVIDIA = Dialect("nvidia", Place.EXTRA_CHUNK, _nvidia, unasked=False, reports_cached=False, reports_reasoning=False)
MISTRAL = Dialect("mistral", Place.FINISH_CHUNK, _mistral, reasoning="", whole_calls=True, reports_reasoning=False)
GROQ = Dialect("groq", Place.X_GROQ, _groq, extra_if_asked=True, reasoning="reasoning")
OPENROUTER = Dialect(
    "openrouter",
    Place.LAST_CHUNK,
    _openrouter,
    reasoning="reasoning",
    comment=b": OPENROUTER PROCESSING\n\n",
    reports_cost=True,
)
SILICONFLOW = Dialect("siliconflow", Place.EVERY_CHUNK, _siliconflow)
CEREBRAS = Dialect("cerebras", Place.EXTRA_CHUNK, _cerebras, reasoning="reasoning")
GEMINI = Dialect("gemini", Place.EXTRA_CHUNK, _openai, unasked=False)
"""Gemini's OpenAI-compatible endpoint; its own protocol is in `gemini_api`."""
