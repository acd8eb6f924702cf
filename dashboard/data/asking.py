"""How a page asks the store: one cached reading per question and second.

Only this package imports `db` or uses `st.cache_*`. An answer is shared by all tabs, so ten open tabs ask as much as
one. Every question can raise `StoreUnavailable`, which `components.boundary` turns into words.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from addons.domain import places
from addons.domain.errors import UserError
from db.engine import control, reader
from db.queries.reading import reading

P = ParamSpec("P")
T = TypeVar("T")

KEPT_S = 1
"""How long an answer is used again; no page refreshes faster."""

_questions: dict[str, Callable[..., Any]] = {}
_opened: list[Any] = []


@st.cache_resource(show_spinner=False)
def reading_engine(url: str) -> Any:
    """:raises UserError: as `reader` does; a failure is not kept, so the next refresh tries again."""
    engine = reader(url)
    _opened.append(engine)
    return engine


@st.cache_data(ttl=KEPT_S, max_entries=500, show_spinner=False)
def _answer(name: str, url: str, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """By name: Streamlit tells cached functions apart by their source, which would be the same for all."""
    with reading(lambda: reading_engine(url)) as tx:
        return _questions[name](tx, *args, **named)


def asks(question: Callable[Concatenate[Any, P], T]) -> Callable[P, T]:
    name = f"{question.__module__}.{question.__qualname__}"
    _questions[name] = question

    def ask(*args: P.args, **named: P.kwargs) -> T:
        answer: T = _answer(name, places.database_url(os.environ), args, named)
        return answer

    return ask


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a question cannot be answered: the person asked for something that is not there, or not a thing."""

    reason: str


def asks_engine(question: Callable[Concatenate[Any, P], T]) -> Callable[P, T | Refused]:
    """For a question that reads in several steps, and tells the person what it cannot answer."""

    @wraps(question)
    def asked(tx: Any, /, *args: P.args, **named: P.kwargs) -> T | Refused:
        try:
            return question(tx.engine, *args, **named)
        except UserError as error:
            return Refused(str(error))

    return asks(asked)


@st.cache_resource(show_spinner=False)
def control_engine(url: str) -> Any:
    """:raises UserError: as `control` does."""
    engine = control(url)
    _opened.append(engine)
    return engine


def answer_anew() -> None:
    """The page is drawn again at once, and shall show what was just changed."""
    _answer.clear()


def forget() -> None:
    """Drop what is cached and close the connections: for tests, whose stores come and go."""
    for engine in _opened:
        engine.dispose()
    _opened.clear()
    st.cache_data.clear()
    st.cache_resource.clear()
