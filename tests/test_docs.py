"""What the documents say is there is there, and the other way round."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from addons.cli import docs
from addons.cli.__main__ import COMMANDS
from addons.cli.programs import Ports
from addons.cli.settings_table import rows
from addons.domain.errors import UserError
from addons.domain.places import ROOT
from addons.domain.settings import parse

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
DOCUMENTS = README + CONTRIBUTING
INTERNAL = {"KIMI_REQUIRE_ALL", "KIMI_CN", "KIMI_ARTEFACTS"}
"""Variables of the test suite; CONTRIBUTING.md tells of them."""


def named_recipes() -> set[str]:
    return set(re.findall(r"\./?just ([a-z][\w-]*)", DOCUMENTS))


def test_the_generated_parts_are_current() -> None:
    assert docs.generated(README) == README


def test_a_block_that_is_missing_is_named() -> None:
    with pytest.raises(UserError, match="expected one block <!-- commands -->"):
        docs.generated("# Nothing here")


def test_every_recipe_named_exists() -> None:
    assert named_recipes() <= {recipe.name for recipe in docs.recipes()}


def test_every_recipe_is_documented() -> None:
    documented = set(re.findall(r"\| `\./just ([\w-]+)` \|", README))
    assert documented == {recipe.name for recipe in docs.recipes()} - {"default"}


def test_just_reads_the_recipes_as_we_do() -> None:
    just = str(Path(sys.executable).with_name("just"))
    listed = subprocess.run(
        [just, "--justfile", str(ROOT / "justfile"), "--summary"], capture_output=True, text=True, check=True
    )
    assert set(listed.stdout.split()) == {recipe.name for recipe in docs.recipes()}


def test_every_command_has_a_recipe_of_its_name() -> None:
    assert set(COMMANDS) <= {recipe.name for recipe in docs.recipes()}


def test_every_setting_says_what_it_means() -> None:
    silent = [row.path for row in rows() if not row.help]
    assert not silent


def test_every_environment_variable_is_documented() -> None:
    used = set(re.findall(r"\bKIMI_(?:[A-Z]+_)*[A-Z]+\b", "".join(sources())))
    documented = set(re.findall(r"\bKIMI_(?:[A-Z]+_)*[A-Z]+\b", DOCUMENTS))
    assert used - documented - API_KEYS == set()
    assert documented - used - INTERNAL - API_KEYS == set()


API_KEYS = {"KIMI_API_KEY", "KIMI_SIMULATOR_PORT", "KIMI_SIMULATOR_HOSTS"}
"""An example of a secret's name, and what the simulator's redirect is told by whoever starts it."""


def sources() -> Iterator[str]:
    for folder in ("addons", "db", "dashboard"):
        for path in (ROOT / folder).rglob("*.py"):
            yield path.read_text(encoding="utf-8")
    yield (ROOT / "just").read_text(encoding="utf-8")


def test_every_option_of_the_addon_is_documented() -> None:
    options = set(re.findall(r'add_option\(\s*"(\w+)"', "".join(sources())))
    assert options
    assert {option for option in options if option not in README} == set()


def test_the_ports_in_the_text_are_the_ports_in_use() -> None:
    usual = Ports()
    said = re.search(r"Ports are (\d+) \(proxy\), (\d+) \(gateway\) and (\d+) \(dashboard\)", README)
    assert said and tuple(map(int, said.groups())) == (usual.proxy, usual.gateway, usual.dashboard)


@pytest.mark.parametrize(
    "example", re.findall(r"```toml\n(.+?)```", README, re.DOTALL), ids=lambda text: text.split("\n")[0]
)
def test_the_examples_of_settings_are_valid(example: str) -> None:
    tomllib.loads(example)
    shipped = (ROOT / "providers.toml").read_text(encoding="utf-8")
    parse([("providers.toml", shipped), ("example", example)])


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_inside_the_project_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / name).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("path", re.findall(r"`((?:addons|db|dashboard|tests)/[\w./]+\.(?:py|toml|json))`", DOCUMENTS))
def test_files_named_in_the_text_exist(path: str) -> None:
    if "NAME" not in path and "SUBJECT" not in path:
        assert (ROOT / path).exists()
