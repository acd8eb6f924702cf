"""The answer to a request that is not sent."""

import json

from addons.domain.provider_errors import classify_error
from addons.domain.refusal import STATUS, body


def test_it_has_the_form_of_the_providers_own_errors() -> None:
    assert json.loads(body("openai", "Too large")) == {
        "error": {"message": "Too large", "type": "proxy_limit", "code": "proxy_limit"}
    }
    assert json.loads(body("gemini", "Too large"))["error"] == {
        "code": 413,
        "message": "Too large",
        "status": "INVALID_ARGUMENT",
    }
    assert classify_error(STATUS, body("openai", "Too large")).message == "Too large"
