"""What a completion's prompt was made of, as it was recorded with it."""

import json

from sqlalchemy import Connection, select

from addons.domain.composition import Composition, Large
from db.models import Completion, Decision


def composition_of(tx: Connection, completion_id: int) -> Composition | None:
    """None where it is not recorded: of a body that was not read, and of a predecessor's rows."""
    columns = (Completion.composition, Completion.parts, Completion.tool_tokens, Completion.largest)
    found = tx.execute(select(*columns).where(Completion.id == completion_id)).first()
    if found is None or found.parts is None:
        return None
    return Composition(
        overview=json.loads(found.composition),
        parts=json.loads(found.parts),
        tools=json.loads(found.tool_tokens or "{}"),
        largest=tuple(Large(**large) for large in json.loads(found.largest or "[]")),
    )


def original_tags(tx: Connection, session_id: str, keys: tuple[str, ...]) -> dict[str, str]:
    """By a message's key, in hex: the tag of the original that a digest stands for in it, of several the first."""
    wanted = [bytes.fromhex(key) for key in keys if key]
    query = select(Decision.key, Decision.replacements)
    rows = tx.execute(query.where(Decision.session_id == session_id, Decision.key.in_(wanted)))
    found = ((row.key.hex(), json.loads(row.replacements)) for row in rows)
    return {key: replacements[0]["tag"] for key, replacements in found if replacements}
