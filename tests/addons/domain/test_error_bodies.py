import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.domain.error_bodies import ErrorBody, read_error


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"error":{"message":"m","type":"t","code":"c"}}', ErrorBody("m", ("t", "c"))),
        (b'{"type":"error","error":{"type":"t","message":"m"}}', ErrorBody("m", ("t",))),
        (b'[{"error":{"message":"m","code":429,"status":"S"}}]', ErrorBody("m", ("429", "S"), 429)),
        (b'{"error":{"message":"m"},"status_code":503}', ErrorBody("m", (), 503)),
        (b'{"error":"e","message":"m","status":418}', ErrorBody("e: m", ("418",))),
        (b'{"error":"e"}', ErrorBody("e")),
        (b'{"message":"m","type":"t","param":"p","code":"c"}', ErrorBody("m", ("t", "c", "p"))),
        (b'{"code":20015,"message":"m","data":null}', ErrorBody("m", ("20015",))),
        (b'{"object":"error","message":{"detail":[{"msg":"x"},{"msg":"y"}]}}', ErrorBody("x; y")),
        (b'{"detail":[{"type":"t","loc":["body",0],"msg":"x"}]}', ErrorBody("t: body.0: x")),
        (b'{"detail":"Unauthorized"}', ErrorBody("Unauthorized")),
        (b'{"status":429,"title":"Too Many Requests"}', ErrorBody("Too Many Requests", ("429",), 429)),
        (b'"Invalid token"', ErrorBody("Invalid token")),
        (b"plain text", ErrorBody("plain text")),
        (b"<html><TITLE lang='en'>502</TITLE>", ErrorBody("502")),
        (b"<p>no title</p>", ErrorBody("")),
        (b"", ErrorBody("")),
        (b"[]", ErrorBody("")),
        (b"5", ErrorBody("")),
        (b'{"error":{}}', ErrorBody("")),
        (b'{"error":null,"message":"m"}', ErrorBody("m")),
    ],
)
def test_every_form_of_an_error_is_read(body: bytes, expected: ErrorBody) -> None:
    assert read_error(body) == expected


def test_google_s_details_give_reasons_and_quotas() -> None:
    body = (
        b'{"error":{"message":"m","details":[{"reason":"API_KEY_INVALID"},'
        b'{"violations":[{"quotaId":"PerDay"},null]},{"violations":"odd"},null]}}'
    )
    assert read_error(body).codes == ("API_KEY_INVALID", "PerDay")


def test_what_the_provider_behind_openrouter_said_is_handed_on() -> None:
    body = b'{"error":{"message":"Provider returned error","metadata":{"raw":"busy","error_type":"t"}}}'
    assert read_error(body) == ErrorBody("Provider returned error: busy", ("t",))


@given(st.binary(max_size=60))
def test_no_bytes_make_it_fail(body: bytes) -> None:
    read_error(body)


def test_a_body_deeper_than_the_stack_is_a_text() -> None:
    assert read_error(b"[" * 100_000).message.startswith("[[")
