"""Text that every database takes, and that holds no secret."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.events import Event
from db.text import safe, storable
from tests.db.stores import NOW_MS, Ask, MakeCompletion, MakeRecorder, MakeState

SECRETS = {
    "kimi": "sk-kimi-0123456789abcdef",
    "google": "AIzaSyA-0123456789abcdefghijklmnopqrstu",
    "nvidia": "nvapi-0123456789abcdef",
    "bearer": "Bearer abcdef0123456789abcdef",
    "organisation": "org-0123456789abcdef",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("plain", "plain"), ("é" * 12, "é" * 10), ("a\0b", "ab"), ("a\ud83db", "a?b"), ("😀", "😀"), ("", "")],
    ids=["plain", "too long", "NUL", "lone surrogate", "emoji", "empty"],
)
def test_storable(text: str, expected: str) -> None:
    assert storable(text, 10) == expected


@given(st.text(st.characters(), max_size=30))
def test_every_text_becomes_storable(text: str) -> None:
    kept = storable(text, 10)
    assert kept.encode("utf-8").decode("utf-8") == kept
    assert "\0" not in kept
    assert len(kept) <= 10


def test_a_text_that_others_wrote_is_scrubbed_before_it_is_cut() -> None:
    assert safe("key sk-kimi-0123456789", 11) == "key [key]"


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_a_secret_in_a_text_does_not_reach_the_disk(
    make_recorder: MakeRecorder,
    make_completion: MakeCompletion,
    make_state: MakeState,
    stored_bytes: Callable[[], bytes],
    ask: Ask,
    secret: str,
) -> None:
    """In any file of the store, whoever forgot to take it out."""
    recorder = make_recorder()
    for record in (
        make_completion(error_message=f"rejected: {secret}", session_name=f"with {secret}", session_id="s-2"),
        make_state(name=f"my key is {secret} please"),
        Event(at_ms=NOW_MS, kind="failure", message=f"sent {secret}", data={"header": f"x {secret}", "n": [secret]}),
    ):
        recorder.submit(record)
    recorder.start()
    assert recorder.flush(60)
    found = stored_bytes()
    recorder.close(60)
    assert secret.split()[-1].encode() not in found + stored_bytes()
    assert ask("SELECT json_valid(data) AS valid FROM events") == [{"valid": 1}]
    assert ask("SELECT count(*) AS n FROM sessions WHERE name LIKE '%[%]%'") == [{"n": 2}]
