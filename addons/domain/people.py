"""Who may see a dashboard that asks people to sign in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

VERIFIED = (True, "true")
"""Some providers write the claim as a text. Where it is missing (Microsoft leaves it out) the address counts."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the identity provider named."""

    name: str
    email: str
    """Empty where it named none, or one that it does not vouch for."""


def person(claims: Mapping[str, Any]) -> Person:
    """From the claims of an OpenID Connect identity token (Core 1.0, § 5.1)."""
    is_verified = claims.get("email_verified", True) in VERIFIED
    email = str(claims.get("email") or "") if is_verified else ""
    names = (claims.get(name) for name in ("name", "preferred_username", "email", "sub"))
    return Person(next((str(name) for name in names if name), ""), email)


def may_enter(email: str, allowed: Collection[str]) -> bool:
    """Whether one of `allowed` is the address, or the domain of it; with none of them, everybody may.

    Upper and lower case are the same in ASCII alone: Unicode makes a "k" of the Kelvin sign.
    """
    if not allowed:
        return True
    address = _folded(email)
    name, _at, domain = address.rpartition("@")
    return bool(name) and any(entry in (address, domain) for entry in map(_folded, allowed))


def _folded(text: str) -> str:
    return text.lower() if text.isascii() else text
