import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.scrub import ID, KEY, REDACTED_HEADERS, SECRET_QUERY_KEYS, holds_secret, safe_path, scrub, scrub_url

KEYS = {
    "OpenAI": "sk-proj-aB3dE6gH9jK2mN5pQ8sT1vW4",
    "Kimi": "sk-kimi-Zx81kLmQ0pRt7vYw",
    "OpenRouter": "sk-or-v1-0123456789abcdef0123456789abcdef",
    "Anthropic": "sk-ant-api03-AbC_dEf-GhI",
    "Moonshot": "sk-AbCdEfGhIjKlMnOpQrStUvWx",
    "Groq": "gsk_AbCdEfGhIjKlMnOp1234",
    "NVIDIA": "nvapi-AbC-dEf_GhIjKlMnOp1234",
    "Cerebras": "csk-abcdefghijklmnop1234",
    "Google": "AIzaSyA-1bC2dE3fG4hI5jK6lM7nO8pQ9rS0tU",
    "Google, OAuth": "ya29.a0AfH6SMBx-abc_DEF",
    "JSON web token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
}
IDS = {
    "Groq's organization": "org_01jqx3k5m7n9p1r3t5v7x9z1b3",
    "Moonshot's organization": "org-1a2b3c4d5e6f",
    "OpenAI's organization": "org-AbCdEfGhIjKlMnOpQrStUvWx",
    "project": "proj-1a2b3c4d5e",
    "access key id": "ak-f1g2h3j4k5l6",
    "user": "user_2abCdEfGhIjKl",
}
PLACES = {
    "alone": "{}",
    "in a sentence": "Incorrect API key provided: {}. Find it at https://x.y/keys.",
    "in quotes": '{{"key": "{}"}}',
    "in angle brackets": "Your account <{}> is limited",
    "after a colon": "key:{}",
    "after an underscore": "MY_{}",
    "after an escaped line end": '{{"message":"no\\n{}\\nhere"}}',
    "after an escaped character": '{{"message":"\\u0022{}\\u0022"}}',
    "after a percent escape": "https://x.y/cb?next=%2F%3Fk%3D{}&a=1",
    "in a URL's path": "https://x.y/v1/{}/models",
    "in a query": "https://x.y/v1/models?key={}&alt=sse",
    "in a header": "Authorization: Bearer {}",
    "twice": "{0} and {0}",
    "between other letters": "Schlüssel{{{}}}…",
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("secret", [*KEYS.values(), *IDS.values()], ids=[*KEYS, *IDS])
def test_no_key_or_identifier_stays_in_any_place(secret: str, place: str) -> None:
    text = place.format(secret)
    scrubbed = scrub(text)
    assert secret not in scrubbed
    assert secret[-8:] not in scrubbed
    assert KEY in scrubbed or ID in scrubbed
    assert scrub(scrubbed) == scrubbed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bearer abc.def-123", "Bearer [key]"),
        ("authorization: Basic dXNlcjpwYXNz", "authorization: Basic [key]"),
        ('{"Authorization": "opaque-secret"}', '{"Authorization": "[key]"}'),
        ("x-api-key: opaque", "x-api-key: [key]"),
        ("api-key: opaque", "api-key: [key]"),
        ("x-goog-api-key=opaque", "x-goog-api-key=[key]"),
        ('{"api_key": "opaque", "a": 1}', '{"api_key": "[key]", "a": 1}'),
        ("cookie: a=b; c=d\nnext", "cookie: [key]\nnext"),
        ("set-cookie: __cf_bm=abc; path=/", "set-cookie: [key]"),
        ("got __cf_bm=abc.def; then", "got __cf_bm=[key]; then"),
        ("https://u:p@host/path", "https://[key]@host/path"),
        ("https://token@host", "https://[key]@host"),
        ("redis://:p%40ss@host:6379/0", "redis://[key]@host:6379/0"),
        ('"https:\\/\\/u:p@host"', '"https:\\/\\/[key]@host"'),
        ("GET /v1?access_token=opaque&x=1", "GET /v1?access_token=[key]&x=1"),
        ("?KEY=opaque#part", "?KEY=[key]#part"),
        ("next=%3Fapi_key%3Dopaque", "next=%3Fapi_key%3D[key]"),
    ],
)
def test_what_has_no_shape_is_caught_by_the_words_before_it(text: str, expected: str) -> None:
    assert scrub(text) == expected
    assert scrub(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The task-force found a risk-averse desk-top; disk-usage is fine.",
        "max_tokens=500 and monkey=bars are no keys",
        "an org-wide limit, a project_name, a user_message and a user@example.org",
        "https://host/path@2x.png?size=1",
        "Bearer token missing",
        "This model's maximum context length is 8192 tokens.",
        "functions.read_file:0 call_abc123 chatcmpl-6970b5d02fa474c1767e8767 req_01jadadp0femyae9kav1gpkhe8",
        "sk- and gsk_ are prefixes",
    ],
)
def test_other_text_stays(text: str) -> None:
    assert scrub(text) == text


