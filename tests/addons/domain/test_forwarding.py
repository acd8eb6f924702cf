"""Requests in the form of the provider that they go to."""

import json

import pytest

from addons.domain.convert import ConvertError
from addons.domain.forwarding import other_model, other_provider
from addons.domain.settings import Provider, Quirks
from addons.domain.wire import FORMATS

BODY = b'{"model": "small",  "store":true, "messages":[{"role":"user","content":"caf\\u00e9 1.0e2"}]}'
STRICT = Provider(name="Strict", hosts=("strict.test",), base_path="/v1", quirks=Quirks(strip_fields=("store",)))
GOOGLE = Provider(name="Google", hosts=("google.test",), base_path="/v1beta", wire="gemini")
CONTENTS = b'{"contents":[{"role":"user","parts":[{"text":"Hello"}]}]}'


def test_another_model_of_the_same_provider_changes_its_name_alone() -> None:
    span = FORMATS["openai"].parse_request(BODY).fields["model"]
    moved = other_model(BODY, span, "/v1/chat/completions", "small", "large")
    assert moved.body == BODY.replace(b'"small"', b'"large"')
    assert moved.path == "/v1/chat/completions"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1beta/models/small:generateContent", "/v1beta/models/large:generateContent"),
        ("/v1beta/models/small:streamGenerateContent?alt=sse", "/v1beta/models/large:streamGenerateContent?alt=sse"),
    ],
)
def test_where_the_path_names_the_model_the_body_stays(path: str, expected: str) -> None:
    moved = other_model(CONTENTS, None, path, "small", "large")
    assert (moved.body, moved.path) == (CONTENTS, expected)


def test_a_path_without_a_model_is_refused() -> None:
    with pytest.raises(ConvertError, match="does not say 'small'"):
        other_model(CONTENTS, None, "/v1/other", "small", "large")


def test_another_provider_of_the_same_format_gets_what_it_takes() -> None:
    request = FORMATS["openai"].parse_request(BODY)
    moved = other_provider(request, "/elsewhere/chat/completions", "openai", STRICT, "theirs")
    assert moved.path == "/v1/chat/completions"
    assert json.loads(moved.body) == {
        "model": "theirs",
        "messages": [{"role": "user", "content": "caf\u00e9 1.0e2"}],
    }
    assert rb"caf\u00e9" in moved.body
    assert moved.reply is None
    assert moved.notes == ("store left out",)


def test_a_key_in_geminis_query_is_not_passed_on() -> None:
    request = FORMATS["gemini"].parse_request(CONTENTS)
    path = "/v1beta/models/small:streamGenerateContent?key=AIza-own&alt=sse"
    moved = other_provider(request, path, "gemini", GOOGLE, "theirs")
    assert moved.path == "/v1beta/models/theirs:streamGenerateContent?alt=sse"
    assert moved.body == CONTENTS


@pytest.mark.parametrize(
    ("body", "source", "provider", "path"),
    [
        pytest.param(BODY, "openai", GOOGLE, "/v1beta/models/theirs:generateContent", id="to gemini"),
        pytest.param(CONTENTS, "gemini", STRICT, "/v1/chat/completions", id="to openai"),
    ],
)
def test_another_format_comes_with_how_to_answer(body: bytes, source: str, provider: Provider, path: str) -> None:
    request = FORMATS[source].parse_request(body)
    moved = other_provider(request, "/v1beta/models/small:generateContent", source, provider, "theirs")
    assert moved.path == path
    assert moved.reply
    assert (moved.reply.client, moved.reply.provider) == (source, provider.wire)
    assert "store" not in json.loads(moved.body)
