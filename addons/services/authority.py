"""Our own certificate authority, which can speak for the providers' hosts and for nothing else.

A client that trusts an ordinary mitmproxy CA trusts whoever steals its key for the whole web. Ours carries critical
name constraints (RFC 5280 § 4.2.1.10): only the hosts it was made for and their subdomains, no IP addresses. Java does
not look at a trusted root's own constraints, so what signs is a second certificate below the root, with the same ones;
the root's key is never written down. OpenSSL, Node, Python and Java refuse anything else. The price: a provider added
later needs a new authority, trusted again.

The files are named as mitmproxy expects them in its confdir.
"""

import base64
import contextlib
import ipaddress
import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from addons.domain.errors import UserError

KEY_FILE = "mitmproxy-ca.pem"
"""The issuer's private key, its certificate, and the root; never leaves the machine."""
CERTIFICATE_FILE = "mitmproxy-ca-cert.pem"
"""The root: what clients trust (NODE_EXTRA_CA_CERTS)."""
DERIVED_FILES = ("mitmproxy-ca.p12", "mitmproxy-ca-cert.p12", "mitmproxy-ca-cert.cer")
"""What mitmproxy writes beside a CA that it made itself; stale beside ours."""
OWN_HOST = "kimi.proxy"
"""What this project may serve itself; part of every authority."""
LIFETIME = timedelta(days=3650)
"""As mitmproxy's own CA: trusting a new one by hand, in every client, is the risk here, not a constrained old one."""
SERVER_LIFETIME = timedelta(days=397)
"""The most that Apple's clients accept of a server certificate (support.apple.com/102028)."""
CLOCK_SKEW = timedelta(days=2)
"""How far back validity begins, as in mitmproxy: for machines and containers whose clock is behind."""
KEY_BITS = 2048
"""mitmproxy signs every handshake with the CA's own key, and expects RSA; 3072 bits would cost three times the CPU."""

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Authority:
    """What clients trust, what signs for it, and where they are kept."""

    directory: Path
    certificate: x509.Certificate
    """The root."""
    issuer: x509.Certificate
    """What signs; the root itself where mitmproxy made it."""
    key: rsa.RSAPrivateKey
    """The issuer's."""

    @property
    def certificate_file(self) -> Path:
        return self.directory / CERTIFICATE_FILE

    @property
    def key_file(self) -> Path:
        return self.directory / KEY_FILE

    def missing(self, hosts: Collection[str]) -> tuple[str, ...]:
        """Those of the hosts that it may not speak for."""
        permitted = permitted_hosts(self.certificate)
        if permitted is None:
            return ()
        return tuple(host for host in hosts if not any(host == name or host.endswith("." + name) for name in permitted))


def ensure_authority(
    directory: Path, hosts: Collection[str], *, permitted_ips: Collection[str] = (), renew: bool = False
) -> Authority:
    """The authority kept in the directory; a new one for exactly these hosts if there is none, or with `renew`.

    `permitted_ips` are for tests and the simulated provider. Raises UserError if what is there cannot be read, or the
    directory cannot be written.
    """
    key_file = directory / KEY_FILE
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if renew or not key_file.exists():
            _replace(key_file, _new_pair(hosts, permitted_ips, datetime.now(UTC)), mode=0o600, keep=not renew)
            if renew:
                for name in DERIVED_FILES:
                    (directory / name).unlink(missing_ok=True)
        authority = load_authority(directory)
        certificate = authority.certificate.public_bytes(serialization.Encoding.PEM)
        if not (authority.certificate_file.exists() and authority.certificate_file.read_bytes() == certificate):
            _replace(authority.certificate_file, certificate, mode=0o644, keep=False)
    except OSError as error:
        raise UserError(f"{error.filename or directory}: {error.strerror}; KIMI_HOME names another place") from error
    return authority


def load_authority(directory: Path) -> Authority:
    """The authority kept there; FileNotFoundError if there is none, UserError if it cannot be understood."""
    path = directory / KEY_FILE
    pem = path.read_bytes()
    try:
        key = serialization.load_pem_private_key(pem, password=None)
        issuer, *others = x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise UserError(f"{path}: expected a private key and a certificate in PEM; {error}") from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise UserError(f"{path}: expected an RSA key, as mitmproxy does")
    return Authority(directory, others[-1] if others else issuer, issuer, key)


