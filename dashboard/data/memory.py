"""MCP memory."""

from dashboard.data.asking import asks
from db.queries import memory
from db.queries.memory import MemoryFilter, MemoryPeriod, MemoryPoint, MemorySource, SegmentRow

memory_over_time = asks(memory.over_time)
memory_history = asks(memory.history)
memory_sources = asks(memory.sources)
memory_segments = asks(memory.segments)

__all__ = [
    "MemoryFilter",
    "MemoryPeriod",
    "MemoryPoint",
    "MemorySource",
    "SegmentRow",
    "memory_history",
    "memory_over_time",
    "memory_segments",
    "memory_sources",
]
