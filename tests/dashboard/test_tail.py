from dataclasses import replace

from dashboard.data import LiveRow, Tail
from dashboard.tail import CHANGES_READ, SessionTail


class Store:
    """The rows of a store in memory, and how often its end was read."""

    def __init__(self) -> None:
        self.rows: list[LiveRow] = []
        self.rev = 0
        self.tails_read = 0

    def write(self, row_id: int, session_id: str = "a", **fields: object) -> None:
        self.rev += 1
        usual: dict[str, object] = dict.fromkeys(LiveRow.__slots__) | {
            "id": row_id,
            "rev": self.rev,
            "session_id": session_id,
        }
        row = LiveRow(**(usual | {"composition": {}} | fields))  # type: ignore[arg-type]
        self.rows = sorted([old for old in self.rows if old.id != row_id] + [row], key=lambda one: one.id)

    def tail(self, session_id: str, limit: int) -> Tail:
        self.tails_read += 1
        mine = [row for row in self.rows if row.session_id == session_id]
        return Tail(mine[-limit:], len(mine), self.rev)

    def changes(self, rev: int, limit: int) -> list[LiveRow]:
        return sorted((row for row in self.rows if row.rev > rev), key=lambda row: row.rev)[:limit]


def looked_at(store: Store, limit: int = 3) -> SessionTail:
    tail = SessionTail("a", limit)
    tail.refresh(store.tail, store.changes)
    return tail


def ids(tail: SessionTail) -> list[tuple[int, int]]:
    return [(number, row.id) for number, row in tail.numbered()]


def test_the_end_is_read_once_and_then_only_what_changed() -> None:
    store = Store()
    for row_id in range(1, 6):
        store.write(row_id)
    tail = looked_at(store)
    assert ids(tail) == [(3, 3), (4, 4), (5, 5)]
    store.write(6)
    tail.refresh(store.tail, store.changes)
    assert ids(tail) == [(4, 4), (5, 5), (6, 6)]
    assert store.tails_read == 1


def test_other_sessions_do_not_show() -> None:
    store = Store()
    store.write(1)
    tail = looked_at(store)
    store.write(2, session_id="b")
    tail.refresh(store.tail, store.changes)
    assert ids(tail) == [(1, 1)]


def test_a_late_correction_replaces_its_row() -> None:
    store = Store()
    store.write(1)
    store.write(2)
    tail = looked_at(store)
    store.write(1, prompt_tokens=7)
    tail.refresh(store.tail, store.changes)
    assert [row.prompt_tokens for row in tail.rows] == [7, None]


def test_a_correction_older_than_what_is_shown_changes_nothing() -> None:
    store = Store()
    for row_id in range(1, 6):
        store.write(row_id)
    tail = looked_at(store)
    store.write(1, prompt_tokens=7)
    tail.refresh(store.tail, store.changes)
    assert ids(tail) == [(3, 3), (4, 4), (5, 5)]


def test_a_row_moved_to_another_session_goes() -> None:
    store = Store()
    store.write(1)
    store.write(2)
    tail = looked_at(store)
    store.write(2, session_id="b")
    tail.refresh(store.tail, store.changes)
    assert ids(tail) == [(1, 1)]


def test_after_a_long_sleep_the_end_is_read_anew() -> None:
    store = Store()
    store.write(1)
    tail = looked_at(store)
    store.rows = [replace(store.rows[0], id=number, rev=number) for number in range(1, CHANGES_READ + 2)]
    tail.refresh(store.tail, store.changes)
    assert store.tails_read == 2
    assert tail.total == CHANGES_READ + 1
