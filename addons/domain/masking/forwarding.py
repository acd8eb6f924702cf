"""What is forwarded for a message whose decision is to mask it."""

from addons.domain.decisions import Decision
from addons.domain.masking.eligible import replace_pieces
from addons.domain.masking.placeholder import content_tag
from addons.domain.masking.splice import splice
from addons.domain.messages import Message
from addons.domain.wire import WireError


def masked(raw: bytes, message: Message, decision: Decision) -> bytes:
    """The message's bytes with the decision's texts in place of its pieces; every other byte as the client sent it.

    :raises WireError: if the message does not hold what was decided on.
    """
    for each in decision.replacements:
        # A message has the same key however much white space is around its text; the places do move.
        if (
            each.part >= len(message.parts)
            or content_tag(message.parts[each.part].text[each.start : each.end]) != each.tag
        ):
            raise WireError(f"message: {each.tag} is not where it was when the message was decided on")
    changed = {each.part for each in decision.replacements}
    others = {part.text for index, part in enumerate(message.parts) if index not in changed}
    texts: dict[str, str] = {}
    for part in changed:
        old = message.parts[part].text
        if old in others:
            # `splice` finds a text by what it says: a person's words that repeat a result would go with it.
            raise WireError(f"message: the text of part {part} is in another part, too")
        places = {(each.start, each.end): each.text for each in decision.replacements if each.part == part}
        texts[old] = replace_pieces(old, places)
    return splice(raw, texts)
