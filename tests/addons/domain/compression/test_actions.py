"""What tool calls did, as their calls and results tell."""

import json

import pytest

from addons.domain.compression.actions import Did, action, actions, one_line
from addons.domain.messages import Message, Part, PartType, Role

PYTEST = "\n".join(
    [
        "============ test session starts ============",
        "FAILED tests/test_fee.py::test_rounding - AssertionError: 3 != 2",
        "============ 1 failed, 7 passed in 0.12s ============",
        "[Status: Command failed with exit code 1]",
    ]
)


@pytest.mark.parametrize(
    ("name", "arguments", "result", "did", "what", "outcome", "failed"),
    [
        ("read_file", {"filepath": "src/a.py"}, "x = 1", Did.READ, "src/a.py", "", False),
        ("single_find_and_replace", {"filepath": "a.py"}, "Successfully edited", Did.CHANGED, "a.py", "", False),
        ("Write", {"filepath": "b.py", "content": "x"}, "ok", Did.CHANGED, "b.py", "", False),
        ("run_terminal_command", {"command": "ls  -l"}, "a\n[Status: Command completed]", Did.RAN, "ls -l", "", False),
        ("Bash", {"command": "pytest"}, PYTEST, Did.RAN, "pytest", "1 failed, 7 passed in 0.12s", True),
        ("Bash", {"command": "x"}, "[Status: Command timed out]", Did.RAN, "x", "Command timed out", True),
        ("Bash", {"command": "make"}, "oops\nexit code: 2", Did.RAN, "make", "exit code 2", True),
        ("grep_search", {"query": "fee"}, "a.py:1: fee", Did.LOOKED, "grep_search(fee)", "", False),
        ("view_diff", {}, "diff --git", Did.LOOKED, "view_diff", "", False),
    ],
    ids=["read", "edit", "write", "command", "tests", "timed out", "exit code", "search", "no arguments"],
)
def test_a_call_is_told_by_its_name_arguments_and_result(
    name: str, arguments: dict[str, str], result: str, did: Did, what: str, outcome: str, failed: bool
) -> None:
    found = action(name, arguments, result)
    assert (found.did, found.what, found.outcome, found.failed) == (did, what, outcome, failed)


def test_the_problem_is_the_failing_tests_line() -> None:
    assert action("Bash", {"command": "pytest"}, PYTEST).problem.startswith("FAILED tests/test_fee.py::test_rounding")


def call(name: str, call_id: str, **arguments: str) -> Part:
    return Part(PartType.TOOL_CALL, json.dumps(arguments), name, call_id)


def result(text: str, call_id: str) -> Part:
    return Part(PartType.TOOL_RESULT, text, "", call_id)


def test_results_find_their_calls_by_id_whatever_their_order() -> None:
    said = Message(Role.ASSISTANT, (call("read_file", "1", filepath="a"), call("read_file", "2", filepath="b")))
    results = Message(Role.TOOL, (result("There was an error calling the tool.", "2"), result("fine", "1")))
    assert [(found.what, found.failed) for found in actions([said, results])] == [("b", True), ("a", False)]


def test_without_ids_they_come_in_order_and_a_call_without_a_result_is_left_out() -> None:
    said = Message(Role.ASSISTANT, (call("read_file", "", filepath="a"), call("read_file", "", filepath="b")))
    assert [found.what for found in actions([said, Message(Role.TOOL, (result("x", ""),))])] == ["a"]


def test_continues_system_message_tools_are_read_too() -> None:
    asked = (
        'I look.\n```tool\nTOOL_NAME: read_file\nBEGIN_ARG: filepath\n"src/x.py"\nEND_ARG\n```'
        "\n```tool\nTOOL_NAME: run_terminal_command\nBEGIN_ARG: command\nmake all\nEND_ARG\n```"
    )
    said = Message(Role.ASSISTANT, (Part(PartType.TEXT, asked),))
    outputs = "Tool output for read_file tool call:\n\nx = 1\n\nTool output for run_terminal_command tool call:\n\nok"
    told = Message(Role.USER, (Part(PartType.TEXT, outputs),))
    assert [(found.did, found.what) for found in actions([said, told])] == [
        (Did.READ, "src/x.py"),
        (Did.RAN, "make all"),
    ]


def test_arguments_that_are_no_object_do_no_harm() -> None:
    said = Message(Role.ASSISTANT, (Part(PartType.TOOL_CALL, "[[[", "f", "1"),))
    assert [found.what for found in actions([said, Message(Role.TOOL, (result("x", "1"),))])] == ["f"]


def test_a_long_line_is_cut_after_a_word() -> None:
    assert one_line("a  b\n c") == "a b c"
    assert one_line("word " * 99, 20) == "word word word …"
    assert len(one_line("x" * 999)) <= 160
