"""What the authority may sign, seen by OpenSSL in real handshakes, and how its files are kept."""

import os
import socket
import ssl
import stat
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from mitmproxy.certs import CertStore

from addons.domain.errors import UserError
from addons.services.authority import (
    Authority,
    ensure_authority,
    holds,
    issue_server_certificate,
    load_authority,
    permitted_hosts,
)

HOSTS = ("api.kimi.com", "api.openai.com")

pytestmark = pytest.mark.smoke


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return ensure_authority(tmp_path_factory.mktemp("kimi") / "ca", HOSTS)


def handshake(authority: Authority, server_name: str, hosts: tuple[str, ...], ips: tuple[str, ...] = ()) -> None:
    """Serve a certificate for these names on loopback, connect to it as `server_name`; raise what the client raises."""
    certificate, key = issue_server_certificate(authority, hosts, ips)
    pem = authority.directory / "server.pem"
    pem.write_bytes(certificate + key)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(pem)
    trusting = ssl.create_default_context(cafile=str(authority.certificate_file))
    near, far = socket.socketpair()

    def serve() -> None:
        try:
            served.wrap_socket(far, server_side=True).close()
        except (ssl.SSLError, OSError):
            far.close()  # the client has refused; what it says is what the test looks at

    server = threading.Thread(target=serve)
    server.start()
    try:
        with near, trusting.wrap_socket(near, server_hostname=server_name):
            pass
    finally:
        near.close()
        server.join()


@pytest.mark.parametrize("host", [*HOSTS, "eu.api.kimi.com", "kimi.proxy"])
def test_a_permitted_host_is_accepted(authority: Authority, host: str) -> None:
    handshake(authority, host, (host,))


@pytest.mark.parametrize(
    ("server_name", "hosts", "ips"),
    [
        ("private.example.com", ("private.example.com",), ()),
        ("kimi.com", ("kimi.com",), ()),
        ("notapi.kimi.com", ("notapi.kimi.com",), ()),
        ("127.0.0.1", (), ("127.0.0.1",)),
        ("::1", (), ("::1",)),
        ("api.kimi.com", ("api.kimi.com", "private.example.com"), ()),
    ],
    ids=["foreign", "its parent", "similar ending", "IPv4", "IPv6", "foreign beside permitted"],
)
def test_anything_else_is_refused(
    authority: Authority, server_name: str, hosts: tuple[str, ...], ips: tuple[str, ...]
) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match=r"permitted subtree violation|excluded subtree violation"):
        handshake(authority, server_name, hosts, ips)


def test_an_ip_address_can_be_permitted_for_a_simulated_provider(tmp_path: Path) -> None:
    simulated = ensure_authority(tmp_path, ("localhost",), permitted_ips=("127.0.0.1",))
    handshake(simulated, "127.0.0.1", (), ("127.0.0.1",))
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(simulated, "127.0.0.2", (), ("127.0.0.2",))
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(simulated, "::1", (), ("::1",))


def test_it_may_sign_server_certificates_and_no_further_authority(authority: Authority) -> None:
    for certificate, path_length in ((authority.certificate, 1), (authority.issuer, 0)):
        extensions = certificate.extensions
        basic = extensions.get_extension_for_class(x509.BasicConstraints)
        assert basic.critical and basic.value == x509.BasicConstraints(ca=True, path_length=path_length)
        usage = extensions.get_extension_for_class(x509.KeyUsage)
        assert usage.critical and usage.value.key_cert_sign and not usage.value.digital_signature
        assert extensions.get_extension_for_class(x509.NameConstraints).critical


def test_the_key_of_what_clients_trust_is_nowhere(authority: Authority) -> None:
    assert authority.key.public_key() == authority.issuer.public_key() != authority.certificate.public_key()
    assert authority.key_file.read_bytes().count(b"PRIVATE KEY-----") == 2  # one key: its beginning and its end
    authority.issuer.verify_directly_issued_by(authority.certificate)


