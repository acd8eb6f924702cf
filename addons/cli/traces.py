"""Lines of the person's own files that name this proxy, its gateway or its certificate. The lines are not repeated:
they stand among keys."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from addons.cli.checks import continue_config
from addons.cli.checks.finding import Surroundings
from addons.cli.checks.ides import VSCODES
from addons.cli.checks.lines import PROFILES, config_folder
from addons.cli.connect import gateway_url
from addons.cli.programs import LOOPBACK
from addons.domain import places

MOST_BYTES = 2_000_000
"""A larger file is no settings file."""


class Trace(NamedTuple):
    path: Path
    line: int
    """Counted from 1."""
    what: str


def found(around: Surroundings) -> Iterator[Trace]:
    for path in candidates(around):
        try:
            if path.is_file() and path.stat().st_size <= MOST_BYTES:
                text = path.read_text(encoding="utf-8", errors="replace")
                yield from (Trace(path, number, what) for number, what in lines(text, around))
        except OSError:
            continue  # not ours to read, so not written by the person either


def candidates(around: Surroundings) -> Iterator[Path]:
    folder = places.continue_dir(around.environ)
    yield from (folder / name for name in (*continue_config.NAMES, ".env"))
    yield from sorted((folder / "mcpServers").glob("*.yaml"))
    home = Path(around.environ.get("HOME") or "~").expanduser()
    yield from (home / name for name in PROFILES)
    yield from (
        Path(config_folder(around.platform, around.environ) / name / "User" / "settings.json") for name in VSCODES
    )


def lines(text: str, around: Surroundings) -> Iterator[tuple[int, str]]:
    """Number and what it is, of each line that names us. Pure."""
    ports = around.ports
    signs = {
        gateway_url(ports): "the gateway's address",
        f"localhost:{ports.gateway}": "the gateway's address",
        f"{LOOPBACK}:{ports.proxy}": "the proxy's address",
        f"localhost:{ports.proxy}": "the proxy's address",
        str(around.certificate): "the certificate",
        "mitmproxy-ca-cert.pem": "a certificate of mitmproxy's name",
        str(places.ROOT): "this folder",
    }
    for number, line in enumerate(text.splitlines(), 1):
        what = next((words for sign, words in signs.items() if sign in line), None)
        if what:
            yield number, what
