"""The wire formats behind one small interface, and the table of them.

The interface is in `contract`; how a body is cut without being decoded is in `cut`.
"""

from addons.domain.wire.contract import Request, Span, StreamEvent, StreamReader, WireError, WireFormat
from addons.domain.wire.gemini import Gemini
from addons.domain.wire.openai import OpenAI

__all__ = ["FORMATS", "Request", "Span", "StreamEvent", "StreamReader", "WireError", "WireFormat"]

FORMATS: dict[str, WireFormat] = {wire.name: wire for wire in (OpenAI(), Gemini())}
"""By the name that `wire` has in providers.toml. A new wire format is a module here and a name in this line."""
