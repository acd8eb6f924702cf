"""The exact lines to paste, by platform and client. The platform is an argument, so that any of them can be printed."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePath

PROFILES = (".profile", ".bash_profile", ".bashrc", ".zprofile", ".zshrc", ".zshenv", ".config/fish/config.fish")
"""In the home directory: where people set variables for every shell."""


class Platform(StrEnum):
    LINUX = "linux"
    MACOS = "macos"
    WINDOWS = "windows"

    @classmethod
    def of(cls, sys_platform: str) -> "Platform":
        return {"darwin": cls.MACOS, "win32": cls.WINDOWS}.get(sys_platform, cls.LINUX)


class Client(StrEnum):
    VSCODE = "VS Code"
    JETBRAINS = "JetBrains"
    CN = "cn"


STARTED_BY = {Client.VSCODE: "code .", Client.JETBRAINS: "pycharm .", Client.CN: "cn"}


def in_shell(platform: Platform, name: str, value: str) -> str:
    """For this terminal: PowerShell on Windows, a POSIX shell elsewhere."""
    return f'$env:{name} = "{value}"' if platform is Platform.WINDOWS else f'export {name}="{value}"'


def unset(platform: Platform, name: str) -> str:
    return f"Remove-Item Env:{name}" if platform is Platform.WINDOWS else f"unset {name}"


def for_good(platform: Platform, name: str, value: str) -> str:
    """For programs that are started from a menu: they never see what a terminal has set."""
    if platform is Platform.WINDOWS:
        return f'setx {name} "{value}"'
    if platform is Platform.MACOS:
        return f'launchctl setenv {name} "{value}"'
    return f"echo 'export {name}=\"{value}\"' >> ~/.profile"


def for_bad(platform: Platform, name: str) -> str:
    """Undoes `for_good`; on Linux the line in the profile has to be taken out by hand."""
    if platform is Platform.WINDOWS:
        return f"reg delete HKCU\\Environment /F /V {name}"
    if platform is Platform.MACOS:
        return f"launchctl unsetenv {name}"
    return f"take the line with {name} out of ~/.profile"


def starting(platform: Platform, client: Client, variables: Mapping[str, str]) -> str:
    """Starts the client with these variables."""
    command = STARTED_BY[client]
    if platform is Platform.WINDOWS:
        return "; ".join([*(in_shell(platform, name, value) for name, value in variables.items()), command])
    return " ".join([*(f'{name}="{value}"' for name, value in variables.items()), command])


def trusting(platform: Platform, certificate: PurePath) -> str:
    """Puts the certificate into the system's store, which VS Code asks where it replaces Continue's own connection."""
    if platform is Platform.WINDOWS:
        return f'certutil -addstore -user Root "{certificate}"'
    if platform is Platform.MACOS:
        return f'security add-trusted-cert -k ~/Library/Keychains/login.keychain-db "{certificate}"'
    return f'sudo cp "{certificate}" /usr/local/share/ca-certificates/kimi-proxy.crt && sudo update-ca-certificates'


def distrusting(platform: Platform, certificate: PurePath) -> str:
    """Undoes `trusting`."""
    if platform is Platform.WINDOWS:
        return 'certutil -delstore -user Root "Kimi Proxy, on this machine only"'
    if platform is Platform.MACOS:
        return f'security remove-trusted-cert "{certificate}"'
    return "sudo rm -f /usr/local/share/ca-certificates/kimi-proxy.crt && sudo update-ca-certificates --fresh"


def config_folder(platform: Platform, environ: Mapping[str, str]) -> PurePath:
    """Where IDEs keep their settings on that platform."""
    home = PurePath(environ.get("HOME") or environ.get("USERPROFILE") or ".")
    if platform is Platform.WINDOWS:
        return PurePath(environ.get("APPDATA") or home / "AppData" / "Roaming")
    if platform is Platform.MACOS:
        return home / "Library" / "Application Support"
    return PurePath(environ.get("XDG_CONFIG_HOME") or home / ".config")
