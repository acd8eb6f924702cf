from collections.abc import Callable

import pytest

from addons.domain.masking.document import Hint, read
from addons.domain.masking.outline import Mark, entries, language_of

EXPECTED = {
    "sample.py": {"class Reading", "class MeterClient", "def read_all(", "def as_row", "def load_meters"},
    "sample.ts": {"interface Options", "type Decoder", "class Reader", "async read(", "function decodeAll"},
    "sample.go": {"type Client struct", "func New(", "func (c *Client) Connect"},
    "sample.rs": {"pub struct Client", "impl Client", "pub fn new", "fn connect", "fn main"},
    "Sample.java": {"public class Sample", "public Sample(", "public List<String> names", "interface Visitor"},
}
CONSTANTS = {
    "sample.py": "METER_PORT = 40217",
    "sample.ts": "MAX_FRAMES = 1733",
    "sample.go": "DefaultPort = 40217",
    "sample.rs": "FRAME_BYTES: usize = 264",
    "Sample.java": "PORT = 40217",
}


def marked(text: str, path: str, mark: Mark) -> list[str]:
    document = read(text, Hint(path=path), 100)
    found = [entry for entry in entries(document) if entry.mark is mark]
    return [" ".join(document.lines[entry.first : entry.head_last + 1]) for entry in found]


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("suffix", [None, "kt"], ids=["grammar", "by indentation"])
def test_definitions_are_found(sample: Callable[[str], str], name: str, suffix: str | None) -> None:
    found = "\n".join(marked(sample(name), name if suffix is None else f"x.{suffix}", Mark.DEFINITION))
    expected = EXPECTED[name] if suffix is None else {part for part in EXPECTED[name] if part.split()[0] in KEYWORDS}
    assert all(part in found for part in expected)


KEYWORDS = {"class", "def", "interface", "function", "func", "fn", "impl"}


@pytest.mark.parametrize("name", CONSTANTS)
def test_constants_are_found(sample: Callable[[str], str], name: str) -> None:
    assert any(CONSTANTS[name] in line for line in marked(sample(name), name, Mark.CONSTANT))


@pytest.mark.parametrize("name", EXPECTED)
def test_imports_are_one_entry_where_they_stand_together(sample: Callable[[str], str], name: str) -> None:
    assert 1 <= len(marked(sample(name), name, Mark.IMPORT)) <= 2


def test_a_definition_reaches_to_its_end_and_its_signature_to_its_own(sample: Callable[[str], str]) -> None:
    document = read(sample("sample.py"), Hint(path="sample.py"), 100)
    entry = next(entry for entry in entries(document) if "def read_all" in document.lines[entry.first])
    assert document.lines[entry.head_last] == "    ) -> list[Reading]:"
    assert document.lines[entry.last] == "        return readings"


def test_variables_of_a_function_are_no_constants(sample: Callable[[str], str]) -> None:
    assert not any("readings = []" in line for line in marked(sample("sample.py"), "sample.py", Mark.CONSTANT))


def test_a_view_from_the_middle_of_a_function_still_shows_what_follows() -> None:
    view = "\n".join(
        f"{number}\t{line}"
        for number, line in enumerate(
            ["        value = 3", "        return value", "", "    def next_one(self):", "        pass", "x = 1"],
            start=90,
        )
    )
    document = read(view, Hint(path="a.py"), 50)
    assert [document.numbers[entry.first] for entry in entries(document) if entry.mark is Mark.DEFINITION] == [93]


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        (Hint(path="a.py"), "python"),
        (Hint(language="tsx"), "tsx"),
        (Hint(path="a.kt"), ""),
        (Hint(path="a.md"), None),
        (Hint(), None),
    ],
)
def test_language_of(hint: Hint, expected: str | None) -> None:
    assert language_of(read("x", hint, 1)) == expected
