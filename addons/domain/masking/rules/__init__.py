"""What a digest shows of each kind of content: one file a kind, and the written list of them."""

from collections.abc import Callable
from dataclasses import dataclass

from addons.domain.masking.document import Document
from addons.domain.masking.rules import (
    diff,
    json_data,
    listing,
    log,
    search_results,
    source,
    test_run,
    text,
)
from addons.domain.masking.selection import Body


@dataclass(frozen=True, slots=True)
class Rule:
    kind: str
    """As the placeholder names it: "a digest of a …"."""
    applies: Callable[[Document], bool]
    """Whether the content is of this kind."""
    render: Callable[[Document, int], Body]
    """Its digest, of about so many tokens."""
    least: int = 0
    """Tokens that a digest may have in any case: rows of data repeat nothing, so short ones had better stay whole."""


DATA_LEAST = 1000

RULES: tuple[Rule, ...] = (
    Rule("JSON document", json_data.applies, json_data.render, DATA_LEAST),
    Rule("diff", diff.applies, diff.render),
    Rule("test run", test_run.applies, test_run.render),
    Rule("source file", source.applies, source.render),
    Rule("list of search results", search_results.applies, search_results.render),
    Rule("listing", listing.applies, listing.render, DATA_LEAST),
    Rule("log", log.applies, log.render),
    Rule("text", text.applies, text.render),
)
"""Tried in this order; the last takes everything."""
