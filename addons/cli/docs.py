"""`./just docs`: the parts of README.md that are made from the code, between `<!-- NAME -->` and `<!-- /NAME -->`."""

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import NamedTuple

from addons.cli.settings_table import settings_table
from addons.domain.errors import UserError
from addons.domain.places import ROOT
from db.queries.export import EXPORT_COLUMNS

README = ROOT / "README.md"
JUSTFILE = ROOT / "justfile"

RECIPE = re.compile(
    r"^# (?P<does>.+)\n"
    r"(?:\[group\('(?P<group>\w+)'\)\]\n)?"
    r"(?:\[.+\]\n)*"
    r"(?P<name>[a-z][\w-]*)(?: [^:\n]*)?:(?!=)",
    re.MULTILINE,
)


class Recipe(NamedTuple):
    name: str
    group: str
    """`use`, `develop`, or empty."""
    does: str


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="change nothing; status 1 if something is not current")


def run(args: Namespace) -> int:
    """UserError, thus status 1, with --check if the file is not current."""
    before = README.read_text(encoding="utf-8")
    after = generated(before)
    if before == after:
        return 0
    if args.check:
        raise UserError("README.md is not current; run ./just docs")
    README.write_text(after, encoding="utf-8")
    print("README.md: brought up to date")
    return 0


def generated(text: str) -> str:
    """The same text with every block made anew; UserError for a block that is not there exactly once."""
    for name, make in BLOCKS.items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        if text.count(start) != 1 or text.count(end) != 1:
            raise UserError(f"README.md: expected one block {start} … {end}")
        before, rest = text.split(start)
        after = rest.split(end)[1]
        text = f"{before}{start}\n\n{make()}\n\n{end}{after}"
    return text


def recipes() -> list[Recipe]:
    """Those of justfile that people call, in its order."""
    found = RECIPE.finditer(JUSTFILE.read_text(encoding="utf-8"))
    return [Recipe(match["name"], match["group"] or "", match["does"]) for match in found]


def commands(group: str) -> str:
    lines = ["| command | does |", "|---|---|"]
    lines += [f"| `./just {recipe.name}` | {recipe.does} |" for recipe in recipes() if recipe.group == group]
    return "\n".join(lines)


def export_columns() -> str:
    return "```\n" + " ".join(EXPORT_COLUMNS) + "\n```"


BLOCKS: dict[str, Callable[[], str]] = {
    "commands": lambda: commands("use"),
    "development commands": lambda: commands("develop"),
    "settings": settings_table,
    "export columns": export_columns,
}
