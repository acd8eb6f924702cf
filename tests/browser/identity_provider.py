"""An OpenID Connect provider on the loopback: a page to choose who one is, tokens signed with RS256, sign-out.

It refuses what a real one refuses: an unknown client, a foreign address to come back to, a code that is used twice or
without the verifier of its challenge (PKCE).
"""

import base64
import hashlib
import json
import secrets
import socket
import threading
import time
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urlencode

import uvicorn
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from addons.services.simulator.free_port import LISTEN

CLIENT_ID, CLIENT_SECRET = "kimi-dashboard", "hush-hush"
KEY_ID = "k-1"
TOKEN_S = 300
READY_S = 20


@dataclass(slots=True)
class IdentityProvider:
    """`people`: their claims, by the name of the button they choose."""

    people: dict[str, dict[str, Any]]
    redirect_uri: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    """What was asked for, by the code that was given for it."""
    ended: list[str] = field(default_factory=list)
    """The id tokens of those who signed out here, too."""
    _key: RSAPrivateKey = field(default_factory=lambda: generate_private_key(65537, 2048))
    _socket: socket.socket = field(default_factory=lambda: socket.create_server((LISTEN, 0)))
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        return f"http://{LISTEN}:{self._socket.getsockname()[1]}"

    def start(self) -> None:
        config = uvicorn.Config(self._application(), log_config=None, lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join(READY_S)

    def secrets(self, cookie_secret: str) -> str:
        """The dashboard's secrets.toml."""
        values = {"redirect_uri": self.redirect_uri, "cookie_secret": cookie_secret, "client_id": CLIENT_ID,
                  "client_secret": CLIENT_SECRET,
                  "server_metadata_url": f"{self.address}/.well-known/openid-configuration"}  # fmt: skip
        return "[auth]\n" + "".join(f'{name} = "{value}"\n' for name, value in values.items())

    def _application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._discovery),
                Route("/authorize", self._authorize),
                Route("/chosen", self._chosen),
                Route("/token", self._token, methods=["POST"]),
                Route("/jwks", self._keys),
                Route("/end", self._end),
            ]
        )

    def _discovery(self, _request: Request) -> Response:
        ways = {name: f"{self.address}/{path}" for name, path in (
            ("authorization_endpoint", "authorize"), ("token_endpoint", "token"), ("jwks_uri", "jwks"),
            ("end_session_endpoint", "end"))}  # fmt: skip
        return JSONResponse(ways | {
            "issuer": self.address, "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"], "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        })  # fmt: skip

    def _keys(self, _request: Request) -> Response:
        public = self._key.public_key().public_numbers()
        numbers = {name: _url64(n.to_bytes(256, "big").lstrip(b"\0")) for name, n in (("n", public.n), ("e", public.e))}
        return JSONResponse({"keys": [{"kty": "RSA", "kid": KEY_ID, "alg": "RS256", "use": "sig"} | numbers]})

    def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if asked.get("client_id") != CLIENT_ID or asked.get("redirect_uri") != self.redirect_uri:
            return PlainTextResponse("unknown client, or a foreign address to come back to", status_code=400)
        if asked.get("code_challenge_method") != "S256" or "openid" not in asked.get("scope", "").split():
            return PlainTextResponse("no challenge, or no OpenID Connect", status_code=400)
        links = "".join(
            f'<li><a href="/chosen?{escape(urlencode(asked | {"who": who}))}">{who}</a>' for who in self.people
        )
        return HTMLResponse(f"<link rel=icon href=data:,><h1>Who are you?</h1><ul>{links}</ul>")

    def _chosen(self, request: Request) -> Response:
        code = secrets.token_urlsafe()
        self.codes[code] = asked = dict(request.query_params)
        return RedirectResponse(f"{self.redirect_uri}?{urlencode({'code': code, 'state': asked['state']})}")

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        asked = self.codes.pop(str(form.get("code")), None)
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if asked is None or request.headers.get("authorization") != f"Basic {expected}":
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        challenge = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        if _url64(challenge) != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT_ID, "sub": asked["who"], "iat": now, "exp": now + TOKEN_S,
                  "nonce": asked["nonce"]} | self.people[asked["who"]]  # fmt: skip
        signed = ".".join(_url64(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": KEY_ID}, claims))
        token = f"{signed}.{_url64(self._key.sign(signed.encode(), PKCS1v15(), SHA256()))}"
        return JSONResponse({"access_token": "a-1", "token_type": "Bearer", "expires_in": TOKEN_S, "id_token": token})

    def _end(self, request: Request) -> Response:
        self.ended.append(request.query_params.get("id_token_hint", ""))
        return RedirectResponse(request.query_params["post_logout_redirect_uri"])


def _url64(content: bytes) -> str:
    """As JSON Web Tokens write it: without the padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
