"""What a request is for."""

from collections.abc import Callable
from enum import StrEnum

from addons.domain.messages import Message, Role
from addons.domain.providers import Operation
from addons.domain.wire.contract import Request


class Kind(StrEnum):
    CHAT = "chat"
    AUTOCOMPLETE = "autocomplete"
    EDIT = "edit"
    APPLY = "apply"
    TITLE = "title"
    COMPACTION = "compaction"
    """The client's own summary of its conversation."""
    COMPRESSION = "compression"
    """Our summary of older exchanges."""
    EMBEDDING = "embedding"
    RERANK = "rerank"
    MODELS = "models"
    OTHER = "other"


FILLS_CONTEXT = frozenset({Kind.CHAT, Kind.COMPACTION})
"""The kinds that count for context fill and belong to a conversation's history."""
GENERATES_NOTHING = frozenset({Kind.EMBEDDING, Kind.RERANK, Kind.MODELS, Kind.OTHER})
"""The kinds whose answers hold no text that a model wrote."""


MessageAt = Callable[[int], Message]
"""The message at an index, negative ones from the end; decodes it, so the fewer calls the better."""

_TITLE = "Given the following... please reply with a title for the chat"
_COMPACTION = (
    "Create a comprehensive summary of this conversation that captures all essential information",
    "Please provide a concise summary of our conversation so far, capturing the key context",
)
"""Of the IDEs, and of the command line."""
_HOLE_FILLER = "You are a HOLE FILLER."
_FILL_IN = ("<fim_prefix>", "<|fim_prefix|>", "[SUFFIX]", "[fill]")
_NEXT_EDIT = ("<|editable_region_start|>", "<|recently_viewed_code_snippets|>", "<|!@#IS_NEXT_EDIT!@#|>")
_EDIT = (
    "The user has requested a section of code in a file to be rewritten.",
    "Please rewrite the above file to address the following request:",
    'located at the "[BLANK]"',
)
_APPLY_START = "ORIGINAL CODE:\n```"
_APPLY = ("SUGGESTED EDIT:", "NEW CODE:")
_REPLACE = "// REPLACE HERE //"
_CHAT_MODE = (
    "You are in chat mode.",
    "You are in agent mode.",
    "You are in plan mode",
    "You are an agent in the Continue CLI.",
)
"""In the system message of every chat: what its user writes or attaches may well contain the markers above."""

_OF_OPERATION = {
    Operation.FIM: Kind.AUTOCOMPLETE,
    Operation.EMBEDDINGS: Kind.EMBEDDING,
    Operation.RERANK: Kind.RERANK,
    Operation.MODELS: Kind.MODELS,
    Operation.OTHER: Kind.OTHER,
}


def classify(operation: Operation, request: Request, message_at: MessageAt) -> Kind:
    """What a request is for: by its path, then by the prompts that Continue sends for its own purposes.

    The prompts are literal in Continue's source (d0a3c0b, 2026-06-18). All but compaction come without tools and with
    one user message, at most framed by a system message and the beginning of the answer. A chat that has tools, or more
    messages, is therefore told by its last message alone.

    :raises WireError: if a message that is looked at is none of its format.
    """
    if operation in _OF_OPERATION:
        return _OF_OPERATION[operation]
    count = len(request.messages)
    if not count:
        return _kind_of_prompt(request.prompt) if operation is Operation.COMPLETIONS else Kind.CHAT
    last = message_at(-1)
    # Gemini's clients merge what the user says into the content of the tool's result before it.
    if last.role in (Role.USER, Role.TOOL) and last.text.startswith(_COMPACTION):
        return Kind.COMPACTION
    if request.tools is not None or count > 3:
        return Kind.CHAT
    return _kind_of_short_chat([message_at(index) for index in range(count - 1)] + [last])


def _kind_of_short_chat(messages: list[Message]) -> Kind:
    """Of at most three messages without tools."""
    asked = [message for message in messages if message.role is not Role.SYSTEM]
    alone = len(messages) == 1
    if any(_has(message.text, _CHAT_MODE) for message in messages if message.role is Role.SYSTEM):
        return Kind.CHAT
    if not asked or asked[0].role is not Role.USER or any(message.role is not Role.ASSISTANT for message in asked[1:]):
        return Kind.CHAT
    text = asked[0].text
    if alone and text.startswith(_TITLE):
        return Kind.TITLE
    if text.startswith(_HOLE_FILLER) or (alone and _has(text, _FILL_IN)) or _has(text, _NEXT_EDIT):
        return Kind.AUTOCOMPLETE
    return _kind_of_rewrite(text) or Kind.CHAT


def _kind_of_prompt(prompt: str) -> Kind:
    """Of a legacy completion: Continue sends autocompletion this way, and edits too where no rules apply."""
    return _kind_of_rewrite(prompt) or Kind.AUTOCOMPLETE


def _kind_of_rewrite(text: str) -> Kind | None:
    if _has(text, _EDIT):
        return Kind.EDIT
    if (text.startswith(_APPLY_START) and _has(text, _APPLY)) or _REPLACE in text:
        return Kind.APPLY
    return None


def _has(text: str, markers: tuple[str, ...]) -> bool:
    return any(marker in text for marker in markers)
