"""The three ports: free, ours, or somebody else's; and whether the proxy opens a provider's TLS with our authority."""

import ssl
from collections.abc import Iterator

from addons.cli.checks import owner
from addons.cli.checks.finding import Finding, Surroundings, fine, note, wrong
from addons.cli.checks.tunnel import probe
from addons.cli.programs import accepts, dashboard_answers, gateway_answers, is_free
from addons.domain.errors import UserError
from addons.services import settings_files

START = "Start it with ./just up."


def proxy(around: Surroundings) -> Iterator[Finding]:
    """Opens a tunnel to a provider and looks whose certificate stands in it; nothing is sent to the provider."""
    port = around.ports.proxy
    if is_free(port):
        yield note(f"proxy: not running (port {port} is free)", START)
        return
    if not accepts(port):
        yield wrong(f"proxy: port {port} is taken, but nothing answers", _other("proxy", port))
        return
    certificate = around.certificate
    try:
        hosts = settings_files.load(around.environ).hosts()
    except UserError:
        return  # the check of the settings says it
    if not certificate.is_file():
        yield wrong(
            f"proxy: something listens on port {port}, but there is no certificate authority", _other("proxy", port)
        )
        return
    try:
        probe(port, hosts[0], certificate)
    except ssl.SSLCertVerificationError as error:
        why = error.verify_message
        yield wrong(
            f"proxy: on port {port}, but {hosts[0]} does not show our certificate ({why})", _other("proxy", port)
        )
    except (OSError, ConnectionError) as error:
        yield wrong(
            f"proxy: what listens on port {port} refuses a tunnel to {hosts[0]} ({error})", _other("proxy", port)
        )
    else:
        yield fine(f"proxy: on port {port}, and a connection to {hosts[0]} is opened with our certificate")


def gateway(around: Surroundings) -> Iterator[Finding]:
    port = around.ports.gateway
    if is_free(port):
        yield note(f"gateway: not running (port {port} is free)", START)
    elif gateway_answers(port):
        yield fine(f"gateway: on port {port}")
    else:
        yield wrong(f"gateway: something else answers on port {port}", _other("gateway", port))


def dashboard(around: Surroundings) -> Iterator[Finding]:
    port = around.ports.dashboard
    if is_free(port):
        yield note(f"dashboard: not running (port {port} is free)", START)
    elif dashboard_answers(port):
        yield fine(f"dashboard: on port {port}")
    else:
        yield wrong(f"dashboard: something else answers on port {port}", _other("dashboard", port))


def _other(name: str, port: int) -> str:
    holder = owner.named(port)
    return f"Stop {holder or 'what listens there'}, or choose another port: ./just up --{name}-port PORT"
