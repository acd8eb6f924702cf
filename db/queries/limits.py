"""How much the providers still allow, as was last seen."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.limit_tables import LimitSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow:
    """The latest about one limit; the fields of `addons.domain.pacing.limit.LimitSeen`."""

    provider: str
    model: str
    """Empty: shared by all models of the account."""
    kind: str
    basis: str
    """reported, counted"""
    limit: int | None
    remaining: int | None
    reset_at_ms: int | None
    full_at_ms: int | None
    """Forecast: when it is used up, if before the reset."""
    seen_at_ms: int


def limits(tx: Connection) -> list[LimitRow]:
    """By provider, model, kind and basis."""
    columns = [getattr(LimitSeen, name) for name in LimitRow.__slots__]
    rows = tx.execute(select(*columns).order_by(*columns[:4])).mappings()
    return [LimitRow(**row) for row in rows]
