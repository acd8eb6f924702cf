"""The languages, each with its catalogue, `locale/LANGUAGE/LC_MESSAGES/kimi.po`, compiled when it is first asked for.

`./just translate` brings the catalogues up to date; nothing compiled is kept in the repository.
"""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from dashboard.places import LOCALE

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "fr": "Français"}
"""Each by the name that its own speakers look for. English is what the sources say, and has no catalogue."""


@cache
def texts(language: str) -> NullTranslations:
    """:param language: one of LANGUAGES."""
    if language == ENGLISH:
        return NullTranslations()
    compiled = BytesIO()
    with (LOCALE / language / "LC_MESSAGES" / "kimi.po").open("rb") as catalogue:
        write_mo(compiled, read_po(catalogue, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def spoken_by(locale: str | None) -> str:
    """The language nearest to a browser's locale, such as "fr-CA"; English for all that there is no catalogue for."""
    language = (locale or "").replace("_", "-").partition("-")[0].lower()
    return language if language in LANGUAGES else ENGLISH
