"""The content of a message in OpenAI's schema, and of its dialects: a string, or a list of typed parts."""

from collections.abc import Iterator
from typing import Any

from addons.domain.messages import PartType
from addons.domain.wire.values import as_dict, as_text, texts_of

_IMAGES = frozenset({"image_url", "input_image", "image"})


def parts_of_content(content: Any) -> Iterator[tuple[PartType, str]]:
    """Type and text of each part; nothing where there is no content."""
    if isinstance(content, str):
        yield PartType.TEXT, content
    elif isinstance(content, list):
        for part in content:
            yield (PartType.TEXT, part) if isinstance(part, str) else _typed_part(as_dict(part))


def _typed_part(part: dict[str, Any]) -> tuple[PartType, str]:
    kind = as_text(part.get("type"))
    if kind == "thinking":
        # Mistral nests a list of text parts, Anthropic's form behind OpenRouter has a string.
        return PartType.REASONING, "".join(texts_of(part.get("thinking")))
    if kind in _IMAGES:
        return PartType.IMAGE, ""
    text = part.get("text", part.get("refusal"))
    return (PartType.TEXT, text) if isinstance(text, str) else (PartType.OTHER, "")


def reasoning_text(fields: tuple[Any, ...], details: Any) -> str:
    """The reasoning beside a message's content: the first field that has some, else OpenRouter's details.

    The details repeat what `reasoning` says, so they are not added to it.
    """
    for value in fields:
        if text := as_text(value):
            return text
    entries = details if isinstance(details, list) else []
    return "".join(as_text(as_dict(entry).get("text") or as_dict(entry).get("summary")) for entry in entries)
