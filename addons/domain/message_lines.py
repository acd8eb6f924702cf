"""What a request was made of, line by line and in its order: each message with what was done to it, and what stands
beside the messages. Their tokens sum to those of the request, as received and as forwarded."""

from collections.abc import Iterator
from dataclasses import dataclass

from addons.domain.composition import STAYS, SYSTEM_INDEX, advice, used_before
from addons.domain.decisions import Action
from addons.domain.message_list import Entry, Listed, MessageList, Piece
from addons.domain.messages import Role
from addons.domain.shares import ASSISTANT, PROMPT, SUMMARY, TOOLS
from addons.domain.tokens import REPLY_PRIMER_TOKENS


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    index: int | None = None
    """Of the message; SYSTEM_INDEX for Gemini's system instruction, None for what is no message."""
    key: str = ""
    """In hex; "" for what is no message or unknown."""
    role: Role | None = None
    pieces: tuple[Piece, ...] = ()
    """As received, the largest first; empty for an unknown message."""
    before: int | None
    """Estimated tokens as received; None: unknown."""
    after: int | None
    """The same as forwarded."""
    action: Action | None
    """None: unknown."""
    advice: str = STAYS
    """What was, or could be, done about a message that is kept or masked."""
    is_new: bool = False
    """Not in the session's previous request."""

    @property
    def is_known(self) -> bool:
        return self.before is not None

    @property
    def saved(self) -> int:
        """Tokens; less than 0 for what stands in the place of others."""
        return (self.before or 0) - (self.after or 0)


def lines(found: MessageList) -> list[Line]:
    """In the order of the prompt; tools first, where most chat templates put them."""
    step = found.step
    start, stop = step.covered
    messages = list(_messages(found))
    summary = [_beside(SUMMARY, 0, step.summary_tokens)] if stop > start else []
    return [
        *([_beside(TOOLS, step.tools_tokens, step.tools_tokens)] if step.tools_tokens else []),
        *([_system(step.system)] if step.system else []),
        *messages[:start],
        *summary,
        *messages[start:],
        *([_beside(PROMPT, step.prompt_tokens, step.prompt_tokens)] if step.prompt_tokens else []),
        *([_beside(ASSISTANT, REPLY_PRIMER_TOKENS, REPLY_PRIMER_TOKENS)] if messages else []),
    ]


def total(found: list[Line]) -> int | None:
    """Tokens as forwarded; None where some are unknown."""
    known = [line.after for line in found if line.after is not None]
    return sum(known) if len(known) == len(found) else None


def _beside(part: str, before: int, after: int) -> Line:
    action = Action.KEEP if part != SUMMARY else Action.SUMMARISED
    return Line(pieces=(Piece(part, max(before, after)),), before=before, after=after, action=action)


def _system(listed: Listed) -> Line:
    return Line(index=SYSTEM_INDEX, key=listed.key, role=listed.role, pieces=listed.pieces, before=listed.tokens,
                after=listed.tokens, action=Action.KEEP)  # fmt: skip


def _messages(found: MessageList) -> Iterator[Line]:
    start, stop = found.step.covered
    used, first_new = used_before(found.entries), _first_new(found)
    for index, entry in enumerate(found.entries):
        is_covered = start <= index < stop
        is_new = index >= first_new and entry.role is not Role.SYSTEM
        yield _message(index, entry, is_covered=is_covered, is_stale=index < used, is_new=is_new)


def _message(index: int, entry: Entry, *, is_covered: bool, is_stale: bool, is_new: bool) -> Line:
    listed = entry.listed
    if listed is None:
        unknown = Action.SUMMARISED if is_covered else None
        return Line(index=index, before=None, after=0 if is_covered else None, action=unknown)
    action = Action.SUMMARISED if is_covered else Action.MASK if entry.saved else Action.KEEP
    piece = listed.pieces[0] if listed.pieces else Piece(ASSISTANT, 0)
    return Line(
        index=index,
        key=listed.key,
        role=listed.role,
        pieces=listed.pieces,
        before=listed.tokens,
        after=0 if is_covered else listed.tokens - entry.saved,
        action=action,
        advice=advice(listed.role, piece.part, is_masked=action is Action.MASK, is_stale=is_stale),
        is_new=is_new,
    )


def _first_new(found: MessageList) -> int:
    """The index from which on messages are new, system messages aside."""
    left = found.step.new
    for index in range(len(found.entries) - 1, -1, -1):
        if left <= 0:
            return index + 1
        left -= found.entries[index].role is not Role.SYSTEM
    return 0
