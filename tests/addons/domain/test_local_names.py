"""Who is a program of this machine."""

import pytest

from addons.domain.local_names import is_local, is_page


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.0.0.1:9188", True),
        ("LOCALHOST:1", True),
        ("[::1]:80", True),
        ("evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example:80", False),
        ("[::1].evil.example", False),
        ("", False),
    ],
)
def test_only_names_of_this_machine_are_local(host: str, local: bool) -> None:
    assert is_local(host) is local


@pytest.mark.parametrize(
    ("origin", "site", "page"),
    [
        (None, None, False),
        (None, "none", False),
        ("https://evil.example", None, True),
        ("null", None, True),
        (None, "cross-site", True),
        (None, "same-origin", True),
    ],
)
def test_a_browser_gives_a_page_away(origin: str | None, site: str | None, page: bool) -> None:
    assert is_page(origin, site) is page
