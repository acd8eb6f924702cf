import pytest

from addons.domain.masking.document import Hint
from addons.domain.masking.hints import hint_of_call


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("read_file", '{"filepath":"src/a.py"}', Hint("read_file", "src/a.py")),
        ("Read", '{"file_path":"a.rs"}', Hint("Read", "a.rs")),
        ("github_get_file_contents", '{"path":"x/y.go"}', Hint("github_get_file_contents", "x/y.go")),
        ("edit_existing_file", '{"filepath":"a.py"}', Hint("edit_existing_file")),
        (
            "run_terminal_command",
            '{"command":"sed -n 1,80p lib/x.ts"}',
            Hint("run_terminal_command", "lib/x.ts", "", "sed -n 1,80p lib/x.ts"),
        ),
        ("run_terminal_command", '{"command":"cat a.py | wc"}', Hint("run_terminal_command", "", "", "cat a.py | wc")),
        ("ls", "not json", Hint("ls")),
        ("ls", "[1]", Hint("ls")),
    ],
)
def test_hint_of_call(name: str, arguments: str, expected: Hint) -> None:
    assert hint_of_call(name, arguments) == expected
