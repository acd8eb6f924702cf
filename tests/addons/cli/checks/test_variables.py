"""What the environment says, and what Continue makes of it; on each platform the line is the platform's own."""

from dataclasses import replace

import pytest

from addons.cli.checks import variables
from addons.cli.checks.finding import Level
from addons.cli.checks.lines import Platform
from addons.cli.programs import Ports
from tests.addons.cli.checks.conftest import MakeSurroundings

NONE = dict.fromkeys(
    ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY"), ""
)


@pytest.mark.parametrize(
    ("named", "level"),
    [
        ({}, Level.NOTE),
        ({"HTTPS_PROXY": "127.0.0.1:8080"}, Level.WRONG),
        ({"HTTP_PROXY": "127.0.0.1:8080"}, Level.WRONG),
        ({"HTTPS_PROXY": "http://127.0.0.1:8080", "HTTP_PROXY": "127.0.0.1:8080"}, Level.FINE),
        ({"HTTPS_PROXY": "http://proxy.example:3128"}, Level.NOTE),
        ({"ALL_PROXY": "http://127.0.0.1:8080"}, Level.WRONG),
    ],
    ids=["not set", "no scheme", "no scheme, as JetBrains sets it", "ours goes first", "another proxy", "never read"],
)
def test_the_proxy_variable_must_be_a_full_url(
    surroundings: MakeSurroundings, named: dict[str, str], level: Level
) -> None:
    (finding,) = variables.proxy(surroundings(Ports(), **(NONE | named)))
    assert finding.level is level
    if level is Level.WRONG:
        assert 'HTTPS_PROXY="http://127.0.0.1:8080"' in finding.advice


@pytest.mark.parametrize(
    ("platform", "line"),
    [
        (Platform.LINUX, "NODE_EXTRA_CA_CERTS="),
        (Platform.MACOS, "launchctl setenv HTTPS_PROXY"),
        (Platform.WINDOWS, "setx HTTPS_PROXY"),
    ],
)
def test_every_client_gets_its_line(surroundings: MakeSurroundings, platform: Platform, line: str) -> None:
    (finding,) = variables.proxy(replace(surroundings(**NONE), platform=platform))
    assert all(client in finding.advice for client in ("VS Code: ", "JetBrains: ", "cn: ")) and line in finding.advice


def test_exceptions_for_a_providers_host_are_wrong(surroundings: MakeSurroundings) -> None:
    found = list(variables.bypass(surroundings(**(NONE | {"NO_PROXY": "localhost,.kimi.com,*"}))))
    assert [finding.level for finding in found] == [Level.WRONG, Level.NOTE]
    assert "api.kimi.com" in found[0].what


@pytest.mark.parametrize(
    ("named", "levels"),
    [
        ({"SSL_CERT_FILE": "x"}, [Level.NOTE]),
        ({"SSL_CERT_FILE": "x", "NODE_OPTIONS": "--use-openssl-ca"}, []),
        ({"SSL_CERT_FILE": "x", "NODE_EXTRA_CA_CERTS": "y"}, []),
        ({"NODE_TLS_REJECT_UNAUTHORIZED": "0", "NODE_EXTRA_CA_CERTS": "y"}, [Level.WRONG]),
        ({"NODE_TLS_REJECT_UNAUTHORIZED": "1", "NODE_EXTRA_CA_CERTS": "y"}, []),
    ],
    ids=["not read", "read with an option", "beside the right one", "no checks at all", "checks"],
)
def test_variables_of_other_programs_do_not_help(
    surroundings: MakeSurroundings, named: dict[str, str], levels: list[Level]
) -> None:
    friends = dict.fromkeys((*variables.FALSE_FRIENDS, "NODE_EXTRA_CA_CERTS", "NODE_OPTIONS"), "")
    around = surroundings(**(friends | {"NODE_TLS_REJECT_UNAUTHORIZED": ""} | named))
    assert [finding.level for finding in variables.trusted_elsewhere(around)] == levels


def test_continues_own_switches_are_noticed(surroundings: MakeSurroundings) -> None:
    around = surroundings(FEATURE_FLAG_DISABLE_CUSTOM_FETCH="1", VERBOSE_FETCH="1")
    assert [finding.level for finding in variables.switches(around)] == [Level.WRONG, Level.WRONG]
