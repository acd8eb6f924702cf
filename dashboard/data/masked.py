"""What was taken out, and its originals."""

from dashboard.data.asking import asks, asks_engine
from db.queries import masked, original_search, originals
from db.queries.masked import MaskedFilter, MaskedRow, Use
from db.queries.original_search import Hit, Search
from db.queries.originals import OriginalInfo, StoredOriginal

masked_page = asks(masked.page)
masked_count = asks(masked.count)
masked_kinds = asks(masked.kinds)
uses_of = asks(masked.uses_of)
masked_by = asks(masked.masked_by)
original = asks_engine(originals.original)
search_originals = asks_engine(original_search.search)

__all__ = [
    "Hit",
    "MaskedFilter",
    "MaskedRow",
    "OriginalInfo",
    "Search",
    "StoredOriginal",
    "Use",
    "masked_by",
    "masked_count",
    "masked_kinds",
    "masked_page",
    "original",
    "search_originals",
    "uses_of",
]
