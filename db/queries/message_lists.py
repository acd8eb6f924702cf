"""The messages of one request, built from what its session's requests recorded of theirs."""

import json
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, select
from sqlalchemy.orm import aliased

from addons.domain.message_list import Listed, MessageList, MessageStep, Piece, Run, built
from addons.domain.messages import Role
from db.message_tables import MessageStep as Row

_COLUMNS = Row.__table__.columns


def message_list(tx: Connection, completion_id: int) -> MessageList | None:
    """None where none is recorded: of a body that was not read, of older rows, and of a predecessor's."""
    return built(steps_until(tx, completion_id))


def steps_until(tx: Connection, completion_id: int) -> list[MessageStep]:
    """Those of the chain up to that completion's, in order; some may be gone with the session they were in."""
    last = aliased(Row)
    same = and_(Row.chain == last.chain, Row.number <= last.number)
    query = select(*_COLUMNS).join(last, same).where(last.completion_id == completion_id).order_by(Row.number)
    return [_step(row) for row in tx.execute(query).mappings()]


def _step(row: RowMapping) -> MessageStep:
    return MessageStep(
        chain=row["chain"],
        number=row["number"],
        kept=tuple(Run(*run) for run in json.loads(row["kept"])),
        added=tuple(_listed(*one) for one in json.loads(row["added"])),
        masked={int(at): saved for at, saved in json.loads(row["masked"]).items()},
        new=row["new"],
        covered=(row["covered_start"], row["covered_stop"]),
        summary_tokens=row["summary_tokens"],
        tools_tokens=row["tools_tokens"],
        prompt_tokens=row["prompt_tokens"],
        system=_listed(*json.loads(row["system"])) if row["system"] else None,
    )


def _listed(key: str, role: str, pieces: list[list[Any]]) -> Listed:
    return Listed(key, Role(role), tuple(Piece(*piece) for piece in pieces))
