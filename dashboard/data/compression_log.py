"""Summaries in the place of older messages."""

from dashboard.data.asking import asks
from db.queries import compression_log
from db.queries.compression_log import CompressionFilter, CompressionNote, CompressionRow, CompressionSums

compressions = asks(compression_log.compressions)
compression_sums = asks(compression_log.compression_sums)
compression_notes = asks(compression_log.compression_notes)

__all__ = [
    "CompressionFilter",
    "CompressionNote",
    "CompressionRow",
    "CompressionSums",
    "compression_notes",
    "compression_sums",
    "compressions",
]
