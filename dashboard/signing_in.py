"""Who has signed in: Streamlit's own OpenID Connect, where its secrets have an `[auth]` section (docs/teams.md).

Pages ask `st.user`. Routes of our own read the same signed cookie, which Streamlit does not check for them.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from streamlit.auth_util import get_cookie_with_chunks, get_origin_from_redirect_uri, is_authlib_installed
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from addons.domain.people import Person, person

CALLBACK = "/oauth2callback"
SECRET_CHARACTERS = 32
"""Of the key that signs the cookies: who guesses it signs in as anybody."""
OF_A_PROVIDER = ("client_id", "client_secret", "server_metadata_url")


@cache
def required() -> bool:
    """Settled once, when the server starts: secrets that cannot be read later must not open the dashboard.

    :raises SystemExit: if it is not certain, or nobody could sign in.
    """
    secrets = st.secrets
    if not secrets.load_if_toml_exists():  # also where a file is there and is no TOML
        if unread := [path for path in st.get_option("secrets.files") if Path(path).exists()]:
            raise SystemExit(f"{unread[0]} cannot be read; expected TOML. Without it nobody knows who has to sign in.")
        return False
    if "auth" not in secrets:
        return False
    for problem in problems(secrets["auth"], st.get_option("server.allowedHosts")):
        raise SystemExit(f"secrets.toml: [auth] {problem} (docs/teams.md)")
    if not is_authlib_installed():
        raise SystemExit("secrets.toml has [auth], which needs Authlib: .venv/bin/pip install 'Authlib>=1.3.2'")
    return True


def problems(auth: Mapping[str, Any], hosts: list[str]) -> Iterator[str]:
    """Why nobody could sign in, or anybody as anybody."""
    address, secret = urlsplit(str(auth.get("redirect_uri", ""))), auth.get("cookie_secret", "")
    if address.scheme not in ("http", "https") or address.path != CALLBACK:
        yield f'redirect_uri is "{address.geturl()}"; expected the dashboard\'s own address and {CALLBACK}'
    elif address.hostname not in hosts:
        yield f"redirect_uri names {address.hostname}, which is not in server.allowedHosts ({', '.join(hosts)})"
    if not isinstance(secret, str) or len(secret) < SECRET_CHARACTERS:
        yield f"cookie_secret has less than {SECRET_CHARACTERS} characters; `openssl rand -hex 32` makes a good one"
    named = providers(auth)
    if not named:
        yield "names no identity provider; expected client_id, client_secret and server_metadata_url"
    for name in named:
        section = auth[name] if name else auth
        if missing := [key for key in OF_A_PROVIDER if not section.get(key)]:
            yield f"{name + ': ' if name else ''}{missing[0]} is missing"
        elif "_" in name:
            yield f'a provider is named "{name}"; Streamlit accepts no _ there'


def providers(auth: Mapping[str, Any]) -> list[str]:
    """Whom one can sign in with, by the names of their sections; "" is the one without a name."""
    named = [name for name, section in auth.items() if isinstance(section, Mapping) and "client_id" in section]
    return ["", *named] if "client_id" in auth else named


def offered() -> list[str]:
    return providers(st.secrets["auth"])


def of_page() -> Person | None:
    """Whose tab it is; None before they have signed in."""
    claims = st.user.to_dict()
    return person(claims) if claims.get("is_logged_in") else None


def of_cookies(cookies: Mapping[str, str]) -> Person | None:
    """Whose request it is; None where the cookie is missing, expired, or not signed by this server for this address."""
    secret = get_cookie_secret()

    def value(name: str) -> bytes | None:
        signed = cookies.get(name, "").encode("latin-1", "replace")
        return decode_signed_value(secret, name, signed)

    found = get_cookie_with_chunks(value, USER_COOKIE_NAME)
    claims = json.loads(found) if found else {}
    is_ours = claims.get("is_logged_in") and claims.get("origin") == get_origin_from_redirect_uri()
    return person(claims) if is_ours else None
