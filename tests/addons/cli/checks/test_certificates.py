"""The authority and who trusts it, in each state a person can meet."""

import os
from pathlib import Path

import pytest
from mitmproxy.certs import CertStore

from addons.cli.checks import certificates
from addons.cli.checks.finding import Finding, Level
from addons.domain import places
from addons.services import settings_files
from addons.services.authority import Authority, ensure_authority
from tests.addons.cli.checks.conftest import MakeSurroundings


def levels(findings: list[Finding]) -> list[Level]:
    return [finding.level for finding in findings]


@pytest.fixture
def authority() -> Authority:
    return ensure_authority(places.authority_dir(os.environ), settings_files.load(os.environ).hosts())


def test_none_yet_is_a_note(surroundings: MakeSurroundings) -> None:
    (finding,) = certificates.authority(surroundings())
    assert finding.level is Level.NOTE and "./just up" in finding.advice


def test_our_own_is_fine(surroundings: MakeSurroundings, authority: Authority) -> None:
    assert levels([*certificates.authority(surroundings())]) == [Level.FINE] * 3


def test_a_key_that_others_can_read_is_wrong(surroundings: MakeSurroundings, authority: Authority) -> None:
    authority.key_file.chmod(0o644)
    (wrong,) = (found for found in certificates.authority(surroundings()) if found.level is Level.WRONG)
    assert wrong.advice.startswith("chmod 600")


def test_hosts_added_since_are_named(surroundings: MakeSurroundings) -> None:
    ensure_authority(places.authority_dir(os.environ), ["api.kimi.com"])
    (*_, finding) = certificates.authority(surroundings())
    assert finding.level is Level.WRONG
    assert "api.mistral.ai" in finding.what and "api.kimi.com" not in finding.what
    assert "./just up --new-ca" in finding.advice


def test_one_of_mitmproxys_own_is_a_note(surroundings: MakeSurroundings) -> None:
    CertStore.create_store(places.authority_dir(os.environ), "mitmproxy", 2048)
    (*_, finding) = certificates.authority(surroundings())
    assert finding.level is Level.NOTE and "any host" in finding.what


def test_an_unreadable_one_is_wrong(surroundings: MakeSurroundings, authority: Authority) -> None:
    authority.key_file.write_text("nonsense")
    assert levels([*certificates.authority(surroundings())]) == [Level.WRONG]


def test_a_shell_without_the_variable_is_told_what_to_export(surroundings: MakeSurroundings) -> None:
    (finding,) = certificates.trust(surroundings(NODE_EXTRA_CA_CERTS=""))
    assert finding.level is Level.NOTE
    assert f'export NODE_EXTRA_CA_CERTS="{places.authority_certificate(os.environ)}"' in finding.advice


def test_a_bundle_with_our_certificate_is_fine(
    surroundings: MakeSurroundings, authority: Authority, tmp_path: Path
) -> None:
    other = ensure_authority(tmp_path / "other", ["api.kimi.com"])
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(other.certificate_file.read_bytes() + authority.certificate_file.read_bytes())
    (finding,) = certificates.trust(surroundings(NODE_EXTRA_CA_CERTS=str(bundle)))
    assert finding.level is Level.FINE


@pytest.mark.parametrize("content", [None, "another"], ids=["no such file", "another authority"])
def test_a_file_that_does_not_help_is_wrong(
    surroundings: MakeSurroundings, authority: Authority, tmp_path: Path, content: str | None
) -> None:
    bundle = tmp_path / "bundle.pem"
    if content:
        bundle.write_bytes(ensure_authority(tmp_path / "other", ["api.kimi.com"]).certificate_file.read_bytes())
    (finding,) = certificates.trust(surroundings(NODE_EXTRA_CA_CERTS=str(bundle)))
    assert finding.level is Level.WRONG and "export NODE_EXTRA_CA_CERTS" in finding.advice
