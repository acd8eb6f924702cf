"""`show`: an original for people and pipes."""

from pathlib import Path

import pytest

from addons.cli import show
from addons.cli.__main__ import main
from addons.domain.decisions import Original
from addons.domain.masking.placeholder import content_tag
from db import writing
from db.opened import Opened

TEXT = "first\n\x1b[31msecond \ud800\r\nthird"
TAG = content_tag(TEXT)


@pytest.fixture(autouse=True)
def stored(own_places: Path) -> None:
    opened = Opened(f"sqlite:///{own_places / 'sessions.db'}")
    made = Original(tag=TAG, session_id="s-1", text=TEXT, kind="log", tool="Bash", path="", tokens=9, at_ms=0)
    with opened.engine().begin() as tx:
        writing.write(tx, [made], "p-1")
    opened.close()


def test_all_of_it_is_printed_as_it_is(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["show", TAG[:8]]) == 0
    out, err = capfdbinary.readouterr()
    assert out == TEXT.encode("utf-8", "surrogatepass")
    assert err.decode() == f"{TAG}: log, result of Bash, 3 lines, 9 tokens\n"


@pytest.mark.parametrize(
    ("options", "out", "status"),
    [
        (["--lines", "3"], b"third\n", 0),
        (["--grep", "ir", "--context", "0"], b"1:first\n--\n3:third\n", 0),
        (["--grep", "no such"], b"", 1),
    ],
    ids=["lines", "grep", "nothing found"],
)
def test_a_part_of_it_is_printed(
    capfdbinary: pytest.CaptureFixture[bytes], options: list[str], out: bytes, status: int
) -> None:
    assert main(["show", TAG, *options]) == status
    assert capfdbinary.readouterr().out == out


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["k1:" + "0" * 24], "There is no original 'k1:000"),
        (["nonsense"], "'nonsense' is not a digest"),
        ([TAG, "--lines", "9-"], "There are no lines '9-'; the original has the lines 1 to 3."),
    ],
    ids=["unknown", "no digest", "no such lines"],
)
def test_what_is_not_there_is_told(capsys: pytest.CaptureFixture[str], argv: list[str], told: str) -> None:
    assert main(["show", *argv]) == 1
    assert told in capsys.readouterr().err


def test_a_terminal_is_not_steered() -> None:
    assert show.harmless("a\x1b[31m\tb\r\n\x9b\x7f") == "a␛[31m\tb␍\n\ufffd␡"


@pytest.mark.parametrize("context", ["-1", "x"])
def test_a_wrong_context_is_told(capsys: pytest.CaptureFixture[str], context: str) -> None:
    with pytest.raises(SystemExit):
        main(["show", TAG, f"--context={context}"])
    assert "is not a whole number ≥ 0" in capsys.readouterr().err
