"""Where this project and Continue keep their files. The environment is an argument; nothing is opened here."""

from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The checkout."""
SIMULATOR_PORT = "KIMI_SIMULATOR_PORT"
"""Set where providers are simulated; `simulator.redirect`, which is loaded on its own, names it too."""


def home(environ: Mapping[str, str]) -> Path:
    """KIMI_HOME, else ~/.kimi-proxy: the certificate authority, tokens, and the person's own providers.toml."""
    return Path(environ.get("KIMI_HOME") or Path(environ.get("HOME", "~")).expanduser() / ".kimi-proxy").expanduser()


def authority_dir(environ: Mapping[str, str]) -> Path:
    """mitmproxy's confdir: mitmproxy-ca.pem (key and certificate, 0600), mitmproxy-ca-cert.pem (what clients trust)."""
    return home(environ) / "ca"


def authority_certificate(environ: Mapping[str, str]) -> Path:
    return authority_dir(environ) / "mitmproxy-ca-cert.pem"


def log_dir(environ: Mapping[str, str]) -> Path:
    """The proxy's log files, 0600: proxy-PORT.jsonl."""
    return home(environ) / "log"


def provider_files(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """KIMI_PROVIDERS (else the project's providers.toml), then the person's own file, merged over it if it exists."""
    return (
        Path(environ.get("KIMI_PROVIDERS") or ROOT / "providers.toml").expanduser(),
        home(environ) / "providers.toml",
    )


def database_url(environ: Mapping[str, str]) -> str:
    """KIMI_DATABASE_URL, else sessions.db in the checkout; an SQLAlchemy URL."""
    return environ.get("KIMI_DATABASE_URL") or f"sqlite:///{ROOT / 'sessions.db'}"


def continue_dir(environ: Mapping[str, str]) -> Path:
    """Continue's own folder: CONTINUE_GLOBAL_DIR, else ~/.continue."""
    default = Path(environ.get("HOME", "~")).expanduser() / ".continue"
    return Path(environ.get("CONTINUE_GLOBAL_DIR") or default).expanduser()


def is_simulated(environ: Mapping[str, str]) -> bool:
    """Whether the providers are simulated, as in `./just demo`: what is recorded cost nothing and nobody said it."""
    return SIMULATOR_PORT in environ
