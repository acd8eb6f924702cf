"""README.fr.md says what README.md says: section by section the same commands, code and links."""

import re
from itertools import zip_longest
from typing import NamedTuple

import pytest

from addons.cli import docs
from addons.cli.catalogue import said_in
from addons.domain.places import ROOT

ENGLISH, FRENCH = "README.md", "README.fr.md"
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
MADE = re.compile(r"<!-- ([\w ]+) -->.*?<!-- /\1 -->", re.DOTALL)
"""Blocks that a command writes: `docs` compares them itself, and the measurements stand in one place only."""
EACH_OTHER = {ENGLISH, FRENCH, "README.md#speed"}


class Section(NamedTuple):
    level: int
    title: str
    blocks: list[str]
    code: set[str]
    links: set[str]
    rows: int
    """Lines of tables."""


def sections(text: str) -> list[Section]:
    """In their order; what stands before the first heading counts to none."""
    blocks = FENCE.findall(MADE.sub("", text))
    whole = FENCE.sub(lambda match: f"\0{blocks.index(match[0])}\0", MADE.sub("", text))
    parts = re.split(r"^(#+) (.+)$", whole, flags=re.MULTILINE)[1:]
    return [
        section(len(marks), title, body, blocks)
        for marks, title, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    ]


def section(level: int, title: str, body: str, blocks: list[str]) -> Section:
    """:param body: has the number of a block between two null characters where the block stood."""
    return Section(
        level,
        title,
        blocks=[blocks[int(at)] for at in re.findall("\0(\\d+)\0", body)],
        code={" ".join(code.split()) for code in re.findall(r"`([^`]+)`", body)},
        links=set(re.findall(r"\]\(([^)\s]+)\)", body)) - EACH_OTHER,
        rows=len(re.findall(r"^\|", body, re.MULTILINE)),
    )


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def only_in(name: str, found: set[str] | list[str]) -> list[str]:
    return [f"only in {name}: {one}" for one in sorted(found)]


def differences(english: Section, french: Section) -> list[str]:
    """What has to be said in the other language, or taken out of it."""
    found = []
    if english.blocks != french.blocks:
        found += only_in(ENGLISH, [block for block in english.blocks if block not in french.blocks])
        found += only_in(FRENCH, [block for block in french.blocks if block not in english.blocks])
        found = found or ["the same blocks of code in another order"]
    for mine, theirs in ((english.code, french.code), (english.links, french.links)):
        found += only_in(ENGLISH, mine - theirs) + only_in(FRENCH, theirs - mine)
    if english.rows != french.rows:
        found.append(f"{english.rows} lines of tables in {ENGLISH}, {french.rows} in {FRENCH}")
    return found


def test_both_have_the_same_sections() -> None:
    for english, french in zip_longest(sections(read(ENGLISH)), sections(read(FRENCH))):
        assert english and french, f"{ENGLISH} goes on with {english}, {FRENCH} with {french}"
        assert english.level == french.level, f"{ENGLISH}: {english.title!r} stands beside {FRENCH}: {french.title!r}"


@pytest.mark.parametrize(
    ("english", "french"),
    [
        pytest.param(*both, id=both[0].title)
        for both in zip(sections(read(ENGLISH)), sections(read(FRENCH)), strict=False)
    ],
)
def test_a_section_has_the_same_code_commands_and_links(english: Section, french: Section) -> None:
    found = differences(english, french)
    assert not found, f"{english.title!r} and {french.title!r} differ:\n" + "\n".join(found)


def test_the_generated_parts_are_current_in_french() -> None:
    assert docs.generated(read(FRENCH), said_in("fr")) == read(FRENCH), "run ./just docs"


def test_each_leads_to_the_other() -> None:
    assert f"]({FRENCH})" in read(ENGLISH)
    assert f"]({ENGLISH})" in read(FRENCH)


def test_links_of_the_french_one_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", read(FRENCH))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_what_is_only_in_one_is_named() -> None:
    english, french = sections("# A\n`--new` [b](docs/b.md)\n\n```sh\nup\n```\n") + sections("# A\n`--old`\n")
    assert differences(english, french) == [
        "only in README.md: ```sh\nup\n```", "only in README.md: --new", "only in README.fr.md: --old",
        "only in README.md: docs/b.md",
    ]  # fmt: skip
