"""Hosts and paths as Continue sends them: recorded ones, and those its source builds."""

import pytest

from addons.domain.places import ROOT
from addons.domain.providers import Endpoint, Matcher, Operation
from addons.domain.settings import parse

GOOGLE = "generativelanguage.googleapis.com"


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(parse([("providers.toml", (ROOT / "providers.toml").read_text(encoding="utf-8"))]))


@pytest.mark.parametrize(
    ("host", "path", "provider", "operation"),
    [
        ("api.kimi.com", "/coding/v1/chat/completions", "kimi-code", Operation.CHAT),
        ("api.kimi.com", "/coding/v1/completions", "kimi-code", Operation.COMPLETIONS),
        ("api.kimi.com", "/coding/v1/messages", "kimi-code", Operation.OTHER),
        ("api.kimi.com", "/coding/v1/files", "kimi-code", Operation.OTHER),
        ("api.moonshot.ai", "/v1/chat/completions", "moonshot", Operation.CHAT),
        ("api.moonshot.ai", "/v1/tokenizers/estimate-token-count", "moonshot", Operation.OTHER),
        ("api.moonshot.cn", "/v1/chat/completions", "moonshot-cn", Operation.CHAT),
        ("integrate.api.nvidia.com", "/v1/chat/completions", "nvidia", Operation.CHAT),
        ("integrate.api.nvidia.com", "/v1/completions", "nvidia", Operation.COMPLETIONS),
        ("integrate.api.nvidia.com", "/v1/embeddings", "nvidia", Operation.EMBEDDINGS),
        ("integrate.api.nvidia.com", "/v1/rerank", "nvidia", Operation.RERANK),
        ("api.mistral.ai", "/v1/chat/completions", "mistral", Operation.CHAT),
        ("api.mistral.ai", "/v1/fim/completions", "mistral", Operation.FIM),
        ("api.mistral.ai", "/v1/embeddings", "mistral", Operation.EMBEDDINGS),
        ("api.eu.mistral.ai", "/v1/chat/completions", "mistral", Operation.CHAT),
        ("codestral.mistral.ai", "/v1/fim/completions", "codestral", Operation.FIM),
        ("codestral.mistral.ai", "/v1/chat/completions", "codestral", Operation.CHAT),
        ("api.groq.com", "/openai/v1/chat/completions", "groq", Operation.CHAT),
        ("api.groq.com", "/openai/v1/embeddings", "groq", Operation.EMBEDDINGS),
        ("api.groq.com", "/openai/v1/responses", "groq", Operation.OTHER),
        ("openrouter.ai", "/api/v1/chat/completions", "openrouter", Operation.CHAT),
        ("openrouter.ai", "/api/v1/completions", "openrouter", Operation.COMPLETIONS),
        ("openrouter.ai", "/api/v1/embeddings", "openrouter", Operation.EMBEDDINGS),
        ("openrouter.ai", "/api/v1/messages", "openrouter", Operation.OTHER),
        ("api.siliconflow.com", "/v1/chat/completions", "siliconflow", Operation.CHAT),
        ("api.siliconflow.cn", "/v1/chat/completions", "siliconflow-cn", Operation.CHAT),
        ("api.siliconflow.cn", "/v1/completions", "siliconflow-cn", Operation.COMPLETIONS),
        ("api.siliconflow.cn", "/v1/rerank", "siliconflow-cn", Operation.RERANK),
        ("api.cerebras.ai", "/v1/chat/completions", "cerebras", Operation.CHAT),
        ("api.cerebras.ai", "/v1/completions", "cerebras", Operation.COMPLETIONS),
        (GOOGLE, "/v1beta/openai/chat/completions", "gemini-openai", Operation.CHAT),
        (GOOGLE, "/v1beta/openai/embeddings", "gemini-openai", Operation.EMBEDDINGS),
        (GOOGLE, "/v1beta/openai/files", "gemini-openai", Operation.OTHER),
    ],
)
def test_a_post_is_known_by_host_and_path(
    matcher: Matcher, host: str, path: str, provider: str, operation: Operation
) -> None:
    assert matcher.match(host, path) == Endpoint(provider, "openai", operation)


@pytest.mark.parametrize(
    ("host", "path", "provider", "operation"),
    [
        ("api.kimi.com", "/coding/v1/models", "kimi-code", Operation.MODELS),
        ("api.kimi.com", "/coding/v1/usages", "kimi-code", Operation.OTHER),
        ("api.mistral.ai", "/v1/models", "mistral", Operation.MODELS),
        ("openrouter.ai", "/api/v1/models/moonshotai/kimi-k2.6/endpoints", "openrouter", Operation.MODELS),
        ("openrouter.ai", "/api/v1/key", "openrouter", Operation.OTHER),
        ("openrouter.ai", "/", "openrouter", Operation.OTHER),
        ("api.siliconflow.cn", "/v1/user/info", "siliconflow-cn", Operation.OTHER),
        ("api.cerebras.ai", "/v1/chat/completions", "cerebras", Operation.OTHER),
        (GOOGLE, "/v1beta/models", "gemini", Operation.MODELS),
        (GOOGLE, "/v1beta/models/gemini-2.5-pro?key=k", "gemini", Operation.MODELS),
        (GOOGLE, "/v1beta/openai/models", "gemini-openai", Operation.MODELS),
        (GOOGLE, "/v1beta/cachedContents", "gemini", Operation.OTHER),
    ],
)
def test_a_get_is_a_list_of_models_or_something_else(
    matcher: Matcher, host: str, path: str, provider: str, operation: Operation
) -> None:
    endpoint = matcher.match(host, path, "GET")
    assert endpoint is not None
    assert (endpoint.provider, endpoint.operation) == (provider, operation)


