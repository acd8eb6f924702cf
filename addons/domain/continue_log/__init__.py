"""What Continue writes to its own files: bytes -> lines -> records -> events with figures.

Formats: continuedev/continue d0a3c0b (2026-06-18): binary/src/logging.ts (core.log), core/data/log.ts (dev_data),
core/llm/countTokens.ts (the token-count block), and `cn` 1.5.47's util/logger.ts (cn.log). What people and models wrote
never leaves this package: an event has figures, names, and an error's first line, cut and scrubbed.
"""

from addons.domain.continue_log.event import LogEvent, LogKind, as_event
from addons.domain.continue_log.formats import FORMATS, Format, Reader
from addons.domain.continue_log.held import Held

__all__ = ["FORMATS", "Format", "Held", "LogEvent", "LogKind", "Reader", "as_event"]
