"""Messages and requests of our own, read back by the wire formats."""

import json

import pytest

from addons.domain.messages import Role
from addons.domain.wire import FORMATS
from addons.domain.wire.writing import Question, question_body, text_message


@pytest.mark.parametrize("wire", FORMATS)
@pytest.mark.parametrize("role", [Role.USER, Role.ASSISTANT])
def test_a_message_is_read_as_it_was_meant(wire: str, role: Role) -> None:
    message = FORMATS[wire].parse_message(text_message(wire, role, 'Ein "Text"\n– mit é'))
    assert (message.role, message.text) == (role, 'Ein "Text"\n– mit é')


@pytest.mark.parametrize("wire", FORMATS)
@pytest.mark.parametrize("temperature", [0.3, None])
def test_a_question_is_a_request_of_the_format(wire: str, temperature: float | None) -> None:
    question = Question(model="m", system="Be brief.", text="Why?", max_tokens=500, temperature=temperature)
    body = question_body(wire, question)
    request = FORMATS[wire].parse_request(body)
    assert request.max_output_tokens == 500
    assert not request.stream
    assert FORMATS[wire].parse_message(request.raw(request.messages[-1])).text == "Why?"
    assert "Be brief." in body.decode()
    assert ("temperature" in body.decode()) == (temperature is not None)


def test_the_limit_has_the_name_that_the_provider_knows() -> None:
    question = Question(
        model="m", system="", text="", max_tokens=9, max_tokens_field="max_completion_tokens", temperature=None
    )
    assert json.loads(question_body("openai", question))["max_completion_tokens"] == 9
