"""Continue's own command line in a folder of its own, offline."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from addons.domain.places import ROOT
from tests.e2e.harness import INHERITED, Way

KEY = "sk-kimi-f4k3f4k3f4k3f4k3"
TIMEOUT_S = 300.0
"""Of one run, which asks up to 37 times: Node needs 2 s to load the client, on a busy machine ten times as long."""
CANDIDATES = (
    os.environ.get("KIMI_CN"),
    ROOT / "tests" / "e2e" / "cn" / "node_modules" / ".bin" / "cn",
    shutil.which("cn"),
)

CONFIG = """\
name: End to end
version: 0.0.1
schema: v1
models:
  - name: Kimi
    provider: openai
    model: kimi-for-coding
    apiBase: {base_url}
    apiKey: {key}
    roles: [chat]
    capabilities: [tool_use]
    defaultCompletionOptions:
      stream: {stream}
{more}"""


@dataclass(frozen=True, slots=True)
class Cn:
    """The client in a folder of its own."""

    program: str
    folder: Path
    way: Way
    more_config: str = ""
    """Added to its config.yaml."""

    def run(self, *arguments: str, stream: bool = True) -> str:
        """What it prints. A test fails with what it said if it fails or takes too long."""
        config = self.folder / "config.yaml"
        config.write_text(self.config(stream), encoding="utf-8")
        command = [self.program, "-p", "--config", str(config), *arguments]
        done = subprocess.run(
            command, cwd=self.work, env=self.environ(), capture_output=True, text=True, timeout=TIMEOUT_S
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def config(self, stream: bool) -> str:
        base_url = self.way.base_url("kimi-code", "api.kimi.com", "/coding/v1")
        return CONFIG.format(base_url=base_url, key=KEY, stream=str(stream).lower(), more=self.more_config)

    @property
    def work(self) -> Path:
        """Where the assistant works."""
        folder = self.folder / "work"
        folder.mkdir(exist_ok=True)
        return folder

    def environ(self) -> dict[str, str]:
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        own = {
            "HOME": str(home),
            "CONTINUE_GLOBAL_DIR": str(self.folder / "continue"),
            "CONTINUE_CLI_ENABLE_TELEMETRY": "0",
            "CONTINUE_METRICS_ENABLED": "0",
        }
        if not self.way.gateway:
            authority = str(self.way.product.authority)
            own |= {"HTTPS_PROXY": self.way.product.proxy_url, "NODE_EXTRA_CA_CERTS": authority}
        return {name: os.environ[name] for name in INHERITED if name in os.environ} | own