@pytest.mark.parametrize(
    ("path", "operation", "model", "stream"),
    [
        ("/v1beta/models/gemini-2.5-pro:generateContent", Operation.CHAT, "gemini-2.5-pro", False),
        ("/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse", Operation.CHAT, "gemini-2.5-pro", True),
        ("/v1beta/models/gemini-2.5-pro:streamGenerateContent?key=k", Operation.CHAT, "gemini-2.5-pro", True),
        ("/v1beta/models/gemini-2.5-pro%3AstreamGenerateContent", Operation.CHAT, "gemini-2.5-pro", True),
        ("/v1beta/tunedModels/mine:generateContent", Operation.CHAT, "mine", False),
        ("/v1/models/gemini-2.5-pro:generateContent", Operation.CHAT, "gemini-2.5-pro", False),
        ("/v1alpha/models/gemini-2.5-pro:generateContent", Operation.CHAT, "gemini-2.5-pro", False),
        ("/v1beta/models/gemini-embedding-001:embedContent", Operation.EMBEDDINGS, "gemini-embedding-001", False),
        ("/v1beta/models/gemini-embedding-001:batchEmbedContents", Operation.EMBEDDINGS, "gemini-embedding-001", False),
        ("/v1beta/models/gemini-2.5-pro:countTokens", Operation.OTHER, "gemini-2.5-pro", None),
        ("/v1beta/files:upload", Operation.OTHER, "", None),
        ("/", Operation.OTHER, "", None),
    ],
)
def test_gemini_says_model_and_stream_in_the_path(
    matcher: Matcher, path: str, operation: Operation, model: str, stream: bool | None
) -> None:
    assert matcher.match(GOOGLE, path) == Endpoint("gemini", "gemini", operation, model, stream)


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("API.Kimi.COM", "/coding/v1/chat/completions"),
        ("api.kimi.com:443", "/coding/v1/chat/completions"),
        ("api.kimi.com.", "/coding/v1/chat/completions"),
        ("api.kimi.com", "//coding/v1//chat/completions/"),
        ("api.kimi.com", "/coding/v1/v1/chat/completions"),
        ("api.kimi.com", "/v1/chat/completions"),
        ("api.kimi.com", "/coding/v1/chat/completions?beta=true"),
    ],
    ids=["upper case", "port", "root dot", "slashes", "version twice", "other base path", "query"],
)
def test_a_client_may_write_host_and_path_carelessly(matcher: Matcher, host: str, path: str) -> None:
    assert matcher.match(host, path) == Endpoint("kimi-code", "openai", Operation.CHAT)


def test_continues_doubled_version_at_moonshot_is_a_chat(matcher: Matcher) -> None:
    assert matcher.match("api.moonshot.cn", "/v1/v1/chat/completions") == Endpoint(
        "moonshot-cn", "openai", Operation.CHAT
    )


@pytest.mark.parametrize("host", ["example.com", "kimi.com", "evil-api.kimi.com", "api.kimi.com.evil.org", "", "[::1]"])
def test_another_host_is_nobodys(matcher: Matcher, host: str) -> None:
    assert matcher.match(host, "/coding/v1/chat/completions") is None


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/kimi-code/chat/completions", ("kimi-code", "api.kimi.com", "/coding/v1/chat/completions")),
        ("/kimi-code/v1/chat/completions", ("kimi-code", "api.kimi.com", "/coding/v1/chat/completions")),
        ("/kimi-code/coding/v1/chat/completions", ("kimi-code", "api.kimi.com", "/coding/v1/chat/completions")),
        ("/Kimi-Code/models", ("kimi-code", "api.kimi.com", "/coding/v1/models")),
        ("/kimi-code", ("kimi-code", "api.kimi.com", "/coding/v1")),
        ("/kimi-code/", ("kimi-code", "api.kimi.com", "/coding/v1")),
        ("//kimi-code//chat/completions", ("kimi-code", "api.kimi.com", "/coding/v1/chat/completions")),
        ("/groq/chat/completions", ("groq", "api.groq.com", "/openai/v1/chat/completions")),
        ("/mistral/v2/agents", ("mistral", "api.mistral.ai", "/v2/agents")),
        ("/gemini/models/m:generateContent?alt=sse", ("gemini", GOOGLE, "/v1beta/models/m:generateContent?alt=sse")),
        ("/gemini/v1beta/models/m:generateContent", ("gemini", GOOGLE, "/v1beta/models/m:generateContent")),
        ("/gemini/v1alpha/models/m:generateContent", ("gemini", GOOGLE, "/v1alpha/models/m:generateContent")),
        ("/gemini-openai/chat/completions", ("gemini-openai", GOOGLE, "/v1beta/openai/chat/completions")),
        ("/gemini-openai/v1beta/openai/models", ("gemini-openai", GOOGLE, "/v1beta/openai/models")),
        (
            "/openrouter/models/a%2Fb/endpoints/?q=%20",
            ("openrouter", "openrouter.ai", "/api/v1/models/a%2Fb/endpoints/?q=%20"),
        ),
    ],
)
def test_the_gateway_puts_the_base_url_in_the_place_of_the_key(
    matcher: Matcher, path: str, target: tuple[str, str, str]
) -> None:
    assert matcher.gateway_target(path) == target


@pytest.mark.parametrize("path", ["/", "", "/nobody/chat/completions", "/v1/chat/completions", "/?kimi-code"])
def test_the_gateway_serves_providers_only(matcher: Matcher, path: str) -> None:
    assert matcher.gateway_target(path) is None
