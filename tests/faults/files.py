"""What can happen to the files beside the store: settings, and the IDE's log."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from addons.domain.continue_log.event import EVENT_KIND
from db import health
from tests.faults.rig import Rig

BROKEN = ("[pacing\n", "[pacing]\nenabled = 3\n", "\x00\xff", "[nowhere]\nx = 1\n")
ALERT = "settings:file"
NAMELESS = "\n[sessions]\nname_from_prompt = false\n"
"""A setting whose use shows in each new session."""


def settings_are_broken(rig: Rig, rounds: int) -> None:
    """Those in use stay in use, and the page and an alert say so; then the file is put right, and used again."""
    settings = rig.product.home / "providers.toml"
    with settings_in_use(rig, settings.read_text() + NAMELESS):
        before = settings.read_text()
        for number in range(rounds):
            with rig.traffic() as traffic:
                put(settings, BROKEN[number % len(BROKEN)])
                rig.must(rig.until(lambda: bool(settings_error(rig))), "the dashboard does not show the error")
                traffic.wait(5)
                model = rig.ask()
                rig.must(name_of(rig, model) == "", "the settings before it are not in force any more")
                put(settings, before)
                rig.must(rig.until(lambda: not settings_error(rig)), "the error stays after the file was put right")
            if number % 4 == 3:
                settings.unlink()
                settings.write_text(before)
        rig.must_alert(ALERT)
    rig.must(name_of(rig, rig.ask()) != "", "the settings are not in use again")


@contextmanager
def settings_in_use(rig: Rig, text: str) -> Iterator[None]:
    """Settings of the person's; those that were there are taken back."""
    settings = rig.product.home / "providers.toml"
    before = settings.read_text()
    change(rig, settings, text)
    try:
        yield
    finally:
        change(rig, settings, before)


def change(rig: Rig, settings: Path, text: str) -> None:
    used = uses(rig)
    put(settings, text)
    rig.must(rig.until(lambda: uses(rig) > used), "changed settings are not in use")


def put(settings: Path, text: str) -> None:
    """At once: who looks while it is written in place would use an empty file, which is a valid one."""
    new = settings.with_suffix(".new")
    new.write_text(text, encoding="latin-1")
    new.replace(settings)


def uses(rig: Rig) -> int:
    """How often settings came into use."""
    (row,) = rig.product.query("SELECT count(*) AS n FROM events WHERE kind = 'settings' AND level = 'info'")
    return int(row["n"])


def settings_error(rig: Rig) -> str:
    """As the dashboard reads it."""
    return health.signs(f"sqlite:///{rig.database}")[0].settings_error


def name_of(rig: Rig, model: str) -> str:
    """The name of the session of a request, once it is recorded."""
    rows: list[str] = []

    def there() -> bool:
        rows[:] = [str(row["name"]) for row in rig.product.query(NAME, model)]
        return bool(rows)

    rig.must(rig.until(there), "a session is not recorded")
    return rows[0] if rows else "?"


NAME = "SELECT name FROM sessions JOIN completions ON completions.session_id = sessions.id WHERE completions.model = ?"


def the_ide_log_goes_away(rig: Rig, rounds: int) -> None:
    """Rotated, truncated, deleted, alone or with its folder; what is written afterwards is read."""
    log = rig.product.folder / "continue" / "logs" / "core.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("")
    seen = logged(rig)
    for number in range(rounds):
        with rig.traffic() as traffic:
            for away in (rotated, truncated, deleted, deleted_with_its_folder):
                append(log, number, away.__name__)
                rig.must(read_on(rig, seen), f"a line was not read before it was {away.__name__}")
                seen = logged(rig)
                away(log)
                traffic.wait(1)
    append(log, rounds, "at last")
    rig.must(read_on(rig, seen), "what was written last was not read")


def append(log: Path, number: int, away: str) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as file:
        file.write(f"[{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}] Error: 500 Broken {number} {away}\n")


def rotated(log: Path) -> None:
    log.replace(log.with_suffix(".log.1"))


def truncated(log: Path) -> None:
    log.write_text("")


def deleted(log: Path) -> None:
    log.unlink()
    log.with_suffix(".log.1").unlink(missing_ok=True)


def deleted_with_its_folder(log: Path) -> None:
    shutil.rmtree(log.parent)


def read_on(rig: Rig, seen: int) -> bool:
    return rig.until(lambda: logged(rig) > seen)


def logged(rig: Rig) -> int:
    (row,) = rig.product.query("SELECT count(*) AS n FROM events WHERE kind = ?", EVENT_KIND)
    return int(row["n"])
