"""What a person may ask for, from the click to the traffic."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from addons.hooks.compression import Compression
from tests.addons.hooks import compressing
from tests.addons.hooks.compressing import SMALL, sent, steps, with_writer
from tests.addons.hooks.living import ask, rows, start, stop, until
from tests.addons.hooks.own import Own


@pytest.fixture
def started(make_own: Callable[..., Own]) -> Iterator[Own]:
    own = make_own(providers=SMALL)
    with_writer(own)
    start(own)
    yield own
    stop(own)


def session_of(own: Own, count: int = 12) -> str:
    return own.exchange(compressing.ask(own, steps(count))).session_id or ""


def answered(own: Own, **payload: Any) -> dict[str, Any]:
    found = ask(own, "compress", **payload)
    assert "ok" in found, found
    return dict(found["ok"])


class TestCompressCommand:
    def test_a_preview_tells_what_would_happen_and_changes_nothing(self, started: Own) -> None:
        session_id = session_of(started)
        found = answered(started, session_id=session_id, dry_run=True, keep_exchanges=4)
        assert (found["messages"], found["kept_exchanges"], found["asked"]) == (17, 4, False)
        assert found["prompt_tokens_before"] - found["prompt_tokens_after"] == (
            found["tokens_before"] - found["tokens_after"]
        )
        assert found["text"].startswith("[Summary of the 17 oldest messages")
        assert sent(compressing.ask(started, steps(13), 1)) == steps(13)
        assert answered(started, session_id=session_id, dry_run=True)["kept_exchanges"] == 5

    def test_asked_for_it_happens_as_the_preview_said(self, started: Own) -> None:
        session_id = session_of(started)
        found = answered(started, session_id=session_id, keep_exchanges=4)
        assert found["asked"] is True
        until(started, lambda: started.addon(Compression).asked)
        forwarded = sent(compressing.ask(started, steps(13), 1))
        assert forwarded[1]["content"].startswith("[Summary of the 19 oldest messages")
        assert forwarded[2:] == steps(13)[-8:]

    def test_a_preview_of_what_was_compressed_goes_on_from_there(self, started: Own) -> None:
        session_id = session_of(started)
        answered(started, session_id=session_id, keep_exchanges=4)
        until(started, lambda: started.addon(Compression).asked)
        compressing.ask(started, steps(13), 1)
        found = answered(started, session_id=session_id, dry_run=True, keep_exchanges=2)
        assert found["messages"] == 23

    @pytest.mark.parametrize(
        ("payload", "reason"),
        [
            ({"session_id": 7}, "session_id is 7; expected text."),
            ({"keep_exchanges": 0}, "keep_exchanges is 0; expected a whole number from 1 to 1000."),
            ({"keep_exchanges": True}, "keep_exchanges is True; expected a whole number from 1 to 1000."),
            ({"dry_run": "yes"}, "dry_run is 'yes'; expected true or false."),
            ({"session_id": "s-none"}, "There is no session 's-none'; it may have been deleted."),
            ({"keep_exchanges": 99, "dry_run": True}, "can be summarised if its latest 99 exchanges stay."),
        ],
        ids=["session", "keep", "keep is no number", "dry run", "unknown session", "nothing to summarise"],
    )
    def test_what_cannot_be_done_is_told(self, started: Own, payload: dict[str, Any], reason: str) -> None:
        found = ask(started, "compress", **({"session_id": session_of(started)} | payload))
        assert reason in found["error"]

    def test_after_a_restart_it_can_be_asked_for_but_not_looked_at(self, started: Own) -> None:
        session_id = session_of(started)
        until(started, lambda: rows(started, "SELECT 1 FROM sessions"))
        started.addon(Compression).latest._seen.clear()
        assert (
            "has sent nothing since the proxy was started"
            in ask(started, "compress", session_id=session_id, dry_run=True)["error"]
        )
        assert answered(started, session_id=session_id) == {"asked": True}
