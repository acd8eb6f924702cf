"""The lines to paste, each on each platform."""

from pathlib import PurePosixPath

import pytest

from addons.cli.checks import lines
from addons.cli.checks.lines import Client, Platform

CA = PurePosixPath("/home/me/.kimi-proxy/ca/mitmproxy-ca-cert.pem")
VARIABLES = {"HTTPS_PROXY": "http://127.0.0.1:8080", "NODE_EXTRA_CA_CERTS": str(CA)}
LINUX, MACOS, WINDOWS = Platform


@pytest.mark.parametrize(
    ("name", "platform"), [("linux", LINUX), ("darwin", MACOS), ("win32", WINDOWS), ("freebsd14", LINUX)]
)
def test_the_platform_is_known_by_pythons_name_of_it(name: str, platform: Platform) -> None:
    assert Platform.of(name) is platform


@pytest.mark.parametrize(
    ("platform", "shell", "good"),
    [
        (LINUX, 'export A="1"', "echo 'export A=\"1\"' >> ~/.profile"),
        (MACOS, 'export A="1"', 'launchctl setenv A "1"'),
        (WINDOWS, '$env:A = "1"', 'setx A "1"'),
    ],
)
def test_a_variable_is_set_in_the_platforms_own_way(platform: Platform, shell: str, good: str) -> None:
    assert (lines.in_shell(platform, "A", "1"), lines.for_good(platform, "A", "1")) == (shell, good)


@pytest.mark.parametrize("platform", Platform)
@pytest.mark.parametrize("client", Client)
def test_a_client_is_started_with_both_variables(platform: Platform, client: Client) -> None:
    line = lines.starting(platform, client, VARIABLES)
    assert line.endswith(lines.STARTED_BY[client])
    for name, value in VARIABLES.items():
        assert name in line and f'"{value}"' in line


@pytest.mark.parametrize("platform", Platform)
def test_what_is_done_can_be_undone(platform: Platform) -> None:
    assert lines.for_bad(platform, "HTTPS_PROXY") != lines.for_good(platform, "HTTPS_PROXY", "x")
    assert "HTTPS_PROXY" in lines.for_bad(platform, "HTTPS_PROXY")
    assert lines.distrusting(platform, CA) != lines.trusting(platform, CA)


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        (LINUX, {"HOME": "/h"}, "/h/.config"),
        (LINUX, {"HOME": "/h", "XDG_CONFIG_HOME": "/x"}, "/x"),
        (MACOS, {"HOME": "/h"}, "/h/Library/Application Support"),
        (WINDOWS, {"APPDATA": "/a"}, "/a"),
    ],
)
def test_settings_of_ides_are_looked_for_where_they_are(
    platform: Platform, environ: dict[str, str], expected: str
) -> None:
    assert str(lines.config_folder(platform, environ)) == expected
