"""The clients that run now, and what they were started with; on Linux alone, where a process shows its environment."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from addons.cli.checks.finding import Finding, Surroundings, fine, note
from addons.cli.checks.lines import Client, starting
from addons.cli.checks.ways import PROXY_VARIABLES, has_scheme, names

PROCESSES = Path("/proc")
IDES = ("pycharm", "idea", "webstorm", "goland", "clion", "rider", "phpstorm", "rubymine", "rustrover")


def environments(around: Surroundings) -> Iterator[Finding]:
    """Once for each kind of client: an IDE is many processes with one environment."""
    seen = set()
    for process in sorted(PROCESSES.iterdir()) if PROCESSES.is_dir() else ():
        if not process.name.isdigit():
            continue
        try:
            client = client_of((process / "cmdline").read_bytes())
            if client is None or client in seen:
                continue
            environ = read((process / "environ").read_bytes())
        except OSError:
            continue  # another user's, or ended meanwhile
        seen.add(client)
        yield from started_with(client, environ, around)


def client_of(cmdline: bytes) -> Client | None:
    """Of a process's arguments, with a NUL behind each."""
    words = [Path(word.decode("utf-8", "replace")) for word in cmdline.split(b"\0") if word]
    if not words:
        return None
    program, script = words[0].name.lower(), words[1].name.lower() if len(words) > 1 else ""
    if program == "continue-binary" or program in IDES:
        return Client.JETBRAINS
    if program in ("code", "code-insiders", "codium", "cursor"):
        return Client.VSCODE
    return Client.CN if "cn" in (program, script if program == "node" else "") else None


def read(block: bytes) -> dict[str, str]:
    """An environment as Linux shows it."""
    pairs = (entry.decode("utf-8", "replace").partition("=") for entry in block.split(b"\0") if entry)
    return {name: value for name, _, value in pairs}


def started_with(client: Client, environ: Mapping[str, str], around: Surroundings) -> Iterator[Finding]:
    """Pure. A client that uses the gateway needs neither variable."""
    proxy = next((environ[name] for name in PROXY_VARIABLES if environ.get(name)), "")
    missing = []
    if not proxy:
        missing.append("without HTTPS_PROXY")
    elif not has_scheme(proxy):
        missing.append("with a proxy address without http://")
    elif not names(proxy, around.proxy_url):
        missing.append("with another proxy")
    if environ.get("NODE_EXTRA_CA_CERTS") != str(around.certificate):
        missing.append("without NODE_EXTRA_CA_CERTS for this authority")
    if missing:
        yield note(
            f"{client} runs, and was started {' and '.join(missing)}: only its models at the gateway come through",
            f"Quit it, then start it with\n{starting(around.platform, client, around.variables)}",
        )
    else:
        yield fine(f"{client} runs, and was started with proxy and certificate")
