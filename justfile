# `./just` needs nothing but Python; with `just` installed, plain `just` does the same.

set positional-arguments

venv := env("KIMI_VENV", ".venv")
python := (if venv =~ '^/' { venv } else { justfile_directory() / venv }) / "bin" / "python"
compile := "uv pip compile --quiet --universal --python-version 3.11 --generate-hashes"

# Everything that must hold before a commit; CI runs the same.
default: check

# Start the proxy, the gateway and the dashboard; stop them with Ctrl-C.
[group('use')]
[no-exit-message]
up *options: _run
    @exec "{{ python }}" -m addons.cli up "$@"

# Like `up`, with a simulated provider and a scripted session: every page filled, no key needed.
[group('use')]
[no-exit-message]
demo *options: _run
    @exec "{{ python }}" -m addons.cli demo "$@"

# Check the set-up end to end and say what to do.
[group('use')]
[no-exit-message]
doctor *options: _run
    @exec "{{ python }}" -m addons.cli doctor "$@"

# Print the recorded completions as CSV or JSON, or a report on a session.
[group('use')]
[no-exit-message]
export *options: _run
    @exec "{{ python }}" -m addons.cli export "$@"

# List the recorded sessions; `--rename ID NAME`, `--merge ID OTHER`, `--delete ID` … change them.
[group('use')]
[no-exit-message]
sessions *options: _run
    @exec "{{ python }}" -m addons.cli sessions "$@"

# Print an original that was taken out of a request: `./just show DIGEST --lines 40-80 --grep RE`.
[group('use')]
[no-exit-message]
show *options: _run
    @exec "{{ python }}" -m addons.cli show "$@"

# Summarise a session's older exchanges: `./just compress SESSION --dry-run` shows what would happen.
[group('use')]
[no-exit-message]
compress *options: _run
    @exec "{{ python }}" -m addons.cli compress "$@"

# Take over the records of a predecessor's sessions.db: `./just import-legacy FILE [--dry-run]`.
[group('use')]
[no-exit-message]
import-legacy *options: _run
    @exec "{{ python }}" -m addons.cli import-legacy "$@"

# Serve originals to the model: an MCP server on standard input and output, started by the IDE.
[group('use')]
[no-exit-message]
mcp: _run
    @exec "{{ python }}" -m addons.cli mcp

# Show each model's prices, their source and their age.
[group('use')]
[no-exit-message]
prices *options: _run
    @exec "{{ python }}" -m addons.cli prices "$@"

# Copy the store into one file, also while the proxy runs: `./just backup [FILE] [--with-ca]`.
[group('use')]
[no-exit-message]
backup *options: _run
    @exec "{{ python }}" -m addons.cli backup "$@"

# Put a backup in the store's place, and keep what was there: `./just restore FILE [--dry-run]`.
[group('use')]
[no-exit-message]
restore *options: _run
    @exec "{{ python }}" -m addons.cli restore "$@"

# Remove the certificate authority and the logs, with `--data` the records too; say what is left to take out by hand.
[group('use')]
[no-exit-message]
uninstall *options: _run
    @exec "{{ python }}" -m addons.cli uninstall "$@"

# Send a test to every channel of `alerts.urls`.
[group('use')]
[no-exit-message]
alert-test *options: _run
    @exec "{{ python }}" -m addons.cli alert-test "$@"

# Start the proxy and the gateway alone.
[group('use')]
[no-exit-message]
proxy *options: _run
    @exec "{{ python }}" -m addons.cli up --only proxy "$@"

# Start the dashboard alone; takes Streamlit's own options.
[group('use')]
[no-exit-message]
dashboard *options: _run
    @PYTHONPATH="{{ justfile_directory() }}" exec "{{ python }}" -m streamlit run dashboard/app.py "$@"

# Start everything again whenever a source file changes.
[group('develop')]
[no-exit-message]
dev *options: _run
    @exec "{{ parent_directory(python) }}/watchmedo" auto-restart --directory addons --directory db --directory dashboard --pattern '*.py' --recursive --signal SIGTERM -- "{{ python }}" -m addons.cli up "$@"

# Run the whole test suite, or the part that the arguments name.
[group('develop')]
test *args: _dev
    @exec "{{ python }}" -m pytest "$@"

# Run the tests that also run on the oldest Python supported.
[group('develop')]
smoke *args: _dev
    @exec "{{ python }}" -m pytest -m smoke "$@"

# Check format, lint, types, generated documentation, tests: what CI runs.
[group('develop')]
check: _dev
    "{{ python }}" -m ruff format --check .
    "{{ python }}" -m ruff check .
    "{{ python }}" -m mypy
    "{{ python }}" -m addons.cli docs --check
    "{{ python }}" -m tests.side_by_side

# Put right what a tool can put right.
[group('develop')]
fix: _dev
    "{{ python }}" -m ruff check --fix .
    "{{ python }}" -m ruff format .
    "{{ python }}" -m addons.cli docs

# Write the generated parts of README.md and README.fr.md.
[group('develop')]
docs: _run
    @exec "{{ python }}" -m addons.cli docs

# Bring the catalogues of the dashboard's languages up to date, and say what has no translation.
[group('develop')]
translate: _run
    @exec "{{ python }}" -m addons.cli translate

# Photograph the demo for README.md: docs/images.
[group('develop')]
screenshots: _dev
    @exec "{{ python }}" -m tests.browser.pictures

# Measure overhead, tokens and cost saved, beside bare mitmdump.
[group('develop')]
bench *options: _dev
    @exec "{{ python }}" -m tests.bench "$@"

# Try what may go wrong around the real proxy, many times, and print what was lost: `./just faults [WORD …] [--rounds N]`.
[group('develop')]
[no-exit-message]
faults *options: _dev
    @exec "{{ python }}" -m tests.faults "$@"

# Send 20,000 requests, or streams for `--minutes`, and print whether anything grows, drops or leaks.
[group('develop')]
[no-exit-message]
soak *options: _dev
    @exec "{{ python }}" -m tests.soak "$@"

# Feed foreign bytes to everything that reads them, for a minute each: needs atheris (`pip install atheris`).
[group('develop')]
[no-exit-message]
fuzz *options: _dev
    @exec "{{ python }}" -m tests.fuzz "$@"

# Look for known vulnerabilities in the pinned packages, with pip-audit in an environment of its own; needs the network.
[group('develop')]
[no-exit-message]
audit *options: _run
    @exec "{{ python }}" -m addons.cli audit "$@"

# Pin what requirements*.txt ask for; `--upgrade` takes the newest releases they allow.
[group('develop')]
lock *options: _run
    "{{ python }}" -m pip install --quiet --disable-pip-version-check uv
    "{{ python }}" -m {{ compile }} -o requirements-dev.lock requirements-dev.txt "$@"
    "{{ python }}" -m {{ compile }} -o requirements.lock requirements.txt -c requirements-dev.lock "$@"

_run:
    @"{{ justfile_directory() }}/just" --set-up

_dev:
    @"{{ justfile_directory() }}/just" --set-up dev
