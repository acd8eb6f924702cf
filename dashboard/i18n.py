"""Every text that a person reads goes through `_`, in the language of the one who looks.

Each browser tab has a language of its own, in its session state; a fragment and a callback find it there too. So a text
is looked up where it is drawn. A module's constants are made once for all tabs: they are marked with `N_`, and go
through `_` where they are drawn.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import catalogues

_KEY = "language"
_spoken: ContextVar[str | None] = ContextVar("language", default=None)
"""Goes before the session state; set where there is none."""


def language() -> str:
    """One of `catalogues.LANGUAGES`; English where no page is drawn."""
    if (spoken := _spoken.get()) is not None:
        return spoken
    if get_script_run_ctx(suppress_warning=True) is None:
        return catalogues.ENGLISH
    return str(st.session_state.get(_KEY, catalogues.ENGLISH))


def speak(language: str) -> None:
    """From now on, in this tab."""
    st.session_state[_KEY] = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """For what is made outside a page."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def _(text: str) -> str:
    """The text in the person's language. Called where it is drawn."""
    return catalogues.texts(language()).gettext(text) if text else ""


def n_(one: str, many: str, n: int) -> str:
    """The form that `n` takes in the person's language; `{n}` in it is the caller's to fill in."""
    return catalogues.texts(language()).ngettext(one, many, n)


def N_(text: str) -> str:
    """Marks a text for the catalogue and gives it back as it is: a constant is made once, and drawn in any language."""
    return text
