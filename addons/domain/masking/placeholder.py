"""The line that stands above a digest: which original it is of, what was left out, and how to get it back.

It is text in the place of text; no key of ours ever enters a message.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from addons.domain.masking.document import Range

TAG = "k1:"
"""Names the algorithm: k1 is BLAKE2b of the UTF-8 text, 12 bytes, in hex."""
TAG_BYTES = 12
"""96 bits: no accidental collision among as many originals as fit on a disk; 18 tokens, where 128 bits take 23."""
RANGES_SHOWN = 4
"""More ranges than this are told by their count and by the line numbers in the digest."""
HEADER_LIMIT = 2000
"""Characters of a first line beyond which it is none of ours."""

_FIRST = re.compile(r"\[digest (k1:[0-9a-f]{24}) of a ([A-Za-z ]{1,40}), (\d+) tokens; .*\]$")


@dataclass(frozen=True, slots=True)
class Placeholder:
    tag: str
    kind: str
    tokens: int
    """Of the original."""
    digest: str
    """The text below the line."""


def content_tag(text: str) -> str:
    """The tagged hash by which an original is stored and asked for."""
    return TAG + blake2b(text.encode("utf-8", "surrogatepass"), digest_size=TAG_BYTES).hexdigest()


def describe(omitted: Sequence[Range], notes: Sequence[str] = (), *, complete: bool = False) -> str:
    """What was left out, in words."""
    parts = list(notes)
    if complete:
        parts.append("nothing is left out, only written shorter")
    elif omitted:
        lines = sum(last - first + 1 for first, last in omitted)
        spans = ", ".join(f"{first}-{last}" if first != last else str(first) for first, last in omitted[:RANGES_SHOWN])
        if len(omitted) > RANGES_SHOWN:
            spans = f"between {omitted[0][0]} and {omitted[-1][1]}"
        parts.append(f"left out: {lines} lines ({spans})")
    return "; ".join(parts)


def render(digest_text: str, *, kind: str, omitted: str, tokens: int, tag: str, tool_name: str | None) -> str:
    """The digest below its line.

    `omitted` is what `describe` says; `tool_name` is the retrieval tool's name as the request's `tools` have it, None
    where they do not: then the model is told to call the tool again, which it can.
    """
    back = f"call {tool_name} with this k1 tag" if tool_name else "call the tool again"
    told = " ".join(omitted.split())[: HEADER_LIMIT // 2]
    first = f"[digest {tag} of a {kind}, {tokens} tokens; {told}. Files are intact; to see the rest, {back}]"
    return f"{first}\n{digest_text}"


def parse(text: str) -> Placeholder | None:
    """What `render` wrote, or None."""
    first, _, _ = text[:HEADER_LIMIT].partition("\n")
    match = _FIRST.match(first)
    if not match:
        return None
    return Placeholder(match[1], match[2], int(match[3]), text[len(first) + 1 :])
