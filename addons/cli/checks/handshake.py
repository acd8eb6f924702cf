"""Proof of trust: Node itself, with NODE_EXTRA_CA_CERTS, shakes hands through the proxy; without Node, OpenSSL,
which it is built on, does. The proxy answers by itself: nothing reaches the provider.
"""

import json
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from addons.cli.checks.finding import Finding, Surroundings, fine, note, wrong
from addons.cli.checks.lines import in_shell
from addons.cli.checks.tunnel import probe
from addons.cli.programs import LOOPBACK, accepts
from addons.domain import places
from addons.domain.errors import UserError
from addons.services import settings_files
from addons.services.authority import holds, load_authority

SCRIPT = """
const [port, host] = process.argv.slice(1), end = r => { console.log(JSON.stringify(r)); process.exit(0); };
const ask = require("http").request({host: "127.0.0.1", port, method: "CONNECT", path: host + ":443"});
ask.on("error", e => end({error: e.message, code: e.code}));
ask.on("response", r => end({error: "the proxy answered " + r.statusCode}));
ask.on("connect", (r, socket) => {
  if (r.statusCode !== 200) return end({error: "the proxy answered " + r.statusCode});
  let said;
  const tls = require("tls").connect({socket, servername: host, rejectUnauthorized: false});
  tls.on("error", e => end(said || {error: e.message, code: e.code}));
  tls.on("secureConnect", () => {
    const issuer = (tls.getPeerCertificate().issuer || {}).CN || "";
    said = tls.authorized ? {issuer} : {error: "", code: String(tls.authorizationError)};
    tls.on("close", () => end(said)).resume().end();
    setTimeout(() => end(said), 2000);
  });
});
ask.end();
"""
"""Node's default store and NODE_EXTRA_CA_CERTS decide, as they do for Continue's connection inside a tunnel. Node says
what it thinks of the certificate instead of hanging up, which the proxy would report as a client that distrusts it.
How the connection ends after the handshake, a reset included, is no part of the answer."""

REASONS = {
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE": "it does not trust the proxy's certificate authority",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY": "it does not trust the proxy's certificate authority",
    "SELF_SIGNED_CERT_IN_CHAIN": "it does not trust the proxy's certificate authority",
    "CERT_HAS_EXPIRED": "the certificate has expired; is the clock right?",
    "CERT_NOT_YET_VALID": "the certificate is not valid yet; is the clock right?",
    "ERR_TLS_CERT_ALTNAME_INVALID": "the certificate is for another host",
    "PERMITTED_VIOLATION": "the authority may not sign for this host: ./just up --new-ca",
}
"""By Node's own code of the error."""


NODE_S = 30.0
"""Node may have to be read from the disk first."""


class Shaken(NamedTuple):
    issuer: str
    """Common name of who signed the certificate; "" where the handshake failed."""
    reason: str
    """Why it failed."""


def trusted(around: Surroundings) -> Iterator[Finding]:
    """Once with the file that a client should be given, and once as a client started from this very shell."""
    if not (accepts(around.ports.proxy) and around.certificate.is_file()):
        return  # the checks of the port and of the authority say it
    try:
        host = settings_files.load(around.environ).hosts()[0]
    except UserError:
        return  # the check of the settings says it
    node = shutil.which("node", path=around.environ.get("PATH"))
    if node is None:
        yield from _by_openssl(around, host)
        return
    yield from with_node(node, around, host)


def with_node(node: str, around: Surroundings, host: str) -> Iterator[Finding]:
    port, line = around.ports.proxy, in_shell(around.platform, "NODE_EXTRA_CA_CERTS", str(around.certificate))
    given = shake(node, port, host, {**around.environ, "NODE_EXTRA_CA_CERTS": str(around.certificate)})
    if given.reason:
        yield wrong(f"Node refuses the proxy's certificate even with NODE_EXTRA_CA_CERTS: {given.reason}", line)
        return
    yield fine(f"Node with NODE_EXTRA_CA_CERTS trusts the proxy: a real handshake with {host} ({given.issuer})")
    as_is = shake(node, port, host, around.environ)
    if not as_is.reason:
        yield fine("A client that is started from this shell trusts the proxy")
    else:
        # Only whoever uses the proxy needs it: with HTTPS_PROXY set, every request fails.
        needs = bool(around.environ.get("HTTPS_PROXY") or around.environ.get("https_proxy"))
        what = f"A client that is started from this shell does not come through: {as_is.reason}"
        yield (wrong if needs else note)(what, line)


def shake(node: str, port: int, host: str, environ: Mapping[str, str]) -> Shaken:
    """What Node says; it never raises."""
    # A preloaded script or a debugger of the person's own must not run for this.
    kept = {name: value for name, value in environ.items() if name != "NODE_OPTIONS"}
    if store := [word for word in environ.get("NODE_OPTIONS", "").split() if word.startswith("--use-")]:
        kept["NODE_OPTIONS"] = " ".join(store)
    try:
        done = subprocess.run(
            [node, "-e", SCRIPT, str(port), host],
            env=kept, capture_output=True, text=True, timeout=NODE_S, check=False, cwd=os.sep,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return Shaken("", f"{node} could not be asked: {type(error).__name__}")
    return read(done.stdout, done.stderr)


def read(out: str, err: str) -> Shaken:
    try:
        said = json.loads(out.strip().splitlines()[-1])
    except (ValueError, IndexError):
        return Shaken("", f"Node said: {err.strip().splitlines()[-1][:200] if err.strip() else 'nothing'}")
    if "error" not in said:
        ignored = re.search(r"Ignoring extra certs from `(.+?)`", err)
        return Shaken(said.get("issuer") or "no name", f"it ignores {ignored[1]}" if ignored else "")
    code = str(said.get("code") or "")
    return Shaken("", REASONS.get(code, f"{said['error']} {code}".strip()))


def _by_openssl(around: Surroundings, host: str) -> Iterator[Finding]:
    """Node is built on OpenSSL: the public roots and the file of NODE_EXTRA_CA_CERTS, and the same rules for names and
    constraints."""
    named = around.environ.get("NODE_EXTRA_CA_CERTS", "")
    bundle = Path(named).expanduser() if named else around.certificate
    line = in_shell(around.platform, "NODE_EXTRA_CA_CERTS", str(around.certificate))
    try:
        if not holds(bundle, load_authority(places.authority_dir(around.environ)).certificate):
            yield wrong(f"{bundle}, which NODE_EXTRA_CA_CERTS names, does not hold this authority", line)
            return
        probe(around.ports.proxy, host, bundle)
    except ssl.SSLCertVerificationError as error:
        yield wrong(
            f"OpenSSL refuses the proxy's certificate with {bundle}: {error.verify_message} (there is no Node to ask)",
            line,
        )
    except UserError:
        return  # the check of the authority says it
    except OSError as error:
        yield note(f"No handshake through {LOOPBACK}:{around.ports.proxy}: {error}", "See what is said of the proxy.")
    else:
        yield fine(f"OpenSSL, which Node is built on, trusts the proxy with {bundle} (there is no Node to ask)")
