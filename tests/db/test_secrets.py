"""No key, token or account identifier is in any file of the store, whoever forgot to take it out."""

from collections.abc import Callable

import pytest

from addons.domain.events import Event
from tests.db.stores import NOW_MS, Ask, MakeCompletion, MakeRecorder, MakeState

SECRETS = {
    "kimi": "sk-kimi-0123456789abcdef",
    "google": "AIzaSyA-0123456789abcdefghijklmnopqrstu",
    "nvidia": "nvapi-0123456789abcdef",
    "bearer": "Bearer abcdef0123456789abcdef",
    "organisation": "org-0123456789abcdef",
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_a_secret_in_a_text_does_not_reach_the_disk(
    make_recorder: MakeRecorder,
    make_completion: MakeCompletion,
    make_state: MakeState,
    stored_bytes: Callable[[], bytes],
    ask: Ask,
    secret: str,
) -> None:
    recorder = make_recorder()
    for record in (
        make_completion(error_message=f"rejected: {secret}", session_name=f"with {secret}", session_id="s-2"),
        make_state(name=f"my key is {secret} please"),
        Event(at_ms=NOW_MS, kind="failure", message=f"sent {secret}", data={"header": f"x {secret}", "n": [secret]}),
    ):
        recorder.submit(record)
    recorder.start()
    assert recorder.flush(10)
    found = stored_bytes()
    recorder.close(10)
    assert secret.split()[-1].encode() not in found + stored_bytes()
    assert ask("SELECT json_valid(data) AS valid FROM events") == [{"valid": 1}]
    assert ask("SELECT count(*) AS n FROM sessions WHERE name LIKE '%[%]%'") == [{"n": 2}]
