"""What the environment a client is started with says, and what Continue makes of it. Pure: the environment is given."""

from collections.abc import Iterator

from addons.cli.checks.finding import Finding, Surroundings, fine, note, wrong
from addons.cli.checks.lines import Client, for_good, in_shell, starting, unset
from addons.cli.checks.ways import PROXY_VARIABLES, bypassing, has_scheme, names
from addons.domain.errors import UserError
from addons.services import settings_files

FALSE_FRIENDS = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
OWN_STORE = ("--use-openssl-ca", "--use-system-ca")
"""Options of Node under which it trusts something else than its own list."""


def proxy(around: Surroundings) -> Iterator[Finding]:
    """Continue takes only a full URL, and shows "Connection error." for anything else."""
    name = next((name for name in PROXY_VARIABLES if around.environ.get(name)), "")
    if not name:
        yield from _none_set(around)
        return
    value = around.environ[name]
    line = in_shell(around.platform, "HTTPS_PROXY", around.proxy_url)
    if not has_scheme(value):
        yield wrong(
            f'{name} is "{value}"; expected a full URL: without http:// every request ends in "Connection error."', line
        )
    elif not names(value, around.proxy_url):
        yield note(f"{name} names another proxy: {_host(value)}", f"For this one: {line}")
    else:
        yield fine(f"{name} names the proxy ({value})")


def _none_set(around: Surroundings) -> Iterator[Finding]:
    if any(around.environ.get(name) for name in ("ALL_PROXY", "all_proxy")):
        yield wrong(
            "ALL_PROXY is set, which Continue never reads", in_shell(around.platform, "HTTPS_PROXY", around.proxy_url)
        )
        return
    lines = [f"{client}: {starting(around.platform, client, around.variables)}" for client in Client]
    menu = " && ".join(for_good(around.platform, name, value) for name, value in around.variables.items())
    yield note(
        "HTTPS_PROXY is not set in this shell; only the HTTPS proxy needs it, the gateway does not",
        "\n".join(
            [*lines, f"When it is started from a menu (then log in again): {menu}", *_remote(around)],
        ),
    )


def _remote(around: Surroundings) -> Iterator[str]:
    if around.environ.get("WSL_DISTRO_NAME"):
        yield "In WSL: an IDE on Windows runs Continue in WSL only with its WSL extension; else set it on Windows."


def bypass(around: Surroundings) -> Iterator[Finding]:
    """Also patterns that look as if they did something."""
    listed = around.environ.get("NO_PROXY") or around.environ.get("no_proxy") or ""
    try:
        hosts = settings_files.load(around.environ).hosts() if listed else ()
    except UserError:
        return  # the check of the settings says it
    for host in hosts:
        if pattern := bypassing(host, (), around.environ):
            yield wrong(f'NO_PROXY holds "{pattern}", which takes {host} past the proxy', "Take it out of NO_PROXY.")
    if any(part.strip() == "*" for part in listed.split(",")):
        yield note('NO_PROXY is "*": Continue takes that for a host name, other programs for all', "Take it out.")


def trusted_elsewhere(around: Surroundings) -> Iterator[Finding]:
    environ = around.environ
    if not environ.get("NODE_EXTRA_CA_CERTS"):
        for name in FALSE_FRIENDS:
            if environ.get(name) and not any(option in environ.get("NODE_OPTIONS", "") for option in OWN_STORE):
                yield note(
                    f"{name} is set, which Continue does not read",
                    in_shell(around.platform, "NODE_EXTRA_CA_CERTS", str(around.certificate)),
                )
    if environ.get("NODE_TLS_REJECT_UNAUTHORIZED") == "0":
        yield wrong(
            "NODE_TLS_REJECT_UNAUTHORIZED=0: Node checks no certificate at all, of anybody",
            f"{unset(around.platform, 'NODE_TLS_REJECT_UNAUTHORIZED')}\n"
            + in_shell(around.platform, "NODE_EXTRA_CA_CERTS", str(around.certificate)),
        )


def switches(around: Surroundings) -> Iterator[Finding]:
    """Continue's own, which change what was checked before."""
    if around.environ.get("FEATURE_FLAG_DISABLE_CUSTOM_FETCH"):
        name = "FEATURE_FLAG_DISABLE_CUSTOM_FETCH"
        yield wrong(f"{name} is set: cn then uses neither proxy nor certificate", unset(around.platform, name))
    if around.environ.get("VERBOSE_FETCH"):
        yield wrong(
            "VERBOSE_FETCH is set: cn prints each request, with the key", unset(around.platform, "VERBOSE_FETCH")
        )


def _host(url: str) -> str:
    return url.rpartition("@")[2]
