"""The file that ships: it parses, and it knows what users of the predecessor had."""

import re
import tomllib

import pytest

from addons.domain.places import ROOT
from addons.domain.settings import Settings, parse

TEXT = (ROOT / "providers.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def settings() -> Settings:
    return parse([("providers.toml", TEXT)])


@pytest.mark.parametrize(
    ("provider", "model", "context_window"),
    [
        ("kimi-code", "kimi-for-coding", 262_144),
        ("nvidia", "moonshotai/kimi-k2.5", 262_144),
        ("nvidia", "moonshotai/kimi-k2-thinking", 262_144),
        ("mistral", "codestral-2501", 262_144),
        ("mistral", "mistral-large-2411", 131_072),
        ("mistral", "pixtral-large-2411", 131_072),
        ("mistral", "ministral-8b-2410", 32_768),
        ("openrouter", "openrouter/aurora-alpha", 128_000),
        ("openrouter", "some/unknown-model", 128_000),
        ("siliconflow-cn", "Qwen/Qwen3-32B", 131_072),
        ("siliconflow-cn", "deepseek-ai/DeepSeek-V3.2", 164_000),
        ("siliconflow", "Qwen/Qwen3-32B", 131_072),
        ("siliconflow", "deepseek-ai/DeepSeek-V3.2", 164_000),
        ("groq", "groq/compound", 131_072),
        ("groq", "qwen/qwen3-32b", 131_072),
        ("groq", "openai/gpt-oss-120b", 131_072),
        ("cerebras", "qwen-3-235b-a22b-instruct-2507", 65_536),
        ("cerebras", "gpt-oss-120b", 65_536),
        ("cerebras", "zai-glm-4.7", 64_000),
        ("gemini", "gemini-2.5-flash-lite", 1_048_576),
        ("gemini", "gemini-2.5-flash", 1_048_576),
        ("gemini", "gemini-2.5-pro", 1_048_576),
        ("gemini", "gemini-3-flash-preview", 1_048_576),
        ("gemini-openai", "gemini-2.5-pro", 1_048_576),
    ],
)
def test_a_known_model_has_its_context_window(
    settings: Settings, provider: str, model: str, context_window: int
) -> None:
    found = settings.providers[provider].model(model)
    assert found is not None
    assert found.context_window == context_window


def test_all_providers_are_there(settings: Settings) -> None:
    assert set(settings.providers) == {
        *("kimi-code", "moonshot", "moonshot-cn", "nvidia", "mistral", "codestral", "groq", "openrouter"),
        *("siliconflow", "siliconflow-cn", "cerebras", "gemini", "gemini-openai"),
    }


def test_every_model_has_a_window_and_every_price_its_source(settings: Settings) -> None:
    for key, provider in settings.providers.items():
        for model_id, model in provider.models.items():
            assert model.context_window, (key, model_id)
            assert (model.price.input is not None) == bool(model.price_source), (key, model_id)
            assert (model.max_output or 0) <= model.context_window, (key, model_id)


def test_a_cached_token_never_costs_more(settings: Settings) -> None:
    for provider in settings.providers.values():
        for model in provider.models.values():
            for price in filter(None, (model.price, model.price_over_200k)):
                assert price.cached is None or (price.input is not None and price.cached <= price.input)


def test_the_example_in_its_head_can_be_used() -> None:
    head = TEXT.partition("# KIMI_PROVIDERS")[0]
    example = "\n".join(match[1] for match in re.finditer(r"^#     (.*)$", head, re.MULTILINE))
    settings = parse([("providers.toml", TEXT), ("own.toml", example)])
    assert set(tomllib.loads(example)["providers"]) == {"kimi-code", "groq", "mistral", "work"}
    assert settings.providers["kimi-code"].models["kimi-for-coding"].context_window == 1_048_576
    assert settings.providers["groq"].limits.requests_per_minute == 1000
