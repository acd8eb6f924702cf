from collections.abc import Callable

import pytest

from addons.domain.masking.document import Hint
from addons.domain.masking.rules import source
from addons.domain.masking.selection import Body


def test_the_outline_has_signatures_with_their_lines(
    sample: Callable[[str], str], shortened: Callable[..., Body]
) -> None:
    body = shortened(source.read, sample("sample.py"), 420, Hint(path="sample.py"))
    for told in (
        '1|"""Reads meters and books what they say.',
        "29-78|class MeterClient:",
        "    def read_all( self, meters: list[str], *, retries: int = 3, ) -> list[Reading]:",
        "METER_PORT = 40217",
        "MTR-5519",
    ):
        assert told in body.text
    assert "chunks.append(chunk)" not in body.text
    assert body.omitted


def test_a_line_that_is_not_of_the_file_stays(sample: Callable[[str], str], shortened: Callable[..., Body]) -> None:
    rows = [f"{number}:{line}" for number, line in enumerate(sample("sample.py").splitlines(), start=1)]
    rows.insert(70, "note: this file is generated on host kiln-19")
    body = shortened(source.read, "\n".join(rows), 200)
    assert "kiln-19" in body.text


@pytest.mark.parametrize("name", ["sample.py", "sample.ts", "sample.go", "sample.rs", "Sample.java"])
def test_code_is_recognised_without_a_hint(
    applies: Callable[..., bool], sample: Callable[[str], str], name: str
) -> None:
    assert applies(source.read, sample(name))


@pytest.mark.parametrize("name", ["pytest.txt", "pip_list.txt", "jest.txt"])
def test_other_output_is_not_code(applies: Callable[..., bool], sample: Callable[[str], str], name: str) -> None:
    assert not applies(source.read, sample(name))


def test_a_markdown_file_is_not_code_whatever_it_quotes(
    applies: Callable[..., bool], sample: Callable[[str], str]
) -> None:
    assert not applies(source.read, sample("sample.py"), Hint(path="README.md"))


def test_signatures_are_cut_shorter_before_a_definition_is_left_out(
    sample: Callable[[str], str], shortened: Callable[..., Body]
) -> None:
    text = shortened(source.read, sample("sample.py"), 280, Hint(path="sample.py")).text
    for name in ("class Reading", "as_row", "MeterClient", "connect", "read_all", "_ask", "_parse", "load_meters"):
        assert name in text
