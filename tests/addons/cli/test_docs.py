"""`./just docs`: what is between the marks is made, the rest is left alone."""

from argparse import Namespace
from pathlib import Path

import pytest

from addons.cli import docs
from addons.domain.errors import UserError

TEXT = "# Title\n" + "".join(f"<!-- {name} -->\nold\n<!-- /{name} -->\nbetween\n" for name in docs.BLOCKS) + "end\n"


@pytest.fixture
def readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "README.md"
    path.write_text(TEXT)
    monkeypatch.setattr(docs, "READMES", {path: docs.as_it_is})
    return path


def test_what_is_between_the_marks_is_replaced_and_the_rest_stays(readme: Path) -> None:
    assert docs.run(Namespace(check=False)) == 0
    written = readme.read_text()
    assert written.startswith("# Title\n<!-- commands -->\n\n| command |")
    assert "old" not in written.splitlines()
    assert written.count("between\n") == len(docs.BLOCKS) and written.endswith("end\n")


def test_a_second_time_changes_nothing(readme: Path) -> None:
    docs.run(Namespace(check=False))
    written = readme.read_text()
    docs.run(Namespace(check=False))
    assert readme.read_text() == written
    assert docs.run(Namespace(check=True)) == 0


def test_check_changes_nothing_and_says_what_to_do(readme: Path) -> None:
    with pytest.raises(UserError, match=r"README.md is not current; run ./just docs"):
        docs.run(Namespace(check=True))
    assert readme.read_text() == TEXT


@pytest.mark.parametrize("text", [TEXT.replace("<!-- /settings -->", ""), TEXT + TEXT], ids=["no end", "twice"])
def test_marks_that_are_not_there_exactly_once_are_named(text: str) -> None:
    with pytest.raises(UserError, match="expected one block"):
        docs.generated(text)
