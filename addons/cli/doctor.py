"""`./just doctor`: the set-up from end to end, and what to do where it is not right."""

import os
from argparse import ArgumentParser, Namespace

from rich.console import Console
from rich.text import Text

from addons.cli.checks import CHECKS
from addons.cli.checks.finding import Finding, Level, Surroundings
from addons.cli.programs import Ports

SIGNS = {Level.FINE: ("✓", "green"), Level.NOTE: ("–", "yellow"), Level.WRONG: ("✗", "bold red")}


def add_arguments(parser: ArgumentParser) -> None:
    Ports.add_arguments(parser)


def run(args: Namespace) -> int:
    """1 if something is wrong. What is not running or not used is a note, and hides nothing."""
    console = Console(soft_wrap=True, highlight=False)
    around = Surroundings(os.environ, Ports.of(args))
    wrong = 0
    for title, checks in CHECKS:
        console.print(Text(title, style="bold"))
        for check in checks:
            for finding in check(around):
                show(console, finding)
                wrong += finding.level is Level.WRONG
    if wrong:
        console.print(Text(f"\n{wrong} to put right.", style="bold red"))
    else:
        console.print(Text("\nNothing is wrong.", style="bold green"))
    return 1 if wrong else 0


def show(console: Console, finding: Finding) -> None:
    sign, style = SIGNS[finding.level]
    console.print(Text.assemble("  ", (sign, style), " ", finding.what))
    if finding.advice:
        console.print(Text(f"      {finding.advice}", style="dim"))
