"""How a client is pointed at the proxy: text to copy. Each trap was met with the real client."""

import re
from pathlib import Path
from typing import NamedTuple

from dashboard.i18n import N_

_PORT = re.compile(r"(regular|reverse)\b.*@(?:.*:)?(\d+)")
"""A mode as mitmproxy writes it: `regular@127.0.0.1:8080`, `reverse:https://gateway.invalid@8788`."""


class Ports(NamedTuple):
    """Where a proxy listens; the usual ones where none says otherwise."""

    proxy: int = 8080
    gateway: int = 8788

    @classmethod
    def of(cls, listen: str) -> "Ports":
        """Of a proxy's sign of life."""
        found = {match[1]: int(match[2]) for mode in listen.split(", ") if (match := _PORT.fullmatch(mode))}
        return cls(found.get("regular", cls().proxy), found.get("reverse", cls().gateway))


USUAL = Ports()


def start() -> str:
    return "./just up"


def environment(certificate: Path, ports: Ports = USUAL) -> str:
    """For whatever starts the client: both values need to be there before the client starts."""
    return f"export HTTPS_PROXY=http://127.0.0.1:{ports.proxy}\nexport NODE_EXTRA_CA_CERTS={certificate}"


def vs_code_settings(ports: Ports = USUAL) -> str:
    return f'{{\n  "http.proxy": "http://127.0.0.1:{ports.proxy}",\n  "http.proxySupport": "override"\n}}'


def vs_code_start(certificate: Path) -> str:
    return f"NODE_EXTRA_CA_CERTS={certificate} code ."


def vs_code_trust(certificate: Path) -> str:
    """VS Code replaces Continue's own connection, and then trusts what the system trusts."""
    return "\n".join(
        (
            "# Debian, Ubuntu",
            f"sudo cp {certificate} /usr/local/share/ca-certificates/kimi-proxy.crt && sudo update-ca-certificates",
            "# macOS",
            f"security add-trusted-cert -k ~/Library/Keychains/login.keychain-db {certificate}",
            "# Windows",
            f"certutil -addstore -user Root {certificate}",
        )
    )


def pycharm_start(certificate: Path, ports: Ports = USUAL) -> str:
    return f"HTTPS_PROXY=http://127.0.0.1:{ports.proxy} NODE_EXTRA_CA_CERTS={certificate} pycharm ."


def pycharm_elsewhere(certificate: Path, ports: Ports = USUAL) -> str:
    return "\n".join(
        (
            "# macOS, then start PyCharm anew",
            f"launchctl setenv HTTPS_PROXY http://127.0.0.1:{ports.proxy}",
            f"launchctl setenv NODE_EXTRA_CA_CERTS {certificate}",
            "# Windows, then start PyCharm anew",
            f"setx HTTPS_PROXY http://127.0.0.1:{ports.proxy}",
            f"setx NODE_EXTRA_CA_CERTS {certificate}",
        )
    )


def cn(certificate: Path, ports: Ports = USUAL) -> str:
    return f'HTTPS_PROXY=http://127.0.0.1:{ports.proxy} NODE_EXTRA_CA_CERTS={certificate} cn -p "Hello"'


def cn_gemini(certificate: Path, ports: Ports = USUAL) -> str:
    """Gemini's SDK ignores every proxy setting, except in Node 24 and later with this switch."""
    return f"NODE_USE_ENV_PROXY=1 {cn(certificate, ports)}"


def gateway_model(ports: Ports = USUAL) -> str:
    return "\n".join(
        (
            "models:",
            "  - name: Kimi for Coding",
            "    provider: openai",
            "    model: kimi-for-coding",
            f"    apiBase: http://127.0.0.1:{ports.gateway}/kimi-code",
            "    apiKey: ${{ secrets.KIMI_API_KEY }}",
            "    capabilities: [tool_use]",
        )
    )


def gateway_gemini(ports: Ports = USUAL) -> str:
    return f"export GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:{ports.gateway}/gemini"


TRAP_BUNDLE = N_(
    "In Continue, `caBundlePath` and `verifySsl` have no effect behind a proxy: only `NODE_EXTRA_CA_CERTS`, set before "
    "the editor starts, makes it trust the certificate."
)
TRAP_PYCHARM = N_(
    "Leave PyCharm's own proxy setting on **No proxy**: it hands Continue an address without `http://`, and every "
    'request ends in "Connection error".'
)
TRAP_GEMINI = N_(
    "Gemini's client ignores the proxy, the certificate and `apiBase`. In VS Code it follows VS Code's proxy; in `cn` "
    "use Node 24 or later with `NODE_USE_ENV_PROXY=1`, or set `GOOGLE_GEMINI_BASE_URL` to the gateway."
)
TRAP_REMOTE = N_(
    "With Remote-SSH, WSL or containers Continue runs over there: proxy and certificate have to be there too."
)
