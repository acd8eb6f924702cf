"""What requests' lists of messages add to those before, each beside its completion."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from addons.domain.completion import Completion
from addons.domain.message_list import Listed, MessageStep, Piece
from db.prepared import Asked, Prepared
from db.records.completions import tool_name
from db.tables import completions
from db.tables import message_steps as table

_call = completions.c
_WRITTEN = Asked(select(_call.rev, _call.id).where(_call.rev.between(bindparam("first"), bindparam("last"))))
_ROW = Prepared(table)


def write(tx: Connection, records: Sequence[Completion], revs: Sequence[int]) -> None:
    """Of completions that have just been written with these revs, in the same order."""
    steps = [(rev, record.messages) for rev, record in zip(revs, records, strict=True) if record.messages]
    if steps:
        ids = {row.rev: row.id for row in _WRITTEN.rows(tx, first=revs[0], last=revs[-1])}
        _ROW.run(tx, [{"completion_id": ids[rev], **columns(step)} for rev, step in steps])


def columns(step: MessageStep) -> dict[str, Any]:
    """The columns of a step, but for whose it is."""
    return {
        "chain": step.chain,
        "number": step.number,
        "kept": _compact(step.kept),
        "added": _compact([_listed(one) for one in step.added]),
        "masked": _compact(step.masked),
        "new": step.new,
        "covered_start": step.covered[0],
        "covered_stop": step.covered[1],
        "summary_tokens": step.summary_tokens,
        "tools_tokens": step.tools_tokens,
        "prompt_tokens": step.prompt_tokens,
        "system": _compact(_listed(step.system)) if step.system else None,
    }


def _listed(one: Listed) -> list[Any]:
    return [one.key, one.role, [_piece(piece) for piece in one.pieces]]


def _piece(piece: Piece) -> list[Any]:
    return [piece.part, piece.tokens, tool_name(piece.tool)] if piece.tool else [piece.part, piece.tokens]


def _compact(value: Sequence[Any] | Mapping[int, int]) -> str:
    return json.dumps(value, separators=(",", ":"))
