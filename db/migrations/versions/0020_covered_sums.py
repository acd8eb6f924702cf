"""Indexes from which sums are read alone: what one session saved, and what each memory server sent.

On a store of a million completions this takes some ten seconds, once.
"""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.drop_index("ix_completions_session_time", "completions")
    op.create_index(
        "ix_completions_session_time",
        "completions",
        ["session_id", "started_at_ms", "provider", "cost_usd", "cost_unmodified_usd", "status", "outcome",
         "prompt_tokens_before", "prompt_tokens_sent", "masked_tokens_saved", "compressed_tokens_saved",
         "prompt_tokens", "cached_tokens"],
    )  # fmt: skip
    op.drop_index("ix_memory_segments_last_seen", "memory_segments")
    op.create_index(
        "ix_memory_segments_source", "memory_segments", ["server", "type", "last_seen_ms", "tokens", "sent"]
    )
    op.create_index("ix_memory_segments_tokens", "memory_segments", ["tokens"])
