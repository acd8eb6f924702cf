"""What a message would become if it were masked: worked out once, used when and if the decision falls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from addons.domain.decisions import Replacement
from addons.domain.masking import placeholder
from addons.domain.masking.digest import OVERHEAD_TOKENS, Budget, Digest, digest
from addons.domain.masking.document import Hint
from addons.domain.masking.eligible import Piece, eligible_parts
from addons.domain.masking.hints import hint_of_call
from addons.domain.masking.retrieval import is_retrieval
from addons.domain.messages import Message, PartType
from addons.domain.scrub import holds_secret


@dataclass(frozen=True, slots=True)
class PieceDraft:
    piece: Piece
    digest: Digest

    @property
    def saving(self) -> int:
        """Tokens, the placeholder's line paid."""
        return self.digest.tokens_before - self.digest.tokens_after - OVERHEAD_TOKENS


@dataclass(frozen=True, slots=True)
class Draft:
    """The pieces of one message that would be shorter as digests; none where nothing would be."""

    pieces: tuple[PieceDraft, ...]

    @property
    def saving(self) -> int:
        return sum(piece.saving for piece in self.pieces)


def draft(message: Message, calls: Mapping[str, Hint], budget: Budget, count: Callable[[str], int]) -> Draft:
    """The draft of a message. Costs some 10 ms for 10 000 tokens, so it is for a thread, and once a message.

    Left whole are what the model has just got back by the retrieval tool, and texts that hold a credential: their
    originals would have to be written to disk.
    """
    pieces = []
    for piece in eligible_parts(message, calls):
        original = message.parts[piece.part].text[piece.start : piece.end]
        if is_retrieval(piece.hint.tool) or holds_secret(original):
            continue
        found = digest(original, hint=piece.hint, budget=budget, count=count)
        if found is not None and found.tokens_before - found.tokens_after > OVERHEAD_TOKENS:
            pieces.append(PieceDraft(piece, found))
    return Draft(tuple(pieces))


def calls_of(message: Message) -> dict[str, Hint]:
    """What the tool calls of an assistant message say about their results, by call id."""
    return {
        part.call_id: hint_of_call(part.name, part.text) for part in message.parts if part.type is PartType.TOOL_CALL
    }


def original_of(message: Message, piece: PieceDraft) -> str:
    """The text that the piece's digest stands for."""
    place = piece.piece
    return message.parts[place.part].text[place.start : place.end]


def replacement(piece: PieceDraft, original: str, tool_name: str | None, count: Callable[[str], int]) -> Replacement:
    """The piece as it is forwarded from now on; the retrieval tool is named only if the request offers it."""
    found = piece.digest
    tag = placeholder.content_tag(original)
    text = placeholder.render(
        found.text,
        kind=found.kind,
        omitted=found.left_out,
        tokens=found.tokens_before,
        tag=tag,
        tool_name=tool_name,
    )
    return Replacement(
        part=piece.piece.part,
        start=piece.piece.start,
        end=piece.piece.end,
        text=text,
        tag=tag,
        kind=found.kind,
        tokens_before=found.tokens_before,
        tokens_after=count(text),
    )