def test_only_the_owner_can_read_the_key(authority: Authority) -> None:
    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    assert mode(authority.directory) == 0o700
    assert mode(authority.key_file) == 0o600
    assert mode(authority.certificate_file) == 0o644


@pytest.mark.parametrize("mask", [0o000, 0o077], ids=oct)
def test_the_modes_do_not_depend_on_the_umask(tmp_path: Path, mask: int) -> None:
    previous = os.umask(mask)
    try:
        authority = ensure_authority(tmp_path / "ca", HOSTS)
    finally:
        os.umask(previous)
    assert stat.S_IMODE(authority.key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(authority.certificate_file.stat().st_mode) == 0o644


def test_one_that_exists_is_kept(tmp_path: Path) -> None:
    first = ensure_authority(tmp_path, HOSTS)
    again = ensure_authority(tmp_path, (*HOSTS, "api.new.example"))
    assert again.certificate == first.certificate
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mitmproxy-ca-cert.pem", "mitmproxy-ca.pem"]


def test_a_lost_certificate_file_is_written_again(tmp_path: Path) -> None:
    first = ensure_authority(tmp_path, HOSTS)
    content = first.certificate_file.read_bytes()
    first.certificate_file.unlink()
    assert ensure_authority(tmp_path, HOSTS).certificate_file.read_bytes() == content


def test_a_renewed_one_speaks_for_the_new_hosts_and_leaves_nothing_of_the_old(tmp_path: Path) -> None:
    first = ensure_authority(tmp_path, HOSTS)
    (tmp_path / "mitmproxy-ca.p12").write_bytes(b"the old one")
    renewed = ensure_authority(tmp_path, ("api.new.example",), renew=True)
    assert renewed.certificate != first.certificate
    assert permitted_hosts(renewed.certificate) == ("api.new.example", "kimi.proxy")
    assert load_authority(tmp_path).certificate == renewed.certificate
    assert x509.load_pem_x509_certificate(renewed.certificate_file.read_bytes()) == renewed.certificate
    assert not (tmp_path / "mitmproxy-ca.p12").exists()


def test_hosts_added_later_are_missing(authority: Authority) -> None:
    assert authority.missing((*HOSTS, "eu.api.kimi.com")) == ()
    assert authority.missing(("api.kimi.com", "api.new.example", "xapi.kimi.com")) == (
        "api.new.example",
        "xapi.kimi.com",
    )


def test_an_ordinary_mitmproxy_authority_is_kept_and_lacks_nothing(tmp_path: Path) -> None:
    CertStore.create_store(tmp_path, "mitmproxy", 2048)
    before = (tmp_path / "mitmproxy-ca.pem").read_bytes()
    authority = ensure_authority(tmp_path, HOSTS)
    assert permitted_hosts(authority.certificate) is None
    assert authority.missing(("anything.example",)) == ()
    assert (tmp_path / "mitmproxy-ca.pem").read_bytes() == before


def test_it_is_found_in_a_bundle(authority: Authority, tmp_path: Path) -> None:
    other = ensure_authority(tmp_path / "other", HOSTS)
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(other.certificate_file.read_bytes())
    assert not holds(bundle, authority.certificate)
    bundle.write_bytes(other.certificate_file.read_bytes() + authority.certificate_file.read_bytes())
    assert holds(bundle, authority.certificate)
    bundle.write_text("nonsense")
    assert not holds(bundle, authority.certificate)


def test_mitmproxy_takes_it_as_its_own(authority: Authority) -> None:
    store = CertStore.from_store(authority.directory, "mitmproxy", 2048)
    assert store.default_ca.to_pem() == authority.issuer.public_bytes(serialization.Encoding.PEM)
    assert store.default_chain_file == authority.key_file  # the root goes along in each handshake


def test_an_unreadable_key_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "mitmproxy-ca.pem").write_text("nonsense")
    with pytest.raises(UserError, match=r"mitmproxy-ca\.pem: expected a private key and a certificate"):
        ensure_authority(tmp_path, HOSTS)


def test_a_place_that_is_not_a_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="KIMI_HOME names another place"):
        ensure_authority(tmp_path / "file" / "ca", HOSTS)
