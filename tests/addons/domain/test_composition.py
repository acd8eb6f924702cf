import json
from typing import Any

import pytest

from addons.domain.composition import PARTS, composition
from addons.domain.reading import Reader, Reading
from addons.domain.tokens import REPLY_PRIMER_TOKENS, TokenCounter
from addons.domain.wire import FORMATS

COUNTER = TokenCounter()
SYSTEM = {"role": "system", "content": "Rules."}
MESSAGES = [SYSTEM, *({"role": role, "content": "Fix it."} for role in ("user", "assistant", "user"))]
EACH = 4 + 3
"""Envelope, role and text of one of the three."""
GEMINI = {
    "systemInstruction": {"parts": [{"text": "Rules."}]},
    "contents": [{"role": "user", "parts": [{"text": "Fix it."}]}],
}


def read(body: dict[str, Any], wire: str = "openai") -> Reading:
    return Reader(FORMATS[wire], COUNTER).read(FORMATS[wire].parse_request(json.dumps(body).encode()))


@pytest.mark.parametrize(
    ("wire", "body", "known", "expected"),
    [
        pytest.param("openai", {"messages": MESSAGES}, 0, (6, 0, 0, 3 * EACH + REPLY_PRIMER_TOKENS, 0), id="first"),
        pytest.param("openai", {"messages": MESSAGES}, 2, (6, 0, 2 * EACH, EACH + REPLY_PRIMER_TOKENS, 0), id="third"),
        pytest.param("openai", {"messages": MESSAGES}, 3, (6, 0, 3 * EACH, REPLY_PRIMER_TOKENS, 0), id="nothing new"),
        pytest.param("openai", {"messages": [], "tools": ["Fix"]}, 0, (0, 3, 0, 0, 0), id="tools"),
        pytest.param("openai", {"prompt": "Fix it."}, 0, (0, 0, 0, 0, 3), id="legacy prompt"),
        pytest.param("gemini", GEMINI, 0, (6, 0, 0, EACH + REPLY_PRIMER_TOKENS, 0), id="gemini's system instruction"),
    ],
)
def test_the_parts_add_up_to_the_total(wire: str, body: dict[str, Any], known: int, expected: tuple[int, ...]) -> None:
    reading = read(body, wire)
    parts = composition(reading, known)
    assert parts == dict(zip(PARTS, expected, strict=True))
    assert sum(parts.values()) == reading.total_tokens
