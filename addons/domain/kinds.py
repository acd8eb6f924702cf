"""What a request is for."""

from enum import StrEnum


class Kind(StrEnum):
    CHAT = "chat"
    AUTOCOMPLETE = "autocomplete"
    EDIT = "edit"
    APPLY = "apply"
    TITLE = "title"
    COMPACTION = "compaction"
    """The client's own summary of its conversation."""
    COMPRESSION = "compression"
    """Our summary of older exchanges."""
    EMBEDDING = "embedding"
    RERANK = "rerank"
    MODELS = "models"
    OTHER = "other"


FILLS_CONTEXT = frozenset({Kind.CHAT, Kind.COMPACTION})
"""The kinds that count for context fill and belong to a conversation's history."""
