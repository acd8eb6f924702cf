"""The server as people start it: from another directory, with a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest
import uvicorn

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
STREAMLIT = Path(sys.executable).with_name("streamlit")


@pytest.mark.e2e
@pytest.mark.parametrize("address", ["0.0.0.0", "::"])
def test_an_address_open_to_others_ends_the_start_with_one_line(tmp_path: Path, address: str) -> None:
    command = [STREAMLIT, "run", APP, "--server.address", address, "--server.port", "0"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 1
    assert f"server.address is {address}; expected 127.0.0.1" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("secrets", "said"), [("[auth", "cannot be read; expected TOML"), ("[auth]\n", "[auth] redirect_uri is")]
)
def test_secrets_that_leave_open_who_may_see_it_end_the_start_too(tmp_path: Path, secrets: str, said: str) -> None:
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text(secrets, encoding="utf-8")
    command = [STREAMLIT, "run", APP, "--server.port", "0"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop is not made for Windows")
def test_the_server_finds_an_event_loop_whose_connections_send_at_once() -> None:
    config = uvicorn.Config("dashboard.app:app")
    loop = config.get_loop_factory()
    assert loop is not None
    assert loop.__module__.startswith("uvloop")
