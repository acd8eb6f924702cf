"""Records waiting for the writer, and a count of those that found no room."""

import threading
from collections import deque


class Marker:
    """Put among the records; done when all before it are written or lost."""

    def __init__(self) -> None:
        self.done = threading.Event()


class Backlog:
    """Filled by any thread, emptied by the writer's.

    Adding takes no lock: `deque.append` is atomic, and the writer looks by itself every fraction of a second, so that a
    request never waits for a thread that is busy writing.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._waiting: deque[object] = deque()
        self._in_hand = 0
        self._lost = 0
        self._lost_lock = threading.Lock()

    def __len__(self) -> int:
        """Records not yet settled, those that are being written included."""
        return len(self._waiting) + self._in_hand

    @property
    def lost(self) -> int:
        return self._lost

    def add(self, record: object) -> bool:
        """False, and counted as lost, where there is no room. Several threads at once may go over by a record each."""
        if len(self) >= self._capacity:
            self.lose(1)
            return False
        self._waiting.append(record)
        return True

    def lose(self, count: int) -> None:
        with self._lost_lock:
            self._lost += count

    def mark(self) -> Marker:
        marker = Marker()
        self._waiting.append(marker)
        return marker

    def take(self, limit: int) -> tuple[list[object], list[Marker]]:
        """Up to `limit` records, and the markers among them; they count until `settled`."""
        records: list[object] = []
        markers: list[Marker] = []
        while self._waiting and len(records) < limit:
            each = self._waiting.popleft()
            if isinstance(each, Marker):
                markers.append(each)
            else:
                records.append(each)
                self._in_hand = len(records)
        return records, markers

    def settled(self) -> None:
        self._in_hand = 0
