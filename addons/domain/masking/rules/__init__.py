"""What a digest shows of each kind of content: one file a kind, and the written list of them."""

from collections.abc import Callable
from dataclasses import dataclass

from addons.domain.masking.document import Document
from addons.domain.masking.rules import diff, json_data, listing, log, search_results, source, testing, text
from addons.domain.masking.selection import Shorten


@dataclass(frozen=True, slots=True)
class Rule:
    kind: str
    """As the placeholder names it: "digest of a …"."""
    read: Callable[[Document], Shorten | None]
    """None if the content is not of this kind. What is read and weighed once may be shortened to several lengths."""
    least: int = 0
    """Tokens that a digest may have in any case: rows of data repeat nothing, so short ones had better stay whole."""


DATA_LEAST = 1000

RULES: tuple[Rule, ...] = (
    Rule("JSON document", json_data.read, DATA_LEAST),
    Rule("diff", diff.read),
    Rule("test run", testing.read),
    Rule("source file", source.read),
    Rule("list of search results", search_results.read),
    Rule("log", log.read),
    Rule("listing", listing.read, DATA_LEAST),
    Rule("text", text.read),
)
"""Tried in this order; the last takes everything."""
