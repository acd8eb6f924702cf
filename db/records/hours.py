"""The sums per hour, provider, model and project, raised once per key and batch."""

from collections.abc import Iterable

from sqlalchemy import Connection

from addons.domain.completion import Completion
from db.prepared import Prepared
from db.records.amounts import HOUR_SUMS, amounts
from db.tables import rollup_hour
from db.text import storable
from db.upsert import Insert, added

HOUR_MS = 3_600_000


def _adding(insert: Insert) -> Insert:
    return insert.on_conflict_do_update(
        index_elements=list(rollup_hour.primary_key.columns), set_=added(insert, rollup_hour, HOUR_SUMS)
    )


_SUMS = Prepared(rollup_hour, _adding)


def write(tx: Connection, completions: Iterable[Completion]) -> None:
    sums: dict[tuple[int, str, str, str], dict[str, float]] = {}
    for completion in completions:
        hour_ms = completion.started_at_ms // HOUR_MS * HOUR_MS
        names = storable(completion.provider, 60), storable(completion.model, 200), storable(completion.project, 200)
        total = sums.setdefault((hour_ms, *names), dict.fromkeys(HOUR_SUMS, 0))
        for name, amount in amounts(completion).items():
            total[name] += amount
    rows = [
        {"hour_ms": hour_ms, "provider": provider, "model": model, "project": project, **total}
        # In one order everywhere, so that two writers never wait for each other's rows.
        for (hour_ms, provider, model, project), total in sorted(sums.items(), key=lambda item: item[0])
    ]
    _SUMS.run(tx, rows)
