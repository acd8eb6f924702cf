"""Continue's own command line, offline, through the proxy and the gateway."""

import pytest

from addons.services.simulator.script import Answer, ToolCall
from tests.e2e.continue_cli import KEY, Cn
from tests.e2e.harness import Case, recorded_usage

pytestmark = pytest.mark.e2e


def test_a_question_is_answered_and_recorded(case: Case, cn: Cn) -> None:
    case.simulator.script.answer(Answer(text="The fee is rounded twice."))
    assert cn.run("Why does the test fail?").strip() == "The fee is rounded twice."
    (received,) = case.received()
    (row,) = case.rows(1)
    assert received.credential == KEY
    assert (row["provider"], row["model"], row["kind"]) == ("kimi-code", "kimi-for-coding", "chat")
    assert (row["outcome"], bool(row["stream"])) == ("ok", True)
    assert recorded_usage(row, received.claim) == received.claim


def test_tools_are_called_and_their_results_sent_turn_by_turn(case: Case, cn: Cn) -> None:
    (cn.work / "notes.txt").write_text("The fee is rounded in ledger.py, line 17.\n", encoding="utf-8")
    case.simulator.script.answer(
        Answer(text="I look.", tool_calls=(ToolCall(name="Read", arguments={"filepath": "notes.txt"}),)),
        Answer(text="", tool_calls=(ToolCall(name="Bash", arguments={"command": "echo 6 * 7 = $((6 * 7))"}),)),
        Answer(text="Line 17."),
    )
    assert cn.run("--auto", "Where is the fee rounded?").strip() == "Line 17."
    requests = [received.json() for received in case.received(3)]
    roles = [[message["role"] for message in request["messages"]] for request in requests]
    assert roles[1] == [*roles[0], "assistant", "tool"]
    assert roles[2] == [*roles[1], "assistant", "tool"]
    assert "ledger.py, line 17" in requests[1]["messages"][-1]["content"]
    assert "= 42" in requests[2]["messages"][-1]["content"]
    rows = case.rows(3)
    assert len({row["session_id"] for row in rows}) == 1
    assert [row["prompt_tokens"] for row in rows] == sorted(row["prompt_tokens"] for row in rows)
    assert rows[2]["cached_tokens"] > 0


def test_a_resumed_session_is_the_same_session(case: Case, cn: Cn) -> None:
    case.simulator.script.answer(Answer(text="Twice."), Answer(text="In ledger.py."))
    cn.run(f"How often is the fee rounded? (Asked in {cn.folder.name})")
    cn.run("--resume", "And where?")
    first, second = case.rows(2)
    assert first["session_id"] == second["session_id"]
    messages = case.received(2)[1].json()["messages"]
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "user"]


def test_a_rate_limit_is_passed_on_and_the_client_tries_again(case: Case, cn: Cn) -> None:
    case.simulator.script.answer(Answer(error="rate"), Answer(text="Now it works."))
    assert cn.run("Try it.").strip() == "Now it works."
    first, second = case.rows(2)
    assert (first["outcome"], first["error_class"], second["outcome"]) == ("error", "rate", "ok")
    assert second["retry_of_ms"] == first["started_at_ms"]


def test_a_wrong_key_is_told_in_the_providers_words(case: Case, cn: Cn) -> None:
    case.simulator.script.answer(Answer(error="auth"))
    with pytest.raises(AssertionError, match="The API Key appears to be invalid or may have expired"):
        cn.run("Try it.")
    assert case.rows(1)[0]["error_class"] == "auth"
