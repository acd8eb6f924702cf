"""The settings of a store that several people share."""

from typing import Annotated

from msgspec import Meta, Struct

User = Annotated[str, Meta(pattern=r"^([a-z0-9][a-z0-9._-]{0,23})?$", extra={"accepts": "up to 24 of a-z, 0-9, . _ -"})]


class Team(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What tells people apart who share a store."""

    user: Annotated[
        User,
        Meta(
            description="Who uses this proxy: recorded with each request, before the proxy's own id. Empty: nobody's "
            "name is recorded. Used from the proxy's next start on.",
        ),
    ] = ""
