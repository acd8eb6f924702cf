"""Every text that a person reads goes through `_`, so that a catalogue can be put behind it without touching a page."""

from gettext import NullTranslations

_translations = NullTranslations()


def _(text: str) -> str:
    """The text in the person's language; English until a catalogue is installed. Called where it is drawn."""
    return _translations.gettext(text)


def n_(one: str, many: str, n: int) -> str:
    """The form that `n` takes in the person's language; `{n}` in it is the caller's to fill in."""
    return _translations.ngettext(one, many, n)


def N_(text: str) -> str:
    """Marks a text for the catalogue and gives it back as it is: a constant is made once, and drawn in any language."""
    return text
