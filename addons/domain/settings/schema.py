"""What can be set. Each field's help is in its annotation, and README's table of settings is made from it.

A field with default None is optional, and None means "not known" or "no such limit", never 0.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from addons.domain.settings.accepts import HUGE
from addons.domain.settings.alerts import Alerts
from addons.domain.settings.ide_log import IdeLog
from addons.domain.settings.log import Log
from addons.domain.settings.memory import Memory
from addons.domain.settings.metrics import Metrics
from addons.domain.settings.pacing import Pacing
from addons.domain.settings.quirks import Quirks
from addons.domain.settings.retention import Retention
from addons.domain.settings.routing import Routing
from addons.domain.settings.team import Team

Count = Annotated[int, Meta(ge=1, le=HUGE)]
"""Tokens, requests or seconds."""

Usd = Annotated[float, Meta(ge=0, le=100_000)]
"""US dollars for one million tokens; the bound keeps TOML's `inf` out."""

Host = Annotated[str, Meta(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$")]
"""As in a TLS server name: lower case, no scheme, no port."""

DATED = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{8}|00\d)$")
"""The end of an id that pins a version: gpt-4.1-2025-04-14, gemini-2.5-flash-001. Four digits (-2411, -0905) are not
one: under such names providers serve models with other context windows."""


class Price(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """US dollars for one million tokens."""

    input: Annotated[Usd | None, Meta(description="Prompt tokens that were not in the prefix cache.")] = None
    cached: Annotated[
        Usd | None,
        Meta(description="Prompt tokens served from the prefix cache; without it they cost as much as the others."),
    ] = None
    output: Annotated[Usd | None, Meta(description="Completion tokens, reasoning included.")] = None


class Limits(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the provider allows one account; a limit that is absent is not kept."""

    requests_per_minute: Annotated[Count | None, Meta(description="Requests in any 60 seconds.")] = None
    requests_per_day: Annotated[Count | None, Meta(description="Requests in any 24 hours.")] = None
    tokens_per_minute: Annotated[Count | None, Meta(description="Tokens in any 60 seconds.")] = None
    concurrency: Annotated[Count | None, Meta(description="Requests under way at the same time.")] = None
    counts_reserved_output: Annotated[
        bool,
        Meta(description="Whether `tokens_per_minute` counts the output a request may ask for (`max_tokens`), too."),
    ] = False
    reserved_output: Annotated[
        Count | None, Meta(description="The output that counts then where a request does not say how much it may have.")
    ] = None


class Cache(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The provider's prefix cache."""

    automatic: Annotated[bool, Meta(description="Whether a repeated prefix is reused without being asked for.")] = True
    lifetime_s: Annotated[Count, Meta(description="Seconds without a request until the prefix is forgotten.")] = 300
    minimum_tokens: Annotated[int, Meta(ge=0, le=HUGE, description="A shorter prefix is not reused.")] = 0
    discount: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="How much less a cached token costs (0.9: a tenth of the price), where the model's prices "
            "do not say it; 0: a broken prefix costs nothing.",
        ),
    ] = 0.0


class Model(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One model of a provider."""

    context_window: Annotated[
        Count | None, Meta(description="Most tokens that prompt and completion may have together.")
    ] = None
    max_output: Annotated[Count | None, Meta(description="Most completion tokens.")] = None
    price: Annotated[Price, Meta(description="US dollars for one million tokens; absent: unknown.")] = Price()
    price_over_200k: Annotated[
        Price | None,
        Meta(description="Instead of `price`, for all of a request whose prompt is over 200000 tokens."),
    ] = None
    price_source: Annotated[str, Meta(description="Who says so.")] = ""
    price_date: Annotated[date | None, Meta(description="When it said so.")] = None
    limits: Annotated[Limits, Meta(description="Limits of this model alone, beside the provider's.")] = Limits()
    routable: Annotated[bool, Meta(description="Whether sessions that outgrow another may move to it.")] = True
    note: Annotated[str, Meta(description="For people.")] = ""


class Provider(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who serves models. Its table's name is its key: the first part of a path at the gateway."""

    name: Annotated[str, Meta(min_length=1, description="For people.")]
    hosts: Annotated[
        tuple[Host, ...],
        Meta(
            min_length=1,
            description="The hosts whose TLS is opened. The gateway sends to the first one.",
            extra={"accepts": 'a list of host names in lower case, such as ["api.kimi.com"]'},
        ),
    ]
    base_path: Annotated[
        str,
        Meta(
            pattern=r"^(/[A-Za-z0-9._~-]+)*$",
            description="What every path of the API begins with.",
            extra={"accepts": 'a path such as "/v1", without "/" at its end'},
        ),
    ] = ""
    wire: Annotated[Literal["openai", "gemini"], Meta(description="How requests and answers are written.")] = "openai"
    timeout_s: Annotated[
        Count, Meta(description="Seconds without a byte after which the provider counts as silent.")
    ] = 120
    key_env: Annotated[
        str,
        Meta(
            pattern=r"^([A-Za-z_][A-Za-z0-9_]*)?$",
            description="The environment variable that holds a key for it, for sessions that are moved to it from "
            "another provider. The key is read when it is used, and never stored.",
            extra={"accepts": 'the name of an environment variable, such as "GEMINI_API_KEY"'},
        ),
    ] = ""
    limits: Annotated[Limits, Meta(description="What the provider allows one account.")] = Limits()
    limits_by_model: Annotated[
        bool, Meta(description="Whether each model has these limits for itself; else all models share them.")
    ] = False
    request_headers_per: Annotated[
        Literal["minute", "day"],
        Meta(description="What the limit in the header `x-ratelimit-limit-requests` counts over."),
    ] = "minute"
    cache: Annotated[Cache, Meta(description="The provider's prefix cache.")] = Cache()
    quirks: Annotated[Quirks, Meta(description="In what it departs from OpenAI's chat completions.")] = Quirks()
    models_from: Annotated[
        str, Meta(description="Key of a provider whose models this one has as well; its own go before them.")
    ] = ""
    models: Annotated[
        Mapping[str, Model],
        Meta(description="By id as sent. One `*` in an id stands for any text; the longest id that fits is taken."),
    ] = field(default_factory=dict)

    def model(self, model_id: str) -> Model | None:
        """The model of that id; else, in this order: without a leading `models/`, without the version at its end
        (see DATED), the longest id with a `*` that fits. None: nothing is known about it.
        """
        name = model_id.removeprefix("models/")
        for candidate in (model_id, name, DATED.sub("", name)):
            if (found := self.models.get(candidate)) is not None:
                return found
        fitting = [pattern for pattern in self.models if "*" in pattern and _fits(name, pattern)]
        return self.models[max(fitting, key=len)] if fitting else None


def _fits(name: str, pattern: str) -> bool:
    start, _, end = pattern.partition("*")
    return len(name) >= len(start) + len(end) and name.startswith(start) and name.endswith(end)


class Sessions(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How requests are gathered into sessions."""

    idle_gap_hours: Annotated[
        float,
        Meta(gt=0, le=8760, description="Hours of silence after which an equal beginning is a new session."),
    ] = 6.0
    name_from_prompt: Annotated[
        bool, Meta(description="Whether a session is named after its first user text (at most 60 characters).")
    ] = True
    undo_hours: Annotated[
        float,
        Meta(ge=0, le=8760, description="Hours for which a deleted or merged session can be brought back."),
    ] = 24.0
    bypassed: Annotated[
        tuple[str, ...],
        Meta(
            description="Sessions whose requests are forwarded as they come: not masked, compressed or routed.",
            extra={"accepts": "a list of session ids, as the dashboard's addresses have them"},
        ),
    ] = ()


Policy = Literal["cache-aware", "always", "off"]


class Masking(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How verbose content is replaced by digests."""

    policy: Annotated[
        Policy,
        Meta(
            description="cache-aware: on arrival only output that a digest represents well, the rest when it is stale "
            "and changing it pays; always: all that is over `threshold_tokens`, on arrival; off: nothing."
        ),
    ] = "cache-aware"
    projects: Annotated[
        Mapping[str, Policy], Meta(description="Policy by project (the X-Kimi-Project header); goes first.")
    ] = field(default_factory=dict)
    providers: Annotated[Mapping[str, Policy], Meta(description="Policy by provider key.")] = field(
        default_factory=dict
    )
    threshold_tokens: Annotated[Count, Meta(description="`always` masks messages of more tokens than this.")] = 1000
    least_tokens: Annotated[Count, Meta(description="A shorter message is never masked.")] = 150
    arrival_tokens: Annotated[
        Count, Meta(description="`cache-aware` masks output (not files) of more tokens than this on arrival.")
    ] = 1000
    arrival_window_share: Annotated[
        float,
        Meta(gt=0, le=1, description="`cache-aware` masks anything larger than this share of the context window."),
    ] = 0.5
    keep_recent: Annotated[
        int, Meta(ge=0, le=1000, description="The latest tool results that `cache-aware` leaves whole.")
    ] = 1
    pressure: Annotated[
        float, Meta(gt=0, le=1, description="Context fill (0..1) from which all that may be masked is.")
    ] = 0.85

    def policy_for(self, project: str, provider: str) -> Policy:
        return self.projects.get(project) or self.providers.get(provider) or self.policy


class Compression(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How older exchanges are replaced by a summary."""

    enabled: Annotated[
        bool, Meta(description="Whether a full context is compressed by itself; asked for by hand, it always is.")
    ] = True
    threshold: Annotated[
        float, Meta(gt=0, le=1, description="Context fill (0..1) from which older exchanges are summarised.")
    ] = 0.85
    keep_exchanges: Annotated[
        int,
        Meta(
            ge=1, le=1000, description="The latest exchanges that stay; fewer only where they alone fill the context."
        ),
    ] = 5
    summary_tokens: Annotated[int, Meta(ge=100, le=8000, description="Most tokens of a summary.")] = 500
    reserved_tokens: Annotated[
        int, Meta(ge=0, le=HUGE, description="Room for the answer that a full context is compressed for at any time.")
    ] = 5000
    pause_s: Annotated[
        int, Meta(ge=0, le=HUGE, description="Seconds between two compressions of a session that still has that room.")
    ] = 300
    most_without_effect: Annotated[
        Count, Meta(description="Compressions in a row that may save next to nothing; after them only by hand.")
    ] = 3
    least_messages: Annotated[
        Count, Meta(description="Fewer messages are not worth a summary, unless the request would not fit otherwise.")
    ] = 6
    least_tokens: Annotated[Count, Meta(description="What a summary must save at least.")] = 500
    model: Annotated[
        str,
        Meta(
            description="The model of the session's provider that writes the summaries. Empty: the session's own. "
            '"none": no model, summaries are gathered from the messages alone.'
        ),
    ] = ""


class Settings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All that can be set in providers.toml."""

    providers: Annotated[Mapping[str, Provider], Meta(description="By key.")]
    sessions: Annotated[Sessions, Meta(description="How requests are gathered into sessions.")] = Sessions()

    masking: Annotated[Masking, Meta(description="How verbose content is replaced by digests.")] = Masking()
    compression: Annotated[Compression, Meta(description="How older exchanges are replaced by a summary.")] = (
        Compression()
    )
    memory: Annotated[Memory, Meta(description="What counts as memory.")] = Memory()
    routing: Annotated[Routing, Meta(description="Where requests go that outgrow their model.")] = Routing()
    pacing: Annotated[Pacing, Meta(description="How requests are kept within the providers' limits.")] = Pacing()
    alerts: Annotated[Alerts, Meta(description="What the person is told of, and where.")] = Alerts()
    ide_log: Annotated[IdeLog, Meta(description="Which of Continue's own logs are followed.")] = IdeLog()
    retention: Annotated[Retention, Meta(description="How long texts and messages are kept.")] = Retention()
    log: Annotated[Log, Meta(description="The proxy's log file.")] = Log()
    metrics: Annotated[Metrics, Meta(description="Figures for Prometheus.")] = Metrics()
    team: Annotated[Team, Meta(description="What tells people apart who share a store.")] = Team()

    def hosts(self) -> tuple[str, ...]:
        """Every host of every provider, sorted: the only ones whose TLS is opened."""
        return tuple(sorted({host for provider in self.providers.values() for host in provider.hosts}))
