import pytest

from addons.domain.masking.context_blocks import Origin
from addons.domain.masking.document import Hint
from addons.domain.masking.eligible import Piece, eligible_parts, replace_pieces
from addons.domain.messages import Message, Part, PartType, Role

OUTPUT = "line\n" * 50


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.ASSISTANT])
@pytest.mark.parametrize("kind", list(PartType))
def test_system_and_assistant_messages_have_no_pieces(role: Role, kind: PartType) -> None:
    text = "```src/a.py\nx = 1\n```\n" + OUTPUT
    assert eligible_parts(Message(role, (Part(kind, text),))) == ()


@pytest.mark.parametrize("kind", [PartType.IMAGE, PartType.TOOL_CALL, PartType.REASONING, PartType.OTHER])
@pytest.mark.parametrize("role", [Role.USER, Role.TOOL])
def test_calls_images_and_reasoning_are_no_pieces(role: Role, kind: PartType) -> None:
    assert eligible_parts(Message(role, (Part(kind, OUTPUT),))) == ()


def test_a_tool_result_is_one_piece_with_what_its_call_said() -> None:
    message = Message(Role.TOOL, (Part(PartType.TOOL_RESULT, OUTPUT, "read_file", "call-1"),))
    calls = {"call-1": Hint(tool="read_file", path="src/a.py")}
    assert eligible_parts(message) == (Piece(0, 0, len(OUTPUT), Hint(tool="read_file"), Origin.TOOL_RESULT),)
    assert eligible_parts(message, calls)[0].hint.path == "src/a.py"


def test_each_part_of_a_list_is_a_piece() -> None:
    parts = (Part(PartType.TOOL_RESULT, OUTPUT), Part(PartType.IMAGE), Part(PartType.TOOL_RESULT, "b"))
    assert [piece.part for piece in eligible_parts(Message(Role.TOOL, parts))] == [0, 2]


def test_the_head_of_cns_read_stays_outside_and_names_the_file() -> None:
    text = "Content of src/a.py:\nx = 1\n"
    (piece,) = eligible_parts(Message(Role.TOOL, (Part(PartType.TOOL_RESULT, text, "Read"),)))
    assert text[piece.start : piece.end] == "x = 1\n"
    assert piece.hint == Hint(tool="Read", path="src/a.py")


def test_results_of_system_message_tools_are_pieces() -> None:
    text = (
        "Tool output for read_file tool call:\n\nx = 1\n"
        "Tool output for run_terminal_command tool call:\n\nok\n[Status: Command completed]"
    )
    pieces = eligible_parts(Message(Role.USER, (Part(PartType.TEXT, text),)))
    assert [(piece.hint.tool, text[piece.start : piece.end]) for piece in pieces] == [
        ("read_file", "x = 1\n"),
        ("run_terminal_command", "ok\n[Status: Command completed]"),
    ]
    assert {piece.origin for piece in pieces} == {Origin.TOOL_RESULT}


def test_a_user_who_quotes_the_marker_is_not_masked() -> None:
    text = "I see 'Tool output for x tool call:\n\n' in the log, why?"
    assert eligible_parts(Message(Role.USER, (Part(PartType.TEXT, text),))) == ()


def test_context_before_the_users_words_is_a_piece() -> None:
    text = "```src/a.py\nx = 1\n```\nwhat is x?"
    (piece,) = eligible_parts(Message(Role.USER, (Part(PartType.TEXT, text),)))
    assert text[piece.start : piece.end] == "x = 1"
    assert piece.origin is Origin.FILE


def test_an_empty_result_has_no_piece() -> None:
    assert eligible_parts(Message(Role.TOOL, (Part(PartType.TOOL_RESULT, ""),))) == ()


def test_replace_pieces_changes_nothing_else() -> None:
    assert replace_pieces("abcdef", {(4, 5): "E!", (0, 2): ""}) == "cdE!f"
    assert replace_pieces("abc", {}) == "abc"


@pytest.mark.parametrize(
    "unit", ["```\n", "```a.b\n", '<context name="a">\n', "@file x\n", "Tool output for x tool call:\n\n"]
)
def test_hostile_texts_of_five_megabytes_end(unit: str) -> None:
    count = 5_000_000 // len(unit)
    assert len(eligible_parts(Message(Role.USER, (Part(PartType.TEXT, unit * count),)))) <= count
