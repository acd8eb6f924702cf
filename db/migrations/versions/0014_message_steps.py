"""The messages of each request without their text: what they add to those of the request before."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

BIG_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "message_steps",
        sa.Column(
            "completion_id",
            BIG_ID,
            sa.ForeignKey("completions.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("chain", sa.String(20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="in the chain, from 0"),
        *(sa.Column(name, sa.Text(), nullable=False, comment=comment) for name, comment in TEXTS.items()),
        *(sa.Column(name, sa.Integer(), nullable=False, comment=comment) for name, comment in COUNTS.items()),
        sa.Column("system", sa.Text(), comment="JSON: Gemini's systemInstruction, as a message"),
    )
    op.create_index("ix_message_steps_chain", "message_steps", ["chain", "number"])


TEXTS = {
    "kept": "JSON: what of the list before it begins with",
    "added": "JSON: and with which messages it goes on",
    "masked": "JSON: index -> tokens saved, where that changed",
}
COUNTS = {
    "new": "messages at the end that the request before did not have",
    "covered_start": "messages that a summary stands for: the first",
    "covered_stop": "and the one after the last",
    "summary_tokens": "estimate, of the summary",
    "tools_tokens": "estimate, of the definitions",
    "prompt_tokens": "estimate, of a legacy prompt's text",
}
