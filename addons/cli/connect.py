"""How a client is pointed at the proxy or the gateway, as text for the terminal."""

from pathlib import Path

from addons.cli.programs import LOOPBACK, Ports


def proxy_url(ports: Ports) -> str:
    return f"http://{LOOPBACK}:{ports.proxy}"


def gateway_url(ports: Ports) -> str:
    return f"http://{LOOPBACK}:{ports.gateway}"


def dashboard_url(ports: Ports) -> str:
    return f"http://{LOOPBACK}:{ports.dashboard}"


def instructions(ports: Ports, certificate: Path, provider_keys: tuple[str, ...]) -> str:
    """Both ways in, each with what to type; the first provider serves as the example."""
    example, *others = provider_keys
    more = f"\n     In place of {example}: {', '.join(others)}." if others else ""
    return f"""\
Point Continue at it, one way or the other:

  1. As gateway: nothing to trust. In Continue's config.yaml, for each model
       apiBase: {gateway_url(ports)}/{example}{more}

  2. As HTTPS proxy: config.yaml stays as it is. Start the client from a terminal with
{_as_proxy(proxy_url(ports), certificate)}"""


def instructions_with_password(ports: Ports, certificate: Path) -> str:
    """The proxy alone, which asks for a user and a password."""
    url = proxy_url(ports).replace("://", "://USER:PASSWORD@")
    return f"Point Continue at it: start the client from a terminal with\n{_as_proxy(url, certificate)}"


def _as_proxy(url: str, certificate: Path) -> str:
    return f"""\
       export HTTPS_PROXY={url}
       export NODE_EXTRA_CA_CERTS="{certificate}"
       cn                  # Continue's command line
       code .              # VS Code: also set "http.proxy": "{url}" in its settings
       pycharm .           # JetBrains: leave the IDE's own proxy setting on "No proxy"
     An IDE that is already open must be quit first: it keeps the environment it was started with.
"""
