"""Under each chart without a table of its own stands the same as a table."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.filled import Filler

OpenPage = Callable[..., AppTest]


@pytest.mark.parametrize(
    ("file", "query", "tables"),
    [
        pytest.param("usage.py", {"period": "all"}, 3, id="usage"),
        pytest.param("savings.py", {"period": "all"}, 3, id="savings"),
        pytest.param("memory.py", {"period": "all"}, 2, id="memory"),
        pytest.param("limits.py", {"period": "all"}, 3, id="first bytes, durations and errors"),
        pytest.param("compare.py", {"left": "s-0000", "right": "s-0001"}, 2, id="parts, and three charts by request"),
        pytest.param("turn.py", {"id": "1"}, 1, id="timings"),
        pytest.param("session.py", {"session": "s-0000"}, 1, id="estimates"),
    ],
)
def test_the_same_as_a_table(
    open_page: OpenPage, filled_database: Filler, file: str, query: dict[str, str], tables: int
) -> None:
    page = open_page(file, **query)
    found = [box for box in page.expander if box.label == "The same as a table"]
    assert len(found) == tables
    for box in found:
        (frame,) = box.dataframe
        assert len(frame.value)
