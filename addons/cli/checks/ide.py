"""Continue's own folder: what its configuration does, and what its logs complain of."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from addons.cli.checks import continue_config, continue_rules
from addons.cli.checks.finding import Finding, Surroundings, fine, note, wrong
from addons.cli.checks.lines import Client, starting
from addons.cli.checks.ways import Situation
from addons.domain import places
from addons.domain.errors import UserError
from addons.domain.true_windows import holding
from addons.services import settings_files
from db import health
from db.clock import now_ms

LOGS = ("logs/core.log", "logs/cn.log")
TAIL_BYTES = 64_000
"""Of a log's end: the last day or so."""


def configuration(around: Surroundings) -> Iterator[Finding]:
    folder = places.continue_dir(around.environ)
    path = continue_config.found(folder)
    if path is None:
        yield note(
            f"Continue has no config.yaml in {folder}",
            "Start Continue once; if it keeps its files elsewhere, set CONTINUE_GLOBAL_DIR.",
        )
        return
    try:
        settings = settings_files.load(around.environ)
    except UserError:
        return  # the check of the settings says it
    try:
        found = continue_config.load(path)
    except UserError as error:
        yield wrong(str(error), "Continue cannot read it either; put it right in an editor.")
        return
    situation = Situation(settings, around.ports, around.environ, _windows(around, settings.routing.window_days))
    yield from continue_rules.findings(found, situation)


def _windows(around: Surroundings, days: int) -> Mapping[tuple[str, str], int]:
    try:
        told = health.windows_told(places.database_url(around.environ))
    except UserError:
        return {}  # the check of the store says it
    return holding({(one.provider, one.model): one for one in told}, now_ms(), days)


def logs(around: Surroundings) -> Iterator[Finding]:
    folder = places.continue_dir(around.environ)
    there = [path for path in (*(folder / name for name in LOGS), folder / "dev_data") if path.exists()]
    if not there:
        yield note(
            f"Continue has written no log in {folder} yet",
            "Nothing to do: logs/core.log comes with JetBrains, dev_data with the first use of either IDE.",
        )
        return
    yield fine(f"Continue writes {' and '.join(map(str, there))}")
    for path in there:
        if path.is_file():
            yield from complaints(_tail(path), path.name, around)


def complaints(text: str, name: str, around: Surroundings) -> Iterator[Finding]:
    """Of the last connection error in a log, if any: what it means. Pure; no line of the log is repeated.

    Behind "Connection error." the cause is hidden: a proxy that is down and one that is not trusted look the same.
    """
    found = list(_COMPLAINTS.finditer(text))
    if not found:
        return
    last = found[-1]
    start = starting(around.platform, Client.CN if name == "cn.log" else Client.JETBRAINS, around.variables)
    if port := last["port"]:
        yield note(f"{name}: nothing answered on port {port} when Continue asked", "Start the proxy: ./just up")
    elif last["tls"]:
        yield note(f"{name}: Continue did not trust a certificate", f"Quit it, then start it with\n{start}")
    elif last["url"]:
        yield note(
            f"{name}: Continue could not read the address of the proxy; it needs http://", f"Quit it, then\n{start}"
        )
    else:
        yield note(
            f'{name}: the last complaint of the connection is "Connection error.": the proxy was not running, or is '
            "not trusted, or its address lacks http://",
            f"With the proxy running, quit the client, then start it with\n{start}",
        )


_COMPLAINTS = re.compile(
    r"ECONNREFUSED (?:127\.0\.0\.1|::1):(?P<port>\d+)"
    r"|(?P<tls>unable to verify the first certificate|self[- ]signed certificate in certificate chain"
    r"|unable to get local issuer certificate)"
    r"|(?P<url>Invalid URL)"
    r"|Connection error\."
)


def _tail(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL_BYTES))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def distrust(around: Surroundings) -> Iterator[Finding]:
    """What the proxy itself has seen: clients that hung up in the handshake."""
    try:
        seen = health.latest_event(places.database_url(around.environ), "distrust")
    except UserError:
        return  # the check of the store says it
    if seen is None:
        return
    ago_min = (now_ms() - seen.at_ms) // 60_000
    if ago_min < 24 * 60:
        yield note(
            f"{ago_min} minutes ago: {seen.message}",
            "Quit that client, then start it with\n"
            + "\n".join(f"{client}: {starting(around.platform, client, around.variables)}" for client in Client),
        )
