"""`./just docs`: the parts of README.md that are made from the code, between `<!-- NAME -->` and `<!-- /NAME -->`.

README.fr.md has the same ones, in the words of the French catalogue.
"""

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from typing import NamedTuple

from addons.cli.catalogue import Say, as_it_is, said_in
from addons.cli.settings_table import HEAD, rows, settings_table
from addons.domain.errors import UserError
from addons.domain.places import ROOT
from db.queries.export import EXPORT_COLUMNS

READMES = {ROOT / "README.md": as_it_is, ROOT / "README.fr.md": said_in("fr")}
"""Each with its language."""
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
    """UserError, thus status 1, with --check if a file is not current."""
    for path, say in READMES.items():
        before = path.read_text(encoding="utf-8")
        after = generated(before, say)
        if before == after:
            continue
        if args.check:
            raise UserError(f"{path.name} is not current; run ./just docs")
        path.write_text(after, encoding="utf-8")
        print(f"{path.name}: brought up to date")
    return 0


def generated(text: str, say: Say = as_it_is) -> str:
    """The same text with every block made anew; UserError for a block that is not there exactly once."""
    for name, make in BLOCKS.items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        if text.count(start) != 1 or text.count(end) != 1:
            raise UserError(f"README.md: expected one block {start} … {end}")
        before, rest = text.split(start)
        after = rest.split(end)[1]
        text = f"{before}{start}\n\n{make(say)}\n\n{end}{after}"
    return text


def recipes() -> list[Recipe]:
    """Those of justfile that people call, in its order."""
    found = RECIPE.finditer(JUSTFILE.read_text(encoding="utf-8"))
    return [Recipe(match["name"], match["group"] or "", match["does"]) for match in found]


def commands(group: str, say: Say) -> str:
    lines = [f"| {say('command')} | {say('does')} |", "|---|---|"]
    lines += [f"| `./just {recipe.name}` | {say(recipe.does)} |" for recipe in recipes() if recipe.group == group]
    return "\n".join(lines)


def export_columns() -> str:
    return "```\n" + " ".join(EXPORT_COLUMNS) + "\n```"


def words() -> Iterator[str]:
    """What the blocks say in the reader's language."""
    yield from ("command", "does", *HEAD)
    yield from (recipe.does for recipe in recipes() if recipe.group)
    for row in rows():
        yield from filter(None, (row.accepts, row.help))


BLOCKS: dict[str, Callable[[Say], str]] = {
    "commands": lambda say: commands("use", say),
    "development commands": lambda say: commands("develop", say),
    "settings": settings_table,
    "export columns": lambda _say: export_columns(),
}
