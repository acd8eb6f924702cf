"""Message keys: what tells whether a message was sent before, however it is written this time.

A key covers what the client always resends alike, and nothing that it changes on the way: white space around the text
(Continue's IDE sends " " where its CLI sends ""), text as a string or as a list of parts, `cache_control` (which moves
on with every turn), reasoning (resent to some providers only), thought signatures. It is always made from the client's
original message, never from what was forwarded in its place.
"""

import hashlib
import re
from collections.abc import Iterable

from addons.domain.messages import Message, Part, PartType, Role

KEY_BYTES = 16
"""Length of a message key."""
SUMMARY_MARK = "Previous conversation summary:\n\n"
"""Stands before the summary at the end of the system message that Continue's IDE sends, or before it alone."""
IMAGE_DATA = re.compile(rb'"(?:url|data|fileUri|file_uri)"\s*:\s*"([^"]*)"')
"""Where the bytes or the address of an image stand: OpenAI's image_url, Gemini's inlineData and fileData."""


def message_key(message: Message, raw: bytes = b"") -> bytes:
    """The key of a message; `raw` holds its bytes, of which only those of its images matter."""
    digest = hashlib.blake2b(digest_size=KEY_BYTES)
    for data in _fields(message, raw):
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.digest()


def answer_key(text: str) -> bytes:
    """The key that an answer of this text has when the client sends it back."""
    return message_key(Message(Role.ASSISTANT, (Part(PartType.TEXT, text),)))


def summary_key(message: Message) -> bytes:
    """The answer key of the summary that ends a system message or is all of another one; b"" where none is."""
    before, mark, summary = message.text.rpartition(SUMMARY_MARK)
    if not mark or (message.role is not Role.SYSTEM and before.strip()):
        return b""
    return answer_key(summary)


def _fields(message: Message, raw: bytes) -> Iterable[bytes]:
    texts = [message.role.value, message.text.strip()]
    for part in message.parts:
        if part.type is PartType.TOOL_CALL:
            texts += (part.type.value, part.call_id, part.name, part.text.strip())
        elif part.type is PartType.TOOL_RESULT:
            texts += (part.type.value, part.call_id, part.text.strip())
        elif part.type is PartType.OTHER:
            texts += (part.type.value, part.text)
    yield from (text.encode("utf-8", "surrogatepass") for text in texts)
    if any(part.type is PartType.IMAGE for part in message.parts):
        yield from IMAGE_DATA.findall(raw)
