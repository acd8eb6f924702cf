"""What was taken out, and its originals."""

from dashboard.data.asking import asks, asks_engine
from db.queries import masked, original_search, originals
from db.queries import masked_sums as masked_sums_query
from db.queries.masked import MaskedFilter, MaskedRow, Use
from db.queries.masked_sums import Digested, MaskedSums
from db.queries.original_search import Hit, Search
from db.queries.originals import OriginalInfo, StoredOriginal

masked_page = asks(masked.page)
masked_sums = asks(masked_sums_query.sums)
masked_kinds = asks(masked.kinds)
uses_of = asks(masked.uses_of)
masked_by = asks(masked.masked_by)
original = asks_engine(originals.original)
search_originals = asks_engine(original_search.search)

__all__ = [
    "Digested",
    "Hit",
    "MaskedFilter",
    "MaskedRow",
    "MaskedSums",
    "OriginalInfo",
    "Search",
    "StoredOriginal",
    "Use",
    "masked_by",
    "masked_kinds",
    "masked_page",
    "masked_sums",
    "original",
    "search_originals",
    "uses_of",
]
