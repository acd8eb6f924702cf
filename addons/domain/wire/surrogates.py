"""Halves of surrogate pairs in JSON: allowed in its escapes, but no text, so that msgspec refuses them.

JavaScript sends them where a client has cut a text in the middle of an emoji, and from then on in every request of that
conversation. They are read as U+FFFD, whose escape is as long: what lies where in the bytes stays the same.
"""

import re

_HALF = re.compile(
    rb"(?<!\\)((?:\\\\)*+\\u)"  # an odd number of backslashes: the last one is no text
    rb"(?:[dD][89abAB][0-9a-fA-F]{2}(\\u[dD][c-fC-F][0-9a-fA-F]{2})?+|[dD][c-fC-F][0-9a-fA-F]{2})"
)


def without_halves(json: bytes) -> bytes:
    """The same bytes, with U+FFFD's escape in the place of each half that has no other half."""
    return _HALF.sub(lambda found: found[0] if found[2] else found[1] + b"fffd", json)
