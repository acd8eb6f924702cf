"""The rules of CONTRIBUTING.md § Layout, walked through the syntax trees of all sources."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest

from addons.domain.places import ROOT

FILE_LINES = 300
FUNCTION_LINES = 40
MIGRATIONS = ROOT / "db" / "migrations" / "versions"

OURS = {
    "addons.domain": {"addons.domain"},
    "db": {"db", "addons.domain"},
    "addons.services": {"addons.services", "addons.domain", "db"},
    "addons.hooks": {"addons.hooks", "addons.domain", "db", "addons.services"},
    "addons.cli": {"addons.cli", "addons.domain", "db", "addons.services"},
    "addons.kimi": {"addons.hooks", "addons.domain", "db", "addons.services"},
    "dashboard": {"dashboard", "addons.domain"},
    "dashboard.data": {"dashboard", "addons.domain", "addons.services.settings_files", "db"},
}
"""Package or module -> what it may import of this project; the longest name that fits counts."""

THIRD_PARTY = {
    "addons.domain": {"msgspec"},
    "addons.domain.tokens": {"tiktoken"},
    "addons.domain.masking": {
        "tree_sitter",
        *(f"tree_sitter_{language}" for language in ("go", "java", "javascript", "python", "rust", "typescript")),
    },
    "db": {"sqlalchemy", "alembic", "msgspec"},
    "db.postgresql": {"sqlalchemy", "psycopg"},
    "addons.services": {"msgspec", "watchdog", "httpx", "mcp", "limits", "apprise", "cryptography"},
    "addons.services.simulator": {"starlette", "uvicorn"},
    "addons.services.simulator.past": {"mitmproxy"},
    "addons.hooks": {"mitmproxy", "msgspec"},
    "addons.cli": {"rich", "msgspec"},
    "addons.cli.checks": {"ruamel"},
    "addons.cli.translate": {"babel"},
    "addons.cli.catalogue": {"babel"},
    "addons.kimi": set[str](),
    "dashboard": {"streamlit", "pandas", "altair", "starlette", "msgspec", "babel"},
}

NEVER_IN_DOMAIN = {"logging", "os", "socket", "subprocess", "time", "urllib.request", "sqlite3", "tempfile", "random"}
"""Clock, environment, files, network, logging. `pathlib` and `datetime` are values there."""


def sources() -> list[Path]:
    return sorted(path for folder in ("addons", "db", "dashboard") for path in (ROOT / folder).rglob("*.py"))


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(path: Path) -> Iterator[str]:
    """Full names of what a file imports; `from addons import x` counts as addons.x."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{relative(path)}:{node.lineno}: a relative import gives a module a second name"
            base = node.module or ""
            yield from (f"{base}.{alias.name}" for alias in node.names)


def allowed_packages(name: str) -> set[str]:
    return OURS[max((key for key in OURS if within(name, key)), key=len)]


def allowed_libraries(name: str) -> set[str]:
    """Those of every package that the module is in, and its own."""
    return {library for key, libraries in THIRD_PARTY.items() if within(name, key) for library in libraries}


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


@pytest.mark.parametrize("path", sources(), ids=relative)
def test_a_module_imports_only_what_its_package_may(path: Path) -> None:
    name = module_name(path)
    outside = allowed_libraries(name)
    for what in imported(path):
        top = what.split(".")[0]
        if top in ("addons", "db", "dashboard"):
            allowed = allowed_packages(name)
            assert any(within(what, package) for package in allowed), f"{name} imports {what}; it may import {allowed}"
        elif top not in sys.stdlib_module_names:
            assert top in outside, f"{name} imports {what}; it may import {outside}"


@pytest.mark.parametrize("path", sorted((ROOT / "addons/domain").rglob("*.py")), ids=relative)
def test_the_domain_reads_no_clock_environment_network_or_log(path: Path) -> None:
    for what in imported(path):
        assert not any(within(what, banned) for banned in NEVER_IN_DOMAIN), f"{relative(path)} imports {what}"


def test_the_file_and_function_ceilings_hold() -> None:
    too_long = []
    for path in sources():
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > FILE_LINES:
            too_long.append(f"{relative(path)}: {lines} lines")
        if path.is_relative_to(MIGRATIONS):
            continue  # a migration is one straight list of statements, and is never edited
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    too_long.append(f"{relative(path)}:{node.lineno}: {node.name} has {length} lines")
    assert not too_long, "\n".join(too_long)


def test_addons_holds_the_entry_and_four_packages() -> None:
    found = {path.name for path in (ROOT / "addons").iterdir() if path.name != "__pycache__"}
    assert found == {"__init__.py", "kimi.py", "domain", "services", "hooks", "cli"}


@pytest.mark.parametrize("package", ["addons", "db"])
def test_importing_a_package_loads_nothing(package: str) -> None:
    assert (ROOT / package / "__init__.py").read_text() == ""


def installed_names() -> set[str]:
    """Top-level modules of everything installed, and of the standard library."""
    return set(metadata.packages_distributions()) | set(sys.stdlib_module_names)


@pytest.mark.parametrize("folder", ["addons", "dashboard"])
def test_nothing_shadows_an_installed_module(folder: str) -> None:
    """mitmdump and Streamlit put this folder itself on the path. A folder that is no package gives way to a module."""
    children = {path.stem for path in (ROOT / folder).iterdir() if path.suffix == ".py"} - {"__init__"}
    children |= {path.parent.name for path in (ROOT / folder).glob("*/__init__.py")}
    assert not children & installed_names()


def test_tests_are_not_a_package() -> None:
    """A tests/addons/__init__.py would make `import addons` find the tests."""
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_each_test_file_mirrors_a_source_file() -> None:
    orphans = []
    for folder in ("addons", "db", "dashboard"):
        for path in (ROOT / "tests" / folder).rglob("test_*.py"):
            beside = path.parent.relative_to(ROOT / "tests") / path.stem.removeprefix("test_")
            places = (ROOT / beside.with_suffix(".py"), ROOT / beside, ROOT / beside.parent / f"__{beside.name}__.py")
            if not any(place.exists() for place in places):
                orphans.append(relative(path))
    assert not orphans, f"no source for {', '.join(orphans)}"
