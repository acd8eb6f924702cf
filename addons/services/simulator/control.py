"""How another process steers the simulator and reads what it received: requests whose Host is `control.simulator`."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from addons.services.simulator.received import Inbox
from addons.services.simulator.script import Rule, Script

JSON = "application/json"


def respond(request: Request, body: bytes, inbox: Inbox, script: Script) -> Response:
    """GET /received?since=N · DELETE /received · PUT /rules (replaces) · POST /rules (adds) · GET /health."""
    match request.method, request.url.path:
        case "GET", "/health":
            return Response(b'{"ok":true}', media_type=JSON)
        case "GET", "/received":
            since = int(request.query_params.get("since", "0"))
            rows = [received.row() for received in inbox.all(since)]
            return Response(msgspec.json.encode(rows), media_type=JSON)
        case "DELETE", "/received":
            inbox.clear()
            return Response(status_code=204)
        case ("PUT" | "POST") as method, "/rules":
            try:
                rules = msgspec.json.decode(body, type=list[Rule])
            except msgspec.DecodeError as error:
                return Response(f"/rules: {error}; expected a JSON list of Rule".encode(), 400)
            if method == "PUT":
                script.replace(rules)
            else:
                script.add(*rules)
            return Response(status_code=204)
        case method, path:
            return Response(f"{method} {path} is not known; expected /health, /received or /rules".encode(), 404)
