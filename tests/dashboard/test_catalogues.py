"""The catalogues hold every text that the sources say, each with a translation that can stand in its place."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Message

from addons.cli import translate
from dashboard.catalogues import ENGLISH, LANGUAGES, spoken_by, texts

PLACEHOLDER = re.compile(r"\{\w+[^}]*\}")
MARKUP = re.compile(r"\*\*|`[^`]*`|:\w+-badge\[")
PATHS = translate.catalogues()


def sayings(message: Message) -> list[tuple[str, str]]:
    """A text with its translation; of a plural the forms for many, since the one may leave its number out."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return [(message.id[1], said) for said in message.string[1:]]


def listed(texts: Iterable[object]) -> str:
    return "".join(f"\n  {text!r}" for text in sorted(texts, key=str))


def test_every_language_but_english_has_a_catalogue() -> None:
    assert {path.parts[-3] for path in PATHS} == set(LANGUAGES) - {ENGLISH}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.parts[-3])
def test_every_text_has_a_translation(path: Path) -> None:
    updated = translate.updated(path, translate.template())
    left = [message.id for message in translate.untranslated(updated)]
    assert not left, f"./just translate, then write into {path}:{listed(left)}"


@pytest.mark.parametrize("path", [translate.TEMPLATE, *PATHS], ids=lambda path: path.name)
def test_the_files_hold_what_the_sources_say(path: Path) -> None:
    said = {message.id for message in translate.template() if message.id}
    with path.open("rb") as file:
        held = {message.id for message in translate.read_po(file) if message.id}
    assert not held - said, f"run ./just translate; no source says any more:{listed(held - said)}"
    assert not said - held, f"run ./just translate; not there yet:{listed(said - held)}"


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.parts[-3])
def test_a_translation_has_the_same_placeholders_and_markup(path: Path) -> None:
    wrong: list[tuple[str, str]] = []
    with path.open("rb") as file:
        for message in translate.read_po(file):
            for text, said in sayings(message) if message.id else []:
                same = sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(said))
                if said and not (same and len(MARKUP.findall(text)) == len(MARKUP.findall(said))):
                    wrong.append((text, said))
    assert not wrong, listed(wrong)


@pytest.mark.parametrize(
    ("locale", "language"),
    [("fr", "fr"), ("fr-CA", "fr"), ("fr_FR", "fr"), ("en-GB", "en"), ("de-DE", "en"), ("", "en"), (None, "en")],
)
def test_a_locale_gets_the_nearest_language(locale: str | None, language: str) -> None:
    assert spoken_by(locale) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_known_to_babel_and_compiles(language: str) -> None:
    assert Locale.parse(language).language == language
    assert texts(language).gettext("no such text") == "no such text"
