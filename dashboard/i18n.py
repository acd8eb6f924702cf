"""Every text that a person reads goes through `_`, so that a catalogue can be put behind it without touching a page."""

from gettext import NullTranslations

_translations = NullTranslations()


def _(text: str) -> str:
    """The text in the person's language; English until a catalogue is installed."""
    return _translations.gettext(text)
