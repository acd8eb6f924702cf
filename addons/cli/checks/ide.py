"""Continue's own folder: is there a configuration, and a log to follow."""

from collections.abc import Iterator

from addons.cli.checks.finding import Finding, Surroundings, fine, note
from addons.cli.connect import gateway_url
from addons.domain import places

CONFIGURATIONS = ("config.yaml", "config.json", "config.ts")
"""Newest form first; Continue reads the first that it finds."""


def configuration(around: Surroundings) -> Iterator[Finding]:
    folder = places.continue_dir(around.environ)
    found = next((folder / name for name in CONFIGURATIONS if (folder / name).is_file()), None)
    if found is None:
        yield note(
            f"Continue has no config.yaml in {folder}",
            "Start Continue once; if it keeps its files elsewhere, set CONTINUE_GLOBAL_DIR.",
        )
        return
    models = found.read_text(encoding="utf-8", errors="replace").count(gateway_url(around.ports))
    way = f"{models} of its addresses lead to the gateway" if models else "no address in it leads to the gateway"
    yield fine(f"Continue's configuration is {found}; {way}")


def logs(around: Surroundings) -> Iterator[Finding]:
    folder = places.continue_dir(around.environ)
    log, data = folder / "logs" / "core.log", folder / "dev_data"
    found = [str(path) for path in (log, data) if path.exists()]
    if found:
        yield fine(f"Continue writes {' and '.join(found)}")
    else:
        yield note(
            f"Continue has written no log in {folder} yet",
            "Nothing to do: logs/core.log comes with JetBrains, dev_data with the first use of either IDE.",
        )
