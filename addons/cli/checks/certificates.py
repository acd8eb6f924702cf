"""The certificate authority, and whether a client started from this shell would trust it."""

import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from addons.cli.checks.finding import Finding, Surroundings, fine, note, wrong
from addons.cli.checks.lines import in_shell
from addons.domain import places
from addons.domain.errors import UserError
from addons.services import settings_files
from addons.services.authority import Authority, holds, load_authority, permitted_hosts

RENEW = "Run ./just up --new-ca, and let your clients trust the new authority."
SOON = timedelta(days=60)
START = "Start it once with ./just up, which makes one."


def authority(around: Surroundings) -> Iterator[Finding]:
    try:
        found = load_authority(places.authority_dir(around.environ))
    except FileNotFoundError:
        yield note("There is no certificate authority yet", START)
        return
    except OSError as error:
        yield wrong(f"The certificate authority cannot be read: {error}", "Run ./just as the user it belongs to.")
        return
    except UserError as error:
        yield wrong(str(error), RENEW)
        return
    yield from _validity(found)
    yield from _modes(found)
    yield from _reach(found, around)


def _validity(found: Authority) -> Iterator[Finding]:
    ends = found.certificate.not_valid_after_utc
    if ends < datetime.now(UTC):
        yield wrong(f"The certificate authority expired on {ends:%Y-%m-%d}", RENEW)
    elif ends - datetime.now(UTC) < SOON:
        yield note(f"The certificate authority expires on {ends:%Y-%m-%d}", RENEW)
    elif found.certificate.not_valid_before_utc > datetime.now(UTC):
        yield wrong("The certificate authority is not valid yet", "Set the clock of this machine right.")
    else:
        yield fine(f"The certificate authority is in {found.directory}, valid until {ends:%Y-%m-%d}")


def _modes(found: Authority) -> Iterator[Finding]:
    folder = stat.S_IMODE(found.directory.stat().st_mode)
    if folder & 0o022:
        yield wrong(f"Others can write {found.directory} (mode {folder:o})", f'chmod 700 "{found.directory}"')
    mode = stat.S_IMODE(found.key_file.stat().st_mode)
    if mode & 0o077:
        yield wrong(f"Others can read its private key (mode {mode:o})", f'chmod 600 "{found.key_file}"')
    else:
        yield fine("Only you can read its private key")


def _reach(found: Authority, around: Surroundings) -> Iterator[Finding]:
    try:
        hosts = settings_files.load(around.environ).hosts()
    except UserError:
        return  # the check of the settings says it
    if permitted_hosts(found.certificate) is None:
        yield note("It can sign for any host, as mitmproxy's own can", f"For one that cannot: {RENEW}")
    elif missing := found.missing(hosts):
        yield wrong(f"It does not cover hosts added since: {', '.join(missing)}", RENEW)
    else:
        yield fine(f"It covers all {len(hosts)} hosts of the providers, and no others")


def trust(around: Surroundings) -> Iterator[Finding]:
    export = in_shell(around.platform, "NODE_EXTRA_CA_CERTS", str(around.certificate))
    named = around.environ.get("NODE_EXTRA_CA_CERTS", "")
    if not named:
        yield note(
            "NODE_EXTRA_CA_CERTS is not set in this shell; only the HTTPS proxy needs it, the gateway does not",
            f"Before starting the client: {export}",
        )
        return
    try:
        found = load_authority(places.authority_dir(around.environ))
    except (OSError, UserError):
        return  # the check of the authority says it
    path = Path(named).expanduser()
    if not path.is_file():
        yield wrong(f"NODE_EXTRA_CA_CERTS names {named}, which is not a file", export)
    elif holds(path, found.certificate):
        yield fine("NODE_EXTRA_CA_CERTS names a file with this authority's certificate")
    else:
        yield wrong(f"NODE_EXTRA_CA_CERTS names {named}, which does not hold this authority", export)
