"""Tables over pages of their own that show nothing else."""

from typing import Any

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

PLAIN = 0
"""The place of the first table."""


def page(count: int, language: str = "en") -> None:
    import streamlit as st  # noqa: PLC0415 - AppTest runs this text as a page of its own

    from dashboard import i18n  # noqa: PLC0415
    from dashboard.components.columns import DURATION, FILL, TOKENS, USD, when  # noqa: PLC0415
    from dashboard.components.table import choice, chooser, table  # noqa: PLC0415
    from dashboard.format import utc  # noqa: PLC0415

    i18n.speak(language)
    number = st.column_config.NumberColumn
    names = [f"n-{place}" for place in range(count)]
    rows = [
        {"name": name, "tokens": 12_345, "usd": -0.0025 if place else None, "off": 12.345, "took": 1.5, "status": 1404,
         "fill": 12.0, "at": utc(0), "hidden": "never"}
        for place, name in enumerate(names)
    ]  # fmt: skip
    columns = {"name": "Name", "tokens": TOKENS("Tokens"), "usd": USD("Cost"), "off": number("Off", format="%+.1f %%"),
               "took": DURATION("Took"), "status": number("Status", format="%d"), "fill": FILL("Fill"),
               "at": when("At")}  # fmt: skip
    table("plain", rows, columns, unknown="not known")
    st.text(choice("one", rows, columns, names) or "none")
    chooser("told", rows, columns, names, lambda chosen: st.session_state.update(chosen=chosen), many=True)
    st.text(", ".join(st.session_state.get("chosen", ["nothing yet"])))


def drawn(count: int, language: str = "en") -> AppTest:
    at = AppTest.from_function(page, args=(count, language), default_timeout=120).run()
    assert not at.exception
    return at


def texts(at: AppTest, row: int) -> dict[str, str]:
    """What the browser writes into the cells of numbers."""
    styler: Any = at.dataframe[PLAIN].proto.arrow_data.styler
    frame = pa.ipc.open_stream(styler.display_values).read_pandas()
    return {name: frame[name][row] for name in ("tokens", "usd", "off", "took", "status")}


@pytest.mark.parametrize("count", [0, 3, 50])
def test_a_table_of_no_few_and_many_rows(count: int) -> None:
    assert [len(table.value) for table in drawn(count).dataframe] == [count] * 3


@pytest.mark.parametrize(
    ("row", "chosen"),
    [(None, "none"), (1, "n-1"), (7, "none")],
    ids=["none", "a row", "one of a longer table before"],
)
def test_what_the_chosen_row_is_drawn_from_is_given(row: int | None, chosen: str) -> None:
    at = drawn(3)
    rows = [] if row is None else [row]
    at.session_state["one"] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    at.run()
    assert at.text[0].value == chosen


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", {"tokens": "12,345", "usd": "-$0.0025", "off": "+12.3 %", "took": "1.50 s", "status": "1404"}),
        ("fr", {"tokens": "12 345", "usd": "-0,0025 $", "off": "+12,3 %", "took": "1,50 s", "status": "1404"}),
    ],
)
def test_numbers_are_written_in_the_pages_language_and_stay_numbers(language: str, said: dict[str, str]) -> None:
    at = drawn(2, language)
    plain = {name: text.replace("\u202f", " ").replace("\u00a0", " ") for name, text in texts(at, 1).items()}
    assert plain == said
    assert list(at.dataframe[PLAIN].value["tokens"]) == [12_345, 12_345]


def test_a_missing_number_is_the_placeholder() -> None:
    at = drawn(2)
    assert texts(at, 0)["usd"] == "not known"
    assert at.dataframe[PLAIN].proto.placeholder == "not known"


def test_columns_are_shown_in_the_order_that_is_given_and_others_not() -> None:
    order = list(drawn(1).dataframe[PLAIN].proto.column_order)
    assert order == ["name", "tokens", "usd", "off", "took", "status", "fill", "at"]
