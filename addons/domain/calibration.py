"""How many tokens a model itself counts for one of ours, learned from what its provider reports.

Each provider and model has a ratio reported / estimated: a mean that follows the latest OBSERVATIONS, starts at its
tokenizer family's factor, and is moved by no single report further than a step, so that a hidden system prompt, an
image or a provider's slip does not spoil the next estimates.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

FACTORS = (
    (re.compile(r"gpt-oss|gpt-\d|openai"), 1.0),
    (re.compile(r"claude|anthropic"), 1.2),
    (re.compile(r"deepseek"), 1.08),
    (re.compile(r"mistral|mixtral|codestral|ministral|pixtral|devstral|magistral"), 1.15),
    (re.compile(r"gemini|gemma"), 1.1),
    (re.compile(r"qwen|qwq"), 1.05),
    (re.compile(r"kimi|moonshot|^k\d"), 1.05),
)
"""By tokenizer family: the first that the model's name shows, else the provider's; all others 1. Measured with the
families' own vocabularies on code, prose and tool output where there was one to measure with (gpt-oss, DeepSeek, Qwen,
Mistral), else Continue's own safety factors (core/llm/getAdjustedTokenCount.ts) less their margin."""
PRIOR = 2
"""The start factor counts as much as so many reports."""
OBSERVATIONS = 30
"""What came longer ago counts little: prompts change their nature with the work."""
MOST_STEP = 0.25
"""A report counts as at most this share off the mean."""
LEAST, MOST = 0.5, 2.0
"""No tokenizer differs more on text; what does is something else."""
LEAST_TOKENS = 500
"""Of a shorter prompt the chat template is too large a share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What is known of one model."""

    provider: str
    model: str
    ratio: float
    observations: int = 0
    error_before: float = 0.0
    """Mean of |estimated - reported| / reported, each at most 1."""
    error_after: float = 0.0
    """The same of the estimate as it was calibrated each time."""
    updated_at_ms: int = 0

    def learned(self, estimated: int, reported: int, now_ms: int) -> "Calibration":
        """With one more report; both counts over 0."""
        count = min(self.observations + 1, OBSERVATIONS)
        seen = min(max(reported / estimated, self.ratio * (1 - MOST_STEP)), self.ratio * (1 + MOST_STEP))
        ratio = self.ratio + (seen - self.ratio) / (count + PRIOR)
        return Calibration(
            provider=self.provider,
            model=self.model,
            ratio=min(max(ratio, LEAST), MOST),
            observations=self.observations + 1,
            error_before=_mean(self.error_before, _error(estimated, reported), count),
            error_after=_mean(self.error_after, _error(estimated * self.ratio, reported), count),
            updated_at_ms=now_ms,
        )


class Calibrations:
    """What is known of all models. For the event loop only."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Calibration] = {}

    def load(self, stored: Iterable[Calibration]) -> None:
        self._known |= {(each.provider, each.model): each for each in stored}

    def factor(self, provider: str, model: str) -> float:
        """By which to multiply an estimate."""
        return self.of(provider, model).ratio

    def of(self, provider: str, model: str) -> Calibration:
        known = self._known.get((provider, model))
        return known or Calibration(provider=provider, model=model, ratio=start_factor(provider, model))

    def observe(self, provider: str, model: str, estimated: int, reported: int, now_ms: int) -> Calibration | None:
        """Learns from one report; None where it teaches nothing."""
        if estimated < LEAST_TOKENS or reported <= 0:
            return None
        learned = self.of(provider, model).learned(estimated, reported, now_ms)
        self._known[provider, model] = learned
        return learned


def start_factor(provider: str, model: str) -> float:
    """Before anything was reported."""
    names = (model.lower(), provider.lower())
    return next((factor for name in names for pattern, factor in FACTORS if pattern.search(name)), 1.0)


def _error(estimated: float, reported: int) -> float:
    return min(1.0, abs(estimated - reported) / reported)


def _mean(before: float, new: float, count: int) -> float:
    return before + (new - before) / count
