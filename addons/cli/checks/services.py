"""What a proxy may be configured to reach besides providers: Redis, PostgreSQL, channels for alerts."""

import asyncio
from collections.abc import Iterator

from addons.cli.checks.finding import Finding, Surroundings, fine, wrong
from addons.domain import places
from addons.domain.errors import UserError
from addons.domain.scrub import scrub_url
from addons.services import settings_files
from addons.services.apprise_channel import AppriseChannel
from addons.services.pacing import counters
from db import engine, place
from db.errors import StoreNotReady


def redis(around: Surroundings) -> Iterator[Finding]:
    try:
        where = around.environ.get("KIMI_REDIS_URL") or settings_files.load(around.environ).pacing.storage
    except UserError:
        return  # the check of the settings says it
    if where == counters.MEMORY:
        return
    shown = scrub_url(where)
    try:
        asyncio.run(_ask(where))
    except UserError as error:
        yield wrong(str(error), "KIMI_REDIS_URL or [pacing] storage names it.")
    except counters.Unavailable as error:
        yield wrong(
            f"The storage of the rate limits does not answer: {shown} ({error})",
            'Start it (redis-server), or count in the proxy itself: [pacing] storage = "memory://".',
        )
    else:
        yield fine(f"The storage of the rate limits answers: {shown}")


async def _ask(where: str) -> None:
    """As a proxy does before its first request.

    :raises UserError: if it is no address that can be used.
    :raises Unavailable: if nobody answers there.
    """
    counted = counters.counters(where)
    await counted.account("")
    await counted.close()


def postgresql(around: Surroundings) -> Iterator[Finding]:
    url = places.database_url(around.environ)
    try:
        parsed = place.parse(url)
        if parsed.get_backend_name() != "postgresql":
            return
        engine.reader(url).dispose()
    except StoreNotReady:
        yield fine(f"PostgreSQL answers: {place.shown(parsed)}")
    except UserError as error:
        yield wrong(str(error), f'Is it running, and may you log in? psql "{place.shown(place.parse(url))}"')
    else:
        yield fine(f"PostgreSQL answers: {place.shown(parsed)}")


def channels(around: Surroundings) -> Iterator[Finding]:
    """Whether Apprise knows the addresses; nothing is sent."""
    try:
        urls = around.environ.get("KIMI_ALERT_URLS", "").split() or settings_files.load(around.environ).alerts.urls
    except UserError:
        return
    for number, url in enumerate(urls, 1):
        channel = AppriseChannel(number, url)
        if channel.is_usable():
            yield fine(f"Alerts: {channel.name} is an address that Apprise knows; ./just alert-test sends a message")
        else:
            yield wrong(
                f"Alerts: {channel.name} is no address that Apprise knows, or something it needs is not installed",
                "Put it right in [alerts] urls or KIMI_ALERT_URLS; for example: ntfy://my-topic",
            )
