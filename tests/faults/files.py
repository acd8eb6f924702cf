"""What can happen to the files beside the store: settings, and the IDE's log."""

from datetime import UTC, datetime
from pathlib import Path

from addons.domain.continue_log.event import EVENT_KIND
from tests.faults.rig import Rig

BROKEN = ("[pacing\n", "[pacing]\nenabled = 3\n", "\x00\xff", "[nowhere]\nx = 1\n")
ALERT = "settings:"


def settings_are_broken(rig: Rig, rounds: int) -> None:
    """Those in use stay in use, and the page and an alert say so; then the file is put right."""
    settings = rig.product.home / "providers.toml"
    before = settings.read_text()
    for number in range(rounds):
        with rig.traffic() as traffic:
            settings.write_text(BROKEN[number % len(BROKEN)], encoding="latin-1")
            rig.must(rig.until(lambda: bool(settings_error(rig))), "the heartbeat does not show the error")
            traffic.wait(5)
            settings.write_text(before)
            rig.must(rig.until(lambda: not settings_error(rig)), "the error stays after the file was put right")
        if number % 4 == 3:
            settings.unlink()
            settings.write_text(before)
    rig.must_alert(ALERT)


def settings_error(rig: Rig) -> str:
    rows = rig.product.query("SELECT settings_error FROM heartbeat ORDER BY seen_at_ms DESC LIMIT 1")
    return str(rows[0]["settings_error"])


def the_ide_log_goes_away(rig: Rig, rounds: int) -> None:
    """Deleted with its folder, rotated, truncated; what is written afterwards is read."""
    log = rig.product.folder / "continue" / "logs" / "core.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("")
    seen = logged(rig)
    for number in range(rounds):
        with rig.traffic() as traffic:
            for away in (rotated, truncated, deleted):
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


def read_on(rig: Rig, seen: int) -> bool:
    return rig.until(lambda: logged(rig) > seen)


def logged(rig: Rig) -> int:
    (row,) = rig.product.query("SELECT count(*) AS n FROM events WHERE kind = ?", EVENT_KIND)
    return int(row["n"])
