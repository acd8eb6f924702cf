"""A summary: what is kept of it, and the message that stands for the exchanges it covers.

The message is the user's, because every provider takes one after the system message and before the model's next answer.
Where a user message follows it, a short answer of the model stands between the two: templates that want the roles to
alternate (Mistral's and Gemma's at NVIDIA and in vLLM) refuse two in a row. Nothing here depends on the clock or on
chance, so the same summary has the same bytes in every request and after a restart.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from addons.domain.messages import Role
from addons.domain.scrub import scrub
from addons.domain.wire.writing import text_message

Count = Callable[[str], int]

ANSWER = "Understood. I go on from there."
"""The model's, where a user message follows the summary."""
HEURISTIC = "heuristic"
"""Who wrote a summary that no model wrote."""


class Trigger(StrEnum):
    PRESSURE = "pressure"
    """The context fill reached the threshold."""
    NO_ROOM = "no room"
    """Too little was left for the answer."""
    COLD = "cold"
    """Nothing of the prefix was cached, and the threshold was near: the change was free."""
    BY_HAND = "by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What stands for the oldest exchanges of a session; the latest of a session counts."""

    session_id: str
    created_at_ms: int
    """When the request arrived that was compressed first; with the session it names the summary."""
    keys: bytes
    """The keys of the messages it stands for, joined (`keys.KEY_BYTES` each)."""
    text: str
    """Without the frame. Scrubbed, because it is stored as it is sent."""
    request: str = ""
    """The latest words of the person among these messages, which no model has rewritten; "" where they are in `text`
    anyway."""
    writer: str = HEURISTIC
    """`heuristic`, or the model that wrote it."""
    trigger: Trigger
    kept_exchanges: int
    messages: int
    """That it stands for."""
    tokens_before: int
    """Estimate of these messages as they were forwarded until then."""
    tokens_after: int
    """Estimate of the message in their place."""
    prompt_tokens_before: int
    """Estimate of the whole request in which it first stood, without it."""
    context_window: int | None = None
    cost_usd: float | None = None
    """Of the model's writing, all attempts; None where there was none or the price is not known."""
    active: bool = True
    """False once a message it stands for was edited, or another summary took its place."""

    @property
    def prompt_tokens_after(self) -> int:
        return self.prompt_tokens_before - self.tokens_before + self.tokens_after


def content(summary: Summary) -> str:
    """The text of the message."""
    head = (
        f"[Summary of the {summary.messages} oldest messages of this conversation, which are left out here. "
        "Files are as the tools left them: read what you need again.]"
    )
    asked = f"\nThe person's latest request among them, in their words: {summary.request}" if summary.request else ""
    return f"{head}\n{summary.text}{asked}\n[End of the summary. The conversation goes on below.]"


def rendered(summary: Summary, wire: str, before: Role) -> bytes:
    """The message, or two of them with a comma, to stand before one of role `before`."""
    message = text_message(wire, Role.USER, content(summary))
    return message + b"," + text_message(wire, Role.ASSISTANT, ANSWER) if before is Role.USER else message


def kept_text(text: str, limit: int, count: Count) -> str:
    """What is kept of a text: without secrets and without what a store refuses, and at most `limit` tokens."""
    plain = scrub(text).encode("utf-8", "replace").decode().replace("\0", "").strip()
    if count(plain) <= limit:
        return plain
    rows: list[str] = []
    left = limit - 1
    for row in plain.splitlines():
        left -= count(row) + 1
        if left < 0:
            break
        rows.append(row)
    return "\n".join(rows).rstrip() or _head(plain, limit, count)


def _head(line: str, limit: int, count: Count) -> str:
    """Of one long line."""
    head = line[: limit * 3]
    while count(head) > limit:
        head = head[: len(head) * 3 // 4]
    return head
