"""Texts in the languages of dashboard/locale: how a document that is made here says them."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from addons.domain.places import ROOT

LOCALE = ROOT / "dashboard" / "locale"
Say = Callable[[str], str]


def as_it_is(text: str) -> str:
    """In English, which is what the sources say."""
    return text


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "kimi.po"


@cache
def said_in(language: str) -> Say:
    """A function that translates; a text without translation stays as it is."""
    with path_of(language).open("rb") as file:
        known = {message.id: message.string for message in read_po(file, locale=language)}
    return lambda text: str(known.get(text) or text) if text else ""
