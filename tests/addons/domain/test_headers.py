"""What of a call's headers is kept, and that no credential ever is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain import headers
from addons.domain.headers import kept
from addons.domain.scrub import REDACTED_HEADERS


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        pytest.param("Content-Type", "text/event-stream", {"content-type": "text/event-stream"}, id="in lower case"),
        pytest.param("x-ratelimit-limit", "12", {"x-ratelimit-limit": "12"}, id="by its beginning"),
        pytest.param("Authorization", "Bearer abc", {}, id="a credential"),
        pytest.param("X-Whatever", "1", {}, id="one that nobody has heard of"),
        pytest.param("User-Agent", "x sk-kimi-0123456789abcdef", {"user-agent": "x [key]"}, id="a key in another"),
        pytest.param("Server", "s" * 300, {"server": "s" * 200}, id="a long value"),
        pytest.param("x-ratelimit-" + "a" * 200, "1", {}, id="a long name"),
    ],
)
def test_only_what_is_listed_is_kept(name: str, value: str, expected: dict[str, str]) -> None:
    assert kept([(name, value)]) == expected


def test_there_are_never_many() -> None:
    assert len(kept((f"x-ratelimit-{at}", "1") for at in range(1_000))) == headers.MOST


@given(st.sampled_from(sorted(REDACTED_HEADERS)), st.sampled_from([str.upper, str.title, str.lower]), st.text())
def test_no_redacted_header_passes(name: str, spelt: object, value: str) -> None:
    assert callable(spelt)
    assert kept([(spelt(name), value)]) == {}
