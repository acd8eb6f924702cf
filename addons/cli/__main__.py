"""`python -m addons.cli COMMAND`: what the recipes of justfile run.

A command is a module with `add_arguments(parser)` and `run(args) -> exit status`; only the one asked for is imported.
"""

import importlib
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import NamedTuple, Protocol, cast

from addons.domain.errors import UserError

PROGRAM = "./just"
"""Every command is a recipe of the same name, and that is how people start it."""


class Command(NamedTuple):
    module: str
    help: str
    """One line; it stands in README.md too."""


class CommandModule(Protocol):
    def add_arguments(self, parser: ArgumentParser) -> None: ...

    def run(self, args: Namespace) -> int: ...


COMMANDS = {
    "up": Command("addons.cli.up", "start the proxy, the gateway and the dashboard; stop them with Ctrl-C"),
    "demo": Command("addons.cli.demo", "the same with a simulated provider and a scripted session"),
    "doctor": Command("addons.cli.doctor", "check the set-up end to end and say what to do"),
    "export": Command("addons.cli.export", "print the recorded completions as CSV or JSON, or a report on a session"),
    "sessions": Command("addons.cli.sessions", "list the recorded sessions; rename, split, merge or delete one"),
    "show": Command("addons.cli.show", "print an original that was taken out of a request"),
    "compress": Command(
        "addons.cli.compress", "have a session's older exchanges summarised, or see what that would do"
    ),
    "import-legacy": Command("addons.cli.import_legacy", "take over the records of a predecessor's sessions.db"),
    "mcp": Command("addons.cli.mcp", "serve originals to the model: an MCP server on standard input and output"),
    "prices": Command("addons.cli.prices", "show each model's prices, their source and their age"),
    "alert-test": Command("addons.cli.alert_test", "send a test to every channel of alerts.urls"),
    "translate": Command("addons.cli.translate", "bring the catalogues of the dashboard's languages up to date"),
    "backup": Command("addons.cli.backup", "copy the store into one file, also while the proxy runs"),
    "restore": Command("addons.cli.restore", "put a backup in the store's place, and keep what was there"),
    "uninstall": Command("addons.cli.uninstall", "remove what was set up, and say what is left to take out by hand"),
    "audit": Command("addons.cli.audit", "look for known vulnerabilities in the pinned packages"),
    "docs": Command("addons.cli.docs", "write the generated parts of both READMEs, or check that they are current"),
}


def parser_for(name: str | None) -> ArgumentParser:
    """All commands by name, and the arguments of one of them."""
    parser = ArgumentParser(prog=PROGRAM)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for each, command in COMMANDS.items():
        subparser = commands.add_parser(each, help=command.help, description=command.help.capitalize() + ".")
        if each == name:
            module_of(each).add_arguments(subparser)
    return parser


def module_of(name: str) -> CommandModule:
    return cast(CommandModule, importlib.import_module(COMMANDS[name].module))


def main(argv: Sequence[str]) -> int:
    """The exit status: the command's own; 1: something to put right; 2: wrong arguments; 130: Ctrl-C."""
    try:
        args = parser_for(argv[0] if argv else None).parse_args(argv)
        return module_of(args.command).run(args)
    except UserError as error:
        print(f"{PROGRAM} {argv[0]}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader has left, as `| head` does; whatever is still buffered must not raise again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
