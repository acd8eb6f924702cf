from typing import Any

import pytest

from addons.domain.messages import PartType
from addons.domain.wire.openai_parts import parts_of_content, reasoning_text


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("a", [(PartType.TEXT, "a")]),
        (None, []),
        (5, []),
        (["a", {"type": "text", "text": "b"}], [(PartType.TEXT, "a"), (PartType.TEXT, "b")]),
        ([{"type": "thinking", "thinking": "hm"}], [(PartType.REASONING, "hm")]),
        ([{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}], [(PartType.REASONING, "hm")]),
        ([{"type": "refusal", "refusal": "no"}], [(PartType.TEXT, "no")]),
        ([{"type": "image_url", "image_url": {"url": "data:"}}], [(PartType.IMAGE, "")]),
        ([{"type": "file", "file": {}}, None], [(PartType.OTHER, ""), (PartType.OTHER, "")]),
    ],
)
def test_content_is_read_part_by_part(content: Any, parts: list[tuple[PartType, str]]) -> None:
    assert list(parts_of_content(content)) == parts


@pytest.mark.parametrize(
    ("fields", "details", "text"),
    [
        (("a", "b"), None, "a"),
        (("", "b"), [{"text": "c"}], "b"),
        ((None, None), [{"text": "c"}, {"summary": "d"}, {"data": "e"}, None], "cd"),
        ((None, 5), "odd", ""),
    ],
)
def test_reasoning_is_taken_once(fields: tuple[Any, ...], details: Any, text: str) -> None:
    assert reasoning_text(fields, details) == text
