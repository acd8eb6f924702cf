"""What only PostgreSQL does: logging in, losing the connection, holding others up."""

import re
import signal
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from addons.domain.errors import UserError
from addons.domain.places import ROOT
from db import health, place, postgresql
from db.engine import control, opened, reader, writer
from db.opened import Opened
from db.outbox import command_result, put_command, put_setting
from db.postgresql import in_words
from tests.db.relay import WAIT_S, Relay
from tests.db.stores import Ask, MakeCompletion, MakeRecorder
from tests.postgres_server import LISTEN, PostgresServer

pytestmark = pytest.mark.postgresql

NOBODY = f"postgresql://kimi:hush@{LISTEN}:9/kimi"
"""The port for discarding: nobody listens there."""


@pytest.fixture
def url(postgres_url: str) -> str:
    return postgres_url


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    made = writer(url)
    yield made
    made.dispose()


@pytest.fixture
def member(postgres: PostgresServer) -> Iterator[str]:
    """The URL of a role that may log in and nothing else; its password is hush."""
    postgres.sql("CREATE ROLE member LOGIN PASSWORD 'hush'")
    yield postgres.url("shared", user="member:hush")
    postgres.sql("DROP ROLE member")


def complaint(url: str) -> str:
    """What somebody is told who starts a proxy."""
    with pytest.raises(UserError) as caught:
        Opened(url)
    return str(caught.value)


def test_a_server_that_does_not_answer_is_named_without_the_password() -> None:
    told = complaint(NOBODY)
    assert told.startswith(f"The database postgresql+psycopg://kimi:***@{LISTEN}:9/kimi cannot be set up: ")
    assert told.endswith("Connection refused. See whether the server runs, and check host and port.")


@pytest.mark.parametrize("way", [reader, control, health.check], ids=["reader", "control", "health"])
def test_every_way_in_tells_of_a_server_that_does_not_answer(way: object) -> None:
    assert callable(way)
    with pytest.raises(UserError, match=r"cannot be read: .*Connection refused") as caught:
        way(NOBODY)
    assert "hush" not in str(caught.value)


def test_a_wrong_password_is_told_and_not_shown(member: str) -> None:
    told = complaint(member.replace("hush", "hussh"))
    assert 'password authentication failed for user "member"' in told
    assert told.endswith("Check the user and the password in KIMI_DATABASE_URL or in ~/.pgpass.")
    assert "hus" not in told


def test_a_missing_database_is_told_with_how_to_make_it(postgres: PostgresServer) -> None:
    told = complaint(postgres.url("nowhere"))
    assert told.endswith('database "nowhere" does not exist. Make it with createdb (docs/teams.md).')


@pytest.mark.usefixtures("url")
def test_a_role_that_may_not_write_is_told(member: str) -> None:
    with pytest.raises(UserError, match=r"permission denied .*Make the role the database's owner"):
        health.check(member)


def test_a_missing_client_is_told_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UserError, match=r"\.venv/bin/pip install 'psycopg\[binary\]"):
        writer(NOBODY)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("FATAL:  the server\n\tis going down.", "FATAL: the server is going down"),
        ("permission denied for schema public", "permission denied for schema public. Make the role"),
        ('relation "x" does not exist', 'relation "x" does not exist'),
    ],
    ids=["no advice", "advice", "not the database"],
)
def test_errors_are_one_line_with_advice_where_there_is_some(said: str, told: str) -> None:
    assert in_words(said).startswith(told)
    assert "createdb" not in in_words(said)


@pytest.mark.parametrize("way", [writer, reader], ids=["writer", "reader"])
@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT sum(value) FROM (VALUES (2::bigint), (3)) AS t(value)", 5),
        ("SELECT avg(value) FROM (VALUES (2), (3)) AS t(value)", 2.5),
        ("SELECT 'NaN'::numeric", "nan"),
    ],
    ids=["sum", "mean", "not a number"],
)
def test_sums_and_means_are_numbers_as_on_sqlite(url: str, way: object, sql: str, expected: object) -> None:
    assert callable(way)
    engine = way(url)
    with engine.connect() as connection:
        found = connection.execute(text(sql)).scalar_one()
    engine.dispose()
    assert (type(found), str(found)) == (float if expected == "nan" else type(expected), str(expected))


