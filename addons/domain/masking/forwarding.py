"""What is forwarded for a message whose decision is to mask it."""

from addons.domain.decisions import Decision
from addons.domain.masking.eligible import replace_pieces
from addons.domain.masking.splice import splice
from addons.domain.messages import Message


def masked(raw: bytes, message: Message, decision: Decision) -> bytes:
    """The message's bytes with the decision's texts in place of its pieces; every other byte as the client sent it.

    :raises WireError: if the message does not hold what was decided on.
    """
    texts: dict[str, str] = {}
    for part in {replacement.part for replacement in decision.replacements}:
        old = message.parts[part].text
        places = {(each.start, each.end): each.text for each in decision.replacements if each.part == part}
        texts[old] = replace_pieces(old, places)
    return splice(raw, texts)