def permitted_hosts(certificate: x509.Certificate) -> tuple[str, ...] | None:
    """The DNS names it may speak for, each with its subdomains; None: any."""
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return None
    names = [name.value for name in constraints.permitted_subtrees or () if isinstance(name, x509.DNSName)]
    return tuple(names) or None


def holds(bundle: Path, certificate: x509.Certificate) -> bool:
    """Whether a file of certificates, as NODE_EXTRA_CA_CERTS names it, contains this one."""
    try:
        text = bundle.read_bytes().decode("latin-1")
    except OSError:
        return False
    # Compared as bytes: a system's bundle holds certificates that cryptography complains of.
    wanted = certificate.public_bytes(serialization.Encoding.DER)
    return any(_der(block) == wanted for block in _CERTIFICATE.findall(text))


_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)


def _der(block: str) -> bytes:
    try:
        return base64.b64decode("".join(block.split()), validate=True)
    except ValueError:
        return b""


def issue_server_certificate(
    authority: Authority, hosts: Collection[str], ips: Collection[str] = ()
) -> tuple[bytes, bytes]:
    """A server certificate for these names with the issuer's after it, and its new private key; both PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    names = [x509.DNSName(host) for host in hosts] + [x509.IPAddress(ipaddress.ip_address(ip)) for ip in ips]
    issuer = authority.issuer
    now = datetime.now(UTC)
    certificate = (
        _builder(x509.Name([]), issuer.subject, key, now - CLOCK_SKEW, now - CLOCK_SKEW + SERVER_LIFETIME)
        .add_extension(x509.SubjectAlternativeName(names), critical=True)  # critical: the subject is empty (RFC 5280)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    return _certificates(certificate, issuer), _pem(key)


def _new_pair(hosts: Collection[str], ips: Collection[str], now: datetime) -> bytes:
    """The issuer's key, its certificate and the root's, in one PEM file as mitmproxy reads it."""
    root_key, key = (rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS) for _ in range(2))
    names = _name("Kimi Proxy", now), _name("Kimi Proxy, signing", now)
    constraints = _constraints(hosts, [ipaddress.ip_address(ip) for ip in ips])

    def signed(at: int, public: rsa.RSAPrivateKey) -> x509.Certificate:
        return (
            _builder(names[at], names[0], public, now - CLOCK_SKEW, now + LIFETIME)
            .add_extension(x509.BasicConstraints(ca=True, path_length=1 - at), critical=True)
            .add_extension(_CERTIFICATES_ONLY, critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
            .add_extension(constraints, critical=True)
            .sign(root_key, hashes.SHA256())
        )

    return _pem(key) + _certificates(signed(1, key), signed(0, root_key))


def _name(common: str, now: datetime) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, f"{common} {now:%Y-%m-%d}"),  # told apart in a trust store
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Kimi Proxy, on this machine only"),
        ]
    )


def _certificates(*certificates: x509.Certificate) -> bytes:
    return b"".join(each.public_bytes(serialization.Encoding.PEM) for each in certificates)


_CERTIFICATES_ONLY = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def _constraints(hosts: Collection[str], ips: Collection[Ip]) -> x509.NameConstraints:
    """These names alone. Naming one kind leaves the others free, so every IP address that is not named is excluded."""
    permitted: list[x509.GeneralName] = [x509.DNSName(host) for host in sorted({OWN_HOST, *hosts})]
    permitted += [x509.IPAddress(ipaddress.ip_network(ip)) for ip in ips]
    versions = {ip.version for ip in ips}
    excluded = [
        x509.IPAddress(network)
        for network in (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))
        if network.version not in versions
    ]
    return x509.NameConstraints(permitted, excluded or None)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, begin: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )


def _replace(path: Path, content: bytes, *, mode: int, keep: bool) -> None:
    """Write the whole file or none of it; with `keep`, one that another process has put there meanwhile stays."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with open(descriptor, "wb") as file:
            os.fchmod(file.fileno(), mode)  # the umask has no say
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if keep:
            with contextlib.suppress(FileExistsError):
                os.link(temporary, path)
        else:
            os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
