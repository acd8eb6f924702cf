"""The settings of waiting for rate limits."""

from typing import Annotated

from msgspec import Meta, Struct


class Pacing(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How requests are kept within the providers' limits."""

    enabled: Annotated[
        bool, Meta(description="Whether requests wait for a limit, instead of being refused by the provider.")
    ] = True
    warn: Annotated[
        float, Meta(gt=0, le=1, description="Share of a limit from which its use is reported as a warning.")
    ] = 0.875
    wait: Annotated[
        float, Meta(gt=0, le=1, description="Share of a limit per minute from which requests wait; a day's is used up.")
    ] = 0.95
    max_wait_s: Annotated[
        int,
        Meta(
            ge=1, le=3600, description="Seconds that a request may wait; a longer wait is refused at once, and says so."
        ),
    ] = 60
    storage: Annotated[
        str,
        Meta(
            pattern=r"^(memory://|rediss?://.+|redis\+unix://.+)$",
            description="Where requests are counted: `memory://`, or `redis://host:port/0` for several proxies that "
            "share a key. KIMI_REDIS_URL goes before it.",
            extra={"accepts": 'memory:// or an address such as "redis://127.0.0.1:6379/0"'},
        ),
    ] = "memory://"
    kimi_quota: Annotated[
        bool,
        Meta(
            description="Whether Kimi Code is asked for the state of its quotas, at most every 10 minutes, with "
            "the key of the request at hand."
        ),
    ] = False
