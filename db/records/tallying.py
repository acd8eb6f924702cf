"""The sums of `TallyHour` and `LatencySpan`, raised once per key and batch by what is recorded.

The same amounts as `tallies` has the database reckon from rows, here from the records themselves: a request that is
written alone would pay more for those statements than for all others together.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Table

from addons.domain.completion import Completion, Outcome, Source
from db.prepared import Complete, Prepared
from db.records.amounts import FAILED, is_answered
from db.records.hours import HOUR_MS
from db.records.tallies import AMOUNTS, TIMES
from db.tables import latency_spans, tally_hour
from db.tally_tables import LATENCY_SPAN_MS, STEPS_MS
from db.text import storable
from db.upsert import Insert, added

Key = tuple[int | str, ...]
Sums = dict[Key, dict[str, float]]


def write(tx: Connection, completions: Iterable[Completion]) -> None:
    """:param completions: none of a deleted session: those count nowhere until it is restored."""
    hours: Sums = {}
    spans: Sums = {}
    for completion in completions:
        names = storable(completion.provider, 60), storable(completion.model, 200), storable(completion.project, 200)
        hour_ms = completion.started_at_ms // HOUR_MS * HOUR_MS
        _add(hours, (hour_ms, *names, str(completion.kind)), amounts(completion))
        for time, step in _steps(completion):
            begins_at_ms = completion.started_at_ms // LATENCY_SPAN_MS * LATENCY_SPAN_MS
            _add(spans, (time, begins_at_ms, names[0], str(completion.kind), step), {"answers": 1})
    _raise(tx, _HOURS, tally_hour, hours)
    _raise(tx, _SPANS, latency_spans, spans)


def amounts(completion: Completion) -> dict[str, float]:
    """What one completion adds, by the names of `tallies.AMOUNTS`."""
    before, sent = completion.prompt_tokens_before, completion.prompt_tokens_sent
    prompt, cached, memory = completion.prompt_tokens, completion.cached_tokens, completion.memory_tokens
    cost, unmodified = completion.cost_usd, completion.cost_unmodified_usd
    found: dict[str, float] = dict.fromkeys(AMOUNTS, 0)
    if completion.source is Source.PROXY:
        found["calls"] = 1
        found["sent"] = int(_is_sent(completion))
        found["failed"] = int(completion.outcome in FAILED)
    if memory is not None and sent is not None:
        found |= {"remembering": 1, "memory_tokens": memory, "memory_prompt_tokens": sent}
    if not is_answered(completion):
        return found
    found["answered"] = 1
    if before is not None and sent is not None:
        masked, compressed = completion.masked_tokens_saved, completion.compressed_tokens_saved
        found |= {"before_tokens": before, "sent_tokens": sent, "masked_tokens": masked}
        found |= {"compressed_tokens": compressed, "compressed": int(compressed > 0)}
    if prompt and cached is not None:
        found |= {"reported": 1, "reported_tokens": prompt, "cached_tokens": cached}
    if cost is not None and unmodified is not None:
        found |= {"priced": 1, "cost_usd": cost, "cost_unmodified_usd": unmodified}
    return found


def _is_sent(completion: Completion) -> bool:
    return completion.source is Source.PROXY and completion.outcome is not Outcome.BLOCKED


def _steps(completion: Completion) -> Iterator[tuple[str, int]]:
    """Of the times of a complete answer, what was measured and in which step it lies."""
    if _is_sent(completion) and completion.outcome is Outcome.OK:
        for name in TIMES:
            taken_ms = getattr(completion, name)
            if taken_ms is not None:
                yield name, max(0, bisect_right(STEPS_MS, taken_ms) - 1)


def _add(sums: Sums, key: Key, amounts: dict[str, float]) -> None:
    total = sums.setdefault(key, dict.fromkeys(amounts, 0))
    for name, amount in amounts.items():
        total[name] += amount


def _raise(tx: Connection, statement: Prepared, table: Table, sums: Sums) -> None:
    """In one order everywhere, so that two writers never wait for each other's rows."""
    names = [column.name for column in table.primary_key.columns]
    statement.run(tx, [{**dict(zip(names, key, strict=True)), **sums[key]} for key in sorted(sums)])


def _adding(table: Table) -> Complete:
    keys = list(table.primary_key.columns)
    sums = [column.name for column in table.columns if not column.primary_key]

    def complete(insert: Insert) -> Insert:
        return insert.on_conflict_do_update(index_elements=keys, set_=added(insert, table, sums))

    return complete


_HOURS = Prepared(tally_hour, _adding(tally_hour))
_SPANS = Prepared(latency_spans, _adding(latency_spans))
