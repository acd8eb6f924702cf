"""How models count, and how far off the estimates are."""

from dataclasses import dataclass, fields

from sqlalchemy import Connection, and_, func, select

from addons.domain.calibration import Calibration
from db.models import Completion
from db.tables import calibrations

_NAMES = tuple(field.name for field in fields(Calibration))


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateError:
    """Means of |estimate - reported| / reported over the answered chats of one model."""

    provider: str
    model: str
    requests: int
    before: float
    """Of the plain estimate."""
    after: float
    """Of the estimate as it was calibrated when the request was sent."""


def calibrations_of(tx: Connection) -> list[Calibration]:
    """All that is known, the model with most reports first."""
    rows = tx.execute(select(*(calibrations.c[name] for name in _NAMES)).order_by(calibrations.c.observations.desc()))
    return [Calibration(**row) for row in rows.mappings()]


def estimate_errors(tx: Connection, since_ms: int) -> list[EstimateError]:
    """By provider and model, the one with most requests first."""
    reported = Completion.prompt_tokens * 1.0
    query = (
        select(
            Completion.provider,
            Completion.model,
            func.count().label("requests"),
            func.avg(func.abs(Completion.prompt_tokens_sent - reported) / reported).label("before"),
            func.avg(func.abs(Completion.prompt_tokens_calibrated - reported) / reported).label("after"),
        )
        .where(
            and_(
                Completion.started_at_ms >= since_ms,
                Completion.usage_source == "reported",
                Completion.outcome == "ok",
                Completion.kind.in_(("chat", "compaction")),
                Completion.prompt_tokens > 0,
                Completion.prompt_tokens_sent.is_not(None),
                Completion.prompt_tokens_calibrated.is_not(None),
            )
        )
        .group_by(Completion.provider, Completion.model)
        .order_by(func.count().desc(), Completion.provider, Completion.model)
    )
    return [EstimateError(**row) for row in tx.execute(query).mappings()]
