"""Writes the few messages and requests that are not the client's: as little as every dialect of a format accepts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from addons.domain.messages import Role

_ROLES = {
    "openai": {Role.USER: "user", Role.ASSISTANT: "assistant"},
    "gemini": {Role.USER: "user", Role.ASSISTANT: "model"},
}


def text_message(wire: str, role: Role, text: str) -> bytes:
    """A message of a user or of the model that is nothing but text."""
    name = _ROLES[wire][role]
    if wire == "gemini":
        return msgspec.json.encode({"role": name, "parts": [{"text": text}]})
    return msgspec.json.encode({"role": name, "content": text})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question to a model, without history and tools."""

    model: str
    system: str
    text: str
    max_tokens: int
    max_tokens_field: str = "max_tokens"
    """OpenAI's newer models and Kimi know `max_completion_tokens`, most others only `max_tokens`."""
    temperature: float | None
    """None where the model takes only its own."""


def question_body(wire: str, question: Question) -> bytes:
    """A request whose answer comes in one piece."""
    return msgspec.json.encode(_BODIES[wire](question))


def _openai(question: Question) -> Mapping[str, object]:
    messages = [{"role": "system", "content": question.system}, {"role": "user", "content": question.text}]
    fields: dict[str, object] = {"model": question.model, "messages": messages, "stream": False}
    fields[question.max_tokens_field] = question.max_tokens
    return fields if question.temperature is None else fields | {"temperature": question.temperature}


def _gemini(question: Question) -> Mapping[str, object]:
    config: dict[str, object] = {"maxOutputTokens": question.max_tokens}
    if question.temperature is not None:
        config["temperature"] = question.temperature
    return {
        "contents": [{"role": "user", "parts": [{"text": question.text}]}],
        "systemInstruction": {"parts": [{"text": question.system}]},
        "generationConfig": config,
    }


_BODIES: Mapping[str, Callable[[Question], Mapping[str, object]]] = {"openai": _openai, "gemini": _gemini}
