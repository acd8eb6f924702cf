"""The wrapper where it cannot work: one line that says what to do. (That it does work, every other run shows.)"""

import shutil
import subprocess
from pathlib import Path

import pytest

from addons.domain.places import ROOT

TOOLS = ("sh", "dirname", "cat", "cksum", "cmp", "grep", "mkdir", "rm", "sleep", "tail")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder with a space in its name, holding the wrapper, and a PATH with the usual tools but no Python."""
    folder = tmp_path / "a checkout"
    tools = folder / "tools"
    tools.mkdir(parents=True)
    shutil.copy(ROOT / "just", folder)
    (folder / "requirements.lock").write_text("")
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (tools / tool).symlink_to(found)
    return folder


def run(folder: Path, *args: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": str(folder / "tools"), "HOME": str(folder)} | variables
    return subprocess.run(
        [str(folder / "just"), *args], cwd="/", env=environ, capture_output=True, text=True, timeout=300, check=False
    )


def script(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return str(path)


def test_without_any_python_it_says_so_in_one_line(bare: Path) -> None:
    done = run(bare, "up")
    assert done.returncode == 1
    assert done.stderr == "just: found no Python 3.11 or newer that runs; install one, or name it in KIMI_PYTHON\n"


def test_a_python_that_does_not_start_is_passed_over(bare: Path) -> None:
    script(bare / "tools" / "python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")
    assert "found no Python" in run(bare, "up").stderr


def test_a_python_without_venv_is_named(bare: Path) -> None:
    name = script(bare / "tools" / "python3.12", "case $2 in *ensurepip*) exit 1;; esac")
    done = run(bare, "up")
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
    assert Path(name).name in done.stderr and "apt install python3-venv" in done.stderr


def test_a_named_python_that_does_not_run_is_named(bare: Path) -> None:
    done = run(bare, "up", KIMI_PYTHON="/nowhere/python")
    assert done.stderr.startswith('just: KIMI_PYTHON is "/nowhere/python"; expected')
    assert not (bare / ".venv").exists()


def test_the_newest_that_runs_is_taken_also_from_pyenv(bare: Path) -> None:
    """Both stand-ins pass every question and fail to make an environment, so the message tells which was asked."""
    script(bare / "tools" / "python3.12", "case $1 in -m) exit 1;; esac")
    newer = script(bare / ".pyenv" / "versions" / "3.13.2" / "bin" / "python", "case $1 in -m) exit 1;; esac")
    assert f"{newer} could not make a virtual environment" in run(bare, "up").stderr


@pytest.fixture
def made(bare: Path) -> Path:
    """The same with an environment in place whose Python writes down what pip was asked."""
    venv = bare / ".venv"
    script(venv / "bin" / "python", f'case "$*" in *install*) echo "$*" >>"{bare}/asked";; esac')
    (venv / "origin").write_text(f"{venv}\n\n")
    stamp = subprocess.run(["cksum"], input=(bare / "requirements.lock").read_bytes(), capture_output=True, check=True)
    (venv / "requirements.lock.stamp").write_bytes(stamp.stdout)
    return bare


def test_an_environment_that_is_current_is_left_alone(made: Path) -> None:
    done = run(made, "--set-up")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not (made / "asked").exists()


def test_a_changed_lock_is_installed_once_with_its_hashes(made: Path) -> None:
    (made / "requirements.lock").write_text("# changed\n")
    assert run(made, "--set-up").stderr.startswith("Installing requirements.lock into ")
    assert run(made, "--set-up").stderr == ""
    (asked,) = (made / "asked").read_text().splitlines()
    assert "--require-hashes" in asked and asked.endswith("a checkout/requirements.lock")


def test_the_development_tools_come_on_top_when_asked_for(made: Path) -> None:
    (made / "requirements-dev.lock").write_text("# more\n")
    assert run(made, "--set-up", "dev").stderr.startswith("Installing requirements-dev.lock into ")


def test_an_installation_that_fails_says_where_the_rest_stands_and_is_tried_again(made: Path) -> None:
    (made / "requirements.lock").write_text("# changed\n")
    script(made / ".venv" / "bin" / "python", 'case "$*" in *install*) echo "no matching distribution"; exit 1;; esac')
    done = run(made, "--set-up")
    assert done.returncode == 1
    assert "no matching distribution" in done.stderr and "install.log" in done.stderr
    assert not (made / ".venv.busy").exists()
    assert run(made, "--set-up").returncode == 1


def test_the_lock_of_a_run_that_was_killed_is_taken_over(made: Path) -> None:
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    (made / ".venv.busy").write_text(f"{ended.pid}\n")
    (made / "requirements.lock").write_text("# changed\n")
    assert run(made, "--set-up").returncode == 0
    assert not (made / ".venv.busy").exists()
