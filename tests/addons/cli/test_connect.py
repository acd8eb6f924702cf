"""What the terminal says about pointing a client at us."""

from pathlib import Path

from addons.cli.connect import instructions
from addons.cli.programs import Ports


def test_both_ways_name_the_ports_in_use_and_the_certificate() -> None:
    text = instructions(Ports(proxy=1111, gateway=2222), Path("/home/me/my ca/cert.pem"), ("kimi-code", "groq"))
    assert "apiBase: http://127.0.0.1:2222/kimi-code" in text
    assert "In place of kimi-code: groq." in text
    assert "export HTTPS_PROXY=http://127.0.0.1:1111" in text
    assert 'export NODE_EXTRA_CA_CERTS="/home/me/my ca/cert.pem"' in text


def test_a_single_provider_has_no_others() -> None:
    assert "In place of" not in instructions(Ports(), Path("/cert.pem"), ("kimi-code",))
