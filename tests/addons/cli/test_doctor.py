"""What `./just doctor` prints and how it ends."""

import json
from argparse import ArgumentParser, Namespace

import pytest

from addons.cli import checks, doctor
from addons.cli.checks.finding import Finding, Surroundings, fine, note, wrong


def arguments(*words: str) -> Namespace:
    parser = ArgumentParser()
    doctor.add_arguments(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize(
    ("findings", "status"),
    [([fine("a")], 0), ([fine("a"), note("b", "do c")], 0), ([wrong("a", "do b"), fine("c")], 1)],
    ids=["fine", "a note", "wrong"],
)
def test_only_what_is_wrong_makes_it_fail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], findings: list[Finding], status: int
) -> None:
    monkeypatch.setattr(doctor, "CHECKS", (("Part", (lambda _: iter(findings),)),))
    assert doctor.run(arguments()) == status
    printed = capsys.readouterr().out
    for finding in findings:
        assert finding.what in printed and finding.advice in printed


def test_programs_get_one_object(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    checks = (lambda _: iter([fine("a"), wrong("b", "do c")]),)
    monkeypatch.setattr(doctor, "CHECKS", (("Part", checks), ("Empty", ())))
    assert doctor.run(arguments("--json")) == 1
    assert json.loads(capsys.readouterr().out) == {
        "wrong": 1,
        "findings": [
            {"part": "Part", "level": "fine", "what": "a", "advice": ""},
            {"part": "Part", "level": "wrong", "what": "b", "advice": "do c"},
        ],
    }


def test_lines_to_paste_are_of_the_platform_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "CHECKS", (("Part", (lambda around: iter([note(around.platform, "x\ny")]),)),))
    doctor.run(arguments("--platform", "windows"))
    printed = capsys.readouterr().out
    assert "windows\n" in printed and "\n      x\n      y\n" in printed


def test_a_part_without_findings_has_no_heading(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "CHECKS", (("Nothing here", ()),))
    doctor.run(arguments())
    assert "Nothing here" not in capsys.readouterr().out


def test_every_check_gives_advice_and_raises_nothing_on_a_machine_where_nothing_is_there_yet() -> None:
    around = Surroundings({"HOME": "/nonexistent", "KIMI_DATABASE_URL": "sqlite:////nonexistent/x.db"}, doctor.Ports())
    for _, part in checks.CHECKS:
        for check in part:
            for finding in check(around):
                assert finding.what and (finding.advice or finding.level == "fine")


def test_text_that_looks_like_markup_is_printed_as_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "CHECKS", (("Part", (lambda _: iter([wrong("[providers.x] [bold]", "[/bold]")]),)),))
    doctor.run(arguments())
    printed = capsys.readouterr().out
    assert "[providers.x] [bold]" in printed and "[/bold]" in printed
