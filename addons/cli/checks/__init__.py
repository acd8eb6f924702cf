"""What `./just doctor` looks at, in this order. A check yields findings and raises nothing."""

from collections.abc import Callable, Iterator

from addons.cli.checks import certificates, ide, installation, network, records
from addons.cli.checks.finding import Finding, Surroundings

Check = Callable[[Surroundings], Iterator[Finding]]

CHECKS: tuple[tuple[str, tuple[Check, ...]], ...] = (
    ("Installation", (installation.python, installation.requirements, installation.tokenizer)),
    ("Settings and records", (records.settings, records.store)),
    ("Certificate authority", (certificates.authority, certificates.trust)),
    ("Running", (network.proxy, network.gateway, network.dashboard, network.environment)),
    ("Continue", (ide.configuration, ide.logs)),
)
