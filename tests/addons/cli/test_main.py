"""The command line as a person uses it: names, statuses, one line for what can be put right."""

import subprocess
import sys
from argparse import ArgumentParser, Namespace
from types import SimpleNamespace

import pytest

from addons.cli import __main__ as cli
from addons.domain.errors import UserError
from addons.domain.places import ROOT


def command_that(monkeypatch: pytest.MonkeyPatch, result: int | BaseException) -> None:
    """Put a command `up` in place that returns or raises this."""

    def run(args: Namespace) -> int:
        if isinstance(result, BaseException):
            raise result
        return result

    def add_arguments(parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int)

    monkeypatch.setitem(sys.modules, "addons.cli.up", SimpleNamespace(run=run, add_arguments=add_arguments))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("result", "status"),
    [(0, 0), (3, 3), (UserError("port 8080 is taken"), 1), (KeyboardInterrupt(), 130)],
    ids=["well", "its own status", "something to put right", "Ctrl-C"],
)
def test_the_status_says_how_it_ended(monkeypatch: pytest.MonkeyPatch, result: int, status: int) -> None:
    command_that(monkeypatch, result)
    assert cli.main(["up"]) == status


def test_what_can_be_put_right_is_one_line_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command_that(monkeypatch, UserError("port 8080 is taken"))
    cli.main(["up"])
    assert capsys.readouterr() == ("", "./just up: port 8080 is taken\n")


def test_ctrl_c_says_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    command_that(monkeypatch, KeyboardInterrupt())
    cli.main(["up"])
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("argv", [[], ["nonsense"], ["up", "--port", "x"]], ids=["nothing", "unknown", "bad value"])
def test_wrong_arguments_end_with_status_2(monkeypatch: pytest.MonkeyPatch, argv: list[str]) -> None:
    command_that(monkeypatch, 0)
    with pytest.raises(SystemExit) as caught:
        cli.main(argv)
    assert caught.value.code == 2


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_each_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main([name, "--help"])
    assert caught.value.code == 0
    assert f"usage: ./just {name}" in capsys.readouterr().out


def test_a_reader_that_leaves_early_is_no_error() -> None:
    code = "import sys; from addons.cli.__main__ import main; import addons.cli.docs as d\n"
    code += "def run(args):\n    while True: print('x' * 9999)\n"
    code += "d.run = run\nsys.exit(main(['docs']))"
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.wait(120) == 141
        assert process.stderr.read() == b""
