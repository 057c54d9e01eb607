"""The lock, the Makefile and the README agree with one another and hold nothing of one machine."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_lock_holds_no_address_and_no_path() -> None:
    assert re.findall(r"\S*(?:://|file:|@ |^/|^-)\S*", LOCK, re.MULTILINE) == []


def test_every_locked_version_has_hashes() -> None:
    entries = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) > 100
    assert [entry.split()[0] for entry in entries if not re.match(r"[a-z0-9._-]+==\S+ .*\\\n    --hash=sha256:[0-9a-f]{64}", entry)] == []


def test_the_lock_has_every_dependency_of_the_project_and_its_build_backend() -> None:
    locked = set(re.findall(r"^([a-z0-9._-]+)==", LOCK, re.MULTILINE))
    asked = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
    asked += [line for extra in PROJECT["project"]["optional-dependencies"].values() for line in extra]
    names = {re.split(r"[\[=<>]", line)[0].lower().replace("_", "-") for line in asked}
    assert names - locked == set()


def test_exact_pins_of_the_project_are_those_of_the_lock() -> None:
    pins = [line for extra in PROJECT["project"]["optional-dependencies"].values() for line in extra if "==" in line.partition(";")[0]]
    assert pins
    assert [pin for pin in pins if not re.search(rf"^{re.escape(pin)} ", LOCK, re.MULTILINE)] == []


def test_targets_named_in_the_texts_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for name in ("README.md", "CONTRIBUTING.md", ".ci/run"):
        named = re.findall(r"(?:`|part \S+ |^ *)make ([a-z]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
        assert named, name
        assert set(named) - targets == set(), name
