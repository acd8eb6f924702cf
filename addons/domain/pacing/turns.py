"""Whose turn it is: in order within a session, session by session in turn, so that none keeps the others waiting."""

from collections import deque
from dataclasses import dataclass, field
from itertools import islice

from addons.domain.pacing.cost import Cost


@dataclass(slots=True, eq=False)
class Ticket:
    """One waiting request."""

    session: str
    """Sessions are served in turn; requests without one share one queue."""
    cost: Cost
    since_ms: int
    until_ms: int = field(default=0)
    """When it may go at the earliest, as far as that is known; for people."""


class Turns:
    """The requests that wait for the same limits."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[Ticket]] = {}
        """In the order in which the sessions are served; the first one's first request is next."""

    def __len__(self) -> int:
        return sum(map(len, self._queues.values()))

    def join(self, ticket: Ticket) -> None:
        self._queues.setdefault(ticket.session, deque()).append(ticket)

    def head(self) -> Ticket | None:
        return next((queue[0] for queue in self._queues.values()), None)

    def leave(self, ticket: Ticket, *, served: bool) -> None:
        """Its turn came, or it gave up: only then its session keeps its place."""
        queue = self._queues[ticket.session]
        queue.remove(ticket)
        if not queue:
            del self._queues[ticket.session]
        elif served:
            self._queues[ticket.session] = self._queues.pop(ticket.session)

    def ahead_of(self, ticket: Ticket) -> tuple[int, int]:
        """Requests that are served before it, and their tokens, if nobody else joins: at least so many."""
        position = self._queues[ticket.session].index(ticket)
        requests = tokens = 0
        earlier = True
        for session, queue in self._queues.items():
            if session == ticket.session:
                earlier, count = False, position
            else:
                count = position + earlier
            for before in islice(queue, count):
                requests += 1
                tokens += before.cost.tokens
        return requests, tokens

    def all(self) -> list[Ticket]:
        return [ticket for queue in list(self._queues.values()) for ticket in list(queue)]
