"""What is remembered of a session: from the store after a restart, one memory for all its requests."""

import asyncio
from pathlib import Path

import pytest

from addons.domain.decisions import Action, Decision
from addons.domain.errors import UserError
from addons.domain.sessions import How, Match
from addons.hooks.memories import Memories, SessionMemory
from db.recorder import Recorder
from tests.addons.hooks.own import Own

KEPT = Decision(session_id="s-1", key=b"k" * 16, action=Action.KEEP, reason="recent", decided_at_ms=1)


def match(how: How = How.PREFIX, session_id: str = "s-1") -> Match:
    return Match(session_id=session_id, how=how, known=1, turns=0)


@pytest.fixture
def stored(own: Own, tmp_path: Path) -> Memories:
    """Memories over a store with one decision of session s-1."""
    recorder = Recorder(own.configuration.database_url, proxy_id="p-1", clock_ms=lambda: 1)
    recorder.start()
    recorder.submit(KEPT)
    assert recorder.flush(60)
    recorder.close(60)
    return Memories(own.configuration)


class TestMemories:
    def test_a_new_session_asks_no_store(self, own: Own) -> None:
        memory = own.run(Memories(own.configuration).of(match(How.NEW)))
        assert (memory.session_id, memory.decisions, memory.whole) == ("s-1", {}, set())

    def test_a_session_of_another_run_is_read_from_the_store(self, own: Own, stored: Memories) -> None:
        assert own.run(stored.of(match())).decisions == {KEPT.key: KEPT}
        assert own.run(stored.of(match(session_id="s-2"))).decisions == {}

    def test_it_is_read_once(self, own: Own, stored: Memories) -> None:
        assert own.run(stored.of(match())) is own.run(stored.of(match()))

    def test_two_requests_at_once_share_one_memory(self, own: Own, stored: Memories) -> None:
        async def both() -> list[SessionMemory]:
            return list(await asyncio.gather(stored.of(match()), stored.of(match())))

        one, other = own.run(both())
        assert one is other

    def test_a_store_that_cannot_be_read_is_an_error(self, own: Own) -> None:
        with pytest.raises(UserError):
            own.run(Memories(own.configuration).of(match()))

    def test_what_is_forgotten_begins_anew(self, own: Own, stored: Memories) -> None:
        own.run(stored.of(match()))
        stored.forget("s-1")
        assert own.run(stored.of(match())).decisions == {}


class TestSessionMemory:
    @pytest.mark.parametrize(
        ("target", "now_ms", "cold"),
        [
            (("acme", "large"), 1_000 + 300_000, False),
            (("acme", "large"), 1_001 + 300_000, True),
            (("acme", "small"), 1_001, True),
            (("gem", "large"), 1_001, True),
        ],
        ids=["within its lifetime", "later", "another model", "another provider"],
    )
    def test_a_cache_is_cold_when_nobody_asked_for_long_or_somebody_else_did(
        self, target: tuple[str, str], now_ms: int, cold: bool
    ) -> None:
        memory = SessionMemory("s-1", target=("acme", "large"), sent_at_ms=1_000)
        assert memory.is_cold(target, now_ms, lifetime_s=300) is cold

    def test_after_a_restart_nobody_knows(self) -> None:
        assert not SessionMemory("s-1").is_cold(("acme", "large"), 10**15, lifetime_s=300)
