"""What `./just doctor` looks at, in this order. A check yields findings and raises nothing."""

from collections.abc import Callable, Iterator

from addons.cli.checks import (
    certificates,
    clients,
    handshake,
    ide,
    ides,
    installation,
    network,
    records,
    services,
    storage,
    variables,
)
from addons.cli.checks.finding import Finding, Surroundings

Check = Callable[[Surroundings], Iterator[Finding]]

CHECKS: tuple[tuple[str, tuple[Check, ...]], ...] = (
    ("Installation", (installation.python, installation.requirements, installation.tokenizer)),
    (
        "Settings and records",
        (records.settings, records.store, storage.file, storage.soundness, storage.disk, services.postgresql),
    ),
    ("Certificate authority", (certificates.authority, certificates.trust)),
    ("Running", (network.proxy, network.gateway, network.dashboard, storage.proxies)),
    ("Beside it", (services.redis, services.channels)),
    (
        "Environment of the client",
        (variables.proxy, variables.bypass, variables.trusted_elsewhere, variables.switches, handshake.trusted),
    ),
    ("Continue", (ide.configuration, clients.environments, ides.vscode, ides.jetbrains, ide.logs, ide.distrust)),
)
