"""Tables of sums by the hour that only some pages read, beside `RollupHour`: what became of requests, and how long."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from db.managed_tables import Base

__all__ = ["LATENCY_SPAN_MS", "STEPS_MS", "Base", "LatencySpan", "TallyHour"]
"""Base too: who takes it from here has all tables."""

STEPS_MS = (
    0, 62, 88, 125, 177, 250, 354, 500, 707, 1_000, 1_414, 2_000, 2_828, 4_000, 5_657, 8_000, 11_314, 16_000, 22_627,
    32_000, 45_255, 64_000,
)  # fmt: skip
"""Where the steps of `LatencySpan` begin, each √2 times as late as the one before; the last has no end. Rows are stored
by these: other steps need a migration."""


class TallyHour(Base):
    """Sums per hour, provider, model, project and kind of request. See `db.records.tallies` for what counts where."""

    __tablename__ = "tally_hour"
    hour_ms: Mapped[int] = mapped_column(BigInteger, primary_key=True, comment="start of the hour, UTC")
    provider: Mapped[str] = mapped_column(String(60), primary_key=True)
    model: Mapped[str] = mapped_column(String(200), primary_key=True)
    project: Mapped[str] = mapped_column(String(200), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    calls: Mapped[int] = mapped_column(comment="through the proxy")
    sent: Mapped[int] = mapped_column(comment="of these, to the provider")
    failed: Mapped[int] = mapped_column(comment="of these, with outcome error or upstream_abort")
    answered: Mapped[int] = mapped_column(comment="of any source, with status 2xx and no error in the stream")
    before_tokens: Mapped[int] = mapped_column(BigInteger, comment="estimates of the answered, as received")
    sent_tokens: Mapped[int] = mapped_column(BigInteger, comment="likewise, as forwarded")
    masked_tokens: Mapped[int] = mapped_column(BigInteger, comment="likewise, masking kept out")
    compressed_tokens: Mapped[int] = mapped_column(BigInteger, comment="likewise, summaries kept out")
    compressed: Mapped[int] = mapped_column(comment="answered requests with a summary in them")
    reported: Mapped[int] = mapped_column(comment="answered requests that tell how much was cached")
    reported_tokens: Mapped[int] = mapped_column(BigInteger, comment="their prompt tokens")
    cached_tokens: Mapped[int] = mapped_column(BigInteger, comment="of these, the cached ones")
    priced: Mapped[int] = mapped_column(comment="answered requests with a price as sent and as received")
    cost_usd: Mapped[float] = mapped_column(comment="of these")
    cost_unmodified_usd: Mapped[float] = mapped_column(comment="of these")
    remembering: Mapped[int] = mapped_column(comment="requests whose memory is known, however they ended")
    memory_tokens: Mapped[int] = mapped_column(BigInteger, comment="of these")
    memory_prompt_tokens: Mapped[int] = mapped_column(BigInteger, comment="of these, as forwarded")
    __table_args__ = ({"sqlite_with_rowid": False},)


LATENCY_SPAN_MS = 6 * 3_600_000
"""Six hours: an hour's answers lie in nearly as many steps as there are answers. Rows are stored by it, too."""


class LatencySpan(Base):
    """How many complete answers took how long, per six hours, provider and kind of request."""

    __tablename__ = "latency_spans"
    time: Mapped[str] = mapped_column(String(20), primary_key=True, comment="ttfb_ms | duration_ms")
    begins_at_ms: Mapped[int] = mapped_column(BigInteger, primary_key=True, comment="start of the six hours, UTC")
    provider: Mapped[str] = mapped_column(String(60), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="index into STEPS_MS")
    answers: Mapped[int]
    __table_args__ = ({"sqlite_with_rowid": False},)
