"""`./just translate`: the dashboard's texts as gettext's catalogues, a template and one for each language.

A text is what `_`, `N_` and `n_` are given in dashboard/, what the schema says about a setting, a word that rows are
recorded with, or one of the tables of README.md. What is left to do is printed: an empty translation is to be written
into the catalogue.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from addons.cli import docs
from addons.cli.catalogue import LOCALE
from addons.domain.places import ROOT
from addons.domain.settings import Settings
from addons.domain.settings.words import texts
from addons.domain.vocabulary import words

DASHBOARD = ROOT / "dashboard"
TEMPLATE = LOCALE / "kimi.pot"
SCHEMA, VOCABULARY, README = "addons/domain/settings", "addons/domain/vocabulary.py", "README.md"
KEYWORDS = {"_": None, "N_": None, "n_": (1, 2)}
WIDTH = 120
UNSAID = tuple(
    f'"{name}'.encode() for name in ("Project-", "POT-", "PO-", "Generated-By", "Report-", "Last-", "Language-Team")
)
"""Lines of a catalogue's head that would change with the day or the tool, or that git knows better."""
HEADER = "# Texts of the dashboard; made by ./just translate from its sources and from the settings' schema."


def add_arguments(parser: ArgumentParser) -> None:
    """None."""


def run(args: Namespace) -> int:
    """Status 1 while a translation is missing."""
    found = template()
    TEMPLATE.write_bytes(written(found))
    left = 0
    for path in catalogues():
        catalogue = updated(path, found)
        path.write_bytes(written(catalogue))
        for message in untranslated(catalogue):
            print(f"{path.relative_to(ROOT)}: {message.id!r} has no translation")
            left += 1
    return 1 if left else 0


def catalogues() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/kimi.po"))


def template() -> Catalog:
    """All texts in the order of their sources, each with the files that hold it."""
    found = Catalog(project="Kimi Proxy", version="", charset="utf-8", header_comment=HEADER, fuzzy=False)
    for path in sorted(DASHBOARD.rglob("*.py")):
        for _line, text, comments, context in extract_from_file("python", str(path), keywords=KEYWORDS):
            place = path.relative_to(ROOT).as_posix()
            found.add(text, locations=[(place, 0)], auto_comments=comments, context=context)
    for text in texts(Settings):
        found.add(text, locations=[(SCHEMA, 0)])
    for word in words():
        found.add(word, locations=[(VOCABULARY, 0)])
    for text in docs.words():
        found.add(text, locations=[(README, 0)])
    return found


def updated(path: Path, found: Catalog) -> Catalog:
    """A language's catalogue with the template's texts: new ones are empty, and what nobody says any more is gone.

    No text is guessed from one that looks alike: a wrong translation is worse than none.
    """
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parts[-3])
    catalogue.update(found, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    return catalogue


def untranslated(catalogue: Catalog) -> Iterator[Message]:
    for message in catalogue:
        said = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
        if message.id and (message.fuzzy or not all(said)):
            yield message


def written(catalogue: Catalog) -> bytes:
    """As the file has it: without line numbers and dates, so that it changes with its texts only."""
    file = BytesIO()
    write_po(file, catalogue, width=WIDTH, include_lineno=False)
    kept = (line for line in file.getvalue().splitlines(keepends=True) if not line.startswith(UNSAID))
    return b"".join(kept)
