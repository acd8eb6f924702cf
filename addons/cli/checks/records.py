"""Settings and store: can they be read, can the store be written."""

from collections.abc import Iterator

from addons.cli.checks.finding import Finding, Surroundings, fine, note, wrong
from addons.domain import places
from addons.domain.errors import UserError
from addons.services import settings_files
from db import health
from db.errors import StoreNotReady


def settings(around: Surroundings) -> Iterator[Finding]:
    files = " and ".join(str(path) for path in places.provider_files(around.environ) if path.exists())
    try:
        loaded = settings_files.load(around.environ)
    except UserError as error:
        yield wrong(str(error), "Put it right; while it stands so, the proxy does not start.")
    else:
        yield fine(f"{len(loaded.providers)} providers are configured in {files}")


def store(around: Surroundings) -> Iterator[Finding]:
    try:
        place = health.check(places.database_url(around.environ))
    except StoreNotReady as error:
        yield note(str(error), "Start it with ./just up.")
    except UserError as error:
        yield wrong(str(error), "KIMI_DATABASE_URL names another place for the records.")
    else:
        yield fine(f"The database {place} can be written, and its schema is current")
