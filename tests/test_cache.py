import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bpdocs import cache as module
from bpdocs.cache import Cache, digest, package_digest


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cache:
    monkeypatch.setenv("BPDOCS_CACHE", str(tmp_path))
    return Cache("tests")


def entries(cache: Cache) -> list[Path]:
    return [path for path in cache.root.rglob("*") if path.is_file() and path.name != ".gitignore"]


@pytest.mark.parametrize("value", [b"", b"x", bytes(range(256)) * 100])
def test_what_is_put_is_got(cache: Cache, value: bytes) -> None:
    assert cache.get("key") is None
    cache.put("key", value)
    assert cache.get("key") == value
    assert Cache("tests").get("key") == value
    assert Cache("others").get("key") is None


def test_a_key_may_be_any_text(cache: Cache) -> None:
    for key in ("../../up", "a/b", "", "한글", "x" * 5000, "\udc80"):
        cache.put(key, key.encode("utf-8", "surrogatepass"))
        assert cache.get(key) == key.encode("utf-8", "surrogatepass")
    assert all(cache.root in path.parents for path in entries(cache))


def test_the_last_value_counts(cache: Cache) -> None:
    cache.put("key", b"old")
    cache.put("key", b"new")
    assert cache.get("key") == b"new"


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b"", lambda b: b"\0" * len(b), lambda b: b + b"x", lambda b: b[:40]])
def test_a_damaged_entry_is_no_entry(cache: Cache, damage: object) -> None:
    cache.put("key", b"value " * 10)
    (path,) = entries(cache)
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert cache.get("key") is None
    cache.put("key", b"again")
    assert cache.get("key") == b"again"


def test_the_default_place_is_the_current_folder_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BPDOCS_CACHE", raising=False)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    cache = Cache("tests")
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert not (tmp_path / ".cache").exists()
    cache.put("key", b"value")
    assert cache.root == tmp_path / ".cache" / "bpdocs" / "tests"
    assert (cache.root / ".gitignore").read_text() == "*\n"
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_place_that_cannot_be_written_is_only_slower(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BPDOCS_CACHE", str(tmp_path / "file"))
    cache = Cache("tests")
    cache.put("key", b"value")
    assert cache.get("key") is None


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError("disk full")])
def test_an_interrupted_write_leaves_the_old_value_and_no_rest(cache: Cache, monkeypatch: pytest.MonkeyPatch, interruption: BaseException) -> None:
    cache.put("key", b"old")

    def fail(*_: object) -> None:
        raise interruption

    monkeypatch.setattr(Path, "replace", fail)
    if isinstance(interruption, OSError):
        cache.put("key", b"new")
    else:
        with pytest.raises(KeyboardInterrupt):
            cache.put("key", b"new")
    assert cache.get("key") == b"old"
    assert len(entries(cache)) == 1


def test_the_store_stays_within_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPDOCS_CACHE", str(tmp_path))
    cache = Cache("tests", limit=100_000)
    for number in range(50):
        cache.put(str(number), b"v" * 5000)
        assert sum(path.stat().st_size for path in entries(cache)) <= 100_000 + 100_000 // 16 + 10_000
    assert cache.get("49") is not None
    assert 10 <= len(entries(cache)) <= 20


def test_what_is_used_is_kept_and_what_is_not_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPDOCS_CACHE", str(tmp_path))
    full = Cache("tests")
    for number in range(10):
        full.put(str(number), b"v" * 5000)
    for path in entries(full):
        os.utime(path, (1000, 1000))
    assert full.get("3") is not None
    Cache("tests", limit=20_000).put("new", b"v" * 5000)
    assert full.get("3") is not None
    assert full.get("new") is not None
    assert len(entries(full)) == 2


def test_a_full_store_of_an_earlier_run_is_pruned_by_the_first_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPDOCS_CACHE", str(tmp_path))
    big = Cache("tests")
    for number in range(10):
        big.put(str(number), b"v" * 1000)
    small = Cache("tests", limit=5000)
    small.put("new", b"w" * 1000)
    assert sum(path.stat().st_size for path in entries(small)) <= 5000
    assert small.get("new") == b"w" * 1000


def test_pruning_looks_at_the_folder_seldom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPDOCS_CACHE", str(tmp_path))
    looks = []
    monkeypatch.setattr(module, "_prune", lambda root, limit: looks.append(root))
    cache = Cache("tests", limit=160_000)
    for number in range(100):
        cache.put(str(number), b"v" * 968)
    assert 5 <= len(looks) <= 12


WRITER = """
import sys
from bpdocs.cache import Cache
cache = Cache("tests", limit=400_000)
number = 0
while True:
    number += 1
    cache.put(str(number % 20), bytes([number % 256]) * 20_000)
    value = cache.get(str(number % 7))
    assert value is None or (len(value) == 20_000 and len(set(value)) == 1), "a torn value"
    if number == 20:
        print("running", flush=True)
"""


def test_two_processes_and_an_interruption_never_show_a_torn_value(cache: Cache, tmp_path: Path) -> None:
    environment = {**os.environ, "BPDOCS_CACHE": str(tmp_path)}
    writers = [subprocess.Popen([sys.executable, "-c", WRITER], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    try:
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"running\n"
        end = time.monotonic() + 1
        seen = 0
        while time.monotonic() < end:
            value = cache.get(str(seen % 20))
            seen += 1
            assert value is None or (len(value) == 20_000 and len(set(value)) == 1)
        assert seen > 20
        assert [writer.poll() for writer in writers] == [None, None]
    finally:
        for writer in writers:
            writer.send_signal(signal.SIGINT)
        errors = [writer.communicate(timeout=30)[1] for writer in writers]
    assert all(b"KeyboardInterrupt" in error for error in errors), errors


def test_a_digest_tells_the_parts_apart() -> None:
    same = digest("ab", b"c")
    assert same == digest(b"ab", "c")
    assert len({same, digest("a", "bc"), digest("abc"), digest("ab", "c", ""), digest("", "ab", "c"), digest()}) == 6


def test_the_package_digest_follows_every_source_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def digest_of(files: dict[str, str]) -> str:
        for path in tmp_path.rglob("*.py"):
            path.unlink()
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text)
        monkeypatch.setattr(module, "__file__", str(tmp_path / "cache.py"))
        package_digest.cache_clear()
        return package_digest()

    try:
        first = digest_of({"a.py": "1", "deep/b.py": "2"})
        assert first == digest_of({"a.py": "1", "deep/b.py": "2", "notes.txt": "3"})
        assert first != digest_of({"a.py": "1", "deep/b.py": "3"})
        assert first != digest_of({"a.py": "1", "deep/c.py": "2"})
        assert first != digest_of({"a.py": "1"})
        monkeypatch.setattr(module.metadata, "version", lambda name: "0")
        assert first != digest_of({"a.py": "1", "deep/b.py": "2"})
    finally:
        package_digest.cache_clear()
