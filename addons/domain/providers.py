"""Which provider and which operation a request goes to."""

from dataclasses import dataclass
from enum import StrEnum


class Operation(StrEnum):
    """What the path says; the kind of a request needs its body too (see `kinds`)."""

    CHAT = "chat"
    """POST …/chat/completions, :generateContent, :streamGenerateContent."""
    COMPLETIONS = "completions"
    """POST …/completions: legacy, with `prompt`."""
    FIM = "fim"
    """POST …/fim/completions."""
    EMBEDDINGS = "embeddings"
    RERANK = "rerank"
    MODELS = "models"
    OTHER = "other"
    """Recorded by provider and path only."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a request goes."""

    provider: str
    """Key in providers.toml."""
    wire: str
    """Name of the wire format."""
    operation: Operation
    model: str = ""
    """From the path, where it stands there (Gemini)."""
    stream: bool | None = None
    """From the path, where it stands there (Gemini); None: the body says it."""
