"""Captured texts in pieces that a browser can take, and without what it cannot be sent."""

PAGE_CHARS = 12_000
"""About three screens; a megabyte at once stalls the tab for seconds."""


def sendable(text: str) -> str:
    """A lone surrogate, which JSON may hold, cannot be sent to a browser: a question mark stands for it."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def pages(text: str, size: int = PAGE_CHARS) -> list[str]:
    """Each at most `size` characters, cut at a line end where there is one; together the text. At least one."""
    found, start = [], 0
    while len(text) - start > size:
        cut = text.rfind("\n", start, start + size) + 1
        end = cut if cut > start else start + size
        found.append(text[start:end])
        start = end
    return [*found, text[start:]]
