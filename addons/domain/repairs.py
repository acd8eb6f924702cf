"""Repair of a request that a provider refused for a reason that is known: the same request without what it refused.

Opt-in, once per request, and on record by its notes. What a refusal teaches is a quirk the settings did not have, so
the repair is `apply_quirks` with it; nothing is ever added that a provider has not asked for.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from msgspec import structs

from addons.domain.error_bodies import read_error
from addons.domain.quirks import apply_quirks
from addons.domain.settings import Quirks

REFUSED_WITH = frozenset({400, 422})
_NEEDED = frozenset({"model", "messages", "tools", "role", "content", "tool_calls", "tool_call_id", "stream"})
"""Without these it would be another request; a refusal that names one means something inside it."""
_READ_CHARS = 4000


@dataclass(frozen=True, slots=True)
class Repair:
    body: bytes
    quirks: Quirks
    """The provider's, with what its refusal taught; to be remembered for the next request."""
    notes: tuple[str, ...]


def repair(request: bytes, status: int, refusal: bytes, quirks: Quirks) -> Repair | None:
    """None: the reason is not known, or what was refused is not in the request.

    :param request: the chat completions body that was refused, as it was sent.
    :param quirks: the provider's, as they are set or were learned before.
    :raises ConvertError: if the request is no chat completions request.
    """
    if status not in REFUSED_WITH:
        return None
    taught = _taught(read_error(refusal).message, quirks)
    if taught is None:
        return None
    body, notes = apply_quirks(request, taught)
    return Repair(body, taught, notes) if notes else None


def _taught(message: str, quirks: Quirks) -> Quirks | None:
    for pattern, learn in _REASONS:
        if found := pattern.search(message[:_READ_CHARS]):
            return learn(quirks, found)
    return None


Learn = Callable[[Quirks, "re.Match[str]"], Quirks]
_NAME = r"[A-Za-z_][A-Za-z0-9_]{0,60}"


def _without_field(quirks: Quirks, found: re.Match[str]) -> Quirks:
    if found[1] in _NEEDED:
        return quirks
    return structs.replace(quirks, strip_fields=_with(quirks.strip_fields, found[1]))


def _without_message_field(quirks: Quirks, found: re.Match[str]) -> Quirks:
    if found[1] in _NEEDED:
        return quirks
    return structs.replace(quirks, strip_message_fields=_with(quirks.strip_message_fields, found[1]))


def _with(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names if name in names else (*names, name)


def _always(**fields: object) -> Learn:
    return lambda quirks, found: structs.replace(quirks, **fields)


def _renaming(old: str, new: str) -> Learn:
    return lambda quirks, found: structs.replace(quirks, rename_fields={**quirks.rename_fields, old: new})


def _most_tools(quirks: Quirks, found: re.Match[str]) -> Quirks:
    return structs.replace(quirks, most_tools=int(found[1]))


def _reason(pattern: str, learn: Learn) -> tuple[re.Pattern[str], Learn]:
    return re.compile(pattern, re.IGNORECASE), learn


_REASONS: tuple[tuple[re.Pattern[str], Learn], ...] = (
    # Whoever it is: nobody but Google has it
    _reason(r"extra_content", _always(thought_signatures=False)),
    # Kimi, DeepSeek
    _reason(r"reasoning_content.{0,40} (?:is missing|must be passed back)", _always(fill_reasoning=" ")),
    # Kimi: "invalid temperature: only 1 is allowed for this model"; OpenAI: "'temperature' does not support 0.5"
    _reason(rf"(?:invalid |')(temperature|top_p|{_NAME}_penalty)'?(?:: only| does not support)", _without_field),
    # OpenAI: "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    _reason(
        r"'max_tokens' is not supported .{0,60}max_completion_tokens", _renaming("max_tokens", "max_completion_tokens")
    ),
    # Mistral
    _reason(
        r"tool call id .{0,100} must be a-z, A-Z, 0-9, with a length of 9", _always(tool_id_pattern="[a-zA-Z0-9]{9}")
    ),
    _reason(r"unexpected role 'user' after role 'tool'", _always(between_tool_and_user="OK.")),
    # OpenAI: "Invalid 'tools': array too long. Expected an array with maximum length 128, …"
    _reason(r"tools.{0,80}(?:maximum length|at most|maximum of|up to) (\d{1,4})", _most_tools),
    # Kimi: "text content is empty"
    _reason(r"content (?:is|must not be|cannot be) empty", _always(fill_empty_content=" ", drop_empty_content=True)),
    # Mistral: "extra_forbidden: body.messages.3.assistant.reasoning_content: Extra inputs are not permitted"
    _reason(rf"extra_forbidden: body\.messages\.\d+\.(?:[a-z]+\.)?({_NAME})", _without_message_field),
    _reason(rf"extra_forbidden: body\.({_NAME})", _without_field),
    # Cerebras: "messages.2.assistant.reasoning_content: property '…' is unsupported", "body.store: property …"
    _reason(rf"messages\.\d+\.(?:[a-z]+\.)?({_NAME}): property", _without_message_field),
    _reason(rf"body\.({_NAME}): property", _without_field),
    # Groq: "'messages.1' : for 'role:assistant' …[('messages.1' : property 'reasoning_content' is unsupported)]"
    _reason(rf"'messages\.\d+'.{{0,200}}property '({_NAME})' is unsupported", _without_message_field),
    _reason(rf"property '({_NAME})' is unsupported", _without_field),
    # OpenAI: "Unknown parameter: 'x'", "Unrecognized request argument supplied: x", "Unsupported parameter: 'x'"
    _reason(rf"unknown parameter: 'messages\[\d+\]\.({_NAME})'", _without_message_field),
    _reason(rf"(?:unknown parameter|argument supplied|unsupported parameter): '?({_NAME})\b", _without_field),
)
"""What providers say when they refuse a field, the more special first; each with whom it was read from."""
