"""The settings of a store that several people share."""

from typing import Annotated

from msgspec import Meta, Struct

User = Annotated[str, Meta(pattern=r"^([a-z0-9][a-z0-9._-]{0,23})?$", extra={"accepts": "up to 24 of a-z, 0-9, . _ -"})]
Entry = Annotated[str, Meta(pattern=r"^([^@\s]+@)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$")]


class Team(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What tells people apart who share a store."""

    user: Annotated[
        User,
        Meta(
            description="Who uses this proxy: recorded with each request, before the proxy's own id. Empty: nobody's "
            "name is recorded. Used from the proxy's next start on.",
        ),
    ] = ""
    allowed: Annotated[
        tuple[Entry, ...],
        Meta(
            description="Who may see a dashboard that asks people to sign in (docs/teams.md): e-mail addresses, and "
            "domains, of which everybody may. Empty: whoever the identity provider signs in.",
            extra={"accepts": 'a list of e-mail addresses and domains, such as ["ana@example.com", "example.org"]'},
        ),
    ] = ()
