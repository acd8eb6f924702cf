"""What the IDEs' own settings do to Continue: VS Code's settings.json, the proxy setting of the JetBrains IDEs."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from addons.cli.checks.finding import Finding, Surroundings, fine, note, wrong
from addons.cli.checks.lines import Client, config_folder, starting, trusting
from addons.cli.checks.ways import bypassing, has_scheme, names
from addons.domain.errors import UserError
from addons.services import settings_files

VSCODES = ("Code", "Code - Insiders", "VSCodium", "Cursor")
_JSONC = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/|,(?=\s*[}\]])', re.DOTALL)


def vscode(around: Surroundings) -> Iterator[Finding]:
    for name in VSCODES:
        path = Path(config_folder(around.platform, around.environ) / name / "User" / "settings.json")
        if path.is_file():
            yield from _vscode_file(path, around)


def _vscode_file(path: Path, around: Surroundings) -> Iterator[Finding]:
    try:
        settings = jsonc(path.read_text(encoding="utf-8"))
        hosts = settings_files.load(around.environ).hosts()
    except UserError:
        return  # the check of the settings says it
    except (OSError, ValueError) as error:
        yield note(f"{path} cannot be read ({type(error).__name__})", "Look in it for http.proxy yourself.")
        return
    yield from vscode_settings(settings, hosts, around, str(path))


def jsonc(text: str) -> Mapping[str, Any]:
    """JSON with comments and commas at the end, as VS Code writes it.

    :raises ValueError: if it is none.
    """
    tree = json.loads(_JSONC.sub(lambda match: match[1] or "", text) or "{}")
    if not isinstance(tree, dict):
        raise ValueError("no object")
    return tree


def vscode_settings(
    settings: Mapping[str, Any], hosts: tuple[str, ...], around: Surroundings, place: str
) -> Iterator[Finding]:
    """VS Code replaces Continue's connection where `http.proxySupport` is override; then its proxy and the system's
    store count, else Continue's own and NODE_EXTRA_CA_CERTS."""
    proxy = str(settings.get("http.proxy") or "")
    support = str(settings.get("http.proxySupport") or "override")
    line = f'"http.proxy": "{around.proxy_url}",\n"http.proxySupport": "override"'
    if not proxy:
        yield note(f"{place}: no http.proxy; only the HTTPS proxy needs it, the gateway does not", line)
        return
    if not has_scheme(proxy):
        yield wrong(f'{place}: http.proxy is "{proxy}"; expected a full URL', line)
        return
    if not names(proxy, around.proxy_url):
        yield note(f"{place}: http.proxy names another proxy", line)
        return
    yield fine(f"{place}: http.proxy names the proxy")
    if support == "override":
        yield note(
            "VS Code takes its own proxy in place of requestOptions.proxy, and trusts the system's store",
            f"{trusting(around.platform, around.certificate)}\n"
            f"{starting(around.platform, Client.VSCODE, {'NODE_EXTRA_CA_CERTS': str(around.certificate)})}",
        )
    else:
        yield note(
            f'http.proxySupport is "{support}": Continue\'s own connection is used, so http.proxy does not reach it',
            f"{line}\nOr start it with: {starting(around.platform, Client.VSCODE, around.variables)}",
        )
    listed = settings.get("http.noProxy")
    patterns = tuple(map(str, listed)) if isinstance(listed, list) else ()
    for host in hosts:
        if pattern := bypassing(host, patterns, {}):
            yield wrong(f'{place}: "{pattern}" in http.noProxy takes {host} past the proxy', "Take it out there.")


def jetbrains(around: Surroundings) -> Iterator[Finding]:
    """With a manual proxy the IDE hands Continue HTTP_PROXY=host:port, without a scheme."""
    folder = Path(config_folder(around.platform, around.environ) / "JetBrains")
    for path in sorted(folder.glob("*/options/proxy.settings.xml")):
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            yield note(f"{path} cannot be read: {error.strerror}", "Look at the IDE's HTTP Proxy setting yourself.")
            continue
        yield from jetbrains_settings(text, around, path.parent.parent.name)


def jetbrains_settings(text: str, around: Surroundings, ide: str) -> Iterator[Finding]:
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        yield note(f"{ide}: its proxy setting cannot be read", "Look at Settings, HTTP Proxy yourself.")
        return
    set_to = {option.get("name"): option.get("value") for option in root.iter("option")}
    if set_to.get("USE_HTTP_PROXY") != "true":
        yield fine(f"{ide}: the IDE's own proxy setting is off, as it must be")
        return
    yield wrong(
        f"{ide}: the IDE's proxy setting is on; it hands Continue an address without http://, and every request ends "
        'in "Connection error."',
        "Settings, Appearance & Behavior, System Settings, HTTP Proxy: No proxy. Then quit the IDE and start it with\n"
        + starting(around.platform, Client.JETBRAINS, around.variables),
    )