@given(st.text(max_size=60) | st.text("sk-oruserg_=key:/@ Bearertoken\"'\\n?&0", max_size=60))
def test_scrubbing_twice_is_as_scrubbing_once(text: str) -> None:
    assert scrub(scrub(text)) == scrub(text)


@pytest.mark.parametrize(
    "piece",
    [
        "sk-",
        "user_",
        "://",
        "://a",
        "key=",
        "authorization: ",
        "a",
        "eyJ",
        "eyJaaaaaaaa.",
        "bearer ",
        " ",
        "/",
        "%3D",
        '"',
    ],
)
def test_scrubbing_takes_linear_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    before = time.process_time()
    scrub(text)
    # Some 50 ms where it is linear, minutes where it is not.
    assert time.process_time() - before < 5


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/chat/completions", "/v1/chat/completions"),
        ("/v1/models?key=opaque", "/v1/models"),
        ("/v1/models?alt=sse&key=opaque", "/v1/models?alt=sse"),
        ("/v1/models?key=opaque&alt=sse", "/v1/models?alt=sse"),
        ("/v1/models?API_KEY=a&apikey=b&access_token=c&token=d&x=%20e", "/v1/models?x=%20e"),
        ("/v1/models?%6Bey=opaque&a", "/v1/models?a"),
        ("/v1/models?key=a#part", "/v1/models#part"),
        ("/v1/models?", "/v1/models?"),
        ("/v1/sk-AbCdEfGhIjKl/models", "/v1/[key]/models"),
        ("/v1/models?q=sk-AbCdEfGhIjKl", "/v1/models?q=[key]"),
    ],
)
def test_a_path_loses_the_parameters_that_carry_a_key(path: str, expected: str) -> None:
    assert safe_path(path) == expected


def test_a_url_loses_its_log_in_and_its_keys() -> None:
    assert scrub_url("https://u:p@x.y/v1?token=1&b=2#f") == "https://[key]@x.y/v1?b=2#f"


def test_every_header_that_carries_a_key_is_named() -> None:
    assert {"authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie", "set-cookie"} <= REDACTED_HEADERS
    assert all(name == name.lower() for name in REDACTED_HEADERS | SECRET_QUERY_KEYS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("OPENAI_API_KEY=sk-proj-abcd1234efgh5678ijkl", True),
        ("Authorization: Bearer abcdefghij0123456789klm", True),
        ("api_key=9f8a7b6c5d4e3f2a1b0c9d8e", True),
        ("pip install sk-learn", False),
        ("token=self.tokenizer.encode(text)[:1]", False),
        ("org-1234567890abcdef1234", False),
    ],
)
def test_a_live_credential_is_told_from_what_only_looks_like_one(text: str, expected: bool) -> None:
    assert holds_secret(text) is expected
