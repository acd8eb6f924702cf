"""Originals by their digest, and those of a session. What only deleted sessions need is not found any more."""

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, or_, select

from addons.domain.errors import UserError
from addons.domain.masking.placeholder import TAG, TAG_BYTES
from db import content
from db.tables import original_aliases, originals, session_originals, sessions

SHORTEST = 4
"""Hexadecimal digits that name an original; as with commits, few suffice where no other begins with them."""
CANDIDATES_NAMED = 5

_DIGITS = re.compile(rf"(?:{TAG})?([0-9a-f]{{{SHORTEST},{TAG_BYTES * 2}}})")
_HASH = re.compile(rf"[0-9a-f]{{{SHORTEST},128}}")
"""How a predecessor named an original: its hash, or the beginning of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalInfo:
    """What is known of an original besides its text."""

    tag: str
    kind: str
    """The rule that wrote its digest."""
    tool: str
    """Whose result it is, or ""."""
    path: str
    """The file it is of, or ""."""
    tokens: int
    lines: int
    size_bytes: int
    """Of the text in UTF-8."""
    created_at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOriginal(OriginalInfo):
    text: str


INFO = tuple(originals.c[name] for name in OriginalInfo.__slots__)


def original(engine: Engine, digest: str) -> StoredOriginal | None:
    """The original with this tag, or with the only one that begins so; with or without `k1:`, as people copy it.

    A predecessor's hash is taken as well.

    :raises UserError: if that is no beginning of a tag, if several begin so, or if the stored text is damaged.
    """
    asked = digest.strip().strip("\"'`[]")
    statement = select(originals.c.packed, *INFO).where(_called(asked), needed())
    with engine.connect() as connection:
        found = connection.execute(statement.order_by(originals.c.tag).limit(CANDIDATES_NAMED + 1)).mappings().all()
    if len(found) > 1:
        raise UserError(f"{digest!r} is the beginning of several digests: {_named([row['tag'] for row in found])}.")
    if not found:
        if not (_DIGITS.fullmatch(asked.lower()) or _HASH.fullmatch(asked.lower())):
            raise UserError(
                f"{digest!r} is not a digest; expected {TAG} and {TAG_BYTES * 2} hexadecimal digits, "
                f"or the first of them, at least {SHORTEST}."
            )
        return None
    row = dict(found[0])
    text = _unpacked(row["tag"], row.pop("packed"))
    return StoredOriginal(**row, text=text)


def of_session(engine: Engine, session_id: str) -> list[OriginalInfo]:
    """All that the session needs, the newest first."""
    statement = (
        select(*INFO)
        .join(session_originals, session_originals.c.tag == originals.c.tag)
        .join(sessions, sessions.c.id == session_originals.c.session_id)
        .where(sessions.c.id == session_id, sessions.c.deleted_at_ms.is_(None))
        .order_by(originals.c.created_at_ms.desc(), originals.c.tag)
    )
    with engine.connect() as connection:
        return [OriginalInfo(**row) for row in connection.execute(statement).mappings()]


def needed(session_id: str | None = None) -> ColumnElement[bool]:
    """Condition on `originals`: a session that is not deleted, or this one, needs it."""
    refers = (
        select(session_originals.c.tag)
        .join(sessions, sessions.c.id == session_originals.c.session_id)
        .where(session_originals.c.tag == originals.c.tag, sessions.c.deleted_at_ms.is_(None))
    )
    return (refers if session_id is None else refers.where(sessions.c.id == session_id)).exists()


def _called(asked: str) -> ColumnElement[bool]:
    """Condition on `originals`: it begins so, or a predecessor called it so."""
    other = original_aliases.c.alias == asked
    if _HASH.fullmatch(asked.lower()):
        other = or_(other, original_aliases.c.alias.startswith(asked.lower()))
    aliased = originals.c.tag.in_(select(original_aliases.c.tag).where(other))
    match = _DIGITS.fullmatch(asked.lower())
    return aliased if match is None else or_(originals.c.tag.startswith(TAG + match[1]), aliased)


def _named(tags: list[str]) -> str:
    shown = ", ".join(tags[:CANDIDATES_NAMED])
    return shown if len(tags) <= CANDIDATES_NAMED else f"{shown}, …"


def _unpacked(tag: str, packed: bytes) -> str:
    try:
        text = content.unpack(packed)
    except ValueError as error:
        raise UserError(f"The original {tag} is damaged: {error}.") from error
    if not content.verify(tag, text):
        raise UserError(f"The original {tag} is damaged: its text has another digest.")
    return text
