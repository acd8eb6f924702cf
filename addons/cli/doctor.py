"""`./just doctor`: the set-up from end to end, and what to do where it is not right."""

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from addons.cli.checks import CHECKS
from addons.cli.checks.finding import Finding, Level, Surroundings
from addons.cli.checks.lines import Platform
from addons.cli.programs import Ports

SIGNS = {Level.FINE: ("✓", "green"), Level.NOTE: ("–", "yellow"), Level.WRONG: ("✗", "bold red")}


def add_arguments(parser: ArgumentParser) -> None:
    Ports.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="one object, for programs: its `wrong` is a number")
    parser.add_argument(
        "--platform",
        choices=[str(platform) for platform in Platform],
        help="where the client runs, for the lines to paste (default: this machine)",
    )


def run(args: Namespace) -> int:
    """1 if something is wrong. What is not running or not used is a note, and hides nothing."""
    platform = Platform(args.platform) if args.platform else Platform.of(sys.platform)
    parts = examine(Surroundings(os.environ, Ports.of(args), platform))
    return as_json(parts) if args.json else as_text(parts)


def examine(around: Surroundings) -> Iterator[tuple[str, Iterator[Finding]]]:
    """Each part's title and its findings, made as they are asked for: some take seconds."""
    for title, checks in CHECKS:
        yield title, (finding for check in checks for finding in check(around))


def as_text(parts: Iterator[tuple[str, Iterator[Finding]]]) -> int:
    console = Console(soft_wrap=True, highlight=False)
    wrong = 0
    for title, findings in parts:
        heading: Text | None = Text(title, style="bold")
        for finding in findings:
            if heading:
                console.print(heading)
                heading = None  # a part without findings needs none
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
    for line in finding.advice.splitlines():
        console.print(Text(f"      {line}", style="dim"))


def as_json(parts: Iterator[tuple[str, Iterator[Finding]]]) -> int:
    found = [
        {"part": title, "level": str(finding.level), "what": finding.what, "advice": finding.advice}
        for title, findings in parts
        for finding in findings
    ]
    wrong = sum(finding["level"] == Level.WRONG for finding in found)
    print(json.dumps({"wrong": wrong, "findings": found}, ensure_ascii=False, indent=2))
    return 1 if wrong else 0
