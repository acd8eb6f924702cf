"""Errors in the client's form, and how long to wait."""

import json
from typing import Any

import pytest

from addons.domain.convert import Reply, error
from addons.domain.convert.errors import retry_after_s, write_error

OPENAI = Reply(client="openai", provider="gemini", model="g")
GEMINI = Reply(client="gemini", provider="openai", model="m")


def google(code: int, status: str, message: str = "No", **fields: Any) -> bytes:
    return json.dumps({"error": {"code": code, "message": message, "status": status} | fields}).encode()


def retry_info(delay: str) -> list[Any]:
    return [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}]


@pytest.mark.parametrize(
    ("status", "body", "expected", "kind", "code"),
    [
        (429, google(429, "RESOURCE_EXHAUSTED"), 429, "rate_limit_error", "rate_limit_exceeded"),
        (
            429,
            google(429, "RESOURCE_EXHAUSTED", details=[{"violations": [{"quotaId": "RequestsPerDayPerProject"}]}]),
            429,
            "insufficient_quota",
            "insufficient_quota",
        ),
        (
            400,
            google(400, "INVALID_ARGUMENT", "API key not valid.", details=[{"reason": "API_KEY_INVALID"}]),
            401,
            "invalid_request_error",
            "invalid_api_key",
        ),
        (
            400,
            google(
                400, "INVALID_ARGUMENT", "The input token count (12) exceeds the maximum number of tokens allowed (9)."
            ),
            400,
            "invalid_request_error",
            "context_length_exceeded",
        ),
        (503, google(503, "UNAVAILABLE", "The model is overloaded"), 503, "server_error", None),
        (500, b"<html><title>Oops</title></html>", 500, "server_error", None),
        (400, google(400, "INVALID_ARGUMENT", 'Unknown name "x"'), 400, "invalid_request_error", None),
        (403, google(403, "PERMISSION_DENIED"), 403, "invalid_request_error", "invalid_api_key"),
        (429, b"[" + google(429, "RESOURCE_EXHAUSTED") + b"]", 429, "rate_limit_error", "rate_limit_exceeded"),
    ],
)
def test_googles_errors_become_openais(status: int, body: bytes, expected: int, kind: str, code: str | None) -> None:
    failure = write_error(status, body, OPENAI)
    error = json.loads(failure.body)["error"]
    assert (failure.status, error["type"], error["code"]) == (expected, kind, code)
    assert error["message"]


@pytest.mark.parametrize(
    ("status", "body", "name"),
    [
        (429, b'{"error": {"message": "Slow", "type": "rate_limit_reached_error"}}', "RESOURCE_EXHAUSTED"),
        (401, b'"Invalid token"', "UNAUTHENTICATED"),
        (400, b'{"message": "Too long", "code": "context_length_exceeded"}', "INVALID_ARGUMENT"),
        (422, b'{"detail": [{"type": "extra_forbidden", "loc": ["body", "x"], "msg": "No"}]}', "INVALID_ARGUMENT"),
        (503, b'{"code": 50505, "message": "overloaded"}', "UNAVAILABLE"),
        (502, b"", "INTERNAL"),
        (402, b'{"error": {"message": "Insufficient credits", "code": 402}}', "RESOURCE_EXHAUSTED"),
    ],
)
def test_errors_of_every_family_become_googles(status: int, body: bytes, name: str) -> None:
    failure = write_error(status, body, GEMINI)
    error = json.loads(failure.body)["error"]
    assert (failure.status, error["code"], error["status"]) == (status, status, name)
    assert error["message"]


@pytest.mark.parametrize(
    ("details", "headers"),
    [
        (retry_info("20s"), {"retry-after": "20", "retry-after-ms": "20000"}),
        (retry_info("20.5s"), {"retry-after": "21", "retry-after-ms": "20500"}),
        ([], {}),
        (retry_info("soon"), {}),
        ("x", {}),
    ],
    ids=["whole", "fraction", "absent", "no number", "no list"],
)
def test_retry_info_becomes_headers(details: Any, headers: dict[str, str]) -> None:
    assert write_error(429, google(429, "RESOURCE_EXHAUSTED", details=details), OPENAI).headers == headers


@pytest.mark.parametrize(
    ("headers", "delay"),
    [
        ({"retry-after": "20"}, "20s"),
        ({"retry-after": "20", "retry-after-ms": "1500"}, "1.5s"),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({}, None),
    ],
)
def test_headers_become_retry_info(headers: dict[str, str], delay: str | None) -> None:
    error = json.loads(write_error(429, b'{"error": {"message": "Slow"}}', GEMINI, headers).body)["error"]
    assert error.get("details") == (retry_info(delay) if delay else None)


def test_an_error_inside_a_stream_gets_the_status_it_names_or_that_of_its_class() -> None:
    assert write_error(200, google(429, "RESOURCE_EXHAUSTED"), OPENAI).status == 429
    assert write_error(200, b'{"error": "Rate limit exceeded"}', GEMINI).status == 429
    assert write_error(200, b'{"error": "?"}', GEMINI).status == 503


def test_the_wait_of_a_body_that_is_not_json_is_not_known() -> None:
    assert retry_after_s(b"<html>", {}) is None
    assert retry_after_s(b"[]", {}) is None


def test_an_error_is_framed_like_the_stream_that_was_asked_for() -> None:
    reply = Reply(client="gemini", provider="openai", model="m", stream=True, json_array=True)
    assert json.loads(error(503, b"", reply).body)[0]["error"]["code"] == 503
    assert json.loads(error(503, b"", GEMINI).body)["error"]["code"] == 503
