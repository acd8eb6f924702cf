"""What a person may ask for a session, from the click to the traffic."""

from collections.abc import Iterator
from typing import Any

import pytest

from addons.hooks.masking import Masking
from db import hiding
from db.clock import now_ms
from db.engine import opened, writer
from tests.addons.hooks.living import ask, rows, start, stop, until
from tests.addons.hooks.own import Own, chat, stream_of

HELLO = {"role": "user", "content": "Fix the parser"}
AGAIN = [HELLO, {"role": "assistant", "content": "Done."}, {"role": "user", "content": "Thanks"}]


@pytest.fixture
def started(own: Own) -> Iterator[Own]:
    start(own)
    yield own
    stop(own)


def talk(own: Own, messages: list[dict[str, Any]]) -> str:
    """A call that is on disk; its session's id."""
    before = len(rows(own, "SELECT 1 FROM completions"))
    flow = chat(messages)
    own.run(own.request(flow))
    own.run(own.answer(flow, stream_of("Done.")))
    until(own, lambda: len(rows(own, "SELECT 1 FROM completions")) > before)
    return own.exchange(flow).session_id or ""


class TestSessionCommands:
    def test_a_name_given_by_the_person_stays(self, started: Own) -> None:
        session_id = talk(started, [HELLO])
        assert ask(started, "rename_session", session_id=session_id, name="Mine") == {"ok": {}}
        assert talk(started, AGAIN) == session_id
        assert rows(started, "SELECT name FROM sessions") == [{"name": "Mine"}]

    def test_a_session_is_pinned_and_loosed(self, started: Own) -> None:
        session_id = talk(started, [HELLO])
        found = []
        for pinned in (True, False):
            ask(started, "pin_session", session_id=session_id, pinned=pinned)
            found += rows(started, "SELECT pinned FROM sessions")
        assert found == [{"pinned": 1}, {"pinned": 0}]

    def test_a_deleted_session_is_not_continued_until_it_is_restored(self, started: Own) -> None:
        session_id = talk(started, [HELLO])
        assert ask(started, "delete_session", session_id=session_id) == {"ok": {"undo_hours": 24.0}}
        until(started, lambda: started.sessions.state(session_id) is None)
        other = talk(started, AGAIN)
        assert other != session_id
        started.sessions.forget(other)
        assert ask(started, "restore_session", session_id=session_id) == {"ok": {}}
        until(started, lambda: started.sessions.state(session_id))
        assert talk(started, AGAIN) == session_id

    def test_what_another_proxy_deletes_and_restores_is_forgotten_and_known_here(self, started: Own) -> None:
        session_id = talk(started, [HELLO])
        with opened(writer, started.configuration.database_url) as engine:
            hiding.delete_session(engine, session_id, now_ms())
            until(started, lambda: started.sessions.state(session_id) is None)
            hiding.restore_session(engine, session_id)
            until(started, lambda: started.sessions.state(session_id))
        assert talk(started, AGAIN) == session_id

    def test_a_merged_session_goes_on_as_part_of_the_other_and_comes_back(self, started: Own) -> None:
        session_id, other = talk(started, [HELLO]), talk(started, [{"role": "user", "content": "Paint the office"}])
        assert ask(started, "merge_sessions", session_id=other, other_id=session_id) == {"ok": {}}
        talk(started, AGAIN)
        recorded = rows(started, "SELECT DISTINCT session_id FROM completions")
        assert recorded == [{"session_id": other}]
        assert ask(started, "mask_now", session_id=other) == {"ok": {}}
        memory = started.addon(Masking).memories._sessions.get(session_id.encode())
        until(started, lambda: memory and memory.is_asked)
        assert ask(started, "restore_session", session_id=session_id) == {"ok": {}}
        assert started.sessions.state(session_id)

    def test_with_a_deleted_session_those_are_forgotten_that_were_merged_into_it(self, started: Own) -> None:
        session_id, other = talk(started, [HELLO]), talk(started, [{"role": "user", "content": "Paint the office"}])
        ask(started, "merge_sessions", session_id=other, other_id=session_id)
        ask(started, "delete_session", session_id=other)
        until(started, lambda: not (started.sessions.state(session_id) or started.sessions.state(other)))
        ask(started, "restore_session", session_id=other)
        until(started, lambda: started.sessions.state(session_id) and started.sessions.state(other))

    def test_masking_now_holds_for_the_sessions_next_request(self, started: Own) -> None:
        session_id = talk(started, [HELLO])
        memory = started.addon(Masking).memories._sessions.get(session_id.encode())
        assert memory
        assert ask(started, "mask_now", session_id=session_id) == {"ok": {}}
        until(started, lambda: memory.is_asked)
        talk(started, AGAIN)
        assert not memory.is_asked

    @pytest.mark.parametrize(
        ("kind", "payload", "expected"),
        [
            ("rename_session", {"session_id": "s-9", "name": "x"}, "There is no session 's-9'"),
            ("restore_session", {"session_id": "s-9"}, "There is no session 's-9'"),
            ("mask_now", {"session_id": "s-9"}, "There is no session 's-9'"),
            ("delete_session", {}, "session_id is None; expected text."),
            ("rename_session", {"session_id": "s-9", "name": 5}, "name is 5; expected text."),
            ("pin_session", {"session_id": "s-9", "pinned": "yes"}, "pinned is 'yes'; expected true or false."),
        ],
        ids=["rename", "restore", "mask", "no id", "name is no text", "pinned is no boolean"],
    )
    def test_what_cannot_be_done_says_why(
        self, started: Own, kind: str, payload: dict[str, object], expected: str
    ) -> None:
        assert ask(started, kind, **payload)["error"].startswith(expected)
