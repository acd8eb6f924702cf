"""The settings of alerts."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from addons.domain.settings.accepts import HUGE

Share = Annotated[float, Meta(gt=0, le=1)]
Usd = Annotated[float, Meta(gt=0, le=100_000)]
Tokens = Annotated[int, Meta(ge=1, le=HUGE)]

DAY = "Days and months are those of the proxy's time zone."


SECRETS = (("alerts", "urls"),)
"""Paths whose values are never shown, and never come from the dashboard, which would store them."""


class Alerts(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the person is told of, and where else than in the dashboard."""

    context: Annotated[
        tuple[Share, ...],
        Meta(
            description="Context fills (0..1) that are told when a session crosses them; the highest one is critical, "
            "and told with each request.",
            extra={"accepts": "a list of numbers above 0 and at most 1, such as [0.8, 0.9, 0.95]"},
        ),
    ] = (0.8, 0.9, 0.95)
    budget_day_usd: Annotated[
        Usd | None, Meta(description=f"US dollars a day; told at 80 % and when they are spent. {DAY}")
    ] = None
    budget_month_usd: Annotated[Usd | None, Meta(description="US dollars a month, likewise.")] = None
    budget_day_tokens: Annotated[Tokens | None, Meta(description="Prompt and completion tokens a day, likewise.")] = (
        None
    )
    budget_month_tokens: Annotated[
        Tokens | None, Meta(description="Prompt and completion tokens a month, likewise.")
    ] = None
    wait_s: Annotated[
        int, Meta(ge=1, le=3600, description="Seconds that a request has waited for a limit, from which it is told.")
    ] = 30
    error_burst: Annotated[
        int, Meta(ge=2, le=1000, description="Failed requests to one provider within `error_burst_minutes`.")
    ] = 5
    error_burst_minutes: Annotated[int, Meta(ge=1, le=1440, description="Minutes in which they are counted.")] = 5
    quiet_minutes: Annotated[
        int,
        Meta(ge=0, le=HUGE, description="Minutes in which the same thing is not told again; a full context is stored."),
    ] = 15
    send_from: Annotated[
        Literal["info", "warning", "critical"], Meta(description="The lowest level that is sent to `urls`.")
    ] = "warning"
    urls: Annotated[
        tuple[str, ...],
        Meta(
            description="Where alerts are sent: addresses of Apprise, for Slack, Discord, ntfy, e-mail, the desktop, a "
            "webhook … They hold secrets, so they cannot be set in the dashboard; KIMI_ALERT_URLS, with spaces between "
            "them, goes before. Try them with `./just alert-test`.",
            extra={"accepts": 'a list of Apprise\'s addresses, such as ["ntfy://my-topic"]'},
        ),
    ] = ()