def test_what_the_url_says_of_the_connection_is_kept() -> None:
    url = place.parse("postgresql://h/kimi?connect_timeout=30&application_name=mine")
    assert {"connect_timeout", "application_name"} & set(postgresql.connect_options(url)) == set()


def test_records_wait_for_a_server_that_is_started_again(
    postgres: PostgresServer,
    engine: Engine,
    make_recorder: MakeRecorder,
    make_completion: MakeCompletion,
    caplog: pytest.LogCaptureFixture,
) -> None:
    recorder = make_recorder()
    recorder.start()
    recorder.submit(make_completion(prompt_tokens=1))
    assert recorder.flush(60)
    postgres.stop(signal.SIGINT)
    try:
        assert all(recorder.submit(make_completion(prompt_tokens=1)) for _ in range(50))
        assert recorder.flush(0.5) is False
    finally:
        postgres.start()
    assert recorder.flush(60)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT completions FROM sessions")).scalar_one() == 51
    assert "the store can be written again" in caplog.text


def test_a_proxy_that_stops_in_the_middle_holds_the_others_up_for_a_moment_only(
    url: str, make_recorder: MakeRecorder, make_completion: MakeCompletion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "IDLE_MS", 500)
    stopped = writer(url)
    connection = stopped.connect()
    connection.execute(text("INSERT INTO counters VALUES ('rev', 5)"))  # and never a commit
    recorder = make_recorder()
    recorder.start()
    recorder.submit(make_completion())
    assert recorder.flush(0.1) is False
    assert recorder.flush(60)
    connection.invalidate()
    connection.close()
    stopped.dispose()


@pytest.fixture
def dashboard_url(postgres: PostgresServer, url: str) -> Iterator[str]:
    """Of a role that has what docs/teams.md grants it."""
    guide = (ROOT / "docs" / "teams.md").read_text(encoding="utf-8")
    (granted,) = re.findall(r"```sql\n(.*?)```", guide, re.DOTALL)
    postgres.sql(granted.replace("FOR ROLE kimi ", ""), "shared")
    yield postgres.url("shared", user="kimi_dashboard:another password")
    postgres.sql("DROP OWNED BY kimi_dashboard; DROP ROLE kimi_dashboard", "shared")


def test_the_dashboards_own_role_reads_asks_and_writes_nothing_else(dashboard_url: str) -> None:
    with opened(reader, dashboard_url) as reading, reading.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM completions")).scalar_one() == 0
    with opened(control, dashboard_url) as asking:
        assert (put_setting(asking, "a", 1), put_setting(asking, "a", 2)) == (1, 2)
        assert command_result(asking, put_command(asking, "compress", {})) is None
        with pytest.raises(DBAPIError, match="permission denied for table sessions"), asking.begin() as tx:
            tx.execute(text("DELETE FROM sessions"))


@pytest.fixture
def relay(postgres: PostgresServer) -> Iterator[Relay]:
    made = Relay(postgres.port, b"the one")
    yield made
    made.close()


def test_a_connection_that_breaks_at_the_commit_writes_nothing_twice(
    url: str, relay: Relay, make_recorder: MakeRecorder, make_completion: MakeCompletion, ask: Ask
) -> None:
    through = make_url(url).set(port=relay.port).render_as_string(hide_password=False)
    recorder = make_recorder(url=through)
    recorder.start()
    assert recorder.flush(WAIT_S)
    recorder.submit(make_completion(session_id="s-1", trace_id="the one"))
    assert relay.cut.wait(WAIT_S) and recorder.flush(WAIT_S)
    recorder.submit(make_completion(session_id="s-1", trace_id="the next"))
    assert recorder.flush(WAIT_S)
    assert [row["trace_id"] for row in ask("SELECT trace_id FROM completions ORDER BY id")] == ["the one", "the next"]
    assert ask("SELECT completions AS n FROM sessions") == [{"n": 2}]
    assert ask("SELECT sum(completions) AS n FROM rollup_hour") == [{"n": 2}]
