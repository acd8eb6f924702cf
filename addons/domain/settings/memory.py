"""The settings of what counts as memory."""

from typing import Annotated

from msgspec import Meta, Struct

from addons.domain.memory_servers import SERVERS


class Memory(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What MCP memory servers put into prompts."""

    servers: Annotated[
        tuple[str, ...],
        Meta(
            description="MCP servers, as they are called in Continue's config.yaml, whose tools' results are memory.",
            extra={"accepts": 'a list of names, such as ["memory", "mem0"]'},
        ),
    ] = SERVERS
