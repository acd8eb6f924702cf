"""The sessions that requests continue. Nothing on the wire names them: their messages do, see `recognition`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from addons.domain.keys import KEY_BYTES, answer_key
from addons.domain.kinds import Kind
from addons.domain.live_sessions import Live, LiveSessions
from addons.domain.memo import Memo
from addons.domain.reading import Reading
from addons.domain.recognition import Found, How, Wanted, recognise

__all__ = ["KEY_BYTES", "How", "Match", "SessionIndex", "SessionState"]

IDLE_GAP_MS = 6 * 3600 * 1000
"""Longest pause after which an equal opening is still taken for the same conversation."""
CAPACITY = 2_000
"""Sessions that can be continued: 16 MB if each has 500 messages."""
ANSWERS = 512
"""Latest answers by which a title request is linked to its session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionState:
    """What is kept of a session to recognise its next request, also after a restart."""

    id: str
    name: str
    """From the first user text, at most 60 characters; "" where a setting turned that off."""
    project: str = ""
    created_at_ms: int
    last_seen_ms: int
    keys: bytes
    """One key of KEY_BYTES for each message of the latest request, system messages left out; joined."""
    summaries: tuple[bytes, ...] = ()
    """Keys of the answers to this session's compaction requests: the next history may start with one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    session_id: str
    how: How
    known: int
    """Messages at the request's beginning, system messages aside, that the session's previous request had too. For a
    repeat: that the one before its first try had."""
    turns: int
    """Turns that begin with this request: 0 for a step with tools, a repeat, a compaction."""
    repeat_of_ms: int | None = None
    """For a repeat: when it was first sent, where that is known."""

    @property
    def is_new(self) -> bool:
        return self.how is How.NEW


class SessionIndex:
    """Sessions in memory, the latest `capacity` of them. For one thread only: the event loop's.

    `new_id` gives ids: "s-" and 12 hex digits.
    """

    def __init__(self, new_id: Callable[[], str], *, idle_gap_ms: int = IDLE_GAP_MS, capacity: int = CAPACITY) -> None:
        self._new_id = new_id
        self._idle_gap_ms = idle_gap_ms
        self._sessions = LiveSessions(capacity)
        self._answers: Memo[str] = Memo(ANSWERS)

    def match(
        self,
        reading: Reading,
        *,
        now_ms: int,
        kind: Kind = Kind.CHAT,
        project: str = "",
        named: bool = True,
        is_retry: bool = False,
    ) -> Match:
        """The session of a chat or compaction request (`FILLS_CONTEXT`; others have no history to match), made if new.

        `is_retry`: the client's SDK says it sent this before. `named`: a new session is called after its first message.
        Each call is to be followed by one of `ended`.
        """
        is_compaction = kind is Kind.COMPACTION
        wanted = _wanted(reading, now_ms, project, is_retry=is_retry, is_compaction=is_compaction)
        found = recognise(self._sessions, wanted, self._idle_gap_ms)
        live, how, at = found or self._begin(reading.name if named else "", now_ms)
        is_repeat = how is How.REPEAT
        known = live.known if is_repeat else at // KEY_BYTES
        repeat_of_ms = live.sent_ms if is_repeat else None
        if not (is_repeat or is_compaction):
            live.known, live.sent_ms, live.answered, live.answer = known, now_ms, False, b""
        # A compaction may be of an older part only, after which the conversation goes on.
        if not (is_compaction and live.keys.startswith(wanted.keys)):
            self._sessions.advance(live, wanted.keys)
        live.project = project or live.project
        live.last_seen_ms = max(now_ms, live.last_seen_ms)
        live.pending += 1
        turns = 0 if is_compaction or is_repeat else reading.turns_after(known)
        return Match(session_id=live.id, how=how, known=known, turns=turns, repeat_of_ms=repeat_of_ms)

    def _begin(self, name: str, now_ms: int) -> Found:
        live = Live(id=self._new_id(), name=name, created_at_ms=now_ms, last_seen_ms=now_ms)
        self._sessions.add(live)
        return Found(live, How.NEW, 0)

    def ended(self, session_id: str, *, now_ms: int, answered: bool, text: str = "") -> None:
        """A matched request has ended: with a whole answer of this text ("" if not known), or without."""
        live = self._sessions.get(session_id)
        if live is None:
            return
        live.pending = max(0, live.pending - 1)
        live.last_seen_ms = max(now_ms, live.last_seen_ms)
        live.answered = live.answered or answered
        if answered and text.strip():
            live.answer = answer_key(text)
            self._answers.put(live.answer, live.id)

    def note_answer_summary(self, session_id: str, text: str) -> None:
        """The answer to a compaction request: the session's next history may begin with it."""
        live = self._sessions.get(session_id)
        if live is not None and text.strip():
            self._sessions.add_summary(live, answer_key(text))

    def titled(self, user_text: str) -> str | None:
        """The session that a title request is about: it holds the conversation's first answer after its instruction."""
        _, _, answer = user_text.partition("\n\n")
        session_id = self._answers.get(answer_key(answer)) if answer.strip() else None
        return session_id if session_id and self._sessions.get(session_id) else None

    def load(self, states: Iterable[SessionState]) -> None:
        """Takes up sessions after a restart, or one that a person changed."""
        for state in sorted(states, key=lambda state: state.last_seen_ms):
            live = Live(
                id=state.id,
                name=state.name,
                project=state.project,
                created_at_ms=state.created_at_ms,
                last_seen_ms=state.last_seen_ms,
                keys=state.keys,
                summaries=state.summaries,
            )
            self._sessions.add(live)

    def load_missing(self, states: Iterable[SessionState]) -> None:
        """Those that are not known: a merged session has gone on all the time, and what is stored of it is older."""
        self.load(state for state in states if self.state(state.id) is None)

    def forget(self, session_id: str) -> None:
        """The session was deleted, or merged into another: no request continues it any more."""
        self._sessions.remove(session_id)

    def state(self, session_id: str) -> SessionState | None:
        """What to store of a session; None if it is not known."""
        live = self._sessions.get(session_id)
        if live is None:
            return None
        return SessionState(
            id=live.id,
            name=live.name,
            project=live.project,
            created_at_ms=live.created_at_ms,
            last_seen_ms=live.last_seen_ms,
            keys=live.keys,
            summaries=live.summaries,
        )


def _wanted(reading: Reading, at_ms: int, project: str, *, is_retry: bool, is_compaction: bool) -> Wanted:
    keys = reading.keys[:-1] if is_compaction else reading.keys
    return Wanted(
        keys=b"".join(keys),
        opening=min(reading.opening, len(keys)) * KEY_BYTES,
        summary_keys=tuple(key for key in (reading.summary_key, *keys[:1]) if key),
        project=project,
        at_ms=at_ms,
        is_retry=is_retry,
        is_compaction=is_compaction,
    )
