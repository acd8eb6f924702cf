"""Which program listens on a port of this machine, as far as this user may see it."""

import os
import shutil
import subprocess
from pathlib import Path

LISTENING = "0A"
"""TCP state in /proc/net/tcp (include/net/tcp_states.h of Linux)."""
PATIENCE_S = 5.0


def named(port: int) -> str:
    """`name (process 123)`; "" where the system does not say."""
    return _by_proc(port) if Path("/proc/net/tcp").exists() else _by_lsof(port)


def _by_proc(port: int) -> str:
    inodes = {inode for table in ("tcp", "tcp6") for inode in listening(_read(Path("/proc/net") / table), port)}
    if not inodes:
        return ""
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and _holds(process / "fd", wanted):
            return f"{_name(process)} (process {process.name})"
    return ""


def listening(table: str, port: int) -> list[str]:
    """Inodes of the sockets that listen on the port, of a table as Linux prints it."""
    found = []
    for line in table.splitlines()[1:]:
        fields = line.split()
        if len(fields) > 9 and fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
            found.append(fields[9])
    return found


def _holds(folder: Path, sockets: set[str]) -> bool:
    try:
        return any(os.readlink(entry) in sockets for entry in folder.iterdir())
    except OSError:
        return False  # another user's process, or one that has ended meanwhile


def _name(process: Path) -> str:
    words = [word for word in _read(process / "cmdline").split("\0") if word]
    program = Path(words[0]).name if words else _read(process / "comm").strip()
    script = next((Path(word).name for word in words[1:] if word and not word.startswith("-")), "")
    return f"{program} {script}".strip() if program.startswith(("python", "node")) else program


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _by_lsof(port: int) -> str:
    lsof = shutil.which("lsof")
    if lsof is None:
        return ""
    command = [lsof, "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fpc"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return of_lsof(said)


def of_lsof(said: str) -> str:
    """Of its output with `-Fpc`: a line `p123`, then a line `cname`."""
    fields = {line[0]: line[1:] for line in reversed(said.splitlines()) if line}
    return f"{fields['c']} (process {fields['p']})" if {"c", "p"} <= fields.keys() else ""
