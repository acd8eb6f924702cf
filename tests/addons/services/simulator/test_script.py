from addons.services.simulator.received import Received
from addons.services.simulator.script import Answer, Rule, Script, ToolCall


def request(
    host: str = "api.kimi.com", path: str = "/v1/chat/completions", key: str = "k", body: bytes = b""
) -> Received:
    headers = [("authorization", f"Bearer {key}")]
    return Received(seq=1, at_s=0.0, method="POST", host=host, path=path, headers=headers, body=body)


def test_answers_are_given_once_each_in_order_then_the_default() -> None:
    script = Script(default=Answer(text="default"))
    script.answer(Answer(text="one"), Answer(text="two"))
    assert [script.choose(request()).text for _ in range(3)] == ["one", "two", "default"]


def test_a_rule_answers_as_often_as_it_says() -> None:
    script = Script(Rule(answer=Answer(text="twice"), times=2), default=Answer(text="default"))
    assert [script.choose(request()).text for _ in range(3)] == ["twice", "twice", "default"]


def test_a_rule_without_a_number_answers_always() -> None:
    script = Script(Rule(answer=Answer(text="always"), times=None))
    assert [script.choose(request()).text for _ in range(3)] == ["always"] * 3


def test_conditions_tell_requests_apart() -> None:
    script = Script(
        Rule(answer=Answer(text="host"), host="openrouter.ai"),
        Rule(answer=Answer(text="path"), path="/embeddings"),
        Rule(answer=Answer(text="key"), key="session-2"),
        Rule(answer=Answer(text="body"), contains="needle"),
        default=Answer(text="default"),
    )
    assert script.choose(request()).text == "default"
    assert script.choose(request(body=b"hay needle hay")).text == "body"
    assert script.choose(request(key="demo-session-2")).text == "key"
    assert script.choose(request(path="/v1/embeddings")).text == "path"
    assert script.choose(request(host="openrouter.ai")).text == "host"


def test_the_finish_reason_follows_from_the_answer() -> None:
    assert Answer().finish_reason == "stop"
    assert Answer(tool_calls=(ToolCall(name="ls"),)).finish_reason == "tool_calls"
    assert Answer(finish="length").finish_reason == "length"
