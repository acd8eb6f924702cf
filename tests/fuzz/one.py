"""One target as a fuzzer's process: `python -m tests.fuzz.one TARGET [libFuzzer's options] CORPUS`."""

import sys

import atheris

with atheris.instrument_imports(include=["addons"]):  # the branches of what is tested, not of what it is built on
    from tests.fuzz.targets import TARGETS

if __name__ == "__main__":
    name = sys.argv.pop(1)
    atheris.Setup(sys.argv, TARGETS[name])
    atheris.Fuzz()
