"""How long a model may think: OpenAI's effort in words, Gemini 2.5's budget in tokens, Gemini 3's level.

Budgets for the words are Google's own (ai.google.dev, OpenAI compatibility).
"""

from typing import Any

from addons.domain.convert.contract import Notes
from addons.domain.convert.conversation import Effort
from addons.domain.convert.fields import Fields
from addons.domain.convert.gemini.models import generation
from addons.domain.wire.values import as_count

_BUDGETS: dict[Effort, int] = {
    "none": 0,
    "minimal": 512,
    "low": 1024,
    "medium": 8192,
    "high": 24576,
    "xhigh": 24576,
}
_LEAST_OF_PRO = 128
"""gemini-2.5-pro cannot be kept from thinking."""
_LEVELS: dict[Effort, str] = {
    "none": "MINIMAL",
    "minimal": "MINIMAL",
    "low": "LOW",
    "medium": "MEDIUM",
    "high": "HIGH",
    "xhigh": "HIGH",
}
_EFFORTS: dict[str, Effort] = {"MINIMAL": "minimal", "LOW": "low", "MEDIUM": "medium", "HIGH": "high", "XHIGH": "xhigh"}


def thinking_config(effort: Effort, model: str, notes: Notes) -> dict[str, Any]:
    """`thinkingConfig` for the model; empty for one that does not think."""
    if generation(model) < 2:
        notes.add(f"reasoning effort {effort}: {model} does not think")
        return {}
    shown = {} if effort == "none" else {"includeThoughts": True}
    if generation(model) == 2:
        budget = _BUDGETS[effort] or (_LEAST_OF_PRO if "pro" in model else 0)
        return {"thinkingBudget": budget} | shown
    level = _LEVELS[effort]
    if level == "MINIMAL" and "pro" in model:
        level = "LOW"
    if effort in ("none", "xhigh"):
        notes.add(f"reasoning effort {effort}: sent as {level}, the nearest that {model} has")
    return {"thinkingLevel": level} | shown


def effort_of(config: Fields) -> Effort | None:
    """What a `thinkingConfig` asks for; None where it leaves it to the model."""
    level = config.text("thinkingLevel").upper()
    if level in _EFFORTS:
        return _EFFORTS[level]
    budget = as_count(config.value("thinkingBudget"))
    if budget is None:
        return None
    if not budget:
        return "none"
    ordered: tuple[Effort, ...] = ("minimal", "low", "medium")
    return next((effort for effort in ordered if budget <= _BUDGETS[effort]), "high")
