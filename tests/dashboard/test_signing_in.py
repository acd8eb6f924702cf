"""Whether people have to sign in, and who the cookie of a request names."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.secrets import Secrets
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from addons.domain.people import Person
from dashboard import signing_in
from dashboard.signing_in import USER_COOKIE_NAME as USER

SECRET = "0123456789abcdef" * 2
ADDRESS = "https://kimi.example.com"
AUTH: dict[str, Any] = {
    "redirect_uri": f"{ADDRESS}/oauth2callback",
    "cookie_secret": SECRET,
    "client_id": "kimi",
    "client_secret": "hush",
    "server_metadata_url": "https://id.example.com/.well-known/openid-configuration",
}
HOSTS = ["127.0.0.1", "kimi.example.com"]
NAMED = {"redirect_uri": AUTH["redirect_uri"], "cookie_secret": SECRET,
         "corp": {name: AUTH[name] for name in signing_in.OF_A_PROVIDER}}  # fmt: skip


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in AUTH.items() if name not in names}


@pytest.mark.parametrize(
    ("auth", "said"),
    [
        pytest.param(AUTH, [], id="complete"),
        pytest.param(NAMED, [], id="a provider with a name"),
        pytest.param(AUTH | {"redirect_uri": ADDRESS}, ["redirect_uri is"], id="another path to come back to"),
        pytest.param(AUTH | {"redirect_uri": "/oauth2callback"}, ["redirect_uri is"], id="no address"),
        pytest.param(without("redirect_uri"), ["redirect_uri is"], id="nowhere to come back to"),
        pytest.param(AUTH | {"redirect_uri": "https://else.example/oauth2callback"}, ["not in server.allowedHosts"],
                     id="a host that is refused"),
        pytest.param(AUTH | {"cookie_secret": "x" * 31}, ["less than 32"], id="a secret that can be guessed"),
        pytest.param(without("cookie_secret"), ["less than 32"], id="no secret"),
        pytest.param(without("client_id"), ["names no identity provider"], id="no provider"),
        pytest.param(without("client_secret"), ["client_secret is missing"], id="half a provider"),
        pytest.param(NAMED | {"corp": {"client_id": "kimi", "client_secret": "x"}},
                     ["corp: server_metadata_url is missing"], id="half a provider with a name"),
        pytest.param(NAMED | {"my_corp": NAMED["corp"]}, ['"my_corp"'], id="a name that Streamlit cannot use"),
    ],
)  # fmt: skip
def test_what_would_let_nobody_in_or_everybody_is_said(auth: dict[str, Any], said: list[str]) -> None:
    found = list(signing_in.problems(auth, HOSTS))
    assert len(found) == len(said)
    assert all(part in problem for part, problem in zip(said, found, strict=True))
    assert all(SECRET not in problem and "hush" not in problem for problem in found)


@pytest.fixture
def written(own_places: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where secrets.toml is looked for; read anew by each test."""
    file = own_places / "secrets.toml"
    secrets = Secrets()
    monkeypatch.setattr(st, "secrets", secrets)
    monkeypatch.setattr("streamlit.auth_util.secrets_singleton", secrets)
    monkeypatch.setattr("streamlit.web.server.server_util.secrets_singleton", secrets)
    before = st.get_option("secrets.files"), st.get_option("server.allowedHosts")
    st.config.set_option("secrets.files", [str(file)])
    st.config.set_option("server.allowedHosts", HOSTS)
    signing_in.required.cache_clear()
    yield file
    signing_in.required.cache_clear()
    st.config.set_option("secrets.files", before[0])
    st.config.set_option("server.allowedHosts", before[1])


def toml(table: dict[str, Any]) -> str:
    return "[auth]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in table.items())


def test_without_secrets_nobody_has_to_sign_in(written: Path) -> None:
    assert not signing_in.required()


def test_secrets_of_something_else_ask_nobody_to_sign_in(written: Path) -> None:
    written.write_text("[connections]\n", encoding="utf-8")
    assert not signing_in.required()


@pytest.mark.parametrize("text", ["[auth", toml(without("client_secret")), toml(AUTH | {"cookie_secret": "short"})])
def test_secrets_that_leave_it_open_end_the_start(written: Path, text: str) -> None:
    written.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match=r"secrets\.toml"):
        signing_in.required()


def test_it_stays_required_when_the_file_goes(written: Path) -> None:
    written.write_text(toml(AUTH), encoding="utf-8")
    assert signing_in.required()
    written.unlink()
    st.secrets._reset()
    assert signing_in.required()
    assert signing_in.of_cookies(cookie()) is None, "signed with a secret that is gone"


def cookie(secret: str = SECRET, name: str = USER, **claims: object) -> dict[str, str]:
    usual = {"name": "Ana", "email": "ana@example.com", "origin": ADDRESS, "is_logged_in": True}
    return {USER: create_signed_value(secret, name, json.dumps(usual | claims)).decode()}


@pytest.mark.parametrize(
    ("cookies", "found"),
    [
        pytest.param(cookie(), Person("Ana", "ana@example.com"), id="signed here"),
        pytest.param({}, None, id="none"),
        pytest.param({USER: ""}, None, id="empty"),
        pytest.param({USER: "Zoë\N{KELVIN SIGN}"}, None, id="not even a cookie"),
        pytest.param({USER: cookie()[USER][:-1]}, None, id="cut off"),
        pytest.param(cookie(secret="f" * 32), None, id="signed by another"),
        pytest.param(cookie(name="_streamlit_xsrf"), None, id="signed as another cookie"),
        pytest.param(cookie(origin="https://else.example"), None, id="for another address"),
        pytest.param(cookie(is_logged_in=False), None, id="not signed in"),
    ],
)
def test_a_cookie_names_its_person_if_this_server_signed_it(
    written: Path, cookies: dict[str, str], found: Person | None
) -> None:
    written.write_text(toml(AUTH), encoding="utf-8")
    assert signing_in.of_cookies(cookies) == found


def test_a_cookie_in_parts_is_put_together(written: Path) -> None:
    written.write_text(toml(AUTH), encoding="utf-8")
    whole = json.dumps({"name": "A" * 40, "origin": ADDRESS, "is_logged_in": True})
    parts = {USER: "chunks-2", f"{USER}_1": whole[:30], f"{USER}_2": whole[30:]}
    signed = {name: create_signed_value(SECRET, name, value).decode() for name, value in parts.items()}
    assert signing_in.of_cookies(signed) == Person("A" * 40, "")
    assert signing_in.of_cookies({name: signed[name] for name in (USER, f"{USER}_1")}) is None


def test_a_cookie_of_last_month_is_none(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written.write_text(toml(AUTH), encoding="utf-8")
    signed = cookie()
    later_s = time.time() + 32 * 24 * 3600
    monkeypatch.setattr("itsdangerous.timed.time", SimpleNamespace(time=lambda: later_s))
    assert signing_in.of_cookies(signed) is None
