"""Names made from content, so that the same history always gets the same ones: ids of tool calls, names of tools."""

import hashlib
import re

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ID_CHARS = 9
"""Mistral takes ids of nine letters and digits and no others (mistral-common 1.13.1, validator.py); every other
provider takes those too, so that an id made here goes wherever the session is routed next."""


def short_id(*parts: str | bytes | int) -> str:
    """Nine letters and digits, the same for the same parts."""
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data))
        digest.update(data)
    number = int.from_bytes(digest.digest()[:8], "big")
    chars = []
    for _ in range(ID_CHARS):
        number, index = divmod(number, len(ALPHABET))
        chars.append(ALPHABET[index])
    return "".join(chars)


def fitting_name(name: str, accepted: re.Pattern[str], most_chars: int) -> str:
    """The name where it is accepted; else one that is, and that no other name becomes.

    :param accepted: matches a whole name; of letters, digits and "_" it accepts any that begins with a letter.
    """
    if len(name) <= most_chars and accepted.fullmatch(name):
        return name
    plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
    plain = plain if re.match(r"[A-Za-z]", plain) else f"t_{plain}"
    return f"{plain[: most_chars - ID_CHARS - 1]}_{short_id('name', name)}"
