"""The inbox: settings are applied, commands carried out once, and answers written back."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from addons.domain.errors import UserError
from db.clock import now_ms
from db.engine import writer
from db.inbox import EXPIRES_MS, Inbox
from db.outbox import command_result, put_command, put_setting
from db.schema import upgrade
from db.tables import heartbeat
from db.writing import write
from tests.db.stores import NOW_MS, Ask, MakeCompletion, until

MakeInbox = Callable[..., Inbox]


def answer(engine: Engine, kind: str, payload: Mapping[str, object]) -> dict[str, Any]:
    command = put_command(engine, kind, payload)
    until(lambda: command_result(engine, command))
    result = command_result(engine, command)
    assert result is not None
    return result


@pytest.fixture
def make_inbox(url: str) -> Iterator[MakeInbox]:
    made: list[Inbox] = []

    def build(**options: Any) -> Inbox:
        usual = {"proxy_id": "p-1", "on_settings": lambda values: {}, "on_command": lambda kind, payload: {}}
        inbox = Inbox(url, **(usual | options))
        made.append(inbox)
        inbox.start()
        return inbox

    yield build
    for inbox in made:
        inbox.close()


def test_settings_stored_before_the_start_are_applied_together(engine: Engine, make_inbox: MakeInbox, ask: Ask) -> None:
    seen: list[Mapping[str, object]] = []
    put_setting(engine, "masking.policy", "off")
    put_setting(engine, "routing.fill", 0.9)
    make_inbox(on_settings=lambda values: seen.append(values) or {})
    until(lambda: not ask("SELECT 1 FROM settings WHERE applied_at_ms IS NULL"))
    assert seen == [{"masking.policy": "off", "routing.fill": 0.9}]


def test_only_what_changed_is_applied_again(engine: Engine, make_inbox: MakeInbox, ask: Ask) -> None:
    seen: list[Mapping[str, object]] = []
    put_setting(engine, "a", 1)
    make_inbox(on_settings=lambda values: seen.append(values) or {})
    until(lambda: len(seen) == 1)
    put_setting(engine, "b", [2])
    until(lambda: len(seen) == 2)
    put_setting(engine, "a", 3)
    until(lambda: len(seen) == 3)
    assert seen == [{"a": 1}, {"b": [2]}, {"a": 3}]


def test_a_setting_that_cannot_be_applied_says_why(engine: Engine, make_inbox: MakeInbox, ask: Ask) -> None:
    put_setting(engine, "a", 1)
    put_setting(engine, "b", "fast")
    make_inbox(on_settings=lambda values: {"b": "expected a number"}, clock_ms=lambda: NOW_MS)
    until(lambda: ask("SELECT 1 FROM settings WHERE applied_at_ms IS NOT NULL"))
    assert ask("SELECT key, applied_at_ms, applied_by, error FROM settings ORDER BY key") == [
        {"key": "a", "applied_at_ms": NOW_MS, "applied_by": "p-1", "error": ""},
        {"key": "b", "applied_at_ms": None, "applied_by": None, "error": "expected a number"},
    ]


def test_a_handler_that_fails_leaves_the_inbox_running(engine: Engine, make_inbox: MakeInbox, ask: Ask) -> None:
    def fail(*_: object) -> dict[str, str]:
        raise RuntimeError("sk-secret")

    make_inbox(on_settings=fail, on_command=fail)
    put_setting(engine, "a", 1)
    until(lambda: ask("SELECT 1 FROM settings WHERE error != ''"))
    assert ask("SELECT error FROM settings") == [{"error": "RuntimeError; the proxy's log says more"}]
    assert answer(engine, "x", {}) == {"error": "RuntimeError; the proxy's log says more"}
    assert answer(engine, "y", {}) == {"error": "RuntimeError; the proxy's log says more"}


def test_rows_that_are_no_json_are_answered_too(engine: Engine, make_inbox: MakeInbox, ask: Ask) -> None:
    with engine.begin() as tx:
        tx.exec_driver_sql("INSERT INTO settings (key, value, version, updated_at_ms, error) "
                           "VALUES ('a', 'not JSON', 1, 0, '')")  # fmt: skip
        tx.exec_driver_sql(f"INSERT INTO commands VALUES (1, 'x', 'not JSON', {now_ms()}, NULL, NULL, '')")
    make_inbox()
    until(lambda: command_result(engine, 1))
    assert "JSONDecodeError" in str(command_result(engine, 1))
    assert "JSONDecodeError" in ask("SELECT error FROM settings")[0]["error"]


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ({"saved": 5}, {"ok": {"saved": 5}}),
        (UserError("There is no session 's-9'."), {"error": "There is no session 's-9'."}),
        ({"x": object()}, {"error": "TypeError; the proxy's log says more"}),
    ],
    ids=["done", "refused", "answer is no JSON"],
)
def test_a_command_is_answered(engine: Engine, make_inbox: MakeInbox, outcome: Any, expected: dict[str, Any]) -> None:
    def carry_out(kind: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        asked.append((kind, payload))
        if isinstance(outcome, Exception):
            raise outcome
        return dict(outcome)

    asked: list[tuple[str, Mapping[str, Any]]] = []
    make_inbox(on_command=carry_out)
    assert answer(engine, "compress", {"session_id": "s-1"}) == expected
    assert asked == [("compress", {"session_id": "s-1"})]


def test_of_two_proxies_one_carries_a_command_out(engine: Engine, make_inbox: MakeInbox) -> None:
    done: list[int] = []
    for at in range(2):
        make_inbox(proxy_id=f"p-{at}", on_command=lambda kind, payload: done.append(payload["n"]) or {})
    ids = [put_command(engine, "count", {"n": n}) for n in range(20)]
    until(lambda: all(command_result(engine, command) for command in ids))
    assert sorted(done) == list(range(20))


@pytest.mark.parametrize(
    ("stopped_at_ms", "expected"), [(None, {"p-1"}), (NOW_MS, {"p-0", "p-1"})], ids=["it runs", "it has stopped"]
)
def test_a_command_about_a_session_is_for_the_proxy_it_goes_through(
    engine: Engine,
    make_inbox: MakeInbox,
    make_completion: MakeCompletion,
    stopped_at_ms: int | None,
    expected: set[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("db.inbox.LEFT_MS", 60_000)  # on a busy machine it may not be picked up within the usual
    sign = {"proxy_id": "p-1", "started_at_ms": 0, "seen_at_ms": now_ms() + 60_000, "stopped_at_ms": stopped_at_ms}
    with engine.begin() as tx:
        write(tx, [make_completion()], "p-1")
        tx.execute(insert(heartbeat), [sign])
    for name in ("p-0", "p-1"):
        make_inbox(proxy_id=name, on_command=lambda kind, payload, name=name: {"by": name})
    answers = [answer(engine, "mask_now", {"session_id": "s-1"}) for _ in range(6)]
    assert {found["ok"]["by"] for found in answers} <= expected


def test_a_command_that_its_proxy_does_not_take_is_carried_out_by_another(
    engine: Engine, make_inbox: MakeInbox, make_completion: MakeCompletion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.inbox.LEFT_MS", 200)
    with engine.begin() as tx:
        write(tx, [make_completion()], "p-1")
        tx.execute(insert(heartbeat), [{"proxy_id": "p-1", "started_at_ms": 0, "seen_at_ms": now_ms() + 60_000}])
    make_inbox(proxy_id="p-0", on_command=lambda kind, payload: {"by": "p-0"})
    assert answer(engine, "mask_now", {"session_id": "s-1"}) == {"ok": {"by": "p-0"}}


def test_a_command_from_long_ago_is_not_carried_out(engine: Engine, make_inbox: MakeInbox) -> None:
    done: list[str] = []
    make_inbox(on_command=lambda kind, payload: done.append(kind) or {}, clock_ms=lambda: now_ms() + EXPIRES_MS + 1000)
    assert answer(engine, "delete", {}) == {"error": "No proxy was running when this was asked for; ask again."}
    assert done == []


def test_it_waits_for_a_store_that_is_not_there_yet(
    make_inbox: MakeInbox, url: str, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = make_inbox()
    until(lambda: "There is no database" in caplog.text)
    inbox.close()
    inbox.close()
    assert not path.exists()


def test_it_follows_a_store_that_was_made_anew(engine: Engine, make_inbox: MakeInbox, url: str, path: Path) -> None:
    make_inbox(on_command=lambda kind, payload: {"kind": kind})
    assert answer(engine, "first", {}) == {"ok": {"kind": "first"}}
    engine.dispose()
    path.unlink()
    anew = writer(url)
    upgrade(anew)
    assert answer(anew, "second", {}) == {"ok": {"kind": "second"}}
    anew.dispose()
