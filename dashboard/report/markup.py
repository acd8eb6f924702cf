"""HTML and SVG as text that is known to be safe: what is not `Markup` yet is escaped, wherever it is put."""

import html
import re
from collections.abc import Iterable

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Control characters, and marks that turn the direction of the text after them: a name could look like another."""
VOID = {"meta", "br", "line", "rect", "path", "circle"}


class Markup(str):
    """Elements, not text."""

    __slots__ = ()


def safe(text: str) -> Markup:
    return text if isinstance(text, Markup) else Markup(html.escape(_UNSEEN.sub("\ufffd", text)))


def joined(parts: Iterable[str]) -> Markup:
    return Markup("".join(map(safe, parts)))


def element(name: str, /, *children: str, **attributes: str | float) -> Markup:
    """:param attributes: `class_` stands for class, `font_size` for font-size."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{safe(_number(value) if isinstance(value, float) else str(value))}"'
        for key, value in attributes.items()
    )
    if name in VOID and not children:
        return Markup(f"<{name}{written}/>")
    return Markup(f"<{name}{written}>{joined(children)}</{name}>")


def _number(value: float) -> str:
    """Hundredths of a pixel are enough."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
