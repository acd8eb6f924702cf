"""Usage from the IDE's log: beside the figures of the call it belongs to, else a call that did not pass through here.

The sums of sessions and hours stay as they are for a matched call: the IDE's estimate leaves the tools out, and is
shown, not reckoned with.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, func, select, update

from addons.domain.completion import Completion, Outcome, Source
from addons.domain.kinds import Kind
from addons.domain.logged_usage import WITHIN_MS, Call, LoggedUsage, matches
from addons.domain.usage import UsageSource
from db import revs
from db.records import traffic
from db.tables import completions

LONGEST_CALL_MS = 3_600_000
"""A call that took longer is not looked for."""

_NOT_THE_IDES = (Kind.COMPRESSION, Kind.EMBEDDING, Kind.RERANK, Kind.MODELS)
"""Calls that the IDE did not make, or does not log."""

_Key = tuple[int, int | None, int | None]
"""What tells one line of the log from another: the millisecond, and both counts."""


def write(tx: Connection, records: Sequence[LoggedUsage], proxy_id: str) -> None:
    """What is there already, from another proxy that follows the same log, is left out."""
    taken = revs.take(tx, len(records))  # first: from here on no other writer can match the same calls
    unmatched: list[LoggedUsage] = []
    matched: list[tuple[LoggedUsage, Call]] = []
    for group in _groups(records):
        calls, known = _calls_around(tx, group)
        new = [usage for key, usage in {_key(usage): usage for usage in group}.items() if key not in known]
        found = matches(new, calls)
        matched += [(new[index], call) for index, call in found.items()]
        unmatched += [usage for index, usage in enumerate(new) if index not in found]
    for (usage, call), rev in zip(matched, taken, strict=False):
        row = update(completions).where(completions.c.id == call.id).values(rev=rev, logged_at_ms=usage.at_ms)
        prompt, completion = usage.prompt_tokens, usage.completion_tokens
        tx.execute(row.values(logged_prompt_tokens=prompt, logged_completion_tokens=completion))
    if unmatched:
        traffic.write(tx, [_completion(usage) for usage in unmatched], proxy_id)


def _groups(records: Sequence[LoggedUsage]) -> Iterator[list[LoggedUsage]]:
    """Those between which there is too much time for a common call, apart: each is one look at the table."""
    group: list[LoggedUsage] = []
    for usage in sorted(records, key=lambda usage: usage.at_ms):
        if group and usage.at_ms - group[-1].at_ms > 2 * WITHIN_MS:
            yield group
            group = []
        group.append(usage)
    if group:
        yield group


def _calls_around(tx: Connection, group: Sequence[LoggedUsage]) -> tuple[list[Call], set[_Key]]:
    """The calls that ended at about that time and have no usage from the log yet; and what is known from the log."""
    table = completions.c
    first_ms, last_ms = group[0].at_ms - WITHIN_MS, group[-1].at_ms + WITHIN_MS
    ended_at_ms = table.started_at_ms + func.coalesce(table.duration_ms, 0)
    rows = tx.execute(
        select(
            table.id,
            ended_at_ms.label("ended_at_ms"),
            *(table.model, table.routed_from, table.source, table.prompt_tokens_before, table.composition),
            *(table.logged_at_ms, table.logged_prompt_tokens, table.logged_completion_tokens),
        ).where(
            table.started_at_ms.between(first_ms - LONGEST_CALL_MS, last_ms),
            ended_at_ms.between(first_ms, last_ms),
            table.kind.not_in(map(str, _NOT_THE_IDES)),
        )
    ).all()
    known = {
        (row.logged_at_ms, row.logged_prompt_tokens, row.logged_completion_tokens)
        for row in rows
        if row.logged_at_ms is not None
    }
    return [_call(row) for row in rows if row.logged_at_ms is None and row.source == str(Source.PROXY)], known


def _call(row: Any) -> Call:
    composition = json.loads(row.composition or "{}")
    return Call(
        id=row.id,
        ended_at_ms=row.ended_at_ms,
        models=_models(row),
        prompt_tokens=row.prompt_tokens_before,
        tools_tokens=int(composition.get("tools", 0)),
    )


def _models(row: Any) -> tuple[str, ...]:
    """`routed_from` is provider/model; the model itself may have slashes."""
    asked = row.routed_from.partition("/")[2]
    return (row.model, asked) if asked else (row.model,)


def _key(usage: LoggedUsage) -> _Key:
    return usage.at_ms, usage.prompt_tokens, usage.completion_tokens


def _completion(usage: LoggedUsage) -> Completion:
    """All that is known of a call that nobody saw. When it began is not: its row stands where it ended."""
    return Completion(
        session_id=None,
        started_at_ms=usage.at_ms,
        source=Source.LOGS,
        provider=usage.provider,
        model=usage.model,
        kind=Kind.OTHER,
        stream=False,
        outcome=Outcome.OK,
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
        usage_source=UsageSource.LOGGED,
        logged_at_ms=usage.at_ms,
        logged_prompt_tokens=usage.prompt_tokens,
        logged_completion_tokens=usage.completion_tokens,
    )
