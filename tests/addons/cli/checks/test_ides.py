"""The IDEs' own settings, as their files have them."""

from dataclasses import replace
from pathlib import Path

import pytest

from addons.cli.checks import ides
from addons.cli.checks.finding import Finding, Level
from addons.cli.checks.lines import Platform
from addons.cli.programs import Ports
from tests.addons.cli.checks.conftest import MakeSurroundings

HOSTS = ("api.kimi.com",)


@pytest.mark.parametrize(
    ("settings", "level", "said"),
    [
        ({}, Level.NOTE, "no http.proxy"),
        ({"http.proxy": "127.0.0.1:8080"}, Level.WRONG, "expected a full URL"),
        ({"http.proxy": "http://corp:3128"}, Level.NOTE, "names another proxy"),
        ({"http.proxy": "http://127.0.0.1:8080"}, Level.NOTE, "in place of requestOptions.proxy"),
        ({"http.proxy": "http://127.0.0.1:8080", "http.proxySupport": "off"}, Level.NOTE, "Continue's own connection"),
        ({"http.proxy": "http://127.0.0.1:8080", "http.noProxy": ["*.kimi.com"]}, Level.WRONG, "http.noProxy"),
    ],
    ids=["none", "no scheme", "another", "override", "off", "exception"],
)
@pytest.mark.parametrize("platform", Platform)
def test_vs_codes_proxy_setting(
    surroundings: MakeSurroundings, platform: Platform, settings: dict[str, object], level: Level, said: str
) -> None:
    around = replace(surroundings(Ports()), platform=platform)
    found = [one for one in ides.vscode_settings(settings, HOSTS, around, "settings.json") if said in one.what]
    assert [one.level for one in found] == [level] and found[0].advice


def test_vs_codes_file_may_have_comments_and_spare_commas(surroundings: MakeSurroundings, own_places: Path) -> None:
    folder = own_places / "home" / ".config" / "Code" / "User"
    folder.mkdir(parents=True)
    text = '{ // mine\n "a": "http://x//y", /* "http.proxy": "z" */\n "http.proxy": "http://127.0.0.1:8080",\n}'
    (folder / "settings.json").write_text(text)
    around = replace(surroundings(Ports(), XDG_CONFIG_HOME=""), platform=Platform.LINUX)
    assert next(iter(ides.vscode(around))).what.endswith("http.proxy names the proxy")
    (folder / "settings.json").write_text("{ broken")
    (finding,) = ides.vscode(around)
    assert finding.level is Level.NOTE and "cannot be read" in finding.what


def test_a_value_keeps_what_looks_like_a_comment() -> None:
    assert ides.jsonc('{"a": "x // y /* z */ ,}"} // end') == {"a": "x // y /* z */ ,}"}


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ('<application><component name="HttpConfigurable"/></application>', Level.FINE),
        ('<a><option name="USE_HTTP_PROXY" value="true"/><option name="PROXY_HOST" value="x"/></a>', Level.WRONG),
        ("<broken", Level.NOTE),
    ],
    ids=["off", "on", "broken"],
)
def test_the_proxy_setting_of_a_jetbrains_ide_must_be_off(
    surroundings: MakeSurroundings, own_places: Path, text: str, level: Level
) -> None:
    folder = own_places / "home" / ".config" / "JetBrains" / "PyCharm2026.1" / "options"
    folder.mkdir(parents=True)
    (folder / "proxy.settings.xml").write_text(text)
    found: list[Finding] = list(
        ides.jetbrains(replace(surroundings(Ports(), XDG_CONFIG_HOME=""), platform=Platform.LINUX))
    )
    assert [one.level for one in found] == [level] and "PyCharm2026.1" in found[0].what
