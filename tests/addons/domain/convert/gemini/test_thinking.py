from typing import Any

import pytest

from addons.domain.convert.contract import Notes
from addons.domain.convert.conversation import Effort
from addons.domain.convert.fields import Fields, encode
from addons.domain.convert.gemini.thinking import effort_of, thinking_config


@pytest.mark.parametrize(
    ("effort", "model", "config"),
    [
        ("none", "gemini-2.5-flash", {"thinkingBudget": 0}),
        ("none", "gemini-2.5-pro", {"thinkingBudget": 128}),
        ("minimal", "gemini-2.5-flash", {"thinkingBudget": 512, "includeThoughts": True}),
        ("low", "gemini-2.5-flash", {"thinkingBudget": 1024, "includeThoughts": True}),
        ("medium", "gemini-2.5-flash", {"thinkingBudget": 8192, "includeThoughts": True}),
        ("high", "gemini-2.5-flash", {"thinkingBudget": 24576, "includeThoughts": True}),
        ("none", "gemini-3-flash-preview", {"thinkingLevel": "MINIMAL"}),
        ("minimal", "gemini-3.1-pro-preview", {"thinkingLevel": "LOW", "includeThoughts": True}),
        ("medium", "gemini-3-flash-preview", {"thinkingLevel": "MEDIUM", "includeThoughts": True}),
        ("xhigh", "gemini-3-flash-preview", {"thinkingLevel": "HIGH", "includeThoughts": True}),
        ("high", "gemma-3-27b", {}),
    ],
)
def test_an_effort_becomes_a_budget_or_a_level(effort: Effort, model: str, config: dict[str, Any]) -> None:
    assert thinking_config(effort, model, Notes()) == config


@pytest.mark.parametrize(
    ("config", "effort"),
    [
        ({}, None),
        ({"includeThoughts": True}, None),
        ({"thinkingBudget": -1}, None),
        ({"thinkingBudget": 0}, "none"),
        ({"thinking_budget": 300}, "minimal"),
        ({"thinkingBudget": 1024}, "low"),
        ({"thinkingBudget": 5000}, "medium"),
        ({"thinkingBudget": 32768}, "high"),
        ({"thinkingLevel": "low"}, "low"),
        ({"thinkingLevel": "MINIMAL"}, "minimal"),
    ],
)
def test_a_budget_or_a_level_becomes_an_effort(config: dict[str, Any], effort: str | None) -> None:
    assert effort_of(Fields(encode(config), "config")) == effort


def test_what_a_model_cannot_do_is_noted() -> None:
    notes = Notes()
    thinking_config("xhigh", "gemini-3-pro", notes)
    thinking_config("low", "gemma-3", notes)
    assert len(notes.all()) == 2
