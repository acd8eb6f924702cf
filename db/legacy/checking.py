"""Whether what is in the store after a batch is what was in the predecessor's file: rows, sums and counters."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, func, select

from addons.domain.completion import Completion
from addons.domain.errors import UserError
from addons.domain.events import Event
from db.legacy.items import Item, OldOriginal
from db.legacy.report import total
from db.records import following
from db.tables import completions, events, originals, rollup_hour, sessions


class Sums(NamedTuple):
    """Of requests."""

    requests: int
    prompt_tokens: int
    """Reported, else estimated."""
    completion_tokens: int

    def __sub__(self, other: "Sums") -> "Sums":
        return Sums(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


class Check:
    """Made before a batch is written, in its transaction."""

    def __init__(self, tx: Connection, new: Sequence[Item], first_rev: int) -> None:
        """`first_rev`: what is written from now on has this rev or a higher one."""
        self._tx = tx
        self._new = new
        self._calls = [item for item in new if isinstance(item.becomes, Completion)]
        self._first_rev = first_rev
        self._owners = {item.session_id for item in new if item.session_id is not None}
        self._sessions, self._hours = self._counters()

    def refuse_loss(self) -> None:
        """:raises UserError: if a row or a token is missing, or is there twice."""
        _refuse_unequal("the rows", self._expected(), self._stored())
        sessions_now, hours_now = self._counters()
        owned = [item for item in self._calls if item.session_id is not None]
        _refuse_unequal("the counters of sessions", _raised(owned), (sessions_now - self._sessions)._asdict())
        hidden = following.hidden(self._tx, self._owners)
        counted = [item for item in self._calls if item.session_id not in hidden]
        _refuse_unequal("the sums of hours", _raised(counted), (hours_now - self._hours)._asdict())

    def _expected(self) -> dict[str, int]:
        amounts = total([item.amounts for item in self._calls])
        return {
            "requests": len(self._calls),
            "estimated tokens": amounts.estimated_tokens - amounts.overwritten_tokens,
            "prompt tokens": amounts.prompt_tokens,
            "completion tokens": amounts.completion_tokens,
            "memory tokens": amounts.memory_tokens,
            "events": sum(isinstance(item.becomes, Event) for item in self._new),
            "sessions": len(self._owners),
            "originals": len(self._tags()),
        }

    def _stored(self) -> dict[str, int]:
        call = completions.c
        sums = {
            "estimated tokens": call.prompt_tokens_sent,
            "prompt tokens": func.coalesce(call.prompt_tokens, call.prompt_tokens_sent),
            "completion tokens": call.completion_tokens,
            "memory tokens": call.memory_tokens,
        }
        columns = [func.coalesce(func.sum(column), 0) for column in sums.values()]
        query = select(func.count(), *columns).where(call.rev >= self._first_rev)
        found = [int(amount) for amount in self._tx.execute(query).one()]
        return {
            **dict(zip(("requests", *sums), found, strict=True)),
            "events": self._count(events.c.rev >= self._first_rev),
            "sessions": self._count(sessions.c.id.in_(self._owners)),
            "originals": self._count(originals.c.tag.in_(self._tags())),
        }

    def _tags(self) -> set[str]:
        return {item.becomes.original.tag for item in self._new if isinstance(item.becomes, OldOriginal)}

    def _count(self, condition: ColumnElement[bool]) -> int:
        return self._tx.execute(select(func.count()).where(condition)).scalar_one()

    def _counters(self) -> tuple[Sums, Sums]:
        """Of these sessions, and of all hours."""
        return self._sums(sessions, sessions.c.id.in_(self._owners)), self._sums(rollup_hour)

    def _sums(self, table: Table, *conditions: ColumnElement[bool]) -> Sums:
        columns: list[ColumnElement[Any]] = [table.c.completions, table.c.prompt_tokens, table.c.completion_tokens]
        query = select(*(func.coalesce(func.sum(column), 0) for column in columns)).where(*conditions)
        return Sums(*map(int, self._tx.execute(query).one()))


def _raised(calls: Sequence[Item]) -> dict[str, int]:
    amounts = total([item.amounts for item in calls])
    return Sums(len(calls), amounts.prompt_tokens, amounts.completion_tokens)._asdict()


def _refuse_unequal(where: str, expected: Mapping[str, int], stored: Mapping[str, int]) -> None:
    wrong = [
        f"{name} {stored[name]:,} instead of {amount:,}" for name, amount in expected.items() if stored[name] != amount
    ]
    if wrong:
        raise UserError(
            f"The import does not add up in {where}: {', '.join(wrong)}. The last rows have been taken back."
        )
