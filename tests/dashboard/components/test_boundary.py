import os
from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

OpenPage = Callable[..., AppTest]


def test_a_file_that_is_no_database_is_named_and_not_a_traceback(open_page: OpenPage) -> None:
    path = Path(os.environ["KIMI_DATABASE_URL"].removeprefix("sqlite:///"))
    path.write_bytes(b"not a database " * 100)
    page = open_page("sessions.py")
    assert "does not answer" in page.warning[0].value
    assert page.code[0].value
